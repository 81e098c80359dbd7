//! The loop of a run: commands out, events in.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use wfc_expr::Value;
use wfc_plan::Plan;
use wfc_run_core::{
    step, Act, Body, Command, Event as CoreEvent, LoadError, Program, Purpose, Record, RunState, Setting, Status,
    TimerId,
};

use crate::answers::{AnswerQueue, Ask};
use crate::clock::Timers;
use crate::item_runs::{Ended, Feeds, ItemRun};
use crate::jobs::{Event, Job, Jobs, FIRST_ACT};
use crate::{Options, Outcome, Took, Watch};

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
    /// A task waits for an answer that nobody can give.
    Unanswered {
        /// The task.
        key: Arc<str>,
        /// What an answer would refer to.
        token: Option<Arc<str>>,
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
                "the run was ended after {} transitions without a rest (limit max-turns)",
                max_turns.saturating_mul(wfc_run_core::FUEL as u64)
            ),
            RunFailure::Unanswered { key, .. } => {
                write!(f, "'{key}' waits for an answer that nobody can give, and has no time limit")
            }
            RunFailure::Stuck => write!(f, "the run waits for nothing that could happen"),
        }
    }
}

impl std::error::Error for RunFailure {}

/// Runs a plan to its end on a runtime of its own.
pub fn run_blocking(plan: Plan, input: Value, options: Options) -> Result<Outcome, RunFailure> {
    let program = Program::load(plan).map_err(RunFailure::Load)?;
    run_program_blocking(&program, input, options)
}

/// Runs a program to its end on a runtime of its own.
pub fn run_program_blocking(program: &Program, input: Value, options: Options) -> Result<Outcome, RunFailure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunFailure::Runtime)?;
    runtime.block_on(run_program(program, input, options))
}

/// Runs a plan to its end. Dropping the future ends all work under way.
pub async fn run(plan: Plan, input: Value, options: Options) -> Result<Outcome, RunFailure> {
    let program = Program::load(plan).map_err(RunFailure::Load)?;
    run_program(&program, input, options).await
}

/// Runs a program to its end. Dropping the future ends all work under way.
pub async fn run_program(program: &Program, input: Value, options: Options) -> Result<Outcome, RunFailure> {
    let body = Body::Start {
        run: options.run.clone(),
        seed: options.seed,
        input,
        context: options.context.clone(),
        setting: options.setting.clone(),
    };
    let mut driver = Driver::new(program, options);
    driver.ready.push_back((ROOT, body));
    loop {
        if let Some(outcome) = driver.go_on()? {
            return Ok(outcome);
        }
        driver.wait().await?;
    }
}

/// The run that was asked for; others are runs of its items.
const ROOT: u32 = 0;

/// How many events are taken in one go before the world is looked at again.
const GULP: usize = 4_096;

/// A timer of one of the runs.
type Alarm = (u32, Due);

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Core(TimerId),
    Timeout(Act),
    Silence(Act),
}

/// What comes before all else that is due in a run.
const FIRST_DUE: Due = Due::Core(TimerId { act: FIRST_ACT, purpose: Purpose::Wait });

struct Driver<'a> {
    program: &'a Program,
    state: RunState,
    /// The name of the run that was asked for.
    name: String,
    item_runs: BTreeMap<u32, ItemRun>,
    /// The runs of items by who waits for them.
    brood: BTreeSet<(Job, u32)>,
    next_run: u32,
    /// What has happened and was not told yet.
    ready: VecDeque<Event>,
    ended: Ended,
    jobs: Jobs,
    timers: Timers<Alarm>,
    feeds: Feeds,
    answers: Option<AnswerQueue>,
    cancel: Option<Arc<Notify>>,
    cancelled: bool,
    watch: Option<Box<dyn Watch>>,
    keep_records: bool,
    records: Vec<Record>,
    took: Took,
    /// Room for what a step wants, kept.
    commands: Vec<Command>,
    seq: u64,
    turns: u64,
    max_turns: u64,
    item_setting: Setting,
    context: Value,
    seed: u64,
}

