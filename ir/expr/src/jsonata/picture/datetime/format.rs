//! Prints a moment as a date picture says.

use super::calendar::Date;
use super::picture::{Case, DatePicture, Marker, Part};
use super::{no_names, DAYS, MONTHS};
use crate::jsonata::picture::integer::{format_integer, Groups, Picture};
use crate::jsonata::picture::units::{first_units, parse_int, unit_count};
use crate::jsonata::picture::{check_output, Fault};

pub(super) fn format(millis: f64, picture: &DatePicture, timezone: Option<&str>) -> Result<String, Fault> {
    let zone = Zone::new(timezone);
    let date = Date::new(millis + (60.0 * zone.hours + zone.minutes) * 60_000.0);
    let mut text = String::new();
    for part in &picture.parts {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Marker(marker) => text.push_str(&component(&date, &zone, marker)?),
        }
        check_output(&text)?;
    }
    Ok(text)
}

/// An offset from UTC. West of it the reference rounds hours down and keeps the sign of minutes.
struct Zone {
    hours: f64,
    minutes: f64,
}

impl Zone {
    fn new(timezone: Option<&str>) -> Self {
        let offset = timezone.map_or(0.0, parse_int);
        Self { hours: (offset / 100.0).floor(), minutes: offset % 100.0 }
    }

    fn format(&self, marker: &Marker) -> Result<String, Fault> {
        let offset = self.hours * 100.0 + self.minutes;
        if offset == 0.0 && marker.traditional {
            // A wrong picture is a mistake all the same.
            return self.digits(offset, marker).map(|_| "Z".to_owned());
        }
        let digits = self.digits(offset, marker)?;
        let name = if marker.component == 'z' { "GMT" } else { "" };
        let sign = if offset >= 0.0 { "+" } else { "" };
        Ok(format!("{name}{sign}{digits}"))
    }

    fn digits(&self, offset: f64, marker: &Marker) -> Result<String, Fault> {
        let too_wide =
            || ("D3134", "The timezone integer format specifier cannot have more than four digits".to_owned());
        let picture = marker.integer.as_ref().ok_or_else(too_wide)?;
        let digits = picture.digits().ok_or_else(too_wide)?;
        let is_regular = matches!(digits.groups, Groups::Regular { .. });
        match digits.mandatory as i64 {
            _ if is_regular => picture.format(offset),
            1 | 2 if self.minutes == 0.0 => picture.format(self.hours),
            1 | 2 => Ok(format!("{}:{}", picture.format(self.hours)?, format_integer(self.minutes, "00")?)),
            3 | 4 => picture.format(offset),
            _ => Err(too_wide()),
        }
    }
}

fn component(date: &Date, zone: &Zone, marker: &Marker) -> Result<String, Fault> {
    match marker.component {
        'Z' | 'z' => zone.format(marker),
        'P' => {
            let half = if date.component('H').is_some_and(|hour| hour >= 12.0) { "pm" } else { "am" };
            Ok(if marker.names == Some(Case::Upper) { half.to_uppercase() } else { half.to_owned() })
        }
        'C' | 'E' => Ok("ISO".to_owned()),
        component => match date.component(component) {
            Some(value) => number(value, marker),
            // Nobody refuses a component that does not exist as long as it has a format.
            None => Ok("undefined".to_owned()),
        },
    }
}

fn number(value: f64, marker: &Marker) -> Result<String, Fault> {
    match (&marker.integer, marker.names) {
        (Some(picture), _) => integer(value, picture, marker),
        (None, Some(case)) if marker.component != 'f' => name(value, case, marker),
        _ => Err(no_value("primary")),
    }
}

fn integer(value: f64, picture: &Picture, marker: &Marker) -> Result<String, Fault> {
    match marker.year_digits {
        // -1 means all digits.
        Some(digits) if digits != -1.0 => picture.format(value % 10f64.powf(digits)),
        _ => picture.format(value),
    }
}

fn name(value: f64, case: Case, marker: &Marker) -> Result<String, Fault> {
    let names: &[&str] = match marker.component {
        'M' | 'x' => &MONTHS,
        'F' => &DAYS,
        other => return Err(no_names(other)),
    };
    // NaN, the only value without a name, casts to 0.
    let Some(name) = (value as usize).checked_sub(1).and_then(|at| names.get(at)) else {
        return undefined_name(case, marker);
    };
    let name = match case {
        Case::Upper => name.to_uppercase(),
        Case::Lower => name.to_lowercase(),
        Case::Title => (*name).to_owned(),
    };
    match marker.max_width {
        Some(max) if unit_count(&name) as f64 > max => Ok(first_units(&name, max as usize).to_owned()),
        _ => Ok(name),
    }
}

/// What comes of a name that is not there.
fn undefined_name(case: Case, marker: &Marker) -> Result<String, Fault> {
    match case {
        Case::Upper => Err(no_value("toUpperCase")),
        Case::Lower => Err(no_value("toLowerCase")),
        Case::Title if marker.has_width => Err(no_value("length")),
        Case::Title => Ok("undefined".to_owned()),
    }
}

fn no_value(property: &str) -> Fault {
    ("TypeError", format!("Cannot read properties of undefined (reading '{property}')"))
}
