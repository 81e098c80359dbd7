//! What is known about a value before it exists: a lattice of types, from Never (no value) to Any (every value).
//!
//! Types are immutable and cheap to clone. They are not interned: what is shared is compared by pointer first, and
//! nearly all values of a workflow are Any, on which every operation is O(1).
//!
//! Every type is in canonical form, which its constructors see to: a union has at most one member per kind and at most
//! [`MAX_MEMBERS`] of them, else it is Any; an object lists no field that its `rest` already describes; what cannot
//! exist, such as an object with a field that must be there and has no value, is Never. Types nest at most
//! [`MAX_DEPTH`] levels; what is further in is Any.

mod lattice;
mod object;
mod refine;
mod show;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use wfc_expr::value::Number;
use wfc_expr::Value;

pub use object::{Field, ObjectType, Presence};

/// The most levels of arrays and objects in a type.
pub const MAX_DEPTH: u8 = 8;
/// The most literals a scalar type remembers.
pub const MAX_LITERALS: usize = 8;
/// The most fields an object type lists.
pub const MAX_FIELDS: usize = 64;
/// The most members of a union.
pub const MAX_MEMBERS: usize = 4;

/// A set of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// No value: what has this type is never reached.
    Never,
    /// Every value.
    Any,
    /// `null`
    Null,
    /// `true`, `false`, or both.
    Bool(Option<bool>),
    /// Numbers.
    Number(Literals<Number>),
    /// Strings.
    String(Literals<Arc<str>>),
    /// Arrays.
    Array(Arc<ArrayType>),
    /// Objects.
    Object(Arc<ObjectType>),
    /// One of several kinds.
    Union(Union),
}

/// The kinds of JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // The names are the kinds.
pub enum Kind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

/// Some values of a scalar kind, or all of them.
#[derive(Clone, Debug)]
pub struct Literals<T>(Option<Arc<[T]>>);

impl<T> Literals<T> {
    /// All values of the kind.
    pub const ALL: Self = Self(None);

    /// The values, if they are few and known.
    pub fn known(&self) -> Option<&[T]> {
        self.0.as_deref()
    }
}

impl<T: Eq> PartialEq for Literals<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self.known(), other.known()) {
            (Some(a), Some(b)) => a.len() == b.len() && a.iter().all(|value| b.contains(value)),
            (a, b) => a.is_none() && b.is_none(),
        }
    }
}

impl<T: Eq> Eq for Literals<T> {}

/// Arrays of some element and length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayType {
    elem: Type,
    min: usize,
    max: Option<usize>,
    depth: u8,
}

impl ArrayType {
    /// What the elements are.
    pub fn elem(&self) -> &Type {
        &self.elem
    }

    /// How many there are at least.
    pub fn min(&self) -> usize {
        self.min
    }

    /// How many there are at most, if that is known.
    pub fn max(&self) -> Option<usize> {
        self.max
    }
}

/// Two to [`MAX_MEMBERS`] types of different kinds, in the order of their kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Union(Arc<[Type]>);

impl Union {
    /// The members.
    pub fn members(&self) -> &[Type] {
        &self.0
    }
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 6] = [Kind::Null, Kind::Bool, Kind::Number, Kind::String, Kind::Array, Kind::Object];

    /// The kind of a value.
    pub fn of(value: &Value) -> Kind {
        match value {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Bool,
            Value::Number(_) => Kind::Number,
            Value::String(_) => Kind::String,
            Value::Array(_) => Kind::Array,
            Value::Object(_) => Kind::Object,
        }
    }

    /// All values of the kind.
    pub fn all(self) -> Type {
        match self {
            Kind::Null => Type::Null,
            Kind::Bool => Type::Bool(None),
            Kind::Number => Type::NUMBER,
            Kind::String => Type::STRING,
            Kind::Array => Type::array(Type::Any, 0, None),
            Kind::Object => Type::open_object(),
        }
    }
}

impl Type {
    /// Both booleans.
    pub const BOOL: Type = Type::Bool(None);
    /// All numbers.
    pub const NUMBER: Type = Type::Number(Literals::ALL);
    /// All strings.
    pub const STRING: Type = Type::String(Literals::ALL);

    /// One number.
    pub fn number(value: Number) -> Type {
        Type::Number(Literals(Some([value].into())))
    }

    /// One string.
    pub fn string(value: impl Into<Arc<str>>) -> Type {
        Type::String(Literals(Some([value.into()].into())))
    }

    /// Arrays of `elem` with `min` to `max` elements.
    pub fn array(elem: Type, min: usize, max: Option<usize>) -> Type {
        let elem = elem.cut(MAX_DEPTH - 1);
        let (elem, max) = match max {
            _ if elem == Type::Never => (elem, Some(0)),
            Some(0) => (Type::Never, max),
            _ => (elem, max),
        };
        if max.is_some_and(|max| max < min) {
            return Type::Never;
        }
        let depth = elem.depth() + 1;
        Type::Array(Arc::new(ArrayType { elem, min, max, depth }))
    }

