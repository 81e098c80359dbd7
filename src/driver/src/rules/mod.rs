//! The kinds of finding that concern the tool's own conventions.

use wfc_diag::{Rule, Scope, Severity};

/// A file nobody can say the language of.
pub const UNKNOWN_DIALECT: Rule = Rule {
    name: "unknown-dialect",
    severity: Severity::Error,
    blocking: true,
    scope: Scope::Tool,
    summary: "nothing says which workflow language the file is in",
    page: include_str!("unknown-dialect.md"),
};

/// A marker or setting that names no rule.
pub const UNKNOWN_RULE_NAME: Rule = Rule {
    name: "unknown-rule-name",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Tool,
    summary: "an ignore marker names a rule that does not exist",
    page: include_str!("unknown-rule-name.md"),
};

/// A marker that silences nothing.
pub const UNUSED_IGNORE: Rule = Rule {
    name: "unused-ignore",
    severity: Severity::Info,
    blocking: false,
    scope: Scope::Tool,
    summary: "an ignore marker silences nothing",
    page: include_str!("unused-ignore.md"),
};

/// Something a target language has no words for.
pub const NOT_EXPRESSIBLE: Rule = Rule {
    name: "not-expressible",
    severity: Severity::Error,
    blocking: false,
    scope: Scope::Tool,
    summary: "the target language of `lower --emit` has no words for it",
    page: include_str!("not-expressible.md"),
};

/// All of them, for `wfc explain`.
pub const ALL: &[&Rule] = &[&UNKNOWN_DIALECT, &UNKNOWN_RULE_NAME, &UNUSED_IGNORE, &NOT_EXPRESSIBLE];
