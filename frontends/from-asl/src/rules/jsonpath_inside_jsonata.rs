//! A machine in JSONata has no states in JSONPath.

use wfc_diag::Diagnostic;
use wfc_source::Node;

use crate::report::{location, SCHEMA};

rule!("jsonpath-inside-jsonata", Error, blocking = true, "a JSONPath state in a JSONata machine");

/// The finding; `value` is the `QueryLanguage` of the state called `name`.
pub(crate) fn report(state: Node<'_>, value: Node<'_>, machine: Node<'_>) -> Diagnostic {
    Diagnostic::new(&RULE, value.span(), "a state cannot go back to JSONPath in a JSONata machine")
        .also(machine.span(), "the machine is JSONata")
        .help("move `JSONata` from the machine to the states that need it, or rewrite this state")
        .owner(
            SCHEMA,
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
            Some(location(state)),
        )
}
