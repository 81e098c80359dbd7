//! Compares what a run came to with what was expected of it.

use std::sync::Arc;

use wfc_driver::testing::{Expect, Fragment, Ran, Status};
use wfc_expr::Value;
use wfc_report::history::{summary, Event, History};

/// Something that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mismatch {
    /// The expectation.
    pub(super) what: String,
    /// What was expected, as text.
    pub(super) expected: String,
    /// What was found instead, as text.
    pub(super) found: String,
}

/// Everything that is not as expected, in the order of the expectations.
pub(super) fn judge(expect: &Expect, ran: &Ran) -> Vec<Mismatch> {
    let mut found = Vec::new();
    found.extend(status(expect, ran));
    found.extend(text("error", expect.error.as_ref(), ran.error.as_ref()));
    found.extend(text("cause", expect.cause.as_ref(), ran.cause.as_ref()));
    found.extend(cause_contains(expect, ran));
    found.extend(output(expect, ran));
    let history = history(&ran.history);
    found.extend(path(expect, &history));
    found.extend(events(&expect.history, &history));
    found
}

fn mismatch(what: &str, expected: impl Into<String>, found: impl Into<String>) -> Option<Mismatch> {
    Some(Mismatch { what: what.to_owned(), expected: expected.into(), found: found.into() })
}

/// Without a status or an error the run is to succeed.
fn status(expect: &Expect, ran: &Ran) -> Option<Mismatch> {
    let wanted = expect.status.or(expect.error.is_none().then_some(Status::Succeeded))?;
    if wanted == ran.status {
        return None;
    }
    let why = [&ran.error, &ran.cause].into_iter().flatten().map(|text| format!(": {text}")).collect::<String>();
    mismatch("status", wanted.word(), format!("{}{why}", ran.status.word()))
}

fn text(what: &str, wanted: Option<&Arc<str>>, found: Option<&Arc<str>>) -> Option<Mismatch> {
    let wanted = wanted?;
    (Some(wanted) != found).then(|| mismatch(what, &**wanted, found.map_or("nothing", |found| &**found)))?
}

fn cause_contains(expect: &Expect, ran: &Ran) -> Option<Mismatch> {
    let part = expect.cause_contains.as_deref()?;
    let cause = ran.cause.as_deref().unwrap_or_default();
    (!cause.contains(part)).then(|| mismatch("cause-contains", part, cause))?
}

fn output(expect: &Expect, ran: &Ran) -> Vec<Mismatch> {
    let same = expect.output.as_ref().filter(|wanted| **wanted != ran.output);
    let part = expect.output_contains.as_ref().filter(|wanted| !contains(&ran.output, wanted));
    let [same, part] = [("output", same), ("output-contains", part)]
        .map(|(what, wanted)| mismatch(what, wanted?.to_json_pretty(), ran.output.to_json_pretty()));
    same.into_iter().chain(part).collect()
}

/// Whether `found` has all that `wanted` has: members of objects, and elements of arrays one by one. Values come from
/// readers that bound their depth, which bounds the recursion.
fn contains(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| found.get(name).is_some_and(|found| contains(found, wanted)))
        }
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && found.iter().zip(wanted.iter()).all(|(found, wanted)| contains(found, wanted))
        }
        (found, wanted) => found == wanted,
    }
}

fn history(events: &[serde_json::Value]) -> History {
    let events = (1..).zip(events).filter_map(|(number, json)| Event::from_json(json.clone(), number).ok());
    History::new(events.collect())
}

fn path(expect: &Expect, history: &History) -> Vec<Mismatch> {
    let entered = history.events.iter().filter(|event| event.is_entry());
    let taken: Vec<Arc<str>> = entered.filter_map(|event| Some(event.text("name")?.as_ref().into())).collect();
    let same = expect.path.as_ref().filter(|wanted| **wanted != taken);
    let part = expect.path_contains.as_ref().filter(|wanted| {
        let mut taken = taken.iter();
        !wanted.iter().all(|name| taken.any(|state| state == name))
    });
    let [same, part] = [("path", same), ("path-contains", part)]
        .map(|(what, wanted)| mismatch(what, wanted?.join("\n"), taken.join("\n")));
    same.into_iter().chain(part).collect()
}

/// The first of the fragments that does not come after those before it; what follows it would only follow from it.
fn events(fragments: &[Fragment], history: &History) -> Option<Mismatch> {
    let mut at = 0;
    for (number, fragment) in (1..).zip(fragments) {
        match (at..history.events.len()).find(|&index| matches(fragment, history, index)) {
            Some(index) => at = index + 1,
            None => return mismatch(&format!("history {number}"), describe(fragment), nearest(fragment, history, at)),
        }
    }
    None
}

fn matches(fragment: &Fragment, history: &History, index: usize) -> bool {
    let event = &history.events[index];
    let cause = || event.text("cause").unwrap_or_default();
    fragment.kind.as_deref().is_none_or(|kind| kind == event.kind)
        && fragment.state.as_deref().is_none_or(|state| state == history.state_of(index))
        && fragment.cause_contains.as_deref().is_none_or(|part| cause().contains(part))
        && fragment.details.iter().all(|(name, wanted)| detail(event, name, wanted))
}

/// Histories hold JSON as text: a text is compared as text, anything else as JSON.
fn detail(event: &Event, name: &str, wanted: &Value) -> bool {
    let Some(found) = event.text(name) else { return false };
    wanted.as_str() == Some(&*found) || Value::parse(&found).is_ok_and(|found| found == *wanted)
}

fn describe(fragment: &Fragment) -> String {
    let texts = [("type", &fragment.kind), ("state", &fragment.state), ("cause-contains", &fragment.cause_contains)];
    let texts = texts.into_iter().filter_map(|(name, text)| Some(format!("{name} = {}", text.as_deref()?)));
    texts
        .chain(fragment.details.iter().map(|(name, value)| format!("{name} = {}", value.to_json())))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Events that are like the one that was expected, or else where they stopped being so.
fn nearest(fragment: &Fragment, history: &History, from: usize) -> String {
    let like = |index: &usize| {
        fragment.kind.as_deref() == Some(&*history.events[*index].kind)
            || fragment.state.as_deref().is_some_and(|state| state == history.state_of(*index))
    };
    let lines = (from..history.events.len()).filter(like).take(5).map(|index| {
        let event = &history.events[index];
        format!("{} {} {}  {}", event.id, history.state_of(index), event.kind, summary(event)).trim_end().to_owned()
    });
    let lines: Vec<String> = lines.collect();
    match (lines.is_empty(), from) {
        (false, _) => lines.join("\n"),
        (true, 0) => "no such event".to_owned(),
        (true, from) => format!("no such event after event {}", history.events[from - 1].id),
    }
}
