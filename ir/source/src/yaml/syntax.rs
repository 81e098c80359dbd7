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
        contains: "invalid indentation in quoted scalar",
        message: "a line of a quoted string is not indented",
        help: "indent every line of the string further than its key, and close the string",
    },
    Saying {
        contains: "invalid indentation in flow construct",
        message: "a line inside `[` or `{` is not indented",
        help: "indent every line further than the key it belongs to, and close the bracket",
    },
    Saying {
        contains: "wrongly indented line in block scalar",
        message: "a line of a text is indented less than its first line",
        help: "all lines of a text behind `|` or `>` start in one column, or further right",
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
        contains: "did not find expected node content",
        message: "a value is missing",
        help: "write `null` or `\"\"` for an empty value",
    },
    Saying {
        contains: "block sequence entries are not allowed",
        message: "a list element where no list can start",
        help: "start the list in a new line; put text that starts with `- ` in quotes",
    },
    Saying {
        contains: "did not find expected <document start>",
        message: "text behind the end of the value",
        help: "keys of one object start in the same column, elements of one list as well",
    },
    Saying {
        contains: "comment intercepting",
        message: "a comment inside a text of several lines",
        help: "put the comment in front of the key, or the text in quotes",
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
    let at = place(error.info(), offsets.byte(error.marker().index()), text);
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

/// Where the reason for an error is that the event parser placed at `at`.
fn place(info: &str, at: usize, text: &str) -> usize {
    if info.contains("tab") {
        // Some are placed at the start of the scalar in front.
        return text[at..].find('\t').map_or(at, |tab| at + tab);
    }
    if info.contains("simple key expect") {
        // A key without a colon is noticed in the next line.
        let line = text[..at].trim_end();
        let start = line.rfind('\n').map_or(0, |newline| newline + 1);
        return start + line[start..].find(|c: char| !c.is_whitespace()).unwrap_or(0);
    }
    at
}
