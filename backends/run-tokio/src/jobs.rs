//! Work under way: what waits for a slot, what runs, and what waits for somebody's answer.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{unbounded_channel, UnboundedReceiver, UnboundedSender};
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use wfc_expr::Value;
use wfc_plan::{NodeIx, Plan, ReplyMode};
use wfc_run_core::{Act, Body, Dispatch, Millis, RunError};

use crate::answers::{ActivityTask, AnswerError, Ask};
use crate::tools::Reporter;
use crate::{Call, Desk, Mode, News, Reply, Tools};

/// Work of one of the runs of a driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Job {
    pub(crate) run: u32,
    pub(crate) act: Act,
}

/// What work says before its end.
type Reports = UnboundedReceiver<(Job, News)>;

/// The act that comes before all others.
pub(crate) const FIRST_ACT: Act = Act { frame: 0, node: NodeIx(0), visit: 0, attempt: 0 };

impl Job {
    /// What comes before all work of a run.
    pub(crate) fn first_of(run: u32) -> Self {
        Self { run, act: FIRST_ACT }
    }
}

/// Where a dispatch stands in the queue: larger priority first, then declaration order, then frame.
type Turn = (Reverse<i64>, NodeIx, u32, Job);

/// Work under way.
pub(crate) struct Jobs {
    tools: Box<dyn Tools>,
    set: JoinSet<(Job, Reply)>,
    ids: BTreeMap<Id, Job>,
    at_work: BTreeMap<Job, AtWork>,
    /// How many of them run and have not said that they wait for the clock.
    busy: usize,
    queue: BTreeMap<Turn, Box<Dispatch>>,
    waiting: BTreeMap<Job, Turn>,
    /// Cancelled before it had a slot.
    unstarted: BTreeSet<Job>,
    slots: usize,
    reports: Reports,
    reporter: UnboundedSender<(Job, News)>,
    tokens: BTreeMap<Arc<str>, Job>,
    run_name: Arc<str>,
}

struct AtWork {
    /// Nothing, once somebody else is to answer.
    handle: Option<AbortHandle>,
    dispatch: Dispatch,
    /// When its time is up on the wall.
    deadline: Option<Instant>,
    idle: bool,
    /// An answer by token that came before the service's own.
    early: Option<Reply>,
    submitted: bool,
    /// Whether a poller may take it.
    parked: bool,
}

/// An event for a run.
pub(crate) type Event = (u32, Body);

/// A limit on time to be watched: milliseconds from now, if any.
pub(crate) struct Limits {
    pub(crate) timeout: Option<Millis>,
    pub(crate) heartbeat: Option<Millis>,
}

impl Jobs {
    pub(crate) fn new(tools: Box<dyn Tools>, concurrency: usize, run_name: &str) -> Self {
        let (reporter, reports) = unbounded_channel();
        Self {
            tools,
            set: JoinSet::new(),
            ids: BTreeMap::new(),
            at_work: BTreeMap::new(),
            busy: 0,
            queue: BTreeMap::new(),
            waiting: BTreeMap::new(),
            unstarted: BTreeSet::new(),
            slots: if concurrency == 0 { usize::MAX } else { concurrency },
            reports,
            reporter,
            tokens: BTreeMap::new(),
            run_name: run_name.into(),
        }
    }

    pub(crate) fn enqueue(&mut self, run: u32, dispatch: Box<Dispatch>) {
        let act = dispatch.act;
        let job = Job { run, act };
        let turn = (Reverse(dispatch.priority), act.node, act.frame, job);
        self.waiting.insert(job, turn);
        self.queue.insert(turn, dispatch);
    }

    /// Ends work; whoever waits for its answer hears `Cancelled`.
    pub(crate) fn cancel(&mut self, job: Job) {
        if let Some(turn) = self.waiting.remove(&job) {
            self.queue.remove(&turn);
            self.unstarted.insert(job);
        } else if let Some(work) = self.at_work.get(&job) {
            match &work.handle {
                Some(handle) => handle.abort(),
                None => {
                    self.forget(job);
                    self.unstarted.insert(job);
                }
            }
        }
    }

    /// Ends all work of a run without a word.
    pub(crate) fn drop_run(&mut self, run: u32) {
        let range = || Job::first_of(run)..Job::first_of(run.saturating_add(1));
        let at_work = self.at_work.range(range()).map(|(job, _)| *job);
        let jobs: Vec<Job> = at_work.chain(self.waiting.range(range()).map(|(job, _)| *job)).collect();
        for job in jobs {
            if let Some(turn) = self.waiting.remove(&job) {
                self.queue.remove(&turn);
            }
            if let Some(work) = self.forget(job) {
                work.handle.iter().for_each(AbortHandle::abort);
            }
        }
    }

    /// Takes one dispatch from the queue if there is a slot for it.
    pub(crate) fn next_to_begin(&mut self) -> Option<(Job, Box<Dispatch>)> {
        if self.set.len() >= self.slots {
            return None;
        }
        let ((.., job), dispatch) = self.queue.pop_first()?;
        self.waiting.remove(&job);
        Some((job, dispatch))
    }

