//! Reads timestamps in ISO 8601, and most of what else the reference's engine takes for one.

use super::calendar::moment;
use crate::jsonata::picture::{quoted, Fault};

/// `None` for a text in the right form that is no date.
pub(super) fn parse(text: &str) -> Result<Option<f64>, Fault> {
    // A month, a day and a zone can look alike: the first reading that gets to the end counts.
    let readings = [(true, true), (true, false), (false, true), (false, false)];
    let read = readings.into_iter().find_map(|(month, day)| Timestamp::read(text, month, day));
    let Some(timestamp) = read else {
        let given = quoted(text);
        return Err((
            "D3110",
            format!("The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {given}"),
        ));
    };
    Ok(timestamp.millis().filter(|millis| !millis.is_nan()))
}

/// The parts of a timestamp in the right form.
struct Timestamp<'a> {
    year: f64,
    month: Option<f64>,
    day: Option<f64>,
    time: Option<[f64; 3]>,
    fraction: Option<&'a str>,
    /// `Z`, or hours and minutes with the sign.
    zone: Option<&'a str>,
}

impl<'a> Timestamp<'a> {
    fn read(text: &'a str, with_month: bool, with_day: bool) -> Option<Self> {
        let mut rest = text;
        let year = take(&mut rest, "dddd")?.parse().ok()?;
        let month = if with_month { Some(number(take(&mut rest, "-1d")?)) } else { None };
        let day = if with_day { Some(number(take(&mut rest, "-3d")?)) } else { None };
        let time = take(&mut rest, "T2d:5d:5d").map(|time| [&time[1..3], &time[4..6], &time[7..9]].map(number));
        let fraction = take_fraction(&mut rest);
        let zone = take(&mut rest, "Z").or_else(|| take(&mut rest, "+2d:5d")).or_else(|| take(&mut rest, "+2d5d"));
        rest.is_empty().then_some(Self { year, month, day, time, fraction, zone })
    }

    fn millis(&self) -> Option<f64> {
        let [hour, minute, second] = match self.time {
            Some(time) => time,
            None => return self.date_only(),
        };
        let milli: f64 = self.fraction.map_or(0.0, |fraction| number(&format!("{fraction:0<3}")[..3]));
        let is_midnight = hour == 24.0 && minute + second + milli == 0.0;
        if hour >= 24.0 && !is_midnight {
            return None;
        }
        let (month, day) = self.month_and_day()?;
        Some(moment([self.year, month - 1.0, day, hour, minute, second, milli]) - self.offset()?)
    }

    /// Without a time it is a date of ISO 8601, or numbers that the engine makes a date of: the digits behind a point
    /// are the next of them, and a year that could be a day makes the first the month.
    fn date_only(&self) -> Option<f64> {
        let exact = self.month_and_day().filter(|_| self.fraction.is_none() && self.zone.is_none());
        if let Some((month, day)) = exact {
            return Some(moment([self.year, month - 1.0, day, 0.0, 0.0, 0.0, 0.0]));
        }
        // What was meant to be a zone without a colon is a number behind a hyphen.
        let zone = match self.zone {
            Some("Z") | None => None,
            Some(zone) if zone.starts_with('-') && !zone.contains(':') => Some(number(zone)),
            Some(_) => return None,
        };
        let fraction = self.fraction.map(number);
        let numbers: Vec<f64> = [Some(self.year), self.month, self.day, fraction, zone].into_iter().flatten().collect();
        let get = |at: usize| numbers.get(at).copied().unwrap_or(1.0);
        let [year, month, day] = if is_day(get(0)) { [get(2), get(0), get(1)] } else { [get(0), get(1), get(2)] };
        let century = match year {
            0.0..50.0 => 2000.0,
            50.0..100.0 => 1900.0,
            _ => 0.0,
        };
        let valid = numbers.len() <= 3 && is_month(month) && is_day(day);
        valid.then(|| moment([year + century, month - 1.0, day, 0.0, 0.0, 0.0, 0.0]))
    }

    /// Both from 1. A day may be past the end of its month.
    fn month_and_day(&self) -> Option<(f64, f64)> {
        let (month, day) = (self.month.unwrap_or(1.0), self.day.unwrap_or(1.0));
        let in_order = self.month.is_some() || self.day.is_none();
        (in_order && is_month(month) && is_day(day)).then_some((month, day))
    }

    /// The zone in milliseconds.
    fn offset(&self) -> Option<f64> {
        let Some(zone) = self.zone.filter(|zone| *zone != "Z") else { return Some(0.0) };
        let (hours, minutes) = (number(&zone[1..3]), number(&zone[zone.len() - 2..]));
        let sign = if zone.starts_with('-') { -1.0 } else { 1.0 };
        (hours < 24.0).then_some(sign * (hours * 60.0 + minutes) * 60_000.0)
    }
}

/// Takes what fits `form` from the start of `rest`: `d` is any digit, a digit is one up to it, `+` is either sign.
fn take<'a>(rest: &mut &'a str, form: &str) -> Option<&'a str> {
    let (found, tail) = rest.split_at_checked(form.len())?;
    let fits = found.bytes().zip(form.bytes()).all(|(found, form)| match form {
        b'd' => found.is_ascii_digit(),
        b'0'..=b'9' => (b'0'..=form).contains(&found),
        b'+' => matches!(found, b'+' | b'-'),
        _ => found == form,
    });
    *rest = if fits { tail } else { rest };
    fits.then_some(found)
}

fn take_fraction<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let digits = rest.strip_prefix('.')?;
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, tail) = digits.split_at(count);
    *rest = if count > 0 { tail } else { rest };
    (count > 0).then_some(fraction)
}

fn number(digits: &str) -> f64 {
    digits.trim_start_matches('-').parse().unwrap_or(f64::NAN)
}

fn is_month(number: f64) -> bool {
    (1.0..=12.0).contains(&number)
}

fn is_day(number: f64) -> bool {
    (1.0..=31.0).contains(&number)
}
