//! Files by number, and the way from a byte offset to line and column.

use std::sync::{Arc, OnceLock};

use wfc_diag::{Diagnostic, FileId, Sink, Span};

use crate::rules;

/// One file's text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    id: FileId,
    name: Arc<str>,
    text: Arc<str>,
    lines: Arc<OnceLock<Lines>>,
}

#[derive(Debug)]
struct Lines {
    /// The offset of each line's first byte.
    starts: Vec<u32>,
    /// Whether columns are bytes, so that a long line need not be counted for every finding in it.
    ascii: bool,
}

/// A position as people count it: from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

impl SourceFile {
    /// A file whose text is known to be UTF-8.
    pub fn new(id: FileId, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { id, name: name.into(), text: text.into(), lines: Arc::default() }
    }

    /// A file from bytes. Bytes that are no UTF-8 are replaced and reported with their place.
    pub fn from_bytes(id: FileId, name: impl Into<Arc<str>>, bytes: Vec<u8>, sink: &mut Sink) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::new(id, name, text),
            Err(error) => {
                let start = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let bad = error.as_bytes()[start];
                sink.push(
                    Diagnostic::new(
                        &rules::INVALID_UTF8,
                        Span::new(id, start, start + '\u{fffd}'.len_utf8()),
                        format!("the file is not UTF-8: byte 0x{bad:02x} at offset {start}"),
                    )
                    .label("no character starts with or continues by this byte")
                    .help("save the file as UTF-8"),
                );
                Self::new(id, name, text)
            }
        }
    }

    /// Its number.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// The name it was given, usually a path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its text, shared.
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The line and column of byte `offset`.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let offset = offset.min(self.text.len());
        let lines = self.lines();
        let line = lines.starts.partition_point(|&start| start as usize <= offset) - 1;
        let start = lines.starts[line] as usize;
        let counted = if lines.ascii { None } else { self.text.get(start..offset) };
        let column = counted.map_or(offset - start, |text| text.chars().count());
        LineColumn { line: line as u32 + 1, column: column as u32 + 1 }
    }

    /// The text of line `line` (from 1) without its end.
    pub fn line_text(&self, line: u32) -> &str {
        let starts = &self.lines().starts;
        let index = (line as usize).saturating_sub(1);
        let Some(&start) = starts.get(index) else { return "" };
        let end = starts.get(index + 1).map_or(self.text.len(), |&e| e as usize);
        self.text[start as usize..end].trim_end_matches(['\n', '\r'])
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| {
            let newlines = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1);
            Lines { starts: std::iter::once(0).chain(newlines).collect(), ascii: self.text.is_ascii() }
        })
    }
}

/// All files of a session.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// A map without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> SourceFile {
        let file = SourceFile::new(self.next_id(), name, text);
        self.files.push(file.clone());
        file
    }

    /// Adds bytes, reporting what is no UTF-8.
    pub fn add_bytes(&mut self, name: impl Into<Arc<str>>, bytes: Vec<u8>, sink: &mut Sink) -> SourceFile {
        let file = SourceFile::from_bytes(self.next_id(), name, bytes, sink);
        self.files.push(file.clone());
        file
    }

    /// The file with that number.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files, in the order they were added.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    fn next_id(&self) -> FileId {
        FileId(self.files.len() as u32)
    }
}
