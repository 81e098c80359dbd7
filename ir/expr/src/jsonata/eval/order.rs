//! Comparisons as JavaScript makes them: order of strings and of names, equality.

use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

use super::item::{Item, Items, Members, View};
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
pub(super) fn is_equal(a: &Item, b: &Item) -> bool {
    if let Some(same) = same_scalar(a, b) {
        return same;
    }
    match (a.view(), b.view()) {
        (View::Array(a), View::Array(b)) => equal_items(a, b),
        (View::Object(a), View::Object(b)) => equal_members(a, b),
        _ => false,
    }
}

fn equal_items(a: Items<'_>, b: Items<'_>) -> bool {
    a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| is_equal(&a, &b))
}

fn equal_members(a: Members<'_>, b: Members<'_>) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let other = |name: &str, item: &Item| b.get(name).is_some_and(|other| is_equal(item, &other));
    match a {
        Members::Json(object) => object.entries().iter().all(|(name, value)| other(name, &Item::Json(value.clone()))),
        Members::Record(record) => record.members().iter().all(|(name, item)| other(name, item)),
    }
}

/// Whether two values of one kind that holds no others are equal; `None` for the other kinds.
fn same_scalar(a: &Item, b: &Item) -> Option<bool> {
    match (a.view(), b.view()) {
        (View::Number(a), View::Number(b)) => Some(a == b),
        (View::Text(a), View::Text(b)) => Some(a == b),
        (View::Bool(a), View::Bool(b)) => Some(a == b),
        (View::Null, View::Null) | (View::Nothing, View::Nothing) => Some(true),
        (View::Function(a), View::Function(b)) => Some(Rc::ptr_eq(a, b)),
        _ => None,
    }
}
