//! What became of a state that was tried, in the shape of the service's answer.

use std::sync::Arc;

use wfc_expr::Value;
use wfc_plan::{NodeIx, On};
use wfc_run_core::{Probe, ProbeEnd, Program, RunError, Stage};

use super::target::{Kind, Target};
use super::{Inspection, Request};

/// What became of a state that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// How it ended.
    pub status: Status,
    /// What it passes on.
    pub output: Option<Value>,
    /// The name of its error.
    pub error: Option<Arc<str>>,
    /// The cause of its error.
    pub cause: Option<Arc<str>>,
    /// Where control goes.
    pub next_state: Option<Arc<str>>,
    /// What its data became, by the names of the service; texts of documents, and numbers.
    pub inspection: Option<Value>,
}

/// How a state ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// With an output.
    Succeeded,
    /// With an error.
    Failed,
    /// With an error for which it would be tried again.
    Retriable,
    /// With an error that it handles.
    CaughtError,
}

impl Status {
    /// The service's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Status::Succeeded => "SUCCEEDED",
            Status::Failed => "FAILED",
            Status::Retriable => "RETRIABLE",
            Status::CaughtError => "CAUGHT_ERROR",
        }
    }
}

/// What states of a type show of their data: the service's name for it, and when that was.
type Shown = &'static [(&'static str, Stage)];

const SELECTED: (&str, Stage) = ("afterResultSelector", Stage::Selected);
const MERGED: (&str, Stage) = ("afterResultPath", Stage::Merged);
const INPUT: (&str, Stage) = ("afterInputPath", Stage::Input);
const RESULT: (&str, Stage) = ("result", Stage::Result);
const CONCURRENCY: (&str, Stage) = ("maxConcurrency", Stage::Concurrency);
const COUNT: (&str, Stage) = ("toleratedFailureCount", Stage::ToleratedCount);
const PERCENT: (&str, Stage) = ("toleratedFailurePercentage", Stage::ToleratedPercent);

fn shown(target: &Target) -> Shown {
    match (target.kind, target.jsonata) {
        (Kind::Task, true) => &[("afterArguments", Stage::Args), RESULT],
        (Kind::Map, true) => &[CONCURRENCY, COUNT, PERCENT],
        (_, true) => &[],
        (Kind::Pass, _) if target.has_result => &[("result", Stage::Args), SELECTED, MERGED],
        (Kind::Pass, _) => &[INPUT, ("afterParameters", Stage::Args), SELECTED, MERGED],
        (Kind::Task, _) => &[INPUT, ("afterParameters", Stage::Args), RESULT, SELECTED, MERGED],
        (Kind::Map, _) => &[INPUT, ("afterItemsPath", Stage::Items), CONCURRENCY, COUNT, PERCENT, SELECTED, MERGED],
        (Kind::Parallel, _) => &[SELECTED, MERGED],
        (Kind::Choice | Kind::Fail | Kind::Wait | Kind::Succeed, _) => &[INPUT],
    }
}

impl Answer {
    pub(super) fn of(program: &Program, target: &Target, request: &Request, seen: Probe) -> Self {
        let inspection = (request.inspection != Inspection::Info).then(|| inspect(target, request, &seen));
        let mut answer = Self::ended(program, seen.end);
        answer.inspection = inspection;
        answer
    }

    fn ended(program: &Program, end: Option<ProbeEnd>) -> Self {
        let name = |node: NodeIx| Arc::clone(&program.plan().nodes[node.at()].name);
        match end {
            Some(ProbeEnd::Left { to, output, error, .. }) => {
                let status = if error.is_some() { Status::CaughtError } else { Status::Succeeded };
                let answer = Self::failed(status, error);
                Self { output: Some(output), next_state: to.map(name), ..answer }
            }
            Some(ProbeEnd::Retry { error, .. }) => Self::failed(Status::Retriable, Some(error)),
            Some(ProbeEnd::Failed { error, .. }) => Self::failed(Status::Failed, Some(error)),
            None => Self::failed(Status::Failed, None),
        }
    }

    fn failed(status: Status, error: Option<RunError>) -> Self {
        let (error, cause) = error.map_or((None, None), |error| (error.name.clone(), cause(&error)));
        Self { status, output: None, error, cause, next_state: None, inspection: None }
    }

    /// The answer as the service writes it; documents are texts.
    pub fn to_value(&self) -> Value {
        let text = |text: &Option<Arc<str>>| text.clone().map(Value::from);
        let members = [
            ("output", self.output.as_ref().map(|output| output.to_json().into())),
            ("error", text(&self.error)),
            ("cause", text(&self.cause)),
            ("inspectionData", self.inspection.clone()),
            ("nextState", text(&self.next_state)),
            ("status", Some(self.status.name().into())),
        ];
        members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// The cause of an error. The service does not say here in which state it was, since there is only one, and it
/// calls the context object `$` where its path is not one to items.
fn cause(error: &RunError) -> Option<Arc<str>> {
    let cause = error.cause.as_ref()?;
    if !error.fault.as_ref().is_some_and(|fault| fault.placed) {
        return Some(Arc::clone(cause));
    }
    let behind = |(_, rest): (&str, &str)| rest.find("). ").map(|at| at + "). ".len() + cause.len() - rest.len());
    let from = cause.split_once("(entered at the event id #").and_then(behind).unwrap_or_default();
    Some(match cause[from..].strip_prefix("Reference path \"$$") {
        Some(rest) => format!("Reference path \"${rest}").into(),
        None => cause[from..].into(),
    })
}

fn inspect(target: &Target, request: &Request, seen: &Probe) -> Value {
    let stage = |wanted: Stage| seen.stages.iter().find(|(stage, _)| *stage == wanted).map(|(_, value)| value);
    let stages = shown(target).iter().filter_map(|(name, at)| Some((*name, told(*at, stage(*at)?))));
    let details = seen.end.as_ref().and_then(error_details).map(|details| ("errorDetails", details));
    let input = ("input", Value::from(request.input.to_json()));
    std::iter::once(input).chain(stages).chain(details).collect()
}

/// Documents are texts, and numbers are numbers.
fn told(stage: Stage, value: &Value) -> Value {
    match stage {
        Stage::Concurrency | Stage::ToleratedCount | Stage::ToleratedPercent => value.clone(),
        _ => value.to_json().into(),
    }
}

/// Which rule was for the error.
fn error_details(end: &ProbeEnd) -> Option<Value> {
    let number = |number: u32| Value::from(i64::from(number));
    match end {
        ProbeEnd::Left { on: On::Error(index), .. } => Some([("catchIndex", number(*index))].into_iter().collect()),
        ProbeEnd::Retry { index, delay, .. } => {
            let seconds = Value::from(delay.div_euclid(1000));
            Some([("retryIndex", number(*index)), ("retryBackoffIntervalSeconds", seconds)].into_iter().collect())
        }
        ProbeEnd::Failed { exhausted: Some(index), .. } => Some([("retryIndex", number(*index))].into_iter().collect()),
        _ => None,
    }
}
