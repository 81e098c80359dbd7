//! Base64 of Latin-1 text, as lenient as the reference's decoder.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `$base64encode`: every UTF-16 unit is cut to its low byte.
pub(in crate::jsonata) fn base64_encode(text: &str) -> String {
    let bytes: Vec<u8> = low_bytes(text).collect();
    let mut encoded = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word = group.iter().fold(0u32, |word, byte| (word << 8) | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let sextet = (word >> (18 - 6 * place)) & 63;
            encoded.push(if place > group.len() { '=' } else { char::from(ALPHABET[sextet as usize]) });
        }
    }
    encoded
}

/// `$base64decode`, which never fails: it stops at `=`, skips what is in neither alphabet (the one for addresses
/// is known too), and makes each byte a Latin-1 character.
pub(in crate::jsonata) fn base64_decode(text: &str) -> String {
    let mut decoded = String::new();
    let (mut word, mut bits) = (0u32, 0);
    for sextet in low_bytes(text).take_while(|b| *b != b'=').filter_map(sextet) {
        word = ((word << 6) | sextet) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            decoded.push(char::from((word >> bits) as u8));
        }
    }
    decoded
}

fn low_bytes(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.encode_utf16().map(|unit| unit.to_le_bytes()[0])
}

fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}
