//! Only the outermost condition of a choice rule leads anywhere.

use wfc_diag::{Diagnostic, Safety};
use wfc_source::Node;

use crate::report::remove_member;

rule!("next-in-nested-condition", Error, blocking = true, "a condition inside another leads somewhere");

/// `key` is the field that may only be in the outermost condition.
pub(crate) fn report(condition: Node<'_>, key: Node<'_>) -> Diagnostic {
    let message = format!("`{}` may only be in the outermost condition of a rule", key.text());
    let diagnostic = Diagnostic::new(&RULE, key.span(), message)
        .help("the rule as a whole leads somewhere, not the conditions it is made of");
    match remove_member(condition, key) {
        Some(edit) => diagnostic.fix(format!("Remove `{}`", key.text()), Safety::Unsafe, vec![edit]),
        None => diagnostic,
    }
}
