//! Checks that hold for every dialect. Each kind of finding has a file of its own: its rule, its check, its words.
//!
//! Only what is certain is an error. Nothing here blocks by itself: the owners of the dialects accept most of
//! such programs, which then fail or surprise while they run. What an owner refuses, `Front::refuses` names.

mod checks;
mod cx;
mod shown;

use wfc_analyze::Facts;
use wfc_cir::{Checked, Module, NodeKind, Vocab};
use wfc_diag::Sink;

pub use checks::RULES;
use cx::Cx;

/// Runs every check on a module; findings go to `sink`.
pub fn validate(m: &Module, vocab: &Vocab, facts: &Facts, sink: &mut Sink) {
    let cx = Cx::new(m, vocab, facts);
    checks::CHECKS.iter().for_each(|check| check(&cx, sink));
}

/// Says that a module was checked. `blocked` is whether any finding blocks; such a module, or one with a hole, is
/// given back.
#[allow(clippy::result_large_err)] // The refused module is the error: it goes back to whoever wanted it checked.
pub fn check(module: Module, blocked: bool) -> Result<Checked, Module> {
    let hole = module.nodes.iter().any(|(_, node)| matches!(node.kind, NodeKind::Hole));
    if blocked || hole {
        return Err(module);
    }
    Ok(Checked::assume_checked(module))
}
