//! What the runtimes cannot run yet.

use std::fmt;

use wfc_cir::{NodeKey, Vocab};
use wfc_diag::{Diagnostic, Span};

use crate::rules::NOT_RUNNABLE;

/// Something in a module that cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The node it is at.
    pub key: Option<NodeKey>,
    /// Where it was written.
    pub span: Option<Span>,
    /// What it is, as a noun.
    pub what: String,
}

impl Unsupported {
    /// The same as a finding in the user's file, in the nouns of the dialect.
    pub fn into_diagnostic(self, vocab: &Vocab) -> Diagnostic {
        let place = match &self.key {
            Some(key) => format!(" of {} '{key}'", vocab.node),
            None => String::new(),
        };
        let message = format!("{}{place} cannot be run yet", self.what);
        Diagnostic::new(&NOT_RUNNABLE, self.span.unwrap_or_default(), message)
            .note("the file is valid; checking and exporting it work, and nothing of it has been run")
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "'{key}': {} cannot be run yet", self.what),
            None => write!(f, "{} cannot be run yet", self.what),
        }
    }
}
