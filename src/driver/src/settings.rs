//! Which findings are shown and how bad they are, as the user decides.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use wfc_diag::{Diagnostic, Severity};

use crate::explain;

/// The level a user gives to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Report as an error.
    Error,
    /// Report as a warning.
    Warning,
    /// Report as information.
    Info,
    /// Do not report.
    Off,
}

/// Which findings are shown and how bad they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// If not empty: only these rules are shown.
    pub select: Vec<String>,
    /// These rules are not shown.
    pub ignore: Vec<String>,
    /// Rules with another level than their own.
    pub levels: BTreeMap<String, Level>,
}

/// A setting names a rule that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// The name as given.
    pub name: String,
    /// A rule with a similar name.
    pub nearest: Option<&'static str>,
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no rule called `{}`", self.name)?;
        match self.nearest {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => write!(f, "; `wfc explain --list` prints all names"),
        }
    }
}

impl std::error::Error for UnknownRule {}

impl Settings {
    /// Refuses names of rules that do not exist.
    pub fn verify(&self) -> Result<(), UnknownRule> {
        let names = self.select.iter().chain(&self.ignore).chain(self.levels.keys());
        match names.into_iter().find(|name| explain::rule(name).is_none()) {
            None => Ok(()),
            Some(name) => Err(UnknownRule { name: name.clone(), nearest: explain::nearest_rule(name) }),
        }
    }

    /// The finding as the user wants to see it, if at all.
    pub fn apply(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        let name = diagnostic.rule.name;
        let named = |list: &[String]| list.iter().any(|entry| entry == name);
        if named(&self.ignore) || !(self.select.is_empty() || named(&self.select)) {
            return None;
        }
        match self.levels.get(name) {
            Some(Level::Off) => return None,
            Some(Level::Error) => diagnostic.severity = Severity::Error,
            Some(Level::Warning) => diagnostic.severity = Severity::Warning,
            Some(Level::Info) => diagnostic.severity = Severity::Info,
            None => {}
        }
        Some(diagnostic)
    }
}
