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
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "wfc.toml", deny_unknown_fields)]
pub struct Config {
    /// What `wfc check` reports.
    pub check: CheckConfig,
    /// Values for the placeholders `${name}` of a machine.
    pub substitutions: BTreeMap<String, String>,
    /// Bounds on what a file may ask of the machine.
    pub limits: LimitsConfig,
    /// Who answers which task: a command, a Lambda handler, an HTTP endpoint, a fixed result or error, a question. A key
    /// is a Resource, the name or ARN of a Lambda function, or `state:` and the name of a state; `*` and `?` in it are
    /// wildcards. As in `charge = { command = ["python3", "charge.py"], timeout = 30 }`.
    #[cfg(feature = "run")]
    pub tasks: wfc_run_tokio::work::Tasks,
    /// The same, where nothing is run.
    #[cfg(not(feature = "run"))]
    #[schemars(skip)]
    tasks: serde::de::IgnoredAny,
    /// Files of the machines that tasks start: by name, ARN or pattern. As in `child = "child.asl.json"`.
    pub machines: BTreeMap<String, String>,
    /// Folders that stand for buckets. As in `my-bucket = "data/my-bucket"`.
    pub s3: BTreeMap<String, String>,
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

    /// Who answers tasks, as this file says; relative paths in it are relative to `folder`, where the file is.
    #[cfg(feature = "run")]
    pub fn router(&self, folder: &std::path::Path) -> wfc_run_tokio::work::Router {
        use wfc_run_tokio::work::{Buckets, Router};
        Router::new(folder)
            .with_tasks(self.tasks.clone())
            .with_machines(&self.machines)
            .with_buckets(Buckets::new(folder, &self.s3))
    }

    /// The folders that stand for buckets, as what Map states read items from and write results to.
    #[cfg(feature = "run")]
    pub fn store(&self, folder: &std::path::Path) -> std::sync::Arc<dyn wfc_run_tokio::items::Store> {
        std::sync::Arc::new(wfc_run_tokio::work::Buckets::new(folder, &self.s3).store())
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

#[cfg(test)]
mod tests {
    use super::Config;

    const TASKS: &str = r#"
        [tasks]
        "charge" = { command = ["python3", "charge.py"], timeout = 30, env = { TOKEN = "t" } }
        "arn:aws:states:::sqs:sendMessage" = { http = "http://localhost:9324/queue" }
        "state:Approve" = { ask = "Approve?" }

        [machines]
        "child" = "child.asl.json"

        [s3]
        "my-bucket" = "data/my-bucket"
    "#;

    #[test]
    fn tasks_machines_and_buckets_are_read() {
        let config = Config::parse(TASKS).unwrap();
        assert_eq!((config.machines.len(), config.s3.len()), (1, 1));
    }

    #[cfg(feature = "run")]
    #[test]
    fn mistakes_in_tasks_have_a_place() {
        let text = TASKS.replace("http =", "command = \"a\", http =");
        let error = Config::parse(&text).unwrap_err();
        assert_eq!(error.message, "`command` and `http` exclude each other");
        assert!(text[error.span.unwrap()].starts_with("{ command"));
        let schema = Config::json_schema().to_string();
        assert!(schema.contains("TaskMapping") && schema.contains("exit-codes"));
    }
}
