//! What is wrong inside one expression, before anybody knows which file it stands in.

use wfc_diag::{Diagnostic, Rule, Span, TextRange};

/// A problem in the text of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExprError {
    /// The kind of problem.
    pub rule: &'static Rule,
    /// Where, in the expression's own text.
    pub range: TextRange,
    /// One sentence: what is wrong.
    pub message: String,
    /// The word under the excerpt; may be empty.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
}

impl ExprError {
    /// A problem of kind `rule` at `range`.
    pub fn new(rule: &'static Rule, range: TextRange, message: impl Into<String>) -> Self {
        Self { rule, range, message: message.into(), label: String::new(), help: None }
    }

    /// Sets the word under the excerpt.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Says what to do.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// The same problem in the user's file; `locate` maps a range of the expression's text to the file.
    pub fn into_diagnostic(self, locate: impl FnOnce(TextRange) -> Span) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(self.rule, locate(self.range), self.message).label(self.label);
        diagnostic.help = self.help;
        diagnostic
    }
}