    /// Objects with these fields; what other fields there may be, `rest` says (Never: none).
    pub fn object<K: Into<Arc<str>>>(fields: impl IntoIterator<Item = (K, Field)>, rest: Type) -> Type {
        ObjectType::build(fields.into_iter().map(|(name, field)| (name.into(), field)).collect(), rest)
    }

    /// All objects.
    pub fn open_object() -> Type {
        ObjectType::build(Vec::new(), Type::Any)
    }

    /// One of several types.
    pub fn union(types: impl IntoIterator<Item = Type>) -> Type {
        types.into_iter().fold(Type::Never, |sum, ty| sum.join(&ty))
    }

    /// The narrowest type of one value.
    pub fn of_value(value: &Value) -> Type {
        Self::of_nested(value, MAX_DEPTH)
    }

    fn of_nested(value: &Value, levels: u8) -> Type {
        match value {
            Value::Null => Type::Null,
            Value::Bool(value) => Type::Bool(Some(*value)),
            Value::Number(value) => Type::number(value.clone()),
            Value::String(value) => Type::string(Arc::clone(value)),
            _ if levels == 0 => Type::Any,
            Value::Array(items) => {
                let mut elem = Type::Never;
                for item in items.iter() {
                    elem = elem.join(&Self::of_nested(item, levels - 1));
                    if elem == Type::Any {
                        break;
                    }
                }
                Type::array(elem, items.len(), Some(items.len()))
            }
            Value::Object(members) => {
                let must = |(name, value): &(Arc<str>, Value)| {
                    (Arc::clone(name), Field::must(Self::of_nested(value, levels - 1)))
                };
                ObjectType::build(members.entries().iter().map(must).collect(), Type::Never)
            }
        }
    }

    /// Whether `value` has this type.
    pub fn admits(&self, value: &Value) -> bool {
        match (self, value) {
            (Type::Any, _) | (Type::Null, Value::Null) => true,
            (Type::Bool(known), Value::Bool(value)) => known.is_none_or(|known| known == *value),
            (Type::Number(literals), Value::Number(value)) => literals.known().is_none_or(|l| l.contains(value)),
            (Type::String(literals), Value::String(value)) => literals.known().is_none_or(|l| l.contains(value)),
            (Type::Array(array), Value::Array(items)) => {
                items.len() >= array.min
                    && array.max.is_none_or(|max| items.len() <= max)
                    && (array.elem == Type::Any || items.iter().all(|item| array.elem.admits(item)))
            }
            (Type::Object(object), Value::Object(members)) => object.admits(members),
            (Type::Union(union), _) => union.members().iter().any(|member| member.admits(value)),
            _ => false,
        }
    }

    /// Whether nothing is known.
    pub fn is_any(&self) -> bool {
        matches!(self, Type::Any)
    }

    /// Whether there is no such value.
    pub fn is_never(&self) -> bool {
        matches!(self, Type::Never)
    }

    /// The kind, if there is just one.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Type::Null => Some(Kind::Null),
            Type::Bool(_) => Some(Kind::Bool),
            Type::Number(_) => Some(Kind::Number),
            Type::String(_) => Some(Kind::String),
            Type::Array(_) => Some(Kind::Array),
            Type::Object(_) => Some(Kind::Object),
            Type::Never | Type::Any | Type::Union(_) => None,
        }
    }

    /// Whether some value of the type is of that kind.
    pub fn may_be(&self, kind: Kind) -> bool {
        self.is_any() || self.members().iter().any(|member| member.kind() == Some(kind))
    }

    /// The members of a union; any other type is its own only member. Never has none.
    pub fn members(&self) -> &[Type] {
        match self {
            Type::Never => &[],
            Type::Union(union) => union.members(),
            other => std::slice::from_ref(other),
        }
    }

    /// The value, if it is a scalar of which there is only one.
    pub fn as_literal(&self) -> Option<Value> {
        match self {
            Type::Null => Some(Value::Null),
            Type::Bool(known) => known.map(Value::Bool),
            Type::Number(literals) => only(literals).map(Value::Number),
            Type::String(literals) => only(literals).map(Value::String),
            _ => None,
        }
    }

    /// Levels of arrays and objects.
    fn depth(&self) -> u8 {
        match self {
            Type::Array(array) => array.depth,
            Type::Object(object) => object.depth(),
            Type::Union(union) => union.members().iter().map(Type::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// The type with Any in place of what is below `levels` levels.
    fn cut(self, levels: u8) -> Type {
        if self.depth() <= levels {
            return self;
        }
        match &self {
            Type::Array(array) if levels > 0 => Type::array(array.elem.clone().cut(levels - 1), array.min, array.max),
            Type::Object(object) if levels > 0 => object.cut(levels - 1),
            Type::Union(union) => Type::union(union.members().iter().map(|member| member.clone().cut(levels))),
            _ => Type::Any,
        }
    }
}

fn only<T: Clone>(literals: &Literals<T>) -> Option<T> {
    match literals.known() {
        Some([value]) => Some(value.clone()),
        _ => None,
    }
}
