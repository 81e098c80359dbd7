//! Reads a moment from a text in a date picture.

use super::calendar::{utc, Date, DAY};
use super::matcher::{self, Shape};
use super::picture::{DatePicture, Marker, Part};
use super::{no_names, DAYS, MONTHS};
use crate::jsonata::picture::integer::{Groups, Picture, Primary};
use crate::jsonata::picture::units::{first_units, parse_int};
use crate::jsonata::picture::Fault;

/// `None` if the text does not fit, or names no component, or no date there is. Components that are more than the
/// given ones come from `now_millis`, smaller ones are the least possible.
pub(super) fn parse(text: &str, picture: &DatePicture, now_millis: f64) -> Result<Option<f64>, Fault> {
    let shapes = picture.parts.iter().map(shape).collect::<Result<Vec<Shape>, Fault>>()?;
    let text: Vec<char> = text.chars().collect();
    let Some(stretches) = matcher::find(&shapes, &text)? else { return Ok(None) };
    let mut fields = Fields::default();
    for (part, stretch) in picture.parts.iter().zip(stretches) {
        if let Part::Marker(marker) = part {
            let found: String = text[stretch].iter().collect();
            fields.set(marker.component, value(marker, &found)?);
        }
    }
    if fields.0.is_empty() {
        return Ok(None);
    }
    let millis = fields.moment(&Date::new(now_millis))?;
    Ok(Some(millis).filter(|millis| !millis.is_nan()))
}

fn shape(part: &Part) -> Result<Shape, Fault> {
    let marker = match part {
        Part::Literal(literal) => return Ok(Shape::Literal(literal.chars().collect())),
        Part::Marker(marker) => marker,
    };
    match (marker.component, &marker.integer) {
        (component @ ('Z' | 'z'), _) => Ok(Shape::Zone { named: component == 'z', separator: separator(marker) }),
        ('f', _) => Ok(Shape::Run(|c| c.is_ascii_digit())),
        (_, Some(picture)) => integer_shape(marker, picture),
        ('M' | 'x' | 'F' | 'P', None) => Ok(Shape::Run(|c| c.is_ascii_alphabetic())),
        (other, None) => Err(no_names(other)),
    }
}

fn integer_shape(marker: &Marker, picture: &Picture) -> Result<Shape, Fault> {
    Ok(match &picture.primary {
        Primary::Letters => Shape::Run(|c| c.is_ascii_alphabetic()),
        Primary::Roman => Shape::Run(|c| "mdclxviMDCLXVI".contains(c)),
        Primary::Words => Shape::Words,
        Primary::Digits(_) => {
            let width = marker.parse_width.filter(|width| *width > 0.0).map(|width| width as usize);
            Shape::Digits { width, ordinal: picture.ordinal }
        }
        // It reads nothing: it is refused.
        Primary::Sequence(_) => return picture.parse("").map(|_| Shape::Words),
    })
}

fn separator(marker: &Marker) -> Option<char> {
    match marker.integer.as_ref()?.digits()?.groups {
        Groups::Regular { sign, .. } => Some(sign),
        Groups::Irregular(_) => None,
    }
}

/// What a stretch says; `None` if it is no name of the component.
fn value(marker: &Marker, text: &str) -> Result<Option<f64>, Fault> {
    match (marker.component, &marker.integer) {
        ('Z', _) => Ok(Some(zone_minutes(text, separator(marker)))),
        ('z', _) => Ok(Some(zone_minutes(&text[3..], separator(marker)))),
        ('f', _) => Ok(format!("0.{}", first_units(text, 3)).parse().ok().map(|seconds: f64| seconds * 1000.0)),
        (_, Some(picture)) => picture.parse(text).map(Some),
        ('P', None) => Ok(["am", "AM", "pm", "PM"].iter().position(|half| *half == text).map(|at| (at / 2) as f64)),
        ('F', None) => Ok(named(&DAYS, marker, text)),
        _ => Ok(named(&MONTHS, marker, text)),
    }
}

/// The number of a name, exact in case. Of names that are the same in the given width, the last.
fn named(names: &[&str], marker: &Marker, text: &str) -> Option<f64> {
    let width = marker.max_width.filter(|max| *max != 0.0 && !max.is_nan());
    let cut = |name: &&str| width.map_or(*name, |max| first_units(name, max as usize)) == text;
    names.iter().rposition(cut).map(|at| at as f64 + 1.0)
}

