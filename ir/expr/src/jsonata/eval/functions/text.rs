//! Functions of strings.

use std::sync::Arc;

use super::{wrong_type, Args};
use crate::jsonata::eval::error::{Eval, Fault};
use crate::jsonata::eval::item::{Item, View};
use crate::jsonata::eval::json::{number_text, stringify};
use crate::jsonata::eval::limits::Meter;
use crate::jsonata::eval::run::Machine;
use crate::jsonata::picture;

/// The text of a value, as `$string` and `&` make it.
pub(in crate::jsonata::eval) fn to_text(item: &Item, meter: &mut Meter) -> Eval<Option<Arc<str>>> {
    text_of(item, 0, meter)
}

fn text_of(item: &Item, indent: usize, meter: &mut Meter) -> Eval<Option<Arc<str>>> {
    Ok(Some(match item.view() {
        View::Nothing => return Ok(None),
        View::Text(text) => text.clone(),
        View::Function(_) => "".into(),
        View::Number(number) if !number.is_finite() => {
            return Err(Fault::new("D3001").value(item.clone()).boxed());
        }
        View::Number(number) => number_text(number).into(),
        _ => stringify(&item.unwrapped(), indent, meter)?.into(),
    }))
}

pub(super) fn string(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let indent = match args.get(1).view() {
        View::Bool(true) => 2,
        _ => 0,
    };
    Ok(text_of(args.get(0), indent, &mut machine.meter)?.map_or(Item::Nothing, Item::text))
}

/// The text of any value where JavaScript makes one of it.
pub(super) fn coerced(item: &Item, meter: &mut Meter) -> Eval<Arc<str>> {
    Ok(match item.view() {
        View::Nothing => "undefined".into(),
        View::Null => "null".into(),
        View::Bool(value) => value.to_string().into(),
        View::Number(number) => picture::number_to_string(number).into(),
        View::Text(text) => text.clone(),
        View::Array(items) => {
            let mut joined = String::new();
            for (at, item) in items.iter().enumerate() {
                let text = match item.view() {
                    View::Nothing | View::Null => "".into(),
                    _ => coerced(&item, meter)?,
                };
                meter.work(1)?;
                meter.build(text.len() + 1)?;
                joined.push_str(if at > 0 { "," } else { "" });
                joined.push_str(&text);
            }
            joined.into()
        }
        View::Object(_) | View::Function(_) => "[object Object]".into(),
    })
}

/// Applies `make` to the string, if one was given; the result is at most three times as long.
fn of_text(machine: &mut Machine<'_>, args: &Args<'_>, make: impl FnOnce(&Arc<str>) -> Item) -> Eval<Item> {
    let Some(text) = args.text(0)? else { return Ok(Item::Nothing) };
    machine.meter.work(text.len() / 16)?;
    machine.meter.build(text.len())?;
    Ok(make(&text))
}

pub(super) fn length(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    of_text(machine, &args, |text| Item::Number(text.chars().count() as f64))
}

pub(super) fn lowercase(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    of_text(machine, &args, |text| Item::text(text.to_lowercase()))
}

pub(super) fn uppercase(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    of_text(machine, &args, |text| Item::text(text.to_uppercase()))
}

pub(super) fn trim(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    of_text(machine, &args, |text| {
        let words: Vec<&str> = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()).collect();
        Item::text(words.join(" "))
    })
}

pub(super) fn substring(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let start = args.number(1)?.unwrap_or(f64::NAN);
    let length = args.number(2)?;
    of_text(machine, &args, |text| Item::text(slice(text, start, length)))
}

/// The characters from `start` on, counted from the end if it is negative. Without a start there is all or, up
/// to a length, nothing.
fn slice(text: &str, start: f64, length: Option<f64>) -> &str {
    if length.is_some_and(|length| length <= 0.0 || start.is_nan()) {
        return "";
    }
    let ascii = text.is_ascii();
    let count = if ascii { text.len() } else { text.chars().count() } as f64;
    let start = if count + start < 0.0 { 0.0 } else { start };
    let from = if start >= 0.0 { start.trunc() } else { (count + start.trunc()).max(0.0) };
    let end = length.map_or(count, |length| if start >= 0.0 { start + length } else { count + start + length });
    let to = end.trunc().min(count);
    if from >= to {
        return "";
    }
    // Both are whole and within the text.
    let (from, to) = (from as usize, to as usize);
    if ascii {
        return &text[from..to];
    }
    let place = |index: usize| text.char_indices().nth(index).map_or(text.len(), |(at, _)| at);
    &text[place(from)..place(to)]
}

pub(super) fn substring_before(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let separator = args.text(1)?.unwrap_or_else(|| "undefined".into());
    of_text(machine, &args, |text| match text.find(&*separator) {
        Some(at) => Item::text(&text[..at]),
        None => Item::text(text.clone()),
    })
}

pub(super) fn substring_after(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let separator = args.text(1)?.unwrap_or_else(|| "undefined".into());
    of_text(machine, &args, |text| match text.find(&*separator) {
        Some(at) => Item::text(&text[at + separator.len()..]),
        None => Item::text(text.clone()),
    })
}

pub(super) fn pad(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(text) = args.text(0)? else { return Ok(Item::Nothing) };
    let width = args.number(1)?.unwrap_or(f64::NAN).trunc();
    let filler = args.text(2)?.filter(|filler| !filler.is_empty()).unwrap_or_else(|| " ".into());
    let missing = width.abs() - text.chars().count() as f64;
    if missing.is_nan() || missing <= 0.0 {
        return Ok(Item::text(text));
    }
    // Whole; saturates, and is then over every limit.
    let missing = missing as usize;
    machine.meter.build(missing.saturating_mul(4).saturating_add(text.len()))?;
    machine.meter.work(missing / 16)?;
    let padding: String = filler.chars().cycle().take(missing).collect();
    Ok(Item::text(match width > 0.0 {
        true => format!("{text}{padding}"),
        false => format!("{padding}{text}"),
    }))
}

pub(super) fn join(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    if args.get(0).is_nothing() {
        return Ok(Item::Nothing);
    }
    let separator = args.text(1)?.unwrap_or_default();
    let Some(items) = args.get(0).as_items() else { return Err(wrong_type("an array")) };
    let mut joined = String::new();
    for (at, item) in items.iter().enumerate() {
        let text = item.as_text().ok_or_else(|| wrong_type("an array of strings"))?;
        machine.meter.work(1)?;
        machine.meter.build(text.len() + separator.len())?;
        if at > 0 {
            joined.push_str(&separator);
        }
        joined.push_str(text);
    }
    Ok(Item::text(joined))
}
