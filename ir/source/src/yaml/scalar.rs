//! What a plain scalar means under the core schema of YAML 1.2.

use crate::{json, Kind};

/// The meaning of a plain scalar.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Plain {
    /// A value whose text is right as it stands.
    AsWritten(Kind),
    /// A number that JSON writes differently.
    Number(String),
    /// A number JSON cannot write: an infinity or no number at all.
    Unwritable,
}

/// Resolves the text of a plain scalar.
pub(super) fn resolve(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::AsWritten(Kind::Null),
        "true" | "True" | "TRUE" => Plain::AsWritten(Kind::Bool(true)),
        "false" | "False" | "FALSE" => Plain::AsWritten(Kind::Bool(false)),
        _ if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) => number(text),
        _ => Plain::AsWritten(Kind::String),
    }
}

fn number(text: &str) -> Plain {
    if json::is_number(text) {
        return Plain::AsWritten(Kind::Number);
    }
    let radix = |digits: &str, radix| match is_digits(digits, radix) {
        true => u128::from_str_radix(digits, radix).map_or(Plain::Unwritable, |n| Plain::Number(n.to_string())),
        false => Plain::AsWritten(Kind::String),
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Plain::Unwritable;
    }
    decimal(text.starts_with('-'), unsigned).map_or(Plain::AsWritten(Kind::String), Plain::Number)
}

fn is_digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_digit(radix))
}

/// The JSON form of a decimal number, `None` if it is none.
fn decimal(negative: bool, unsigned: &str) -> Option<String> {
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => unsigned.split_at(at),
        None => (unsigned, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = is_digits(&[whole, fraction].concat(), 10);
    let whole = whole.trim_start_matches('0');
    let written = [
        if negative { "-" } else { "" },
        if whole.is_empty() { "0" } else { whole },
        if fraction.is_empty() { "" } else { "." },
        fraction,
        exponent,
    ]
    .concat();
    (all_digits && json::is_number(&written)).then_some(written)
}
