//! JSON values that are cheap to clone, keep member order and number text, and never recurse.
//!
//! Invariants:
//! - An array or object knows the length of its compact text ([`Value::json_len`]), so a payload quota is
//!   checked without printing.
//! - Equality, printing, parsing and dropping use explicit work lists: depth costs memory, never stack.
//!   Only serde's traits recurse by design; they stop at [`MAX_DEPTH`] with an error.
//! - Two numbers are equal when their values are, however they were written; a number nobody computed with
//!   prints as it was read.

mod build;
mod compare;
mod containers;
mod number;
mod parse;
mod serde_impl;
#[cfg(test)]
mod tests;
mod write;

use std::sync::Arc;

pub use containers::{Array, Object};
pub use number::Number;
pub use parse::ParseError;
pub use serde_impl::TooDeep;
pub use write::{quoted, Plain, Pretty};

/// The deepest nesting a text may have, and the deepest value that passes through serde.
pub const MAX_DEPTH: usize = 1_000;

/// The most memory that is reserved before text is written: a value of shared parts can be longer than memory.
const MAX_RESERVE: usize = 1 << 20;

/// A JSON value. Cloning copies at most a pointer.
#[derive(Clone, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, with its text where it came from one.
    Number(Number),
    /// A string.
    String(Arc<str>),
    /// An array.
    Array(Arc<Array>),
    /// An object; members keep their order.
    Object(Arc<Object>),
}

impl Value {
    /// Reads a JSON text.
    pub fn parse(text: &str) -> Result<Value, ParseError> {
        parse::parse(text)
    }

    /// The empty object.
    pub fn empty_object() -> Value {
        Value::from(Object::default())
    }

    /// The lower-case name of the JSON type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Value::Number(n) => Some(n),
            _ => None,
        }
    }

    /// The number as the nearest double.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number().map(Number::as_f64)
    }

    /// The number, if it is an integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number().and_then(Number::as_i64)
    }

    /// The text, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    /// The items, if it is an array.
    pub fn as_array(&self) -> Option<&Array> {
        match self {
            Value::Array(a) => Some(a),
            _ => None,
        }
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Value::Object(o) => Some(o),
            _ => None,
        }
    }

    /// The array for changing it; copied first if it is shared.
    pub fn as_array_mut(&mut self) -> Option<&mut Array> {
        match self {
            Value::Array(a) => Some(Arc::make_mut(a)),
            _ => None,
        }
    }

    /// The object for changing it; copied first if it is shared.
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        match self {
            Value::Object(o) => Some(Arc::make_mut(o)),
            _ => None,
        }
    }

    /// The member called `name`, if it is an object that has one.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_object()?.get(name)
    }

    /// The item at `index`, if it is an array that long.
    pub fn at(&self, index: usize) -> Option<&Value> {
        self.as_array()?.get(index)
    }

    /// Compact JSON text.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(self.json_len().min(MAX_RESERVE));
        write::compact(self, &mut out);
        out
    }

    /// JSON text with one member or item per line, indented by two blanks.
    pub fn to_json_pretty(&self) -> String {
        Pretty(self).to_string()
    }

    /// The length in bytes of [`Value::to_json`], without writing it.
    pub fn json_len(&self) -> usize {
        match self {
            Value::Null | Value::Bool(true) => 4,
            Value::Bool(false) => 5,
            Value::Number(n) => n.text_len(),
            Value::String(s) => write::quoted_len(s),
            Value::Array(a) => a.json_len(),
            Value::Object(o) => o.json_len(),
        }
    }

    fn is_container(&self) -> bool {
        matches!(self, Value::Array(_) | Value::Object(_))
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Value::Bool(b)
    }
}

impl From<Number> for Value {
    fn from(n: Number) -> Self {
        Value::Number(n)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Value::Number(Number::from(n))
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Self {
        Value::String(s.into())
    }
}

impl From<String> for Value {
    fn from(s: String) -> Self {
        Value::String(s.into())
    }
}

impl From<Arc<str>> for Value {
    fn from(s: Arc<str>) -> Self {
        Value::String(s)
    }
}

impl From<Array> for Value {
    fn from(a: Array) -> Self {
        Value::Array(Arc::new(a))
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Value::from(Array::from(items))
    }
}

impl From<Object> for Value {
    fn from(o: Object) -> Self {
        Value::Object(Arc::new(o))
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Value::from(items.into_iter().collect::<Vec<_>>())
    }
}

impl<K: Into<Arc<str>>> FromIterator<(K, Value)> for Value {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(members: I) -> Self {
        Value::from(members.into_iter().collect::<Object>())
    }
}

impl std::str::FromStr for Value {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Value::parse(text)
    }
}
