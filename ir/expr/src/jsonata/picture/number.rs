//! Numbers as JavaScript prints, rounds and reads them.

use super::units::{digits_of, is_space, prefix};
use super::Fault;

/// What JavaScript prints for a number.
pub(in crate::jsonata) fn number_to_string(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}Infinity");
    }
    let (digits, point) = shortest_digits(value.abs());
    format!("{sign}{}", place_point(&digits, point))
}

/// The nearest number of 15 significant digits, as `$string` prints it.
pub(in crate::jsonata) fn to_precision_15(value: f64) -> f64 {
    // Ties go away from zero, which the formatter does not do: it gets enough digits to round by hand. No number
    // that is not a tie stays this close to one.
    let long = format!("{value:.60e}");
    let Some((mantissa, exponent)) = long.split_once('e') else { return value };
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let (kept, cut) = digits.split_at(15);
    let kept: u64 = kept.parse().unwrap_or(0);
    let rounded = kept + u64::from(cut.as_bytes()[0] >= b'5');
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{sign}{rounded}e{}", exponent - 14).parse().unwrap_or(value)
}

/// `$round`: half to even, at a decimal position right (or left, if negative) of the point.
pub(in crate::jsonata) fn round_half_even(value: f64, precision: i32) -> f64 {
    let shifted = shift_point(value, i64::from(precision));
    let mut rounded = round_half_up(shifted);
    if (rounded - shifted).abs() == 0.5 && (rounded % 2.0).abs() == 1.0 {
        rounded -= 1.0;
    }
    // Adding zero turns -0 into 0.
    shift_point(rounded, -i64::from(precision)) + 0.0
}

/// The texts `$number` casts to a number; `None` for all others, those included that the reference casts to NaN.
pub(in crate::jsonata) fn parse_number(text: &str) -> Option<f64> {
    if is_decimal(text) {
        return text.parse().ok().filter(|value: &f64| value.is_finite());
    }
    if !looks_like_radix(text) {
        return None;
    }
    let trimmed = text.trim_matches(is_space);
    let (radix, digits) = (trimmed.get(..2)?, trimmed.get(2..)?);
    let (base, bits) = match radix {
        "0x" | "0X" => (16, 4),
        "0o" | "0O" => (8, 3),
        "0b" | "0B" => (2, 1),
        _ => return None,
    };
    let value = digits_of(prefix(digits, |c| c.is_digit(base)), bits);
    (digits.chars().all(|c| c.is_digit(base)) && !value.is_nan()).then_some(value)
}

/// `$formatBase`: digits and letters in a radix from 2 to 36.
pub(in crate::jsonata) fn format_base(value: f64, radix: f64) -> Result<String, Fault> {
    let (value, radix) = (round_half_even(value, 0), round_half_even(radix, 0));
    if !(2.0..=36.0).contains(&radix) {
        let given = number_to_string(radix);
        return Err((
            "D3100",
            format!("The radix of the formatBase function must be between 2 and 36.  It was given {given}"),
        ));
    }
    if radix == 10.0 || !value.is_finite() {
        return Ok(number_to_string(value));
    }
    let sign = if value < 0.0 { "-" } else { "" };
    Ok(format!("{sign}{}", digits_in_radix(value.abs(), radix)))
}

/// `value.toFixed(places)` of a number that is not negative.
pub(super) fn to_fixed(value: f64, places: usize) -> Result<String, Fault> {
    if places > 100 {
        return Err(("RangeError", "toFixed() digits argument must be between 0 and 100".to_owned()));
    }
    // Infinity and NaN print like the large ones.
    if !matches!(value, 0.0..1e21) {
        return Ok(number_to_string(value));
    }
    // Ties go up, which the formatter does not do: it gets enough digits to round by hand.
    const BEYOND: usize = 30;
    let mut digits = format!("{value:.*}", places + BEYOND).into_bytes();
    let cut = digits.split_off(digits.len() - BEYOND);
    if places == 0 {
        digits.pop();
    }
    if cut[0] >= b'5' {
        increment(&mut digits);
    }
    Ok(digits.into_iter().map(char::from).collect())
}

