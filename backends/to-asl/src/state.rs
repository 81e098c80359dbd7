//! One node as a state.

use std::collections::BTreeMap;

use wfc_cir::{
    Action, Edge, Expr, ExprKind, NodeId, NodeKind, On, Owner, ReplyMode, ReturnTo, Root, Transfer, WaitFor,
};
use wfc_expr::value::Object;
use wfc_expr::Value;

use crate::language::{self, FIELD as QUERY_LANGUAGE};
use crate::machine::{extra, Machines};
use crate::refusal::Refusal;
use crate::template::Place;
use crate::{choice, data, each, facts, policy, QueryLanguage};

/// Characters that the name of a state may have.
const MAX_NAME: usize = 80;

/// The state of a node. What cannot be written of it is refused and left out.
pub(crate) fn write(machines: &mut Machines<'_>, id: NodeId) -> Value {
    let module = machines.module;
    let node = &module.nodes[id];
    let language = language::of_node(module, id).unwrap_or(machines.language);
    let place = Place { node, language, dollar: Root::Input };
    let ways = module.outs(id).map(|(_, edge)| (edge.on, edge)).collect();
    let mut state = State { machines, id, place, ways, fields: Object::default() };
    match kind(place, module.regions[node.region].owner) {
        Ok(kind) => state.write(kind),
        Err(refusal) => state.machines.refuse(id, refusal),
    }
    facts::put_back(state.fields.into(), &node.extras)
}

/// The edges out of a node.
pub(crate) type Ways<'m> = BTreeMap<On, &'m Edge>;

/// The kinds of states.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Task,
    Pass,
    Choice,
    Wait,
    Succeed,
    Fail,
    Parallel,
    Map,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Task => "Task",
            Kind::Pass => "Pass",
            Kind::Choice => "Choice",
            Kind::Wait => "Wait",
            Kind::Succeed => "Succeed",
            Kind::Fail => "Fail",
            Kind::Parallel => "Parallel",
            Kind::Map => "Map",
        }
    }

    /// Whether errors of it can be retried and caught.
    fn is_work(self) -> bool {
        matches!(self, Kind::Task | Kind::Parallel | Kind::Map)
    }

    /// Whether it makes something of its input that can be put somewhere.
    fn has_result(self) -> bool {
        self.is_work() || self == Kind::Pass
    }
}

struct State<'s, 'm> {
    machines: &'s mut Machines<'m>,
    id: NodeId,
    place: Place<'m>,
    ways: Ways<'m>,
    fields: Object,
}

/// A part of a state.
type Part<'s, 'm> = fn(&mut State<'s, 'm>, Kind) -> Result<(), Refusal>;

impl<'s, 'm> State<'s, 'm> {
    /// Every part is tried, so that everything that has no words is found.
    fn write(&mut self, kind: Kind) {
        self.fields.insert("Type", kind.name().into());
        if let Some(comment) = &self.place.node.comment {
            self.fields.insert("Comment", comment.clone().into());
        }
        let parts: [Part<'s, 'm>; 8] = [
            Self::around,
            Self::language,
            Self::input,
            Self::work,
            Self::result,
            Self::way_out,
            Self::errors,
            Self::next,
        ];
        for part in parts {
            if let Err(refusal) = part(self, kind) {
                self.machines.refuse(self.id, refusal);
            }
        }
    }

    /// What a state has no field for.
    fn around(&mut self, kind: Kind) -> Result<(), Refusal> {
        let node = self.place.node;
        if node.name().chars().count() > MAX_NAME {
            let what = format!("its name is longer than the limit of {MAX_NAME} characters");
            return Err(Refusal::new(what, "shorten the name"));
        }
        if let Some(when) = &node.when {
            let refusal = Refusal::new("it may be skipped", "decide with a Choice state before it");
            return Err(refusal.at(&when.origin));
        }
        if !node.handlers.is_empty() && !kind.is_work() {
            return Err(Refusal::new("it handles errors, which only work can", "take the handlers away"));
        }
        node.policy
            .as_deref()
            .map_or(Ok(()), |policy| policy::require_words(policy, kind == Kind::Task, kind.is_work()))
    }

    fn language(&mut self, _: Kind) -> Result<(), Refusal> {
        let own = self.place.language;
        if own != self.machines.language || QueryLanguage::said(&self.place.node.extras).is_some() {
            self.fields.insert(QUERY_LANGUAGE, own.name().into());
        }
        if own == QueryLanguage::JsonPath && self.machines.language == QueryLanguage::Jsonata {
            let what = "it is written in JSONPath, and the machine in JSONata";
            return Err(Refusal::new(what, "write the machine in JSONPath and its other states in JSONata"));
        }
        Ok(())
    }

