//! Tasks that nothing answers: what to add for them, and which there were.

use std::sync::{Arc, Mutex, PoisonError};

use wfc_expr::nearest::nearest;
use wfc_expr::value::quoted;
use wfc_run_core::RunError;

use super::{executions, s3, Work};
use crate::items::missing_bucket;
use crate::Mode;

/// What nothing answered in a run: a handle that outlives the router, all of whose clones share one list.
#[derive(Clone, Debug, Default)]
pub struct Missing(Arc<Mutex<Vec<String>>>);

impl Missing {
    /// The functions, machines, buckets (`s3://NAME`) and Resources, each once, in the order they were first asked
    /// for. They are forgotten with this.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, name: String) {
        // A panic elsewhere leaves the list as it was.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.contains(&name) {
            all.push(name);
        }
    }

    /// The error of a task that nothing answers, which is remembered; `known` are the keys of `[tasks]`.
    pub(super) fn error<'k>(&self, work: &Work, known: impl Iterator<Item = &'k str>) -> RunError {
        let key = work.function().unwrap_or_else(|| work.resource.plain());
        let near = nearest(key, known).map_or_else(String::new, |near| format!(" (is '{near}' meant for it?)"));
        let (name, line) = match (executions::wanted(work), s3::bucket(work)) {
            (Some(machine), _) => (machine.to_owned(), format!("[machines]\n{} = \"FILE.asl.json\"", quoted(machine))),
            (None, Some(bucket)) => (format!("s3://{bucket}"), missing_bucket(bucket)),
            (None, None) => (key.to_owned(), format!("[tasks]\n{} = {}", quoted(key), example(work))),
        };
        self.note(name);
        let cause = format!(
            "nothing answers '{}' (state '{}'){near}; add to wfc.toml:\n\n{line}\n\n{}",
            work.resource.text,
            work.call.name,
            others(work)
        );
        RunError::new("States.TaskFailed", cause)
    }
}

fn waits_for_token(work: &Work) -> bool {
    work.call.mode == Mode::Token || work.resource.text.ends_with(".waitForTaskToken")
}

/// An entry of `[tasks]`. For a task that waits for its token it is one that only sends the token to somebody.
fn example(work: &Work) -> &'static str {
    match (work.resource.is_lambda(), waits_for_token(work)) {
        (true, _) => r#"{ handler = "FILE.py:handler" }"#,
        (false, true) => r#"{ command = "PROGRAM" }"#,
        (false, false) => "{ result = {} }",
    }
}

/// What there is besides the line.
fn others(work: &Work) -> &'static str {
    match waits_for_token(work) {
        true => {
            "a `command`, a `handler` or an `http` endpoint only sends the request (the first two find the token in \
             WFC_TASK_TOKEN), and the answer then comes with `wfc task success TOKEN`; a `result` would answer at once"
        }
        false => {
            "or run with a mock; a task can also be answered by a `command`, an `http` endpoint or a question (`ask`)"
        }
    }
}
