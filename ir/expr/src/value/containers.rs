//! Arrays and objects: the shared nodes of a value.

use std::collections::HashMap;
use std::mem;
use std::ops::Deref;
use std::sync::Arc;

use super::{write::quoted_len, Value};

/// Above this many members an object looks names up in an index instead of in order.
const INDEX_FROM: usize = 16;

/// The items of an array.
#[derive(Clone, Default)]
pub struct Array {
    items: Vec<Value>,
    /// Sum of the items' compact lengths; saturates, because shared parts count each time.
    content: usize,
}

impl Array {
    /// Adds an item at the end.
    pub fn push(&mut self, item: Value) {
        self.content = self.content.saturating_add(item.json_len());
        self.items.push(item);
    }

    /// Puts `item` in place of the one at `index` and returns that one; `None` if there is none.
    pub fn replace(&mut self, index: usize, item: Value) -> Option<Value> {
        let place = self.items.get_mut(index)?;
        self.content = self.content.saturating_add(item.json_len());
        let old = mem::replace(place, item);
        self.content = self.content.saturating_sub(old.json_len());
        Some(old)
    }

    pub(super) fn json_len(&self) -> usize {
        self.content.saturating_add(2 + self.items.len().saturating_sub(1))
    }
}

impl Deref for Array {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl From<Vec<Value>> for Array {
    fn from(items: Vec<Value>) -> Self {
        let content = items.iter().map(Value::json_len).fold(0, usize::saturating_add);
        Self { items, content }
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        if self.items.iter().any(Value::is_container) {
            drop_all(mem::take(&mut self.items));
        }
    }
}

/// The members of an object, in order; names are unique.
#[derive(Clone, Default)]
pub struct Object {
    members: Vec<(Arc<str>, Value)>,
    /// Name to position, kept once there are more than [`INDEX_FROM`] members. Its order is never observed.
    index: Option<HashMap<Arc<str>, usize>>,
    /// Sum of the compact lengths of names and values; saturates.
    content: usize,
}

impl Object {
    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The value of the member called `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.position(name).map(|at| &self.members[at].1)
    }

    /// Whether there is a member called `name`.
    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// The members in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> + Clone {
        self.members.iter().map(|(name, value)| (&**name, value))
    }

    /// The members in order, names shareable.
    pub fn entries(&self) -> &[(Arc<str>, Value)] {
        &self.members
    }

    /// The names in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.members.iter().map(|(name, _)| &**name)
    }

    /// The values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> + Clone {
        self.members.iter().map(|(_, value)| value)
    }

    /// Sets a member and returns its former value; a new one goes to the end.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: Value) -> Option<Value> {
        let name = name.into();
        self.content = self.content.saturating_add(value.json_len());
        if let Some(at) = self.position(&name) {
            let old = mem::replace(&mut self.members[at].1, value);
            self.content = self.content.saturating_sub(old.json_len());
            return Some(old);
        }
        self.content = self.content.saturating_add(quoted_len(&name));
        if let Some(index) = &mut self.index {
            index.insert(name.clone(), self.members.len());
        }
        self.members.push((name, value));
        if self.index.is_none() && self.members.len() > INDEX_FROM {
            self.reindex();
        }
        None
    }

    /// Takes a member out; the others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let (name, value) = self.members.remove(self.position(name)?);
        self.content = self.content.saturating_sub(quoted_len(&name) + value.json_len());
        if self.index.is_some() {
            self.reindex();
        }
        Some(value)
    }

    pub(super) fn json_len(&self) -> usize {
        let count = self.members.len();
        self.content.saturating_add(2 + count + count.saturating_sub(1))
    }

    fn position(&self, name: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(name).copied(),
            None => self.members.iter().position(|(known, _)| &**known == name),
        }
    }

    fn reindex(&mut self) {
        self.index = Some(self.members.iter().enumerate().map(|(at, (name, _))| (name.clone(), at)).collect());
    }
}

impl<K: Into<Arc<str>>> FromIterator<(K, Value)> for Object {
    /// Of two members with one name the later value counts, at the earlier place.
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(members: I) -> Self {
        let members = members.into_iter();
        let mut object = Object::default();
        // Most objects have fewer members than a list has room for that grows by itself.
        object.members.reserve_exact(members.size_hint().1.map_or(0, |most| most.min(INDEX_FROM)));
        for (name, value) in members {
            object.insert(name, value);
        }
        object
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        if self.values().any(Value::is_container) {
            drop_all(mem::take(&mut self.members).into_iter().map(|(_, value)| value).collect());
        }
    }
}

/// Drops `work` and everything only it owns. Each node is emptied before its own `drop` runs.
fn drop_all(mut work: Vec<Value>) {
    while let Some(value) = work.pop() {
        match value {
            Value::Array(node) => {
                if let Some(mut array) = Arc::into_inner(node) {
                    work.append(&mut array.items);
                }
            }
            Value::Object(node) => {
                if let Some(mut object) = Arc::into_inner(node) {
                    work.extend(mem::take(&mut object.members).into_iter().map(|(_, value)| value));
                }
            }
            _ => {}
        }
    }
}
