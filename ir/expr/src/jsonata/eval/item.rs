//! Values as an evaluation sees them: JSON as it came in, what was built, and functions.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::frame::drop_items;
use super::function::Function;
use super::order::is_index;
use crate::value::{Array, Object};
use crate::Value;

/// A value of an evaluation. Cloning copies at most a pointer.
#[derive(Clone, Default)]
pub(super) enum Item {
    /// Nothing there: the reference's `undefined`.
    #[default]
    Nothing,
    /// A number that was computed.
    Number(f64),
    /// A value from outside, or a string, a Boolean or `null`.
    Json(Value),
    /// An array that was built.
    List(Rc<List>),
    /// An object that was built.
    Record(Rc<Record>),
    /// A function.
    Function(Rc<Function>),
}

/// What distinguishes the reference's kinds of arrays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags {
    /// The result of a path or a function; an item alone in it stands for itself.
    pub(super) sequence: bool,
    /// Written as `[…]` where a path must not flatten it.
    pub(super) cons: bool,
    /// A sequence that stays an array even with one item.
    pub(super) keep_singleton: bool,
    /// Wraps an array that is the context as a whole.
    pub(super) outer_wrapper: bool,
    /// A sequence of tuples: records of the context, `@`, and what is bound beside it.
    pub(super) tuples: bool,
}

impl Flags {
    pub(super) const PLAIN: Flags =
        Flags { sequence: false, cons: false, keep_singleton: false, outer_wrapper: false, tuples: false };
    pub(super) const SEQUENCE: Flags = Flags { sequence: true, ..Flags::PLAIN };
    pub(super) const TUPLES: Flags = Flags { tuples: true, ..Flags::SEQUENCE };
}

/// What must be known of the inside of a built value.
#[derive(Clone, Copy, Default)]
pub(super) struct Shape {
    /// How many lists and records nest in it, itself included.
    pub(super) height: u32,
    /// Whether there are functions in it.
    pub(super) functions: bool,
}

impl Shape {
    fn over<'a>(items: impl Iterator<Item = &'a Item>) -> Shape {
        let mut shape = Shape { height: 1, functions: false };
        for item in items {
            let inner = item.shape();
            shape.height = shape.height.max(inner.height + 1);
            shape.functions |= inner.functions;
        }
        shape
    }
}

/// An array that was built.
pub(super) struct List {
    pub(super) items: Vec<Item>,
    pub(super) flags: Flags,
    shape: OnceCell<Shape>,
}

impl List {
    pub(super) fn new(items: Vec<Item>, flags: Flags) -> List {
        List { items, flags, shape: OnceCell::new() }
    }

    pub(super) fn shape(&self) -> Shape {
        *self.shape.get_or_init(|| Shape::over(self.items.iter()))
    }
}

impl Drop for List {
    fn drop(&mut self) {
        if self.items.iter().any(Item::is_deep) {
            drop_items(std::mem::take(&mut self.items));
        }
    }
}

/// Above this many members a record has an index.
const INDEX_FROM: usize = 12;

/// An object that was built: names are unique, and stand in the order in which JavaScript has them.
#[derive(Default)]
pub(super) struct Record {
    members: Vec<(Arc<str>, Item)>,
    /// Name to position. Its order is never observed.
    index: Option<HashMap<Arc<str>, usize>>,
    /// Whether a name is a whole number; those come first.
    numbered: bool,
    shape: OnceCell<Shape>,
}

impl Clone for Record {
    fn clone(&self) -> Self {
        let (members, index) = (self.members.clone(), self.index.clone());
        Record { members, index, numbered: self.numbered, shape: OnceCell::new() }
    }
}

