//! Percent encoding of addresses and their components.

use super::{quoted, Fault};

/// Characters with a meaning of their own in an address: whole addresses keep them as they are.
const RESERVED: &[u8] = b";/?:@&=+$,#";

/// `$encodeUrl`.
pub(in crate::jsonata) fn encode_url(text: &str) -> String {
    encode(text, RESERVED)
}

/// `$encodeUrlComponent`.
pub(in crate::jsonata) fn encode_url_component(text: &str) -> String {
    encode(text, b"")
}

/// `$decodeUrl`: escapes of reserved characters stay.
pub(in crate::jsonata) fn decode_url(text: &str) -> Result<String, Fault> {
    decode(text, RESERVED).ok_or_else(|| malformed("decodeUrl", text))
}

/// `$decodeUrlComponent`.
pub(in crate::jsonata) fn decode_url_component(text: &str) -> Result<String, Fault> {
    decode(text, b"").ok_or_else(|| malformed("decodeUrlComponent", text))
}

fn encode(text: &str, kept: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) || kept.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(
                [byte >> 4, byte & 15]
                    .iter()
                    .filter_map(|nibble| char::from_digit(u32::from(*nibble), 16))
                    .map(|digit| digit.to_ascii_uppercase()),
            );
        }
    }
    encoded
}

fn decode(text: &str, kept: &[u8]) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte != b'%' {
            decoded.push(byte);
            rest = tail;
            continue;
        }
        let (digits, tail) = tail.split_at_checked(2)?;
        let escaped = nibble(digits[0])? << 4 | nibble(digits[1])?;
        if kept.contains(&escaped) {
            decoded.extend([b'%', digits[0], digits[1]]);
        } else {
            decoded.push(escaped);
        }
        rest = tail;
    }
    String::from_utf8(decoded).ok()
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn malformed(function: &str, text: &str) -> Fault {
    ("D3140", format!("Malformed URL passed to ${function}(): {}", quoted(text)))
}
