//! Options that several verbs share: which language, which values, which findings, which limits.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use wfc_driver::{front_named, LowerOptions, MachineType, Session, FRONTS};
use wfc_source::Limits;

use super::config::{Configs, Found};
use super::{files, Failure};

/// How files are read.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReadOptions {
    /// The language of the files, if neither name nor content says it
    #[arg(long, value_name = "LANGUAGE")]
    front: Option<String>,

    /// The kind of state machine
    #[arg(long = "type", value_enum, value_name = "KIND")]
    machine_type: Option<Kind>,

    /// A value for the placeholder `${NAME}`
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,

    /// A JSON file with values for placeholders
    #[arg(long, value_name = "FILE")]
    set_file: Option<String>,

    /// Use this wfc.toml instead of the nearest one
    #[arg(long, value_name = "FILE")]
    config: Option<String>,

    /// Use no wfc.toml
    #[arg(long, conflicts_with = "config")]
    isolated: bool,

    /// A limit on the input: max-bytes, max-depth, max-nodes, max-errors
    #[arg(long = "limit", value_name = "NAME=NUMBER")]
    limit: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Long-running
    Standard,
    /// Short-lived
    Express,
}

/// What the options come to, before a file's own configuration is added.
#[derive(Debug)]
pub(crate) struct Reading {
    configs: Configs,
    front: Option<&'static wfc_driver::Front>,
    machine_type: Option<MachineType>,
    set: BTreeMap<String, String>,
    limits: Vec<(String, u64)>,
}

impl ReadOptions {
    /// Reads the files the options name.
    pub(crate) fn resolve(&self) -> Result<Reading, Failure> {
        let front = self.front.as_deref().map(named_front).transpose()?;
        let machine_type = self.machine_type.map(|kind| match kind {
            Kind::Standard => MachineType::Standard,
            Kind::Express => MachineType::Express,
        });
        let mut set = self.set_file.as_deref().map(read_values).transpose()?.unwrap_or_default();
        for pair in &self.set {
            let (name, value) = split_pair(pair, "--set")?;
            set.insert(name.to_owned(), value.to_owned());
        }
        let limits = self.limit.iter().map(|pair| limit_pair(pair)).collect::<Result<_, _>>()?;
        let configs = Configs::new(self.config.as_deref(), self.isolated)?;
        Ok(Reading { configs, front, machine_type, set, limits })
    }
}

impl Reading {
    /// Prepares the session for a file: configuration first, command line over it.
    pub(crate) fn prepare(&mut self, session: &mut Session, file: &str) -> Result<std::rc::Rc<Found>, Failure> {
        let found = self.configs.for_file(file)?;
        let config = &found.config;
        session.front = self.front;
        session.limits = self.limits_over(config.limits.over(Limits::default()));
        session.settings = config.settings();
        let mut substitutions = config.substitutions.clone();
        substitutions.extend(self.set.clone());
        let machine_type = self.machine_type.or(config.check.machine_type.map(Into::into)).unwrap_or_default();
        session.options = LowerOptions { machine_type, substitutions };
        Ok(found)
    }

    fn limits_over(&self, mut limits: Limits) -> Limits {
        for (name, value) in &self.limits {
            let small = u32::try_from(*value).unwrap_or(u32::MAX);
            match name.as_str() {
                "max-bytes" => limits.max_bytes = (*value).min(u64::from(u32::MAX - 1)),
                "max-depth" => limits.max_depth = small,
                "max-nodes" => limits.max_nodes = small.min(u32::MAX - 1),
                _ => limits.max_errors = small.max(1),
            }
        }
        limits
    }
}

/// Splits `NAME=VALUE`.
pub(crate) fn split_pair<'a>(pair: &'a str, option: &str) -> Result<(&'a str, &'a str), Failure> {
    pair.split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| Failure::usage(format!("{option} wants NAME=VALUE, not `{pair}`")))
}

fn named_front(name: &str) -> Result<&'static wfc_driver::Front, Failure> {
    front_named(name).ok_or_else(|| {
        let names: Vec<_> = FRONTS.iter().map(|front| front.name).collect();
        Failure::usage(format!("there is no language called `{name}`")).help(format!("languages: {}", names.join(", ")))
    })
}

fn limit_pair(pair: &str) -> Result<(String, u64), Failure> {
    const NAMES: [&str; 4] = ["max-bytes", "max-depth", "max-nodes", "max-errors"];
    let (name, value) = split_pair(pair, "--limit")?;
    if !NAMES.contains(&name) {
        return Err(Failure::usage(format!("there is no limit called `{name}`")).help(NAMES.join(", ")));
    }
    let value = value.parse().map_err(|_| Failure::usage(format!("--limit {name} wants a number, not `{value}`")))?;
    Ok((name.to_owned(), value))
}

fn read_values(path: &str) -> Result<BTreeMap<String, String>, Failure> {
    let bytes = files::read_path(path, 64 << 20)?;
    let json: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| Failure::usage(format!("{path} is not JSON: {error}")))?;
    let object = json.as_object().ok_or_else(|| Failure::usage(format!("{path} holds no JSON object")))?;
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(object.iter().map(|(name, value)| (name.clone(), text(value))).collect())
}
