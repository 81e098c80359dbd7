//! Results made up from what a machine reads of them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use wfc_expr::value::Number;
use wfc_expr::Value;

use super::super::{envelope, executions, Work};
use crate::{Call, Desk, Mode, ToolFuture, Tools};

/// What a value that is read seems to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Guess {
    /// Nothing is known but that it is read.
    Any,
    /// A text.
    Text,
    /// A number.
    Number,
    /// A truth value.
    Flag,
    /// An instant, as text.
    Instant,
    /// An array.
    List,
    /// An object.
    Object,
    /// A number above this one.
    Above(f64),
    /// A number below this one.
    Below(f64),
    /// This very value.
    Is(Value),
}

/// A step of a path into a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The member of that name.
    Member(Arc<str>),
    /// The item at that place.
    Item(usize),
    /// Every item.
    Each,
}

/// Longer paths are cut: a result need not be deeper.
const MAX_PARTS: usize = 64;

/// Items further behind are not made up.
const MAX_ITEM: usize = 100;

/// What is read of the results of one state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expectation {
    root: Tree,
}

/// A made-up value that grows as more is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
enum Tree {
    #[default]
    Unknown,
    Leaf(Guess),
    Members(BTreeMap<Arc<str>, Tree>),
    Items(BTreeMap<usize, Tree>),
}

impl Expectation {
    /// Notes that something is read, and what it seems to be. What says more stays: a container before a leaf, a very
    /// value before a kind, the earlier of two such.
    pub fn read(&mut self, path: &[Part], guess: Guess) {
        let mut tree = &mut self.root;
        for part in path.iter().take(MAX_PARTS) {
            let next = match part {
                Part::Member(name) => tree.member(name),
                Part::Item(at) if *at > MAX_ITEM => None,
                Part::Item(at) => tree.item(*at),
                Part::Each => tree.item(0),
            };
            match next {
                Some(next) => tree = next,
                None => return,
            }
        }
        tree.note(guess);
    }

    /// As [`Expectation::read`], for a path such as `$.Payload.items[0].id` or `$.items[*].id`. Anything else (filters,
    /// slices, deep scans) is read up to there, and known to be a container. False if it is no path at all.
    pub fn read_path(&mut self, path: &str, guess: Guess) -> bool {
        let Some(rest) = path.strip_prefix('$') else { return false };
        let (parts, whole) = parts(rest);
        self.read(&parts, if whole { guess } else { Guess::Any });
        true
    }

    /// A value that has what is read, the same each time.
    pub fn result(&self) -> Value {
        match &self.root {
            Tree::Leaf(Guess::Any) => Value::empty_object(),
            root => root.value("value"),
        }
    }
}

impl Tree {
    fn member(&mut self, name: &Arc<str>) -> Option<&mut Tree> {
        if matches!(self, Tree::Unknown | Tree::Leaf(Guess::Any | Guess::Object)) {
            *self = Tree::Members(BTreeMap::new());
        }
        match self {
            Tree::Members(members) => Some(members.entry(Arc::clone(name)).or_default()),
            _ => None,
        }
    }

    fn item(&mut self, at: usize) -> Option<&mut Tree> {
        if matches!(self, Tree::Unknown | Tree::Leaf(Guess::Any | Guess::List)) {
            *self = Tree::Items(BTreeMap::new());
        }
        match self {
            Tree::Items(items) => Some(items.entry(at).or_default()),
            _ => None,
        }
    }

    fn note(&mut self, guess: Guess) {
        let known = match self {
            Tree::Unknown => 0,
            Tree::Leaf(guess) => guess.weight(),
            Tree::Members(_) | Tree::Items(_) => return,
        };
        if guess.weight() > known {
            *self = Tree::Leaf(guess);
        }
    }

    /// Recursion ends at [`MAX_PARTS`].
    fn value(&self, name: &str) -> Value {
        match self {
            Tree::Unknown => Value::empty_object(),
            Tree::Leaf(guess) => guess.value(name),
            Tree::Members(members) => members.iter().map(|(name, tree)| (&**name, tree.value(name))).collect(),
            Tree::Items(items) => {
                let last = items.keys().next_back().copied().unwrap_or(0);
                let item =
                    |at| items.get(&at).or_else(|| items.values().next()).map_or(Value::Null, |tree| tree.value(name));
                (0..=last).map(item).collect()
            }
        }
    }
}

