//! Encodings of text: Base64 and URLs.

use std::sync::Arc;

use super::{picture_fault, Args};
use crate::jsonata::eval::error::{Eval, Fault};
use crate::jsonata::eval::item::Item;
use crate::jsonata::eval::run::Machine;
use crate::jsonata::eval::surrogate::is_half;
use crate::jsonata::picture;

/// Applies `convert` to the string, if one was given; the result is at most four times as long.
fn convert(machine: &mut Machine<'_>, args: &Args<'_>, convert: impl FnOnce(&Arc<str>) -> Eval<String>) -> Eval<Item> {
    let Some(text) = args.text(0)? else { return Ok(Item::Nothing) };
    machine.meter.work(text.len() / 16)?;
    machine.meter.build(text.len().saturating_mul(4))?;
    convert(&text).map(Item::text)
}

pub(super) fn base64_encode(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    convert(machine, &args, |text| Ok(picture::base64_encode(text)))
}

pub(super) fn base64_decode(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    convert(machine, &args, |text| Ok(picture::base64_decode(text)))
}

pub(super) fn encode_url(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    convert(machine, &args, |text| encode(text, "encodeUrl", picture::encode_url))
}

pub(super) fn encode_url_component(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    convert(machine, &args, |text| encode(text, "encodeUrlComponent", picture::encode_url_component))
}

/// Half a surrogate pair has no bytes to be encoded.
fn encode(text: &str, name: &str, encode: impl FnOnce(&str) -> String) -> Eval<String> {
    if text.chars().any(is_half) {
        let shown = crate::value::quoted(&crate::jsonata::eval::surrogate::replaced(text));
        return Err(Fault::with_message("D3140", format!("Malformed URL passed to ${name}(): {shown}")).boxed());
    }
    Ok(encode(text))
}

pub(super) fn decode_url(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    convert(machine, &args, |text| picture::decode_url(text).map_err(picture_fault))
}

pub(super) fn decode_url_component(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    convert(machine, &args, |text| picture::decode_url_component(text).map_err(picture_fault))
}
