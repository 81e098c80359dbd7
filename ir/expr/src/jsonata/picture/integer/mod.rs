//! `$formatInteger` and `$parseInteger`: XPath's integer pictures.

mod letters;
mod picture;
mod words;

pub(super) use self::picture::{Digits, Groups, Picture, Primary};
pub(super) use self::words::word_list;

use super::number::number_to_string;
use super::units::parse_int;
use super::{check_output, check_picture, check_width, Fault};

/// `$formatInteger`: words, ordinals, letters, Roman numerals or grouped digits of any family.
pub(in crate::jsonata) fn format_integer(value: f64, picture: &str) -> Result<String, Fault> {
    check_picture(picture)?;
    Picture::new(picture)?.format(value.floor())
}

/// `$parseInteger`; `None` where the reference answers NaN.
pub(in crate::jsonata) fn parse_integer(text: &str, picture: &str) -> Result<Option<f64>, Fault> {
    check_picture(picture)?;
    let value = Picture::new(picture)?.parse(text)?;
    Ok(Some(value).filter(|value| !value.is_nan()))
}

impl Picture {
    /// An integer (or NaN) in this picture.
    pub(super) fn format(&self, value: f64) -> Result<String, Fault> {
        let magnitude = value.abs();
        let mut text = match &self.primary {
            Primary::Letters => letters::to_letters(magnitude, self.first_letter()),
            Primary::Roman => letters::to_roman(magnitude)?,
            Primary::Words => words::to_words(magnitude, self.ordinal)?,
            Primary::Digits(digits) => digits.format(magnitude, self.ordinal)?,
            Primary::Sequence(token) => return Err(unsupported(token)),
        };
        match self.primary {
            Primary::Roman | Primary::Words if self.is_upper() => text = text.to_uppercase(),
            Primary::Words if self.is_lower() => text = text.to_lowercase(),
            _ => {}
        }
        if value < 0.0 {
            text.insert(0, '-');
        }
        check_output(&text)?;
        Ok(text)
    }

    /// Reads what somebody else found to fit, or nobody checked: then the answer may be NaN.
    pub(super) fn parse(&self, text: &str) -> Result<f64, Fault> {
        match &self.primary {
            Primary::Letters => Ok(letters::from_letters(text, self.first_letter())),
            Primary::Roman if self.is_upper() => Ok(letters::from_roman(text)),
            Primary::Roman => Ok(letters::from_roman(&text.to_uppercase())),
            Primary::Words => Ok(words::from_words(&text.to_lowercase())),
            Primary::Digits(digits) => digits.parse(text, self.ordinal),
            Primary::Sequence(token) => Err(unsupported(token)),
        }
    }

    fn first_letter(&self) -> char {
        if self.is_upper() {
            'A'
        } else {
            'a'
        }
    }
}

impl Digits {
    fn format(&self, value: f64, ordinal: bool) -> Result<String, Fault> {
        check_width(self.mandatory)?;
        let plain = number_to_string(value);
        // A width that is no number asks for nothing: it casts to zero.
        let padding = (self.mandatory as usize).saturating_sub(plain.len());
        let padded = std::iter::repeat_n('0', padding).chain(plain.chars());
        let digits: Vec<char> = padded.filter_map(|c| char::from_u32(c as u32 + self.zero - u32::from('0'))).collect();
        let mut grouped = self.group(digits);
        if ordinal {
            grouped.extend(ordinal_suffix(&grouped).chars());
        }
        Ok(grouped.into_iter().collect())
    }

    fn group(&self, mut digits: Vec<char>) -> Vec<char> {
        match &self.groups {
            Groups::Regular { every, sign } => {
                let count = digits.len();
                let separated = |(at, digit): (usize, char)| {
                    let separator = (at > 0 && (count - at) % every == 0).then_some(*sign);
                    separator.into_iter().chain([digit])
                };
                digits.into_iter().enumerate().flat_map(separated).collect()
            }
            Groups::Irregular(signs) => {
                for (position, sign) in signs.iter().rev() {
                    // Left of the number, the reference counts from its end, and loses what stands before.
                    let at = if *position > digits.len() {
                        let kept = (position - digits.len()).min(digits.len());
                        digits.drain(..digits.len() - kept);
                        0
                    } else {
                        digits.len() - position
                    };
                    digits.insert(at, *sign);
                }
                digits
            }
        }
    }

    fn parse(&self, text: &str, ordinal: bool) -> Result<f64, Fault> {
        let mut digits: Vec<char> = text.chars().collect();
        if ordinal {
            digits.truncate(digits.len().saturating_sub(2));
        }
        match &self.groups {
            // The reference strips commas, whatever the separator is.
            Groups::Regular { .. } => digits.retain(|c| *c != ','),
            Groups::Irregular(signs) => {
                let signs: std::collections::HashSet<char> = signs.iter().map(|(_, sign)| *sign).collect();
                digits.retain(|c| !signs.contains(c));
            }
        }
        let plain: Result<String, Fault> = digits.into_iter().map(|c| self.ascii(c)).collect();
        Ok(parse_int(&plain?))
    }

    /// A digit of this family as an ASCII one.
    fn ascii(&self, c: char) -> Result<char, Fault> {
        let code = i64::from(u32::from(c)) - i64::from(self.zero) + i64::from(u32::from('0'));
        let Ok(code) = u32::try_from(code) else {
            return Err(("RangeError", format!("Invalid code point {code}")));
        };
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

/// English, from the last two characters: after a `1` it is always `th`.
fn ordinal_suffix(text: &[char]) -> &'static str {
    match text {
        [.., '1', _] => "th",
        [.., '1'] => "st",
        [.., '2'] => "nd",
        [.., '3'] => "rd",
        _ => "th",
    }
}

fn unsupported(token: &str) -> Fault {
    let token = super::quoted(token);
    (
        "D3130",
        format!(
            "Formatting or parsing an integer as a sequence starting with {token} is not supported by this implementation"
        ),
    )
}
