//! Scopes of variables, and dropping of what hangs together through them.

use std::cell::RefCell;
use std::rc::Rc;

use super::code::Symbol;
use super::function::Function;
use super::item::{Item, Record};

/// A scope of variables.
pub(super) struct Frame {
    parent: Option<Rc<Frame>>,
    bindings: RefCell<Vec<(Symbol, Item)>>,
    /// The variables a tuple of a path binds, by name.
    tuple: Option<Rc<Record>>,
}

impl Frame {
    pub(super) fn root() -> Rc<Frame> {
        Rc::new(Frame { parent: None, bindings: RefCell::default(), tuple: None })
    }

    pub(super) fn with(parent: &Rc<Frame>, bindings: Vec<(Symbol, Item)>) -> Rc<Frame> {
        Rc::new(Frame { parent: Some(parent.clone()), bindings: RefCell::new(bindings), tuple: None })
    }

    pub(super) fn of_tuple(parent: &Rc<Frame>, tuple: &Item) -> Rc<Frame> {
        match tuple {
            Item::Record(record) => Rc::new(Frame {
                parent: Some(parent.clone()),
                bindings: RefCell::default(),
                tuple: Some(record.clone()),
            }),
            _ => parent.clone(),
        }
    }

    pub(super) fn bind(&self, symbol: Symbol, item: Item) {
        let mut bindings = self.bindings.borrow_mut();
        match bindings.iter_mut().find(|(known, _)| *known == symbol) {
            Some(found) => found.1 = item,
            None => bindings.push((symbol, item)),
        }
    }

    /// The variable in this scope or those around it.
    pub(super) fn lookup(&self, symbol: Symbol, name: &str) -> Option<Item> {
        let mut at = self;
        loop {
            if let Some((_, item)) = at.bindings.borrow().iter().find(|(known, _)| *known == symbol) {
                return Some(item.clone());
            }
            if let Some(item) = at.tuple.as_ref().and_then(|tuple| tuple.get(name)) {
                return Some(item.clone());
            }
            at = at.parent.as_deref()?;
        }
    }

    /// Forgets all variables. Functions hold their scope and scopes hold functions, hence somebody must let go.
    pub(super) fn clear(&self) {
        let items = self.bindings.take().into_iter().map(|(_, item)| item).collect();
        drop_items(items);
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        let mut work = Work::default();
        work.frame(self);
        work.run();
    }
}

/// Drops values that nest to any depth without recursion.
pub(super) fn drop_items(items: Vec<Item>) {
    Work { items, frames: Vec::new() }.run();
}

/// What is still to be dropped.
#[derive(Default)]
struct Work {
    items: Vec<Item>,
    frames: Vec<Rc<Frame>>,
}

impl Work {
    fn run(mut self) {
        loop {
            if let Some(item) = self.items.pop() {
                self.item(item);
            } else if let Some(frame) = self.frames.pop() {
                if let Some(mut frame) = Rc::into_inner(frame) {
                    self.frame(&mut frame);
                }
            } else {
                return;
            }
        }
    }

    fn item(&mut self, item: Item) {
        match item {
            Item::List(list) => {
                if let Some(mut list) = Rc::into_inner(list) {
                    self.items.append(&mut list.items);
                }
            }
            Item::Record(record) => {
                if let Some(mut record) = Rc::into_inner(record) {
                    self.items.extend(record.take());
                }
            }
            Item::Function(function) => {
                if let Some(function) = Rc::into_inner(function) {
                    self.function(function);
                }
            }
            _ => {}
        }
    }

    fn function(&mut self, function: Function) {
        let parts = function.into_parts();
        self.items.extend(parts.0);
        self.frames.extend(parts.1);
    }

    /// Empties a frame that is about to be dropped.
    fn frame(&mut self, frame: &mut Frame) {
        self.items.extend(frame.bindings.take().into_iter().map(|(_, item)| item));
        self.items.extend(frame.tuple.take().map(Item::Record));
        self.frames.extend(frame.parent.take());
    }
}
