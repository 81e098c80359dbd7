//! RFC 3339 instants as the language takes them: with `T`, and with `Z` or an offset.

/// Whether `text` is an instant that exists. Seconds may have a fraction of any length.
pub(crate) fn is_instant(text: &str) -> bool {
    read(text.as_bytes()).is_some()
}

fn read(text: &[u8]) -> Option<()> {
    let (date, rest) = text.split_at_checked(10)?;
    let (year, month, day) = (number(date, 0, 4)?, number(date, 5, 2)?, number(date, 8, 2)?);
    let dashed = date[4] == b'-' && date[7] == b'-';
    let rest = rest.strip_prefix(b"T")?;
    let (time, rest) = rest.split_at_checked(8)?;
    let clock = number(time, 0, 2)? < 24 && number(time, 3, 2)? < 60 && number(time, 6, 2)? < 60;
    let coloned = time[2] == b':' && time[5] == b':';
    let rest = without_fraction(rest)?;
    let exists = (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
    (dashed && coloned && clock && exists && is_offset(rest)).then_some(())
}

fn without_fraction(text: &[u8]) -> Option<&[u8]> {
    let Some(fraction) = text.strip_prefix(b".") else { return Some(text) };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0).then(|| &fraction[digits..])
}

fn is_offset(text: &[u8]) -> bool {
    match text {
        b"Z" => true,
        [b'+' | b'-', offset @ ..] if offset.len() == 5 && offset[2] == b':' => {
            matches!((number(offset, 0, 2), number(offset, 3, 2)), (Some(0..=23), Some(0..=59)))
        }
        _ => false,
    }
}

fn number(text: &[u8], from: usize, len: usize) -> Option<u32> {
    text.get(from..from + len)?
        .iter()
        .try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0')))
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::is_instant;

    #[test]
    fn takes_instants_that_exist() {
        for good in ["2016-03-14T01:59:00Z", "2016-03-14T01:59:00.123456789Z", "2024-02-29T23:59:59-08:00"] {
            assert!(is_instant(good), "{good}");
        }
        for bad in [
            "",
            "2016-13-05T21:29:29Z",
            "05-12-2016T21:29:29Z",
            "2016-12-05T21:29:29",
            "2016-12-05 21:29:29Z",
            "2016-12-05T25:29:29Z",
            "2023-02-29T00:00:00Z",
            "2016-12-05T21:29:29.Z",
            "{% '2016-03-14T01:59:00Z' %}",
        ] {
            assert!(!is_instant(bad), "{bad}");
        }
    }
}
