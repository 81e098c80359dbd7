//! Object types: fields that must, may or cannot be there, and a type for all others.

use std::sync::Arc;

use wfc_expr::value::Object;

use super::{Type, MAX_DEPTH, MAX_FIELDS};

/// Whether a field is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// In every value.
    Must,
    /// In some values.
    May,
    /// In none.
    Absent,
}

/// What is known of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its type where it is there.
    pub ty: Type,
    /// Whether it is there.
    pub presence: Presence,
}

impl Field {
    /// A field that is there.
    pub fn must(ty: Type) -> Self {
        Self { ty, presence: Presence::Must }
    }

    /// A field that may be there.
    pub fn may(ty: Type) -> Self {
        Self { ty, presence: Presence::May }
    }

    /// A field that is not there.
    pub const ABSENT: Self = Self { ty: Type::Never, presence: Presence::Absent };

    /// A field without possible values cannot be there; `None` if it must.
    fn canonical(self) -> Option<Self> {
        match (self.ty.is_never(), self.presence) {
            (true, Presence::Must) => None,
            (true, _) | (_, Presence::Absent) => Some(Self::ABSENT),
            _ => Some(self),
        }
    }
}

impl Presence {
    pub(super) fn join(self, other: Presence) -> Presence {
        if self == other {
            self
        } else {
            Presence::May
        }
    }

    /// What both say; `None` if they contradict each other.
    pub(super) fn meet(self, other: Presence) -> Option<Presence> {
        match (self, other) {
            (Presence::May, known) | (known, Presence::May) => Some(known),
            (a, b) => (a == b).then_some(a),
        }
    }

    pub(super) fn within(self, other: Presence) -> bool {
        other == Presence::May || self == other
    }
}

/// Objects with some fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectType {
    /// Sorted by name; none equals what `rest` says of unlisted names.
    fields: Vec<(Arc<str>, Field)>,
    rest: Type,
    depth: u8,
}

impl ObjectType {
    /// The fields that are listed, sorted by name.
    pub fn fields(&self) -> &[(Arc<str>, Field)] {
        &self.fields
    }

    /// The type of fields that are not listed, each of which may be there; Never: there are no others.
    pub fn rest(&self) -> &Type {
        &self.rest
    }

    /// What is known of the field called `name`.
    pub fn field(&self, name: &str) -> Field {
        self.listed(name).cloned().unwrap_or_else(|| unlisted(&self.rest))
    }

    pub(super) fn listed(&self, name: &str) -> Option<&Field> {
        let at = self.fields.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        Some(&self.fields[at].1)
    }

    pub(super) fn depth(&self) -> u8 {
        self.depth
    }

    pub(super) fn with(&self, name: &str, field: Field) -> Type {
        let mut fields = self.fields.clone();
        fields.retain(|(known, _)| **known != *name);
        fields.push((name.into(), field));
        Self::build(fields, self.rest.clone())
    }

    pub(super) fn cut(&self, levels: u8) -> Type {
        let field = |(name, field): &(Arc<str>, Field)| {
            (Arc::clone(name), Field { ty: field.ty.clone().cut(levels), presence: field.presence })
        };
        Self::build(self.fields.iter().map(field).collect(), self.rest.clone().cut(levels))
    }

    pub(super) fn admits(&self, members: &Object) -> bool {
        let listed = |(name, field): &(Arc<str>, Field)| match members.get(name) {
            Some(value) => field.ty.admits(value),
            None => field.presence != Presence::Must,
        };
        self.fields.iter().all(listed)
            && (self.rest.is_any()
                || members.iter().all(|(name, value)| self.listed(name).is_some() || self.rest.admits(value)))
    }

    /// The canonical type. Of two fields with one name the later counts; fields over the limit go into `rest`.
    pub(super) fn build(fields: Vec<(Arc<str>, Field)>, rest: Type) -> Type {
        let mut fields = last_of_each(fields);
        let mut rest = rest.cut(MAX_DEPTH - 1);
        for (_, field) in &mut fields {
            let ty = std::mem::replace(&mut field.ty, Type::Never).cut(MAX_DEPTH - 1);
            match (Field { ty, presence: field.presence }).canonical() {
                Some(canonical) => *field = canonical,
                None => return Type::Never,
            }
        }
        fields.retain(|(_, field)| *field != unlisted(&rest));
        for (_, field) in fields.drain(fields.len().min(MAX_FIELDS)..) {
            rest = rest.join(&field.ty);
        }
        fields.retain(|(_, field)| *field != unlisted(&rest));
        let deepest = fields.iter().map(|(_, field)| field.ty.depth()).max().unwrap_or(0).max(rest.depth());
        Type::Object(Arc::new(Self { fields, rest, depth: deepest + 1 }))
    }

    /// Every name either of the two lists, once, in order.
    pub(super) fn names<'t>(&'t self, other: &'t Self) -> Vec<&'t Arc<str>> {
        let mut names: Vec<_> = self.fields.iter().chain(&other.fields).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

fn last_of_each(mut fields: Vec<(Arc<str>, Field)>) -> Vec<(Arc<str>, Field)> {
    fields.reverse();
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    fields.dedup_by(|(later, _), (kept, _)| later == kept);
    fields
}

fn unlisted(rest: &Type) -> Field {
    if rest.is_never() {
        Field::ABSENT
    } else {
        Field::may(rest.clone())
    }
}
