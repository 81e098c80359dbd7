//! Instants and spans of time as histories write them and people read them.

use serde_json::Value;

/// Milliseconds since 1970 of an instant: ISO 8601 text, or a number of seconds. Placeholders are none.
pub(super) fn millis(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => parse(text),
        Value::Number(seconds) => {
            // Four thousand years of milliseconds are exact in an `f64`.
            let millis = (seconds.as_f64()? * 1000.0).round();
            (millis.abs() < 1e14).then_some(millis as i64)
        }
        _ => None,
    }
}

/// `2026-11-20T19:42:19.123Z`, with any number of decimals and an offset instead of `Z`.
fn parse(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', ' '])?;
    let at = time.find(['Z', '+', '-'])?;
    let (time, zone) = time.split_at(at);
    let mut date = date.splitn(3, '-').map(digits);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut time = time.splitn(3, ':').map(digits);
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let sane = (1..=12).contains(&month) && (1..=31).contains(&day) && year < 10_000 && hour < 25 && minute < 60;
    let days = sane.then(|| days(year, month, day))?;
    let seconds = ((days * 24 + hour) * 60 + minute - offset(zone)?) * 60 + second;
    Some(seconds * 1000 + digits(&format!("{:0<3.3}", fraction))?)
}

/// The minutes an offset is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    Some(sign * (digits(hours)? * 60 + digits(minutes)?))
}

/// A number of at most nine digits and nothing else.
fn digits(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// The days from 1970 to a date of the Gregorian calendar; years begin in March, so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leaps + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// The time of day of an instant, in UTC: `19:42:19.123`.
pub fn clock(millis: i64) -> String {
    let of_day = millis.rem_euclid(86_400_000);
    let (seconds, millis) = (of_day / 1000, of_day % 1000);
    format!("{:02}:{:02}:{:02}.{millis:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A span of time in the two largest units that matter: `0.120s`, `2m03s`, `3d04h`.
pub fn duration(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    let millis = millis.unsigned_abs();
    let seconds = millis / 1000;
    let text = match seconds {
        0..60 => format!("{seconds}.{:03}s", millis % 1000),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d{:02}h", seconds / 86_400, seconds / 3600 % 24),
    };
    sign.to_owned() + &text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn instants_are_read_as_they_come() {
        for (value, expected) in [
            (json!("1970-01-01T00:00:00Z"), Some(0)),
            (json!("2026-11-20T19:42:19.123Z"), Some(1_795_203_739_123)),
            (json!("2026-11-20T20:42:19.123456+01:00"), Some(1_795_203_739_123)),
            (json!("2024-02-29 00:00:00.5-00:30"), Some(1_709_166_600_500)),
            (json!(1_795_203_739.123), Some(1_795_203_739_123)),
            (json!("timestamp"), None),
            (json!("2026-13-20T19:42:19Z"), None),
            (json!("2026-11-20T19:42Z"), None),
            (json!("9999999999-11-20T19:42:00Z"), None),
            (json!(1e300), None),
            (json!(null), None),
        ] {
            assert_eq!(millis(&value), expected, "{value}");
        }
    }

    #[test]
    fn spans_are_short() {
        let cases = [(0, "0.000s"), (59_999, "59.999s"), (123_000, "2m03s"), (3_725_000, "1h02m"), (-5, "-0.005s")];
        for (millis, expected) in cases {
            assert_eq!(duration(millis), expected);
        }
        assert_eq!(duration(i64::MIN), "-106751991167d07h");
        assert_eq!(clock(1_795_203_739_123), "19:42:19.123");
        assert_eq!(clock(-1), "23:59:59.999");
    }
}
