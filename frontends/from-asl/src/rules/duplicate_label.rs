//! The labels of Map states tell their child executions apart.

use wfc_diag::Diagnostic;
use wfc_source::Node;

rule!("duplicate-label", Error, blocking = false, "two Map states with the same label");

/// `first` and `second` are labels with the same text.
pub(crate) fn report(first: Node<'_>, second: Node<'_>) -> Diagnostic {
    Diagnostic::new(&RULE, second.span(), format!("another Map already has the label `{}`", second.text()))
        .also(first.span(), "this one")
        .help("give each Map a label of its own, or none")
}
