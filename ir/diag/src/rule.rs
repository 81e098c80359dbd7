//! The identity of a kind of finding: name, default severity, page.

use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Certain: the program is refused, or fails whenever it gets there.
    Error,
    /// Likely a mistake, or certain on some way only.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The lower-case word users see.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// Which programs a rule can speak about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Any text the tool reads (JSON, YAML, TOML syntax; embedded expressions).
    Syntax,
    /// Every dialect, through CIR.
    Any,
    /// One front end, by its name.
    Dialect(&'static str),
    /// The tool itself: configuration and command line.
    Tool,
}

/// A kind of finding. One `const` per file, beside it the page as Markdown.
#[derive(Debug)]
pub struct Rule {
    /// Stable kebab-case name: the identity in output, configuration and documentation.
    pub name: &'static str,
    /// Severity unless the user changes it.
    pub severity: Severity,
    /// Whether the dialect's owner refuses such a program at creation. Only these findings stop `run`.
    pub blocking: bool,
    /// Which programs it speaks about.
    pub scope: Scope,
    /// One line for lists.
    pub summary: &'static str,
    /// The page `wfc explain` prints: what, why, a bad and a good example.
    pub page: &'static str,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}
