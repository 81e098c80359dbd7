//! Regular expressions of JavaScript: lookaround, back-references, and a bound on the steps a match may take.
//!
//! No engine at hand does all three: those that backtrack as JavaScript does cannot be stopped, those that cannot
//! run away know neither lookaround nor back-references. Here every step counts as work of the evaluation, so
//! that a pattern that would run for years ends with the error of the limit.
//!
//! Text is matched by character, where JavaScript matches by UTF-16 unit.

mod matcher;
mod parse;
mod program;

use self::program::Program;
use super::error::Eval;
use super::limits::Meter;

/// A regular expression.
#[derive(Debug)]
pub(super) struct Pattern {
    program: Program,
}

/// Where a regular expression matched; all places are in bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The groups in order; `None` for those that took no part.
    pub(super) groups: Vec<Option<(usize, usize)>>,
}

/// What the letters behind a pattern say.
#[derive(Clone, Copy, Debug, Default)]
struct Flags {
    ignore_case: bool,
    multiline: bool,
}

impl Pattern {
    /// Reads a literal, `/…/` with its flags.
    pub(super) fn literal(text: &str) -> Result<Pattern, String> {
        let end = text.rfind('/').unwrap_or(0).max(1);
        let (source, letters) = (text.get(1..end).unwrap_or_default(), text.get(end + 1..).unwrap_or_default());
        let flags = Flags { ignore_case: letters.contains('i'), multiline: letters.contains('m') };
        let invalid = |why| format!("Invalid regular expression: /{source}/: {why}");
        let (node, groups) = parse::parse(source).map_err(invalid)?;
        let program = program::compile(&node, groups, flags).map_err(invalid)?;
        Ok(Pattern { program })
    }

    /// The first match that starts at `from` or behind it.
    pub(super) fn find_at(&self, text: &str, from: usize, meter: &mut Meter) -> Eval<Option<Match>> {
        matcher::find(&self.program, text, from, meter)
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::Limits;
    use super::*;

    /// The match with its groups, `-` where there is none.
    fn found(pattern: &str, text: &str) -> String {
        let pattern = Pattern::literal(pattern).expect(pattern);
        let mut meter = Meter::new(&Limits { ops: 1_000_000, ..Limits::standard() });
        match pattern.find_at(text, 0, &mut meter) {
            Ok(None) => "-".to_owned(),
            Ok(Some(found)) => {
                let groups = found.groups.iter().map(|group| group.map_or("-", |(from, to)| &text[from..to]));
                let all = std::iter::once(&text[found.start..found.end]).chain(groups);
                all.collect::<Vec<_>>().join("|")
            }
            Err(fault) => fault.code.to_owned(),
        }
    }

    #[test]
    fn matches_as_in_javascript() {
        for (pattern, text, expected) in [
            ("/a(b+)c/", "xabbc", "abbc|bb"),
            ("/(a)|b/", "b", "b|-"),
            ("/(?:(a)|b)*/", "ab", "ab|-"),
            ("/(a*)*/", "b", "|-"),
            ("/(z)((a+)?(b+)?(c))*/", "zaacbbbcac", "zaacbbbcac|z|ac|a|-|c"),
            ("/a.c/", "a\nc", "-"),
            ("/^b/m", "a\nb", "b"),
            ("/^b/", "a\nb", "-"),
            ("/a$/m", "a\nb", "a"),
            ("/HAT/i", "a hat", "hat"),
            ("/[^a-c]+/", "abxyc", "xy"),
            ("/[A-Z]+/i", "abXY1", "abXY"),
            ("/(.)\\1/", "abccd", "cc|c"),
            ("/(?<x>a)\\k<x>/", "aa", "aa|a"),
            ("/a(?=b)/", "acab", "a"),
            ("/a(?!b)/", "abac", "a"),
            ("/(?<=\\$)\\d+/", "a1$23", "23"),
            ("/(?<!\\$)\\b\\d+/", "$1 23", "23"),
            ("/\\d{2,3}?/", "12345", "12"),
            ("/\\d{2,3}/", "12345", "123"),
            ("/a{,2}/", "a{,2}", "a{,2}"),
            ("/[\\w-]+@[\\d.]+/", "x-y@1.2", "x-y@1.2"),
            ("/\\u0041\\x42\\t/", "AB\t", "AB\t"),
            ("/é+/i", "ÉÉ", "ÉÉ"),
            ("/(?=(a+))a*b\\1/", "baaabac", "aba|a"),
            ("/\\bfoo\\B/", "foo foox", "foo"),
            ("/[^]/", "\n", "\n"),
            ("/[]/", "a", "-"),
            ("/x*?y/", "xxy", "xxy"),
        ] {
            assert_eq!(found(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn bad_patterns_are_refused() {
        for pattern in ["/(a/", "/a)/", "/[a/", "/*a/", "/a**/", "/a{2,1}/", "/(?<n>a)(?<n>b)/", "/[b-a]/", "/(?x)/"] {
            let refused = Pattern::literal(pattern).expect_err(pattern);
            assert!(refused.starts_with("Invalid regular expression"), "{refused}");
        }
        let nested = format!("/{}a{}/", "(".repeat(10_000), ")".repeat(10_000));
        assert!(Pattern::literal(&nested).is_err());
        assert!(Pattern::literal("/((a{1000}){1000}){1000}/").is_err());
    }

    #[test]
    fn matches_that_run_away_end() {
        let text = "a".repeat(40);
        assert_eq!(found("/(a+)+$/", &(text.clone() + "b")), "U1001");
        assert_eq!(found("/(?=((a|aa)+b))/", &text), "U1001");
    }
}
