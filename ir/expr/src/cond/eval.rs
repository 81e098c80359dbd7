//! What a condition means.

use std::fmt;

use super::{Cond, Name, Reference};
use crate::Value;

/// Members that say whether something went well.
const STATUS: [&str; 4] = ["passed", "ok", "success", "approved"];

/// Why a condition has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CondError {
    /// The object has status members, named here, that disagree.
    Ambiguous(Vec<&'static str>),
}

impl fmt::Display for CondError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CondError::Ambiguous(names) => write!(f, "Ambiguous boolean status fields: {}", names.join(", ")),
        }
    }
}

impl std::error::Error for CondError {}

/// Evaluates a condition against the run's input and the outputs by node; what is missing is false.
pub fn eval(cond: &Cond, input: &Value, outputs: &Value) -> Result<bool, CondError> {
    let found = match cond.reference() {
        Reference::Outputs(path) => lookup(outputs, path),
        Reference::Input(path) => lookup(input, path),
        Reference::OutputsThenInput(path) => lookup(outputs, path).or_else(|| lookup(input, path)),
    };
    let holds = match found {
        Some(Found::Value(value)) => truth(value)?,
        Some(Found::Length(length)) => length > 0,
        None => false,
    };
    Ok(holds != cond.negated)
}

/// Whether a value counts as true: booleans as they are, objects by their status members, everything else unless
/// it is `null`, zero or the empty string.
pub fn truth(value: &Value) -> Result<bool, CondError> {
    Ok(match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != 0.0,
        Value::String(text) => !text.is_empty(),
        Value::Array(_) => true,
        Value::Object(_) => status(value)?.unwrap_or(true),
    })
}

/// What the status members of an object say, if it has any.
fn status(object: &Value) -> Result<Option<bool>, CondError> {
    let flags = STATUS.iter().filter_map(|name| Some((*name, object.get(name)?.as_bool()?)));
    let flags: Vec<_> = flags.collect();
    let first = flags.first().map(|(_, value)| *value);
    if flags.iter().any(|(_, value)| Some(*value) != first) {
        return Err(CondError::Ambiguous(flags.into_iter().map(|(name, _)| name).collect()));
    }
    Ok(first)
}

/// What a path leads to.
enum Found<'v> {
    Value(&'v Value),
    /// `length` of an array.
    Length(usize),
}

fn lookup<'v>(from: &'v Value, path: &[Name]) -> Option<Found<'v>> {
    let mut current = from;
    for (at, name) in path.iter().enumerate() {
        if let (Value::Array(items), "length") = (current, &*name.text) {
            return (at + 1 == path.len()).then_some(Found::Length(items.len()));
        }
        current = member(current, &name.text)?;
    }
    Some(Found::Value(current))
}

fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(object) => object.get(name),
        Value::Array(items) => items.get(index(name)?),
        _ => None,
    }
}

/// An index without sign and leading zeros.
fn index(name: &str) -> Option<usize> {
    let plain = name == "0" || (!name.starts_with(['0', '+']));
    name.parse().ok().filter(|_| plain)
}
