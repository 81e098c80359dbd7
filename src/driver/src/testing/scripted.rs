//! Tasks answered by a script: for each state a list of answers, given in order.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use wfc_expr::Value;
use wfc_run_tokio::{Call, Desk, Mode, Reply, RunError, ToolFuture, Tools};

use super::Answer;

/// Answers by the name of the state. How many were given counts over the whole run.
#[derive(Debug, Default)]
pub struct Scripted {
    by_state: HashMap<Arc<str>, Script>,
}

#[derive(Debug)]
struct Script {
    answers: Vec<Answer>,
    given: Mutex<u64>,
}

impl Scripted {
    /// A script with the answers of each state.
    pub fn new(answers: impl IntoIterator<Item = (Arc<str>, Vec<Answer>)>) -> Self {
        let script = |(state, answers)| (state, Script { answers, given: Mutex::new(0) });
        Self { by_state: answers.into_iter().map(script).collect() }
    }

    fn reply(&self, call: &Call) -> Reply {
        let answer = self.by_state.get(&call.name).and_then(Script::next);
        let Some(answer) = answer else {
            let cause = format!("the test gives no answer for the state '{0}': add [test.mock.{0}]", call.name);
            return Err(RunError::new("States.TaskFailed", cause));
        };
        match &answer.reply {
            Ok(value) => Ok(value.clone()),
            Err((error, cause)) => Err(RunError::new(Arc::clone(error), cause.clone().unwrap_or_default())),
        }
    }
}

impl Script {
    /// The next answer; the last one for ever.
    fn next(&self) -> Option<&Answer> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = *given;
        *given += 1;
        let due = self.answers.iter().find(|answer| {
            let due = before < answer.times;
            before = before.saturating_sub(answer.times);
            due
        });
        due.or(self.answers.last())
    }
}

impl Tools for Scripted {
    fn call(&self, call: Call, desk: Desk) -> ToolFuture {
        // Whoever knows the result of a job or callback himself says that it was begun.
        if matches!(call.mode, Mode::Token | Mode::Sync(_)) {
            desk.submitted(Value::empty_object());
        }
        let reply = self.reply(&call);
        Box::pin(async move { reply })
    }
}
