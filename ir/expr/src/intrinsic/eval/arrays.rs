//! Functions of arrays and objects.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Args, IntrinsicError, WEIGHT};
use crate::value::Object;
use crate::{Budget, Value};

/// An array cut into arrays of a given length, the last one maybe shorter.
pub(super) fn partition(args: &Args<'_>) -> Result<Value, IntrinsicError> {
    let size = usize::try_from(args.integer(1)?).ok().filter(|size| *size > 0);
    let size = size.ok_or_else(|| args.failure(1, "must be greater than 0"))?;
    Ok(args.items(0).chunks(size).map(|chunk| Value::from(chunk.to_vec())).collect())
}

pub(super) fn item(args: &Args<'_>) -> Result<Value, IntrinsicError> {
    let (items, index) = (args.items(0), args.integer(1)?);
    let found = usize::try_from(index).ok().and_then(|index| items.get(index));
    found
        .cloned()
        .ok_or_else(|| args.failure(1, format!("is {index}, which is no index of an array of {} items", items.len())))
}

/// Each item where it first stands.
pub(super) fn unique(args: &Args<'_>, budget: &mut Budget) -> Result<Value, IntrinsicError> {
    let mut seen: HashMap<u64, Vec<&Value>> = HashMap::new();
    let mut kept = Vec::new();
    for item in args.items(0) {
        let alike = seen.entry(fingerprint(item)).or_default();
        // Items made to collide still cost what comparing them costs.
        let weight = alike.len() * (1 + item.json_len() / WEIGHT);
        budget.ops(weight).map_err(|limit| args.exceeded(limit))?;
        if !alike.contains(&item) {
            alike.push(item);
            kept.push(item.clone());
        }
    }
    Ok(Value::from(kept))
}

/// Equal values have equal fingerprints: the sum of those of all names and scalars, whatever their order.
fn fingerprint(value: &Value) -> u64 {
    let mut sum = 0u64;
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        let own = match value {
            Value::Null => of(&0),
            Value::Bool(b) => of(b),
            // Adding zero makes one of the two zeros.
            Value::Number(n) => of(&(n.as_f64() + 0.0).to_bits()),
            Value::String(s) => of(s),
            Value::Array(items) => {
                work.extend(items.iter());
                of(&(1, items.len()))
            }
            Value::Object(members) => {
                work.extend(members.values());
                members.keys().fold(of(&(2, members.len())), |sum, name| sum.wrapping_add(of(&(3, name))))
            }
        };
        sum = sum.wrapping_add(own);
    }
    sum
}

fn of(part: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    part.hash(&mut hasher);
    hasher.finish()
}

/// The members of both objects; where both have one, that of the second.
pub(super) fn merge(args: &Args<'_>) -> Result<Value, IntrinsicError> {
    if args.values[2].as_bool() == Some(true) {
        return Err(args.failure(2, "must be false: only shallow merging is supported"));
    }
    let members = args.values[..2].iter().filter_map(Value::as_object).flat_map(|object| object.entries());
    Ok(Value::from(members.cloned().collect::<Object>()))
}
