//! Halves of surrogate pairs, which JavaScript's strings can hold and UTF-8 cannot: each is kept as a character
//! of the last private plane and becomes U+FFFD on the way out.

/// The character that stands for the first half, U+D800; the others follow.
const FIRST: u32 = 0x0010_f800;

/// Whether a character stands for half a surrogate pair.
pub(super) fn is_half(c: char) -> bool {
    u32::from(c) >= FIRST
}

/// The text of a string literal as written, quotes included.
pub(super) fn decode(written: &str) -> String {
    let mut units: Vec<u16> = Vec::with_capacity(written.len());
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            units.extend(c.encode_utf16(&mut [0; 2]).iter());
            continue;
        }
        match chars.next() {
            Some('u') => {
                let digits: String = chars.by_ref().take(4).collect();
                units.push(u16::from_str_radix(&digits, 16).unwrap_or(0xfffd));
            }
            Some(escaped) => units.push(plain_escape(escaped)),
            None => {}
        }
    }
    char::decode_utf16(units).map(|unit| unit.unwrap_or_else(|half| stand_in(half.unpaired_surrogate()))).collect()
}

/// The text without halves.
pub(super) fn replaced(text: &str) -> String {
    text.chars().map(|c| if is_half(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn stand_in(half: u16) -> char {
    char::from_u32(FIRST + (u32::from(half) - 0xd800)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn plain_escape(c: char) -> u16 {
    match c {
        'b' => 0x08,
        'f' => 0x0c,
        'n' => 0x0a,
        'r' => 0x0d,
        't' => 0x09,
        other => u16::try_from(u32::from(other)).unwrap_or(0xfffd),
    }
}
