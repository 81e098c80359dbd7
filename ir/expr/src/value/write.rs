//! JSON text: compact and indented, without recursion.

use std::fmt::{self, Write};
use std::slice::Iter;
use std::sync::Arc;

use super::Value;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Writer { out: f, style: Style::Compact, open: Vec::new() }.write(self)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Displays a value with one member or item per line.
pub struct Pretty<'a>(pub &'a Value);

impl fmt::Display for Pretty<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Writer { out: f, style: Style::Pretty, open: Vec::new() }.write(self.0)
    }
}

/// Displays a value as AWS does inside sentences: text as it is, containers as Java prints them, `{a=1, b=[x]}`.
pub struct Plain<'a>(pub &'a Value);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Writer { out: f, style: Style::Plain, open: Vec::new() }.write(self.0)
    }
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// JSON without white space.
    Compact,
    /// JSON, one member or item per line.
    Pretty,
    /// See [`Plain`].
    Plain,
}

/// Appends the compact text of `value`.
pub(super) fn compact(value: &Value, out: &mut String) {
    // Writing to a `String` cannot fail.
    let _ = Writer { out, style: Style::Compact, open: Vec::new() }.write(value);
}

/// `text` as a JSON string, in quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    // Writing to a `String` cannot fail.
    let _ = write_quoted(text, &mut out);
    out
}

/// The length of [`quoted`].
pub(super) fn quoted_len(text: &str) -> usize {
    2 + text.len() + text.bytes().map(extra_len).sum::<usize>()
}

/// What is left to write of a container.
enum Open<'a> {
    Array(Iter<'a, Value>),
    Object(Iter<'a, (Arc<str>, Value)>),
}

struct Writer<'a, 'o, W: Write> {
    out: &'o mut W,
    style: Style,
    open: Vec<Open<'a>>,
}

impl<'a, W: Write> Writer<'a, '_, W> {
    fn write(&mut self, value: &'a Value) -> fmt::Result {
        self.begin(value)?;
        let mut first = is_open(value);
        while let Some(open) = self.open.last_mut() {
            let next = match open {
                Open::Array(items) => items.next().map(|value| (None, value)),
                Open::Object(members) => members.next().map(|(name, value)| (Some(&**name), value)),
            };
            match next {
                Some((name, value)) => {
                    self.separate(first)?;
                    self.name(name)?;
                    self.begin(value)?;
                    first = is_open(value);
                }
                None => {
                    self.end()?;
                    first = false;
                }
            }
        }
        Ok(())
    }

    /// Writes a scalar or an empty container, or opens a container.
    fn begin(&mut self, value: &'a Value) -> fmt::Result {
        match value {
            Value::Null => self.out.write_str("null"),
            Value::Bool(b) => write!(self.out, "{b}"),
            Value::Number(n) => write!(self.out, "{n}"),
            Value::String(s) => self.text(s),
            Value::Array(a) if a.is_empty() => self.out.write_str("[]"),
            Value::Object(o) if o.is_empty() => self.out.write_str("{}"),
            Value::Array(a) => {
                self.open.push(Open::Array(a.iter()));
                self.out.write_char('[')
            }
            Value::Object(o) => {
                self.open.push(Open::Object(o.entries().iter()));
                self.out.write_char('{')
            }
        }
    }

    fn separate(&mut self, first: bool) -> fmt::Result {
        if !first {
            self.out.write_str(if self.style == Style::Plain { ", " } else { "," })?;
        }
        self.line()
    }

    fn name(&mut self, name: Option<&str>) -> fmt::Result {
        let Some(name) = name else { return Ok(()) };
        self.text(name)?;
        self.out.write_str(match self.style {
            Style::Compact => ":",
            Style::Pretty => ": ",
            Style::Plain => "=",
        })
    }

    fn text(&mut self, text: &str) -> fmt::Result {
        match self.style {
            Style::Plain => self.out.write_str(text),
            _ => write_quoted(text, self.out),
        }
    }

    fn end(&mut self) -> fmt::Result {
        let closing = if matches!(self.open.pop(), Some(Open::Array(_))) { ']' } else { '}' };
        self.line()?;
        self.out.write_char(closing)
    }

    fn line(&mut self) -> fmt::Result {
        if self.style != Style::Pretty {
            return Ok(());
        }
        self.out.write_char('\n')?;
        self.open.iter().try_for_each(|_| self.out.write_str("  "))
    }
}

/// Whether writing `value` leaves an open container on the list.
fn is_open(value: &Value) -> bool {
    match value {
        Value::Array(a) => !a.is_empty(),
        Value::Object(o) => !o.is_empty(),
        _ => false,
    }
}

fn write_quoted(text: &str, out: &mut impl Write) -> fmt::Result {
    out.write_char('"')?;
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| extra_len(*byte) > 0) {
        out.write_str(&text[done..at])?;
        match short_escape(byte) {
            Some(letter) => write!(out, "\\{letter}")?,
            None => write!(out, "\\u{byte:04x}")?,
        }
        done = at + 1;
    }
    out.write_str(&text[done..])?;
    out.write_char('"')
}

/// How many bytes escaping adds.
fn extra_len(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        0..0x20 => 5,
        _ => 0,
    }
}

fn short_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'"' => '"',
        b'\\' => '\\',
        b'\n' => 'n',
        b'\r' => 'r',
        b'\t' => 't',
        0x08 => 'b',
        0x0c => 'f',
        _ => return None,
    })
}
