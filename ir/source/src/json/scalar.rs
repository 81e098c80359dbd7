//! Strings, numbers and words of a JSON text.

use wfc_diag::{Safety, Severity, Span};

use super::parser::Parser;
use crate::report::shown;
use crate::{rules, Kind};

/// Reads the scalar at the cursor, whatever it is.
pub(super) fn read(p: &mut Parser<'_>) {
    match p.bytes.get(p.at) {
        Some(b'"') => string(p),
        Some(b'\'') => single_quoted(p),
        Some(b'-' | b'+' | b'.' | b'0'..=b'9') => number(p),
        Some(b'$') => placeholder(p),
        Some(_) => word(p),
        None => {
            let at = p.at;
            p.report(&rules::JSON_SYNTAX, at, at, "a value is missing", |d| d.label("a value is expected here"));
            p.tree.leaf(Kind::Error, at, at);
        }
    }
}

/// Reads a double-quoted string; the cursor is on the quote.
pub(super) fn string(p: &mut Parser<'_>) {
    let start = p.at;
    let mut at = start + 1;
    loop {
        match p.bytes.get(at) {
            Some(b'"') => {
                p.at = at + 1;
                p.tree.leaf(Kind::String, start, at + 1);
                return;
            }
            Some(b'\\') | None | Some(0..=0x1f) => {
                quoted(p, start, at);
                return;
            }
            Some(_) => at += 1,
        }
    }
}

/// Reads a string in single quotes, which JSON does not have.
pub(super) fn single_quoted(p: &mut Parser<'_>) {
    let start = p.at;
    let closed = quoted(p, start, start + 1);
    let end = p.at;
    let inner = if closed { &p.file.text()[start + 1..end - 1] } else { "" };
    let fixed = (closed && is_plain(inner)).then(|| format!("\"{inner}\""));
    p.report(&rules::JSON_SYNTAX, start, end, "a string in single quotes", |d| {
        let span = d.primary.span;
        let d = d.label("JSON strings stand in double quotes");
        match fixed {
            Some(text) => d.fix("Use double quotes", Safety::Safe, vec![(span, text)]),
            None => d,
        }
    });
}

/// Whether the text can stand between double quotes as it is.
fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() || matches!(c, '"' | '\\'))
}

/// Reads the rest of a string that needs decoding; `plain` is where plain text ended. Says whether it is closed.
fn quoted(p: &mut Parser<'_>, start: usize, plain: usize) -> bool {
    let quote = p.bytes[start];
    let mut text = String::from(&p.file.text()[start + 1..plain]);
    let mut map = vec![(0, start as u32 + 1)];
    let mut at = plain;
    let closed = loop {
        let run =
            p.bytes[at..].iter().position(|&b| b == quote || b == b'\\' || b < 0x20).unwrap_or(p.bytes.len() - at);
        text.push_str(&p.file.text()[at..at + run]);
        at += run;
        match p.bytes.get(at) {
            Some(b'\\') => {
                at = escape(p, at, &mut text);
                map.push((text.len() as u32, at as u32));
            }
            Some(&b) if b == quote => {
                at += 1;
                break true;
            }
            Some(b'\n') | None => {
                unterminated(p, start, at);
                break false;
            }
            Some(&b) => {
                control_character(p, at, b);
                text.push(b as char);
                at += 1;
            }
        }
    };
    p.at = at;
    p.tree.decoded(Kind::String, start, at, text, map);
    closed
}

fn unterminated(p: &mut Parser<'_>, start: usize, at: usize) {
    let opened = Span::new(p.file.id(), start, start + 1);
    p.report(&rules::JSON_BAD_STRING, at, at, "the string is not closed before the end of the line", |d| {
        d.label("a closing quote is expected")
            .also(opened, "the string starts here")
            .help("write a line break as `\\n`")
    });
}

fn control_character(p: &mut Parser<'_>, at: usize, byte: u8) {
    let escape = match byte {
        b'\t' => "\\t".to_owned(),
        b'\r' => "\\r".to_owned(),
        _ => format!("\\u{byte:04x}"),
    };
    p.report(&rules::JSON_BAD_STRING, at, at + 1, "a raw control character in a string", |d| {
        let span = d.primary.span;
        d.label(format!("write `{escape}`")).fix("Escape the character", Safety::Safe, vec![(span, escape)])
    });
}

/// Decodes the escape at `at` onto `text`; returns where reading goes on.
fn escape(p: &mut Parser<'_>, at: usize, text: &mut String) -> usize {
    let simple = match p.bytes.get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(p, at, text),
        _ => return bad_escape(p, at, text),
    };
    text.push(simple);
    at + 2
}

fn bad_escape(p: &mut Parser<'_>, at: usize, text: &mut String) -> usize {
    let next = p.file.text()[at + 1..].chars().next().filter(|c| *c != '\n');
    let end = at + 1 + next.map_or(0, char::len_utf8);
    text.push('\\');
    text.extend(next);
    p.report(&rules::JSON_BAD_STRING, at, end, "an escape that JSON does not have", |d| {
        d.label("not an escape")
            .help("a backslash itself is written `\\\\`; escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
    });
    end
}

fn unicode_escape(p: &mut Parser<'_>, at: usize, text: &mut String) -> usize {
    let Some(first) = hex4(p.bytes, at + 2) else {
        text.push('\u{fffd}');
        let digits = p.bytes[at + 2..].iter().take(4).take_while(|b| b.is_ascii_hexdigit()).count();
        let end = at + 2 + digits;
        p.report(&rules::JSON_BAD_STRING, at, end, "`\\u` needs four hexadecimal digits", |d| {
            d.label("too few digits")
        });
        return end;
    };
    if let Some(ch) = char::from_u32(first) {
        text.push(ch);
        return at + 6;
    }
    let low = (p.bytes.get(at + 6) == Some(&b'\\') && p.bytes.get(at + 7) == Some(&b'u'))
        .then(|| hex4(p.bytes, at + 8))
        .flatten()
        .filter(|low| first < 0xdc00 && (0xdc00..0xe000).contains(low));
    if let Some(ch) = low.and_then(|low| char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00))) {
        text.push(ch);
        return at + 12;
    }
    text.push('\u{fffd}');
    p.report(&rules::JSON_BAD_STRING, at, at + 6, "half of a surrogate pair", |d| {
        d.label("stands for no character")
            .help("characters beyond U+FFFF take two escapes, `\\ud83d\\ude00`, or stand as they are")
    });
    at + 6
}

fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 4)?;
    digits.iter().try_fold(0, |value, &b| Some(value * 16 + (b as char).to_digit(16)?))
}

/// Reads a number. Forms that other languages allow are read and reported.
fn number(p: &mut Parser<'_>) {
    let start = p.at;
    let length = p.bytes[start..]
        .iter()
        .take_while(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E' | b'_' | b'a'..=b'z' | b'A'..=b'Z'))
        .count();
    let end = start + length;
    p.at = end;
    let text = &p.file.text()[start..end];
    match number_fault(text.as_bytes()) {
        None => {
            p.tree.leaf(Kind::Number, start, end);
        }
        Some(why) => {
            p.tree.leaf(Kind::Error, start, end);
            let shown = shown(text);
            p.report(&rules::JSON_BAD_NUMBER, start, end, format!("`{shown}` is not a JSON number"), |d| d.label(why));
        }
    }
}

/// Why the text is no JSON number; `None` if it is one.
pub(super) fn number_fault(text: &[u8]) -> Option<&'static str> {
    let digits = |at: usize| text[at.min(text.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(text.first() == Some(&b'-'));
    if text.first() == Some(&b'+') {
        return Some("a number has no plus sign");
    }
    let whole = digits(at);
    if whole == 0 {
        return Some("a digit is expected in front");
    }
    if whole > 1 && text[at] == b'0' {
        return Some("a number has no leading zeros");
    }
    at += whole;
    if text.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return Some("a digit is expected behind the point");
        }
        at += 1 + fraction;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return Some("the exponent has no digits");
        }
        at += exponent;
    }
    (at < text.len()).then_some("something follows the number")
}

/// Reads `${Name}`, which a tool replaces before anything else reads the text: as a string of that text.
fn placeholder(p: &mut Parser<'_>) {
    let start = p.at;
    let rest = &p.file.text()[start..];
    let name = rest.strip_prefix("${").and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
    let is_name =
        |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.:-".contains(c));
    let Some(name) = name.filter(is_name) else { return word(p) };
    let end = start + name.len() + 3;
    p.at = end;
    p.tree.decoded(Kind::String, start, end, &rest[..name.len() + 3], vec![(0, start as u32)]);
    p.report(&rules::JSON_SYNTAX, start, end, "a placeholder without quotes is not JSON until it is replaced", |d| {
        // Nothing that follows knows what will stand there, so the program is checked and goes no further.
        d.label("read as any value").help("give it a value to go on: `--set NAME=VALUE`").severity(Severity::Warning)
    });
}

/// Reads `true`, `false`, `null`, or reports whatever stands there.
fn word(p: &mut Parser<'_>) {
    let start = p.at;
    let end = word_end(p);
    p.at = end;
    let text = &p.file.text()[start..end];
    let kind = match text {
        "true" => Kind::Bool(true),
        "false" => Kind::Bool(false),
        "null" => Kind::Null,
        _ => Kind::Error,
    };
    p.tree.leaf(kind, start, end);
    if kind != Kind::Error {
        return;
    }
    let shown = shown(text);
    let meant = match text.to_ascii_lowercase().as_str() {
        "true" => Some("true"),
        "false" => Some("false"),
        "null" | "none" | "nil" | "undefined" => Some("null"),
        _ => None,
    };
    p.report(&rules::JSON_SYNTAX, start, end, format!("`{shown}` is not a JSON value"), |d| {
        let span = d.primary.span;
        match meant {
            Some(word) => d.help(format!("write `{word}`")).fix(
                format!("Write `{word}`"),
                Safety::Safe,
                vec![(span, word.to_owned())],
            ),
            None => d.help("strings stand in double quotes"),
        }
    });
}

/// Reads a key without quotes, which JSON does not have.
pub(super) fn bare_key(p: &mut Parser<'_>) {
    let start = p.at;
    let end = word_end(p);
    p.at = end;
    p.tree.decoded(Kind::String, start, end, &p.file.text()[start..end], vec![(0, start as u32)]);
    let text = &p.file.text()[start..end];
    let quoted = is_plain(text).then(|| format!("\"{text}\""));
    p.report(&rules::JSON_SYNTAX, start, end, "a key without quotes", |d| {
        let span = d.primary.span;
        let d = d.label("keys stand in double quotes");
        match quoted {
            Some(text) => d.fix("Quote the key", Safety::Safe, vec![(span, text)]),
            None => d,
        }
    });
}

/// Where the run of characters at the cursor ends; at least one character is taken, so reading always advances.
fn word_end(p: &Parser<'_>) -> usize {
    let rest = &p.file.text()[p.at..];
    let stop = |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '{' | '}' | '[' | ']' | '"');
    let first = rest.chars().next().map_or(0, char::len_utf8);
    p.at + rest[first..].find(stop).map_or(rest.len(), |i| first + i)
}
