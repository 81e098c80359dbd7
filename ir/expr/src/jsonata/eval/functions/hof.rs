//! Functions that call functions.

use std::sync::Arc;

use super::{is_true, Args};
use crate::jsonata::eval::error::{Eval, Fault};
use crate::jsonata::eval::item::{Item, Items, Record};
use crate::jsonata::eval::run::Machine;

/// The argument as a function, if it was given.
pub(super) fn callback(args: &Args<'_>, index: usize) -> Eval<Option<Item>> {
    match args.get(index) {
        Item::Nothing => Ok(None),
        function @ Item::Function(_) => Ok(Some(function.clone())),
        _ => Err(Fault::exception("func.apply is not a function").boxed()),
    }
}

fn required(args: &Args<'_>, index: usize) -> Eval<Item> {
    callback(args, index)?.ok_or_else(|| Fault::exception("Cannot read properties of undefined").boxed())
}

/// Calls a function with an item, its index and the whole array.
fn call_item(machine: &mut Machine<'_>, args: &Args<'_>, function: &Item, item: Item, at: usize) -> Eval<Item> {
    let whole = args.get(0).clone();
    machine.call_back(function, vec![item, Item::Number(at as f64), whole], args)
}

fn array<'a>(args: &'a Args<'_>) -> Eval<Option<Items<'a>>> {
    match args.get(0) {
        Item::Nothing => Ok(None),
        item => item.as_items().map(Some).ok_or_else(|| super::wrong_type("an array")),
    }
}

pub(super) fn map(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(items) = array(&args)? else { return Ok(Item::Nothing) };
    let function = required(&args, 1)?;
    let mut mapped = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match call_item(machine, &args, &function, item, at)? {
            Item::Nothing => {}
            result => mapped.push(result),
        }
    }
    machine.meter.items(mapped.len())?;
    Ok(Item::sequence(mapped))
}

pub(super) fn filter(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(items) = array(&args)? else { return Ok(Item::Nothing) };
    let function = required(&args, 1)?;
    let mut kept = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let result = call_item(machine, &args, &function, item.clone(), at)?;
        if is_true(&result, &mut machine.meter)? {
            kept.push(item);
        }
    }
    machine.meter.items(kept.len())?;
    Ok(Item::sequence(kept))
}

pub(super) fn single(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(items) = array(&args)? else { return Ok(Item::Nothing) };
    let function = callback(&args, 1)?;
    let mut found = None;
    for (at, item) in items.iter().enumerate() {
        let fits = match &function {
            Some(function) => {
                let result = call_item(machine, &args, function, item.clone(), at)?;
                is_true(&result, &mut machine.meter)?
            }
            None => true,
        };
        if fits && found.replace(item).is_some() {
            return Err(Fault::new("D3138").index(at).boxed());
        }
    }
    found.ok_or_else(|| Fault::new("D3139").boxed())
}

pub(super) fn reduce(machine: &mut Machine<'_>, mut args: Args<'_>) -> Eval<Item> {
    let initial = args.take(2);
    let Some(items) = array(&args)? else { return Ok(Item::Nothing) };
    let function = required(&args, 1)?;
    let arity = function.as_function().map_or(0, |function| function.arity());
    if arity < 2 {
        return Err(Fault::new("D3050").index(1).boxed());
    }
    let (mut result, from) = match initial {
        Item::Nothing if items.len() > 0 => (items.get(0), 1),
        initial => (initial, 0),
    };
    for at in from..items.len() {
        let mut arguments = vec![std::mem::take(&mut result), items.get(at)];
        if arity >= 3 {
            arguments.push(Item::Number(at as f64));
        }
        if arity >= 4 {
            arguments.push(args.get(0).clone());
        }
        result = machine.invoke(&function, arguments, &args)?;
    }
    Ok(result)
}

/// The members of the argument with what the function makes of each.
fn visit<'m>(
    machine: &mut Machine<'m>,
    args: &Args<'_>,
    mut each: impl FnMut(&mut Machine<'m>, &Arc<str>, Item, Item) -> Eval<()>,
) -> Eval<()> {
    let Some(members) = args.get(0).as_members() else { return Ok(()) };
    for (name, item) in members.ordered() {
        let function = required(args, 1)?;
        let arguments = vec![item.clone(), Item::text(name.clone()), args.get(0).clone()];
        let result = machine.call_back(&function, arguments, args)?;
        each(machine, name, item, result)?;
    }
    Ok(())
}

pub(super) fn each(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let mut made = Vec::new();
    visit(machine, &args, |_, _, _, result| {
        if !result.is_nothing() {
            made.push(result);
        }
        Ok(())
    })?;
    machine.meter.items(made.len())?;
    Ok(Item::sequence(made))
}

pub(super) fn sift(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let mut kept = Record::default();
    visit(machine, &args, |machine, name, item, result| {
        if is_true(&result, &mut machine.meter)? {
            kept.insert(name.clone(), item);
        }
        Ok(())
    })?;
    machine.meter.items(2 * kept.len())?;
    Ok(if kept.len() == 0 { Item::Nothing } else { kept.finish() })
}
