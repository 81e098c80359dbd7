//! Instants.

use super::{picture_fault, Args};
use crate::jsonata::eval::error::Eval;
use crate::jsonata::eval::item::Item;
use crate::jsonata::eval::run::Machine;
use crate::jsonata::picture;

pub(super) fn now(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    format(machine.world.now_millis as f64, &args, 0)
}

pub(super) fn millis(machine: &mut Machine<'_>, _: Args<'_>) -> Eval<Item> {
    Ok(Item::Number(machine.world.now_millis as f64))
}

pub(super) fn from_millis(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    match args.number(0)? {
        Some(millis) => format(millis, &args, 1),
        None => Ok(Item::Nothing),
    }
}

/// Formats with the picture at `index` of the arguments and the time zone behind it.
fn format(millis: f64, args: &Args<'_>, index: usize) -> Eval<Item> {
    let (picture, timezone) = (args.text(index)?, args.text(index + 1)?);
    picture::from_millis(millis, picture.as_deref(), timezone.as_deref()).map(Item::text).map_err(picture_fault)
}

pub(super) fn to_millis(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(text) = args.text(0)? else { return Ok(Item::Nothing) };
    machine.meter.work(text.len())?;
    let picture = args.text(1)?;
    let millis = picture::to_millis(&text, picture.as_deref(), machine.world.now_millis).map_err(picture_fault)?;
    Ok(millis.map_or(Item::Nothing, Item::Number))
}
