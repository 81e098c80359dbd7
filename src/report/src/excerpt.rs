//! The few lines of a file that a finding points at, made safe to print, with the labels' ranges moved along.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::clean;
use crate::place::Lines;
use crate::window::{self, window};

/// Lines of a file as a text of their own. Every line ends with a newline.
#[derive(Default)]
pub(crate) struct Excerpt {
    pub(crate) text: String,
    /// For each line of `text` its number in the file, from 1; `None` stands for lines left out.
    pub(crate) numbers: Vec<Option<usize>>,
    /// The ranges asked for, in `text`; never empty, so that there is a character to mark.
    pub(crate) spans: Vec<Range<usize>>,
}

/// Limits of the drawing.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    /// How wide an excerpt may be.
    pub(crate) columns: usize,
    /// What stands for text left out.
    pub(crate) ellipsis: &'static str,
}

/// The first and last line of each of `spans`, which must be valid ranges of the file.
pub(crate) fn excerpt(file: &Lines, spans: &[Range<usize>], look: Look) -> Excerpt {
    let extents: Vec<Extent> = spans.iter().map(|span| Extent::of(file, span)).collect();
    let extents: Vec<Extent> = extents.iter().map(|extent| extent.apart_from(&extents, file)).collect();
    let shown: BTreeSet<usize> = extents.iter().flat_map(|extent| [extent.first, extent.last]).collect();
    let mut out = Excerpt::default();
    let mut moved = BTreeMap::new();
    let mut previous = None;
    for line in shown {
        if previous.is_some_and(|previous: usize| previous + 1 < line) {
            out.text.push('\n');
            out.numbers.push(None);
        }
        previous = Some(line);
        out.numbers.push(Some(line + 1));
        let marks: Vec<Range<usize>> = extents.iter().filter_map(|extent| extent.on(line)).collect();
        write_line(&mut out.text, file, line, &marks, look, &mut moved);
    }
    out.spans = extents.iter().map(|extent| extent.moved(&moved, &out.text)).collect();
    out
}

/// A span within the contents of the lines it starts and ends on.
#[derive(Clone)]
pub(crate) struct Extent {
    first: usize,
    last: usize,
    start: usize,
    end: usize,
}

impl Extent {
    fn of(file: &Lines, span: &Range<usize>) -> Self {
        let first = file.line_of(span.start);
        // A span up to and with a line end belongs to that line, not to the next one.
        let last = file.line_of(span.end.saturating_sub(1).max(span.start));
        let start = span.start.min(file.line_range(first).end);
        let end = span.end.min(file.line_range(last).end).max(start);
        Self { first, last, start, end }
    }

    /// Within one line, underlines of nested spans cannot be told apart: the outer one keeps its first character.
    fn apart_from(&self, others: &[Self], file: &Lines) -> Self {
        let mut extent = self.clone();
        if self.first == self.last && others.iter().any(|other| self.is_around(other)) {
            extent.end = self.start + file.text()[self.start..].chars().next().map_or(0, char::len_utf8);
        }
        extent
    }

    fn is_around(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end && other.end - other.start < self.end - self.start
    }

    /// The part of it that must be seen on `line`.
    fn on(&self, line: usize) -> Option<Range<usize>> {
        match (self.first == line, self.last == line) {
            (true, true) => Some(self.start..self.end),
            (true, false) => Some(self.start..self.start),
            (false, true) => Some(self.end..self.end),
            (false, false) => None,
        }
    }

    fn moved(&self, moved: &BTreeMap<usize, usize>, text: &str) -> Range<usize> {
        let at = |offset| moved.get(offset).copied().unwrap_or(0);
        let (start, end) = (at(&self.start), at(&self.end));
        let next = text[start..].chars().next().map_or(0, char::len_utf8);
        start..end.max(start + next)
    }
}

fn write_line(
    out: &mut String,
    file: &Lines,
    line: usize,
    marks: &[Range<usize>],
    look: Look,
    moved: &mut BTreeMap<usize, usize>,
) {
    let range = file.line_range(line);
    let text = &file.text()[range.clone()];
    let local: Vec<Range<usize>> = marks.iter().map(|m| m.start - range.start..m.end - range.start).collect();
    let ends: BTreeSet<usize> = local.iter().flat_map(|mark| [mark.start, mark.end]).collect();
    let mut ends = ends.into_iter().peekable();
    let begin = out.len();
    let mut shown = 0;
    for part in window(text, &local, look.columns) {
        out.push_str(if part.start > shown { look.ellipsis } else { "" });
        for (at, c) in text[part.clone()].char_indices() {
            while let Some(end) = ends.next_if(|&end| end <= part.start + at) {
                moved.insert(range.start + end, out.len());
            }
            write_char(out, begin, c);
        }
        shown = part.end;
        while let Some(end) = ends.next_if(|&end| end <= shown) {
            moved.insert(range.start + end, out.len());
        }
    }
    out.push_str(if shown < text.len() { look.ellipsis } else { "" });
    out.push('\n');
}

/// Tabs become spaces up to the next stop, what cannot be printed is spelled out.
fn write_char(out: &mut String, begin: usize, c: char) {
    if c == '\t' {
        let column: usize = out[begin..].chars().map(window::width).sum();
        out.extend(std::iter::repeat_n(' ', window::TAB - column % window::TAB));
    } else {
        clean::push(out, c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look { columns: 60, ellipsis: "…" };

    fn marked(text: &str, span: Range<usize>) -> (String, String) {
        let excerpt = excerpt(&Lines::new("f", text), std::slice::from_ref(&span), LOOK);
        let marked = excerpt.text[excerpt.spans[0].clone()].to_owned();
        (excerpt.text, marked)
    }

    #[test]
    fn ranges_follow_the_text_that_was_rewritten() {
        let cases = [
            ("a\tb\u{1b}c", 2..3, "a   b\\u{1b}c\n", "b"),
            ("a\tb\u{1b}c", 3..4, "a   b\\u{1b}c\n", "\\u{1b}"),
            ("", 0..0, "\n", "\n"),
            ("ab", 2..2, "ab\n", "\n"),
            ("ab\r\ncd\r\n", 2..4, "ab\n", "\n"),
            ("ab\r\ncd\r\n", 8..8, "\n", "\n"),
            ("a\nb\nc\nd\n", 2..7, "b\n\nd\n", "b\n\nd"),
            ("状態", 3..3, "状態\n", "態"),
        ];
        for (text, span, expected, mark) in cases {
            assert_eq!(marked(text, span), (expected.to_owned(), mark.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn an_outer_span_is_marked_at_its_start() {
        let excerpt = excerpt(&Lines::new("f", "[1, {2}, 3]"), &[0..11, 4..7, 4..7], LOOK);
        assert_eq!(excerpt.spans, [0..1, 4..7, 4..7]);
    }

    #[test]
    fn a_huge_line_is_cut() {
        let text = format!("{}X{}", "a,".repeat(1_000_000), "b,".repeat(500_000));
        let (text, mark) = marked(&text, 2_000_000..2_000_001);
        assert!(text.len() < 80 && mark == "X", "{text}");
    }
}
