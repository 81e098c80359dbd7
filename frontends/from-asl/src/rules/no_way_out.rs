//! A state says what comes next.

use wfc_diag::{Diagnostic, Safety};
use wfc_source::Node;

use crate::report::{add_member, replace_text};

rule!("no-way-out", Error, blocking = true, "a state with neither `Next` nor `End`");

/// The state has neither; `last` says that no other state is written behind it.
pub(crate) fn report(name: Node<'_>, state: Node<'_>, last: bool) -> Diagnostic {
    let diagnostic = Diagnostic::new(&RULE, name.span(), format!("`{}` has neither `Next` nor `End`", name.text()))
        .help("name the next state with `Next`, or say `\"End\": true`");
    match add_member(state, "\"End\": true").filter(|_| last) {
        Some(edit) => diagnostic.fix("End the machine here", Safety::Unsafe, vec![edit]),
        None => diagnostic,
    }
}

/// The only way out is an `End` that is not true.
pub(crate) fn end_is_false(name: Node<'_>, end: Node<'_>) -> Diagnostic {
    let mut edit = replace_text(end, "true");
    edit.1 = "true".to_owned();
    Diagnostic::new(&RULE, end.span(), format!("`{}` has no `Next`, and its `End` is not true", name.text()))
        .help("name the next state with `Next`, or say `\"End\": true`")
        .fix("End the machine here", Safety::Unsafe, vec![edit])
}
