//! Join, meet, order and widening.

use std::sync::Arc;

use super::object::Known;
use super::{ArrayType, Field, Kind, Literals, ObjectType, Type, Union, MAX_LITERALS, MAX_MEMBERS};

impl Type {
    /// The least type that has all values of both, up to the limits on size.
    pub fn join(&self, other: &Type) -> Type {
        match (self, other) {
            (Type::Any, _) | (_, Type::Any) => Type::Any,
            (Type::Never, ty) | (ty, Type::Never) => ty.clone(),
            _ if self.kind().is_some() && self.kind() == other.kind() => join_same(self, other),
            (Type::Union(a), Type::Union(b)) if Arc::ptr_eq(&a.0, &b.0) => self.clone(),
            _ => {
                let mut by_kind: [Option<Type>; Kind::ALL.len()] = Default::default();
                for member in self.members().iter().chain(other.members()) {
                    let Some(kind) = member.kind() else { continue };
                    let slot = &mut by_kind[kind as usize];
                    *slot = Some(slot.as_ref().map_or_else(|| member.clone(), |known| join_same(known, member)));
                }
                from_members(by_kind.into_iter().flatten())
            }
        }
    }

    /// The values both have.
    pub fn meet(&self, other: &Type) -> Type {
        match (self, other) {
            (Type::Never, _) | (_, Type::Never) => Type::Never,
            (Type::Any, ty) | (ty, Type::Any) => ty.clone(),
            _ => {
                let pairs = self.members().iter().filter_map(|a| {
                    let b = other.members().iter().find(|b| b.kind() == a.kind())?;
                    Some(meet_same(a, b))
                });
                from_members(pairs.filter(|ty| !ty.is_never()))
            }
        }
    }

    /// Whether `other` has every value of this type.
    pub fn is_subtype(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Never, _) | (_, Type::Any) => true,
            (Type::Any, _) => false,
            _ => self.members().iter().all(|a| {
                let b = other.members().iter().find(|b| b.kind() == a.kind());
                b.is_some_and(|b| within_same(a, b))
            }),
        }
    }

    /// A type above both from which repeated widening comes to rest: where `next` adds something, literals, lengths
    /// and newly listed fields are given up. For loops, after a few rounds of plain joins.
    pub fn widen(&self, next: &Type) -> Type {
        let joined = self.join(next);
        if joined == *self {
            joined
        } else {
            joined.coarse(self)
        }
    }

    fn coarse(&self, before: &Type) -> Type {
        match self {
            Type::Bool(_) => Type::BOOL,
            Type::Number(_) => Type::NUMBER,
            Type::String(_) => Type::STRING,
            Type::Array(array) => {
                let elem = before.narrow_to_kind(Kind::Array);
                let elem = if let Type::Array(known) = &elem { known.elem().clone() } else { Type::Never };
                Type::array(array.elem.coarse(&elem), array.min.min(1), None)
            }
            Type::Object(object) => match before.narrow_to_kind(Kind::Object) {
                Type::Object(known) => object.coarse(&known),
                _ => self.clone(),
            },
            Type::Union(union) => Type::union(union.members().iter().map(|member| member.coarse(before))),
            Type::Never | Type::Any | Type::Null => self.clone(),
        }
    }
}

fn from_members(members: impl Iterator<Item = Type>) -> Type {
    let mut members: Vec<Type> = members.collect();
    match members.len() {
        0 => Type::Never,
        1 => members.remove(0),
        2..=MAX_MEMBERS => Type::Union(Union(members.into())),
        _ => Type::Any,
    }
}

fn join_same(a: &Type, b: &Type) -> Type {
    match (a, b) {
        (Type::Bool(x), Type::Bool(y)) => Type::Bool(x.filter(|_| x == y)),
        (Type::Number(x), Type::Number(y)) => Type::Number(x.join(y)),
        (Type::String(x), Type::String(y)) => Type::String(x.join(y)),
        (Type::Array(x), Type::Array(y)) if !Arc::ptr_eq(x, y) => x.join(y),
        (Type::Object(x), Type::Object(y)) if !Arc::ptr_eq(x, y) => x.join(y),
        _ => a.clone(),
    }
}