    /// `InputPath`
    fn input(&mut self, _: Kind) -> Result<(), Refusal> {
        let node = self.place.node;
        let input = as_input(self.place).or(node.io.input.as_ref());
        match (self.place.language, input) {
            (QueryLanguage::JsonPath, input) => {
                self.set("InputPath", data::input_path(self.place, input).map_err(|refusal| refusal.of("InputPath")))
            }
            (QueryLanguage::Jsonata, Some(input)) => {
                let refusal = Refusal::new("its input is selected before it starts", "select in each expression");
                Err(refusal.at(&input.origin))
            }
            (QueryLanguage::Jsonata, None) => Ok(()),
        }
    }

    /// What the state does, and what it does it with.
    fn work(&mut self, kind: Kind) -> Result<(), Refusal> {
        let place = self.place;
        match &place.node.kind {
            NodeKind::Step(Action::Tool { tool, mode, credentials }) => {
                self.fields.insert("Resource", resource(tool, *mode)?.into());
                let credentials = credentials.as_ref().map(|expr| place.template(expr)).transpose();
                self.set("Credentials", credentials)?;
            }
            NodeKind::Choice { cases } => self.choices(cases)?,
            NodeKind::Wait(WaitFor::Seconds(expr)) => place.set(&mut self.fields, "Seconds", expr, false)?,
            NodeKind::Wait(WaitFor::Timestamp(expr)) => place.set(&mut self.fields, "Timestamp", expr, false)?,
            NodeKind::Raise { error, cause } => {
                for (name, expr) in [("Error", error), ("Cause", cause)] {
                    expr.iter().try_for_each(|expr| place.set(&mut self.fields, name, expr, true))?;
                }
            }
            NodeKind::Parallel { branches } if branches.is_empty() => {
                return Err(Refusal::new("it has no branches", "add one, or take it away"));
            }
            NodeKind::Parallel { branches } => {
                let machines: Vec<Value> = branches.iter().map(|&region| self.machines.take(region)).collect();
                self.args(kind)?;
                self.fields.insert("Branches", machines.into());
                return Ok(());
            }
            NodeKind::ForEach(each) => {
                let machine = self.machines.take(each.body);
                each::fields(place, each, &mut self.fields)?;
                self.args(kind)?;
                self.fields.insert(each::processor(place), machine);
                let writer = each.writer.as_ref().map(|writer| each::writer(place, writer)).transpose();
                return self.set("ResultWriter", writer.map_err(|refusal| refusal.of("ResultWriter")));
            }
            _ => {}
        }
        self.args(kind)?;
        place.node.policy.as_deref().map_or(Ok(()), |policy| policy::limits(place, policy, &mut self.fields))
    }

    /// What the work is given.
    fn args(&mut self, kind: Kind) -> Result<(), Refusal> {
        let Some(args) = self.place.node.io.args.as_ref().filter(|_| as_input(self.place).is_none()) else {
            return Ok(());
        };
        let jsonata = self.place.language == QueryLanguage::Jsonata;
        let name = match kind {
            Kind::Pass if jsonata => return Ok(()),
            Kind::Pass if self.is_result(args) => "Result",
            Kind::Map => each::selector(self.place),
            Kind::Task | Kind::Parallel if jsonata => "Arguments",
            Kind::Task | Kind::Parallel | Kind::Pass => "Parameters",
            _ => return Err(Refusal::new("it has arguments that nothing is given", "take them away").at(&args.origin)),
        };
        let place = self.place.on(Root::Input);
        let value = match args.as_literal() {
            Some(result) if name == "Result" => Ok(result.clone()),
            _ => place.template(args),
        };
        let value = value.map_err(|refusal| refusal.of(name))?;
        if !jsonata && name != "Result" && value.as_object().is_none() {
            let what = format!("{name}: in JSONPath it can be an object only");
            return Err(Refusal::new(what, "make the value a member of an object").at(&args.origin));
        }
        self.fields.insert(name, value);
        let ignored = extra(&self.place.node.extras, "Parameters").filter(|_| name == "Result");
        ignored.map(|parameters| self.fields.insert("Parameters", parameters.clone()));
        Ok(())
    }

    /// Whether what a `Pass` is given is written as `Result`, which computes nothing.
    fn is_result(&self, args: &Expr) -> bool {
        let said = extra(&self.place.node.extras, "Result").is_some() || &*self.machines.module.dialect != "asl";
        args.as_literal().is_some_and(|value| said || value.as_object().is_none())
    }

