//! The loop of a run: commands out, events in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use wfc_expr::Value;
use wfc_plan::Plan;
use wfc_run_core::{step, Act, Body, Command, Dispatch, Event, LoadError, Program, Record, RunError, RunState, Status};

use crate::clock::Timers;
use crate::{Call, Desk, Mode, Options, Outcome, Reply};

/// Why a run could not be brought to an outcome of its own.
#[derive(Debug)]
pub enum RunFailure {
    /// The plan cannot be run.
    Load(LoadError),
    /// The system gives no runtime.
    Runtime(std::io::Error),
    /// The run made more transitions than it may.
    Turns {
        /// The limit that was in force, in units of [`wfc_run_core::FUEL`].
        max_turns: u64,
    },
    /// Nothing is under way and nothing will happen: a mistake of the plan or of the core.
    Stuck,
}

impl fmt::Display for RunFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunFailure::Load(error) => error.fmt(f),
            RunFailure::Runtime(error) => write!(f, "the system gives no asynchronous runtime: {error}"),
            RunFailure::Turns { max_turns } => write!(
                f,
                "the run was ended after {} transitions without coming to an end (limit max-turns)",
                max_turns.saturating_mul(wfc_run_core::FUEL as u64)
            ),
            RunFailure::Stuck => write!(f, "the run waits for nothing that could happen"),
        }
    }
}

impl std::error::Error for RunFailure {}

/// Runs a plan to its end on a runtime of its own.
pub fn run_blocking(plan: Plan, input: Value, options: Options) -> Result<Outcome, RunFailure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunFailure::Runtime)?;
    runtime.block_on(run(plan, input, options))
}

/// Runs a plan to its end. Dropping the future ends all work under way.
pub async fn run(plan: Plan, input: Value, options: Options) -> Result<Outcome, RunFailure> {
    let program = Program::load(plan).map_err(RunFailure::Load)?;
    let body = Body::Start { run: options.run.clone(), seed: options.seed, input, context: options.context.clone() };
    let mut driver = Driver::new(&program, options);
    let mut next = body;
    loop {
        if let Some(outcome) = driver.feed(next)? {
            return Ok(outcome);
        }
        next = driver.wait().await?;
    }
}

/// Work under way ends with the act it was for.
type Ended = (Act, Body);

struct Driver<'a> {
    program: &'a Program,
    options: Options,
    state: RunState,
    timers: Timers,
    work: JoinSet<Ended>,
    handles: BTreeMap<Act, AbortHandle>,
    acts: BTreeMap<Id, Act>,
    /// Work that waits for a slot: larger priority first, then declaration order, then frame.
    queue: BTreeMap<Turn, Dispatch>,
    waiting: BTreeMap<Act, Turn>,
    /// Cancelled before it had a slot.
    unstarted: BTreeSet<Act>,
    records: Vec<Record>,
    seq: u64,
    turns: u64,
}

/// Where a dispatch stands in the queue.
type Turn = (std::cmp::Reverse<i64>, wfc_plan::NodeIx, u32, Act);

impl<'a> Driver<'a> {
    fn new(program: &'a Program, options: Options) -> Self {
        Self {
            program,
            timers: Timers::new(options.clock),
            options,
            state: RunState::new(),
            work: JoinSet::new(),
            handles: BTreeMap::new(),
            acts: BTreeMap::new(),
            queue: BTreeMap::new(),
            waiting: BTreeMap::new(),
            unstarted: BTreeSet::new(),
            records: Vec::new(),
            seq: 0,
            turns: 0,
        }
    }

    /// Feeds an event, and goes on until the core rests.
    fn feed(&mut self, body: Body) -> Result<Option<Outcome>, RunFailure> {
        let mut body = body;
        loop {
            self.turns += 1;
            if self.turns > self.options.max_turns {
                return Err(RunFailure::Turns { max_turns: self.options.max_turns });
            }
            let (status, outcome) = self.step(body);
            match status {
                Status::Again => body = Body::Go,
                Status::Idle => return Ok(None),
                Status::Ended => return Ok(outcome),
            }
        }
    }

