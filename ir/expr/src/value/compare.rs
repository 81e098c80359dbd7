//! Equality by value, without recursion.

use std::sync::Arc;

use super::{Array, Object, Value};

type Pairs<'a> = Vec<(&'a Value, &'a Value)>;

impl PartialEq for Value {
    /// Member order does not count; number spelling does not count.
    fn eq(&self, other: &Self) -> bool {
        let mut work = vec![];
        if !same_shape(self, other, &mut work) {
            return false;
        }
        while let Some((a, b)) = work.pop() {
            if !same_shape(a, b, &mut work) {
                return false;
            }
        }
        true
    }
}

impl Eq for Value {}

/// Compares two nodes; pairs of children still to be compared go to `work`.
fn same_shape<'a>(a: &'a Value, b: &'a Value, work: &mut Pairs<'a>) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => Arc::ptr_eq(a, b) || same_items(a, b, work),
        (Value::Object(a), Value::Object(b)) => Arc::ptr_eq(a, b) || same_members(a, b, work),
        _ => false,
    }
}

fn same_items<'a>(a: &'a Array, b: &'a Array, work: &mut Pairs<'a>) -> bool {
    work.extend(a.iter().zip(b.iter()));
    a.len() == b.len()
}

fn same_members<'a>(a: &'a Object, b: &'a Object, work: &mut Pairs<'a>) -> bool {
    a.len() == b.len() && a.iter().all(|(name, value)| b.get(name).map(|other| work.push((value, other))).is_some())
}
