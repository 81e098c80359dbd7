//! From byte offsets to lines and columns, fast for any number of places in any file.

use std::cell::OnceCell;

use wfc_diag::{FileId, Span};
use wfc_source::SourceMap;

use crate::Report;

/// A position as formats write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// Line, from 1.
    pub(crate) line: usize,
    /// Column in Unicode scalar values, from 1.
    pub(crate) column: usize,
    /// Column in bytes, from 1.
    pub(crate) byte_column: usize,
    /// Offset in bytes, from 0.
    pub(crate) offset: usize,
}

/// A span with everything looked up; `end` is behind the last character.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) file: &'a str,
    pub(crate) start: Position,
    pub(crate) end: Position,
}

/// The files of a report, each indexed when first asked about.
pub(crate) struct Places<'a> {
    files: Vec<Lines<'a>>,
    unknown: Lines<'a>,
}

impl<'a> Places<'a> {
    pub(crate) fn of(report: &Report<'a>) -> Self {
        Self::new(report.sources)
    }

    fn new(sources: &'a SourceMap) -> Self {
        let files = sources.files().iter().map(|file| Lines::new(file.name(), file.text())).collect();
        // A finding of the tool itself may point into no file at all.
        Self { files, unknown: Lines::new("<unknown>", "") }
    }

    /// The file with that number; an empty one if there is none.
    pub(crate) fn file(&self, id: FileId) -> &Lines<'a> {
        usize::try_from(id.0).ok().and_then(|index| self.files.get(index)).unwrap_or(&self.unknown)
    }

    /// The span, forced into its file.
    pub(crate) fn place(&self, span: Span) -> Place<'a> {
        let file = self.file(span.file);
        let range = file.clamp(span.range());
        Place { file: file.name, start: file.position(range.start), end: file.position(range.end) }
    }
}

/// One file's text with an index of its lines.
pub(crate) struct Lines<'a> {
    name: &'a str,
    text: &'a str,
    index: OnceCell<Index>,
}

/// How far apart the remembered character counts are. A look-up counts at most so many bytes.
const STRIDE: usize = 1024;

struct Index {
    /// Offset of the first byte of each line.
    starts: Vec<usize>,
    /// Number of characters that start before byte `i * STRIDE`.
    chars: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, index: OnceCell::new() }
    }

    pub(crate) fn name(&self) -> &'a str {
        self.name
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The nearest valid range: inside the text, on character boundaries, not backwards.
    pub(crate) fn clamp(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let start = floor(self.text, range.start);
        start..floor(self.text, range.end).max(start)
    }

    /// The position of a byte that starts a character or is the end of the text.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let start = self.index().starts[line];
        let column = self.chars_before(offset) - self.chars_before(start) + 1;
        Position { line: line + 1, column, byte_column: offset - start + 1, offset }
    }

    /// The number, from 0, of the line that holds byte `offset`.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.index().starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// The bytes of line `line` (from 0) without its end.
    pub(crate) fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let starts = &self.index().starts;
        let start = starts.get(line).copied().unwrap_or(self.text.len());
        let end = starts.get(line + 1).copied().unwrap_or(self.text.len());
        let content = &self.text[start..end];
        let content = content.strip_suffix('\n').unwrap_or(content);
        start..start + content.strip_suffix('\r').unwrap_or(content).len()
    }

    fn chars_before(&self, offset: usize) -> usize {
        let block = offset / STRIDE;
        self.index().chars[block] + starts_in(&self.text.as_bytes()[block * STRIDE..offset])
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self.text))
    }
}

impl Index {
    fn new(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(newlines).collect();
        let mut chars = vec![0];
        for block in text.as_bytes().chunks(STRIDE) {
            chars.push(chars[chars.len() - 1] + starts_in(block));
        }
        Self { starts, chars }
    }
}

/// How many characters start in these bytes.
fn starts_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

/// The last character boundary at or before `offset`.
pub(crate) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_agree_with_the_source_map() {
        let text = format!("ä{}\r\n状態\n\n{}x", "é".repeat(3000), "ab→".repeat(2000));
        let mut sources = SourceMap::new();
        let file = sources.add("f", text.clone());
        let lines = Lines::new("f", &text);
        for (offset, _) in text.char_indices().step_by(7).chain([(text.len(), ' ')]) {
            let (expected, actual) = (file.line_column(offset), lines.position(offset));
            assert_eq!((expected.line as usize, expected.column as usize), (actual.line, actual.column), "{offset}");
        }
    }

    #[test]
    fn any_span_is_forced_into_the_file() {
        let mut sources = SourceMap::new();
        let id = sources.add("f", "ä\n").id();
        let places = Places::new(&sources);
        let place = places.place(Span { file: id, start: 1, end: 99 });
        assert_eq!((place.start.offset, place.end.offset, place.end.line), (0, 3, 2));
        let place = places.place(Span { file: id, start: 3, end: 0 });
        assert_eq!((place.start.offset, place.end.offset), (3, 3));
        assert_eq!(places.place(Span::new(FileId(9), 4, 5)).file, "<unknown>");
    }

    #[test]
    fn line_ends_are_not_content() {
        let lines = Lines::new("f", "a\r\nb\n");
        assert_eq!((lines.line_range(0), lines.line_range(1), lines.line_range(2)), (0..1, 3..4, 5..5));
    }
}
