//! Numbers from arrays of numbers.

use super::{wrong_type, Args};
use crate::jsonata::eval::error::Eval;
use crate::jsonata::eval::item::Item;
use crate::jsonata::eval::run::Machine;

/// The numbers of the argument, if it was given.
fn numbers(machine: &mut Machine<'_>, args: &Args<'_>) -> Eval<Option<Vec<f64>>> {
    if args.get(0).is_nothing() {
        return Ok(None);
    }
    let Some(items) = args.get(0).as_items() else { return Err(wrong_type("an array")) };
    machine.meter.items(items.len())?;
    let numbers = items.iter().map(|item| item.as_number().ok_or_else(|| wrong_type("an array of numbers")));
    numbers.collect::<Eval<Vec<f64>>>().map(Some)
}

fn fold(machine: &mut Machine<'_>, args: &Args<'_>, fold: impl Fn(&[f64]) -> Option<f64>) -> Eval<Item> {
    let numbers = numbers(machine, args)?;
    Ok(numbers.and_then(|numbers| fold(&numbers)).map_or(Item::Nothing, Item::Number))
}

/// Adds from the left, beginning with zero, as the reference does.
fn total(numbers: &[f64]) -> f64 {
    numbers.iter().fold(0.0, |total, number| total + number)
}

pub(super) fn sum(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    fold(machine, &args, |numbers| Some(total(numbers)))
}

pub(super) fn average(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    fold(machine, &args, |numbers| (!numbers.is_empty()).then(|| total(numbers) / numbers.len() as f64))
}

pub(super) fn max(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    fold(machine, &args, |numbers| numbers.iter().copied().reduce(|a, b| if a.is_nan() || a > b { a } else { b }))
}

pub(super) fn min(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    fold(machine, &args, |numbers| numbers.iter().copied().reduce(|a, b| if a.is_nan() || a < b { a } else { b }))
}

pub(super) fn count(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    Ok(Item::Number(args.get(0).as_items().map_or(0, |items| items.len()) as f64))
}