impl Record {
    pub(super) fn with_capacity(members: usize) -> Record {
        Record { members: Vec::with_capacity(members), index: None, numbered: false, shape: OnceCell::new() }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Item> {
        self.position(name).map(|at| &self.members[at].1)
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    pub(super) fn members(&self) -> &[(Arc<str>, Item)] {
        &self.members
    }

    /// Sets a member; a new one goes to the end until [`Record::finish`] orders them.
    pub(super) fn insert(&mut self, name: Arc<str>, item: Item) {
        self.shape = OnceCell::new();
        if let Some(at) = self.position(&name) {
            self.members[at].1 = item;
            return;
        }
        self.numbered |= is_index(&name);
        if let Some(index) = &mut self.index {
            index.insert(name.clone(), self.members.len());
        }
        self.members.push((name, item));
        if self.index.is_none() && self.members.len() > INDEX_FROM {
            self.reindex();
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        let Some(at) = self.position(name) else { return };
        self.members.remove(at);
        self.shape = OnceCell::new();
        if self.index.is_some() {
            self.reindex();
        }
    }

    /// Puts the members in order once all are there.
    pub(super) fn finish(mut self) -> Item {
        if self.numbered {
            self.members.sort_by_cached_key(|(name, _)| match is_index(name) {
                true => name.parse::<u64>().unwrap_or(u64::MAX),
                false => u64::MAX,
            });
            if self.index.is_some() {
                self.reindex();
            }
        }
        Item::Record(Rc::new(self))
    }

    pub(super) fn shape(&self) -> Shape {
        *self.shape.get_or_init(|| Shape::over(self.members.iter().map(|(_, item)| item)))
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

    pub(super) fn take(&mut self) -> impl Iterator<Item = Item> {
        std::mem::take(&mut self.members).into_iter().map(|(_, item)| item)
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if self.members.iter().any(|(_, item)| item.is_deep()) {
            drop_items(self.take().collect());
        }
    }
}

/// The kinds of values that are told apart.
pub(super) enum View<'a> {
    Nothing,
    Null,
    Bool(bool),
    Number(f64),
    Text(&'a Arc<str>),
    Array(Items<'a>),
    Object(Members<'a>),
    Function(&'a Rc<Function>),
}

/// The items of an array, wherever it came from.
#[derive(Clone, Copy)]
pub(super) enum Items<'a> {
    Json(&'a Array),
    List(&'a List),
}

impl<'a> Items<'a> {
    pub(super) fn len(self) -> usize {
        match self {
            Items::Json(array) => array.len(),
            Items::List(list) => list.items.len(),
        }
    }

    pub(super) fn get(self, index: usize) -> Item {
        match self {
            Items::Json(array) => array.get(index).map_or(Item::Nothing, |value| Item::Json(value.clone())),
            Items::List(list) => list.items.get(index).cloned().unwrap_or_default(),
        }
    }

    pub(super) fn flags(self) -> Flags {
        match self {
            Items::Json(_) => Flags::PLAIN,
            Items::List(list) => list.flags,
        }
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Item> + 'a {
        (0..self.len()).map(move |index| self.get(index))
    }

    pub(super) fn to_vec(self) -> Vec<Item> {
        match self {
            Items::Json(array) => array.iter().map(|value| Item::Json(value.clone())).collect(),
            Items::List(list) => list.items.clone(),
        }
    }
}

/// The members of an object, wherever it came from.
#[derive(Clone, Copy)]
pub(super) enum Members<'a> {
    Json(&'a Object),
    Record(&'a Record),
}

impl<'a> Members<'a> {
    pub(super) fn len(self) -> usize {
        match self {
            Members::Json(object) => object.len(),
            Members::Record(record) => record.len(),
        }
    }

    pub(super) fn get(self, name: &str) -> Option<Item> {
        match self {
            Members::Json(object) => object.get(name).map(|value| Item::Json(value.clone())),
            Members::Record(record) => record.get(name).cloned(),
        }
    }

    /// The members in the order in which JavaScript has them.
    pub(super) fn ordered(self) -> Vec<(&'a Arc<str>, Item)> {
        match self {
            Members::Json(object) => {
                let entries = object.entries().iter();
                let mut members: Vec<_> = entries.map(|(name, value)| (name, Item::Json(value.clone()))).collect();
                if members.iter().any(|(name, _)| is_index(name)) {
                    members.sort_by_key(|(name, _)| match is_index(name) {
                        true => name.parse::<u64>().unwrap_or(u64::MAX),
                        false => u64::MAX,
                    });
                }
                members
            }
            Members::Record(record) => record.members.iter().map(|(name, item)| (name, item.clone())).collect(),
        }
    }
}

impl Item {
    pub(super) const NULL: Item = Item::Json(Value::Null);

    pub(super) fn text(text: impl Into<Arc<str>>) -> Item {
        Item::Json(Value::String(text.into()))
    }

    pub(super) fn bool(value: bool) -> Item {
        Item::Json(Value::Bool(value))
    }

    pub(super) fn list(items: Vec<Item>, flags: Flags) -> Item {
        Item::List(Rc::new(List::new(items, flags)))
    }

    pub(super) fn array(items: Vec<Item>) -> Item {
        Item::list(items, Flags::PLAIN)
    }

    pub(super) fn sequence(items: Vec<Item>) -> Item {
        Item::list(items, Flags::SEQUENCE)
    }

    pub(super) fn function(function: Function) -> Item {
        Item::Function(Rc::new(function))
    }

    pub(super) fn view(&self) -> View<'_> {
        match self {
            Item::Nothing => View::Nothing,
            Item::Number(number) => View::Number(*number),
            Item::Json(Value::Null) => View::Null,
            Item::Json(Value::Bool(value)) => View::Bool(*value),
            Item::Json(Value::Number(number)) => View::Number(number.as_f64()),
            Item::Json(Value::String(text)) => View::Text(text),
            Item::Json(Value::Array(array)) => View::Array(Items::Json(array)),
            Item::Json(Value::Object(object)) => View::Object(Members::Json(object)),
            Item::List(list) => View::Array(Items::List(list)),
            Item::Record(record) => View::Object(Members::Record(record)),
            Item::Function(function) => View::Function(function),
        }
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Item::Nothing)
    }

    pub(super) fn is_array(&self) -> bool {
        matches!(self, Item::List(_) | Item::Json(Value::Array(_)))
    }

    pub(super) fn as_items(&self) -> Option<Items<'_>> {
        match self {
            Item::List(list) => Some(Items::List(list)),
            Item::Json(Value::Array(array)) => Some(Items::Json(array)),
            _ => None,
        }
    }

    pub(super) fn as_members(&self) -> Option<Members<'_>> {
        match self {
            Item::Record(record) => Some(Members::Record(record)),
            Item::Json(Value::Object(object)) => Some(Members::Json(object)),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&Arc<str>> {
        match self {
            Item::Json(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The number it is, infinities and NaN included.
    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Item::Number(number) => Some(*number),
            Item::Json(Value::Number(number)) => Some(number.as_f64()),
            _ => None,
        }
    }

    pub(super) fn as_function(&self) -> Option<&Rc<Function>> {
        match self {
            Item::Function(function) => Some(function),
            _ => None,
        }
    }

    /// The flags of an array; plain for all else.
    pub(super) fn flags(&self) -> Flags {
        match self {
            Item::List(list) => list.flags,
            _ => Flags::PLAIN,
        }
    }

    /// The context as an expression sees it: an array that came in as a whole is unwrapped.
    pub(super) fn unwrapped(&self) -> Item {
        match self {
            Item::List(list) if list.flags.outer_wrapper => list.items.first().cloned().unwrap_or_default(),
            other => other.clone(),
        }
    }

    /// Its items if it is an array, itself otherwise.
    pub(super) fn into_vec(self) -> Vec<Item> {
        match self {
            Item::List(list) => match Rc::try_unwrap(list) {
                Ok(mut list) => std::mem::take(&mut list.items),
                Err(shared) => shared.items.clone(),
            },
            Item::Json(Value::Array(array)) => Items::Json(&array).to_vec(),
            other => vec![other],
        }
    }

    pub(super) fn shape(&self) -> Shape {
        match self {
            Item::List(list) => list.shape(),
            Item::Record(record) => record.shape(),
            Item::Function(_) => Shape { height: 0, functions: true },
            _ => Shape::default(),
        }
    }

    /// Whether dropping it may recurse.
    pub(super) fn is_deep(&self) -> bool {
        matches!(self, Item::List(_) | Item::Record(_) | Item::Function(_))
    }
}
