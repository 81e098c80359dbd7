//! Why a path yields nothing.

use std::fmt;

use wfc_diag::TextRange;

use crate::budget::Exceeded;

/// Why a path yields nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    /// What sort of reason.
    pub kind: PathErrorKind,
    /// The segment that failed, in the text the path was parsed from.
    pub range: TextRange,
    /// One sentence in the words of Jayway, which AWS shows behind `Invalid path '…' : `.
    pub message: String,
}

/// Sorts of reasons why a path yields nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathErrorKind {
    /// A definite path leads nowhere in this document.
    NotFound,
    /// The path asks something of a value that is not possible, such as the greatest of no numbers.
    Invalid,
    /// The variable the path starts from is not set.
    UnknownVariable,
    /// The evaluation does more than it may.
    Exceeded(Exceeded),
}

impl PathError {
    pub(super) fn new(kind: PathErrorKind, range: TextRange, message: impl Into<String>) -> Self {
        Self { kind, range, message: message.into() }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PathError {}
