//! Text of numbers and dates: what `$formatNumber`, `$fromMillis`, `$parseInteger` and their kin do with a picture.
//!
//! Everything here is a pure function of its arguments, exact to the reference implementation in result, error code
//! and message, its slips included: recorded expressions depend on them. Where the reference fails with an exception
//! of JavaScript, which has no code, the exception's name is the code.

mod base64;
mod datetime;
mod decimal;
mod integer;
mod number;
mod units;
mod url;

#[cfg(test)]
mod tests;

pub(super) use self::base64::{base64_decode, base64_encode};
pub(super) use self::datetime::{from_millis, to_millis};
pub(super) use self::decimal::format_number;
pub(super) use self::integer::{format_integer, parse_integer};
pub(super) use self::number::{format_base, number_to_string, parse_number, round_half_even, to_precision_15};
pub(super) use self::url::{decode_url, decode_url_component, encode_url, encode_url_component};

use super::error::LIMIT;

/// Why a function failed: the code and the message the reference prints.
pub(super) type Fault = (&'static str, String);

/// Longest picture in bytes. Loops over a picture times its result stay short with it.
const MAX_PICTURE: usize = 10_000;

/// Widest number a picture may ask for, and longest Roman numeral.
const MAX_WIDTH: usize = 10_000;

/// Longest result in bytes.
const MAX_OUTPUT: usize = 1_000_000;

fn check_picture(picture: &str) -> Result<(), Fault> {
    if picture.len() > MAX_PICTURE {
        return Err((LIMIT, format!("The picture string is longer than {MAX_PICTURE} bytes")));
    }
    Ok(())
}

fn check_width(width: f64) -> Result<(), Fault> {
    if width > MAX_WIDTH as f64 {
        return Err((LIMIT, format!("The picture string asks for more than {MAX_WIDTH} characters")));
    }
    Ok(())
}

fn check_output(output: &str) -> Result<(), Fault> {
    if output.len() > MAX_OUTPUT {
        return Err((LIMIT, format!("The formatted text is longer than {MAX_OUTPUT} bytes")));
    }
    Ok(())
}

/// `text` as the reference quotes a value in a message.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
