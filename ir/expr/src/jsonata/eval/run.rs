//! Evaluation of nodes. Chains along the left sides are walked in loops; other nesting counts as depth.

use std::rc::{Rc, Weak};
use std::sync::Arc;

use super::code::{Code, Id, Kind, Node, Symbol};
use super::error::{Eval, Fault};
use super::frame::Frame;
use super::function::{Closure, Function};
use super::functions;
use super::item::{Flags, Item, View};
use super::limits::Meter;
use super::{Names, World};
use crate::jsonata::ast::BinaryOp;
use crate::jsonata::builtins::Profile;

/// One evaluation.
pub(super) struct Machine<'w> {
    pub(super) meter: Meter,
    pub(super) profile: Profile,
    pub(super) world: &'w mut World,
    names: &'w dyn Names,
    /// What `$$` is.
    root: Item,
    /// Nodes whose left sides are being evaluated.
    spine: Vec<Id>,
    /// Scopes that may hold functions that hold them.
    scopes: Vec<Weak<Frame>>,
    /// How many scopes there may be before dead ones are removed.
    scopes_kept: usize,
    /// The names of all symbols so far.
    pub(super) symbols: Vec<Arc<str>>,
    /// The name of the context in a tuple.
    pub(super) at: Arc<str>,
}

/// Where a node is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) code: &'a Arc<Code>,
    pub(super) frame: &'a Rc<Frame>,
}

impl<'a> Place<'a> {
    pub(super) fn in_frame(self, frame: &'a Rc<Frame>) -> Place<'a> {
        Place { frame, ..self }
    }
}

impl<'w> Machine<'w> {
    pub(super) fn new(
        root: Item,
        profile: Profile,
        names: &'w dyn Names,
        world: &'w mut World,
        meter: Meter,
        code: &Code,
    ) -> Self {
        Machine {
            meter,
            profile,
            world,
            names,
            root,
            spine: Vec::new(),
            scopes: Vec::new(),
            scopes_kept: 64,
            symbols: code.names.clone(),
            at: "@".into(),
        }
    }

    /// Evaluates a node with `input` as the context.
    pub(super) fn eval(&mut self, id: Id, input: &Item, place: Place<'_>) -> Eval<Item> {
        self.meter.enter()?;
        let mark = self.spine.len();
        let mut at = id;
        while let Some(first) = place.code.node(at).kind.first() {
            if place.code.node(at).tail {
                break;
            }
            self.spine.push(at);
            at = first;
        }
        self.meter.work(self.spine.len() - mark)?;
        let mut result = self.leaf(at, input, place)?;
        while self.spine.len() > mark {
            let Some(form) = self.spine.pop() else { break };
            result = self.form(form, result, input, place)?;
        }
        self.meter.leave();
        Ok(result)
    }

    /// Evaluates a node that does not begin with another. Its frame is on the stack at every level of nesting,
    /// hence it holds as little as possible.
    fn leaf(&mut self, id: Id, input: &Item, place: Place<'_>) -> Eval<Item> {
        let node = place.code.node(id);
        if node.tail {
            return Ok(self.closure(Function::Thunk, id, input, place));
        }
        let result = match &node.kind {
            Kind::Path { .. } => self.path(id, input, place),
            Kind::Block { items, scope } => self.block(items, *scope, input, place),
            Kind::Array(_) | Kind::Object(_) | Kind::Range { .. } => self.constructor(node, input, place),
            Kind::Bind { symbol, value } => self.bind(*symbol, *value, input, place),
            Kind::Lambda(_) => Ok(self.closure(Function::Lambda, id, input, place)),
            Kind::Transform { .. } => Ok(self.closure(Function::Transform, id, input, place)),
            Kind::Name(name) => self.lookup(input, name),
            Kind::Partial { procedure, arguments } => self.partial(node, *procedure, arguments, input, place),
            Kind::Negate(operand) => self.negation(node, *operand, input, place),
            _ => self.atom(node, input, place),
        };
        self.finish(node, result?, place)
    }

    /// Evaluates a node without parts.
    fn atom(&mut self, node: &Node, input: &Item, place: Place<'_>) -> Eval<Item> {
        match &node.kind {
            Kind::Literal(value) => Ok(Item::Json(value.clone())),
            Kind::Number(number) => Ok(Item::Number(*number)),
            Kind::Context => Ok(input.unwrapped()),
            Kind::Variable(symbol) => Ok(self.variable(*symbol, place).unwrap_or_default()),
            Kind::Parent(symbol) => Ok(place.frame.lookup(*symbol, place.code.name(*symbol)).unwrap_or_default()),
            Kind::Wildcard => self.wildcard(input),
            Kind::Descendant => self.descendants(input),
            Kind::Regex(Ok(pattern)) => Ok(Item::function(Function::Regex(pattern.clone()))),
            Kind::Regex(Err(message)) => {
                Err(Fault::with_message("SyntaxError", message.as_str()).range(node.range).boxed())
            }
            _ => Ok(Item::Nothing),
        }
    }

