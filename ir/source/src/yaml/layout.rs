//! Where each part of a scalar's text stands in the file.
//!
//! The event parser says what a scalar's text is but not where its characters came from. The functions here read
//! the raw text once more and keep the map; whoever calls them compares the texts and drops a map that does not fit.

use crate::mapped::Mapped;

/// A decoded text with its positions, and where its raw form ends.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) decoded: Mapped,
    /// Offset in the file behind the scalar, closing quote included.
    pub(super) end: usize,
}

impl Layout {
    /// Adds what line breaks become: one is a space, more are one line break less.
    fn fold(&mut self, breaks: usize, at: usize) {
        match breaks {
            0 => {}
            1 => self.decoded.push(" ", at),
            _ => self.decoded.push(&"\n".repeat(breaks - 1), at),
        }
    }
}

/// Reads a plain scalar that stands at `start..end`.
pub(super) fn plain(source: &str, start: usize, end: usize) -> Layout {
    let mut layout = Layout { end, ..Layout::default() };
    let mut at = start;
    while at < end {
        let run = source[at..end].find(is_space).map_or(end, |i| at + i);
        layout.decoded.push(&source[at..run], at);
        at = spaces(source, run, end, &mut layout);
    }
    layout
}

/// Reads a quoted scalar; `start` is on the quote. `None` if it is not closed or has an unknown escape.
pub(super) fn quoted(source: &str, start: usize) -> Option<Layout> {
    let quote = *source.as_bytes().get(start)?;
    let special = |c: char| c == quote as char || is_space(c) || (c == '\\' && quote == b'"');
    let mut layout = Layout::default();
    layout.decoded.mark(start + 1);
    let mut at = start + 1;
    loop {
        let run = at + source[at..].find(special)?;
        layout.decoded.push(&source[at..run], at);
        at = match source.as_bytes()[run] {
            b'\\' => escape(source, run, &mut layout)?,
            byte if byte != quote => spaces(source, run, source.len(), &mut layout),
            b'\'' if source.as_bytes().get(run + 1) == Some(&b'\'') => {
                layout.decoded.push("'", run);
                run + 2
            }
            _ => {
                layout.decoded.mark(run);
                layout.end = run + 1;
                return Some(layout);
            }
        };
    }
}

/// Finds the map of a block scalar with text `value`, whose first content character stands at `start`, with
/// `indent` spaces in front of it. The map is exact for literal text; folded text is matched line by line.
pub(super) fn block(source: &str, start: usize, indent: usize, value: &str) -> Vec<(u32, u32)> {
    // Line breaks in front of the first line of content stand before `start`, between lines of spaces.
    let leading = value.len() - value.trim_start_matches('\n').len();
    let mut decoded = Mapped { text: value[..leading].to_owned(), map: vague(leading, start) };
    let (mut at, mut from) = (start, leading);
    while from < value.len() {
        let line = source[at..].find(['\n', '\r']).map_or(source.len() - at, |i| i);
        let Some(taken) = value.get(from..from + line).filter(|text| *text == &source[at..at + line]) else { break };
        decoded.push(taken, at);
        from += line;
        at += line;
        let joined = if value[from..].starts_with(' ') {
            1
        } else {
            value[from..].len() - value[from..].trim_start_matches('\n').len()
        };
        if joined == 0 {
            break;
        }
        decoded.push(&value[from..from + joined], at);
        from += joined;
        at = skip_breaks(source, at, indent);
    }
    decoded.map
}

/// The map of a text of which only the start is known.
pub(super) fn vague(length: usize, start: usize) -> Vec<(u32, u32)> {
    (0..=length).map(|offset| (offset as u32, start as u32)).collect()
}

/// Skips line breaks and the indentation behind each.
fn skip_breaks(source: &str, mut at: usize, indent: usize) -> usize {
    while let Some(length) = break_length(&source[at..]) {
        at += length;
        at += source[at..].bytes().take(indent).take_while(|b| *b == b' ').count();
    }
    at
}

/// Takes the run of spaces and line breaks at `at`; returns where it ends.
fn spaces(source: &str, at: usize, end: usize, layout: &mut Layout) -> usize {
    let run = source[at..end].find(|c| !is_space(c)).map_or(end, |i| at + i);
    match count_breaks(&source[at..run]) {
        0 => layout.decoded.push(&source[at..run], at),
        breaks => layout.fold(breaks, at),
    }
    run
}

/// Takes the escape at `at`; returns where it ends.
fn escape(source: &str, at: usize, layout: &mut Layout) -> Option<usize> {
    let rest = &source[at + 1..];
    if break_length(rest).is_some() {
        let run = rest.find(|c| !is_space(c)).unwrap_or(rest.len());
        layout.decoded.push(&"\n".repeat(count_breaks(&rest[..run]) - 1), at);
        return Some(at + 1 + run);
    }
    let letter = rest.chars().next()?;
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    let decoded = match digits {
        0 => simple_escape(letter)?,
        _ => char::from_u32(u32::from_str_radix(rest.get(1..1 + digits)?, 16).ok()?)?,
    };
    layout.decoded.push(decoded.encode_utf8(&mut [0; 4]), at);
    let end = at + 2 + digits;
    layout.decoded.mark(end);
    Some(end)
}

fn simple_escape(letter: char) -> Option<char> {
    Some(match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        ' ' | '"' | '/' | '\\' => letter,
        _ => return None,
    })
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// How many bytes the line break at the front takes.
fn break_length(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}

fn count_breaks(run: &str) -> usize {
    let bytes = run.as_bytes();
    let is_break = |(index, byte): (usize, &u8)| match byte {
        b'\r' => bytes.get(index + 1) != Some(&b'\n'),
        byte => *byte == b'\n',
    };
    bytes.iter().enumerate().filter(|pair| is_break(*pair)).count()
}