impl Guess {
    fn weight(&self) -> u8 {
        match self {
            Guess::Any => 1,
            Guess::Text | Guess::Number | Guess::Flag | Guess::List | Guess::Object => 2,
            Guess::Instant | Guess::Above(_) | Guess::Below(_) => 3,
            Guess::Is(_) => 4,
        }
    }

    fn value(&self, name: &str) -> Value {
        let number = |number: f64| Number::from_f64_whole(number).map_or(Value::Null, Value::from);
        match self {
            Guess::Any | Guess::Text => name.into(),
            Guess::Number => 1.into(),
            Guess::Flag => true.into(),
            Guess::Instant => "2026-01-01T00:00:00Z".into(),
            Guess::List => Vec::new().into(),
            Guess::Object => Value::empty_object(),
            Guess::Above(bound) => number(bound.floor() + 1.0),
            Guess::Below(bound) => number(bound.ceil() - 1.0),
            Guess::Is(value) => value.clone(),
        }
    }
}

/// The parts of a path behind its `$`, and whether that was all of it.
fn parts(mut rest: &str) -> (Vec<Part>, bool) {
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let Some((part, behind)) = first_part(rest) else { return (parts, false) };
        parts.push(part);
        rest = behind;
    }
    (parts, true)
}

fn first_part(rest: &str) -> Option<(Part, &str)> {
    if let Some(rest) = rest.strip_prefix('.') {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        return match name {
            "" => None,
            "*" => Some((Part::Each, behind)),
            _ => Some((Part::Member(name.into()), behind)),
        };
    }
    let inside = rest.strip_prefix('[')?;
    for quote in ['\'', '"'] {
        if let Some(inside) = inside.strip_prefix(quote) {
            let (name, behind) = inside.split_once(quote)?;
            return Some((Part::Member(name.into()), behind.strip_prefix(']')?));
        }
    }
    let (inside, behind) = inside.split_once(']')?;
    let part = if inside == "*" { Part::Each } else { Part::Item(inside.parse().ok()?) };
    Some((part, behind))
}

/// Answers every task with a result that has what its state's machine reads of it.
#[derive(Clone, Debug, Default)]
pub struct AutoMock {
    by_state: BTreeMap<Arc<str>, Expectation>,
}

impl AutoMock {
    /// What is read of the results of states, by the states' names.
    pub fn new(by_state: BTreeMap<Arc<str>, Expectation>) -> Self {
        Self { by_state }
    }
}

impl Tools for AutoMock {
    fn call(&self, call: Call, desk: Desk) -> ToolFuture {
        let expected = self.expected(&call);
        let work = Work::new(call, PathBuf::new());
        let reply = match work.call.mode {
            Mode::Token => {
                desk.answer(Ok(expected));
                executions::submitted(&work)
            }
            Mode::Sync(_) => {
                desk.submitted(executions::submitted(&work));
                expected
            }
            Mode::Reply | Mode::Activity => shaped(&work, expected),
        };
        Box::pin(async move { Ok(reply) })
    }

    fn worker(&self, call: &Call, _: Desk) -> Option<(Option<Arc<str>>, ToolFuture)> {
        let expected = self.expected(call);
        Some((None, Box::pin(async move { Ok(expected) })))
    }
}

impl AutoMock {
    fn expected(&self, call: &Call) -> Value {
        self.by_state.get(&call.name).map_or_else(Value::empty_object, Expectation::result)
    }
}

/// The expected value in the service's shape; a function's is expected inside the payload.
fn shaped(work: &Work, expected: Value) -> Value {
    if !work.resource.is("lambda", "invoke") {
        return envelope::result(&work.resource, &work.call, expected);
    }
    let payload = expected.get("Payload").cloned().unwrap_or_else(Value::empty_object);
    envelope::result(&work.resource, &work.call, payload)
}
