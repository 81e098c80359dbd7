//! A field that belongs to something else.

use wfc_diag::Diagnostic;
use wfc_source::Node;

rule!("field-not-here", Warning, blocking = false, "a field that has no meaning where it stands");

/// `key` stands in `what`, but belongs to `owner`.
pub(crate) fn report(key: Node<'_>, what: &str, owner: &str) -> Diagnostic {
    Diagnostic::new(&RULE, key.span(), format!("`{}` has no meaning in {what}", key.text()))
        .help(format!("it belongs to {owner}"))
}
