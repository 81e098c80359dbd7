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

#[cfg(test)]
mod tests {
    use wfc_diag::Rule;

    use super::ALL;
    use crate::testing::findings;
    use crate::Format;

    const HEADINGS: [&str; 4] = ["## What it means", "## Why it matters", "## Example", "## Instead"];

    /// The fenced block of a section, with its language.
    fn fenced(section: &str) -> Option<(Format, &str)> {
        let (language, rest) = section.split_once("```")?.1.split_once('\n')?;
        Some((Format::of_path(&format!("example.{language}")), rest.split_once("```")?.0))
    }

    fn check(rule: &Rule) {
        let places: Vec<_> = HEADINGS.iter().map(|heading| rule.page.find(heading).expect(rule.name)).collect();
        assert!(places.is_sorted(), "{}", rule.name);
        assert!(rule.page.starts_with(&format!("# {}\n", rule.name)), "{}", rule.name);
        let (bad, good) = (fenced(&rule.page[places[2]..places[3]]), fenced(&rule.page[places[3]..]));
        assert_eq!(bad.is_some(), good.is_some(), "{}", rule.name);
        let (Some((format, bad)), Some((_, good))) = (bad, good) else { return };
        let found = findings(bad, format);
        assert!(!found.is_empty() && found.iter().all(|f| f.starts_with(rule.name)), "{}: {found:?}", rule.name);
        assert_eq!(findings(good, format), [""; 0], "{}", rule.name);
    }

    #[test]
    fn examples_show_what_the_pages_say() {
        ALL.iter().for_each(|rule| check(rule));
    }
}
