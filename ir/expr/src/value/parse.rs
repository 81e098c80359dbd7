//! JSON text to value: strict RFC 8259, number text kept, no recursion.

use std::fmt;
use std::sync::Arc;

use super::{build::Builder, number, Number, Value, MAX_DEPTH};

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Offset of the byte at which it went wrong.
    pub offset: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.message, self.offset)
    }
}

impl std::error::Error for ParseError {}

pub(super) fn parse(text: &str) -> Result<Value, ParseError> {
    let mut parser = Parser { text, at: 0, builder: Builder::default() };
    parser.document()?;
    Ok(parser.builder.finish())
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    builder: Builder,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<(), ParseError> {
        loop {
            if self.value()? && self.after_value()? {
                break;
            }
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => self.fail("something follows the value"),
        }
    }

    /// Reads a scalar or an empty container (`true`), or opens a container up to its first value (`false`).
    fn value(&mut self) -> Result<bool, ParseError> {
        match self.peek() {
            Some(open @ (b'[' | b'{')) => return self.open(open),
            Some(b'"') => {
                let text = self.string()?;
                self.builder.value(Value::String(text));
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(_) => return self.fail("expected a value"),
            None => return self.fail("the text ends where a value is expected"),
        }
        Ok(true)
    }

    fn open(&mut self, bracket: u8) -> Result<bool, ParseError> {
        if self.builder.depth() == MAX_DEPTH {
            return self.fail(format!("nested deeper than the limit of {MAX_DEPTH} levels"));
        }
        self.at += 1;
        if bracket == b'[' {
            self.builder.begin_array();
            return Ok(self.close_if(b']'));
        }
        self.builder.begin_object();
        if self.close_if(b'}') {
            return Ok(true);
        }
        self.name()?;
        Ok(false)
    }

    fn close_if(&mut self, bracket: u8) -> bool {
        let closes = self.peek() == Some(bracket);
        if closes {
            self.at += 1;
            self.builder.end();
        }
        closes
    }

    /// Closes containers that end here; `true` when the document is complete, `false` when a value follows.
    fn after_value(&mut self) -> Result<bool, ParseError> {
        while self.builder.depth() > 0 {
            let in_object = self.builder.in_object();
            if self.peek() == Some(b',') {
                self.at += 1;
                if in_object {
                    self.name()?;
                }
                return Ok(false);
            }
            if !self.close_if(if in_object { b'}' } else { b']' }) {
                return self.fail(if in_object { "expected ',' or '}'" } else { "expected ',' or ']'" });
            }
        }
        Ok(true)
    }

    fn name(&mut self) -> Result<(), ParseError> {
        if self.peek() != Some(b'"') {
            return self.fail("expected a member name in double quotes");
        }
        let name = self.string()?;
        self.builder.name(name);
        if self.peek() != Some(b':') {
            return self.fail("expected ':'");
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str, value: Value) -> Result<(), ParseError> {
        if !self.text[self.at..].starts_with(word) {
            return self.fail("expected a value");
        }
        self.at += word.len();
        self.builder.value(value);
        Ok(())
    }

    fn number(&mut self) -> Result<(), ParseError> {
        let Some(len) = number::scan(&self.text.as_bytes()[self.at..]) else {
            return self.fail("malformed number");
        };
        self.builder.value(Number::from_scanned(&self.text[self.at..self.at + len]).into());
        self.at += len;
        Ok(())
    }

    /// The string whose opening quote is next.
    fn string(&mut self) -> Result<Arc<str>, ParseError> {
        let start = self.at + 1;
        self.at = start;
        self.plain();
        if self.byte() == Some(b'"') {
            self.at += 1;
            return Ok(self.text[start..self.at - 1].into());
        }
        let mut decoded = self.text[start..self.at].to_owned();
        loop {
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => decoded.push(self.escape()?),
                Some(_) => return self.fail("control character in a string"),
                None => return self.fail("the text ends inside a string"),
            }
            let from = self.at;
            self.plain();
            decoded.push_str(&self.text[from..self.at]);
        }
        self.at += 1;
        Ok(decoded.into())
    }

    /// Moves over characters that stand for themselves.
    fn plain(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len());
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        let plain = match letter {
            Some(b'u') => return self.unicode_escape(),
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            _ => return self.fail("unknown escape"),
        };
        self.at += 2;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Result<char, ParseError> {
        let high = self.code_unit()?;
        let code = match high {
            0xd800..=0xdbff => {
                let low = self.code_unit()?;
                if !(0xdc00..=0xdfff).contains(&low) {
                    return self.fail("half of a surrogate pair");
                }
                0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
            }
            other => other,
        };
        char::from_u32(code).map_or_else(|| self.fail("half of a surrogate pair"), Ok)
    }

    /// The `\uXXXX` that is next.
    fn code_unit(&mut self) -> Result<u32, ParseError> {
        let digits = self.text.as_bytes().get(self.at..self.at + 6).filter(|e| e.starts_with(b"\\u"));
        let unit =
            digits.and_then(|e| e[2..].iter().try_fold(0, |code, d| Some(code * 16 + char::from(*d).to_digit(16)?)));
        match unit {
            Some(unit) => {
                self.at += 6;
                Ok(unit)
            }
            None => self.fail("malformed \\u escape"),
        }
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.byte()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T, ParseError> {
        Err(ParseError { offset: self.at, message: message.into() })
    }
}