impl<'a> Driver<'a> {
    fn new(program: &'a Program, options: Options) -> Self {
        let Setting { max_records, max_bytes, .. } = options.setting;
        Self {
            program,
            state: RunState::new(),
            name: options.run.clone(),
            item_runs: BTreeMap::new(),
            brood: BTreeSet::new(),
            next_run: ROOT + 1,
            ready: VecDeque::new(),
            ended: Ended::new(),
            jobs: Jobs::new(options.tools, options.concurrency, &options.run),
            timers: Timers::new(options.clock),
            feeds: Feeds::new(options.store),
            answers: options.answers,
            cancel: options.cancel,
            cancelled: false,
            watch: options.watch,
            keep_records: options.keep_records,
            records: Vec::new(),
            took: Took::new(),
            commands: Vec::new(),
            seq: 0,
            turns: 0,
            max_turns: options.max_turns,
            item_setting: Setting { max_records, max_bytes, ..Setting::default() },
            context: options.context,
            seed: options.seed,
        }
    }

    /// Tells the runs what has happened until nothing more has.
    fn go_on(&mut self) -> Result<Option<Outcome>, RunFailure> {
        for _ in 0..GULP {
            let Some((run, body)) = self.ready.pop_front().or_else(|| self.next_ended()) else {
                self.begin_work();
                if self.ready.is_empty() {
                    return Ok(None);
                }
                continue;
            };
            match self.feed(run, body)? {
                Fed::Rests => {}
                Fed::GoesOn => break,
                Fed::Ended(outcome) => return Ok(Some(*outcome)),
            }
        }
        Ok(None)
    }

    /// What came of runs of items, together for each node that waits for them.
    fn next_ended(&mut self) -> Option<Event> {
        let (job, runs) = self.ended.pop_first()?;
        Some((job.run, Body::RunsEnded { act: job.act, runs }))
    }

    fn begin_work(&mut self) {
        while let Some((job, dispatch)) = self.jobs.next_to_begin() {
            let (told, limits) = self.jobs.begin(self.program.plan(), job, dispatch);
            self.ready.extend(told);
            let now = self.timers.now();
            for (due, limit) in [(Due::Timeout(job.act), limits.timeout), (Due::Silence(job.act), limits.heartbeat)] {
                if let Some(limit) = limit {
                    self.timers.set((job.run, due), now.saturating_add(limit));
                }
            }
        }
    }

    /// Feeds an event to a run. One that goes on does so when the world was looked at.
    fn feed(&mut self, run: u32, body: Body) -> Result<Fed, RunFailure> {
        if let Body::Done { act, .. }
        | Body::Failed { act, .. }
        | Body::TimedOut { act, .. }
        | Body::Cancelled { act } = &body
        {
            self.timers.clear((run, Due::Timeout(*act)));
            self.timers.clear((run, Due::Silence(*act)));
        }
        self.seq += 1;
        let event = CoreEvent { seq: self.seq, at: self.timers.now(), body };
        let state = match run {
            ROOT => Some(&mut self.state),
            _ => self.item_runs.get_mut(&run).map(|item| &mut item.state),
        };
        let Some(state) = state else { return Ok(Fed::Rests) };
        let mut commands = std::mem::take(&mut self.commands);
        let status = step(self.program, state, event, &mut commands);
        let ended = commands.drain(..).fold(None, |ended, command| self.obey(run, command).or(ended));
        self.commands = commands;
        if let Some(outcome) = ended {
            return Ok(Fed::Ended(Box::new(outcome)));
        }
        if status != Status::Again {
            self.turns = 0;
            return Ok(Fed::Rests);
        }
        self.turns += 1;
        if self.turns > self.max_turns {
            return Err(RunFailure::Turns { max_turns: self.max_turns });
        }
        self.ready.push_back((run, Body::Go));
        Ok(Fed::GoesOn)
    }

    fn obey(&mut self, run: u32, command: Command) -> Option<Outcome> {
        match command {
            Command::Dispatch(dispatch) => self.jobs.enqueue(run, dispatch),
            Command::Cancel { act } => self.cancel_act(Job { run, act }),
            Command::SetTimer { id, at } => self.timers.set((run, Due::Core(id)), at),
            Command::ClearTimer { id } => self.timers.clear((run, Due::Core(id))),
            Command::OpenItems(wanted) => {
                let job = Job { run, act: wanted.act };
                if let Err(error) = self.feeds.open(job, *wanted) {
                    self.ready.push_back((run, Body::Failed { act: job.act, error }));
                }
            }
            Command::ReadItems { act, from, count } => {
                let body = match self.feeds.read(Job { run, act }, count) {
                    Ok((items, end)) => Body::Items { act, from, items, end },
                    Err(error) => Body::Failed { act, error },
                };
                self.ready.push_back((run, body));
            }
            Command::StartRun(start) => self.start_item(Job { run, act: start.act }, *start),
            Command::CloseItems { act } => {
                let body = match self.feeds.close(Job { run, act }) {
                    Ok(value) => Body::Done { act, value },
                    Err(error) => Body::Failed { act, error },
                };
                self.ready.push_back((run, body));
            }
            Command::Record(record) => {
                if run == ROOT {
                    self.keep(record);
                }
            }
            Command::Took { node, way } => {
                *self.took.entry((node, way)).or_insert(0) += 1;
                if let Some(watch) = &mut self.watch {
                    watch.took(self.program, node, way);
                }
            }
            Command::End(end) if run == ROOT => {
                return Some(Outcome {
                    status: end.status,
                    output: end.output,
                    error: end.error,
                    cause: end.cause,
                    fault: end.fault,
                    at: end.at,
                    records: std::mem::take(&mut self.records),
                    took: std::mem::take(&mut self.took),
                });
            }
            Command::End(end) => self.item_ended(run, end),
        }
        None
    }

