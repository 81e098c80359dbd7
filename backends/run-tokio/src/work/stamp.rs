//! Ids, dates and checksums as services give them, derived from the call and the data alone.

use std::fmt::Write;

use md5::{Digest, Md5};

/// The date services write into headers; a run knows no date of its own.
pub(crate) const DATE: &str = "Thu, 01 Jan 1970 00:00:00 GMT";

/// A UUID that is the same for the same call and purpose.
pub(crate) fn uuid(idempotency: &str, purpose: &str) -> String {
    let hex = md5_hex(format!("{purpose}\n{idempotency}").as_bytes());
    format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

/// The MD5 sum in lower-case hexadecimal digits.
pub(crate) fn md5_hex(bytes: &[u8]) -> String {
    Md5::digest(bytes).iter().fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The CRC-32 of zip files and of services.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    let of_byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !bytes.iter().fold(u32::MAX, of_byte)
}

/// A CRC-32 as S3 writes it: its four bytes in Base64.
pub(crate) fn crc32_base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // Six digits hold 36 bits: the 32 of the checksum and four zeros.
    let bits = u64::from(crc32(bytes)) << 4;
    let digit = |at: u32| char::from(DIGITS[usize::try_from((bits >> (30 - 6 * at)) & 63).unwrap_or(0)]);
    (0..6).map(digit).chain(['=', '=']).collect()
}

/// `2024-01-02T03:04:05.678Z` for milliseconds since 1970.
pub(crate) fn iso(millis: i64) -> String {
    let (day, ms) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    let (year, month, date) = civil(day);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1000)
}

/// Year, month and day of the month of a day counted from 1970; years begin in March here, so that leap days come last.
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_dates_are_those_of_the_services() {
        assert_eq!(crc32_base64(b"false"), "K81oMA==");
        assert_eq!(md5_hex(b"false"), "68934a3e9455fa72420237eb05902327");
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_709_164_800_123, "2024-02-29T00:00:00.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(iso(millis), text);
        }
        assert_eq!(uuid("a", "b").len(), 36);
        assert_ne!(uuid("a", "b"), uuid("a", "c"));
    }
}
