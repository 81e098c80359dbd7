//! Values through serde, and to and from `serde_json::Value`.
//!
//! serde knows no number text: a number that is neither an `i64`, a `u64` nor a double becomes the nearest double.

use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

use super::{build::Builder, Array, Number, Object, Value, MAX_DEPTH};

/// A value nested deeper than [`MAX_DEPTH`] met a format that recurses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooDeep;

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value is nested deeper than the limit of {MAX_DEPTH} levels")
    }
}

impl std::error::Error for TooDeep {}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        number(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        value
            .as_number()
            .cloned()
            .ok_or_else(|| serde::de::Error::custom(format!("{} is not a number", value.type_name())))
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        At(self, 0).serialize(serializer)
    }
}

/// A value at a depth.
struct At<'a>(&'a Value, usize);

impl Serialize for At<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(b) => serializer.serialize_bool(*b),
            Value::Number(n) => number(n, serializer),
            Value::String(s) => serializer.serialize_str(s),
            _ if self.1 == MAX_DEPTH => Err(S::Error::custom(TooDeep)),
            Value::Array(a) => items(a, self.1 + 1, serializer),
            Value::Object(o) => members(o, self.1 + 1, serializer),
        }
    }
}

fn number<S: Serializer>(number: &Number, serializer: S) -> Result<S::Ok, S::Error> {
    if !number.is_integer_literal() {
        return serializer.serialize_f64(number.as_f64());
    }
    match (number.as_i64(), number.to_string().parse::<u64>()) {
        (Some(value), _) => serializer.serialize_i64(value),
        (None, Ok(value)) => serializer.serialize_u64(value),
        _ => serializer.serialize_f64(number.as_f64()),
    }
}

fn items<S: Serializer>(array: &Array, depth: usize, serializer: S) -> Result<S::Ok, S::Error> {
    let mut seq = serializer.serialize_seq(Some(array.len()))?;
    array.iter().try_for_each(|item| seq.serialize_element(&At(item, depth)))?;
    seq.end()
}

fn members<S: Serializer>(object: &Object, depth: usize, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(object.len()))?;
    object.iter().try_for_each(|(name, value)| map.serialize_entry(name, &At(value, depth)))?;
    map.end()
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Depth(0).deserialize(deserializer)
    }
}

/// Reads a value that stands at this depth.
#[derive(Clone, Copy)]
struct Depth(usize);

impl Depth {
    fn inner<E: serde::de::Error>(self) -> Result<Depth, E> {
        if self.0 == MAX_DEPTH {
            Err(E::custom(TooDeep))
        } else {
            Ok(Depth(self.0 + 1))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Depth {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Depth {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut array = Array::default();
        while let Some(item) = seq.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut object = Object::default();
        while let Some(name) = map.next_key::<Arc<str>>()? {
            let value = map.next_value_seed(inner)?;
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        let mut builder = Builder::default();
        let mut work = vec![Event::Value(json)];
        while let Some(event) = work.pop() {
            match event {
                Event::Name(name) => builder.name(name.into()),
                Event::End => builder.end(),
                Event::Value(json) => unfold(json, &mut builder, &mut work),
            }
        }
        builder.finish()
    }
}

enum Event {
    Name(String),
    Value(Json),
    End,
}

/// Hands a scalar to the builder, or opens a container and puts its content on the work list, last first.
fn unfold(json: Json, builder: &mut Builder, work: &mut Vec<Event>) {
    match json {
        Json::Null => builder.value(Value::Null),
        Json::Bool(b) => builder.value(Value::Bool(b)),
        Json::Number(n) => builder.value(from_json_number(&n)),
        Json::String(s) => builder.value(s.into()),
        Json::Array(items) => {
            builder.begin_array();
            work.push(Event::End);
            work.extend(items.into_iter().rev().map(Event::Value));
        }
        Json::Object(members) => {
            builder.begin_object();
            work.push(Event::End);
            for (name, value) in members.into_iter().rev() {
                work.push(Event::Value(value));
                work.push(Event::Name(name));
            }
        }
    }
}

fn from_json_number(number: &serde_json::Number) -> Value {
    let exact = number.as_i64().map(Number::from).or_else(|| number.as_u64().map(Number::from));
    exact.or_else(|| number.as_f64().and_then(Number::from_f64)).map_or(Value::Null, Value::Number)
}

impl TryFrom<&Value> for Json {
    type Error = TooDeep;

    /// Fails on a value deeper than [`MAX_DEPTH`], because `serde_json::Value` recurses when it is dropped.
    fn try_from(value: &Value) -> Result<Json, TooDeep> {
        // Depth is the only thing that can fail: names are strings and numbers are finite or become null.
        serde_json::to_value(value).map_err(|_| TooDeep)
    }
}