    /// `ResultSelector`
    fn result(&mut self, kind: Kind) -> Result<(), Refusal> {
        let Some(result) = &self.place.node.io.result else { return Ok(()) };
        if !kind.is_work() || self.place.language == QueryLanguage::Jsonata {
            let refusal = Refusal::new("its result is changed before it is used", "change it on the way out");
            return Err(refusal.at(&result.origin));
        }
        let value = self.place.on(Root::Result).template(result).map_err(|refusal| refusal.of("ResultSelector"));
        self.set("ResultSelector", value.map(Some))
    }

    /// What happens to data on the way out.
    fn way_out(&mut self, kind: Kind) -> Result<(), Refusal> {
        if kind == Kind::Fail {
            return Ok(());
        }
        let place = self.place.on(Root::Result);
        let transfer = self.transfer(kind);
        match place.language {
            QueryLanguage::Jsonata => {
                let moved = Transfer { out: place.node.io.args.clone(), ..Transfer::default() };
                let moves = kind == Kind::Pass && place.node.io.args.is_some();
                let given = transfer.out.as_ref().is_none_or(|out| matches!(out.kind, ExprKind::Root(Root::Result)));
                let output = data::output(place, if moves && given { &moved } else { transfer }, Root::Result);
                self.set("Output", output)?;
            }
            QueryLanguage::JsonPath => {
                let paths = data::paths(place, self.passed_on(kind), Root::Result)?;
                self.result_path(kind, paths.result)?;
                self.set("OutputPath", Ok(paths.output))?;
            }
        }
        self.set("Assign", data::assign(place, &transfer.assign))
    }

    fn result_path(&mut self, kind: Kind, path: Option<Value>) -> Result<(), Refusal> {
        let nothing = path.as_ref().is_none_or(|path| path.as_str() == Some("$"));
        if nothing && !kind.has_result() {
            return Ok(());
        }
        if !kind.has_result() && !self.place.is(Root::Raw, Root::Result) {
            let what = "what it passes on is put into its input";
            return Err(Refusal::new(what, "do that in a Pass state that follows"));
        }
        self.set("ResultPath", Ok(path.filter(|_| kind.has_result())))
    }

    /// The transfer of the ordinary way out. Of a `Choice`: of the way without a rule.
    fn transfer(&self, kind: Kind) -> &'m Transfer {
        let on = if kind == Kind::Choice { On::Otherwise } else { On::Done };
        self.ways.get(&on).map_or(&self.place.node.end, |edge| &edge.transfer)
    }

    /// What is passed on, in JSONPath. Of a `Choice`: by each rule, which [`State::choices`] sees to.
    fn passed_on(&self, kind: Kind) -> Option<&'m Expr> {
        let rule = self.ways.get(&On::Case(0)).filter(|_| kind == Kind::Choice);
        rule.map_or(self.transfer(kind), |edge| &edge.transfer).out.as_ref()
    }

    /// `Choices` and `Default`
    fn choices(&mut self, cases: &[Expr]) -> Result<(), Refusal> {
        let module = self.machines.module;
        let jsonata = self.place.language == QueryLanguage::Jsonata;
        if cases.is_empty() {
            return Err(Refusal::new("it has no cases", "lead straight to where it goes otherwise"));
        }
        let common = data::paths(self.place, self.passed_on(Kind::Choice), Root::Result);
        let mut rules = Vec::new();
        for (index, case) in (0..).zip(cases) {
            let mut rule = Object::default();
            let edge = self.ways.get(&On::Case(index));
            let edge = edge.ok_or_else(|| Refusal::new("a case leads nowhere", "add the state it leads to"))?;
            edge.comment.as_ref().map(|comment| rule.insert("Comment", comment.clone().into()));
            choice::condition(self.place, case, &mut rule).map_err(|refusal| refusal.at(&case.origin))?;
            let place = self.place.on(Root::Result);
            data::assign(place, &edge.transfer.assign)?.map(|assign| rule.insert("Assign", assign));
            if jsonata {
                data::output(place, &edge.transfer, Root::Result)?.map(|output| rule.insert("Output", output));
            } else {
                self.require_common(&common, &edge.transfer)?;
            }
            rule.insert("Next", module.nodes[edge.to].name().into());
            rules.push(Value::from(rule));
        }
        self.fields.insert("Choices", rules.into());
        if let Some(edge) = self.ways.get(&On::Otherwise) {
            if !jsonata {
                self.require_common(&common, &edge.transfer)?;
            }
            self.fields.insert("Default", module.nodes[edge.to].name().into());
        }
        Ok(())
    }

    /// In JSONPath all ways out of a `Choice` pass on the same.
    fn require_common(&self, common: &Result<data::Paths, Refusal>, transfer: &Transfer) -> Result<(), Refusal> {
        let own = data::paths(self.place, transfer.out.as_ref(), Root::Result)?;
        match common {
            Ok(common) if *common != own => {
                let what = "its ways out pass on different values";
                Err(Refusal::new(what, "compute them in Pass states that follow, or write the state in JSONata"))
            }
            _ => Ok(()),
        }
    }

    /// `Retry` and `Catch`
    fn errors(&mut self, _: Kind) -> Result<(), Refusal> {
        let module = self.machines.module;
        self.set("Retry", policy::retry(module, self.place))?;
        self.set("Catch", policy::catch(module, &self.ways, self.place))
    }

    /// `Next` or `End`
    fn next(&mut self, kind: Kind) -> Result<(), Refusal> {
        if matches!(kind, Kind::Choice | Kind::Succeed | Kind::Fail) {
            return Ok(());
        }
        let module = self.machines.module;
        match self.ways.get(&On::Done) {
            Some(edge) => self.fields.insert("Next", module.nodes[edge.to].name().into()),
            None => self.fields.insert("End", true.into()),
        };
        Ok(())
    }

    fn set(&mut self, name: &str, value: Result<Option<Value>, Refusal>) -> Result<(), Refusal> {
        value?.map(|value| self.fields.insert(name, value));
        Ok(())
    }
}

