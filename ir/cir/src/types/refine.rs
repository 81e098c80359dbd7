//! Looking into types, and what a test or a write makes of them.

use wfc_expr::jsonpath::Step;

use super::{Field, Kind, Presence, Type, MAX_DEPTH};

impl Type {
    /// The values of one kind.
    pub fn narrow_to_kind(&self, kind: Kind) -> Type {
        match self {
            Type::Any => kind.all(),
            _ => self.members().iter().find(|member| member.kind() == Some(kind)).cloned().unwrap_or(Type::Never),
        }
    }

    /// The values of all other kinds.
    pub fn without_kind(&self, kind: Kind) -> Type {
        match self {
            Type::Any => Type::Any,
            _ => Type::union(self.members().iter().filter(|member| member.kind() != Some(kind)).cloned()),
        }
    }

    /// What is known of the field called `name`; what is no object has none.
    pub fn field(&self, name: &str) -> (Type, Presence) {
        let mut fields = self.members().iter().map(|member| match member {
            Type::Any => Field::may(Type::Any),
            Type::Object(object) => object.field(name),
            _ => Field::ABSENT,
        });
        let first = fields.next().unwrap_or(Field::ABSENT);
        let all = fields.fold(first, |a, b| Field { ty: a.ty.join(&b.ty), presence: a.presence.join(b.presence) });
        (all.ty, all.presence)
    }

    /// The type of the elements; Never if it is no array, or an empty one.
    pub fn element(&self) -> Type {
        match self.narrow_to_kind(Kind::Array) {
            Type::Array(array) => array.elem().clone(),
            _ => Type::Never,
        }
    }

    /// The same objects with what is known of one field replaced; what is no object goes.
    pub fn with_field(&self, name: &str, ty: Type, presence: Presence) -> Type {
        match self.narrow_to_kind(Kind::Object) {
            Type::Object(object) => object.with(name, Field { ty, presence }),
            _ => Type::Never,
        }
    }

    /// What a write of `value` at a reference path makes of it. Missing objects are made; where the path leads through
    /// anything else the write fails, so such values go.
    pub fn put(&self, path: &[Step<'_>], value: &Type) -> Type {
        self.put_nested(path, value, MAX_DEPTH)
    }

    fn put_nested(&self, path: &[Step<'_>], value: &Type, levels: u8) -> Type {
        let Some((step, inner)) = path.split_first() else { return value.clone() };
        if levels == 0 {
            return Type::Any;
        }
        match step {
            Step::Member(name) => {
                let Type::Object(object) = self.narrow_to_kind(Kind::Object) else { return Type::Never };
                let field = object.field(name);
                let made = match field.presence {
                    Presence::Must => Type::Never,
                    _ => Type::object::<&str>([], Type::Never).put_nested(inner, value, levels - 1),
                };
                object.with(name, Field::must(field.ty.put_nested(inner, value, levels - 1).join(&made)))
            }
            Step::Index(_) => {
                let Type::Array(array) = self.narrow_to_kind(Kind::Array) else { return Type::Never };
                let written = array.elem().put_nested(inner, value, levels - 1);
                Type::array(array.elem().join(&written), array.min().max(1), array.max())
            }
        }
    }

    /// What remains if the place at `path` is known to be as `change` says, which is given what was known of it. To say
    /// that a test excludes an absent place, `change` gives Must for it, with type Never.
    ///
    /// Paths through array indices, and long ones, teach nothing.
    pub fn refine(&self, path: &[Step<'_>], change: &dyn Fn(&Type, Presence) -> (Type, Presence)) -> Type {
        let all_members = path.iter().all(|step| matches!(step, Step::Member(_)));
        if all_members && path.len() <= usize::from(MAX_DEPTH) {
            self.refine_nested(path, change)
        } else {
            self.clone()
        }
    }

    fn refine_nested(&self, path: &[Step<'_>], change: &dyn Fn(&Type, Presence) -> (Type, Presence)) -> Type {
        let Some((Step::Member(name), inner)) = path.split_first() else { return change(self, Presence::Must).0 };
        let refined = |ty: &Type, presence| {
            if inner.is_empty() {
                change(ty, presence)
            } else {
                outer(ty.refine_nested(inner, change), presence, absent_fits(change))
            }
        };
        let member = |member: &Type| match member {
            Type::Any => match refined(&Type::Any, Presence::May) {
                (ty, Presence::Must) => Type::Any.with_field(name, ty, Presence::Must),
                _ => Type::Any,
            },
            Type::Object(object) => {
                let field = object.field(name);
                match refined(&field.ty, field.presence) {
                    (ty, presence) if presence == field.presence && ty == field.ty => member.clone(),
                    (ty, presence) => object.with(name, Field { ty, presence }),
                }
            }
            _ if absent_fits(change) => member.clone(),
            _ => Type::Never,
        };
        Type::union(self.members().iter().map(member))
    }
}

/// Whether the test can hold where the place does not exist.
fn absent_fits(change: &dyn Fn(&Type, Presence) -> (Type, Presence)) -> bool {
    change(&Type::Never, Presence::Absent).1 != Presence::Must
}

/// What is known of a field after something inside it was refined to `ty`.
fn outer(ty: Type, presence: Presence, absent_fits: bool) -> (Type, Presence) {
    (ty, if absent_fits { presence } else { Presence::Must })
}