    fn step(&mut self, body: Body) -> (Status, Option<Outcome>) {
        self.seq += 1;
        let event = Event { seq: self.seq, at: self.timers.now(), body };
        let mut commands = Vec::new();
        let status = step(self.program, &mut self.state, event, &mut commands);
        let ended = commands.into_iter().fold(None, |ended, command| self.obey(command).or(ended));
        self.fill_slots();
        (status, ended)
    }

    fn obey(&mut self, command: Command) -> Option<Outcome> {
        match command {
            Command::Dispatch(dispatch) => {
                let act = dispatch.act;
                let turn = (std::cmp::Reverse(dispatch.priority), act.node, act.frame, act);
                self.waiting.insert(act, turn);
                self.queue.insert(turn, dispatch);
            }
            Command::Cancel { act } => self.cancel(act),
            Command::SetTimer { id, at } => self.timers.set(id, at),
            Command::ClearTimer { id } => self.timers.clear(id),
            Command::Record(record) => self.records.push(record),
            Command::End(end) => {
                let records = std::mem::take(&mut self.records);
                return Some(Outcome {
                    status: end.status,
                    output: end.output,
                    error: end.error,
                    cause: end.cause,
                    records,
                });
            }
        }
        None
    }

    fn cancel(&mut self, act: Act) {
        if let Some(turn) = self.waiting.remove(&act) {
            self.queue.remove(&turn);
            self.unstarted.insert(act);
        } else if let Some(handle) = self.handles.get(&act) {
            handle.abort();
        }
    }

    fn fill_slots(&mut self) {
        let slots = if self.options.concurrency == 0 { usize::MAX } else { self.options.concurrency };
        while self.work.len() < slots {
            let Some((_, dispatch)) = self.queue.pop_first() else { return };
            self.waiting.remove(&dispatch.act);
            self.begin(dispatch);
        }
    }

    fn begin(&mut self, dispatch: Dispatch) {
        let act = dispatch.act;
        let limit = dispatch.timeout.map(|ms| Duration::from_millis(u64::try_from(ms).unwrap_or(0)));
        let call = Call {
            tool: dispatch.tool,
            mode: Mode::Reply,
            name: Arc::clone(&dispatch.key),
            key: dispatch.key,
            args: dispatch.args,
            attempt: act.attempt,
            visit: 1,
            token: None,
            timeout: dispatch.timeout,
            heartbeat: None,
            credentials: None,
            idempotency: dispatch.idempotency,
            run: self.options.run.as_str().into(),
        };
        let working = self.options.tools.call(call, Desk::quiet());
        let handle = self.work.spawn(async move {
            let reply = match limit {
                Some(limit) => tokio::time::timeout(limit, working).await.ok(),
                None => Some(working.await),
            };
            (act, body_of(act, reply))
        });
        self.acts.insert(handle.id(), act);
        self.handles.insert(act, handle);
    }

    /// The next thing that happens.
    async fn wait(&mut self) -> Result<Body, RunFailure> {
        if let Some(act) = self.unstarted.pop_first() {
            return Ok(Body::Cancelled { act });
        }
        let pause = self.timers.pause(!self.work.is_empty());
        if self.work.is_empty() && pause.is_none() {
            return Err(RunFailure::Stuck);
        }
        let timer = async {
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => pending().await,
            }
        };
        tokio::select! {
            biased;
            Some(ended) = self.work.join_next_with_id() => Ok(self.ended(ended)),
            () = timer => Ok(self.timers.take().map_or(Body::Go, |id| Body::Timer { id })),
        }
    }

    fn ended(&mut self, ended: Result<(Id, Ended), JoinError>) -> Body {
        let id = match &ended {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let act = self.acts.remove(&id);
        if let Some(act) = act {
            self.handles.remove(&act);
        }
        match (ended, act) {
            (Ok((_, (_, body))), _) => body,
            (Err(error), Some(act)) if error.is_cancelled() => Body::Cancelled { act },
            (Err(_), Some(act)) => {
                Body::Failed { act, error: RunError::new("wfc.ToolPanicked", "the tool ended unexpectedly") }
            }
            (Err(_), None) => Body::Go,
        }
    }
}

/// The event for a reply; without one, the time was up.
fn body_of(act: Act, reply: Option<Reply>) -> Body {
    match reply {
        Some(Ok(value)) => Body::Done { act, value },
        Some(Err(error)) => Body::Failed { act, error },
        None => Body::TimedOut { act },
    }
}
