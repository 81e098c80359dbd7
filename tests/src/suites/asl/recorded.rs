//! Answers the work of a run with what was recorded for it.

use std::collections::BTreeMap;
use std::future::{pending, ready};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value as Json;
use wfc_driver::runtime::{Call, Desk, Mode, Reply, RunError, ToolFuture, Tools};
use wfc_expr::Value;

use super::compare::{Texts, Words};
use crate::Case;

/// The recorded attempts of every state, in order.
#[derive(Debug)]
pub(super) struct RecordedTools {
    left: Mutex<BTreeMap<String, Vec<Attempt>>>,
    words: Words,
    /// The name of the worker of activities, if it has one.
    worker: Option<Arc<str>>,
}

/// One recorded attempt at a state's work.
#[derive(Clone, Debug)]
struct Attempt {
    /// What the work was given.
    given: Option<Json>,
    /// What the service said at once, where the answer came later.
    submitted: Option<Value>,
    /// What it came to; nothing if that took longer than it might.
    reply: Option<Reply>,
}

/// The recorded attempts of a case, with the states they are for.
fn attempts(case: &Case) -> impl Iterator<Item = (&String, &Json)> {
    let states = case.get(&["tasks"]).and_then(Json::as_object).into_iter().flatten();
    states.flat_map(|(state, list)| list.as_array().into_iter().flatten().map(move |attempt| (state, attempt)))
}

impl RecordedTools {
    /// The attempts recorded in a case.
    pub(super) fn of(case: &Case, words: Words) -> Self {
        let mut left = BTreeMap::<String, Vec<Attempt>>::new();
        for (state, attempt) in attempts(case) {
            left.entry(state.clone()).or_default().push(Attempt::read(attempt));
        }
        let worker = case.get(&["workers"]).and_then(worker_name).map(Arc::from);
        Self { left: Mutex::new(left), words, worker }
    }

    /// The next attempt at a state's work: the first that was given the same, else the first.
    fn take(&self, state: &str, args: &Value) -> Option<Attempt> {
        let args = json(args);
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let attempts = left.get_mut(state).filter(|attempts| !attempts.is_empty())?;
        let same = |attempt: &Attempt| {
            attempt.given.as_ref().is_some_and(|given| self.words.difference(given, &args, Texts::Plain).is_none())
        };
        let at = attempts.iter().position(same).unwrap_or_default();
        Some(attempts.remove(at))
    }
}

impl Tools for RecordedTools {
    fn call(&self, call: Call, desk: Desk) -> ToolFuture {
        let Some(attempt) = self.take(&call.name, &call.args) else {
            let cause = format!("no attempt at the work of '{}' is recorded any more", call.name);
            return Box::pin(ready(Err(RunError::new("NothingRecorded", cause))));
        };
        match (call.mode, attempt.submitted) {
            (Mode::Token, Some(submitted)) => {
                attempt.reply.into_iter().for_each(|reply| desk.answer(reply));
                return Box::pin(ready(Ok(submitted)));
            }
            (Mode::Sync(_), Some(submitted)) => desk.submitted(submitted),
            _ => {}
        }
        match attempt.reply {
            Some(reply) => Box::pin(ready(reply)),
            None => {
                desk.idle();
                Box::pin(pending())
            }
        }
    }

    fn worker(&self, call: &Call, _: Desk) -> Option<(Option<Arc<str>>, ToolFuture)> {
        let attempt = self.take(&call.name, &call.args)?;
        let reply = attempt.reply?;
        Some((self.worker.clone(), Box::pin(ready(reply))))
    }
}

impl Attempt {
    fn read(attempt: &Json) -> Self {
        let text = |name: &str| attempt.get(name).and_then(Json::as_str).map(Arc::<str>::from);
        let reply = match text("outcome").as_deref() {
            Some("succeeded") => Some(Ok(value(attempt.get("output").unwrap_or(&Json::Null)))),
            Some("failed") => {
                let error = RunError::new("", "");
                Some(Err(RunError {
                    name: text("error"),
                    cause: text("cause_text").or_else(|| text("cause")),
                    ..error
                }))
            }
            _ => None,
        };
        let given = attempt.get("parameters").or_else(|| attempt.get("input")).cloned();
        Self { given, submitted: attempt.get("submitted").map(value), reply }
    }
}

/// The name under which recorded workers polled.
fn worker_name(workers: &Json) -> Option<&str> {
    match workers {
        Json::Object(members) => {
            members.get("WorkerName").and_then(Json::as_str).or_else(|| members.values().find_map(worker_name))
        }
        Json::Array(items) => items.iter().find_map(worker_name),
        _ => None,
    }
}

/// The same value in the runtime's terms.
pub(super) fn value(json: &Json) -> Value {
    Value::parse(&json.to_string()).unwrap_or_default()
}

/// The same value in the terms of cases.
pub(super) fn json(value: &Value) -> Json {
    serde_json::from_str(&value.to_json()).unwrap_or_default()
}
