//! A baseline: the findings of old code that are known and accepted, so that only new ones are shown.
//!
//! A finding is recognised by its file, its rule and the text it points at, not by its line: code above may grow.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wfc_diag::Diagnostic;
use wfc_source::SourceMap;

/// The version of the file format.
const VERSION: u32 = 1;

/// Known findings with how often each occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    findings: BTreeMap<String, BTreeMap<String, u32>>,
}

/// Why a baseline file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaselineError {
    /// It is no baseline.
    Malformed(String),
    /// It was written by another version of the tool.
    Version(u32),
}

impl std::fmt::Display for BaselineError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BaselineError::Malformed(why) => write!(f, "it is not a baseline: {why}"),
            BaselineError::Version(found) => {
                write!(f, "it has format version {found}, and this program reads version {VERSION}")
            }
        }
    }
}

impl std::error::Error for BaselineError {}

impl Baseline {
    /// The baseline that accepts exactly these findings.
    pub fn of(diagnostics: &[Diagnostic], sources: &SourceMap) -> Self {
        let mut findings: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
        for diagnostic in diagnostics {
            let (file, print) = fingerprint(diagnostic, sources);
            *findings.entry(file).or_default().entry(print).or_default() += 1;
        }
        Self { version: VERSION, findings }
    }

    /// Reads the text of a baseline file.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let baseline: Baseline =
            serde_json::from_str(text).map_err(|error| BaselineError::Malformed(error.to_string()))?;
        if baseline.version == VERSION {
            Ok(baseline)
        } else {
            Err(BaselineError::Version(baseline.version))
        }
    }

    /// The text of the baseline file.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// How many findings it accepts.
    pub fn len(&self) -> usize {
        self.findings.values().flat_map(BTreeMap::values).map(|&n| n as usize).sum()
    }

    /// Whether it accepts nothing.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The findings it does not accept.
    pub fn filter(&self, diagnostics: Vec<Diagnostic>, sources: &SourceMap) -> Vec<Diagnostic> {
        let mut left = self.findings.clone();
        let mut known = |diagnostic: &Diagnostic| {
            let (file, print) = fingerprint(diagnostic, sources);
            match left.get_mut(&file).and_then(|prints| prints.get_mut(&print)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    true
                }
                _ => false,
            }
        };
        diagnostics.into_iter().filter(|d| !known(d)).collect()
    }
}

fn fingerprint(diagnostic: &Diagnostic, sources: &SourceMap) -> (String, String) {
    let span = diagnostic.primary.span;
    let file = sources.file(span.file);
    let excerpt = file.and_then(|f| f.text().get(span.range())).unwrap_or("");
    let shown: String = excerpt.chars().filter(|c| !c.is_whitespace()).take(80).collect();
    let name = file.map_or_else(String::new, |f| f.name().replace('\\', "/"));
    (name, format!("{}: {} [{shown}]", diagnostic.rule.name, diagnostic.message))
}
