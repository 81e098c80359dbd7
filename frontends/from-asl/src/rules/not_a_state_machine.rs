//! A definition is a JSON object.

use wfc_diag::Diagnostic;
use wfc_source::{Kind, Node};

use crate::report::SCHEMA;

rule!("not-a-state-machine", Error, blocking = true, "the file holds no object");

/// The finding.
pub(crate) fn report(root: Node<'_>) -> Diagnostic {
    let what = match root.kind() {
        Kind::Error => "nothing that can be read",
        kind => kind.word(),
    };
    Diagnostic::new(&RULE, root.span(), format!("a state machine is an object, but the file holds {what}"))
        .help("the smallest one is `{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}`")
        .owner(SCHEMA, "Definition must be a valid JSON object", None)
}
