//! Retriers, time limits and catchers.

use wfc_cir::{
    Doc, Edge, ErrorMatch, Expr, ExprKind, Handler, Jitter, Module, Node, On, Policy, Retrier, Root, Workspace,
};
use wfc_expr::value::{Number, Object};
use wfc_expr::Value;

use crate::machine::extra;
use crate::refusal::Refusal;
use crate::state::Ways;
use crate::template::Place;
use crate::{data, QueryLanguage};

/// Refuses what surrounds the work and no field expresses.
pub(crate) fn require_words(policy: &Policy, is_task: bool, is_work: bool) -> Result<(), Refusal> {
    let elsewhere = matches!(policy.workspace, Some(Workspace::Ephemeral | Workspace::Path(_)));
    let timed = policy.timeout.is_some() || policy.heartbeat.is_some();
    let found = [
        (policy.total_timeout.is_some(), "it limits the time of all attempts together", "limit each attempt"),
        (policy.approval.is_some(), "a person must agree first", "ask with a task that waits for a token"),
        (!policy.constraints.is_empty(), "it has constraints", "check them in a Choice state before it"),
        (policy.max_steps.is_some(), "it limits the number of steps", "limit the time instead"),
        (policy.max_cost_usd.is_some(), "it limits the cost", "limit the time instead"),
        (policy.max_memory_mb.is_some(), "it limits the memory", "limit it where the work runs"),
        (elsewhere, "it works in a directory of its own", "let the work itself choose its directory"),
        (policy.priority != 0, "it has a priority", "take the priority away"),
        (policy.continue_on_failure, "it goes on when it fails", "catch the errors"),
        (timed && !is_task, "it limits the time, which only a Task can", "put the limit on the Tasks inside"),
        (!policy.retry.is_empty() && !is_work, "it retries what cannot fail", "take the retriers away"),
    ];
    match found.into_iter().find(|(holds, ..)| *holds) {
        Some((_, what, help)) => Err(Refusal::new(what, help)),
        None => Ok(()),
    }
}

/// `TimeoutSeconds`, `HeartbeatSeconds` and their twins.
pub(crate) fn limits(place: Place<'_>, policy: &Policy, fields: &mut Object) -> Result<(), Refusal> {
    for (name, limit) in [("TimeoutSeconds", &policy.timeout), ("HeartbeatSeconds", &policy.heartbeat)] {
        if let Some(limit) = limit {
            place.on(Root::Input).set(fields, name, limit, false).map_err(|refusal| refusal.of(name))?;
        }
    }
    Ok(())
}

/// `Retry`. What a dialect leaves out it fills in by its own defaults, so they are written out for other dialects.
pub(crate) fn retry(module: &Module, place: Place<'_>) -> Result<Option<Value>, Refusal> {
    let retriers = place.node.policy.as_ref().map_or(&[][..], |policy| &policy.retry);
    if retriers.is_empty() {
        return Ok(extra(&place.node.extras, "Retry").cloned());
    }
    let own_defaults = &*module.dialect == "asl";
    let written = retriers.iter().map(|one| {
        let fields = retrier(one, own_defaults).map_err(|refusal| refusal.at(&one.origin).of("Retry"))?;
        Ok(Value::from(fields))
    });
    written.collect::<Result<Vec<_>, _>>().map(|list| Some(list.into()))
}

fn retrier(retrier: &Retrier, own_defaults: bool) -> Result<Object, Refusal> {
    let mut fields = Object::default();
    if let Some(comment) = &retrier.comment {
        fields.insert("Comment", comment.clone().into());
    }
    fields.insert("ErrorEquals", names(&retrier.on)?);
    if retrier.linear {
        return Err(Refusal::new("waits grow by the same amount each time", "let them grow by a factor"));
    }
    let or =
        |given: &Option<Number>, default: i64| given.clone().or_else(|| (!own_defaults).then(|| Number::from(default)));
    let interval = or(&retrier.interval, 0);
    if interval.as_ref().is_some_and(|seconds| seconds.as_f64() < 1.0) {
        return Err(Refusal::new("it waits less than a second", "wait at least a second"));
    }
    let numbers = [
        ("IntervalSeconds", interval),
        ("MaxAttempts", or(&retrier.max, 1)),
        ("BackoffRate", or(&retrier.backoff, 1)),
        ("MaxDelaySeconds", retrier.max_delay.clone()),
    ];
    for (name, number) in numbers {
        number.map(|number| fields.insert(name, number.into()));
    }
    if let Some(jitter) = retrier.jitter {
        fields.insert("JitterStrategy", if jitter == Jitter::Full { "FULL" } else { "NONE" }.into());
    }
    Ok(fields)
}

