//! Comparisons as JavaScript makes them: order of strings and of names, equality.

use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

use super::error::Eval;
use super::function::Function;
use super::item::{Item, Items, Members, View};
use super::limits::Meter;
use crate::Value;

/// Whether objects keep a member of this name among the numbered ones, which come first.
pub(super) fn is_index(name: &str) -> bool {
    let bytes = name.as_bytes();
    match bytes {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] if rest.len() < 10 && rest.iter().all(u8::is_ascii_digit) => {
            name.parse::<u64>().is_ok_and(|index| index < u64::from(u32::MAX))
        }
        _ => false,
    }
}

/// Compares by UTF-16 units.
pub(super) fn compare_text(a: &str, b: &str) -> Ordering {
    // Only above the surrogates the order of UTF-8 differs.
    if a.bytes().chain(b.bytes()).all(|byte| byte < 0xee) {
        return a.cmp(b);
    }
    a.encode_utf16().cmp(b.encode_utf16())
}

/// JavaScript's `===`: arrays, objects and functions are equal to themselves alone.
pub(super) fn is_same(a: &Item, b: &Item) -> bool {
    match (a, b) {
        (Item::Json(Value::Array(a)), Item::Json(Value::Array(b))) => Arc::ptr_eq(a, b),
        (Item::Json(Value::Object(a)), Item::Json(Value::Object(b))) => Arc::ptr_eq(a, b),
        (Item::List(a), Item::List(b)) => Rc::ptr_eq(a, b),
        (Item::Record(a), Item::Record(b)) => Rc::ptr_eq(a, b),
        _ => same_scalar(a, b).unwrap_or(false),
    }
}

/// Equality by content.
pub(super) fn is_equal(a: &Item, b: &Item, meter: &mut Meter) -> Eval<bool> {
    if let Some(same) = same_scalar(a, b) {
        return Ok(same);
    }
    match (a.view(), b.view()) {
        (View::Array(a), View::Array(b)) => equal_items(a, b, meter),
        (View::Object(a), View::Object(b)) => equal_members(a, b, meter),
        _ => Ok(false),
    }
}

fn equal_items(a: Items<'_>, b: Items<'_>, meter: &mut Meter) -> Eval<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    meter.work(a.len())?;
    for at in 0..a.len() {
        if !is_equal(&a.get(at), &b.get(at), meter)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_members(a: Members<'_>, b: Members<'_>, meter: &mut Meter) -> Eval<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    meter.work(a.len())?;
    for (name, item) in a.ordered() {
        match b.get(name) {
            Some(other) if is_equal(&item, &other, meter)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Whether two values of one kind that holds no others are equal; `None` for the other kinds.
fn same_scalar(a: &Item, b: &Item) -> Option<bool> {
    match (a.view(), b.view()) {
        (View::Number(a), View::Number(b)) => Some(a == b),
        (View::Text(a), View::Text(b)) => Some(a == b),
        (View::Bool(a), View::Bool(b)) => Some(a == b),
        (View::Null, View::Null) | (View::Nothing, View::Nothing) => Some(true),
        (View::Function(a), View::Function(b)) => Some(same_function(a, b)),
        _ => None,
    }
}

fn same_function(a: &Rc<Function>, b: &Rc<Function>) -> bool {
    match (&**a, &**b) {
        (Function::Native(a), Function::Native(b)) => std::ptr::eq(*a, *b),
        _ => Rc::ptr_eq(a, b),
    }
}