/// The kind of state a node can be.
fn kind(place: Place<'_>, owner: Owner) -> Result<Kind, Refusal> {
    let node = place.node;
    let at_once = "a state machine has no words for it";
    let refuse = |what: &str, help| Err(Refusal::new(format!("it {what}, and {at_once}"), help));
    match &node.kind {
        NodeKind::Step(Action::Tool { .. }) => Ok(Kind::Task),
        NodeKind::Step(Action::Model { .. }) => refuse("asks a language model", "call a service that does"),
        NodeKind::Step(Action::Human { .. }) => refuse("asks a person", "use a task that waits for a token"),
        NodeKind::Call(_) => refuse("runs another flow", "start it with `states:startExecution.sync:2`"),
        NodeKind::Assign => Ok(Kind::Pass),
        NodeKind::Choice { .. } => Ok(Kind::Choice),
        NodeKind::Join => refuse("waits for several nodes", "put them into the branches of a Parallel"),
        NodeKind::Parallel { .. } => Ok(Kind::Parallel),
        NodeKind::ForEach(_) => Ok(Kind::Map),
        NodeKind::Loop(_) => refuse("repeats what is inside", "lead back to an earlier state with a Choice"),
        NodeKind::Scope(_) => refuse("puts several nodes into one", "use a Parallel with one branch"),
        NodeKind::Wait(_) => Ok(Kind::Wait),
        NodeKind::Verify(_) => refuse("checks what is inside", "check with a Choice state that follows"),
        NodeKind::Return(ReturnTo::Region) => Ok(ends_as(place)),
        NodeKind::Return(ReturnTo::Flow) if matches!(owner, Owner::Flow(_)) => Ok(ends_as(place)),
        NodeKind::Return(_) => refuse("leaves what is around it", "lead to the end of the machine instead"),
        NodeKind::Raise { .. } => Ok(Kind::Fail),
        NodeKind::Hole => refuse("could not be read", "correct it first"),
    }
}

/// A node that only ends a machine can also compute; a `Succeed` cannot.
fn ends_as(place: Place<'_>) -> Kind {
    let computes = place.node.io.args.is_some() || !place.node.end.assign.is_empty();
    if computes {
        Kind::Pass
    } else {
        Kind::Succeed
    }
}

/// In JSONPath a `Pass` that is given what a path selects selects it as its input.
fn as_input(place: Place<'_>) -> Option<&Expr> {
    let io = &place.node.io;
    let moves = matches!(place.node.kind, NodeKind::Assign | NodeKind::Return(_)) && io.input.is_none();
    let is_path = |expr: &&Expr| matches!(expr.kind, ExprKind::Path { .. } | ExprKind::Var(_));
    io.args.as_ref().filter(|_| moves && place.language == QueryLanguage::JsonPath).filter(is_path)
}

/// The resource of a tool: its name with the pattern that makes the answer come as it should.
fn resource(tool: &str, mode: ReplyMode) -> Result<String, Refusal> {
    if !tool.starts_with("arn:") && !tool.contains("${") {
        let what = format!("the tool `{tool}` is no service");
        return Err(Refusal::new(what, "call a service by its ARN"));
    }
    let suffix = match mode {
        ReplyMode::Reply | ReplyMode::Activity => "",
        ReplyMode::Token => ".waitForTaskToken",
        ReplyMode::Sync(1) => ".sync",
        ReplyMode::Sync(_) => ".sync:2",
    };
    Ok(if tool.ends_with(suffix) { tool.to_owned() } else { format!("{tool}{suffix}") })
}
