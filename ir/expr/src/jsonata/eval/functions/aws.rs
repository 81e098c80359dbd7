//! The functions that only Step Functions has. Where no recorded answer shows what is refused, the owner's
//! documentation decides.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::number::{mixed, unit};
use super::{of, Args, Native};
use crate::jsonata::eval::error::{Eval, Fault};
use crate::jsonata::eval::item::Item;
use crate::jsonata::eval::run::Machine;
use crate::Value;

/// The most items `$range` makes.
const LONGEST_RANGE: f64 = 1e7;

pub(super) static NATIVES: [Native; 6] = [
    of("hash", "s-s?:s", 2, hash),
    of("parse", "s-:x", 1, parse),
    of("partition", "a-n:a", 2, partition),
    of("random", "n?:n", 1, random),
    of("range", "nnn:a", 3, range),
    of("uuid", ":s", 0, uuid),
];

/// A failure in the form of `$error`, which is how the owner reports them.
fn failure(message: impl Into<String>) -> Box<Fault> {
    Fault::with_message("D3137", message).boxed()
}

fn partition(machine: &mut Machine<'_>, mut args: Args<'_>) -> Eval<Item> {
    let size = args.number(1)?.map(f64::round);
    let (Some(items), Some(size)) = (args.array(0)?, size) else { return Ok(Item::Nothing) };
    if size.is_nan() || size < 1.0 {
        return Err(failure("The second argument of partition function must be a positive integer"));
    }
    machine.meter.items(2 * items.len())?;
    // A chunk longer than the array is the array.
    let size = size.min(items.len().max(1) as f64) as usize;
    let chunks = items.chunks(size).map(|chunk| Item::array(chunk.to_vec()));
    Ok(Item::array(chunks.collect()))
}

fn range(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let (Some(first), Some(last), Some(step)) = (args.number(0)?, args.number(1)?, args.number(2)?) else {
        return Ok(Item::Nothing);
    };
    if step == 0.0 {
        return Err(failure("The third argument of range function cannot be zero"));
    }
    let count = ((last - first) / step).floor() + 1.0;
    if count.is_nan() || count < 1.0 {
        return Ok(Item::array(Vec::new()));
    }
    if count > LONGEST_RANGE || count > machine.meter.range_limit() as f64 {
        return Err(Fault::new("D2014").value(Item::Number(count)).boxed());
    }
    let count = count as usize;
    machine.meter.items(count)?;
    Ok(Item::array((0..count).map(|at| Item::Number(first + at as f64 * step)).collect()))
}

fn hash(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(data) = args.text(0)? else { return Ok(Item::Nothing) };
    machine.meter.work(data.len())?;
    let algorithm = args.text(1)?.unwrap_or_else(|| "SHA-256".into());
    let data = data.as_bytes();
    Ok(Item::text(match &*algorithm {
        "MD5" => hex(&Md5::digest(data)),
        "SHA-1" => hex(&Sha1::digest(data)),
        "SHA-256" => hex(&Sha256::digest(data)),
        "SHA-384" => hex(&Sha384::digest(data)),
        "SHA-512" => hex(&Sha512::digest(data)),
        other => {
            let known = "MD5, SHA-1, SHA-256, SHA-384, SHA-512";
            return Err(failure(format!("The algorithm of hash function must be one of {known}, not {other}")));
        }
    }))
}

/// Bytes as lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The same seed always gives the same number.
fn random(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    Ok(Item::Number(match args.number(0)? {
        Some(seed) => unit(mixed(seed.to_bits().wrapping_add(0x9e37_79b9_7f4a_7c15))),
        None => machine.random(),
    }))
}

/// A version 4 identifier.
fn uuid(machine: &mut Machine<'_>, _: Args<'_>) -> Eval<Item> {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&machine.random_bits().to_be_bytes());
    bytes[8..].copy_from_slice(&machine.random_bits().to_be_bytes());
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex(&bytes);
    Ok(Item::text([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")))
}

fn parse(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(text) = args.text(0)? else { return Ok(Item::Nothing) };
    machine.meter.work(text.len())?;
    machine.meter.build(text.len().saturating_mul(8))?;
    match Value::parse(&text) {
        Ok(value) => Ok(Item::Json(value)),
        Err(why) => Err(failure(format!("Unable to parse JSON: {why}"))),
    }
}
