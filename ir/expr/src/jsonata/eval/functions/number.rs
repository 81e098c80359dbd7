//! Functions of numbers.

use super::{picture_fault, wrong_type, Args};
use crate::jsonata::eval::error::{Eval, Fault};
use crate::jsonata::eval::item::{Item, View};
use crate::jsonata::eval::run::Machine;
use crate::jsonata::picture;

impl Machine<'_> {
    /// The next sixty-four random bits.
    pub(in crate::jsonata::eval) fn random_bits(&mut self) -> u64 {
        self.world.seed = self.world.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.world.seed)
    }

    /// A random number from 0 up to 1, which is never reached.
    pub(in crate::jsonata::eval) fn random(&mut self) -> f64 {
        unit(self.random_bits())
    }
}

/// Spreads a counter over all bits.
pub(super) fn mixed(counter: u64) -> u64 {
    let mut bits = counter;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// The upper bits as a number from 0 up to 1.
pub(super) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

fn of_number(args: &Args<'_>, compute: impl FnOnce(f64) -> f64) -> Eval<Item> {
    Ok(args.number(0)?.map_or(Item::Nothing, |number| Item::Number(compute(number))))
}

pub(super) fn abs(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    of_number(&args, f64::abs)
}

pub(super) fn floor(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    of_number(&args, f64::floor)
}

pub(super) fn ceil(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    of_number(&args, f64::ceil)
}

pub(super) fn round(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let precision = args.number(1)?.unwrap_or(0.0);
    // Beyond these bounds every double rounds to zero or to itself.
    of_number(&args, |number| picture::round_half_even(number, precision.clamp(-1e4, 1e4) as i32))
}

pub(super) fn sqrt(_: &mut Machine<'_>, mut args: Args<'_>) -> Eval<Item> {
    match args.number(0)? {
        Some(number) if number < 0.0 => Err(Fault::new("D3060").index(1).value(args.take(0)).boxed()),
        _ => of_number(&args, f64::sqrt),
    }
}

pub(super) fn power(_: &mut Machine<'_>, mut args: Args<'_>) -> Eval<Item> {
    let Some(base) = args.number(0)? else { return Ok(Item::Nothing) };
    let exponent = args.number(1)?.unwrap_or(f64::NAN);
    // JavaScript knows no power of one that is not defined to be one.
    let undefined = exponent.is_nan() || base.abs() == 1.0 && exponent.is_infinite();
    let result = if undefined { f64::NAN } else { base.powf(exponent) };
    match result.is_finite() {
        true => Ok(Item::Number(result)),
        false => Err(Fault::new("D3061").index(1).value(args.take(0)).value2(args.take(1)).boxed()),
    }
}

pub(super) fn random(machine: &mut Machine<'_>, _: Args<'_>) -> Eval<Item> {
    Ok(Item::Number(machine.random()))
}

pub(super) fn number(_: &mut Machine<'_>, mut args: Args<'_>) -> Eval<Item> {
    let item = args.take(0);
    let number = match item.view() {
        View::Nothing | View::Number(_) => return Ok(item),
        View::Bool(value) => Some(f64::from(u8::from(value))),
        View::Text(text) => picture::parse_number(text),
        _ => None,
    };
    number.map(Item::Number).ok_or_else(|| Fault::new("D3030").value(item).index(1).boxed())
}

pub(super) fn format_base(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(number) = args.number(0)? else { return Ok(Item::Nothing) };
    picture::format_base(number, args.number(1)?.unwrap_or(10.0)).map(Item::text).map_err(picture_fault)
}

pub(super) fn format_integer(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(number) = args.number(0)? else { return Ok(Item::Nothing) };
    picture::format_integer(number, &picture_of(&args)?).map(Item::text).map_err(picture_fault)
}

pub(super) fn parse_integer(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(text) = args.text(0)? else { return Ok(Item::Nothing) };
    machine.meter.work(text.len())?;
    let parsed = picture::parse_integer(&text, &picture_of(&args)?).map_err(picture_fault)?;
    Ok(parsed.map_or(Item::Nothing, Item::Number))
}

/// The picture of an integer, without which the reference fails.
fn picture_of(args: &Args<'_>) -> Eval<std::sync::Arc<str>> {
    let missing = "Cannot read properties of undefined (reading 'lastIndexOf')";
    args.text(1)?.ok_or_else(|| Fault::exception(missing).boxed())
}

pub(super) fn format_number(_: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(number) = args.number(0)? else { return Ok(Item::Nothing) };
    let missing = "Cannot read properties of undefined (reading 'split')";
    let picture = args.text(1)?.ok_or_else(|| Fault::exception(missing).boxed())?;
    let mut options = Vec::new();
    if let Some(members) = args.get(2).as_members() {
        for (name, item) in members.ordered() {
            let text = item.as_text().ok_or_else(|| wrong_type("a string"))?;
            options.push((name.to_string(), text.to_string()));
        }
    }
    picture::format_number(number, &picture, &options).map(Item::text).map_err(picture_fault)
}
