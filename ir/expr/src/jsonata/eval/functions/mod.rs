//! The functions that exist without being defined.

mod aggregate;
mod array;
mod aws;
mod codec;
mod evaluate;
mod hof;
mod logic;
mod matching;
mod number;
mod object;
mod replace;
mod text;
mod time;

use std::sync::OnceLock;

use super::error::{Eval, Fault};
use super::item::Item;
use super::run::{Machine, Place};
use super::signature::Signature;
use crate::jsonata::builtins::{builtin, Profile};
use crate::jsonata::picture;

pub(super) use logic::{is_true, is_truthy, numeric};
pub(super) use text::to_text;

/// A function of the language.
pub(super) struct Native {
    pub(super) name: &'static str,
    signature: &'static str,
    /// How many arguments functions that call it give it.
    pub(super) arity: usize,
    pub(super) run: Run,
    parsed: OnceLock<Signature>,
}

type Run = fn(&mut Machine<'_>, Args<'_>) -> Eval<Item>;

/// The arguments of a call, checked against the signature.
pub(super) struct Args<'a> {
    pub(super) items: Vec<Item>,
    /// The context of the call.
    pub(super) input: &'a Item,
    pub(super) place: Place<'a>,
}

impl Args<'_> {
    /// The argument, which is nothing if it was not given.
    pub(super) fn take(&mut self, index: usize) -> Item {
        self.items.get_mut(index).map(std::mem::take).unwrap_or_default()
    }

    pub(super) fn get(&self, index: usize) -> &Item {
        const NOTHING: &Item = &Item::Nothing;
        self.items.get(index).unwrap_or(NOTHING)
    }

    /// A string, if one was given. A partial application lets other values through.
    pub(super) fn text(&self, index: usize) -> Eval<Option<std::sync::Arc<str>>> {
        match self.get(index) {
            Item::Nothing => Ok(None),
            item => item.as_text().cloned().map(Some).ok_or_else(|| wrong_type("a string")),
        }
    }

    /// A number, if one was given.
    pub(super) fn number(&self, index: usize) -> Eval<Option<f64>> {
        match self.get(index) {
            Item::Nothing => Ok(None),
            item => item.as_number().map(Some).ok_or_else(|| wrong_type("a number")),
        }
    }

    /// The items of an array, if one was given.
    pub(super) fn array(&mut self, index: usize) -> Eval<Option<Vec<Item>>> {
        match self.take(index) {
            Item::Nothing => Ok(None),
            item if item.is_array() => Ok(Some(item.into_vec())),
            _ => Err(wrong_type("an array")),
        }
    }
}

fn wrong_type(expected: &str) -> Box<Fault> {
    Fault::exception(format!("An argument of a partially applied function is not {expected}")).boxed()
}

impl Native {
    pub(super) fn signature(&self) -> &Signature {
        self.parsed.get_or_init(|| Signature::parse(self.signature))
    }

    /// How many parameters a partial application can give or leave open.
    pub(super) fn parameters(&self) -> usize {
        self.arity.max(1)
    }
}

/// The function `$name` of `profile`.
pub(super) fn native(profile: Profile, name: &str) -> Option<Item> {
    builtin(profile, name)?;
    if profile == Profile::StepFunctions {
        if let Some(own) = aws::NATIVES.iter().find(|native| native.name == name) {
            return Some(Item::function(super::function::Function::Native(own)));
        }
    }
    let at = NATIVES.binary_search_by(|native| native.name.cmp(name)).ok()?;
    Some(Item::function(super::function::Function::Native(&NATIVES[at])))
}

/// A failure of the functions that format and parse.
fn picture_fault((code, message): picture::Fault) -> Box<Fault> {
    Fault::with_message(code, message).boxed()
}

const fn of(name: &'static str, signature: &'static str, arity: usize, run: Run) -> Native {
    Native { name, signature, arity, run, parsed: OnceLock::new() }
}

