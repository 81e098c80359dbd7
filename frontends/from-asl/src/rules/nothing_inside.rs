//! Lists and objects that must have something in them.

use wfc_diag::Diagnostic;
use wfc_source::Node;

rule!("nothing-inside", Error, blocking = true, "something that must not be empty is empty");

/// `value`, which is the field `name`, is empty.
pub(crate) fn report(value: Node<'_>, name: &str) -> Diagnostic {
    Diagnostic::new(&RULE, value.span(), format!("`{name}` is empty")).help(match name {
        "States" => "a state machine has at least one state",
        "Choices" => "a choice has at least one rule",
        "Branches" => "a Parallel state has at least one branch",
        "ErrorEquals" => "name at least one error; `States.ALL` stands for all",
        _ => "it needs at least one element",
    })
}
