//! Text to tokens, one at a time, because whether `/` divides or starts a regular expression is the parser's knowledge.

use wfc_diag::TextRange;

use super::ast::{BinaryOp, Text};
use super::error::{Parsed, SyntaxError};

/// A word of punctuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Punct {
    Dot,
    Range,
    Comma,
    Semicolon,
    Colon,
    Question,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    At,
    Hash,
    Caret,
    Bar,
    Bind,
    Descendant,
    Exclamation,
    Tilde,
    /// An operator between operands; some can also start one.
    Operator(BinaryOp),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    End,
    Name(Text),
    Variable(Text),
    String(Text),
    RawString(Text),
    Number(f64),
    Boolean(bool),
    Null,
    Regex(Text),
    Punct(Punct),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: TextRange,
}

pub(super) struct Lexer<'s> {
    source: &'s str,
    bytes: &'s [u8],
    at: usize,
    /// Strings that differ from their spelling. A [`Text`] behind the end of the source is in here.
    pub(super) decoded: String,
}

impl Token {
    pub(super) fn is(&self, punct: Punct) -> bool {
        matches!(self.kind, Kind::Punct(found) if found == punct)
    }
}

impl<'s> Lexer<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self { source, bytes: source.as_bytes(), at: 0, decoded: String::new() }
    }

    /// The bytes at `range`, shortened for a message.
    pub(super) fn excerpt(&self, range: TextRange) -> String {
        let text = &self.source[range.range()];
        match text.char_indices().nth(30) {
            Some((cut, _)) => format!("{}…", &text[..cut]),
            None => text.to_owned(),
        }
    }

    /// A piece of text of a token.
    pub(super) fn text(&self, text: Text) -> &str {
        let (start, end) = (text.start as usize, text.end as usize);
        match start.checked_sub(self.source.len()) {
            Some(shifted) if start != end => &self.decoded[shifted..end - self.source.len()],
            Some(_) => "",
            None => &self.source[start..end],
        }
    }

    /// The next token; `regex` says whether `/` starts a regular expression here.
    pub(super) fn next(&mut self, regex: bool) -> Parsed<Token> {
        self.skip_blank()?;
        let start = self.at;
        let Some(&first) = self.bytes.get(start) else {
            return Ok(Token { kind: Kind::End, range: TextRange::new(start, start) });
        };
        let kind = match first {
            b'/' if regex => self.regex()?,
            b'"' | b'\'' => self.string(first)?,
            b'`' => self.quoted_name()?,
            b'0'..=b'9' => self.number()?,
            _ => match self.punct(first) {
                Some(punct) => Kind::Punct(punct),
                None => self.word(first),
            },
        };
        Ok(Token { kind, range: TextRange::new(start, self.at) })
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn skip_blank(&mut self) -> Parsed<()> {
        loop {
            while is_blank(self.peek(0)) {
                self.at += 1;
            }
            if self.peek(0) != b'/' || self.peek(1) != b'*' {
                return Ok(());
            }
            match self.source[self.at + 2..].find("*/") {
                Some(length) => self.at += length + 4,
                None => return Err(self.open_comment()),
            }
        }
    }

    fn open_comment(&self) -> Box<SyntaxError> {
        let range = TextRange::new(self.at, self.at + 2);
        SyntaxError::new("S0106", range, "a comment is not closed").label("starts here").help("close it with `*/`")
    }

    fn punct(&mut self, first: u8) -> Option<Punct> {
        let (punct, length) = match double(first, self.peek(1)) {
            Some(punct) => (punct, 2),
            None => (single(first)?, 1),
        };
        self.at += length;
        Some(punct)
    }

    fn word(&mut self, first: u8) -> Kind {
        let start = self.at;
        while self.at < self.bytes.len() && !ends_name(self.bytes[self.at]) {
            self.at += 1;
        }
        if first == b'$' {
            return Kind::Variable(text(start + 1, self.at));
        }
        match &self.source[start..self.at] {
            "and" => Kind::Punct(Punct::Operator(BinaryOp::And)),
            "or" => Kind::Punct(Punct::Operator(BinaryOp::Or)),
            "in" => Kind::Punct(Punct::Operator(BinaryOp::In)),
            "true" => Kind::Boolean(true),
            "false" => Kind::Boolean(false),
            "null" => Kind::Null,
            _ => Kind::Name(text(start, self.at)),
        }
    }

    fn quoted_name(&mut self) -> Parsed<Kind> {
        let start = self.at + 1;
        match self.source[start..].find('`') {
            Some(length) => {
                self.at = start + length + 1;
                Ok(Kind::Name(text(start, start + length)))
            }
            None => {
                let range = TextRange::new(self.at, self.source.len());
                Err(SyntaxError::new("S0105", range, "a quoted name is not closed").help("close it with a backtick"))
            }
        }
    }

    fn number(&mut self) -> Parsed<Kind> {
        let start = self.at;
        self.at += 1;
        if self.bytes[start] != b'0' {
            self.digits();
        }
        if self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            self.at += 1;
            self.digits();
        }
        self.exponent();
        match self.source[start..self.at].parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Kind::Number(number)),
            _ => {
                let range = TextRange::new(start, self.at);
                Err(SyntaxError::new("S0102", range, "a number is out of range")
                    .help("numbers are 64-bit floating point: at most about 1.8e308"))
            }
        }
    }

    fn digits(&mut self) {
        while self.peek(0).is_ascii_digit() {
            self.at += 1;
        }
    }

    fn exponent(&mut self) {
        if !matches!(self.peek(0), b'e' | b'E') {
            return;
        }
        let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
        if self.peek(1 + sign).is_ascii_digit() {
            self.at += 1 + sign;
            self.digits();
        }
    }

    /// The end is the first `/` outside all brackets with an even number of backslashes before it, and brackets
    /// count unless a backslash stands before them: how the language's owner finds it.
    fn regex(&mut self) -> Parsed<Kind> {
        let start = self.at;
        let mut depth = 0i64;
        let mut backslashes = 0usize;
        for at in start + 1..self.bytes.len() {
            let byte = self.bytes[at];
            match byte {
                b'/' if depth == 0 && backslashes % 2 == 0 => return self.regex_end(start, at),
                b'(' | b'[' | b'{' if backslashes == 0 => depth += 1,
                b')' | b']' | b'}' if backslashes == 0 => depth -= 1,
                _ => {}
            }
            backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
        }
        let range = TextRange::new(start, self.source.len());
        Err(SyntaxError::new("S0302", range, "a regular expression is not closed")
            .help("close it with `/`; for a division, something must stand on the left"))
    }

    fn regex_end(&mut self, start: usize, slash: usize) -> Parsed<Kind> {
        if slash == start + 1 {
            let range = TextRange::new(start, slash + 1);
            return Err(SyntaxError::new("S0301", range, "a regular expression is empty"));
        }
        self.at = slash + 1;
        while matches!(self.peek(0), b'i' | b'm') {
            self.at += 1;
        }
        Ok(Kind::Regex(text(start, self.at)))
    }

    fn string(&mut self, quote: u8) -> Parsed<Kind> {
        let start = self.at;
        self.at += 1;
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'\\' => return self.escaped_string(start, quote),
                byte if byte == quote => {
                    self.at += 1;
                    return Ok(Kind::String(text(start + 1, self.at - 1)));
                }
                _ => self.at += 1,
            }
        }
        Err(self.open_string(start))
    }

    fn open_string(&self, start: usize) -> Box<SyntaxError> {
        let range = TextRange::new(start, self.source.len());
        SyntaxError::new("S0101", range, "a string is not closed")
            .help("close it with the quote it starts with; inside, `\\\"` is a double quote, `'` has no escape")
    }

    /// The rest of a string whose first backslash is at the cursor.
    fn escaped_string(&mut self, start: usize, quote: u8) -> Parsed<Kind> {
        let from = self.source.len() + self.decoded.len();
        let mut copied = start + 1;
        let mut whole = true;
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            if byte == b'\\' {
                self.decoded.push_str(&self.source[copied..self.at]);
                whole &= self.escape()?;
                copied = self.at;
            } else if byte == quote {
                self.decoded.push_str(&self.source[copied..self.at]);
                self.at += 1;
                let decoded = text(from, self.source.len() + self.decoded.len());
                return Ok(if whole { Kind::String(decoded) } else { Kind::RawString(text(start, self.at)) });
            } else {
                self.at += 1;
            }
        }
        Err(self.open_string(start))
    }

    /// Decodes the escape at the cursor; false for half a surrogate pair.
    fn escape(&mut self) -> Parsed<bool> {
        let decoded = match self.peek(1) {
            b'u' => return self.unicode_escape(),
            byte @ (b'"' | b'\\' | b'/') => byte as char,
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            _ => return Err(self.bad_escape()),
        };
        self.decoded.push(decoded);
        self.at += 2;
        Ok(true)
    }

    fn bad_escape(&self) -> Box<SyntaxError> {
        let length = self.source[self.at + 1..].chars().next().map_or(0, char::len_utf8);
        let range = TextRange::new(self.at, self.at + 1 + length);
        let message = format!("`{}` is no escape", self.excerpt(range));
        SyntaxError::new("S0103", range, message).help("write `\\\\` for a backslash; the escapes are those of JSON")
    }

    fn unicode_escape(&mut self) -> Parsed<bool> {
        let rest = &self.bytes[self.at + 2..];
        if (1..4).contains(&rest.len()) && rest.iter().all(u8::is_ascii_hexdigit) {
            // The text ends within the digits: to the language's owner the string is not closed.
            self.at = self.bytes.len();
            return Ok(true);
        }
        let unit = self.code_unit(self.at)?;
        self.at += 6;
        if let Some(decoded) = char::from_u32(unit.into()) {
            self.decoded.push(decoded);
            return Ok(true);
        }
        // A malformed second escape is found when its turn comes.
        let low = if self.bytes[self.at..].starts_with(b"\\u") { self.code_unit(self.at).unwrap_or(0) } else { 0 };
        match char::decode_utf16([unit, low]).next() {
            Some(Ok(decoded)) => {
                self.decoded.push(decoded);
                self.at += 6;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// The number in the `\uXXXX` at `at`.
    fn code_unit(&self, at: usize) -> Parsed<u16> {
        let digits = self.source.get(at + 2..at + 6).filter(|four| four.bytes().all(|b| b.is_ascii_hexdigit()));
        digits.and_then(|four| u16::from_str_radix(four, 16).ok()).ok_or_else(|| {
            let range = TextRange::new(at, (at + 2).min(self.source.len()));
            SyntaxError::new("S0104", range, "`\\u` must be followed by 4 hexadecimal digits")
        })
    }
}

pub(super) fn text(start: usize, end: usize) -> Text {
    // The parser refuses texts whose offsets do not fit.
    Text { start: start as u32, end: end as u32 }
}

/// Whether the language skips `byte` between tokens.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b)
}

/// Whether a name or variable stops before `byte`. Nothing else stops one, quotes included.
pub(super) fn ends_name(byte: u8) -> bool {
    is_blank(byte) || single(byte).is_some()
}

fn double(first: u8, second: u8) -> Option<Punct> {
    Some(match (first, second) {
        (b'.', b'.') => Punct::Range,
        (b':', b'=') => Punct::Bind,
        (b'!', b'=') => Punct::Operator(BinaryOp::NotEqual),
        (b'>', b'=') => Punct::Operator(BinaryOp::GreaterEqual),
        (b'<', b'=') => Punct::Operator(BinaryOp::LessEqual),
        (b'*', b'*') => Punct::Descendant,
        (b'~', b'>') => Punct::Operator(BinaryOp::Apply),
        (b'?', b':') => Punct::Operator(BinaryOp::Default),
        (b'?', b'?') => Punct::Operator(BinaryOp::Coalesce),
        _ => return None,
    })
}

fn single(byte: u8) -> Option<Punct> {
    Some(match byte {
        b'.' => Punct::Dot,
        b',' => Punct::Comma,
        b';' => Punct::Semicolon,
        b':' => Punct::Colon,
        b'?' => Punct::Question,
        b'(' => Punct::OpenParen,
        b')' => Punct::CloseParen,
        b'[' => Punct::OpenBracket,
        b']' => Punct::CloseBracket,
        b'{' => Punct::OpenBrace,
        b'}' => Punct::CloseBrace,
        b'@' => Punct::At,
        b'#' => Punct::Hash,
        b'^' => Punct::Caret,
        b'|' => Punct::Bar,
        b'!' => Punct::Exclamation,
        b'~' => Punct::Tilde,
        b'+' => Punct::Operator(BinaryOp::Add),
        b'-' => Punct::Operator(BinaryOp::Subtract),
        b'*' => Punct::Operator(BinaryOp::Multiply),
        b'/' => Punct::Operator(BinaryOp::Divide),
        b'%' => Punct::Operator(BinaryOp::Modulo),
        b'=' => Punct::Operator(BinaryOp::Equal),
        b'<' => Punct::Operator(BinaryOp::Less),
        b'>' => Punct::Operator(BinaryOp::Greater),
        b'&' => Punct::Operator(BinaryOp::Concat),
        _ => return None,
    })
}
