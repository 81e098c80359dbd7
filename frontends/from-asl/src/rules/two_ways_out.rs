//! A state either goes on or ends.

use wfc_diag::{Diagnostic, Safety};
use wfc_source::Node;

use crate::report::remove_member;

rule!("two-ways-out", Error, blocking = true, "a state with both `Next` and `End`");

/// The finding.
pub(crate) fn report(state: Node<'_>, next: Node<'_>, end: Node<'_>) -> Diagnostic {
    let diagnostic = Diagnostic::new(&RULE, end.span(), "a state has either `Next` or `End`, not both")
        .also(next.span(), "it goes on here")
        .help("remove the one that is not meant");
    match remove_member(state, end) {
        Some(edit) => diagnostic.fix("Remove `End`", Safety::Unsafe, vec![edit]),
        None => diagnostic,
    }
}