    /// Begins work. Gives what is to be told at once, and the limits to be watched.
    pub(crate) fn begin(&mut self, plan: &Plan, job: Job, dispatch: Box<Dispatch>) -> (Option<Event>, Limits) {
        let limits = Limits { timeout: dispatch.timeout, heartbeat: dispatch.heartbeat };
        let call = self.call(plan, job, &dispatch);
        let deadline = dispatch
            .timeout
            .and_then(|ms| Instant::now().checked_add(Duration::from_millis(u64::try_from(ms).unwrap_or(0))));
        if let Some(token) = &dispatch.token {
            self.tokens.insert(Arc::clone(token), job);
        }
        let mut work = AtWork {
            handle: None,
            dispatch: *dispatch,
            deadline,
            idle: false,
            early: None,
            submitted: false,
            parked: false,
        };
        let mut told = None;
        let desk = || Desk::new(Reporter::new(job, self.reporter.clone()));
        let working = match work.dispatch.mode {
            ReplyMode::Activity => match self.tools.worker(&call, desk()) {
                Some((worker, working)) => {
                    told = Some((job.run, Body::Started { act: job.act, worker }));
                    Some(working)
                }
                None => {
                    work.parked = true;
                    None
                }
            },
            _ => Some(self.tools.call(call, desk())),
        };
        if let Some(working) = working {
            let handle = self.set.spawn(async move { (job, working.await) });
            self.ids.insert(handle.id(), job);
            work.handle = Some(handle);
            self.busy += 1;
        }
        self.at_work.insert(job, work);
        (told, limits)
    }

    fn call(&self, plan: &Plan, job: Job, dispatch: &Dispatch) -> Call {
        let name =
            plan.nodes.get(job.act.node.at()).map_or_else(|| Arc::clone(&dispatch.key), |node| Arc::clone(&node.name));
        Call {
            tool: Arc::clone(&dispatch.tool),
            mode: match dispatch.mode {
                ReplyMode::Reply => Mode::Reply,
                ReplyMode::Token => Mode::Token,
                ReplyMode::Sync(version) => Mode::Sync(version),
                ReplyMode::Activity => Mode::Activity,
            },
            key: Arc::clone(&dispatch.key),
            name,
            args: dispatch.args.clone(),
            attempt: job.act.attempt,
            visit: job.act.visit,
            token: dispatch.token.clone(),
            timeout: dispatch.timeout,
            heartbeat: dispatch.heartbeat,
            credentials: dispatch.credentials.clone(),
            idempotency: dispatch.idempotency.clone(),
            run: Arc::clone(&self.run_name),
        }
    }

    /// Whether something happens here before the clock moves.
    pub(crate) fn is_busy(&self) -> bool {
        let begins = !self.queue.is_empty() && self.set.len() < self.slots;
        self.busy > 0 || !self.unstarted.is_empty() || begins
    }

    /// Whether something waits for an answer from outside; what it is.
    pub(crate) fn unanswered(&self) -> Option<&Dispatch> {
        self.at_work.values().find(|work| work.handle.is_none()).map(|work| &work.dispatch)
    }

    /// How long it is until the time of some work is up on the wall.
    pub(crate) fn next_deadline(&self) -> Option<(Duration, Job)> {
        let running = self.at_work.iter().filter(|(_, work)| work.handle.is_some() && !work.idle);
        let (deadline, job) = running.filter_map(|(job, work)| Some((work.deadline?, *job))).min()?;
        Some((deadline.saturating_duration_since(Instant::now()), job))
    }

    /// What was cancelled before it began.
    pub(crate) fn take_unstarted(&mut self) -> Option<Event> {
        self.unstarted.pop_first().map(|job| (job.run, Body::Cancelled { act: job.act }))
    }

    /// The time of work is up: it is ended. Nothing if it has ended already.
    pub(crate) fn time_out(&mut self, job: Job, silent: bool) -> Option<Event> {
        if let Some(turn) = self.waiting.remove(&job) {
            self.queue.remove(&turn);
        } else {
            self.forget(job)?.handle.iter().for_each(AbortHandle::abort);
        }
        Some((job.run, Body::TimedOut { act: job.act, silent }))
    }

    /// The limit between two signs of life of work under way.
    pub(crate) fn heartbeat_of(&self, job: Job) -> Option<Millis> {
        self.at_work.get(&job)?.dispatch.heartbeat
    }

    /// What work ends and speaks through.
    pub(crate) fn parts(&mut self) -> (&mut JoinSet<(Job, Reply)>, &mut Reports) {
        (&mut self.set, &mut self.reports)
    }

    /// What work has said and nobody has looked at.
    pub(crate) fn try_report(&mut self) -> Option<(Job, News)> {
        self.reports.try_recv().ok()
    }

    /// Takes what has ended or was said, without waiting.
    pub(crate) fn look(&mut self, told: &mut VecDeque<Event>) {
        while let Some((job, news)) = self.try_report() {
            self.on_report(job, news, told);
        }
        while let Some(ended) = self.set.try_join_next_with_id() {
            self.on_ended(ended, told);
        }
    }