/// Sorted by name.
static NATIVES: [Native; 65] = [
    of("abs", "n-:n", 1, number::abs),
    of("append", "xx:a", 2, array::append),
    of("assert", "bs?:x", 2, logic::assert),
    of("average", "a<n>:n", 1, aggregate::average),
    of("base64decode", "s-:s", 1, codec::base64_decode),
    of("base64encode", "s-:s", 1, codec::base64_encode),
    of("boolean", "x-:b", 1, logic::to_boolean),
    of("ceil", "n-:n", 1, number::ceil),
    of("clone", "(oa)-:o", 1, object::clone),
    of("contains", "s-(sf):b", 2, matching::contains),
    of("count", "a:n", 1, aggregate::count),
    of("decodeUrl", "s-:s", 1, codec::decode_url),
    of("decodeUrlComponent", "s-:s", 1, codec::decode_url_component),
    of("distinct", "x:x", 1, array::distinct),
    of("each", "o-f:a", 2, hof::each),
    of("encodeUrl", "s-:s", 1, codec::encode_url),
    of("encodeUrlComponent", "s-:s", 1, codec::encode_url_component),
    of("error", "s?:x", 1, logic::error),
    of("eval", "sx?:x", 2, evaluate::eval),
    of("exists", "x:b", 1, logic::exists),
    of("filter", "af", 2, hof::filter),
    of("floor", "n-:n", 1, number::floor),
    of("formatBase", "n-n?:s", 2, number::format_base),
    of("formatInteger", "n-s:s", 2, number::format_integer),
    of("formatNumber", "n-so?:s", 3, number::format_number),
    of("fromMillis", "n-s?s?:s", 3, time::from_millis),
    of("join", "a<s>s?:s", 2, text::join),
    of("keys", "x-:a<s>", 1, object::keys),
    of("length", "s-:n", 1, text::length),
    of("lookup", "x-s:x", 2, object::lookup),
    of("lowercase", "s-:s", 1, text::lowercase),
    of("map", "af", 2, hof::map),
    of("match", "s-f<s:o>n?:a<o>", 3, matching::match_all),
    of("max", "a<n>:n", 1, aggregate::max),
    of("merge", "a<o>:o", 1, object::merge),
    of("millis", ":n", 0, time::millis),
    of("min", "a<n>:n", 1, aggregate::min),
    of("not", "x-:b", 1, logic::not),
    of("now", "s?s?:s", 2, time::now),
    of("number", "(nsb)-:n", 1, number::number),
    of("pad", "s-ns?:s", 3, text::pad),
    of("parseInteger", "s-s:n", 2, number::parse_integer),
    of("power", "n-n:n", 2, number::power),
    of("random", ":n", 0, number::random),
    of("reduce", "afj?:j", 3, hof::reduce),
    of("replace", "s-(sf)(sf)n?:s", 4, replace::replace),
    of("reverse", "a:a", 1, array::reverse),
    of("round", "n-n?:n", 2, number::round),
    of("shuffle", "a:a", 1, array::shuffle),
    of("sift", "o-f?:o", 2, hof::sift),
    of("single", "af?", 2, hof::single),
    of("sort", "af?:a", 2, array::sort),
    of("split", "s-(sf)n?:a<s>", 3, matching::split),
    of("spread", "x-:a<o>", 1, object::spread),
    of("sqrt", "n-:n", 1, number::sqrt),
    of("string", "x-b?:s", 1, text::string),
    of("substring", "s-nn?:s", 3, text::substring),
    of("substringAfter", "s-s:s", 2, text::substring_after),
    of("substringBefore", "s-s:s", 2, text::substring_before),
    of("sum", "a<n>:n", 1, aggregate::sum),
    of("toMillis", "s-s?:n", 2, time::to_millis),
    of("trim", "s-:s", 1, text::trim),
    of("type", "x:s", 1, logic::type_name),
    of("uppercase", "s-:s", 1, text::uppercase),
    of("zip", "a+", 0, array::zip),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jsonata::builtins::builtin_names;

    #[test]
    fn every_function_is_there() {
        assert!(NATIVES.is_sorted_by(|a, b| a.name < b.name));
        for profile in [Profile::Jsonata, Profile::StepFunctions] {
            for name in builtin_names(profile) {
                assert!(native(profile, name).is_some(), "{name}");
            }
        }
    }
}
