//! The bytes of an object, a window at a time.

use std::fmt;
use std::io::{ErrorKind, Read};
use std::str;

use wfc_expr::Value;
use wfc_run_core::RunError;

use super::{reader_failed, MAX_ITEM};

/// What the window holds unless an item is longer. It doubles until the item fits, so nothing is looked through more
/// than a few times.
const SIZE: usize = 64 << 10;
const BOM: &[u8] = b"\xef\xbb\xbf";
const GZIP: &[u8] = b"\x1f\x8b";

/// A part of an object that moves forward over it.
pub(super) struct Window {
    source: Box<dyn Read + Send>,
    name: String,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    /// How many lines and bytes lie before the window.
    passed: (u64, u64),
}

impl Window {
    /// A window at the beginning of `source`, called `name` in messages.
    pub(super) fn open(source: Box<dyn Read + Send>, name: String) -> Result<Self, RunError> {
        let mut window = Self { source, name, buffer: vec![0; SIZE], start: 0, end: 0, ended: false, passed: (0, 0) };
        window.more()?;
        if window.bytes().starts_with(GZIP) {
            return Err(window.fail(0, "it is compressed with gzip, which is not supported: unpack it first"));
        }
        if window.bytes().starts_with(BOM) {
            window.consume(BOM.len());
        }
        Ok(window)
    }

    /// What it is a window on.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What is in the window.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Whether nothing follows what is in the window.
    pub(super) fn is_last(&self) -> bool {
        self.ended
    }

    /// Reads on; `false` if nothing is left. What is in the window must be part of one item.
    pub(super) fn more(&mut self) -> Result<bool, RunError> {
        if self.ended {
            return Ok(false);
        }
        self.check_length(self.bytes().len())?;
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        if self.end > self.buffer.len() / 2 {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let before = self.end;
        while self.end < self.buffer.len() && !self.ended {
            self.read()?;
        }
        Ok(self.end > before)
    }

    /// Refuses an item of so many bytes if it is too long.
    pub(super) fn check_length(&self, bytes: usize) -> Result<(), RunError> {
        if bytes > MAX_ITEM {
            return Err(self.fail(0, format_args!("an item is longer than the limit of {MAX_ITEM} bytes")));
        }
        Ok(())
    }

    fn read(&mut self) -> Result<(), RunError> {
        match self.source.read(&mut self.buffer[self.end..]) {
            Ok(0) => self.ended = true,
            Ok(read) => self.end += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(self.fail(self.bytes().len(), error)),
        }
        Ok(())
    }

    /// Moves the window on.
    pub(super) fn consume(&mut self, bytes: usize) {
        self.passed.0 += lines(&self.bytes()[..bytes]);
        self.passed.1 += bytes as u64;
        self.start += bytes;
    }

    /// The first bytes of the window as text.
    pub(super) fn text(&self, len: usize) -> Result<&str, RunError> {
        str::from_utf8(&self.bytes()[..len]).map_err(|error| self.fail(error.valid_up_to(), "it is not valid UTF-8"))
    }

    /// The first bytes of the window as a JSON value.
    pub(super) fn value(&self, len: usize) -> Result<Value, RunError> {
        self.check_length(len)?;
        Value::parse(self.text(len)?).map_err(|error| self.fail(error.offset, error.message))
    }

    /// The length of the line that begins the window, its end included; 0 after the last.
    pub(super) fn line(&mut self) -> Result<usize, RunError> {
        let mut seen = 0;
        loop {
            let bytes = self.bytes();
            if let Some(at) = bytes[seen..].iter().position(|byte| *byte == b'\n') {
                return Ok(seen + at + 1);
            }
            seen = bytes.len();
            if !self.more()? {
                return Ok(seen);
            }
        }
    }

    /// What is wrong at a byte of the window.
    pub(super) fn fail(&self, at: usize, what: impl fmt::Display) -> RunError {
        let line = 1 + self.passed.0 + lines(&self.bytes()[..at.min(self.bytes().len())]);
        let byte = self.passed.1 + at as u64;
        reader_failed(format_args!("{}, line {line}, byte {byte}: {what}", self.name))
    }
}

fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
