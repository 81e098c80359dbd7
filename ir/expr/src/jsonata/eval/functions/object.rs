//! Functions of objects.

use super::Args;
use crate::jsonata::eval::error::Eval;
use crate::jsonata::eval::item::{Flags, Item, Record, View};
use crate::jsonata::eval::run::Machine;

pub(super) fn keys(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let names = match args.get(0).view() {
        View::Array(_) => {
            let mut merged = Record::default();
            collect_keys(machine, args.get(0), &mut merged)?;
            names_of(&merged.finish())
        }
        View::Object(_) => names_of(args.get(0)),
        _ => Vec::new(),
    };
    machine.meter.items(names.len())?;
    Ok(Item::sequence(names))
}

fn names_of(item: &Item) -> Vec<Item> {
    let members = item.as_members().map(|members| members.ordered()).unwrap_or_default();
    members.into_iter().map(|(name, _)| Item::text(name.clone())).collect()
}

fn collect_keys(machine: &mut Machine<'_>, item: &Item, merged: &mut Record) -> Eval<()> {
    match item.view() {
        View::Array(items) => {
            machine.meter.work(items.len())?;
            items.iter().try_for_each(|item| collect_keys(machine, &item, merged))
        }
        View::Object(members) => {
            machine.meter.items(members.len())?;
            members.ordered().into_iter().for_each(|(name, _)| merged.insert(name.clone(), Item::bool(true)));
            Ok(())
        }
        _ => Ok(()),
    }
}

pub(super) fn lookup(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    match args.text(1)? {
        Some(name) => machine.lookup(args.get(0), &name),
        None => machine.lookup(args.get(0), "undefined"),
    }
}

pub(super) fn spread(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    spread_item(machine, args.get(0))
}

fn spread_item(machine: &mut Machine<'_>, item: &Item) -> Eval<Item> {
    match item.view() {
        View::Array(items) => {
            let mut result = Item::sequence(Vec::new());
            for item in items.iter() {
                let spread = spread_item(machine, &item)?;
                result = machine.append(result, spread)?;
            }
            Ok(result)
        }
        View::Object(members) => {
            machine.meter.items(3 * members.len())?;
            let parts = members.ordered().into_iter().map(|(name, item)| {
                let mut record = Record::with_capacity(1);
                record.insert(name.clone(), item);
                record.finish()
            });
            Ok(Item::list(parts.collect(), Flags::SEQUENCE))
        }
        _ => Ok(item.clone()),
    }
}

pub(super) fn merge(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    if args.get(0).is_nothing() {
        return Ok(Item::Nothing);
    }
    let mut merged = Record::default();
    let Some(items) = args.get(0).as_items() else { return Err(super::wrong_type("an array")) };
    for item in items.iter() {
        let members = item.as_members().map(|members| members.ordered()).unwrap_or_default();
        machine.meter.items(2 * members.len())?;
        members.into_iter().for_each(|(name, item)| merged.insert(name.clone(), item));
    }
    Ok(merged.finish())
}

pub(super) fn clone(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    machine.editable(args.get(0), 0)
}
