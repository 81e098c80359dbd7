//! `Choice` leaves by its rules, `Succeed` and `Fail` end.

use wfc_diag::{Diagnostic, Safety};
use wfc_source::Node;

use crate::report::remove_member;
use crate::syntax::StateKind;

rule!("way-out-not-allowed", Error, blocking = true, "`Next` or `End` in a state that has none");

/// The finding; `key` is `Next` or `End`.
pub(crate) fn report(state: Node<'_>, key: Node<'_>, kind: StateKind) -> Diagnostic {
    let (name, kind_name) = (key.text(), kind.name());
    let diagnostic = Diagnostic::new(&RULE, key.span(), format!("a {kind_name} state has no `{name}`"));
    if kind == StateKind::Choice {
        return diagnostic.help("each rule has a `Next`; `Default` names the state for when no rule holds");
    }
    let diagnostic = diagnostic.help(format!("a {kind_name} state always ends its machine"));
    match remove_member(state, key) {
        Some(edit) => diagnostic.fix(format!("Remove `{name}`"), Safety::Safe, vec![edit]),
        None => diagnostic,
    }
}
