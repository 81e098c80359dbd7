//! Functions of arrays.

use super::hof::callback;
use super::{is_truthy, numeric, Args};
use crate::jsonata::eval::error::{Eval, Fault};
use crate::jsonata::eval::item::{Flags, Item};
use crate::jsonata::eval::order::{compare_text, is_equal};
use crate::jsonata::eval::run::Machine;

pub(super) fn append(machine: &mut Machine<'_>, mut args: Args<'_>) -> Eval<Item> {
    let (first, second) = (args.take(0), args.take(1));
    machine.append(first, second)
}

pub(super) fn reverse(machine: &mut Machine<'_>, mut args: Args<'_>) -> Eval<Item> {
    let Some(items) = args.get(0).as_items().filter(|items| items.len() > 1) else { return Ok(args.take(0)) };
    machine.meter.items(items.len())?;
    let mut items = items.to_vec();
    items.reverse();
    Ok(Item::array(items))
}

pub(super) fn shuffle(machine: &mut Machine<'_>, mut args: Args<'_>) -> Eval<Item> {
    let Some(items) = args.get(0).as_items().filter(|items| items.len() > 1) else { return Ok(args.take(0)) };
    machine.meter.items(items.len())?;
    let mut shuffled: Vec<Item> = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let place = (machine.random() * (at as f64 + 1.0)) as usize;
        shuffled.push(item);
        shuffled.swap(at, place.min(at));
    }
    Ok(Item::array(shuffled))
}

pub(super) fn distinct(machine: &mut Machine<'_>, mut args: Args<'_>) -> Eval<Item> {
    let Some(items) = args.get(0).as_items().filter(|items| items.len() > 1) else { return Ok(args.take(0)) };
    let sequence = items.flags().sequence;
    machine.meter.items(items.len())?;
    let mut kept: Vec<Item> = Vec::new();
    let mut seen = Seen::default();
    for item in items.iter() {
        let known = match seen.scalar(&item) {
            Some(known) => known,
            None => contains(machine, &kept, &item)?,
        };
        if !known {
            kept.push(item);
        }
    }
    Ok(Item::list(kept, if sequence { Flags::SEQUENCE } else { Flags::PLAIN }))
}

fn contains(machine: &mut Machine<'_>, items: &[Item], item: &Item) -> Eval<bool> {
    for known in items {
        machine.meter.work(1)?;
        if is_equal(known, item, &mut machine.meter)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The strings and numbers seen so far. Their order is never observed.
#[derive(Default)]
struct Seen {
    texts: std::collections::HashSet<std::sync::Arc<str>>,
    numbers: std::collections::HashSet<u64>,
}

impl Seen {
    /// Whether a string or number was seen before; `None` for other values.
    fn scalar(&mut self, item: &Item) -> Option<bool> {
        if let Some(text) = item.as_text() {
            return Some(!self.texts.insert(text.clone()));
        }
        let number = item.as_number().filter(|number| !number.is_nan())?;
        // Both zeros are one number.
        Some(!self.numbers.insert((number + 0.0).to_bits()))
    }
}

pub(super) fn zip(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let shortest = args.items.iter().map(|item| item.as_items().map_or(0, |items| items.len())).min().unwrap_or(0);
    machine.meter.items(shortest.saturating_mul(args.items.len() + 2))?;
    let arrays: Vec<_> = args.items.iter().filter_map(Item::as_items).collect();
    let tuple = |at: usize| Item::array(arrays.iter().map(|items| items.get(at)).collect());
    Ok(Item::array((0..shortest).map(tuple).collect()))
}

pub(super) fn sort(machine: &mut Machine<'_>, mut args: Args<'_>) -> Eval<Item> {
    let Some(items) = args.get(0).as_items().filter(|items| items.len() > 1) else { return Ok(args.take(0)) };
    let mut items = items.to_vec();
    machine.meter.items(items.len())?;
    let order = match callback(&args, 1)? {
        Some(comparator) => machine.merge_sort(items.len(), &mut |machine, a, b| {
            let result = machine.invoke(&comparator, vec![items[a].clone(), items[b].clone()], &args)?;
            Ok(is_truthy(&result))
        })?,
        None => natural_order(machine, &items)?,
    };
    Ok(Item::array(order.into_iter().map(|at| std::mem::take(&mut items[at])).collect()))
}

/// The order of numbers or of strings.
fn natural_order(machine: &mut Machine<'_>, items: &[Item]) -> Eval<Vec<usize>> {
    let mut numbers = Vec::with_capacity(items.len());
    for item in items {
        numbers.extend(numeric(item)?);
    }
    if numbers.len() == items.len() {
        return machine.merge_sort(items.len(), &mut |_, a, b| Ok(numbers[a] > numbers[b]));
    }
    let texts: Vec<_> = items.iter().filter_map(Item::as_text).collect();
    if texts.len() < items.len() {
        return Err(Fault::new("D3070").index(1).boxed());
    }
    machine.merge_sort(items.len(), &mut |_, a, b| Ok(compare_text(texts[a], texts[b]).is_gt()))
}
