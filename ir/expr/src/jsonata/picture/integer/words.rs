//! Numbers in English words.

use crate::jsonata::picture::units::is_space;
use crate::jsonata::picture::{check_output, Fault};

const FEW: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const ORDINALS: [&str; 20] = [
    "Zeroth",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
];
const TENS: [&str; 8] = ["Twent", "Thirt", "Fort", "Fift", "Sixt", "Sevent", "Eight", "Ninet"];
const MAGNITUDES: [(f64, &str); 4] = [(1e12, "Trillion"), (1e9, "Billion"), (1e6, "Million"), (1e3, "Thousand")];

/// A whole number in words, each with a capital.
pub(super) fn to_words(value: f64, ordinal: bool) -> Result<String, Fault> {
    if !value.is_finite() {
        return Err(("RangeError", "Maximum call stack size exceeded".to_owned()));
    }
    let mut text = String::new();
    write_words(&mut text, value, Joint::None, ordinal)?;
    Ok(text)
}

/// Words as a number; NaN if one is unknown.
pub(super) fn from_words(text: &str) -> f64 {
    // Trillions of trillions multiply; a smaller word after a thousand or more begins a new addend.
    let mut addends = vec![0.0];
    for word in split_words(text) {
        let Some(value) = word_value(word) else { return f64::NAN };
        let last = addends.pop().unwrap_or(0.0);
        if value >= 100.0 {
            addends.push(last * value);
        } else if last >= 1000.0 {
            addends.extend([last, value]);
        } else {
            addends.push(last + value);
        }
    }
    addends.iter().fold(0.0, |sum, addend| sum + addend)
}

/// All words of numbers in lower case, in the order in which the reference tries them.
pub(in crate::jsonata::picture) fn word_list() -> Vec<String> {
    let plain = FEW.into_iter().chain(ORDINALS).map(str::to_owned);
    let tens = TENS.iter().flat_map(|stem| [format!("{stem}y"), format!("{stem}ieth")]);
    let hundreds = ["hundred", "hundreieth", "hundredth"].map(str::to_owned);
    let large = MAGNITUDES.iter().rev().flat_map(|(_, word)| [(*word).to_owned(), format!("{word}th")]);
    plain.chain(tens).chain(hundreds).chain(large).map(|word| word.to_lowercase()).collect()
}

/// What stands before a number.
#[derive(Clone, Copy, PartialEq)]
enum Joint {
    None,
    /// A greater part of the number: a comma, or an `and` before less than a hundred.
    Part,
}

/// Each call's number is at most a hundredth of its caller's, or the rest below it: some 50 deep.
fn write_words(text: &mut String, value: f64, joint: Joint, ordinal: bool) -> Result<(), Fault> {
    check_output(text)?;
    if joint == Joint::Part {
        text.push_str(if value < 100.0 { " and " } else { ", " });
    }
    if value < 20.0 {
        let words = if ordinal { ORDINALS } else { FEW };
        text.push_str(words[value as usize]);
        return Ok(());
    }
    if value < 100.0 {
        text.push_str(TENS[(value / 10.0) as usize - 2]);
        let rest = value % 10.0;
        text.push_str(if rest == 0.0 && ordinal { "ieth" } else { "y" });
        if rest > 0.0 {
            text.push('-');
            write_words(text, rest, Joint::None, ordinal)?;
        }
        return Ok(());
    }
    let (factor, word) = MAGNITUDES.into_iter().find(|(factor, _)| value >= *factor).unwrap_or((100.0, "Hundred"));
    let count = (value / factor).floor();
    write_words(text, count, Joint::None, false)?;
    text.push(' ');
    text.push_str(word);
    let rest = value - count * factor;
    if rest > 0.0 {
        write_words(text, rest, Joint::Part, ordinal)?;
    } else if ordinal {
        text.push_str("th");
    }
    Ok(())
}

/// Words part at a comma with a space, at an `and` between spaces, at a space, a hyphen or a backslash.
fn split_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let joint = joint_length(&text[at..]);
        if joint > 0 {
            words.push(&text[start..at]);
            start = at + joint;
        }
        at += joint.max(c.len_utf8());
    }
    words.push(&text[start..]);
    words
}

/// The length of the joint at the start of `text`; 0 if there is none.
fn joint_length(text: &str) -> usize {
    let space = |text: &str| text.chars().next().filter(|c| is_space(*c)).map_or(0, char::len_utf8);
    let after_comma = text.strip_prefix(',').map_or(0, space);
    if after_comma > 0 {
        return 1 + after_comma;
    }
    let before = space(text);
    if before > 0 {
        let after = text[before..].strip_prefix("and").map_or(0, space);
        return if after > 0 { before + 3 + after } else { before };
    }
    usize::from(text.starts_with(['\\', '-']))
}

fn word_value(word: &str) -> Option<f64> {
    let at = |words: &[&str]| words.iter().position(|known| known.eq_ignore_ascii_case(word)).map(|at| at as f64);
    at(&FEW).or_else(|| at(&ORDINALS)).or_else(|| tens_value(word)).or_else(|| large_value(word))
}

fn tens_value(word: &str) -> Option<f64> {
    let stem = word.strip_suffix("ieth").or_else(|| word.strip_suffix('y'))?;
    let place = TENS.iter().position(|known| known.eq_ignore_ascii_case(stem))?;
    Some((place as f64 + 2.0) * 10.0)
}

fn large_value(word: &str) -> Option<f64> {
    // The reference forms an ordinal of this one as it does of the tens.
    if word == "hundreieth" {
        return Some(100.0);
    }
    let stem = word.strip_suffix("th").unwrap_or(word);
    let known = MAGNITUDES.into_iter().chain([(100.0, "Hundred")]).find(|(_, known)| known.eq_ignore_ascii_case(stem));
    known.map(|(value, _)| value)
}
