//! A field that belongs to something else.

use wfc_diag::{Diagnostic, Safety, Severity};
use wfc_source::Node;

use crate::report::remove_member;

rule!("field-not-here", Error, blocking = true, "a field that does not exist where it stands");

/// `key` stands in `object`, which is `what`, but belongs to `owner`.
pub(crate) fn report(object: Node<'_>, key: Node<'_>, what: &str, owner: &str) -> Diagnostic {
    let name = key.text();
    let diagnostic = Diagnostic::new(&RULE, key.span(), format!("{what} has no field `{name}`"))
        .help(format!("it belongs to {owner}"));
    match remove_member(object, key) {
        Some(edit) => diagnostic.fix(format!("Remove `{name}`"), Safety::Unsafe, vec![edit]),
        None => diagnostic,
    }
}

/// As [`report`], where the owner is not known to refuse the field.
pub(crate) fn without_effect(key: Node<'_>, what: &str, owner: &str) -> Diagnostic {
    Diagnostic::new(&RULE, key.span(), format!("`{}` has no meaning in {what}", key.text()))
        .help(format!("it belongs to {owner}"))
        .severity(Severity::Warning)
        .blocking(false)
}
