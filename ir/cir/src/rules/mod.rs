//! The kinds of problem the text form of CIR can have, each with its page beside it.

use wfc_diag::{Rule, Scope, Severity};

/// Text that is no CIR.
pub const CIR_SYNTAX: Rule = Rule {
    name: "cir-syntax",
    severity: Severity::Error,
    blocking: true,
    scope: Scope::Dialect("cir"),
    summary: "the text is not CIR",
    page: include_str!("cir-syntax.md"),
};

/// A module whose structure is not sound.
pub const CIR_MALFORMED: Rule = Rule {
    name: "cir-malformed",
    severity: Severity::Error,
    blocking: true,
    scope: Scope::Dialect("cir"),
    summary: "a module whose structure is not sound",
    page: include_str!("cir-malformed.md"),
};

/// All of them, for `wfc explain`.
pub const ALL: &[&Rule] = &[&CIR_SYNTAX, &CIR_MALFORMED];
