//! The one kind of finding this back end makes, with its page beside it.

use wfc_diag::{Rule, Scope, Severity};

/// Something that the runtimes cannot run yet.
pub const NOT_RUNNABLE: Rule = Rule {
    name: "not-runnable",
    severity: Severity::Error,
    // The dialect's owner runs it well.
    blocking: false,
    scope: Scope::Tool,
    summary: "something that cannot be run yet",
    page: include_str!("not-runnable.md"),
};

/// All of them, for `wfc explain`.
pub const ALL: &[&Rule] = &[&NOT_RUNNABLE];
