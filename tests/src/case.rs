//! One recorded case, and how it is to be judged.

use serde_json::Value as Json;

/// A case as it stands in a file.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its own name, if it has one.
    pub id: Option<String>,
    /// The line it starts at, from 1, in files of several cases.
    pub line: Option<usize>,
    /// What sort of case of its suite it is.
    pub kind: String,
    /// The text it is about, such as an expression: rules may name it.
    pub subject: String,
    /// All of it.
    pub body: Json,
}

/// A part of a case file that is no case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The line it starts at, from 1, if it is not the whole file.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub why: String,
}

impl Malformed {
    /// A whole file that holds no case.
    pub fn file(why: impl ToString) -> Self {
        Self { line: None, why: why.to_string() }
    }

    /// One case that cannot be read.
    pub fn at(line: usize, why: impl ToString) -> Self {
        Self { line: Some(line), why: why.to_string() }
    }
}

/// How cases are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct How {
    /// Only whether the text is accepted counts.
    pub parse_only: bool,
}

impl Case {
    /// What the case is called in a report: its own name, else where it stands.
    pub fn name(&self, file: &str) -> String {
        match (&self.id, self.line) {
            (Some(id), _) => id.clone(),
            (None, Some(line)) => format!("{file}:{line}"),
            (None, None) => file.to_owned(),
        }
    }

    /// The text at a path of member names.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.get(path).and_then(Json::as_str)
    }

    /// The value at a path of member names.
    pub fn get(&self, path: &[&str]) -> Option<&Json> {
        path.iter().try_fold(&self.body, |json, name| json.get(name))
    }
}
