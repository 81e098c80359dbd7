//! Functions as values.

use std::rc::Rc;
use std::sync::Arc;

use super::code::{Code, Id};
use super::frame::Frame;
use super::functions::Native;
use super::item::Item;
use super::regex::Pattern;

/// A function.
pub(super) enum Function {
    /// `function(…){…}` with what it was defined in.
    Lambda(Closure),
    /// A call in tail position that is still to be made.
    Thunk(Closure),
    /// `|…|…|`
    Transform(Closure),
    /// One that exists without being defined.
    Native(&'static Native),
    /// A function given some of its arguments; `None` for those left open.
    Partial { target: Rc<Function>, arguments: Vec<Option<Item>> },
    /// `first ~> then`
    Composed { first: Rc<Function>, then: Rc<Function> },
    /// A function passed as an argument: it does not see the context of its caller.
    Wrapped(Rc<Function>),
    /// A regular expression.
    Regex(Arc<Pattern>),
    /// Finds the next match of a regular expression behind a byte of a text.
    Next { pattern: Arc<Pattern>, text: Arc<str>, from: usize },
}

/// A piece of code with its surroundings.
#[derive(Clone)]
pub(super) struct Closure {
    pub(super) code: Arc<Code>,
    pub(super) node: Id,
    pub(super) input: Item,
    pub(super) frame: Rc<Frame>,
}

impl Function {
    /// How many arguments it takes, as far as functions that call it care.
    pub(super) fn arity(&self) -> usize {
        match self {
            Function::Lambda(closure) => closure.code.lambda(closure.node).map_or(0, |it| it.parameters.len()),
            Function::Native(native) => native.arity,
            Function::Partial { arguments, .. } => arguments.iter().filter(|argument| argument.is_none()).count(),
            Function::Composed { .. } | Function::Transform(_) | Function::Thunk(_) => 1,
            Function::Wrapped(inner) => inner.arity(),
            Function::Regex(_) => 2,
            Function::Next { .. } => 0,
        }
    }

    /// What keeps it alive, taken apart.
    pub(super) fn into_parts(self) -> (Vec<Item>, Option<Rc<Frame>>) {
        match self {
            Function::Lambda(closure) | Function::Thunk(closure) | Function::Transform(closure) => {
                (vec![closure.input], Some(closure.frame))
            }
            Function::Partial { target, arguments } => {
                let mut items: Vec<Item> = arguments.into_iter().flatten().collect();
                items.push(Item::Function(target));
                (items, None)
            }
            Function::Composed { first, then } => (vec![Item::Function(first), Item::Function(then)], None),
            Function::Wrapped(inner) => (vec![Item::Function(inner)], None),
            _ => (Vec::new(), None),
        }
    }
}
