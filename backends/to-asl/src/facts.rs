//! Facts that were kept with the place in the state they stood at, such as `Retry.0.MaxAttempts`.

use std::sync::Arc;

use wfc_expr::value::{Array, Object};
use wfc_expr::Value;

/// The state with the facts at their places; a fact whose place is gone is gone with it.
pub(crate) fn put_back(mut state: Value, extras: &[(Arc<str>, Value)]) -> Value {
    for (name, fact) in extras {
        if let Some((first, rest)) = name.split_once('.') {
            state = put(state, first, Some(rest), fact);
        }
    }
    state
}

/// Recurses once for each step of `rest`, and only where the state is as deep.
fn put(mut container: Value, step: &str, rest: Option<&str>, fact: &Value) -> Value {
    let inside = |value: Value| match rest {
        None => fact.clone(),
        Some(rest) => match rest.split_once('.') {
            Some((next, behind)) => put(value, next, Some(behind), fact),
            None => put(value, rest, None, fact),
        },
    };
    if let Some(members) = container.as_object_mut() {
        member(members, step, rest.is_none(), inside);
    } else if let Some(items) = container.as_array_mut() {
        item(items, step, inside);
    }
    container
}

/// Only the last step may name a member that is not there yet. What is changed is taken out first, so that it is not
/// copied.
fn member(members: &mut Object, name: &str, last: bool, inside: impl FnOnce(Value) -> Value) {
    if !last && !members.contains_key(name) {
        return;
    }
    let value = members.insert(name, Value::Null).unwrap_or_default();
    members.insert(name, inside(value));
}

fn item(items: &mut Array, index: &str, inside: impl FnOnce(Value) -> Value) {
    let Ok(index) = index.parse() else { return };
    if let Some(value) = items.replace(index, Value::Null) {
        items.replace(index, inside(value));
    }
}
