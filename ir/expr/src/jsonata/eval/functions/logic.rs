//! Truth, types, and failing on purpose.

use super::Args;
use crate::jsonata::eval::error::{Eval, Fault};
use crate::jsonata::eval::item::{Item, View};
use crate::jsonata::eval::limits::Meter;
use crate::jsonata::eval::run::Machine;

/// Whether a value counts as true; nothing does not.
pub(in crate::jsonata::eval) fn is_true(item: &Item, meter: &mut Meter) -> Eval<bool> {
    Ok(boolean(item, meter)? == Some(true))
}

/// The truth of a value; `None` for nothing.
fn boolean(item: &Item, meter: &mut Meter) -> Eval<Option<bool>> {
    Ok(Some(match item.view() {
        View::Nothing => return Ok(None),
        View::Null | View::Function(_) => false,
        View::Bool(value) => value,
        View::Number(_) => numeric(item)?.is_some_and(|number| number != 0.0),
        View::Text(text) => !text.is_empty(),
        View::Object(members) => members.len() > 0,
        View::Array(items) => {
            let mut any = false;
            for item in items.iter() {
                meter.work(1)?;
                any |= is_true(&item, meter)?;
            }
            any
        }
    }))
}

/// The number a value is. NaN is none, and infinities are refused.
pub(in crate::jsonata::eval) fn numeric(item: &Item) -> Eval<Option<f64>> {
    match item.as_number() {
        Some(number) if number.is_infinite() => Err(Fault::new("D1001").value(item.clone()).boxed()),
        number => Ok(number.filter(|number| !number.is_nan())),
    }
}

pub(super) fn to_boolean(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    Ok(boolean(args.get(0), &mut machine.meter)?.map_or(Item::Nothing, Item::bool))
}

pub(super) fn not(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    Ok(boolean(args.get(0), &mut machine.meter)?.map_or(Item::Nothing, |truth| Item::bool(!truth)))
}

pub(super) fn exists(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    Ok(Item::bool(!args.get(0).is_nothing()))
}

pub(super) fn type_name(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let item = args.get(0);
    Ok(Item::text(match item.view() {
        View::Nothing => return Ok(Item::Nothing),
        View::Null => "null",
        View::Bool(_) => "boolean",
        View::Number(_) if numeric(item)?.is_some() => "number",
        View::Text(_) => "string",
        View::Array(_) => "array",
        View::Function(_) => "function",
        View::Number(_) | View::Object(_) => "object",
    }))
}

/// What JavaScript takes for true, unlike the language: every array, object and function.
pub(in crate::jsonata::eval) fn is_truthy(item: &Item) -> bool {
    match item.view() {
        View::Nothing | View::Null => false,
        View::Bool(value) => value,
        View::Number(number) => number != 0.0 && !number.is_nan(),
        View::Text(text) => !text.is_empty(),
        View::Array(_) | View::Object(_) | View::Function(_) => true,
    }
}

pub(super) fn error(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let message = args.text(0)?.filter(|message| !message.is_empty());
    let message = message.as_deref().unwrap_or("$error() function evaluated").to_owned();
    Err(Fault::with_message("D3137", message).boxed())
}

pub(super) fn assert(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    if matches!(args.get(0).view(), View::Bool(true)) {
        return Ok(Item::Nothing);
    }
    let message = args.text(1)?.filter(|message| !message.is_empty());
    let message = message.as_deref().unwrap_or("$assert() statement failed").to_owned();
    Err(Fault::with_message("D3141", message).boxed())
}
