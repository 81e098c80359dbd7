//! Answers from a file instead of the world: our own format, and `MockConfigFile.json` of Step Functions Local.

mod auto;
mod aws;
mod own;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use wfc_expr::nearest::nearest;
use wfc_expr::Value;
use wfc_run_core::RunError;

pub use auto::{AutoMock, Expectation, Guess, Part};

use super::pattern::Patterns;
use super::resource::Kind;
use super::{envelope, executions, Work};
use crate::{Call, Desk, Mode, NoTools, Reply, ToolFuture, Tools};

/// Answers by state, in the order of calls.
///
/// The calls of a state are counted over the whole run: retries and later visits go on where earlier ones stopped.
/// A state without answers is left to other tools ([`Mocks::over`]).
#[derive(Debug)]
pub struct Mocks {
    source: Source,
    states: Patterns<Sequence>,
    asked: Mutex<BTreeMap<String, u64>>,
    others: Box<dyn Tools>,
    instant: bool,
}

/// Why a mock file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockError {
    /// The file.
    pub file: String,
    /// Line and column, both from 1, where they are known.
    pub at: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for MockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some((line, column)) = self.at {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for MockError {}

/// A file and its text, for messages.
#[derive(Clone, Debug)]
struct Source {
    file: String,
    text: String,
    /// `case 'happy'`, for messages; empty if there are no cases.
    case: String,
}

/// The answers for one state: each for a range of calls, counted from 0, in order.
#[derive(Clone, Debug, PartialEq)]
struct Sequence {
    answers: Vec<(Calls, Answer)>,
    /// How another answer is added, for the message when there is none.
    advice: String,
}

/// The first call and the last.
type Calls = (u64, u64);

#[derive(Clone, Debug, PartialEq)]
struct Answer {
    what: What,
    after: Duration,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    /// The result as it is.
    Result(Value),
    /// The result as AWS's file has it: a function called by its ARN returns the payload only.
    Return(Value),
    /// What a function returned; `lambda:invoke` puts it into its envelope.
    Payload(Value),
    Error {
        name: Option<String>,
        cause: Option<String>,
    },
}

impl Mocks {
    /// Reads a mock file. A file with `StateMachines` is `MockConfigFile.json`; `machine` chooses in it. Without a
    /// `case`, the only case is taken, or in our own format what stands for all cases.
    pub fn load(text: &str, file: &str, machine: &str, case: Option<&str>) -> Result<Self, MockError> {
        let mut source = Source { file: file.to_owned(), text: text.to_owned(), case: String::new() };
        let document = source.read()?;
        let states = match document.get("StateMachines") {
            Some(_) => aws::states(&mut source, &document, machine, case)?,
            None => own::states(&mut source, &document, case)?,
        };
        let mut table = Patterns::default();
        for (state, sequence) in states {
            table.insert(state, sequence);
        }
        Ok(Self { source, states: table, asked: Mutex::default(), others: Box::new(NoTools), instant: false })
    }

    /// Refuses names of states that are none of these, the states that do work.
    pub fn check_states(&self, known: &[&str]) -> Result<(), MockError> {
        let names = self.states.keys().filter(|name| !name.contains(['*', '?']));
        match names.into_iter().find(|name| !known.contains(name)) {
            None => Ok(()),
            Some(name) => {
                let near = nearest(name, known.iter().copied());
                let hint = match near {
                    Some(near) => format!("did you mean '{near}'?"),
                    None => format!("those that do are {}", listed(known.iter().copied())),
                };
                Err(self.source.error(Some(name), format!("'{name}' is no state that calls anything; {hint}")))
            }
        }
    }

    /// Leaves states without answers to `others`.
    pub fn over(mut self, others: Box<dyn Tools>) -> Self {
        self.others = others;
        self
    }

    /// Answers without delay, for virtual time. A delay that reaches one of the task's time limits is never over: then
    /// the clock runs to the limit.
    pub fn at_once(mut self) -> Self {
        self.instant = true;
        self
    }

    fn next_call(&self, state: &str) -> u64 {
        // A panic elsewhere leaves the counts as they were.
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let count = asked.entry(state.to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    fn ran_out(&self, sequence: &Sequence, call: &Call, index: u64) -> RunError {
        let Source { file, case, .. } = &self.source;
        let state = &call.name;
        let count: u64 = sequence.answers.iter().map(|((first, last), _)| last - first + 1).sum();
        let cause = format!(
            "{file}{case}: the state '{state}' has {count} answer{}, and none for its call number {} (attempt {} of \
             visit {}); {}",
            if count == 1 { "" } else { "s" },
            index + 1,
            call.attempt,
            call.visit,
            sequence.advice
        );
        RunError::new("States.Runtime", cause)
    }
}

impl Tools for Mocks {
    fn call(&self, call: Call, desk: Desk) -> ToolFuture {
        match self.answer(&call) {
            Some(answer) => Box::pin(given(answer, call, desk, self.instant)),
            None => self.others.call(call, desk),
        }
    }

    /// A state's answers are those of its activity's worker.
    fn worker(&self, call: &Call, desk: Desk) -> Option<(Option<Arc<str>>, ToolFuture)> {
        match self.answer(call) {
            Some(answer) => Some((None, Box::pin(given(answer, call.clone(), desk, self.instant)))),
            None => self.others.worker(call, desk),
        }
    }
}

impl Mocks {
    /// The next answer for a call; an error if there was one and is none any more.
    fn answer(&self, call: &Call) -> Option<Result<Answer, RunError>> {
        let names = [call.name.to_string()];
        let sequence = self.states.find(&names).or_else(|| self.states.rest(&names))?;
        let index = self.next_call(&call.name);
        Some(sequence.at(index).cloned().ok_or_else(|| self.ran_out(sequence, call, index)))
    }
}

impl Sequence {
    fn at(&self, index: u64) -> Option<&Answer> {
        self.answers.iter().find(|((first, last), _)| (*first..=*last).contains(&index)).map(|(_, answer)| answer)
    }
}

async fn given(answer: Result<Answer, RunError>, call: Call, desk: Desk, instant: bool) -> Reply {
    let answer = answer?;
    let work = Work::new(call, PathBuf::new());
    if let Mode::Sync(_) = work.call.mode {
        desk.submitted(executions::submitted(&work));
    }
    let never = instant && (reaches(answer.after, work.call.timeout) || reaches(answer.after, work.call.heartbeat));
    let after = if instant { Duration::ZERO } else { answer.after };
    if work.call.mode == Mode::Token {
        let submitted = executions::submitted(&work);
        match (never, after.is_zero()) {
            (true, _) => {}
            // Said before the service's own answer, so that a virtual clock cannot run ahead of it.
            (false, true) => desk.answer(answer.what.reply(&work)),
            (false, false) => drop(tokio::spawn(async move {
                tokio::time::sleep(after).await;
                desk.answer(answer.what.reply(&work));
            })),
        }
        return Ok(submitted);
    }
    if never {
        desk.idle();
        return std::future::pending().await;
    }
    tokio::time::sleep(after).await;
    answer.what.reply(&work)
}

impl What {
    fn reply(self, work: &Work) -> Reply {
        match self {
            What::Result(value) => Ok(value),
            What::Return(value) if work.resource.kind == Kind::Lambda => {
                Ok(value.get("Payload").cloned().unwrap_or(value))
            }
            What::Return(value) => Ok(value),
            // What a service's envelope would hold is the answer itself when it comes by token.
            What::Payload(value) if work.call.mode != Mode::Reply => Ok(value),
            What::Payload(value) => Ok(envelope::result(&work.resource, &work.call, value)),
            What::Error { name, cause } => {
                Err(RunError { name: name.map(Into::into), cause: cause.map(Into::into), ..RunError::new("", "") })
            }
        }
    }
}

fn reaches(after: Duration, limit: Option<i64>) -> bool {
    limit.is_some_and(|limit| after.as_millis() >= u128::try_from(limit).unwrap_or(0))
}

/// Names for a message; only the first of many.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const MOST: usize = 8;
    let names: Vec<&str> = names.collect();
    let shown = names.iter().take(MOST).map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => "none".to_owned(),
        count if count > MOST => format!("{shown} and {} more", count - MOST),
        _ => shown,
    }
}

impl Source {
    /// The file's content: TOML if its name says so, else JSON.
    fn read(&self) -> Result<Value, MockError> {
        if self.file.to_ascii_lowercase().ends_with(".toml") {
            return toml::from_str(&self.text)
                .map_err(|error| self.at(error.span().map(|span| span.start), error.message().to_owned()));
        }
        Value::parse(&self.text).map_err(|error| self.at(Some(error.offset), format!("this is not JSON: {error}")))
    }

    /// An error at the first place where `name` stands as a name or text of the file.
    fn error(&self, name: Option<&str>, message: String) -> MockError {
        let quoted = |name: &str| self.text.find(&wfc_expr::value::quoted(name));
        self.at(name.and_then(|name| quoted(name).or_else(|| self.text.find(name))), message)
    }

    fn at(&self, offset: Option<usize>, message: String) -> MockError {
        let at = offset.map(|offset| {
            let before = String::from_utf8_lossy(&self.text.as_bytes()[..offset.min(self.text.len())]);
            let line = before.rsplit('\n').next().unwrap_or_default();
            (before.matches('\n').count() + 1, line.chars().count() + 1)
        });
        MockError { file: self.file.clone(), at, message }
    }

    /// The case to take: the one asked for, or the only one; `None` if none is asked for and there is a choice.
    fn case<'c>(&mut self, cases: &[&'c str], asked: Option<&str>) -> Result<Option<&'c str>, MockError> {
        let chosen = match (asked, cases) {
            (Some(asked), _) => {
                let found = cases.iter().copied().find(|case| *case == asked);
                Some(found.ok_or_else(|| self.unknown("case", asked, cases))?)
            }
            (None, [only]) => Some(*only),
            (None, _) => None,
        };
        if let Some(case) = chosen {
            self.case = format!(", case '{case}'");
        }
        Ok(chosen)
    }

    fn unknown(&self, what: &str, name: &str, known: &[&str]) -> MockError {
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("there is {}", listed(known.iter().copied())),
        };
        self.error(None, format!("there is no {what} '{name}'; {hint}"))
    }

    /// The members of an object, of which `known` are allowed; any if empty.
    fn members<'v>(
        &self,
        value: &'v Value,
        what: &str,
        known: &[&str],
    ) -> Result<Vec<(&'v str, &'v Value)>, MockError> {
        let object = value
            .as_object()
            .ok_or_else(|| self.error(None, format!("{what} is an object, not {}", value.type_name())))?;
        match object.keys().find(|name| !known.is_empty() && !known.contains(name)) {
            Some(name) => {
                let hint = match nearest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean '{near}'?"),
                    None => format!("known are {}", listed(known.iter().copied())),
                };
                Err(self.error(Some(name), format!("{what} has no '{name}'; {hint}")))
            }
            None => Ok(object.iter().collect()),
        }
    }
}
