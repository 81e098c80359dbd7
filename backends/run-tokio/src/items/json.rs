//! JSON: the elements of an array and the lines of a file, one at a time.

use wfc_expr::{value::MAX_DEPTH, Value};
use wfc_run_core::RunError;

use super::{reader_failed, window::Window, Source};

/// The owner of the dialect says it so, without a place.
const NOT_ITERABLE: &str = "Attempting to map over non-iterable node.";

/// One JSON value per line; lines of blanks are skipped.
pub(super) struct Lines(pub(super) Window);

impl Source for Lines {
    fn next(&mut self) -> Result<Option<Value>, RunError> {
        loop {
            let len = self.0.line()?;
            if len == 0 {
                return Ok(None);
            }
            let blank = self.0.bytes()[..len].iter().all(|byte| is_blank(*byte));
            let value = if blank { None } else { Some(self.0.value(len)?) };
            self.0.consume(len);
            if value.is_some() {
                return Ok(value);
            }
        }
    }
}

/// The elements of an array. What else is in the file is passed over as far as its brackets and strings show where
/// it ends; only elements are checked and held.
pub(super) struct Elements {
    cursor: Cursor,
    /// What follows the array must end the file, unless the array is inside something.
    whole: bool,
    state: State,
}

enum State {
    First,
    Further,
    Done,
}

impl Elements {
    /// The array that `pointer`, a JSON pointer, refers to; without one the whole file.
    pub(super) fn open(window: Window, pointer: Option<&str>) -> Result<Self, RunError> {
        let mut cursor = Cursor { window };
        let pointer = pointer.filter(|pointer| !pointer.is_empty());
        if let Some(pointer) = pointer {
            cursor.seek(pointer)?;
        }
        match cursor.peek()? {
            Some(b'[') => cursor.window.consume(1),
            Some(b'{' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => return Err(reader_failed(NOT_ITERABLE)),
            Some(_) => return Err(cursor.window.fail(0, "expected a value")),
            None => return Err(cursor.window.fail(0, "the text ends where a value is expected")),
        }
        Ok(Self { cursor, whole: pointer.is_none(), state: State::First })
    }

    /// Passes the comma before an element; `false` after the last.
    fn goes_on(&mut self) -> Result<bool, RunError> {
        match (&self.state, self.cursor.peek()?) {
            (State::Done, _) => return Ok(false),
            (State::First, Some(byte)) if byte != b']' => {}
            (State::Further, Some(b',')) => self.cursor.window.consume(1),
            (_, Some(b']')) => return self.end(),
            _ => return Err(self.cursor.window.fail(0, "expected ',' or ']'")),
        }
        self.state = State::Further;
        Ok(true)
    }

    fn end(&mut self) -> Result<bool, RunError> {
        self.cursor.window.consume(1);
        self.state = State::Done;
        if self.whole && self.cursor.peek()?.is_some() {
            return Err(self.cursor.window.fail(0, "something follows the array"));
        }
        Ok(false)
    }
}

impl Source for Elements {
    fn next(&mut self) -> Result<Option<Value>, RunError> {
        Ok(if self.goes_on()? { Some(self.cursor.value()?) } else { None })
    }
}

/// A place in a JSON text.
struct Cursor {
    window: Window,
}

impl Cursor {
    /// The next byte that is not white space.
    fn peek(&mut self) -> Result<Option<u8>, RunError> {
        loop {
            let bytes = self.window.bytes();
            let blanks = bytes.iter().take_while(|byte| is_blank(**byte)).count();
            let next = bytes.get(blanks).copied();
            self.window.consume(blanks);
            if next.is_some() || !self.window.more()? {
                return Ok(next);
            }
        }
    }

    /// Reads a value.
    fn value(&mut self) -> Result<Value, RunError> {
        self.peek()?;
        let len = self.extent(true)?;
        let value = self.window.value(len)?;
        self.window.consume(len);
        Ok(value)
    }

