//! Whether a text is a date or time as RFC 3339 has them.

/// Whether `text` is an offset date-time, local date-time, local date or local time.
pub(super) fn is_valid(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    match text.split_once(['T', ' ']) {
        Some((date, time)) => is_date(date) && (is_time(time) || split_offset(time).is_some_and(is_time)),
        None => is_date(&text) || is_time(&text),
    }
}

/// The time without its offset, if it has a right one.
fn split_offset(time: &str) -> Option<&str> {
    if let Some(time) = time.strip_suffix('Z') {
        return Some(time);
    }
    let (time, offset) = time.split_at(time.rfind(['+', '-'])?);
    let (hours, minutes) = offset[1..].split_once(':')?;
    (number(hours, 2)? < 24 && number(minutes, 2)? < 60).then_some(time)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}

fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<Option<u32>> = clock.split(':').map(|part| number(part, 2)).collect();
    let in_range = match parts[..] {
        [Some(hour), Some(minute), Some(second)] => hour < 24 && minute < 60 && second <= 60,
        [Some(hour), Some(minute)] => hour < 24 && minute < 60 && clock == text,
        _ => false,
    };
    in_range && !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit())
}

fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}
