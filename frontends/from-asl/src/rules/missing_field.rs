//! Fields without which nothing can be done.

use wfc_diag::{Diagnostic, Span};
use wfc_source::Node;

use crate::report::{listed, location, SCHEMA};

rule!("missing-field", Error, blocking = true, "a required field is missing");

/// `what`, which stands at `at`, has none of `names` and needs one.
pub(crate) fn one_of(at: Span, what: &str, names: &[&str]) -> Diagnostic {
    let listed = listed(names.iter().copied(), "or");
    Diagnostic::new(&RULE, at, format!("{what} needs {listed}"))
}

/// A choice rule says nothing that could hold.
pub(crate) fn condition(at: Span) -> Diagnostic {
    Diagnostic::new(&RULE, at, "a choice rule needs a comparison, or `And`, `Or` or `Not`")
        .help("such as `\"Variable\": \"$.paid\", \"BooleanEquals\": true`")
}

/// A choice rule is empty; one inside another leads nowhere itself.
pub(crate) fn all_of_a_rule(at: Span, outermost: bool) -> Diagnostic {
    let found = condition(at);
    let message = if outermost { "an empty choice rule: it needs a condition and `Next`" } else { "an empty condition" };
    Diagnostic { message: message.to_owned(), ..found }
}

/// A machine has not all of `names`. The owner lists them in this order.
pub(crate) fn machine(machine: Node<'_>, names: &[&str]) -> Diagnostic {
    let first = machine.raw().chars().next().map_or(0, char::len_utf8);
    let at = Span { end: machine.span().start + first as u32, ..machine.span() };
    let message = format!("a state machine needs {}", listed(names.iter().copied(), "and"));
    let owner = format!("These fields are required: [{}]", names.join(", "));
    Diagnostic::new(&RULE, at, message)
        .help("`StartAt` names the first state, `States` holds all of them by name")
        .owner(SCHEMA, owner, Some(location(machine)))
}

/// `Credentials` have no role.
pub(crate) fn role(credentials: Node<'_>) -> Diagnostic {
    Diagnostic::new(&RULE, credentials.span(), "credentials need `RoleArn`").owner(
        SCHEMA,
        "The field 'RoleArn' is required but was missing",
        Some(location(credentials)),
    )
}
