//! `states:startExecution`: machines that are started by tasks and really run.

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_core::{RunError, RunStatus};

use super::stamp::{iso, uuid};
use super::{envelope, Work};
use crate::{Desk, Mode, Reply};

/// How many machines deep machines may start each other (`max-nesting`).
pub const MAX_NESTING: u32 = 16;

/// A machine to start.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// The file of the machine.
    pub file: PathBuf,
    /// The machine's ARN; made up where the task gives only a name.
    pub machine: String,
    /// The name of the new run.
    pub name: String,
    /// The input of the new run.
    pub input: Value,
    /// Whether it is run as an express machine.
    pub express: bool,
    /// How many machines deep the new run is; to be handed to its own [`super::Router`].
    pub depth: u32,
    /// The name of the run that starts it.
    pub parent: Arc<str>,
}

/// What a machine that was started came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// How it ended.
    pub status: RunStatus,
    /// The result; null unless it succeeded.
    pub output: Value,
    /// The name of the error.
    pub error: Option<Arc<str>>,
    /// The cause of the error.
    pub cause: Option<Arc<str>>,
    /// When it was started, in milliseconds since 1970.
    pub started: i64,
    /// When it ended.
    pub stopped: i64,
}

/// A machine under way; dropping it ends it. The error is for machines that cannot be started.
pub type ChildFuture = Pin<Box<dyn Future<Output = Result<Child, RunError>> + Send>>;

/// A machine being started; the value is the time of its start.
pub type LaunchFuture = Pin<Box<dyn Future<Output = Result<i64, RunError>> + Send>>;

/// Somebody who runs machines.
pub trait Machines: fmt::Debug + Send + Sync {
    /// Runs a machine to its end.
    fn run(&self, start: Start) -> ChildFuture;

    /// Starts a machine that nobody waits for. Unless it is told otherwise, the machine runs to its end before the
    /// task goes on: then nothing is cut off when the run that started it ends.
    fn launch(&self, start: Start) -> LaunchFuture {
        let run = self.run(start);
        Box::pin(async move { Ok(run.await?.started) })
    }
}

/// How deep this run is, and who runs what it starts.
#[derive(Clone, Debug, Default)]
pub(super) struct Starter {
    pub(super) machines: Option<Arc<dyn Machines>>,
    pub(super) depth: u32,
}

/// The machine a task starts, if it starts one.
pub(super) fn wanted(work: &Work) -> Option<&str> {
    let sync = work.resource.sdk_action("sfn");
    let starts =
        work.resource.is("states", "startExecution") || matches!(sync, Some("startExecution" | "startSyncExecution"));
    starts.then_some(())?;
    work.call.args.get("StateMachineArn")?.as_str()
}

/// Starts the machine in `file` for a task.
pub(super) async fn start(work: Work, starter: Starter, file: PathBuf, desk: Desk) -> Reply {
    let Some(machines) = starter.machines else {
        return Err(RunError::new("States.TaskFailed", "no machines are started here"));
    };
    if starter.depth >= MAX_NESTING {
        let cause = format!(
            "machines start each other more than {MAX_NESTING} deep (limit max-nesting), the last one '{}'; does one \
             of them start itself?",
            wanted(&work).unwrap_or_default()
        );
        return Err(RunError::new("States.TaskFailed", cause));
    }
    let start = described(&work, file, starter.depth + 1)?;
    let execution = Execution::of(&start);
    match (work.resource.sdk_action("sfn"), work.call.mode) {
        (Some("startSyncExecution"), _) => {
            let child = machines.run(start).await?;
            Ok(execution.synchronous(&child))
        }
        (Some(_), _) => {
            let at = machines.launch(start).await?;
            Ok([("ExecutionArn", Value::from(execution.arn.as_str())), ("StartDate", iso(at).into())]
                .into_iter()
                .collect())
        }
        (None, Mode::Sync(version)) => {
            desk.submitted(submitted(&work));
            let child = machines.run(start).await?;
            execution.outcome(&child, version >= 2)
        }
        (None, _) => {
            let at = machines.launch(start).await?;
            Ok(envelope::started(&work.call, &execution.arn, at))
        }
    }
}

fn described(work: &Work, file: PathBuf, depth: u32) -> Result<Start, RunError> {
    let args = &work.call.args;
    let given = wanted(work).unwrap_or_default();
    let machine = if given.starts_with("arn:") {
        given.to_owned()
    } else {
        format!("arn:aws:states:us-east-1:123456789012:stateMachine:{given}")
    };
    let name = args.get("Name").and_then(Value::as_str).map(str::to_owned);
    Ok(Start {
        file,
        machine,
        name: name.unwrap_or_else(|| uuid(&work.call.idempotency, "execution")),
        input: input(args.get("Input"))?,
        express: work.resource.sdk_action("sfn") == Some("startSyncExecution"),
        depth,
        parent: Arc::clone(&work.call.run),
    })
}

