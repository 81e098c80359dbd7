//! The integer picture: which numerals, in which case, with which groups.

use crate::jsonata::picture::units::regular;
use crate::jsonata::picture::Fault;

/// An analysed integer picture.
#[derive(Clone, Debug)]
pub(in crate::jsonata::picture) struct Picture {
    /// The numerals.
    pub(in crate::jsonata::picture) primary: Primary,
    /// `1st` and `first` instead of `1` and `one`.
    pub(in crate::jsonata::picture) ordinal: bool,
    case: Case,
}

/// The numerals of a picture.
#[derive(Clone, Debug)]
pub(in crate::jsonata::picture) enum Primary {
    /// `a`, `b`, … `aa`, as columns of a spreadsheet.
    Letters,
    /// `i`, `ii`, `iii`, `iv`.
    Roman,
    /// English.
    Words,
    /// A positional system.
    Digits(Digits),
    /// Without a digit: a numbering nobody knows.
    Sequence(String),
}

/// Positional digits.
#[derive(Clone, Debug)]
pub(in crate::jsonata::picture) struct Digits {
    /// The code of the family's zero.
    pub(in crate::jsonata::picture) zero: u32,
    /// The least number of digits. The width of a date's component can make it NaN.
    pub(in crate::jsonata::picture) mandatory: f64,
    /// The number of `#`.
    pub(in crate::jsonata::picture) optional: usize,
    /// Where separators stand.
    pub(in crate::jsonata::picture) groups: Groups,
}

/// Separators, by their distance from the right in digits.
#[derive(Clone, Debug)]
pub(in crate::jsonata::picture) enum Groups {
    /// The same sign at each multiple of a distance.
    Regular {
        /// The distance, never 0.
        every: usize,
        /// The separator.
        sign: char,
    },
    /// From the right.
    Irregular(Vec<(usize, char)>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Case {
    Upper,
    Lower,
    Title,
}

/// The zeros of the decimal digit families the reference knows.
const ZEROS: [u32; 37] = [
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

impl Picture {
    /// Analyses a picture; only digits of two families in one are a mistake at once.
    pub(in crate::jsonata::picture) fn new(picture: &str) -> Result<Self, Fault> {
        let (token, modifier) = picture.rsplit_once(';').unwrap_or((picture, ""));
        let (primary, case) = match token {
            "A" => (Primary::Letters, Case::Upper),
            "a" => (Primary::Letters, Case::Lower),
            "I" => (Primary::Roman, Case::Upper),
            "i" => (Primary::Roman, Case::Lower),
            "W" => (Primary::Words, Case::Upper),
            "Ww" => (Primary::Words, Case::Title),
            "w" => (Primary::Words, Case::Lower),
            _ => (digits(token)?, Case::Lower),
        };
        Ok(Self { primary, ordinal: modifier.starts_with('o'), case })
    }

    pub(in crate::jsonata::picture) fn is_upper(&self) -> bool {
        self.case == Case::Upper
    }

    pub(in crate::jsonata::picture) fn is_lower(&self) -> bool {
        self.case == Case::Lower
    }

    /// The digits, if these are the numerals.
    pub(in crate::jsonata::picture) fn digits(&self) -> Option<&Digits> {
        match &self.primary {
            Primary::Digits(digits) => Some(digits),
            _ => None,
        }
    }

    /// The digits, to change their width.
    pub(in crate::jsonata::picture) fn digits_mut(&mut self) -> Option<&mut Digits> {
        match &mut self.primary {
            Primary::Digits(digits) => Some(digits),
            _ => None,
        }
    }
}

fn digits(token: &str) -> Result<Primary, Fault> {
    let mut zero = None;
    let (mut mandatory, mut optional) = (0usize, 0usize);
    let mut signs = Vec::new();
    for c in token.chars().rev() {
        if let Some(family) = family_zero(c) {
            if *zero.get_or_insert(family) != family {
                return Err((
                    "D3131",
                    "In a decimal digit pattern, all digits must be from the same decimal group".to_owned(),
                ));
            }
            mandatory += 1;
        } else if c == '#' {
            optional += 1;
        } else {
            signs.push((mandatory + optional, c));
        }
    }
    let Some(zero) = zero else { return Ok(Primary::Sequence(token.to_owned())) };
    Ok(Primary::Digits(Digits { zero, mandatory: mandatory as f64, optional, groups: groups(signs) }))
}

fn family_zero(c: char) -> Option<u32> {
    let code = u32::from(c);
    ZEROS.into_iter().find(|zero| (*zero..=zero + 9).contains(&code))
}

fn groups(signs: Vec<(usize, char)>) -> Groups {
    if let Some((_, sign)) = signs.first().copied() {
        let positions: Vec<usize> = signs.iter().map(|(position, _)| *position).collect();
        if signs.iter().all(|(_, other)| *other == sign) {
            if let Some(every) = regular(&positions) {
                return Groups::Regular { every, sign };
            }
        }
    }
    Groups::Irregular(signs)
}
