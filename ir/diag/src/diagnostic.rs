//! One finding: labels in the user's files, help, notes, and a fix where one is certain.

use serde::{Deserialize, Serialize};

use crate::{Rule, Severity, Span};

/// A place in the user's file with a word on its part in the problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What about it; may be empty for the primary label.
    pub text: String,
}

/// Whether a fix keeps the meaning of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Cannot change what a valid program does; applied by `--fix`.
    Safe,
    /// Probably what was meant; applied by `--unsafe-fixes`.
    Unsafe,
}

/// A replacement of one span by text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text; empty to delete.
    pub text: String,
}

/// A change of the user's file that removes the problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it does, as an imperative sentence.
    pub title: String,
    /// Whether it may be applied without being looked at.
    pub safety: Safety,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// What the dialect's owner says about the same problem, word for word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnerMessage {
    /// The owner's code, such as `SCHEMA_VALIDATION_FAILED`.
    pub code: &'static str,
    /// The owner's message.
    pub message: String,
    /// The owner's notation of the place, such as `/States/A/Resource`.
    pub location: Option<String>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding it is.
    pub rule: &'static Rule,
    /// The severity in force, after configuration.
    pub severity: Severity,
    /// Whether the dialect's owner refuses the program for it.
    pub blocking: bool,
    /// One sentence: what is wrong.
    pub message: String,
    /// Where, first of all.
    pub primary: Label,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// Why it matters, one paragraph each.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// The change that removes it, where one is certain.
    pub fix: Option<Fix>,
    /// The owner's own words, where they are known.
    pub owner: Option<OwnerMessage>,
}

impl Diagnostic {
    /// A finding of `rule` at `span`.
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            blocking: rule.blocking,
            message: message.into(),
            primary: Label { span, text: String::new() },
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
            owner: None,
        }
    }

    /// Sets the word under the primary excerpt.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds another place.
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a reason.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Says what to do.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Attaches a fix.
    pub fn fix(mut self, title: impl Into<String>, safety: Safety, edits: Vec<(Span, String)>) -> Self {
        let edits = edits.into_iter().map(|(span, text)| Edit { span, text }).collect();
        self.fix = Some(Fix { title: title.into(), safety, edits });
        self
    }

    /// Attaches the owner's own words.
    pub fn owner(mut self, code: &'static str, message: impl Into<String>, location: Option<String>) -> Self {
        self.owner = Some(OwnerMessage { code, message: message.into(), location });
        self
    }

    /// Overrides the severity of the rule for this finding.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Overrides whether this finding stops `run`.
    pub fn blocking(mut self, blocking: bool) -> Self {
        self.blocking = blocking;
        self
    }
}