/// What the service says when a job was started, before anything is known of the job.
pub(super) fn submitted(work: &Work) -> Value {
    let start = wanted(work).map(|_| described(work, PathBuf::new(), 0));
    match start {
        Some(Ok(start)) => envelope::started(&work.call, &Execution::of(&start).arn, 0),
        _ => envelope::result(&work.resource, &work.call, Value::Null),
    }
}

/// The input a task gives: a text of JSON, or the value itself; without one, the empty object.
fn input(given: Option<&Value>) -> Result<Value, RunError> {
    match given {
        None | Some(Value::Null) => Ok(Value::empty_object()),
        Some(Value::String(text)) => Value::parse(text).map_err(|error| {
            RunError::new("StepFunctions.InvalidExecutionInputException", format!("'Input' is not JSON: {error}"))
        }),
        Some(value) => Ok(value.clone()),
    }
}

/// What is said of an execution that was started.
struct Execution {
    arn: String,
    machine: String,
    name: String,
    input: Value,
}

/// A member that may be absent.
type Member = (&'static str, Option<Value>);

impl Execution {
    fn of(start: &Start) -> Self {
        let kind = if start.express { ":express:" } else { ":execution:" };
        let mut arn = format!("{}:{}", start.machine.replacen(":stateMachine:", kind, 1), start.name);
        if start.express {
            arn = format!("{arn}:{}", uuid(&arn, "express"));
        }
        Self { arn, machine: start.machine.clone(), name: start.name.clone(), input: start.input.clone() }
    }

    /// The result of `.sync`, where input and output are texts, or of `.sync:2`, where they are `parsed`.
    fn outcome(&self, child: &Child, parsed: bool) -> Reply {
        let shown = |value: &Value| if parsed { value.clone() } else { value.to_json().into() };
        let dates = (child.started.into(), child.stopped.into());
        if child.status == RunStatus::Succeeded {
            let redrive = vec![
                ("RedriveCount", Some(0.into())),
                ("RedriveStatus", Some("NOT_REDRIVABLE".into())),
                ("RedriveStatusReason", Some("Execution is SUCCEEDED and cannot be redriven".into())),
            ];
            return Ok(self.described(child, &shown, dates, redrive));
        }
        // What is said of a failed execution has texts whatever the version.
        let record = self.described(child, &|value| value.to_json().into(), dates, Vec::new());
        Err(RunError::new("States.TaskFailed", record.to_json()))
    }

    /// The result of `startSyncExecution`, which succeeds whatever becomes of the execution.
    fn synchronous(&self, child: &Child) -> Value {
        let took = child.stopped.saturating_sub(child.started).max(0);
        let billed: Value = [
            ("BilledDurationInMilliseconds", Value::from(took.saturating_add(99) / 100 * 100)),
            ("BilledMemoryUsedInMB", 64.into()),
        ]
        .into_iter()
        .collect();
        let dates = (iso(child.started).into(), iso(child.stopped).into());
        self.described(child, &|value| value.to_json().into(), dates, vec![("BillingDetails", Some(billed))])
    }

    fn described(
        &self,
        child: &Child,
        shown: &dyn Fn(&Value) -> Value,
        (started, stopped): (Value, Value),
        more: Vec<Member>,
    ) -> Value {
        let included = || Some([("Included", Value::from(true))].into_iter().collect());
        let text = |text: &Option<Arc<str>>| text.clone().map(Value::from);
        let succeeded = child.status == RunStatus::Succeeded;
        let mut members: Vec<Member> = vec![
            ("Cause", text(&child.cause)),
            ("Error", text(&child.error)),
            ("ExecutionArn", Some(self.arn.as_str().into())),
            ("Input", Some(shown(&self.input))),
            ("InputDetails", included()),
            ("Name", Some(self.name.as_str().into())),
            ("Output", succeeded.then(|| shown(&child.output))),
            ("OutputDetails", succeeded.then(included).flatten()),
            ("StartDate", Some(started)),
            ("StateMachineArn", Some(self.machine.as_str().into())),
            ("Status", Some(status(child.status).into())),
            ("StopDate", Some(stopped)),
        ];
        members.extend(more);
        members.sort_by_key(|(name, _)| *name);
        members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

fn status(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Succeeded => "SUCCEEDED",
        RunStatus::Failed => "FAILED",
        RunStatus::TimedOut => "TIMED_OUT",
        RunStatus::Aborted => "ABORTED",
    }
}
