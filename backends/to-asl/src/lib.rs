//! CIR to Amazon States Language: the inverse of the lowering that [`wfc_cir::meaning::lowering`] writes down.
//!
//! What the language has no words for is refused, never approximated: a machine that is written means what the
//! module means.

mod choice;
mod data;
mod each;
mod facts;
mod language;
mod machine;
mod policy;
mod refusal;
mod state;
mod template;
#[cfg(test)]
mod tests;

use wfc_cir::{NodeKey, Sealed};
use wfc_diag::Span;

pub use language::QueryLanguage;

/// What a user can ask of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The query language of a machine that does not say which, and of the states whose expressions do not show it.
    pub query_language: Option<QueryLanguage>,
}

/// A state machine as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Indented JSON; the same module gives the same text.
    pub text: String,
}

/// Something the language cannot say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The node; for a whole flow its name.
    pub key: NodeKey,
    /// Where it was written.
    pub span: Option<Span>,
    /// What cannot be said, as a sentence without a full stop.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`: {}; {}", self.key, self.what, self.help)
    }
}

/// The module's entry flow as a state machine, or everything in it that cannot be one.
pub fn emit(m: &Sealed, opts: &Options) -> Result<Artifact, Vec<Unsupported>> {
    let (machine, unsupported) = machine::write(m.module(), opts);
    if unsupported.is_empty() {
        Ok(Artifact { text: format!("{}\n", machine.to_json_pretty()) })
    } else {
        Err(unsupported)
    }
}
