//! Application of functions: calls, tail calls, partial application, composition.

use std::rc::Rc;
use std::sync::LazyLock;

use super::code::{Id, Kind, Lambda, Node};
use super::error::{Eval, Fault};
use super::frame::Frame;
use super::function::{Closure, Function};
use super::functions::{self, Args, Native};
use super::item::Item;
use super::run::{Machine, Place};
use super::signature::Signature;

/// What a transformer takes.
static TRANSFORMER: LazyLock<Signature> = LazyLock::new(|| Signature::parse("(oa):o"));

impl Machine<'_> {
    /// `procedure(argument, …)`; `piped` is an argument before the others.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn call(
        &mut self,
        node: &Node,
        procedure: Id,
        arguments: &[Id],
        function: Item,
        piped: Option<Item>,
        input: &Item,
        place: Place<'_>,
    ) -> Eval<Item> {
        if function.is_nothing() {
            self.suggest_variable("T1005", node, procedure, place)?;
        }
        let mut values = Vec::with_capacity(arguments.len() + 1);
        values.extend(piped);
        for &argument in arguments {
            values.push(wrap(self.eval(argument, input, place)?));
        }
        let result = self.apply(&function, values, input, place);
        result.map_err(|fault| fault.at(node.range).calling(|| name_of(procedure, place)))
    }

    /// Refuses the call of a field that has the name of a variable.
    fn suggest_variable(&self, code: &'static str, node: &Node, procedure: Id, place: Place<'_>) -> Eval<()> {
        if !matches!(place.code.node(procedure).kind, Kind::Path { .. }) {
            return Ok(());
        }
        let Some(name) = name_of(procedure, place) else { return Ok(()) };
        match self.named(&name, place) {
            Some(found) if functions::is_truthy(&found) => Err(Fault::new(code).token(name).range(node.range).boxed()),
            _ => Ok(()),
        }
    }

    /// `left ~> right`
    pub(super) fn apply_operator(
        &mut self,
        node: &Node,
        left: Item,
        right: Id,
        input: &Item,
        place: Place<'_>,
    ) -> Eval<Item> {
        let target = place.code.node(right);
        if let Kind::Call { procedure, arguments } = &target.kind {
            let function = self.eval(*procedure, input, place)?;
            return self.call(target, *procedure, arguments, function, Some(left), input, place);
        }
        let function = self.eval(right, input, place)?;
        self.pipe(node, left, function, place)
    }

    /// Gives the value `left` to a function, or composes two functions.
    fn pipe(&mut self, node: &Node, left: Item, function: Item, place: Place<'_>) -> Eval<Item> {
        match (left, &function) {
            (Item::Function(first), Item::Function(then)) => {
                Ok(Item::function(Function::Composed { first, then: then.clone() }))
            }
            (left, Item::Function(_)) => {
                self.apply(&function, vec![left], &Item::NULL, place).map_err(|fault| fault.at(node.range))
            }
            _ => Err(Fault::new("T2006").value(function).range(node.range).boxed()),
        }
    }

    /// Calls `function` and makes the calls it leaves to its caller.
    pub(super) fn apply(
        &mut self,
        function: &Item,
        arguments: Vec<Item>,
        input: &Item,
        place: Place<'_>,
    ) -> Eval<Item> {
        let mut result = self.apply_once(function, arguments, input, place)?;
        while let Some(thunk) = thunk_of(&result) {
            result = self.bounce(&thunk, input, place)?;
        }
        Ok(result)
    }

    /// Makes a call that was left to the caller.
    fn bounce(&mut self, thunk: &Closure, input: &Item, place: Place<'_>) -> Eval<Item> {
        let inner = Place { code: &thunk.code, frame: &thunk.frame };
        let node = thunk.code.node(thunk.node);
        let Kind::Call { procedure, arguments } = &node.kind else { return Ok(Item::Nothing) };
        let next = self.eval(*procedure, &thunk.input, inner)?;
        let mut values = Vec::with_capacity(arguments.len());
        for &argument in arguments {
            values.push(self.eval(argument, &thunk.input, inner)?);
        }
        let called = self.apply_once(&next, values, input, place);
        called.map_err(|fault| fault.at(node.range).calling(|| name_of(*procedure, inner)))
    }

    fn apply_once(&mut self, function: &Item, arguments: Vec<Item>, input: &Item, place: Place<'_>) -> Eval<Item> {
        let Item::Function(function) = function else { return Err(Fault::new("T1006").boxed()) };
        match &**function {
            Function::Lambda(closure) => self.run_lambda(closure, arguments, Some(input)),
            Function::Native(native) => self.run_native(native, arguments, input, true, place),
            _ => self.run_other(function, arguments, input, place),
        }
    }

    /// Calls a function that is not defined as such.
    fn run_other(
        &mut self,
        function: &Rc<Function>,
        arguments: Vec<Item>,
        input: &Item,
        place: Place<'_>,
    ) -> Eval<Item> {
        self.meter.enter()?;
        let result = match &**function {
            Function::Wrapped(inner) => self.apply(&Item::Function(inner.clone()), arguments, &Item::NULL, place),
            Function::Partial { target, arguments: given } => {
                let arguments = complete(given, arguments);
                self.run_partial(target, arguments, place)
            }
            Function::Composed { first, then } => self.run_composed(first, then, arguments, input, place),
            Function::Transform(closure) => self.run_transform(closure, arguments, input),
            Function::Regex(_) | Function::Next { .. } => self.run_matcher(function, arguments),
            _ => Ok(Item::Function(function.clone())),
        }?;
        self.meter.leave();
        Ok(result)
    }

    /// Calls what was applied partially, without a check of its arguments.
    fn run_partial(&mut self, target: &Rc<Function>, arguments: Vec<Item>, place: Place<'_>) -> Eval<Item> {
        match &**target {
            Function::Lambda(closure) => self.run_lambda(closure, arguments, None),
            Function::Native(native) => self.run_native(native, arguments, &Item::Nothing, false, place),
            Function::Wrapped(inner) => self.run_partial(inner, arguments, place),
            _ => self.run_other(target, arguments, &Item::Nothing, place),
        }
    }

    fn run_composed(
        &mut self,
        first: &Rc<Function>,
        then: &Rc<Function>,
        arguments: Vec<Item>,
        input: &Item,
        place: Place<'_>,
    ) -> Eval<Item> {
        let argument = arguments.into_iter().next().unwrap_or_default();
        let between = self.apply(&Item::Function(first.clone()), vec![wrap(argument)], &Item::NULL, place)?;
        self.apply_once(&Item::Function(then.clone()), vec![between], input, place)
    }

    fn run_transform(&mut self, closure: &Closure, arguments: Vec<Item>, input: &Item) -> Eval<Item> {
        let arguments = TRANSFORMER.validate(arguments, input, &mut self.meter)?;
        self.transform(closure, arguments.into_iter().next().unwrap_or_default())
    }

    fn run_matcher(&mut self, function: &Function, arguments: Vec<Item>) -> Eval<Item> {
        match function {
            Function::Regex(pattern) => {
                let mut arguments = arguments.into_iter();
                let text = arguments.next().unwrap_or_default();
                let from = arguments.next().and_then(|from| from.as_number()).unwrap_or(0.0);
                self.match_object(pattern, &text, from)
            }
            Function::Next { pattern, text, from } => self.next_match_object(pattern, text, *from),
            _ => Ok(Item::Nothing),
        }
    }

    fn run_native(
        &mut self,
        native: &Native,
        items: Vec<Item>,
        input: &Item,
        check: bool,
        place: Place<'_>,
    ) -> Eval<Item> {
        let items = match check {
            true => native.signature().validate(items, input, &mut self.meter)?,
            false => items,
        };
        let result = (native.run)(self, Args { items, input, place })?;
        self.meter.check_height(&result)?;
        Ok(result)
    }

    /// Calls a defined function; its signature is checked if the context of the call is given.
    fn run_lambda(&mut self, closure: &Closure, arguments: Vec<Item>, input: Option<&Item>) -> Eval<Item> {
        let Some(lambda) = closure.code.lambda(closure.node) else { return Ok(Item::Nothing) };
        let frame = self.parameter_frame(closure, lambda, arguments, input)?;
        self.eval(lambda.body, &closure.input, Place { code: &closure.code, frame: &frame })
    }

    /// The scope of the parameters.
    fn parameter_frame(
        &mut self,
        closure: &Closure,
        lambda: &Lambda,
        arguments: Vec<Item>,
        input: Option<&Item>,
    ) -> Eval<Rc<Frame>> {
        let arguments = match (&lambda.signature, input) {
            (Some(signature), Some(input)) => signature.validate(arguments, input, &mut self.meter)?,
            _ => arguments,
        };
        self.meter.build(size_of::<Frame>() + lambda.parameters.len() * size_of::<Item>())?;
        let mut arguments = arguments.into_iter();
        let mut bindings: Vec<_> =
            lambda.parameters.iter().map(|&symbol| (symbol, arguments.next().unwrap_or_default())).collect();
        // Of two parameters with one name the later counts, and the first found is taken.
        bindings.reverse();
        Ok(Frame::with(&closure.frame, bindings))
    }

    /// Calls `function` with as many of `arguments` as it takes, but at least one.
    pub(super) fn call_back(&mut self, function: &Item, mut arguments: Vec<Item>, args: &Args<'_>) -> Eval<Item> {
        let arity = function.as_function().map_or(0, |function| function.arity());
        arguments.truncate(arity.clamp(1, 3));
        self.invoke(function, arguments, args)
    }

    /// Calls a function that was given as an argument.
    pub(super) fn invoke(&mut self, function: &Item, arguments: Vec<Item>, args: &Args<'_>) -> Eval<Item> {
        // Functions that call functions need twice the stack of a node.
        self.meter.enter()?;
        self.meter.enter()?;
        let result = self.apply(function, arguments, &Item::NULL, args.place)?;
        self.meter.leave();
        self.meter.leave();
        Ok(result)
    }

    /// A call with places left open.
    pub(super) fn partial(
        &mut self,
        node: &Node,
        procedure: Id,
        arguments: &[Option<Id>],
        input: &Item,
        place: Place<'_>,
    ) -> Eval<Item> {
        let mut given = Vec::with_capacity(arguments.len());
        for argument in arguments {
            given.push(match argument {
                Some(argument) => Some(self.eval(*argument, input, place)?),
                None => None,
            });
        }
        let function = self.eval(procedure, input, place)?;
        if function.is_nothing() {
            self.suggest_variable("T1007", node, procedure, place)?;
        }
        let Item::Function(target) = function else {
            let fault = Fault::new("T1008").range(node.range).boxed();
            return Err(fault.calling(|| name_of(procedure, place)));
        };
        given.resize(parameters(&target), Some(Item::Nothing));
        Ok(Item::function(Function::Partial { target, arguments: given }))
    }
}