    fn negation(&mut self, node: &Node, operand: Id, input: &Item, place: Place<'_>) -> Eval<Item> {
        let operand = self.eval(operand, input, place)?;
        self.negate(operand).map_err(|fault| fault.operator("-").at(node.range))
    }

    /// Evaluates the form `id` whose first part has the value `first`.
    fn form(&mut self, id: Id, first: Item, input: &Item, place: Place<'_>) -> Eval<Item> {
        let node = place.code.node(id);
        let result = match &node.kind {
            Kind::Binary { op: BinaryOp::Apply, right, .. } => self.apply_operator(node, first, *right, input, place),
            Kind::Binary { op, right, .. } => self.binary(node, *op, first, *right, input, place),
            Kind::Condition { then, otherwise, .. } => match functions::is_true(&first, &mut self.meter)? {
                true => self.eval(*then, input, place),
                false => self.eval_or_nothing(*otherwise, input, place),
            },
            Kind::Call { procedure, arguments } => self.call(node, *procedure, arguments, first, None, input, place),
            _ => Ok(first),
        };
        self.finish(node, result?, place)
    }

    fn eval_or_nothing(&mut self, id: Option<Id>, input: &Item, place: Place<'_>) -> Eval<Item> {
        match id {
            Some(id) => self.eval(id, input, place),
            None => Ok(Item::Nothing),
        }
    }

    fn closure(&self, kind: fn(Closure) -> Function, id: Id, input: &Item, place: Place<'_>) -> Item {
        let closure = Closure { code: place.code.clone(), node: id, input: input.clone(), frame: place.frame.clone() };
        Item::function(kind(closure))
    }

    /// What follows every evaluation: predicates, grouping, and a sequence of one stands for its item.
    fn finish(&mut self, node: &Node, mut result: Item, place: Place<'_>) -> Eval<Item> {
        if !node.predicates.is_empty() || node.group.is_some() {
            result = self.refine(node, result, place)?;
        }
        if matches!(result, Item::List(_) | Item::Record(_)) {
            self.meter.check_height(&result)?;
            result = collapse(result, node.keep_array);
        }
        Ok(result)
    }

    fn refine(&mut self, node: &Node, mut result: Item, place: Place<'_>) -> Eval<Item> {
        for &predicate in &node.predicates {
            result = self.filter(predicate, result, place)?;
        }
        match &node.group {
            Some(pairs) if !matches!(node.kind, Kind::Path { .. }) => self.group(pairs, node.range, result, place),
            _ => Ok(result),
        }
    }

    fn block(&mut self, items: &[Id], scope: bool, input: &Item, place: Place<'_>) -> Eval<Item> {
        if !scope {
            return self.items(items, input, place);
        }
        self.meter.build(size_of::<Frame>())?;
        let frame = Frame::with(place.frame, Vec::new());
        self.items(items, input, place.in_frame(&frame))
    }

    fn items(&mut self, items: &[Id], input: &Item, place: Place<'_>) -> Eval<Item> {
        let mut result = Item::Nothing;
        for &item in items {
            result = self.eval(item, input, place)?;
        }
        Ok(result)
    }

    fn bind(&mut self, symbol: Symbol, value: Id, input: &Item, place: Place<'_>) -> Eval<Item> {
        let item = self.eval(value, input, place)?;
        if item.shape().functions {
            self.remember(place.frame);
        }
        place.frame.bind(symbol, item.clone());
        Ok(item)
    }

    /// Notes a scope that may end up holding itself.
    fn remember(&mut self, frame: &Rc<Frame>) {
        if self.scopes.last().is_some_and(|last| last.as_ptr() == Rc::as_ptr(frame)) {
            return;
        }
        if self.scopes.len() >= self.scopes_kept {
            self.scopes.retain(|scope| scope.strong_count() > 0);
            self.scopes_kept = self.scopes.len() * 2 + 64;
        }
        self.scopes.push(Rc::downgrade(frame));
    }

    /// Lets go of all scopes at the end.
    pub(super) fn close(&mut self) {
        for scope in std::mem::take(&mut self.scopes) {
            if let Some(frame) = scope.upgrade() {
                frame.clear();
            }
        }
    }

    /// The value of a variable, wherever it is bound.
    pub(super) fn variable(&self, symbol: Symbol, place: Place<'_>) -> Option<Item> {
        let name = place.code.name(symbol);
        place.frame.lookup(symbol, name).or_else(|| self.outer_variable(name))
    }

    /// The value of a variable that no scope binds.
    pub(super) fn outer_variable(&self, name: &str) -> Option<Item> {
        if name == "$" {
            return Some(self.root.clone());
        }
        if let Some(value) = self.names.value(name) {
            return Some(Item::Json(value));
        }
        functions::native(self.profile, name)
    }

