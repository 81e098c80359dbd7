//! Deliberate differences: cases whose recorded answer is not the one wanted, each with the reason.

use std::cell::Cell;
use std::fs;

use serde::Deserialize;

use crate::{files, Case, Outcome};

/// The rules of one suite.
#[derive(Debug, Default)]
pub struct Rules {
    rules: Vec<(Rule, Cell<usize>)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    #[serde(default)]
    rule: Vec<Rule>,
}

/// One rule: which cases it is about, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// Patterns of the names of the cases; `*` stands for any text. A case without a name is not meant.
    cases: Vec<String>,
    /// If any: patterns of the text the case is about, one of which must match too.
    #[serde(default)]
    subjects: Vec<String>,
    /// Why the difference is wanted.
    reason: String,
}

impl Rules {
    /// The rules kept for a suite; none if there is no file of them.
    pub fn of(suite: &str) -> Result<Self, String> {
        let path = files::workspace().join("tests/rules").join(format!("{suite}.toml"));
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).map_err(|why| format!("{}: {why}", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(format!("{}: {error}", path.display())),
        }
    }

    /// Reads the text of a file of rules.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: RulesFile = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        Ok(Self { rules: file.rule.into_iter().map(|rule| (rule, Cell::new(0))).collect() })
    }

    /// The outcome of a case, a failure that a rule explains being none.
    pub fn excuse(&self, case: &Case, outcome: Outcome) -> Outcome {
        let Outcome::Failed(why) = outcome else { return outcome };
        match self.rules.iter().find(|(rule, _)| rule.explains(case)) {
            Some((rule, used)) => {
                used.set(used.get() + 1);
                Outcome::Different(rule.reason.clone())
            }
            None => Outcome::Failed(why),
        }
    }

    /// The reasons of the rules that explained nothing so far.
    pub fn unused(&self) -> Vec<&str> {
        self.rules.iter().filter(|(_, used)| used.get() == 0).map(|(rule, _)| rule.reason.as_str()).collect()
    }
}

impl Rule {
    fn explains(&self, case: &Case) -> bool {
        let named = case.id.as_deref().is_some_and(|id| self.cases.iter().any(|p| matches(p, id)));
        named && (self.subjects.is_empty() || self.subjects.iter().any(|p| matches(p, &case.subject)))
    }
}

/// Whether `text` is what `pattern` says; `*` stands for any text.
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
