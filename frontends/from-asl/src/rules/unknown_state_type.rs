//! There are eight kinds of states.

use wfc_diag::{Diagnostic, Safety};
use wfc_expr::nearest::nearest;
use wfc_source::Node;

use crate::report::{location, replace_text, SCHEMA};
use crate::syntax::StateKind;

rule!("unknown-state-type", Error, blocking = true, "a `Type` that does not exist");

/// The finding.
pub(crate) fn report(value: Node<'_>) -> Diagnostic {
    let names = StateKind::ALL.map(StateKind::name);
    let owner = format!("The field 'Type' should have one of these values: [{}]", names.join(", "));
    let diagnostic = Diagnostic::new(&RULE, value.span(), format!("there is no state type `{}`", value.text()))
        .help(format!("the types are {}", names.join(", ")))
        .owner(SCHEMA, owner, Some(location(value)));
    match nearest(value.text(), names) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")).fix(
            format!("Make it a `{near}`"),
            Safety::Unsafe,
            vec![replace_text(value, near)],
        ),
        None => diagnostic,
    }
}
