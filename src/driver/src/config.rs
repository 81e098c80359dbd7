//! `wfc.toml`: a project's own settings.

use std::collections::BTreeMap;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use wfc_cir::MachineType;
use wfc_source::Limits;

use crate::{Level, Settings};

/// The name of the file, looked for from a checked file's folder upward.
pub const FILE_NAME: &str = "wfc.toml";

/// The content of a `wfc.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "wfc.toml", deny_unknown_fields)]
pub struct Config {
    /// What `wfc check` reports.
    pub check: CheckConfig,
    /// Values for the placeholders `${name}` of a machine.
    pub substitutions: BTreeMap<String, String>,
    /// Bounds on what a file may ask of the machine.
    pub limits: LimitsConfig,
}

/// What `wfc check` reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CheckConfig {
    /// If not empty: only these rules are reported.
    pub select: Vec<String>,
    /// These rules are not reported.
    pub ignore: Vec<String>,
    /// Rules with another level than their own: `error`, `warning`, `info` or `off`.
    pub levels: BTreeMap<String, Level>,
    /// Findings in this file are known and not reported; relative to the `wfc.toml`.
    pub baseline: Option<String>,
    /// The kind of machine the files are for: `standard` or `express`.
    #[serde(rename = "type")]
    pub machine_type: Option<MachineTypeName>,
    /// Files and folders that are not looked at when a folder is checked, as in `.gitignore`.
    pub exclude: Vec<String>,
}

/// The kind of machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MachineTypeName {
    /// Long-running, exactly-once.
    Standard,
    /// Short-lived, at-least-once.
    Express,
}

/// Bounds on what a file may ask of the machine; absent ones keep their default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct LimitsConfig {
    /// Bytes of a file.
    pub max_bytes: Option<u64>,
    /// Levels of nested arrays and objects.
    pub max_depth: Option<u32>,
    /// Values in a file, after aliases are expanded.
    pub max_nodes: Option<u32>,
    /// Syntax errors before reading stops.
    pub max_errors: Option<u32>,
}

/// Why a `wfc.toml` cannot be used, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What is wrong.
    pub message: String,
    /// The bytes that are wrong, where they are known.
    pub span: Option<Range<usize>>,
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the text of a `wfc.toml`; unknown keys and unknown rules are refused.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config: Config = toml::from_str(text)
            .map_err(|error| ConfigError { message: error.message().to_owned(), span: error.span() })?;
        config.settings().verify().map_err(|unknown| {
            let quoted = [format!("\"{}\"", unknown.name), unknown.name.clone()];
            let span = quoted.iter().find_map(|name| text.find(name).map(|at| at..at + name.len()));
            ConfigError { message: unknown.to_string(), span }
        })?;
        Ok(config)
    }

    /// Which findings are shown.
    pub fn settings(&self) -> Settings {
        let CheckConfig { select, ignore, levels, .. } = self.check.clone();
        Settings { select, ignore, levels }
    }

    /// The JSON Schema of the file.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Config).to_value()
    }
}

impl LimitsConfig {
    /// `limits` with what this sets.
    pub fn over(&self, limits: Limits) -> Limits {
        Limits {
            max_bytes: self.max_bytes.unwrap_or(limits.max_bytes),
            max_depth: self.max_depth.unwrap_or(limits.max_depth),
            max_nodes: self.max_nodes.unwrap_or(limits.max_nodes),
            max_errors: self.max_errors.unwrap_or(limits.max_errors),
        }
    }
}

impl From<MachineTypeName> for MachineType {
    fn from(name: MachineTypeName) -> Self {
        match name {
            MachineTypeName::Standard => MachineType::Standard,
            MachineTypeName::Express => MachineType::Express,
        }
    }
}
