//! Values of an evaluation to JSON: as values, and as text the way `JSON.stringify` writes it.

use std::sync::Arc;

use super::error::{Eval, Fault};
use super::item::{Item, Items, Members, View};
use super::limits::{Limits, Meter};
use super::surrogate;
use crate::jsonata::picture;
use crate::value::{quoted, Number, Object};
use crate::Value;

/// The value as JSON: `None` for nothing and for functions, which are left out of objects and leave `null` in
/// arrays.
pub(super) fn to_value(item: &Item, meter: &mut Meter) -> Eval<Option<Value>> {
    value_within(item, &|text| text.clone(), meter)
}

/// As [`to_value`], where strings can hold halves of surrogate pairs.
pub(super) fn to_value_without_surrogates(item: &Item, meter: &mut Meter) -> Eval<Option<Value>> {
    value_within(item, &|text| surrogate::replaced(text).into(), meter)
}

fn value_within(item: &Item, text: &dyn Fn(&Arc<str>) -> Arc<str>, meter: &mut Meter) -> Eval<Option<Value>> {
    Ok(Some(match item {
        Item::Nothing | Item::Function(_) => return Ok(None),
        Item::Number(number) => Number::from_f64_whole(*number).map_or(Value::Null, Value::Number),
        Item::Json(Value::String(held)) => Value::String(text(held)),
        Item::Json(value) => value.clone(),
        Item::List(list) => {
            meter.items(list.items.len())?;
            let mut values = Vec::with_capacity(list.items.len());
            for item in &list.items {
                values.push(value_within(item, text, meter)?.unwrap_or_default());
            }
            Value::from(values)
        }
        Item::Record(record) => {
            meter.items(2 * record.len())?;
            let mut object = Object::default();
            for (name, item) in record.members() {
                if let Some(value) = value_within(item, text, meter)? {
                    object.insert(text(name), value);
                }
            }
            Value::from(object)
        }
    }))
}

/// How much of a value a message shows.
const SHOWN: Limits = Limits { ops: 100_000, bytes: 1 << 20, ..Limits::standard() };

/// The value that an error carries; too large a one is left out.
pub(super) fn error_value(item: &Item) -> Option<Value> {
    to_value(item, &mut Meter::new(&SHOWN)).ok().flatten()
}

/// A value within a message; too large a one is cut off.
pub(super) fn message_json(item: &Item) -> String {
    let mut out = String::new();
    match item {
        Item::Nothing | Item::Function(_) => out.push_str("undefined"),
        _ => {
            let mut writer = Writer { out: &mut out, indent: 0, round: false, meter: &mut Meter::new(&SHOWN) };
            writer.write(item, 0).unwrap_or_default();
        }
    }
    out
}

/// The text of a value for `$string`: numbers of at most 15 digits, functions empty.
pub(super) fn stringify(item: &Item, indent: usize, meter: &mut Meter) -> Eval<String> {
    let mut out = String::new();
    Writer { out: &mut out, indent, round: true, meter }.write(item, 0)?;
    Ok(out)
}

/// The text of a number that `$string` gives.
pub(super) fn number_text(number: f64) -> String {
    let text = picture::number_to_string(number);
    match number.fract() == 0.0 || significant_digits(&text) <= 15 {
        true => text,
        false => picture::number_to_string(picture::to_precision_15(number)),
    }
}

/// The number that `$string` writes.
pub(super) fn rounded(number: f64) -> f64 {
    match significant_digits(&picture::number_to_string(number)) <= 15 {
        true => number,
        false => picture::to_precision_15(number),
    }
}

fn significant_digits(text: &str) -> usize {
    let mantissa = text.split('e').next().unwrap_or_default();
    mantissa.bytes().filter(u8::is_ascii_digit).skip_while(|&digit| digit == b'0').count()
}

struct Writer<'a> {
    out: &'a mut String,
    indent: usize,
    /// Rounds numbers and refuses infinite ones.
    round: bool,
    meter: &'a mut Meter,
}

impl Writer<'_> {
    fn write(&mut self, item: &Item, depth: usize) -> Eval<()> {
        self.meter.work(1)?;
        self.meter.build(8 + depth * self.indent + item.as_text().map_or(0, |text| text.len()))?;
        match item.view() {
            View::Nothing | View::Null => self.out.push_str("null"),
            View::Bool(value) => self.out.push_str(if value { "true" } else { "false" }),
            View::Number(number) => self.number(number)?,
            View::Text(text) => self.out.push_str(&quoted(text)),
            View::Function(_) => self.out.push_str("\"\""),
            View::Array(items) => self.array(items, depth)?,
            View::Object(members) => self.object(members, depth)?,
        }
        Ok(())
    }

    fn number(&mut self, number: f64) -> Eval<()> {
        if !number.is_finite() {
            if self.round && number.is_infinite() {
                return Err(Fault::new("D1001").value(Item::Number(number)).boxed());
            }
            self.out.push_str("null");
            return Ok(());
        }
        match self.round {
            true => self.out.push_str(&number_text(number)),
            false => self.out.push_str(&picture::number_to_string(number)),
        }
        Ok(())
    }

    fn array(&mut self, items: Items<'_>, depth: usize) -> Eval<()> {
        self.out.push('[');
        for (at, item) in items.iter().enumerate() {
            self.separate(at, depth);
            self.write(&item, depth + 1)?;
        }
        self.close(items.len(), depth, ']');
        Ok(())
    }

    fn object(&mut self, members: Members<'_>, depth: usize) -> Eval<()> {
        self.out.push('{');
        let mut count = 0;
        for (name, item) in members.ordered() {
            if item.is_nothing() {
                continue;
            }
            self.separate(count, depth);
            self.meter.build(name.len())?;
            self.out.push_str(&quoted(name));
            self.out.push_str(if self.indent > 0 { ": " } else { ":" });
            self.write(&item, depth + 1)?;
            count += 1;
        }
        self.close(count, depth, '}');
        Ok(())
    }

    fn separate(&mut self, at: usize, depth: usize) {
        if at > 0 {
            self.out.push(',');
        }
        self.line(depth + 1);
    }

    fn close(&mut self, count: usize, depth: usize, bracket: char) {
        if count > 0 {
            self.line(depth);
        }
        self.out.push(bracket);
    }

    fn line(&mut self, depth: usize) {
        if self.indent > 0 {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', depth * self.indent));
        }
    }
}
