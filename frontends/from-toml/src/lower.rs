//! From the syntax of a file to a module.

use std::collections::BTreeMap;
use std::sync::Arc;

use wfc_cir::{
    Action, Edge, ErrorMatch, Expr, ExprKind, LowerInput, Mode, Module, Node, NodeId, NodeKey, NodeKind, On, OnFail,
    Origin, Policy, ReplyMode, Retrier, Transfer,
};
use wfc_diag::{Sink, Span};
use wfc_expr::cond::{Cond, Reference};
use wfc_expr::value::Number;
use wfc_expr::Value;
use wfc_source::strict::Spanned;

use crate::needs;
use crate::reads::{self, Read};
use crate::syntax::{File, Retry, Step};
use crate::FRONT;

/// The tool that runs commands.
const SHELL: &str = "shell";

/// Makes the module of a file.
pub(crate) fn module(file: File, input: &LowerInput<'_>, sink: &mut Sink) -> Module {
    let known = needs::by_id(&file.steps, sink);
    let needs = needs::resolve(&file.steps, &known, sink);
    let origin = Origin::at(input.tree.root().span());
    let name = file.id.as_ref().map_or_else(|| Arc::from("workflow"), |id| Arc::clone(&id.value));
    let mut module = Module::new(name, FRONT.name, Mode::Dag { on_fail: OnFail::Stop }, origin);
    let entry = module.entry;
    module.flows[entry].comment = file.description.clone();
    module.flows[entry].extras =
        file.facts.iter().map(|(name, value)| (Arc::clone(name), Value::from(Arc::clone(value)))).collect();
    let mut seen = BTreeMap::new();
    let nodes: Vec<NodeId> = file.steps.iter().map(|step| add_step(&mut module, step, &mut seen)).collect();
    for need in needs.of.iter().flatten() {
        let entry = &file.steps[need.step].needs;
        let wanted = &file.steps[need.on].id.value;
        let span = entry.iter().find(|need| need.value == *wanted).map(|need| need.span);
        add_need(&mut module, nodes[need.on], nodes[need.step], span.map(Origin::at).unwrap_or_default());
    }
    let mut read = Vec::new();
    for (at, step) in file.steps.iter().enumerate() {
        let Some((cond, origin)) = &step.when else { continue };
        let on = read_step(cond, origin, &known, sink);
        read.extend(on.map(|(on, span)| Read { step: at, on, span }));
        let kind = ExprKind::Dotted { cond: Box::new(cond.clone()), out: on.map(|(on, _)| nodes[on]) };
        module.nodes[nodes[at]].when = Some(Expr::new(kind, origin.clone()));
    }
    reads::check(&file.steps, &needs, &read, sink);
    module
}

fn add_step<'s>(module: &mut Module, step: &'s Step, seen: &mut BTreeMap<&'s str, usize>) -> NodeId {
    let body = module.body();
    let kind = NodeKind::Step(Action::Tool { tool: SHELL.into(), mode: ReplyMode::Reply, credentials: None });
    let key = key_of(module, &step.id.value, seen);
    let mut node = Node::new(key, kind, body, Origin::at(step.span));
    node.name_origin = Origin::at(step.id.span);
    node.comment = step.description.clone();
    node.io.args = Some(Expr::literal(arguments(step), Origin::at(step.span)));
    node.policy = policy(step).map(Box::new);
    module.add_node(node)
}

/// The key of a step. A second step of the same id has been reported; it gets a key below the first one's, which no
/// other step can have, so that what else is wrong with it is reported too.
fn key_of<'s>(module: &Module, id: &'s str, seen: &mut BTreeMap<&'s str, usize>) -> NodeKey {
    let key = module.key_in(module.body(), id);
    let turn = seen.entry(id).or_insert(0);
    *turn += 1;
    match turn {
        1 => key,
        turn => key.child(&turn.to_string()),
    }
}

fn arguments(step: &Step) -> Value {
    let mut members = vec![("command", Value::from(Arc::clone(&step.run)))];
    if !step.env.is_empty() {
        let env = step.env.iter().map(|(name, value)| (Arc::clone(name), Value::from(Arc::clone(value))));
        members.push(("env", env.collect()));
    }
    members.into_iter().collect()
}

fn policy(step: &Step) -> Option<Policy> {
    let timeout = |limit: &Spanned<Number>| Expr::literal(Value::Number(limit.value.clone()), Origin::at(limit.span));
    let policy = Policy {
        retry: step.retry.iter().map(retrier).collect(),
        timeout: step.timeout.as_ref().map(timeout),
        ..Policy::default()
    };
    (policy != Policy::default()).then_some(policy)
}

fn retrier(retry: &Retry) -> Retrier {
    Retrier {
        on: ErrorMatch { names: vec!["*".into()], ..ErrorMatch::default() },
        interval: Some(retry.interval.clone()),
        max: Some(retry.max.clone()),
        backoff: Some(retry.backoff.clone()),
        origin: Origin::at(retry.span),
        ..Retrier::default()
    }
}

fn add_need(module: &mut Module, from: NodeId, to: NodeId, origin: Origin) {
    module.add_edge(Edge { from, to, on: On::Done, transfer: Transfer::default(), comment: None, origin });
}

/// The step whose output a condition reads, and the place of its name.
fn read_step(cond: &Cond, origin: &Origin, known: &BTreeMap<&str, usize>, sink: &mut Sink) -> Option<(usize, Span)> {
    let (name, must_exist) = match cond.reference() {
        Reference::Outputs(names) => (names.first()?, true),
        Reference::OutputsThenInput(names) => (names.first()?, false),
        Reference::Input(_) => return None,
    };
    let span = origin.locate(name.range).unwrap_or_default();
    let on = known.get(&*name.text);
    if on.is_none() && must_exist {
        // The place is inside a string here.
        sink.push(needs::unknown(&name.text, span, known, str::to_owned));
    }
    on.map(|&on| (on, span))
}
