//! Texts of TOML with the places their parts came from.

use toml_parser::decoder::{Encoding, StringBuilder};
use toml_parser::{Source, Span};

use crate::mapped::Mapped;

/// A key or scalar as it stands in the file.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) span: Span,
    pub(super) encoding: Option<Encoding>,
}

impl Written {
    /// The raw text.
    pub(super) fn raw<'s>(&self, source: Source<'s>) -> toml_parser::Raw<'s> {
        let text = source.input().get(self.span.start()..self.span.end()).unwrap_or("");
        toml_parser::Raw::new_unchecked(text, self.encoding, self.span)
    }

    /// Whether `text` is the raw text, but for one quote on each side.
    pub(super) fn is_plain(&self, source: Source<'_>, text: &str) -> bool {
        let raw = self.raw(source).as_str();
        match self.encoding {
            None => raw == text,
            Some(Encoding::BasicString | Encoding::LiteralString) => {
                raw.len() == text.len() + 2 && raw.get(1..raw.len() - 1) == Some(text)
            }
            Some(_) => false,
        }
    }
}

/// Takes a text piece by piece from the decoder and notes where each piece stands.
pub(super) struct Decoder<'s> {
    source: &'s str,
    /// Where the next escape starts.
    at: usize,
    pub(super) decoded: Mapped,
}

impl<'s> Decoder<'s> {
    pub(super) fn new(source: Source<'s>, start: usize) -> Self {
        Self { source: source.input(), at: start, decoded: Mapped::default() }
    }

    /// Where `piece` stands, if it is a part of the file.
    fn place(&self, piece: &str) -> Option<usize> {
        let at = (piece.as_ptr() as usize).checked_sub(self.source.as_ptr() as usize)?;
        (at + piece.len() <= self.source.len()).then_some(at)
    }
}

impl<'s> StringBuilder<'s> for Decoder<'s> {
    fn clear(&mut self) {
        self.decoded = Mapped::default();
    }

    fn push_str(&mut self, piece: &'s str) -> bool {
        let at = self.place(piece).unwrap_or(self.at);
        self.decoded.push(piece, at);
        self.at = at + piece.len();
        true
    }

    fn push_char(&mut self, decoded: char) -> bool {
        self.decoded.push(decoded.encode_utf8(&mut [0; 4]), self.at);
        let length = match self.source.as_bytes().get(self.at + 1) {
            Some(b'x') => 4,
            Some(b'u') => 6,
            Some(b'U') => 10,
            _ => 2,
        };
        self.at += length;
        true
    }
}