/// Adds one to the last digit.
fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev().filter(|digit| digit.is_ascii_digit()) {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}

/// The digits that tell `value` from its neighbours, and where the decimal point stands in them.
fn shortest_digits(value: f64) -> (String, i32) {
    let mut text = format!("{value:e}");
    let places = text.find('e').unwrap_or(text.len()).saturating_sub(2);
    // Two numbers of as many digits can be as near, and then the even one is meant. It takes more digits than any
    // number of fewer has.
    if places >= 15 {
        let even = format!("{value:.places$e}");
        if even.parse() == Ok(value) {
            text = even;
        }
    }
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = mantissa.chars().filter(char::is_ascii_digit).collect();
    (digits, exponent.parse::<i32>().unwrap_or(0) + 1)
}

fn place_point(digits: &str, point: i32) -> String {
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    match point {
        22.. | ..=-6 => {
            let exponent = point - 1;
            let sign = if exponent < 0 { "" } else { "+" };
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            format!("{first}{dot}{rest}e{sign}{exponent}")
        }
        ..=0 => format!("0.{}{digits}", zeros(-point)),
        _ if point >= count => format!("{digits}{}", zeros(point - count)),
        _ => {
            let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
            format!("{whole}.{fraction}")
        }
    }
}

/// Moves the decimal point in the printed number: multiplying by a power of ten would add an error of its own.
fn shift_point(value: f64, places: i64) -> f64 {
    if places == 0 {
        return value;
    }
    if !value.is_finite() {
        return f64::NAN;
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let (digits, point) = shortest_digits(value.abs());
    format!("{sign}0.{digits}e{}", i64::from(point) + places).parse().unwrap_or(f64::NAN)
}

/// `Math.round`.
fn round_half_up(value: f64) -> f64 {
    let floor = value.floor();
    if value - floor >= 0.5 {
        floor + 1.0
    } else {
        floor
    }
}

/// The division the reference's engine does, which past 2^53 is not exact.
fn digits_in_radix(mut value: f64, radix: f64) -> String {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let mut reversed = Vec::new();
    while value / radix >= EXACT {
        value /= radix;
        reversed.push('0');
    }
    loop {
        let digit = value % radix;
        reversed.extend(char::from_digit(digit as u32, radix as u32));
        value = (value - digit) / radix;
        if value <= 0.0 {
            break;
        }
    }
    reversed.iter().rev().collect()
}

/// Digits with an optional minus sign, fraction and exponent, each of them with digits.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let unsigned = |text| str::strip_prefix(text, ['+', '-']).unwrap_or(text);
    digits(whole) && fraction.is_none_or(digits) && exponent.map(unsigned).is_none_or(digits)
}

/// The reference's test for other radices, whose anchors bind to one alternative each: hexadecimal digits at the
/// start, octal ones anywhere, binary ones at the end.
fn looks_like_radix(text: &str) -> bool {
    let bytes = text.as_bytes();
    let marked = |at: usize, letter: u8| bytes[at] == b'0' && bytes[at + 1].eq_ignore_ascii_case(&letter);
    let hex = bytes.len() > 2 && marked(0, b'x') && bytes[2].is_ascii_hexdigit();
    let octal = (2..bytes.len()).any(|at| marked(at - 2, b'o') && (b'0'..=b'7').contains(&bytes[at]));
    let tail = bytes.iter().rev().take_while(|b| matches!(b, b'0' | b'1')).count();
    let start = bytes.len() - tail;
    // The letter is no digit, so it ends the run of digits right behind it.
    let binary = tail > 0 && start >= 2 && marked(start - 2, b'b');
    hex || octal || binary
}
