//! The kinds of problem the text of a file can have, each with its page beside it.

use wfc_diag::{Rule, Scope, Severity};

macro_rules! rules {
    ($($(#[$doc:meta])* $id:ident = $name:literal, $severity:ident, $summary:literal;)*) => {
        $($(#[$doc])* pub const $id: Rule = Rule {
            name: $name,
            severity: Severity::$severity,
            // Text that does not parse is refused by every owner.
            blocking: matches!(Severity::$severity, Severity::Error),
            scope: Scope::Syntax,
            summary: $summary,
            page: include_str!(concat!($name, ".md")),
        };)*
        /// All of them, for `wfc explain`.
        pub const ALL: &[&Rule] = &[$(&$id),*];
    };
}

rules! {
    /// Bytes that are not UTF-8.
    INVALID_UTF8 = "invalid-utf8", Error, "the file is not UTF-8";
    /// Text that is no JSON.
    JSON_SYNTAX = "json-syntax", Error, "the text is not JSON";
    /// A comma behind the last element.
    JSON_TRAILING_COMMA = "json-trailing-comma", Error, "a comma behind the last element";
    /// A comment, which JSON does not have.
    JSON_COMMENT = "json-comment", Error, "a comment, which JSON does not have";
    /// A wrong escape or a raw control character in a string.
    JSON_BAD_STRING = "json-bad-string", Error, "a wrong escape or a raw control character in a string";
    /// A number in a form JSON does not have.
    JSON_BAD_NUMBER = "json-bad-number", Error, "a number in a form JSON does not have";
    /// The same key twice in one object.
    DUPLICATE_KEY = "duplicate-key", Error, "the same key twice in one object";
    /// A limit on the input was reached.
    INPUT_LIMIT = "input-limit", Error, "a limit on the input was reached";
    /// Text that is no YAML.
    YAML_SYNTAX = "yaml-syntax", Error, "the text is not YAML";
    /// YAML that has no JSON counterpart.
    YAML_UNSUPPORTED = "yaml-unsupported", Error, "YAML that has no JSON counterpart";
    /// Text that is no TOML.
    TOML_SYNTAX = "toml-syntax", Error, "the text is not TOML";
}