    fn keep(&mut self, record: Record) {
        if let Some(watch) = &mut self.watch {
            watch.record(self.program, &record);
        }
        if self.keep_records {
            self.records.push(record);
        }
    }

    fn start_item(&mut self, parent: Job, start: wfc_run_core::StartRun) {
        let run = self.next_run;
        self.next_run += 1;
        let item = self.feeds.start(parent, &start, &self.name_of(parent), self.timers.now());
        let context = item.context(&self.context, &self.feeds);
        let setting = Setting { region: Some(start.region), ..self.item_setting.clone() };
        let seed = self.seed ^ u64::from(run).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let body = Body::Start { run: item.path.clone(), seed, input: start.input, context, setting };
        self.item_runs.insert(run, item);
        self.brood.insert((parent, run));
        self.ready.push_back((run, body));
    }

    /// A name no other node at work has, in this run or another: what keys that tell work apart begin with.
    fn name_of(&self, job: Job) -> String {
        let run = self.item_runs.get(&job.run).map_or(&self.name, |item| &item.path);
        let Act { frame, node, visit, attempt } = job.act;
        format!("{run}/{frame}.{}.{visit}.{attempt}", node.0)
    }

    fn item_ended(&mut self, run: u32, outcome: wfc_run_core::Outcome) {
        let Some(item) = self.item_runs.remove(&run) else { return };
        self.forget_run(run, item.parent);
        if let Some(watch) = &mut self.watch {
            watch.item(self.program, item.parent.act.node, item.slot, &outcome);
        }
        match self.feeds.take(&item, outcome, self.timers.now()) {
            Ok(result) => self.ended.entry(item.parent).or_default().push(result),
            Err(error) => self.ready.push_back((item.parent.run, Body::Failed { act: item.parent.act, error })),
        }
    }

    /// Nothing of a run of an item is left.
    fn forget_run(&mut self, run: u32, parent: Job) {
        self.brood.remove(&(parent, run));
        self.jobs.drop_run(run);
        self.feeds.forget_run(run);
        self.timers.clear_range((run, FIRST_DUE)..(run.saturating_add(1), FIRST_DUE));
    }

    /// Ends work, or the runs of items with all that is in them.
    fn cancel_act(&mut self, job: Job) {
        // Runs of items have no answer of their own, and somebody may wait for one.
        if self.feeds.forget(job) {
            self.ready.push_back((job.run, Body::Cancelled { act: job.act }));
        }
        self.ended.remove(&job);
        let mut gone: Vec<(Job, u32)> = self.brood.range((job, 0)..=(job, u32::MAX)).copied().collect();
        while let Some((parent, run)) = gone.pop() {
            gone.extend(self.brood.range((Job::first_of(run), 0)..(Job::first_of(run.saturating_add(1)), 0)).copied());
            self.item_runs.remove(&run);
            self.forget_run(run, parent);
        }
        self.jobs.cancel(job);
    }

