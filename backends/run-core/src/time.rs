//! Instants: RFC 3339 text, and milliseconds since 1970.

/// Milliseconds, since 1970 where it is an instant.
pub type Millis = i64;

/// An instant to the nanosecond; ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Nanoseconds of the second.
    pub nanos: u32,
}

impl Instant {
    /// The first whole millisecond that is not before it.
    pub fn to_millis(self) -> Millis {
        self.seconds.saturating_mul(1000).saturating_add(i64::from(self.nanos.div_ceil(1_000_000)))
    }
}

/// Milliseconds from seconds; what is out of range becomes the nearest that is in it, not-a-number becomes 0.
pub(crate) fn millis(seconds: f64) -> Millis {
    (seconds * 1000.0) as Millis
}

/// Reads `2024-01-02T03:04:05.678Z` or with an offset such as `+01:00`, with up to nine digits of a second.
pub fn parse_instant(text: &str) -> Option<Instant> {
    let mut rest = Rest(text.as_bytes());
    let (year, month, day) = (rest.number(4)?, rest.after(b'-', 2)?, rest.after(b'-', 2)?);
    let (hour, minute, second) = (rest.after(b'T', 2)?, rest.after(b':', 2)?, rest.after(b':', 2)?);
    let nanos = rest.fraction()?;
    let offset = rest.offset()?;
    let valid = rest.0.is_empty()
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    valid.then_some(Instant { seconds, nanos })
}

/// `2024-01-02T03:04:05.678Z`
pub fn instant_text(at: Millis) -> String {
    let (day, ms) = (at.div_euclid(86_400_000), at.rem_euclid(86_400_000));
    let (year, month, date) = civil(day);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1000)
}

struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, tail) = self.0.split_at_checked(digits)?;
        if !head.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = tail;
        Some(head.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
    }

    fn after(&mut self, sign: u8, digits: usize) -> Option<i64> {
        self.0 = self.0.strip_prefix(&[sign])?;
        self.number(digits)
    }

    fn fraction(&mut self) -> Option<u32> {
        let Some(tail) = self.0.strip_prefix(b".") else { return Some(0) };
        let digits = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        self.0 = tail;
        let value = self.number(digits)? * 10_i64.pow(9 - digits as u32);
        u32::try_from(value).ok()
    }

    fn offset(&mut self) -> Option<i64> {
        let (&sign, tail) = self.0.split_first()?;
        self.0 = tail;
        let direction = match sign {
            b'Z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (hours, minutes) = (self.number(2)?, self.after(b':', 2)?);
        (hours <= 18 && minutes < 60).then_some(direction * (hours * 3_600 + minutes * 60))
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970 of a date of the Gregorian calendar, by counting years from March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day; the reverse of [`days`].
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * from_march + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_instants() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:30:00.250Z", Some(951_827_400_250)),
            ("2024-01-01T01:00:00+01:00", Some(1_704_067_200_000)),
            ("1969-12-31T23:59:59.999Z", Some(-1)),
            ("2023-02-29T00:00:00Z", None),
            ("2024-01-01 00:00:00Z", None),
            ("2024-01-01T00:00:00", None),
            ("2024-01-01T00:00:00.Z", None),
            ("é", None),
        ] {
            assert_eq!(parse_instant(text).map(Instant::to_millis), millis, "{text}");
        }
        for at in [0, -1, 951_827_400_250, 4_107_542_399_999] {
            assert_eq!(parse_instant(&instant_text(at)).unwrap().to_millis(), at);
        }
    }
}
