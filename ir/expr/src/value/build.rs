//! Builds a value from a stream of events, so that its sources need no recursion.

use std::sync::Arc;

use super::{Array, Object, Value};

/// A container that is not complete yet.
enum Open {
    Array(Array),
    /// The name belongs to the member that comes next.
    Object(Object, Arc<str>),
}

/// Takes events in document order; the caller keeps them balanced.
#[derive(Default)]
pub(super) struct Builder {
    open: Vec<Open>,
    done: Option<Value>,
}

impl Builder {
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether the innermost open container is an object.
    pub(super) fn in_object(&self) -> bool {
        matches!(self.open.last(), Some(Open::Object(..)))
    }

    pub(super) fn begin_array(&mut self) {
        self.open.push(Open::Array(Array::default()));
    }

    pub(super) fn begin_object(&mut self) {
        self.open.push(Open::Object(Object::default(), Arc::default()));
    }

    pub(super) fn name(&mut self, name: Arc<str>) {
        if let Some(Open::Object(_, next)) = self.open.last_mut() {
            *next = name;
        }
    }

    pub(super) fn value(&mut self, value: Value) {
        match self.open.last_mut() {
            Some(Open::Array(array)) => array.push(value),
            Some(Open::Object(object, name)) => {
                object.insert(std::mem::take(name), value);
            }
            None => self.done = Some(value),
        }
    }

    pub(super) fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Array(array)) => self.value(array.into()),
            Some(Open::Object(object, _)) => self.value(object.into()),
            None => {}
        }
    }

    pub(super) fn finish(self) -> Value {
        self.done.unwrap_or_default()
    }
}