    /// Passes over a value of any length.
    fn skip(&mut self) -> Result<(), RunError> {
        self.peek()?;
        let len = self.extent(false)?;
        self.window.consume(len);
        Ok(())
    }

    /// Where in the window the value ends that begins here. Unless it is to be kept, the window moves with it.
    fn extent(&mut self, keep: bool) -> Result<usize, RunError> {
        let (mut extent, mut at) = (Extent::default(), 0);
        loop {
            for byte in &self.window.bytes()[at..] {
                match extent.take(*byte) {
                    Step::On => at += 1,
                    Step::Before => return Ok(at),
                    Step::After => return Ok(at + 1),
                    Step::TooDeep => {
                        let limit = format_args!("nested deeper than the limit of {MAX_DEPTH} levels");
                        return Err(self.window.fail(at, limit));
                    }
                }
            }
            if !keep {
                self.window.consume(at);
                at = 0;
            }
            if !self.window.more()? {
                return Ok(at);
            }
        }
    }

    /// Moves to what a JSON pointer refers to.
    fn seek(&mut self, pointer: &str) -> Result<(), RunError> {
        let nothing = || reader_failed(format_args!("ItemsPointer '{pointer}' refers to nothing in the file"));
        let Some(steps) = pointer.strip_prefix('/') else {
            return Err(reader_failed(format_args!("ItemsPointer '{pointer}' must begin with '/'")));
        };
        for step in steps.split('/') {
            let found = match self.peek()? {
                Some(b'{') => self.seek_member(&step.replace("~1", "/").replace("~0", "~"))?,
                Some(b'[') => self.seek_element(step.parse().map_err(|_| nothing())?)?,
                _ => false,
            };
            if !found {
                return Err(nothing());
            }
        }
        Ok(())
    }

    fn seek_member(&mut self, name: &str) -> Result<bool, RunError> {
        self.window.consume(1);
        while self.peek()? == Some(b'"') {
            let found = self.value()?.as_str() == Some(name);
            self.expect(b':', "expected ':'")?;
            if found {
                return Ok(true);
            }
            self.skip()?;
            if self.peek()? == Some(b',') {
                self.window.consume(1);
            }
        }
        self.expect(b'}', "expected ',' or '}'").map(|()| false)
    }

    fn seek_element(&mut self, index: u64) -> Result<bool, RunError> {
        self.window.consume(1);
        for _ in 0..index {
            if self.peek()? == Some(b']') {
                return Ok(false);
            }
            self.skip()?;
            if self.peek()? == Some(b']') {
                return Ok(false);
            }
            self.expect(b',', "expected ',' or ']'")?;
        }
        Ok(self.peek()? != Some(b']'))
    }

    fn expect(&mut self, byte: u8, message: &str) -> Result<(), RunError> {
        if self.peek()? != Some(byte) {
            return Err(self.window.fail(0, message));
        }
        self.window.consume(1);
        Ok(())
    }
}

/// How far a value was looked through. Brackets are counted, not matched: that is for who reads the value.
#[derive(Default)]
struct Extent {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

enum Step {
    On,
    Before,
    After,
    TooDeep,
}

impl Extent {
    /// Takes the next byte: does the value end before it, after it or later?
    fn take(&mut self, byte: u8) -> Step {
        if self.in_string {
            return self.take_in_string(byte);
        }
        match byte {
            b'"' => self.in_string = true,
            b'[' | b'{' => self.depth += 1,
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' | b']' | b'}' if self.depth == 0 => return Step::Before,
            b']' | b'}' => {
                self.depth -= 1;
                return self.closed();
            }
            _ => {}
        }
        if self.depth > MAX_DEPTH {
            Step::TooDeep
        } else {
            Step::On
        }
    }

    fn take_in_string(&mut self, byte: u8) -> Step {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => {
                self.in_string = false;
                return self.closed();
            }
            _ => {}
        }
        Step::On
    }

    fn closed(&self) -> Step {
        if self.depth == 0 {
            Step::After
        } else {
            Step::On
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
