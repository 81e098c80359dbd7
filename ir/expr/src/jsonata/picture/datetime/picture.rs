//! The date picture: literal text and markers such as `[M01]`.

use crate::jsonata::picture::integer::Picture;
use crate::jsonata::picture::units::{is_space, parse_int};
use crate::jsonata::picture::{quoted, Fault};

/// Components that can be integers.
const INTEGERS: &str = "YMDdFWwXxHhmsf";

/// An analysed date picture.
pub(super) struct DatePicture {
    pub(super) parts: Vec<Part>,
}

pub(super) enum Part {
    Literal(String),
    Marker(Box<Marker>),
}

pub(super) struct Marker {
    pub(super) component: char,
    /// Present if the component is to be named.
    pub(super) names: Option<Case>,
    /// `t`: the zone of UTC is `Z`.
    pub(super) traditional: bool,
    /// Whether a width was given, if only the least.
    pub(super) has_width: bool,
    /// The greatest width; NaN if it was no number.
    pub(super) max_width: Option<f64>,
    /// Of a component that is an integer here, and of every zone.
    pub(super) integer: Option<Picture>,
    /// How many digits of the year are printed, if not all.
    pub(super) year_digits: Option<f64>,
    /// The exact number of digits to read, as the next marker's digits follow at once.
    pub(super) parse_width: Option<f64>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Case {
    Upper,
    Lower,
    Title,
}

impl DatePicture {
    pub(super) fn new(picture: &str) -> Result<Self, Fault> {
        let mut parts = Vec::new();
        let mut rest = picture;
        while let Some((literal, tail)) = rest.split_once('[') {
            push_literal(&mut parts, literal);
            if let Some(tail) = tail.strip_prefix('[') {
                parts.push(Part::Literal("[".to_owned()));
                rest = tail;
                continue;
            }
            let Some((marker, tail)) = tail.split_once(']') else {
                return Err(("D3135", "No matching closing bracket ']' in date/time picture string".to_owned()));
            };
            let marker = Marker::new(&marker.replace(is_space, ""))?;
            if marker.names.is_none() && INTEGERS.contains(marker.component) {
                limit_width(parts.last_mut());
            }
            parts.push(Part::Marker(Box::new(marker)));
            rest = tail;
        }
        push_literal(&mut parts, rest);
        Ok(Self { parts })
    }
}

fn push_literal(parts: &mut Vec<Part>, literal: &str) {
    if !literal.is_empty() {
        parts.push(Part::Literal(literal.replace("]]", "]")));
    }
}

fn limit_width(previous: Option<&mut Part>) {
    if let Some(Part::Marker(previous)) = previous {
        previous.parse_width = previous.integer.as_ref().and_then(Picture::digits).map(|digits| digits.mandatory);
    }
}

impl Marker {
    fn new(text: &str) -> Result<Self, Fault> {
        let component = text.chars().next();
        let (modifier, width) = split_width(text);
        let (format, second) = split_modifier(modifier);
        let format = if format.is_empty() { component.and_then(default_format) } else { Some(format) };
        let (Some(component), Some(format)) = (component, format) else { return Err(unknown(component)) };
        let mut marker = Self {
            component,
            names: names(format),
            traditional: second == Some('t'),
            has_width: width.is_some(),
            max_width: width.and_then(|(_, max)| max),
            integer: None,
            year_digits: None,
            parse_width: None,
        };
        if marker.names.is_none() && INTEGERS.contains(component) {
            let pattern = second.map_or_else(|| format.to_owned(), |second| format!("{format};{second}"));
            marker.integer = Some(Picture::new(&pattern)?);
            marker.widen(width.and_then(|(min, _)| min));
        }
        if matches!(component, 'Z' | 'z') {
            marker.integer = Some(Picture::new(format)?);
        }
        Ok(marker)
    }

    /// Applies the width modifier to the digits.
    fn widen(&mut self, min: Option<f64>) {
        let max = self.max_width;
        let is_year = self.component == 'Y';
        if is_year {
            self.year_digits = max;
        }
        let Some(digits) = self.integer.as_mut().and_then(Picture::digits_mut) else { return };
        if let Some(min) = min.filter(|min| digits.mandatory < *min) {
            digits.mandatory = min;
        }
        if !is_year {
            return;
        }
        if let Some(max) = max {
            digits.mandatory = max;
        } else {
            self.year_digits = Some(digits.mandatory + digits.optional as f64).filter(|width| *width >= 2.0);
        }
    }
}

type Width = (Option<f64>, Option<f64>);

/// What stands between the component and the last comma, and the widths behind that.
fn split_width(text: &str) -> (&str, Option<Width>) {
    let after_component = |text: &str| text.chars().next().map_or(0, char::len_utf8);
    let Some((front, width)) = text.rsplit_once(',') else { return (&text[after_component(text)..], None) };
    let (min, max) = match width.split_once('-') {
        Some((min, max)) => (min, Some(max)),
        None => (width, None),
    };
    let number = |text: &str| (text != "*").then(|| parse_int(text));
    // A comma in the place of the component is its modifier, too.
    let modifier = if front.is_empty() { "," } else { &front[after_component(front)..] };
    (modifier, Some((number(min), max.and_then(number))))
}

/// The format and the modifier behind it.
fn split_modifier(modifier: &str) -> (&str, Option<char>) {
    match modifier.chars().next_back() {
        Some(last) if modifier.len() > 1 && "atco".contains(last) => (&modifier[..modifier.len() - 1], Some(last)),
        _ => (modifier, None),
    }
}

fn names(format: &str) -> Option<Case> {
    match format.as_bytes() {
        [b'n', ..] => Some(Case::Lower),
        [b'N', b'n', ..] => Some(Case::Title),
        [b'N', ..] => Some(Case::Upper),
        _ => None,
    }
}

fn default_format(component: char) -> Option<&'static str> {
    Some(match component {
        'Y' | 'M' | 'D' | 'd' | 'W' | 'w' | 'X' | 'x' | 'H' | 'h' | 'f' => "1",
        'F' | 'P' | 'C' | 'E' => "n",
        'm' | 's' => "01",
        'Z' | 'z' => "01:01",
        _ => return None,
    })
}

fn unknown(component: Option<char>) -> Fault {
    let component = quoted(&component.map(String::from).unwrap_or_default());
    ("D3132", format!("Unknown component specifier {component} in date/time picture string"))
}
