//! The kinds of problem only test files can have, and what a test run did not get to, each with its page beside it.

use wfc_diag::{Rule, Scope, Severity};

macro_rules! rules {
    ($($(#[$doc:meta])* $id:ident = $name:literal, $severity:ident, $summary:literal;)*) => {
        $($(#[$doc])* pub const $id: Rule = Rule {
            name: $name,
            severity: Severity::$severity,
            blocking: false,
            scope: Scope::Tool,
            summary: $summary,
            page: include_str!(concat!($name, ".md")),
        };)*
        /// All of them, for `wfc explain`.
        pub const ALL: &[&Rule] = &[$(&$id),*];
    };
}

rules! {
    /// A field that must be there is not.
    MISSING_FIELD = "test-missing-field", Error, "a field of a test file that must be there is missing";
    /// A field that test files do not have.
    UNKNOWN_FIELD = "test-unknown-field", Error, "a field that test files do not have";
    /// A value of the wrong type.
    WRONG_TYPE = "test-wrong-type", Error, "a value of the wrong type in a test file";
    /// A value of the right type that is not allowed.
    BAD_VALUE = "test-bad-value", Error, "a value that a test file may not have";
    /// A part of a machine that no test got to.
    UNCOVERED = "uncovered", Info, "no test got to this part of a machine";
}