fn meet_same(a: &Type, b: &Type) -> Type {
    match (a, b) {
        (Type::Bool(None), known) | (known, Type::Bool(None)) => known.clone(),
        (Type::Bool(x), Type::Bool(y)) if x != y => Type::Never,
        (Type::Number(x), Type::Number(y)) => x.meet(y).map_or(Type::Never, Type::Number),
        (Type::String(x), Type::String(y)) => x.meet(y).map_or(Type::Never, Type::String),
        (Type::Array(x), Type::Array(y)) if !Arc::ptr_eq(x, y) => x.meet(y),
        (Type::Object(x), Type::Object(y)) if !Arc::ptr_eq(x, y) => x.meet(y),
        _ => a.clone(),
    }
}

fn within_same(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Bool(x), Type::Bool(y)) => y.is_none() || x == y,
        (Type::Number(x), Type::Number(y)) => x.within(y),
        (Type::String(x), Type::String(y)) => x.within(y),
        (Type::Array(x), Type::Array(y)) => Arc::ptr_eq(x, y) || x.within(y),
        (Type::Object(x), Type::Object(y)) => Arc::ptr_eq(x, y) || x.within(y),
        _ => true,
    }
}

impl<T: Eq + Clone> Literals<T> {
    fn join(&self, other: &Self) -> Self {
        let (Some(a), Some(b)) = (self.known(), other.known()) else { return Self::ALL };
        let mut all = a.to_vec();
        all.extend(b.iter().filter(|value| !a.contains(value)).cloned());
        Self((all.len() <= MAX_LITERALS).then(|| all.into()))
    }

    fn meet(&self, other: &Self) -> Option<Self> {
        let (Some(a), Some(b)) = (self.known(), other.known()) else {
            return Some(if self.known().is_some() { self.clone() } else { other.clone() });
        };
        let both: Vec<T> = a.iter().filter(|value| b.contains(value)).cloned().collect();
        (!both.is_empty()).then(|| Self(Some(both.into())))
    }

    fn within(&self, other: &Self) -> bool {
        match (self.known(), other.known()) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => a.iter().all(|value| b.contains(value)),
        }
    }
}

impl ArrayType {
    fn join(&self, other: &Self) -> Type {
        let max = self.max.zip(other.max).map(|(a, b)| a.max(b));
        Type::array(self.elem.join(&other.elem), self.min.min(other.min), max)
    }

    fn meet(&self, other: &Self) -> Type {
        let max = self.max.into_iter().chain(other.max).min();
        Type::array(self.elem.meet(&other.elem), self.min.max(other.min), max)
    }

    fn within(&self, other: &Self) -> bool {
        self.min >= other.min
            && other.max.is_none_or(|max| self.max.is_some_and(|own| own <= max))
            && self.elem.is_subtype(&other.elem)
    }
}

impl ObjectType {
    fn join(&self, other: &Self) -> Type {
        let field = |(name, (a, of_a), (b, of_b)): (&Arc<str>, Known<'_>, Known<'_>)| {
            (Arc::clone(name), Field { ty: a.join(b), presence: of_a.join(of_b) })
        };
        Self::build(self.both(other).map(field).collect(), self.rest().join(other.rest()))
    }

    fn meet(&self, other: &Self) -> Type {
        let field = |(name, (a, of_a), (b, of_b)): (&Arc<str>, Known<'_>, Known<'_>)| {
            Some((Arc::clone(name), Field { ty: a.meet(b), presence: of_a.meet(of_b)? }))
        };
        match self.both(other).map(field).collect() {
            Some(fields) => Self::build(fields, self.rest().meet(other.rest())),
            None => Type::Never,
        }
    }

    fn within(&self, other: &Self) -> bool {
        self.rest().is_subtype(other.rest())
            && self.both(other).all(|(_, (a, of_a), (b, of_b))| of_a.within(of_b) && a.is_subtype(b))
    }

    /// Fields that `before` did not list become part of the rest, so that fields only ever get fewer.
    fn coarse(&self, before: &ObjectType) -> Type {
        let mut rest = self.rest().clone();
        let mut fields = Vec::new();
        for (name, field) in self.fields() {
            match before.listed(name) {
                Some(known) => {
                    let ty = if known.ty == field.ty { field.ty.clone() } else { field.ty.coarse(&known.ty) };
                    fields.push((Arc::clone(name), Field { ty, presence: field.presence }));
                }
                None => rest = rest.join(&field.ty.coarse(&Type::Never)),
            }
        }
        Self::build(fields, rest)
    }
}
