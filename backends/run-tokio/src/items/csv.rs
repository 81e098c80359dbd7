//! CSV: rows as objects of strings.
//!
//! As recorded: every value is a string, missing cells are "", cells without a header are dropped, a row of blanks is
//! an item. A line without anything in it is none. A quote means something only at the beginning of a cell.

use std::collections::HashSet;
use std::sync::Arc;

use wfc_expr::{value::Object, Value};
use wfc_run_core::RunError;

use super::{reader_failed, window::Window, HeaderLocation, ReaderConfig, Source, MAX_HEADER};

/// The rows of a CSV.
pub(super) struct Rows {
    window: Window,
    delimiter: u8,
    headers: Vec<Arc<str>>,
    /// Cells of the present row that have a header; kept for its memory.
    cells: Vec<Cell>,
    empty: Arc<str>,
}

/// A cell in the window.
struct Cell {
    start: usize,
    end: usize,
    /// It holds doubled quotes.
    doubled: bool,
}

impl Rows {
    pub(super) fn open(window: Window, config: &ReaderConfig) -> Result<Self, RunError> {
        let delimiter = config.csv_delimiter.byte();
        let mut rows = Self { window, delimiter, headers: Vec::new(), cells: Vec::new(), empty: "".into() };
        rows.headers = match &config.csv_header_location {
            Some(HeaderLocation::FirstRow) => rows.first_row()?,
            Some(HeaderLocation::Given(headers)) => headers.clone(),
            None => return Err(reader_failed("ReaderConfig.CSVHeaderLocation is required to read a CSV")),
        };
        let mut seen = HashSet::new();
        if !rows.headers.iter().all(|header| seen.insert(header)) {
            return Err(reader_failed("CSV headers cannot contain duplicates."));
        }
        Ok(rows)
    }

    fn first_row(&mut self) -> Result<Vec<Arc<str>>, RunError> {
        let Some(len) = self.row(usize::MAX)? else { return Ok(Vec::new()) };
        if len > MAX_HEADER {
            let limit = format_args!("the header row is longer than the limit of {MAX_HEADER} bytes");
            return Err(self.window.fail(0, limit));
        }
        let text = self.window.text(len)?;
        let headers = self.cells.iter().map(|cell| cell.text(text)).collect();
        self.window.consume(len);
        Ok(headers)
    }

    /// Brings the next row into the window and finds its first `wanted` cells.
    fn row(&mut self, wanted: usize) -> Result<Option<usize>, RunError> {
        loop {
            if self.window.bytes().is_empty() && !self.window.more()? {
                return Ok(None);
            }
            let found =
                Scan { bytes: self.window.bytes(), at: 0, last: self.window.is_last(), delimiter: self.delimiter }
                    .row(wanted, &mut self.cells);
            match found {
                Ok(Some(len)) if matches!(self.window.bytes()[0], b'\r' | b'\n') => self.window.consume(len),
                Ok(Some(len)) => return self.window.check_length(len).map(|()| Some(len)),
                Ok(None) => drop(self.window.more()?),
                Err((at, what)) => return Err(self.window.fail(at, what)),
            }
        }
    }
}

impl Source for Rows {
    fn next(&mut self) -> Result<Option<Value>, RunError> {
        let Some(len) = self.row(self.headers.len())? else { return Ok(None) };
        let text = self.window.text(len)?;
        let cell = |at: usize| match self.cells.get(at) {
            Some(cell) if cell.start < cell.end => cell.text(text),
            _ => Arc::clone(&self.empty),
        };
        let members = self.headers.iter().enumerate();
        let row: Object = members.map(|(at, header)| (Arc::clone(header), Value::String(cell(at)))).collect();
        self.window.consume(len);
        Ok(Some(row.into()))
    }
}

impl Cell {
    /// The cell is between delimiters, quotes and line ends, so it begins and ends at whole characters.
    fn text(&self, row: &str) -> Arc<str> {
        let raw = &row[self.start..self.end];
        if self.doubled {
            raw.replace("\"\"", "\"").into()
        } else {
            raw.into()
        }
    }
}

/// What is wrong at a byte.
type Wrong = (usize, &'static str);

/// Looks through a row from its beginning.
struct Scan<'b> {
    bytes: &'b [u8],
    at: usize,
    /// Nothing follows the bytes.
    last: bool,
    delimiter: u8,
}

impl Scan<'_> {
    /// The length of the row, line end included; `None` if its end is not among the bytes.
    fn row(&mut self, wanted: usize, cells: &mut Vec<Cell>) -> Result<Option<usize>, Wrong> {
        cells.clear();
        loop {
            let quoted = self.bytes.get(self.at) == Some(&b'"');
            let Some(cell) = (if quoted { self.quoted()? } else { Some(self.plain()) }) else { return Ok(None) };
            if cells.len() < wanted {
                cells.push(cell);
            }
            match self.bytes.get(self.at) {
                Some(byte) if *byte == self.delimiter => self.at += 1,
                Some(_) => return Ok(self.line_end()),
                None => return Ok(self.last.then_some(self.at)),
            }
        }
    }

    fn plain(&mut self) -> Cell {
        let start = self.at;
        let ends = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\n' | b'\r');
        self.at += self.bytes[start..].iter().position(ends).unwrap_or(self.bytes.len() - start);
        Cell { start, end: self.at, doubled: false }
    }

    /// The cell whose quote is next, up to what follows its last quote; `None` if that is not among the bytes.
    fn quoted(&mut self) -> Result<Option<Cell>, Wrong> {
        let quote = self.at;
        let mut cell = Cell { start: quote + 1, end: quote + 1, doubled: false };
        loop {
            match self.bytes[cell.end..].iter().position(|byte| *byte == b'"') {
                Some(length) => cell.end += length,
                None if self.last => return Err((quote, "a quoted cell has no end")),
                None => return Ok(None),
            }
            if self.bytes.get(cell.end + 1) != Some(&b'"') {
                break;
            }
            cell.doubled = true;
            cell.end += 2;
        }
        self.at = cell.end + 1;
        self.blanks();
        match self.bytes.get(self.at) {
            None if !self.last => Ok(None),
            Some(byte) if *byte != self.delimiter && !matches!(byte, b'\n' | b'\r') => {
                Err((self.at, "something follows the end of a quoted cell"))
            }
            _ => Ok(Some(cell)),
        }
    }

    fn blanks(&mut self) {
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t') && *byte != self.delimiter;
        self.at += self.bytes[self.at..].iter().take_while(|byte| is_blank(byte)).count();
    }

    /// Where the line end ends that is next: `\n`, `\r\n` or `\r`.
    fn line_end(&self) -> Option<usize> {
        match (self.bytes[self.at], self.bytes.get(self.at + 1)) {
            (b'\r', Some(b'\n')) => Some(self.at + 2),
            (b'\r', None) if !self.last => None,
            _ => Some(self.at + 1),
        }
    }
}
