//! Text to tokens. Everything that needs positions inside strings is decided here.

use std::sync::Arc;

use wfc_diag::{Diagnostic, FileId, Span, TextMap};
use wfc_expr::Value;

use crate::rules::CIR_SYNTAX;

/// How deep brackets may nest.
pub(super) const MAX_NESTING: usize = 256;

/// A piece of text that means something.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'s> {
    /// A name or keyword.
    Word(&'s str),
    /// A number as written.
    Number(&'s str),
    /// A string.
    Text(Text),
    /// `word"…"`: a text and the language it is in.
    Lang(&'s str, Text),
    /// `json[…]` or `json{…}`.
    Json(Value),
    /// `->`
    Arrow,
    /// A bracket or separator.
    Punct(char),
}

/// A decoded string and the way back to the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    pub(super) text: Arc<str>,
    pub(super) map: TextMap,
}

impl std::fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Token::Word(word) => write!(f, "`{word}`"),
            Token::Number(number) => write!(f, "`{number}`"),
            Token::Text(_) => f.write_str("a string"),
            Token::Lang(lang, _) => write!(f, "`{lang}\"…\"`"),
            Token::Json(_) => f.write_str("a JSON value"),
            Token::Arrow => f.write_str("`->`"),
            Token::Punct(c) => write!(f, "`{c}`"),
        }
    }
}

/// The tokens with their ranges of bytes. Stops at the first mistake.
pub(super) fn tokens(file: FileId, source: &str) -> Result<Vec<(Token<'_>, std::ops::Range<usize>)>, Box<Diagnostic>> {
    let mut lexer = Lexer { file, source, at: 0 };
    let mut tokens = Vec::new();
    let mut depth = 0usize;
    while let Some((token, start)) = lexer.next()? {
        match token {
            Token::Punct('{' | '[' | '(') => depth += 1,
            Token::Punct('}' | ']' | ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_NESTING {
            let message = format!("brackets nest deeper than {MAX_NESTING} levels (max-nesting)");
            return Err(lexer.error(start, lexer.at, message));
        }
        tokens.push((token, start..lexer.at));
    }
    Ok(tokens)
}

struct Lexer<'s> {
    file: FileId,
    source: &'s str,
    at: usize,
}

type Lexed<T> = Result<T, Box<Diagnostic>>;

impl<'s> Lexer<'s> {
    fn next(&mut self) -> Lexed<Option<(Token<'s>, usize)>> {
        self.skip_blank();
        let start = self.at;
        let Some(first) = self.rest().chars().next() else { return Ok(None) };
        let token = match first {
            '"' => Token::Text(self.string()?),
            '-' if self.rest().starts_with("->") => {
                self.at += 2;
                Token::Arrow
            }
            '-' | '0'..='9' => self.number()?,
            'a'..='z' | 'A'..='Z' | '_' => self.word()?,
            '{' | '}' | '[' | ']' | '(' | ')' | ',' | ':' | ';' | '=' => {
                self.at += 1;
                Token::Punct(first)
            }
            other => {
                let message = format!("{other:?} cannot stand here");
                return Err(self.error(start, start + other.len_utf8(), message));
            }
        };
        Ok(Some((token, start)))
    }

    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let text = rest.trim_start();
            self.at += rest.len() - text.len();
            if !text.starts_with("//") {
                return;
            }
            self.at += text.find('\n').unwrap_or(text.len());
        }
    }

    fn take_while(&mut self, fits: impl Fn(u8) -> bool) -> &'s str {
        let rest = self.rest();
        let len = rest.bytes().position(|b| !fits(b)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    fn number(&mut self) -> Lexed<Token<'s>> {
        let start = self.at;
        let text = self.take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
        match wfc_expr::value::Number::from_text(text) {
            Some(_) => Ok(Token::Number(text)),
            None => Err(self.error(start, self.at, format!("`{text}` is not a number"))),
        }
    }

    /// A word; dots and dashes belong to it where another part follows.
    fn word(&mut self) -> Lexed<Token<'s>> {
        let start = self.at;
        let part = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        self.take_while(part);
        while self.rest().starts_with(['.', '-']) && self.rest().as_bytes().get(1).is_some_and(|&b| part(b)) {
            self.at += 1;
            self.take_while(part);
        }
        let word = &self.source[start..self.at];
        match self.rest().as_bytes().first() {
            Some(b'"') => Ok(Token::Lang(word, self.string()?)),
            Some(b'{' | b'[') if word == "json" => self.json(start),
            _ => Ok(Token::Word(word)),
        }
    }

    fn json(&mut self, start: usize) -> Lexed<Token<'s>> {
        let from = self.at;
        let mut depth = 0usize;
        loop {
            self.take_while(|b| !matches!(b, b'{' | b'[' | b'}' | b']' | b'"'));
            match self.rest().as_bytes().first() {
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(b'{' | b'[') => depth += 1,
                Some(_) => depth -= 1,
                None => return Err(self.error(start, self.at, "the JSON value has no end")),
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        let value = Value::parse(&self.source[from..self.at]);
        value.map(Token::Json).map_err(|error| self.error(start, self.at, error.to_string()))
    }

    fn string(&mut self) -> Lexed<Text> {
        let start = self.at;
        self.at += 1;
        loop {
            self.take_while(|b| !matches!(b, b'"' | b'\\'));
            match self.rest().as_bytes().first() {
                Some(b'\\') if self.at + 1 < self.source.len() => {
                    self.at += 1;
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
                Some(b'"') => break,
                _ => return Err(self.error(start, self.source.len(), "the string has no end")),
            }
        }
        self.at += 1;
        let written = &self.source[start..self.at];
        match Value::parse(written) {
            Ok(Value::String(text)) => Ok(Text { map: self.map(start, written, &text), text }),
            Ok(_) => Err(self.error(start, self.at, "not a string")),
            Err(error) => Err(self.error(start, self.at, error.to_string())),
        }
    }

    /// The way from the decoded text back, by the escapes of the written one.
    fn map(&self, start: usize, written: &str, text: &str) -> TextMap {
        let inside = Span::new(self.file, start + 1, start + written.len() - 1);
        if written.len() == text.len() + 2 {
            return TextMap::identity(inside);
        }
        let (mut steps, mut from, mut at) = (vec![(0u32, start as u32 + 1)], 1usize, 0usize);
        while let Some(plain) = written[from..].find('\\') {
            from += plain;
            at += plain;
            let decoded = text[at..].chars().next().map_or(0, char::len_utf8);
            from += match (written.as_bytes().get(from + 1), decoded) {
                (Some(b'u'), 4) => 12,
                (Some(b'u'), _) => 6,
                _ => 2,
            };
            at += decoded;
            // Files over 4 GiB are refused when they are read, so offsets fit.
            steps.push((at as u32, (start + from) as u32));
        }
        TextMap::decoded(inside, steps.into())
    }

    fn error(&self, start: usize, end: usize, message: impl Into<String>) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(&CIR_SYNTAX, Span::new(self.file, start, end), message))
    }
}
