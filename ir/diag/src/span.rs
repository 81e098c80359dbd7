//! Positions: a byte range in one file, and a byte range inside one embedded expression.

use serde::{Deserialize, Serialize};

/// A file known to a source map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileId(pub u32);

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The file the bytes are in.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        // Files over 4 GiB are refused when they are read, so offsets fit.
        Self { file, start: start as u32, end: end as u32 }
    }

    /// The empty range in front of byte `at`.
    pub fn at(file: FileId, at: usize) -> Self {
        Self::new(file, at, at)
    }

    /// The smallest range that covers both; `other` must be in the same file.
    pub fn to(self, other: Span) -> Self {
        debug_assert_eq!(self.file, other.file);
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The range as indices into the file's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether no byte is in it.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A half-open range of bytes inside an expression's own (decoded) text.
///
/// Expression parsers know nothing of files; whoever holds the expression maps the range into the file,
/// through the escapes of the string it was written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TextRange {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl TextRange {
    /// The bytes `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The smallest range that covers both.
    pub fn to(self, other: TextRange) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range, `by` bytes further right.
    pub fn shift(self, by: usize) -> Self {
        Self { start: self.start + by as u32, end: self.end + by as u32 }
    }

    /// The range as indices into the expression's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The way from positions in a decoded text back to the file it was written in, through escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TextMap {
    file: FileId,
    /// Where the text starts in the file, when it stands there as it is.
    start: u32,
    end: u32,
    /// How many bytes of the written text come before the part that is mapped.
    skip: u32,
    /// (offset in the text, offset in the file) wherever the distance changes; absent if it never does.
    steps: Option<std::sync::Arc<[(u32, u32)]>>,
}

impl TextMap {
    /// A text that stands in the file as it is.
    pub fn identity(span: Span) -> Self {
        Self { file: span.file, start: span.start, end: span.end, skip: 0, steps: None }
    }

    /// A text that was decoded; `steps` ascend in both numbers.
    pub fn decoded(span: Span, steps: std::sync::Arc<[(u32, u32)]>) -> Self {
        Self { file: span.file, start: span.start, end: span.end, skip: 0, steps: Some(steps) }
    }

    /// The map for the same text without its first `bytes` bytes.
    pub fn skip(mut self, bytes: usize) -> Self {
        self.skip += bytes as u32;
        self
    }

    /// Where a range of the text stands in the file.
    pub fn locate(&self, range: TextRange) -> Span {
        let start = self.offset(range.start);
        let end = self.offset(range.end).max(start);
        Span { file: self.file, start, end }
    }

    fn offset(&self, offset: u32) -> u32 {
        let offset = offset.saturating_add(self.skip);
        let mapped = match &self.steps {
            None => self.start.saturating_add(offset),
            Some(steps) => {
                let index = steps.partition_point(|&(from, _)| from <= offset);
                index.checked_sub(1).map_or(self.start, |i| steps[i].1 + (offset - steps[i].0))
            }
        };
        mapped.min(self.end)
    }
}
