//! Values inside filters and arguments: JSON, and strings in single quotes.

use super::parse::{Parsed, Parser};
use crate::value::{Array, Number, Object};
use crate::Value;

impl Parser<'_> {
    pub(super) fn literal(&mut self) -> Parsed<Value> {
        match self.byte() {
            Some(quote @ (b'\'' | b'"')) => Ok(Value::from(self.string(quote)?)),
            Some(b'[') => self.array(),
            Some(b'{') => self.object(),
            _ => self.scalar(),
        }
    }

    fn scalar(&mut self) -> Parsed<Value> {
        let rest = self.rest();
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
        let text = &rest[..rest.find(|c| !part(c)).unwrap_or(rest.len())];
        let value = match text {
            "" => return Err(self.unexpected("a path or a value")),
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            number => match Number::from_text(number) {
                Some(number) => Value::Number(number),
                None => {
                    return Err(self.error(
                        self.at,
                        self.at + text.len(),
                        format!("`{text}` is neither a path nor a value"),
                    ))
                }
            },
        };
        self.at += text.len();
        Ok(value)
    }

    fn array(&mut self) -> Parsed<Value> {
        let mut array = Array::default();
        self.items(b']', |parser| {
            array.push(parser.literal()?);
            Ok(())
        })?;
        Ok(array.into())
    }

    fn object(&mut self) -> Parsed<Value> {
        let mut object = Object::default();
        self.items(b'}', |parser| {
            let Some(quote @ (b'\'' | b'"')) = parser.byte() else { return Err(parser.unexpected("a quoted name")) };
            let name = parser.string(quote)?;
            parser.space();
            parser.expect(b':', "':'")?;
            parser.space();
            object.insert(name, parser.literal()?);
            Ok(())
        })?;
        Ok(object.into())
    }

    /// What stands between an opening bracket, which is next, and `close`.
    fn items(&mut self, close: u8, mut item: impl FnMut(&mut Self) -> Parsed<()>) -> Parsed<()> {
        self.enter()?;
        self.at += 1;
        self.space();
        let mut more = !self.eat(close);
        while more {
            item(self)?;
            self.space();
            more = !self.eat(close);
            if more {
                self.expect(b',', if close == b']' { "',' or ']'" } else { "',' or '}'" })?;
                self.space();
            }
        }
        self.leave();
        Ok(())
    }

    fn string(&mut self, quote: u8) -> Parsed<String> {
        let open = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let len = self.rest().bytes().position(|b| b == quote || b == b'\\');
            let Some(len) = len else {
                return Err(self.error(open, self.text.len(), "the string is not closed"));
            };
            text.push_str(&self.rest()[..len]);
            self.at += len;
            if self.eat(quote) {
                return Ok(text);
            }
            text.push(self.escape()?);
        }
    }

    /// The escape whose backslash is next; a letter without meaning stands for itself.
    fn escape(&mut self) -> Parsed<char> {
        let start = self.at;
        self.at += 1;
        let Some(letter) = self.rest().chars().next() else {
            return Err(self.error(start, self.at, "the string is not closed"));
        };
        self.at += letter.len_utf8();
        Ok(match letter {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => return self.code_point(start),
            other => other,
        })
    }

    fn code_point(&mut self, start: usize) -> Parsed<char> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) => {
                self.at += 4;
                Ok(c)
            }
            None => Err(self.error(start, self.at, "malformed \\u escape")),
        }
    }
}