    /// Waits for the next thing that happens.
    async fn wait(&mut self) -> Result<(), RunFailure> {
        if !self.ready.is_empty() || !self.ended.is_empty() {
            self.glance().await;
            return Ok(());
        }
        if let Some(event) = self.jobs.take_unstarted() {
            self.ready.push_back(event);
            return Ok(());
        }
        if let Some((job, news)) = self.jobs.try_report() {
            self.heard(job, news);
            return Ok(());
        }
        let busy = self.jobs.is_busy();
        let pause = self.timers.pause(busy);
        let deadline = if self.timers.is_virtual() { self.jobs.next_deadline() } else { None };
        // A virtual clock waits for nobody.
        let nobody = self.answers.is_none() || self.timers.is_virtual();
        if !busy && pause.is_none() && nobody {
            return Err(match self.jobs.unanswered() {
                Some(dispatch) => {
                    RunFailure::Unanswered { key: Arc::clone(&dispatch.key), token: dispatch.token.clone() }
                }
                None => RunFailure::Stuck,
            });
        }
        let wall = deadline.map(|(wait, _)| wait);
        let happened = tokio::select! {
            biased;
            () = asked_to_stop(self.cancel.as_deref(), self.cancelled) => Happened::Cancel,
            ask = next_ask(&mut self.answers) => ask.map_or(Happened::NobodyAsks, Happened::Ask),
            happened = work(&mut self.jobs) => happened,
            () = sleep(pause) => Happened::Timer,
            () = sleep(wall) => Happened::Deadline,
        };
        match happened {
            Happened::Cancel => {
                self.cancelled = true;
                self.ready.push_back((ROOT, Body::Cancel));
            }
            Happened::Ask(ask) => {
                let alive = self.jobs.on_ask(ask, &mut self.ready);
                self.alive(alive);
            }
            Happened::NobodyAsks => self.answers = None,
            Happened::Ended(ended) => self.jobs.on_ended(ended, &mut self.ready),
            Happened::Report(job, news) => self.heard(job, news),
            Happened::Timer => self.due(),
            Happened::Deadline => {
                let event = deadline.and_then(|(_, job)| self.jobs.time_out(job, false));
                self.ready.extend(event);
            }
        }
        Ok(())
    }

    /// Looks at what has happened without waiting, so that nothing waits for a run that never rests.
    async fn glance(&mut self) {
        tokio::task::yield_now().await;
        self.begin_work();
        self.jobs.look(&mut self.ready);
        if !self.timers.is_virtual() && self.timers.pause(true) == Some(Duration::ZERO) {
            self.due();
        }
        tokio::select! {
            biased;
            () = asked_to_stop(self.cancel.as_deref(), self.cancelled) => {
                self.cancelled = true;
                self.ready.push_front((ROOT, Body::Cancel));
            }
            () = std::future::ready(()) => {}
        }
    }

    fn heard(&mut self, job: Job, news: crate::News) {
        let alive = self.jobs.on_report(job, news, &mut self.ready);
        self.alive(alive);
    }

    /// Work has given a sign of life.
    fn alive(&mut self, job: Option<Job>) {
        let Some(job) = job else { return };
        if let Some(limit) = self.jobs.heartbeat_of(job) {
            let at = self.timers.now().saturating_add(limit);
            self.timers.set((job.run, Due::Silence(job.act)), at);
        }
    }

    fn due(&mut self) {
        let event = match self.timers.take() {
            None => None,
            Some((run, Due::Core(id))) => Some((run, Body::Timer { id })),
            Some((run, Due::Timeout(act))) => self.jobs.time_out(Job { run, act }, false),
            Some((run, Due::Silence(act))) => self.jobs.time_out(Job { run, act }, true),
        };
        self.ready.extend(event);
    }
}

/// What became of a run that was told something.
enum Fed {
    Rests,
    GoesOn,
    Ended(Box<Outcome>),
}

/// What a driver waited for.
enum Happened {
    Cancel,
    Ask(Ask),
    /// Everybody who could ask is gone.
    NobodyAsks,
    Ended(Result<(tokio::task::Id, (Job, crate::Reply)), tokio::task::JoinError>),
    Report(Job, crate::News),
    Timer,
    Deadline,
}

/// What work says comes before its end.
async fn work(jobs: &mut Jobs) -> Happened {
    if let Some((job, news)) = jobs.try_report() {
        return Happened::Report(job, news);
    }
    jobs.either().await
}

impl Jobs {
    async fn either(&mut self) -> Happened {
        let (set, reports) = self.parts();
        tokio::select! {
            biased;
            Some((job, news)) = reports.recv() => Happened::Report(job, news),
            Some(ended) = set.join_next_with_id() => Happened::Ended(ended),
            else => pending().await,
        }
    }
}

async fn asked_to_stop(cancel: Option<&Notify>, heard: bool) {
    match cancel.filter(|_| !heard) {
        Some(cancel) => cancel.notified().await,
        None => pending().await,
    }
}

/// Nothing, once nobody is left who could ask.
async fn next_ask(answers: &mut Option<AnswerQueue>) -> Option<Ask> {
    match answers {
        Some(queue) => queue.0.recv().await,
        None => pending().await,
    }
}

async fn sleep(pause: Option<Duration>) {
    match pause {
        Some(pause) => tokio::time::sleep(pause).await,
        None => pending().await,
    }
}