/// The names of the errors.
fn names(on: &ErrorMatch) -> Result<Value, Refusal> {
    if !on.classes.is_empty() || !on.contains.is_empty() || !on.exit_codes.is_empty() {
        let what = "errors are told apart by something else than their name";
        return Err(Refusal::new(what, "give the errors names"));
    }
    if on.names.is_empty() {
        return Err(Refusal::new("it is for no error", "take it away"));
    }
    let names = on.names.iter().map(|name| if &**name == "*" { "States.ALL" } else { name });
    Ok(names.map(Value::from).collect())
}

/// `Catch`.
pub(crate) fn catch(module: &Module, ways: &Ways<'_>, place: Place<'_>) -> Result<Option<Value>, Refusal> {
    let handlers = &place.node.handlers;
    if handlers.is_empty() {
        return Ok(extra(&place.node.extras, "Catch").cloned());
    }
    let written = (0..).zip(handlers).map(|(index, handler)| {
        let edge = ways.get(&On::Error(index)).copied();
        catcher(module, place, handler, edge).map_err(|refusal| refusal.at(&handler.origin).of("Catch"))
    });
    written.collect::<Result<Vec<_>, _>>().map(|list| Some(list.into()))
}

fn catcher(module: &Module, place: Place<'_>, handler: &Handler, edge: Option<&Edge>) -> Result<Value, Refusal> {
    let jsonata = place.language == QueryLanguage::Jsonata;
    let place = place.on(Root::Error);
    let mut fields = Object::default();
    if let Some(comment) = &handler.comment {
        fields.insert("Comment", comment.clone().into());
    }
    fields.insert("ErrorEquals", names(&handler.on)?);
    if handler.on.transfers != jsonata && may_fail_on_the_way_out(module, place.node) {
        let what = "errors of `Output` and `Assign` are caught in JSONata states, and only there";
        return Err(Refusal::new(what, "compute less on the way out, or write the state in the other language"));
    }
    let edge = edge.ok_or_else(|| Refusal::new("it leads nowhere", "add the state it leads to"))?;
    if jsonata {
        data::output(place, &edge.transfer, Root::Error)?.map(|output| fields.insert("Output", output));
    } else {
        caught_at(place, edge.transfer.out.as_ref())?.map(|path| fields.insert("ResultPath", path));
    }
    data::assign(place, &edge.transfer.assign)?.map(|assign| fields.insert("Assign", assign));
    fields.insert("Next", module.nodes[edge.to].name().into());
    Ok(fields.into())
}

/// `ResultPath` of a catcher.
fn caught_at(place: Place<'_>, out: Option<&Expr>) -> Result<Option<Value>, Refusal> {
    match out.map(|expr| &expr.kind) {
        Some(ExprKind::Root(Root::Error)) => return Ok(None),
        Some(ExprKind::Path { doc: Doc::Root(Root::Error), path }) if path.to_string() == "$" => {
            return Ok(Some("$".into()));
        }
        _ => {}
    }
    let paths = data::paths(place, out, Root::Error)?;
    match paths.output {
        None => Ok(paths.result),
        Some(_) => Err(Refusal::new("only a part of the error is passed on", "select it in a state that follows")),
    }
}

fn may_fail_on_the_way_out(module: &Module, node: &Node) -> bool {
    let mut edges = node.outs.iter().map(|&id| &module.edges[id]).filter(|edge| edge.on.is_plain());
    !node.end.is_plain() || edges.any(|edge| !edge.transfer.is_plain())
}
