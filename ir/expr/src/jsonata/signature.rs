//! Signatures of functions, `<sn?:b>`: which are well-formed.
//!
//! The reference turns a signature into a regular expression over the types of the arguments, letter by letter,
//! and ignores letters it does not know. What it refuses is what is refused here.

use wfc_diag::TextRange;

use super::error::{Parsed, SyntaxError};

/// The tokens of a signature put together, each remembered with its place.
#[derive(Default)]
pub(super) struct Tokens {
    text: String,
    places: Vec<(usize, TextRange)>,
}

impl Tokens {
    pub(super) fn push(&mut self, text: &str, range: TextRange) {
        self.places.push((self.text.len(), range));
        self.text.push_str(text);
    }

    /// Refuses a signature that is not well-formed; the text starts with `<` and ends with `>`.
    pub(super) fn check(&self) -> Parsed<()> {
        let bytes = self.text.as_bytes();
        let mut parameter = Parameter::default();
        let mut at = 1;
        while at < bytes.len() && bytes[at] != b':' {
            match bytes[at] {
                letter @ (b's' | b'n' | b'b' | b'l' | b'o' | b'a' | b'f' | b'j' | b'x') => {
                    parameter = Parameter { letter, quantifiers: 0 };
                }
                b'-' | b'?' | b'+' => self.quantify(&mut parameter, at)?,
                b'(' => {
                    let end = closing(bytes, at, b'(', b')');
                    self.check_choice(at, end)?;
                    parameter = Parameter { letter: b'(', quantifiers: 0 };
                    at = end;
                }
                b'<' => {
                    self.check_generic(parameter, at)?;
                    at = closing(bytes, at, b'<', b'>');
                }
                _ => {}
            }
            at += 1;
        }
        Ok(())
    }

    /// `?` or `+` may be followed by one `?`, as in a regular expression; `-` counts as `?`. Before the first
    /// parameter they mean nothing.
    fn quantify(&self, parameter: &mut Parameter, at: usize) -> Parsed<()> {
        let plus = self.text.as_bytes()[at] == b'+';
        if parameter.letter != 0 && (parameter.quantifiers > 1 || parameter.quantifiers == 1 && plus) {
            return Err(self.refuse("S0401", at, "a parameter of a signature is quantified twice"));
        }
        parameter.quantifiers += 1;
        Ok(())
    }

    fn check_choice(&self, open: usize, close: usize) -> Parsed<()> {
        let choice = &self.text.as_bytes()[open + 1..close];
        if choice.contains(&b'<') {
            let message = "a choice of types in a signature cannot contain a type with parameters";
            return Err(self.refuse("S0402", open, message));
        }
        if choice.windows(3).any(|three| three[1] == b'-' && three[0] > three[2]) {
            return Err(self.refuse("S0402", open, "a choice of types in a signature cannot contain `-`"));
        }
        Ok(())
    }

    fn check_generic(&self, parameter: Parameter, at: usize) -> Parsed<()> {
        match parameter.letter {
            b'a' | b'f' => Ok(()),
            _ => {
                let message = "only `a` and `f` can have a type parameter in a signature";
                Err(self.refuse("S0401", at, message))
            }
        }
    }

    fn refuse(&self, code: &'static str, at: usize, message: &str) -> Box<SyntaxError> {
        let token = self.places.partition_point(|(start, _)| *start <= at) - 1;
        SyntaxError::new(code, self.places[token].1, message)
            .help("a signature is one letter for each parameter, then `:` and the result: `<s-n?:b>`, `<a<n>f:x>`")
    }
}

/// The parameter a following sign speaks about; letter 0 before the first.
#[derive(Clone, Copy, Default)]
struct Parameter {
    letter: u8,
    quantifiers: u8,
}

/// The place of the bracket that closes the one at `start`, or the end.
fn closing(bytes: &[u8], start: usize, open: u8, close: u8) -> usize {
    let mut depth = 1u32;
    for (at, &byte) in bytes.iter().enumerate().skip(start + 1) {
        if byte == close {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        } else if byte == open {
            depth += 1;
        }
    }
    bytes.len()
}
