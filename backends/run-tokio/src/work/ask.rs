//! Tasks answered by whoever sits at the terminal.

use std::fmt;
use std::io::{BufRead, Write};
use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_core::RunError;

use super::Work;
use crate::Reply;

/// Somebody who can be asked. The call blocks; it is made on a thread of its own.
pub trait Ask: fmt::Debug + Send + Sync {
    /// Asks, and returns what was said; `None` when there will be no more answers.
    fn ask(&self, question: &str) -> std::io::Result<Option<String>>;
}

/// The terminal: questions go to standard error, answers are lines of standard input.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal;

impl Ask for Terminal {
    fn ask(&self, question: &str) -> std::io::Result<Option<String>> {
        // Held to the end of the answer: one question at a time.
        let mut stdin = std::io::stdin().lock();
        write!(std::io::stderr(), "{question} ")?;
        std::io::stderr().flush()?;
        let mut line = String::new();
        let read = stdin.read_line(&mut line)?;
        Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// Asks for a task's result: JSON, or a text that is not. `!Name: cause` makes the task fail.
pub(super) async fn run(work: &Work, asker: Arc<dyn Ask>, question: &str) -> Reply {
    let shown = format!("{} ({}): {question}\n{}\n>", work.call.name, work.call.tool, work.payload.to_json_pretty());
    let (tell, told) = tokio::sync::oneshot::channel();
    let ask = move || {
        // Nobody listens when the task is over already.
        let _ = tell.send(asker.ask(&shown));
    };
    std::thread::Builder::new().spawn(ask).map_err(|error| unanswered(&error.to_string()))?;
    match told.await {
        Ok(Ok(Some(line))) => answer(&line),
        Ok(Ok(None)) => Err(unanswered("standard input has ended")),
        Ok(Err(error)) => Err(unanswered(&error.to_string())),
        Err(_) => Err(unanswered("the terminal is gone")),
    }
}

fn answer(line: &str) -> Reply {
    if let Some(error) = line.strip_prefix('!') {
        let (name, cause) = error.split_once(':').unwrap_or((error, ""));
        return Err(RunError::new(name.trim(), cause.trim()));
    }
    Ok(Value::parse(line).unwrap_or_else(|_| line.into()))
}

fn unanswered(why: &str) -> RunError {
    RunError::new("States.TaskFailed", format!("nobody answered: {why}"))
}