    /// What is to be told when work has ended.
    pub(crate) fn on_ended(&mut self, ended: Result<(Id, (Job, Reply)), JoinError>, told: &mut VecDeque<Event>) {
        let id = match &ended {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let Some(job) = self.ids.remove(&id).filter(|job| self.at_work.contains_key(job)) else { return };
        let reply = match ended {
            Ok((_, (_, reply))) => reply,
            Err(error) if error.is_cancelled() => {
                self.forget(job);
                return told.push_back((job.run, Body::Cancelled { act: job.act }));
            }
            Err(_) => Err(RunError::new("wfc.ToolPanicked", "the tool ended unexpectedly")),
        };
        // Work that has told what the service said has nothing left to say but the result.
        let waits = |work: &AtWork| work.dispatch.mode == ReplyMode::Token && !work.submitted;
        let waits = self.at_work.get(&job).is_some_and(waits);
        match reply {
            Ok(answer) if waits => self.now_waits(job, answer, told),
            reply => self.settle(job, reply, told),
        }
    }

    /// The service has answered; the result comes by token.
    fn now_waits(&mut self, job: Job, answer: Value, told: &mut VecDeque<Event>) {
        self.let_go(job);
        let Some(work) = self.at_work.get_mut(&job) else { return };
        work.submitted = true;
        let early = work.early.take();
        told.push_back((job.run, Body::Submitted { act: job.act, value: answer }));
        if let Some(reply) = early {
            self.settle(job, reply, told);
        }
    }

    /// What is to be told when work has said something. A sign of life gives the job whose silence starts anew.
    pub(crate) fn on_report(&mut self, job: Job, news: News, told: &mut VecDeque<Event>) -> Option<Job> {
        let work = self.at_work.get_mut(&job)?;
        match news {
            News::Submitted(value) => {
                work.submitted = true;
                told.push_back((job.run, Body::Submitted { act: job.act, value }));
            }
            News::Heartbeat => return Some(job),
            News::Idle => {
                if !std::mem::replace(&mut work.idle, true) {
                    self.busy = self.busy.saturating_sub(1);
                }
            }
            News::Answer(reply) => self.answer(job, reply, told),
        }
        None
    }

    /// What is to be told when somebody outside has said something. A sign of life gives the job.
    pub(crate) fn on_ask(&mut self, ask: Ask, told: &mut VecDeque<Event>) -> Option<Job> {
        match ask {
            Ask::Finish { token, reply, said } => {
                let open = |job: &Job| self.at_work.get(job).is_some_and(|work| work.early.is_none());
                let job = self.tokens.get(&token).copied().filter(open);
                // The one who asked may have gone away.
                let _ = said.send(job.map(|_| ()).ok_or(AnswerError::NoSuchTask));
                if let Some(job) = job {
                    self.answer(job, reply, told);
                }
                None
            }
            Ask::Heartbeat { token, said } => {
                let job = self.tokens.get(&token).copied();
                let _ = said.send(job.map(|_| ()).ok_or(AnswerError::NoSuchTask));
                job
            }
            Ask::Poll { activity, worker, said } => {
                let parked = self.at_work.iter_mut().find(|(_, work)| work.parked && work.dispatch.tool == activity);
                let Some((job, work)) = parked else {
                    let _ = said.send(None);
                    return None;
                };
                let task = ActivityTask {
                    token: work.dispatch.token.clone().unwrap_or_default(),
                    input: work.dispatch.args.clone(),
                };
                // A poller that has gone away has not taken it.
                if said.send(Some(task)).is_ok() {
                    work.parked = false;
                    told.push_back((job.run, Body::Started { act: job.act, worker }));
                }
                None
            }
        }
    }

    /// An answer by token. One that comes before the service's own is kept until then.
    fn answer(&mut self, job: Job, reply: Reply, told: &mut VecDeque<Event>) {
        let Some(work) = self.at_work.get_mut(&job) else { return };
        if work.dispatch.mode == ReplyMode::Token && !work.submitted {
            work.early.get_or_insert(reply);
            return;
        }
        self.settle(job, reply, told);
    }

    fn settle(&mut self, job: Job, reply: Reply, told: &mut VecDeque<Event>) {
        let Some(work) = self.forget(job) else { return };
        work.handle.iter().for_each(AbortHandle::abort);
        let act = job.act;
        told.push_back((
            job.run,
            match reply {
                Ok(value) => Body::Done { act, value },
                Err(error) => Body::Failed { act, error },
            },
        ));
    }

    /// Its own answer has come; it is not at work any more, but not over either.
    fn let_go(&mut self, job: Job) {
        if let Some(work) = self.at_work.get_mut(&job) {
            if work.handle.take().is_some() && !work.idle {
                self.busy = self.busy.saturating_sub(1);
            }
        }
    }

    fn forget(&mut self, job: Job) -> Option<AtWork> {
        let work = self.at_work.remove(&job)?;
        if work.handle.is_some() && !work.idle {
            self.busy = self.busy.saturating_sub(1);
        }
        if let Some(token) = &work.dispatch.token {
            self.tokens.remove(token);
        }
        Some(work)
    }
}