/// The offset in minutes. The sign is the hours' alone.
fn zone_minutes(text: &str, separator: Option<char>) -> f64 {
    let (hours, minutes) = match separator {
        Some(separator) => text.split_once(separator).unwrap_or(("", text)),
        None if text.len() <= 3 => (text, "0"),
        None => text.split_at(3),
    };
    parse_int(hours) * 60.0 + parse_int(minutes)
}

/// The components found, in the order of their discovery. A name nobody knows is found, but has no value.
#[derive(Default)]
struct Fields(Vec<(char, Option<f64>)>);

impl Fields {
    fn get(&self, component: char) -> Option<f64> {
        self.0.iter().find(|(known, _)| *known == component).and_then(|(_, value)| *value)
    }

    fn set(&mut self, component: char, value: Option<f64>) {
        self.0.retain(|(known, _)| *known != component);
        self.0.push((component, value));
    }

    /// Whether it has a value that counts: the reference does not see zeros when it chooses what kind of date it has.
    fn counts(&self, component: char) -> bool {
        self.get(component).is_some_and(|value| value != 0.0 && !value.is_nan())
    }

    /// Whether of `all` components those that count are among `kind`, and there is one.
    fn is_kind(&self, all: &str, kind: &str) -> bool {
        let mut counting = all.chars().filter(|component| self.counts(*component)).peekable();
        counting.peek().is_some() && counting.all(|component| kind.contains(component))
    }

    fn moment(mut self, now: &Date) -> Result<f64, Fault> {
        let date_kind = |kind: &str| self.is_kind("YXMxWwdD", kind);
        let by_day_of_year = !date_kind("YMD") && date_kind("Yd");
        let (by_month_week, by_week) = (date_kind("Xxw"), date_kind("XW"));
        let half_days = !self.is_kind("PHhmsf", "Hmsf") && self.is_kind("PHhmsf", "Phmsf");
        let date = match () {
            () if by_day_of_year => "YD",
            () if by_month_week => "XxwF",
            () if by_week => "XWF",
            () => "YMD",
        };
        let time = if half_days { "Phmsf" } else { "Hmsf" };
        self.fill(&[date, time].concat(), now)?;
        if by_month_week || by_week {
            return Err(gap());
        }
        Ok(self.utc(by_day_of_year, half_days) - self.zone() * 60_000.0)
    }

    /// Gives the components, from the greatest to the least, the values they lack.
    fn fill(&mut self, components: &str, now: &Date) -> Result<(), Fault> {
        let (mut started, mut ended) = (false, false);
        for component in components.chars() {
            if self.get(component).is_some() {
                started = true;
                if ended {
                    return Err(gap());
                }
            } else if started {
                ended = true;
                let least = if matches!(component, 'M' | 'D' | 'd') { 1.0 } else { 0.0 };
                self.set(component, Some(least));
            } else {
                // Of all components `P` alone has no number, and morning is what it then means.
                self.set(component, Some(now.component(component).unwrap_or(0.0)));
            }
        }
        Ok(())
    }

    fn utc(&self, by_day_of_year: bool, half_days: bool) -> f64 {
        let get = |component| self.get(component).unwrap_or(f64::NAN);
        let mut month = Some(get('M') - 1.0).filter(|month| *month > -1.0).unwrap_or(0.0);
        let mut day = get('D');
        if by_day_of_year {
            let start = utc([get('Y'), 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
            let date = Date::new(start + (get('d') - 1.0) * DAY);
            let component = |component| date.component(component).unwrap_or(f64::NAN);
            (month, day) = (component('M') - 1.0, component('D'));
        }
        let hour = match get('h') {
            _ if !half_days => get('H'),
            hour => (if hour == 12.0 { 0.0 } else { hour }) + if get('P') == 1.0 { 12.0 } else { 0.0 },
        };
        utc([get('Y'), month, day, hour, get('m'), get('s'), get('f')])
    }

    /// The offset in minutes; 0 if it is none.
    fn zone(&self) -> f64 {
        ['Z', 'z'].into_iter().find(|zone| self.counts(*zone)).and_then(|zone| self.get(zone)).unwrap_or(0.0)
    }
}

fn gap() -> Fault {
    ("D3136", "The date/time picture string is missing specifiers required to parse the timestamp".to_owned())
}
