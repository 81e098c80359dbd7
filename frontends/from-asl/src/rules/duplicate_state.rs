//! Names of states are unique in the whole definition, branches included.

use wfc_diag::Diagnostic;
use wfc_source::Node;

rule!("duplicate-state", Error, blocking = true, "two states of the same name");

/// The finding.
pub(crate) fn report(first: Node<'_>, again: Node<'_>) -> Diagnostic {
    Diagnostic::new(&RULE, again.span(), format!("there is another state called `{}`", again.text()))
        .label("again here")
        .also(first.span(), "first here")
        .note("Names are unique in the whole state machine, its branches and the machines of its maps included.")
        .help("rename one of them, and the transitions that lead to it")
}
