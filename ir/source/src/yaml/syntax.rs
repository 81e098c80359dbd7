//! The event parser's errors in words that say what to do.

use saphyr_parser::ScanError;

use super::offsets::Offsets;
use crate::report::Reports;
use crate::rules;

/// What the event parser says, what is said instead, and what helps.
struct Saying {
    contains: &'static str,
    message: &'static str,
    help: &'static str,
}

const SAYINGS: &[Saying] = &[
    Saying {
        contains: "tab",
        message: "a tab where YAML wants spaces",
        help: "indent with spaces: tabs are not indentation in YAML",
    },
    Saying {
        contains: "simple key expect",
        message: "a key without a colon, or text that belongs to nothing",
        help: "a key is followed by `:` and a space, on the same line",
    },
    Saying {
        contains: "mapping values are not allowed",
        message: "a colon where no key can be",
        help: "put text that contains `: ` in quotes",
    },
    Saying {
        contains: "illegal placement of ':'",
        message: "a key inside `[` … `]` that is not closed",
        help: "close what `[` opened, or put text that contains `: ` in quotes",
    },
    Saying {
        contains: "unknown anchor",
        message: "an alias to an anchor that does not exist",
        help: "an anchor `&name` stands before its aliases `*name`; put text that starts with `*` in quotes",
    },
    Saying {
        contains: "unknown escape character",
        message: "an escape that YAML does not have",
        help: "in double quotes a backslash itself is written `\\\\`; in single quotes it needs no escape",
    },
    Saying {
        contains: "invalid Unicode character escape code",
        message: "an escape that stands for no character",
        help: "characters beyond U+FFFF are written `\\U0001F600`, or stand as they are",
    },
    Saying {
        contains: "invalid indentation",
        message: "the line is indented less than what it belongs to",
        help: "keys of one object start in the same column",
    },
    Saying {
        contains: "did not find expected key",
        message: "something that is no key, where a key of the object is due",
        help: "keys of one object start in the same column",
    },
    Saying {
        contains: "did not find expected '-' indicator",
        message: "something that is no element, where an element of the list is due",
        help: "elements of one list start with `-` in the same column",
    },
    Saying {
        contains: "unexpected end of stream",
        message: "a quoted string is not closed",
        help: "close it with the quote it starts with",
    },
    Saying {
        contains: "invalid trailing content after double-quoted scalar",
        message: "text behind a closing quote",
        help: "put the whole value in quotes, or escape the quotes inside",
    },
    Saying {
        contains: "unexpected character",
        message: "no value can start with this character",
        help: "put text that starts with `@`, `%` or a backtick in quotes",
    },
    Saying {
        contains: "expected ',' or '}'",
        message: "a comma or `}` is missing",
        help: "separate the members with commas and close what `{` opened",
    },
    Saying {
        contains: "expected ',' or ']'",
        message: "a comma or `]` is missing",
        help: "separate the elements with commas and close what `[` opened",
    },
    Saying {
        contains: "misplaced bracket",
        message: "a closing bracket that nothing opened",
        help: "remove it, or put the text in quotes",
    },
];

/// Levels of `[` and `{` the event parser can hold.
const FLOW_LEVELS: usize = 255;

/// Reports the error that ended the events.
pub(super) fn report(error: &ScanError, offsets: &Offsets<'_>, text: &str, reports: &mut Reports<'_>) {
    let at = offsets.byte(error.marker().index());
    // Errors on tabs may be placed at the start of the scalar in front.
    let at = if error.info().contains("tab") { text[at..].find('\t').map_or(at, |i| at + i) } else { at };
    let end = at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    if error.info().contains("recursion limit") {
        let message = format!("`[` and `{{` are nested more than {FLOW_LEVELS} levels deep");
        return reports.report(&rules::INPUT_LIMIT, at, end, message, |d| {
            d.help("write the outer levels as indented blocks; this limit is fixed")
        });
    }
    match SAYINGS.iter().find(|saying| error.info().contains(saying.contains)) {
        Some(saying) => {
            reports.report(&rules::YAML_SYNTAX, at, end, saying.message, |d| d.help(saying.help));
        }
        None => reports.report(&rules::YAML_SYNTAX, at, end, error.info(), |d| d),
    }
}
