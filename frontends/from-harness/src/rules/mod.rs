//! The kinds of problem only a HarnessSpec can have, each with its page beside it.

use wfc_diag::{Rule, Scope, Severity};

macro_rules! rules {
    ($($(#[$doc:meta])* $id:ident = $name:literal, $summary:literal;)*) => {
        $($(#[$doc])* pub const $id: Rule = Rule {
            name: $name,
            severity: Severity::Error,
            blocking: true,
            scope: Scope::Dialect("harness"),
            summary: $summary,
            page: include_str!(concat!($name, ".md")),
        };)*
        /// All of them, for `wfc explain`.
        pub const ALL: &[&Rule] = &[$(&$id),*];
    };
}

rules! {
    /// A field that must be there is not.
    MISSING_FIELD = "harness-missing-field", "a field that must be there is missing";
    /// A field that the format does not have.
    UNKNOWN_FIELD = "harness-unknown-field", "a field that the format does not have";
    /// Something of the format that is not supported yet.
    UNSUPPORTED = "harness-unsupported", "something that is not supported yet";
    /// A value of the wrong type.
    WRONG_TYPE = "harness-wrong-type", "a value of the wrong type";
    /// A value of the right type that is not allowed.
    BAD_VALUE = "harness-bad-value", "a value that is not allowed";
    /// Two nodes with the same id.
    DUPLICATE_ID = "harness-duplicate-id", "two nodes have the same id";
    /// A node that is named and does not exist.
    UNKNOWN_NODE = "harness-unknown-node", "a node that is named does not exist";
    /// An edge out of a condition.
    CONDITION_EDGE = "harness-condition-edge", "an edge leaves a condition";
    /// A node no way leads to.
    UNREACHABLE = "harness-unreachable", "no way leads from the entry to a node";
    /// A fork with a branch that comes back to it.
    FORK_CROSSES_LOOP = "fork-crosses-loop", "a branch of a fork comes back without a merge";
    /// A merge whose waitFor and edges disagree.
    BAD_WAIT = "harness-bad-wait", "a merge waits for other nodes than lead to it";
}
