//! Application of functions: calls, tail calls, partial application, composition.

use std::rc::Rc;
use std::sync::LazyLock;

use super::code::{Id, Kind, Node};
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
            Some(found) if is_truthy(&found) => Err(Fault::new(code).token(name).range(node.range).boxed()),
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
        let Item::Function(then) = &function else {
            return Err(Fault::new("T2006").value(function).range(node.range).boxed());
        };
        if let Item::Function(first) = left {
            return Ok(Item::function(Function::Composed { first, then: then.clone() }));
        }
        self.apply(&function, vec![left], &Item::NULL, place).map_err(|fault| fault.at(node.range))
    }

    /// Calls `function` and makes the calls it leaves to its caller.
    pub(super) fn apply(&mut self, function: &Item, arguments: Vec<Item>, input: &Item, place: Place<'_>) -> Eval<Item> {
        let mut result = self.apply_once(function, arguments, input, place)?;
        while let Some(thunk) = thunk_of(&result) {
            self.meter.work(1)?;
            let inner = Place { code: &thunk.code, frame: &thunk.frame };
            let node = thunk.code.node(thunk.node);
            let Kind::Call { procedure, arguments } = &node.kind else { break };
            let next = self.eval(*procedure, &thunk.input, inner)?;
            let mut values = Vec::with_capacity(arguments.len());
            for &argument in arguments {
                values.push(self.eval(argument, &thunk.input, inner)?);
            }
            let called = self.apply_once(&next, values, input, place);
            result = called.map_err(|fault| fault.at(node.range).calling(|| name_of(*procedure, inner)))?;
        }
        Ok(result)
    }

    fn apply_once(&mut self, function: &Item, arguments: Vec<Item>, input: &Item, place: Place<'_>) -> Eval<Item> {
        let Item::Function(function) = function else { return Err(Fault::new("T1006").boxed()) };
        let arguments = match &**function {
            Function::Wrapped(inner) => {
                return self.apply(&Item::Function(inner.clone()), arguments, &Item::NULL, place);
            }
            Function::Lambda(closure) => match closure.code.lambda(closure.node).and_then(|it| it.signature.as_ref()) {
                Some(signature) => signature.validate(arguments, input, &mut self.meter)?,
                None => arguments,
            },
            Function::Native(native) => native.signature().validate(arguments, input, &mut self.meter)?,
            Function::Transform(_) => TRANSFORMER.validate(arguments, input, &mut self.meter)?,
            _ => arguments,
        };
        self.run(function, arguments, input, place)
    }

    /// Calls a function whose arguments are checked.
    fn run(&mut self, function: &Rc<Function>, arguments: Vec<Item>, input: &Item, place: Place<'_>) -> Eval<Item> {
        match &**function {
            Function::Lambda(closure) => self.run_lambda(closure, arguments),
            Function::Native(native) => self.run_native(native, arguments, input, place),
            Function::Transform(closure) => {
                let object = arguments.into_iter().next().unwrap_or_default();
                self.transform(closure, object)
            }
            Function::Partial { target, arguments: given } => {
                let arguments = complete(given, arguments);
                self.run(target, arguments, &Item::Nothing, place)
            }
            Function::Composed { first, then } => {
                let argument = arguments.into_iter().next().unwrap_or_default();
                let between = self.apply(&Item::Function(first.clone()), vec![wrap(argument)], &Item::NULL, place)?;
                self.apply_once(&Item::Function(then.clone()), vec![between], input, place)
            }
            Function::Wrapped(inner) => self.run(inner, arguments, &Item::NULL, place),
            Function::Thunk(_) => Ok(Item::Function(function.clone())),
            Function::Regex(pattern) => {
                let mut arguments = arguments.into_iter();
                let text = arguments.next().unwrap_or_default();
                let from = arguments.next().and_then(|from| from.as_number()).unwrap_or(0.0);
                self.match_object(pattern, &text, from)
            }
            Function::Next { pattern, text, from } => self.next_match_object(pattern, text, *from),
        }
    }

    fn run_native(&mut self, native: &Native, items: Vec<Item>, input: &Item, place: Place<'_>) -> Eval<Item> {
        let result = (native.run)(self, Args { items, input, place })?;
        self.meter.check_height(&result)?;
        Ok(result)
    }

    fn run_lambda(&mut self, closure: &Closure, arguments: Vec<Item>) -> Eval<Item> {
        let Some(lambda) = closure.code.lambda(closure.node) else { return Ok(Item::Nothing) };
        self.meter.build(size_of::<Frame>() + lambda.parameters.len() * size_of::<Item>())?;
        let mut arguments = arguments.into_iter();
        let mut bindings: Vec<_> =
            lambda.parameters.iter().map(|&symbol| (symbol, arguments.next().unwrap_or_default())).collect();
        // Of two parameters with one name the later counts, and the first found is taken.
        bindings.reverse();
        let frame = Frame::with(&closure.frame, bindings);
        self.eval(lambda.body, &closure.input, Place { code: &closure.code, frame: &frame })
    }

    /// Calls `function` with as many of `arguments` as it takes, but at least one.
    pub(super) fn call_back(&mut self, function: &Item, mut arguments: Vec<Item>, args: &Args<'_>) -> Eval<Item> {
        let arity = function.as_function().map_or(0, |function| function.arity());
        arguments.truncate(arity.clamp(1, 3));
        self.invoke(function, arguments, args)
    }

    /// Calls a function that was given as an argument.
    pub(super) fn invoke(&mut self, function: &Item, arguments: Vec<Item>, args: &Args<'_>) -> Eval<Item> {
        self.meter.work(1)?;
        self.apply(function, arguments, &Item::NULL, args.place)
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

/// What JavaScript takes for true.
fn is_truthy(item: &Item) -> bool {
    match item {
        Item::Function(_) | Item::List(_) | Item::Record(_) => true,
        _ if item.is_array() || item.as_members().is_some() => true,
        _ => functions::boolean(item).is_ok_and(|truth| truth == Some(true)),
    }
}