    /// A name looked up as a variable.
    pub(super) fn named(&self, name: &str, place: Place<'_>) -> Option<Item> {
        let symbol = place.code.names.iter().position(|known| &**known == name);
        let bound = symbol.and_then(|at| place.frame.lookup(Symbol(at as u32), name));
        bound.or_else(|| self.outer_variable(name))
    }

    /// The field `name`, of every item if it is an array.
    pub(super) fn lookup(&mut self, input: &Item, name: &str) -> Eval<Item> {
        match input.view() {
            View::Object(members) => Ok(members.get(name).unwrap_or_default()),
            View::Array(items) => {
                let mut found = Vec::new();
                for item in items.iter() {
                    self.meter.work(1)?;
                    match self.lookup(&item, name)? {
                        Item::Nothing => {}
                        nested if nested.is_array() => {
                            self.meter.items(nested.as_items().map_or(0, |items| items.len()))?;
                            found.extend(nested.into_vec());
                        }
                        single => {
                            self.meter.build(size_of::<Item>())?;
                            found.push(single);
                        }
                    }
                }
                Ok(Item::sequence(found))
            }
            _ => Ok(Item::Nothing),
        }
    }

    /// `*`
    fn wildcard(&mut self, input: &Item) -> Eval<Item> {
        let input = input.unwrapped();
        let values: Vec<Item> = match input.view() {
            View::Array(items) => items.to_vec(),
            View::Object(members) => members.ordered().into_iter().map(|(_, item)| item).collect(),
            _ => Vec::new(),
        };
        let mut found = Vec::with_capacity(values.len());
        let mut flags = Flags::SEQUENCE;
        for value in values {
            match value.is_array() {
                true => {
                    // Appending makes another array, which is no sequence.
                    flags = Flags::PLAIN;
                    self.flatten(&value, &mut found)?;
                }
                false => found.push(value),
            }
        }
        self.meter.items(found.len())?;
        Ok(Item::list(found, flags))
    }

    /// Adds what is in the arrays of `item`, at any depth.
    fn flatten(&mut self, item: &Item, found: &mut Vec<Item>) -> Eval<()> {
        let Some(items) = item.as_items() else {
            found.push(item.clone());
            return Ok(());
        };
        self.meter.items(items.len())?;
        items.iter().try_for_each(|item| self.flatten(&item, found))
    }

    /// `**`
    fn descendants(&mut self, input: &Item) -> Eval<Item> {
        if input.is_nothing() {
            return Ok(Item::Nothing);
        }
        let mut found = Vec::new();
        self.descend(input, &mut found)?;
        Ok(match found.len() {
            1 => found.swap_remove(0),
            _ => Item::sequence(found),
        })
    }

    fn descend(&mut self, item: &Item, found: &mut Vec<Item>) -> Eval<()> {
        self.meter.items(1)?;
        match item.view() {
            View::Array(items) => items.iter().try_for_each(|item| self.descend(&item, found)),
            View::Object(members) => {
                found.push(item.clone());
                members.ordered().iter().try_for_each(|(_, item)| self.descend(item, found))
            }
            _ => {
                found.push(item.clone());
                Ok(())
            }
        }
    }

    /// `[…]`, `a..b` or `{…}`
    fn constructor(&mut self, node: &Node, input: &Item, place: Place<'_>) -> Eval<Item> {
        match &node.kind {
            Kind::Array(items) => self.array(items, node.cons, input, place),
            Kind::Range { from, to } => {
                let from = self.eval(*from, input, place)?;
                let to = self.eval(*to, input, place)?;
                self.range(from, to).map_err(|fault| fault.operator("..").at(node.range))
            }
            Kind::Object(pairs) => self.group(pairs, node.range, input.clone(), place),
            _ => Ok(Item::Nothing),
        }
    }

    fn array(&mut self, items: &[Id], cons: bool, input: &Item, place: Place<'_>) -> Eval<Item> {
        let mut built: Vec<Item> = Vec::with_capacity(items.len());
        for &item in items {
            let nested = matches!(place.code.node(item).kind, Kind::Array(_));
            match self.eval(item, input, place)? {
                Item::Nothing => {}
                value if !nested && value.is_array() => {
                    self.meter.items(value.as_items().map_or(0, |items| items.len()))?;
                    let more = value.into_vec();
                    match built.is_empty() {
                        true => built = more,
                        false => built.extend(more),
                    }
                }
                value => built.push(value),
            }
        }
        self.meter.items(items.len())?;
        Ok(Item::list(built, Flags { cons, ..Flags::PLAIN }))
    }
}

/// What a sequence stands for: nothing, its only item, or itself.
fn collapse(result: Item, keep_array: bool) -> Item {
    let flags = result.flags();
    if !flags.sequence || flags.tuples {
        return result;
    }
    let Item::List(list) = &result else { return result };
    match list.items.as_slice() {
        [] => Item::Nothing,
        [_] if flags.keep_singleton => result,
        [single] if keep_array => Item::list(vec![single.clone()], Flags { keep_singleton: true, ..flags }),
        [single] => single.clone(),
        _ => result,
    }
}
