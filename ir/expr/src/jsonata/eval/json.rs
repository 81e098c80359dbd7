//! Values of an evaluation to JSON: as values, and as text the way `JSON.stringify` writes it.

use std::sync::Arc;

use super::error::{Eval, Fault};
use super::item::{Item, Items, Members, View};
use super::limits::Meter;
use super::surrogate;
use crate::jsonata::picture;
use crate::value::{quoted, Number, Object};
use crate::Value;

/// The value as JSON: `None` for nothing and for functions, which are left out of objects and leave `null` in
/// arrays.
pub(super) fn to_value(item: &Item) -> Eval<Option<Value>> {
    value_within(item, &mut |text| text.clone())
}

/// As [`to_value`], where strings can hold halves of surrogate pairs.
pub(super) fn to_value_without_surrogates(item: &Item) -> Eval<Option<Value>> {
    value_within(item, &mut |text| surrogate::replaced(text).into())
}

fn value_within(item: &Item, text: &mut dyn FnMut(&Arc<str>) -> Arc<str>) -> Eval<Option<Value>> {
    Ok(Some(match item {
        Item::Nothing | Item::Function(_) => return Ok(None),
        Item::Number(number) => Number::from_f64_whole(*number).map_or(Value::Null, Value::Number),
        Item::Json(Value::String(held)) => Value::String(text(held)),
        Item::Json(value) => value.clone(),
        Item::List(list) => {
            let values = list.items.iter().map(|item| value_within(item, text).map(Option::unwrap_or_default));
            Value::from(values.collect::<Eval<Vec<Value>>>()?)
        }
        Item::Record(record) => {
            let mut object = Object::default();
            for (name, item) in record.members() {
                if let Some(value) = value_within(item, text)? {
                    object.insert(text(name), value);
                }
            }
            Value::from(object)
        }
    }))
}

/// A value within a message.
pub(super) fn message_json(item: &Item) -> String {
    let mut out = String::new();
    match item {
        Item::Nothing | Item::Function(_) => out.push_str("undefined"),
        // Without rounding nothing fails.
        _ => Writer { out: &mut out, indent: 0, round: false }.write(item, 0).unwrap_or_default(),
    }
    out
}

/// The text of a value for `$string`: numbers of at most 15 digits, functions empty.
pub(super) fn stringify(item: &Item, indent: usize, meter: &mut Meter) -> Eval<String> {
    let mut out = String::new();
    Writer { out: &mut out, indent, round: true }.write(item, 0)?;
    meter.work(out.len() / 16)?;
    meter.build(out.len())?;
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
}

impl Writer<'_> {
    fn write(&mut self, item: &Item, depth: usize) -> Eval<()> {
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
