//! Functions of numbers: sums, ranges, chance.

use super::{Args, Chance, IntrinsicError};
use crate::value::Number;
use crate::Value;

/// The documented most items of a range.
const MAX_RANGE: i128 = 1_000;

/// The sum of two numbers, each rounded first.
pub(super) fn add(args: &Args<'_>) -> Result<Value, IntrinsicError> {
    let sum = args.integer(0)?.checked_add(args.integer(1)?);
    sum.map(Value::from).ok_or_else(|| args.failure(1, "makes the sum too large"))
}

/// From a first number to a last, which is in it if it is hit.
pub(super) fn range(args: &Args<'_>) -> Result<Value, IntrinsicError> {
    let (first, last, step) = (args.integer(0)?, args.integer(1)?, args.integer(2)?);
    if step == 0 {
        return Err(args.failure(2, "must not be 0"));
    }
    // Wider than the numbers, so that no difference overflows.
    let steps = (i128::from(last) - i128::from(first)).checked_div(i128::from(step)).unwrap_or(0);
    let away = (step > 0) != (last >= first) && first != last;
    let count = if away { 0 } else { steps + 1 };
    if count > MAX_RANGE {
        return Err(args.failure(1, format!("makes {count} items, more than the limit of {MAX_RANGE}")));
    }
    let numbers = std::iter::successors(Some(first), |number| number.checked_add(step));
    Ok(numbers.take(usize::try_from(count).unwrap_or(0)).map(Value::from).collect())
}

/// A number from a first up to a last, which is never reached; the same one for the same seed.
pub(super) fn random(args: &Args<'_>, chance: &mut dyn Chance) -> Result<Value, IntrinsicError> {
    let (first, end) = (args.integer(0)?, args.integer(1)?);
    if first >= end {
        return Err(args.failure(1, "must be greater than the first"));
    }
    let share = match args.values.get(2) {
        Some(_) => seeded(args.integer(2)?),
        None => chance.random_f64().clamp(0.0, 1.0),
    };
    let span = i128::from(end) - i128::from(first);
    // Below zero there is nothing to cut off, and what rounding makes too large is taken back.
    let offset = ((span as f64 * share) as i128).min(span - 1);
    let number = i64::try_from(i128::from(first) + offset);
    number.map(Value::from).map_err(|_| args.failure(1, "is too large"))
}

/// A number from 0 up to 1 that only the seed decides: one step of SplitMix64.
fn seeded(seed: i64) -> f64 {
    let mut bits = (seed as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^= bits >> 31;
    // 53 bits are what a double holds exactly.
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

/// Random bytes as an identifier of version 4.
pub(super) fn uuid(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = super::text::hex(&bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

impl Args<'_> {
    /// A number rounded to an integer, halves up.
    pub(super) fn integer(&self, index: usize) -> Result<i64, IntrinsicError> {
        let rounded = self.values[index].as_number().and_then(round);
        rounded.ok_or_else(|| self.failure(index, "is out of range"))
    }
}

fn round(number: &Number) -> Option<i64> {
    /// 2^63: the first double above all integers.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    number.as_i64().or_else(|| {
        let double = number.as_f64();
        let floor = double.floor();
        let rounded = if double - floor >= 0.5 { floor + 1.0 } else { floor };
        // In this range the conversion is exact.
        (-BEYOND..BEYOND).contains(&rounded).then_some(rounded as i64)
    })
}
