//! The kinds of problem only workflow.toml can have, each with its page beside it.

use wfc_diag::{Rule, Scope, Severity};

macro_rules! rules {
    ($($(#[$doc:meta])* $id:ident = $name:literal, $summary:literal;)*) => {
        $($(#[$doc])* pub const $id: Rule = Rule {
            name: $name,
            severity: Severity::Error,
            blocking: true,
            scope: Scope::Dialect("workflow"),
            summary: $summary,
            page: include_str!(concat!($name, ".md")),
        };)*
        /// All of them, for `wfc explain`.
        pub const ALL: &[&Rule] = &[$(&$id),*];
    };
}

rules! {
    /// A field that must be there is not.
    MISSING_FIELD = "workflow-missing-field", "a field that must be there is missing";
    /// A field that the format does not have.
    UNKNOWN_FIELD = "workflow-unknown-field", "a field that the format does not have";
    /// A field of the full format that is not supported yet.
    UNSUPPORTED_FIELD = "workflow-unsupported-field", "a field that is not supported yet";
    /// A value of the wrong type.
    WRONG_TYPE = "workflow-wrong-type", "a value of the wrong type";
    /// A value of the right type that is not allowed.
    BAD_VALUE = "workflow-bad-value", "a value that is not allowed";
    /// Two steps with the same id.
    DUPLICATE_ID = "workflow-duplicate-id", "two steps have the same id";
    /// A step that is named and does not exist.
    UNKNOWN_STEP = "unknown-step", "a step that is named does not exist";
    /// Steps that need each other.
    NEEDS_CYCLE = "needs-cycle", "steps need each other in a circle";
    /// A condition on the output of a step that need not have run.
    UNNEEDED = "when-reads-unneeded", "a condition reads the output of a step that is not needed";
}
