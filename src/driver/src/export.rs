//! Back ends behind one shape: text or plan out, or findings that say what cannot be expressed and where.

use wfc_cir::{Sealed, Vocab};
use wfc_diag::Diagnostic;

use crate::front_named;

/// The nouns of the dialect a module was written in.
fn vocab(sealed: &Sealed) -> &'static Vocab {
    front_named(&sealed.module().dialect).map_or(&Vocab::CIR, |front| front.vocab)
}

/// Amazon States Language.
pub mod asl {
    use super::{vocab, Diagnostic, Sealed, Vocab};
    use crate::rules::NOT_EXPRESSIBLE;

    /// The module as a state machine.
    pub fn emit(sealed: &Sealed) -> Result<String, Vec<Diagnostic>> {
        let vocab = vocab(sealed);
        let refuse = |all: Vec<wfc_to_asl::Unsupported>| all.into_iter().map(|u| finding(u, vocab)).collect();
        wfc_to_asl::emit(sealed, &wfc_to_asl::Options::default()).map(|artifact| artifact.text).map_err(refuse)
    }

    fn finding(unsupported: wfc_to_asl::Unsupported, vocab: &Vocab) -> Diagnostic {
        let message = format!("{} '{}': {}", vocab.node, unsupported.key, unsupported.what);
        Diagnostic::new(&NOT_EXPRESSIBLE, unsupported.span.unwrap_or_default(), message).help(unsupported.help)
    }
}

/// The plan that runtimes execute.
#[cfg(feature = "run")]
pub mod plan {
    use super::{vocab, Diagnostic, Sealed};

    /// The module as a plan, with the table of its places.
    pub fn emit(sealed: &Sealed) -> Result<wfc_to_plan::Emitted, Vec<Diagnostic>> {
        let vocab = vocab(sealed);
        wfc_to_plan::emit(sealed).map_err(|all| all.into_iter().map(|u| u.into_diagnostic(vocab)).collect())
    }
}
