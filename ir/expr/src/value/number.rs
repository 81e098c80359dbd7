//! Numbers that print as they were read and compare by value.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A JSON number.
#[derive(Clone)]
pub struct Number(Repr);

#[derive(Clone)]
enum Repr {
    Int(i64),
    Float(f64),
    /// A valid JSON number that is not the way an `Int` prints.
    Text(Arc<str>),
}

/// The largest double up to which every integer is exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Number {
    /// A number from its JSON text, which is kept; `None` if it is not a JSON number.
    pub fn from_text(text: &str) -> Option<Number> {
        (scan(text.as_bytes()) == Some(text.len())).then(|| Self::from_scanned(text))
    }

    /// A number from a double; `None` for infinities and NaN. A whole number prints with `.0`.
    pub fn from_f64(value: f64) -> Option<Number> {
        value.is_finite().then_some(Number(Repr::Float(value)))
    }

    /// As [`Number::from_f64`], but whole numbers print without a fraction, as in JavaScript.
    pub fn from_f64_whole(value: f64) -> Option<Number> {
        if value.fract() != 0.0 || value.abs() >= 1e21 {
            return Self::from_f64(value);
        }
        // In this branch the double is a whole number below 2^53, so the conversion is exact.
        Some(if value.abs() <= EXACT { Number::from(value as i64) } else { Self::from_scanned(&format!("{value}")) })
    }

    /// The nearest double; a number beyond its range gives an infinity.
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            Repr::Int(value) => *value as f64,
            Repr::Float(value) => *value,
            Repr::Text(text) => text.parse().unwrap_or(f64::NAN),
        }
    }

    /// The number as an integer, if its value is one that fits (`1.0` and `1e2` are).
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Int(value) => Some(*value),
            _ => Decimal::of(&self.to_string()).to_i64(),
        }
    }

    /// Whether the number is written without fraction and exponent.
    pub fn is_integer_literal(&self) -> bool {
        match &self.0 {
            Repr::Int(_) => true,
            Repr::Float(_) => false,
            Repr::Text(text) => !text.contains(['.', 'e', 'E']),
        }
    }

    /// The length of the number's text.
    pub(super) fn text_len(&self) -> usize {
        match &self.0 {
            Repr::Int(value) => decimal_len(*value),
            Repr::Float(value) => float_text(*value).len(),
            Repr::Text(text) => text.len(),
        }
    }

    /// A number from text known to be valid.
    pub(super) fn from_scanned(text: &str) -> Number {
        match text.parse::<i64>() {
            Ok(value) if text != "-0" => Number(Repr::Int(value)),
            _ => Number(Repr::Text(text.into())),
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Number(Repr::Int(value))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or_else(|_| Self::from_scanned(&value.to_string()), Number::from)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    /// Compares exact values: no digit is lost to a double.
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Int(a), Repr::Int(b)) => a.cmp(b),
            _ => Decimal::of(&self.to_string()).cmp(&Decimal::of(&other.to_string())),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Int(value) => write!(f, "{value}"),
            Repr::Float(value) => f.write_str(&float_text(*value)),
            Repr::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The shortest text that reads back as `value`; exponents only where JavaScript writes them.
fn float_text(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        return if size >= 1.0 { text.replace('e', "e+") } else { text };
    }
    let text = format!("{value}");
    if text.contains('.') {
        text
    } else {
        text + ".0"
    }
}

fn decimal_len(value: i64) -> usize {
    let digits = value.unsigned_abs().checked_ilog10().map_or(1, |log| log as usize + 1);
    digits + usize::from(value < 0)
}

/// The length of the JSON number at the start of `bytes`; `None` if there is none.
pub(super) fn scan(bytes: &[u8]) -> Option<usize> {
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    at = match bytes.get(at)? {
        b'0' => at + 1,
        b'1'..=b'9' => digits(bytes, at),
        _ => return None,
    };
    if bytes.get(at) == Some(&b'.') {
        at = some_digits(bytes, at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let signed = matches!(bytes.get(at + 1), Some(b'+' | b'-'));
        at = some_digits(bytes, at + 1 + usize::from(signed))?;
    }
    Some(at)
}

fn some_digits(bytes: &[u8], from: usize) -> Option<usize> {
    let to = digits(bytes, from);
    (to > from).then_some(to)
}

fn digits(bytes: &[u8], from: usize) -> usize {
    from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count()
}

/// A number in the one form its value has: digits without zeros at either end, times a power of ten.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn of(text: &str) -> Decimal {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = whole.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit);
        let mut digits: Vec<u8> = all.skip_while(|d| *d == b'0').collect();
        let significant = digits.iter().rposition(|d| *d != b'0').map_or(0, |last| last + 1);
        let dropped = digits.len() - significant;
        digits.truncate(significant);
        let exponent = if digits.is_empty() {
            0
        } else {
            saturating_exponent(exponent).saturating_add(dropped as i64).saturating_sub(fraction.len() as i64)
        };
        Decimal { negative: text.starts_with('-') && !digits.is_empty(), digits, exponent }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.cmp_size(other),
            (true, true) => other.cmp_size(self),
            (a, b) => b.cmp(&a),
        }
    }

    /// Compares without the sign.
    fn cmp_size(&self, other: &Self) -> Ordering {
        let zeros = (self.digits.is_empty(), other.digits.is_empty());
        // The power of ten just above the value; zero has none.
        let above = |number: &Self| number.exponent.saturating_add(number.digits.len() as i64);
        match zeros {
            (false, false) => above(self).cmp(&above(other)).then_with(|| self.digits.cmp(&other.digits)),
            (a, b) => b.cmp(&a),
        }
    }

    fn to_i64(&self) -> Option<i64> {
        let zeros = usize::try_from(self.exponent).ok().filter(|zeros| zeros + self.digits.len() <= 19)?;
        let sign = if self.negative { -1 } else { 1 };
        let digits = self.digits.iter().chain(std::iter::repeat_n(&b'0', zeros));
        digits
            .copied()
            .try_fold(0i64, |value, digit| value.checked_mul(10)?.checked_add(sign * i64::from(digit - b'0')))
    }
}

/// The exponent; one too large for an `i64` is as far out as an `i64` goes.
fn saturating_exponent(text: &str) -> i64 {
    let limit = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    text.parse().unwrap_or(limit)
}
