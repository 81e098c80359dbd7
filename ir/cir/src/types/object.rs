//! Object types: fields that must, may or cannot be there, and a type for all others.

use std::cmp::Ordering;
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
        let ty = field.ty.cut(MAX_DEPTH - 1);
        let Some(field) = (Field { ty, presence: field.presence }).canonical() else { return Type::Never };
        let mut fields = Vec::with_capacity(self.fields.len() + 1);
        fields.extend_from_slice(&self.fields);
        let is_listed = field != unlisted(&self.rest);
        match fields.binary_search_by(|(known, _)| (**known).cmp(name)) {
            Ok(at) if is_listed => fields[at].1 = field,
            Ok(at) => drop(fields.remove(at)),
            Err(at) if is_listed => fields.insert(at, (name.into(), field)),
            Err(_) => {}
        }
        if fields.len() > MAX_FIELDS {
            return Self::build(fields, self.rest.clone());
        }
        Self::of_canonical(fields, self.rest.clone())
    }

    /// The type of fields that need no more than to be put together.
    fn of_canonical(fields: Vec<(Arc<str>, Field)>, rest: Type) -> Type {
        let deepest = fields.iter().map(|(_, field)| field.ty.depth()).max().unwrap_or(0).max(rest.depth());
        Type::Object(Arc::new(Self { fields, rest, depth: deepest + 1 }))
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
        let is_sorted = fields.is_sorted_by(|(a, _), (b, _)| a < b);
        let mut fields = if is_sorted { fields } else { last_of_each(fields) };
        let mut rest = rest.cut(MAX_DEPTH - 1);
        for (_, field) in &mut fields {
            let ty = std::mem::replace(&mut field.ty, Type::Never).cut(MAX_DEPTH - 1);
            match (Field { ty, presence: field.presence }).canonical() {
                Some(canonical) => *field = canonical,
                None => return Type::Never,
            }
        }
        drop_unlisted(&mut fields, &rest);
        if fields.len() > MAX_FIELDS {
            rest = fields.drain(MAX_FIELDS..).fold(rest, |rest, (_, field)| rest.join(&field.ty));
            drop_unlisted(&mut fields, &rest);
        }
        Self::of_canonical(fields, rest)
    }

    /// Every name either of the two lists, in order, with what each knows of that field.
    pub(super) fn both<'t>(&'t self, other: &'t Self) -> impl Iterator<Item = (&'t Arc<str>, Known<'t>, Known<'t>)> {
        let (mut ours, mut theirs) = (self.fields.iter().peekable(), other.fields.iter().peekable());
        std::iter::from_fn(move || {
            let order = match (ours.peek(), theirs.peek()) {
                (Some((a, _)), Some((b, _))) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, _) => Ordering::Greater,
            };
            let our = ours.next_if(|_| order.is_le());
            let their = theirs.next_if(|_| order.is_ge());
            let (name, _) = our.or(their)?;
            Some((name, self.known(our), other.known(their)))
        })
    }

    fn known<'t>(&'t self, listed: Option<&'t (Arc<str>, Field)>) -> Known<'t> {
        match listed {
            Some((_, field)) => (&field.ty, field.presence),
            None if self.rest.is_never() => (&Type::Never, Presence::Absent),
            None => (&self.rest, Presence::May),
        }
    }
}

/// What is known of one field, borrowed.
pub(super) type Known<'t> = (&'t Type, Presence);

fn last_of_each(mut fields: Vec<(Arc<str>, Field)>) -> Vec<(Arc<str>, Field)> {
    fields.reverse();
    fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    fields.dedup_by(|(later, _), (kept, _)| later == kept);
    fields
}

/// Drops the fields that `rest` describes already.
fn drop_unlisted(fields: &mut Vec<(Arc<str>, Field)>, rest: &Type) {
    let unlisted = unlisted(rest);
    fields.retain(|(_, field)| *field != unlisted);
}

fn unlisted(rest: &Type) -> Field {
    if rest.is_never() {
        Field::ABSENT
    } else {
        Field::may(rest.clone())
    }
}
