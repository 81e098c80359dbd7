//! The kinds of problem an expression can have, each with its page beside it.

use wfc_diag::{Rule, Scope, Severity};

macro_rules! rules {
    ($($(#[$doc:meta])* $id:ident = $name:literal, $severity:ident, $blocking:literal, $summary:literal;)*) => {
        $($(#[$doc])* pub const $id: Rule = Rule {
            name: $name,
            severity: Severity::$severity,
            blocking: $blocking,
            scope: Scope::Syntax,
            summary: $summary,
            page: include_str!(concat!($name, ".md")),
        };)*
        /// All of them, for `wfc explain`.
        pub const ALL: &[&Rule] = &[$(&$id),*];
    };
}

rules! {
    /// A JSONPath that does not parse.
    JSONPATH_SYNTAX = "jsonpath-syntax", Error, true, "a JSONPath does not parse";
    /// A path that must name one place but can select several.
    NOT_A_REFERENCE_PATH = "not-a-reference-path", Error, true, "a path that must name one place can select several";
    /// An intrinsic function call that does not parse.
    INTRINSIC_SYNTAX = "intrinsic-syntax", Error, true, "an intrinsic function call does not parse";
    /// A JSONata expression that does not parse.
    JSONATA_SYNTAX = "jsonata-syntax", Error, true, "a JSONata expression does not parse";
    /// A condition that does not parse.
    CONDITION_SYNTAX = "condition-syntax", Error, true, "a condition does not parse";
    /// A call of a function that does not exist.
    UNKNOWN_FUNCTION = "unknown-function", Error, true, "a call of a function that does not exist";
    /// A call with too many or too few arguments.
    WRONG_ARITY = "wrong-arity", Error, true, "a call with too many or too few arguments";
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::Value;

    const SECTIONS: [&str; 4] = ["What it means", "Why it matters", "Example", "Instead"];

    #[test]
    fn pages_have_their_sections_and_examples() {
        for rule in ALL {
            let (title, body) = rule.page.split_once("\n").unwrap();
            assert_eq!(title, format!("# {}", rule.name));
            let headings: Vec<_> = body.lines().filter_map(|line| line.strip_prefix("## ")).collect();
            assert_eq!(headings, SECTIONS, "{}", rule.name);
            let examples: Vec<_> =
                body.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
            assert_eq!(examples.len(), 2, "{}", rule.name);
            assert!(examples.iter().all(|example| Value::parse(example).is_ok()), "{}", rule.name);
        }
    }
}
