//! Numbers as letters of the alphabet and as Roman numerals.

use crate::jsonata::picture::{check_width, Fault};

const ROMAN: [(f64, &str); 13] = [
    (1000.0, "m"),
    (900.0, "cm"),
    (500.0, "d"),
    (400.0, "cd"),
    (100.0, "c"),
    (90.0, "xc"),
    (50.0, "l"),
    (40.0, "xl"),
    (10.0, "x"),
    (9.0, "ix"),
    (5.0, "v"),
    (4.0, "iv"),
    (1.0, "i"),
];

/// `a`, `b`, … `z`, `aa`; nothing for 0.
pub(super) fn to_letters(mut value: f64, first: char) -> String {
    let mut reversed = Vec::new();
    while value > 0.0 && value.is_finite() {
        let place = ((value - 1.0) % 26.0) as u8;
        reversed.push(char::from(first as u8 + place));
        value = ((value - 1.0) / 26.0).floor();
    }
    reversed.iter().rev().collect()
}

/// Letters as a number; characters outside the alphabet count by their code.
pub(super) fn from_letters(text: &str, first: char) -> f64 {
    let units: Vec<u16> = text.encode_utf16().collect();
    let worth = |(place, unit): (usize, &u16)| {
        (f64::from(*unit) - f64::from(u32::from(first)) + 1.0) * 26f64.powf(place as f64)
    };
    units.iter().rev().enumerate().map(worth).fold(0.0, |sum, worth| sum + worth)
}

/// Lower case; nothing for 0.
pub(super) fn to_roman(mut value: f64) -> Result<String, Fault> {
    check_width(value / 1000.0)?;
    let mut text = String::new();
    for (worth, numeral) in ROMAN {
        while value >= worth {
            text.push_str(numeral);
            value -= worth;
        }
    }
    Ok(text)
}

/// Upper-case numerals in any order; NaN if there is another character.
pub(super) fn from_roman(text: &str) -> f64 {
    let (mut sum, mut most) = (0.0, 1.0);
    for numeral in text.chars().rev() {
        let worth = match numeral {
            'M' => 1000.0,
            'D' => 500.0,
            'C' => 100.0,
            'L' => 50.0,
            'X' => 10.0,
            'V' => 5.0,
            'I' => 1.0,
            _ => return f64::NAN,
        };
        if worth < most {
            sum -= worth;
        } else {
            most = worth;
            sum += worth;
        }
    }
    sum
}
