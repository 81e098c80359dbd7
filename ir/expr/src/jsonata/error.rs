//! A refusal of the parser: the error code every JSONata implementation shares, with the finding.

use std::fmt;

use wfc_diag::TextRange;

use crate::rules::JSONATA_SYNTAX;
use crate::ExprError;

/// The code of errors that only this parser has: the text is within the grammar but over a limit.
pub const LIMIT: &str = "U1001";

/// Why a text is no JSONata expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The JSONata code, such as `S0202`, or [`LIMIT`].
    pub code: &'static str,
    /// What is wrong and where. The code stands at the end of the message.
    pub error: ExprError,
}

impl SyntaxError {
    pub(super) fn new(code: &'static str, range: TextRange, message: impl fmt::Display) -> Box<Self> {
        Box::new(Self { code, error: ExprError::new(&JSONATA_SYNTAX, range, format!("{message} ({code})")) })
    }

    pub(super) fn help(mut self: Box<Self>, text: impl Into<String>) -> Box<Self> {
        self.error = self.error.help(text);
        self
    }

    pub(super) fn label(mut self: Box<Self>, text: impl Into<String>) -> Box<Self> {
        self.error = self.error.label(text);
        self
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.message)
    }
}

impl std::error::Error for SyntaxError {}

impl From<Box<SyntaxError>> for SyntaxError {
    fn from(boxed: Box<SyntaxError>) -> Self {
        *boxed
    }
}

/// Boxed, so that the recursive functions of the parser return something small.
pub(super) type Parsed<T> = Result<T, Box<SyntaxError>>;