/// How many parameters a partial application can give or leave open.
fn parameters(function: &Function) -> usize {
    match function {
        Function::Native(native) => native.parameters(),
        Function::Wrapped(inner) => parameters(inner),
        other => other.arity(),
    }
}

/// The arguments of a partial application with those of its call.
fn complete(given: &[Option<Item>], arguments: Vec<Item>) -> Vec<Item> {
    let mut arguments = arguments.into_iter();
    let complete = |given: &Option<Item>| match given {
        Some(given) => given.clone(),
        None => arguments.next().unwrap_or_default(),
    };
    given.iter().map(complete).collect()
}

/// A function as an argument: it will not see the context of its caller.
fn wrap(item: Item) -> Item {
    match item {
        Item::Function(function) if !matches!(*function, Function::Wrapped(_)) => {
            Item::function(Function::Wrapped(function))
        }
        other => other,
    }
}

fn thunk_of(item: &Item) -> Option<Closure> {
    match item.as_function().map(|function| &**function) {
        Some(Function::Thunk(closure)) => Some(closure.clone()),
        _ => None,
    }
}

/// The name by which messages call a function.
fn name_of(procedure: Id, place: Place<'_>) -> Option<String> {
    match &place.code.node(procedure).kind {
        Kind::Path { steps, .. } => match &place.code.node(*steps.first()?).kind {
            Kind::Name(name) => Some(name.to_string()),
            _ => None,
        },
        Kind::Variable(symbol) => Some(place.code.name(*symbol).to_string()),
        Kind::Context => Some(String::new()),
        Kind::Literal(value) => value.as_str().map(str::to_owned),
        _ => None,
    }
}
