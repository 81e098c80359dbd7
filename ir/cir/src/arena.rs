//! Typed handles into growing arrays.
//!
//! A slot is never used twice: removing leaves a hole. A handle therefore finds its own thing or nothing, which is
//! what generation counters would buy, without their bytes. Handles print as the text form prints them.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// A handle to a `T` of one module.
pub struct Id<T> {
    index: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The handle with that number.
    pub fn from_index(index: usize) -> Self {
        Self { index: index as u32, of: PhantomData }
    }

    /// Its number.
    pub fn index(self) -> usize {
        self.index as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// A growing array with holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Arena<T> {
    slots: Vec<Option<T>>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { slots: Vec::new() }
    }
}

impl<T> FromIterator<T> for Arena<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self { slots: items.into_iter().map(Some).collect() }
    }
}

impl<T> Arena<T> {
    /// Makes room for so many more things.
    pub fn reserve(&mut self, more: usize) {
        self.slots.reserve_exact(more);
    }

    /// Adds a thing.
    pub fn push(&mut self, item: T) -> Id<T> {
        self.slots.push(Some(item));
        Id::from_index(self.slots.len() - 1)
    }

    /// Takes a thing out, leaving a hole.
    pub fn remove(&mut self, id: Id<T>) -> Option<T> {
        self.slots.get_mut(id.index()).and_then(Option::take)
    }

    /// Takes back the last [`Arena::push`]; for undo only.
    pub(crate) fn unpush(&mut self, id: Id<T>) {
        debug_assert_eq!(id.index() + 1, self.slots.len(), "edits are undone in reverse order");
        self.slots.truncate(id.index());
    }

    /// Puts a thing back where it was; for undo only.
    pub(crate) fn restore(&mut self, id: Id<T>, item: T) {
        if let Some(slot) = self.slots.get_mut(id.index()) {
            *slot = Some(item);
        }
    }

    /// The thing, unless it was removed.
    pub fn get(&self, id: Id<T>) -> Option<&T> {
        self.slots.get(id.index()).and_then(Option::as_ref)
    }

    /// The thing, unless it was removed.
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        self.slots.get_mut(id.index()).and_then(Option::as_mut)
    }

    /// Whether the thing is still there.
    pub fn contains(&self, id: Id<T>) -> bool {
        self.get(id).is_some()
    }

    /// All things with their handles, in the order they were added.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Id<T>, &T)> {
        self.slots.iter().enumerate().filter_map(|(index, slot)| Some((Id::from_index(index), slot.as_ref()?)))
    }

    /// All things with their handles, in the order they were added.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Id<T>, &mut T)> {
        self.slots.iter_mut().enumerate().filter_map(|(index, slot)| Some((Id::from_index(index), slot.as_mut()?)))
    }

    /// How many slots there are, holes included: one more than the largest handle.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// How many things there are.
    pub fn count(&self) -> usize {
        self.slots.iter().flatten().count()
    }
}

impl<T> std::ops::Index<Id<T>> for Arena<T> {
    type Output = T;

    /// The thing; a handle of a removed thing is a bug of the caller.
    fn index(&self, id: Id<T>) -> &T {
        self.get(id).unwrap_or_else(|| panic!("{id:?} was removed or belongs to another module"))
    }
}

impl<T> std::ops::IndexMut<Id<T>> for Arena<T> {
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        self.get_mut(id).unwrap_or_else(|| panic!("{id:?} was removed or belongs to another module"))
    }
}
