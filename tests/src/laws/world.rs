//! A world without a driver: programs run by the pure step, and a seed says when each answer comes, which come twice,
//! which come late, and when the state of a run is lost and found again.

use std::collections::BTreeMap;

use wfc_expr::Value;
use wfc_plan::ReplyMode;
use wfc_run_core::{
    step, Act, Body, Command, Dispatch, Event, Millis, Outcome, Program, Purpose, RunError, RunState, RunStatus,
    Setting, StartRun, Status, TimerId,
};

use super::random::Random;

/// How many events a world sees at most.
const MAX_EVENTS: usize = 4_000;

/// How often a run may ask to go on at once.
const MAX_AGAIN: usize = 2;

/// How many items one reading gives at most.
const BATCH: usize = 3;

/// What may happen to runs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weather {
    /// What everything below is drawn from.
    pub(super) seed: u64,
    /// The most milliseconds that an answer takes. With 0 answers come in the order of their questions.
    pub(super) delay: usize,
    /// Timers are late, come though they were cleared, and cancelled work may come to its end all the same.
    pub(super) unruly: bool,
    /// The run is cancelled at some moment.
    pub(super) stops: bool,
    /// No time passes: waits are over at once, and nothing takes too long.
    pub(super) frozen: bool,
    /// Answers come twice, and again when nobody waits any more.
    pub(super) echoes: bool,
    /// Between two events states are lost, and made again from what was written of them or from all events so far.
    pub(super) crashes: bool,
}

/// What came of a run in a world.
pub(super) struct Course {
    pub(super) end: End,
    /// The run and the runs of its items.
    pub(super) runs: Vec<Journal>,
    /// What happened that must not.
    pub(super) complaints: Vec<String>,
}

/// How a run in a world ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    Ended(Box<Outcome>),
    /// It goes on and on.
    Cut,
    /// It waits for something that will not happen.
    Stuck,
}

/// Everything a run was told, and what it said to each.
#[derive(Default)]
pub(super) struct Journal {
    pub(super) events: Vec<Event>,
    pub(super) commands: Vec<Vec<Command>>,
    pub(super) state: RunState,
}

/// How the work of a node is answered.
pub(super) type Answers<'a> = dyn FnMut(&Dispatch) -> Result<Value, RunError> + 'a;

impl Course {
    /// Everything the runs said, in order.
    pub(super) fn said(&self) -> impl Iterator<Item = &Command> {
        self.runs.iter().flat_map(|run| run.commands.iter().flatten())
    }
}

/// Runs a program, `start` being the first event of the run.
pub(super) fn run(program: &Program, start: Body, weather: Weather, answers: &mut Answers<'_>) -> Course {
    let mut world = World {
        program,
        weather,
        answers,
        random: Random::new(weather.seed),
        mishaps: Random::new(weather.seed ^ 1),
        now: 0,
        count: 0,
        told: 0,
        agenda: BTreeMap::new(),
        pending: BTreeMap::new(),
        timers: BTreeMap::new(),
        unread: BTreeMap::new(),
        runs: Vec::new(),
        complaints: Vec::new(),
    };
    world.begin(start, None);
    if weather.stops {
        let delay = world.delay() * 2;
        world.later(delay, ROOT, Body::Cancel);
    }
    let end = world.go_on();
    let runs = world.runs.into_iter().map(|run| run.journal).collect();
    Course { end, runs, complaints: world.complaints }
}

/// The run that was asked for; others are runs of its items.
const ROOT: usize = 0;

/// When something happens: the time, whether it should not matter, and a number.
type Key = (Millis, Matters, u64);

/// Whether an event may have an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Matters {
    Yes,
    No,
}

struct Run {
    journal: Journal,
    parent: Option<(usize, Act, u64)>,
    over: bool,
    /// The number of its last line of history.
    lines: u64,
}

struct World<'a> {
    program: &'a Program,
    weather: Weather,
    answers: &'a mut Answers<'a>,
    random: Random,
    /// For what must not change the course of things.
    mishaps: Random,
    now: Millis,
    count: u64,
    told: usize,
    agenda: BTreeMap<Key, (usize, Body)>,
    pending: BTreeMap<(usize, Act), Vec<Key>>,
    timers: BTreeMap<(usize, TimerId), Key>,
    /// Items that a reader has left.
    unread: BTreeMap<(usize, Act), usize>,
    runs: Vec<Run>,
    complaints: Vec<String>,
}

impl World<'_> {
    fn go_on(&mut self) -> End {
        while let Some(((at, matters, _), (run, body))) = self.agenda.pop_first() {
            self.now = self.now.max(at);
            if self.runs[run].over {
                continue;
            }
            if !self.tell(run, body, matters) {
                return End::Cut;
            }
            if let Some(outcome) = self.runs[ROOT].journal.state.outcome() {
                return End::Ended(Box::new(outcome.clone()));
            }
        }
        End::Stuck
    }

    /// Tells a run something, and lets it go on until it rests; not, if it never does.
    fn tell(&mut self, run: usize, body: Body, matters: Matters) -> bool {
        let mut next = body.clone();
        for _ in 0..=MAX_AGAIN {
            self.told += 1;
            let journal = &mut self.runs[run].journal;
            let event = Event { seq: journal.events.len() as u64 + 1, at: self.now, body: next };
            let mut commands = Vec::new();
            let status = step(self.program, &mut journal.state, event.clone(), &mut commands);
            journal.events.push(event);
            commands.iter().for_each(|command| self.obey(run, command));
            if matters == Matters::No && !commands.is_empty() {
                self.complaints.push(format!("{body:?}, which nobody waits for, leads to {commands:?}"));
            }
            self.runs[run].journal.commands.push(commands);
            if status != Status::Again {
                self.mishap(run, body);
                return self.told < MAX_EVENTS;
            }
            next = Body::Go;
        }
        false
    }

    fn obey(&mut self, run: usize, command: &Command) {
        match command {
            Command::Dispatch(work) => self.dispatch(run, work),
            Command::Cancel { act } => self.cancel(run, *act),
            Command::SetTimer { id, at } => self.set_timer(run, *id, *at),
            Command::ClearTimer { id } => self.clear_timer(run, *id),
            Command::OpenItems(wanted) => {
                let some = if wanted.reader.is_some() { self.random.below(3 * BATCH) } else { 0 };
                self.unread.insert((run, wanted.act), some);
            }
            Command::ReadItems { act, from, count } => self.read(run, *act, *from, *count),
            Command::StartRun(start) => self.start_run(run, start),
            Command::CloseItems { act } => self.answer(run, Body::Done { act: *act, value: Value::from("written") }),
            Command::Record(record) => {
                let lines = &mut self.runs[run].lines;
                *lines += 1;
                if record.seq != *lines || record.prev >= record.seq {
                    self.complaints.push(format!("line {lines} of the history is {record:?}"));
                }
            }
            Command::Took { .. } => {}
            Command::End(outcome) => self.ended(run, outcome),
        }
    }

    fn begin(&mut self, start: Body, parent: Option<(usize, Act, u64)>) {
        self.runs.push(Run { journal: Journal::default(), parent, over: false, lines: 0 });
        self.later(0, self.runs.len() - 1, start);
    }

    fn dispatch(&mut self, run: usize, work: &Dispatch) {
        let act = work.act;
        let reply = (self.answers)(work);
        let taken_up = self.delay();
        let end = taken_up + self.delay();
        let (end, last) = match self.limit(work).filter(|(limit, _)| *limit < end) {
            Some((limit, silent)) => (limit, Body::TimedOut { act, silent }),
            None => (end, reply.map_or_else(|error| Body::Failed { act, error }, |value| Body::Done { act, value })),
        };
        let value = Value::from("taken up");
        let first = match work.mode {
            ReplyMode::Reply => None,
            ReplyMode::Activity => Some(Body::Started { act, worker: None }),
            ReplyMode::Token | ReplyMode::Sync(_) => Some(Body::Submitted { act, value }),
        };
        let first = first.filter(|_| taken_up <= end).map(|first| self.later(taken_up, run, first));
        let last = self.later(end, run, last);
        self.pending.insert((run, act), first.into_iter().chain([last]).collect());
    }

    /// When work has taken too long, and whether by silence.
    fn limit(&mut self, work: &Dispatch) -> Option<(Millis, bool)> {
        if self.weather.frozen {
            return None;
        }
        let silence = work.heartbeat.filter(|_| self.random.one_in(2)).map(|limit| (limit, true));
        work.timeout.map(|limit| (limit, false)).into_iter().chain(silence).min()
    }

    /// Work ends, unless it comes to its own end first; runs of items just stop.
    fn cancel(&mut self, run: usize, act: Act) {
        self.drop_runs(run, Some(act));
        let pending = self.pending.remove(&(run, act)).unwrap_or_default();
        let is_under_way = pending.last().is_some_and(|last| self.agenda.contains_key(last));
        if is_under_way && self.weather.unruly && self.random.one_in(3) {
            return;
        }
        pending.iter().for_each(|key| drop(self.agenda.remove(key)));
        self.answer(run, Body::Cancelled { act });
    }

    fn drop_runs(&mut self, parent: usize, act: Option<Act>) {
        let is_child =
            |run: &Run| run.parent.is_some_and(|(of, by, _)| of == parent && act.is_none_or(|act| act == by));
        let children: Vec<usize> = (0..self.runs.len()).filter(|&at| is_child(&self.runs[at])).collect();
        for child in children {
            self.runs[child].over = true;
            self.drop_runs(child, None);
        }
    }

    fn set_timer(&mut self, run: usize, id: TimerId, at: Millis) {
        let waits = matches!(id.purpose, Purpose::Wait | Purpose::Backoff);
        if self.weather.frozen && !waits {
            return;
        }
        let wait = if self.weather.frozen { 0 } else { (at - self.now).max(0) };
        let late = if self.weather.unruly && self.random.one_in(2) { self.delay() / 4 } else { 0 };
        let key = self.later(wait.saturating_add(late), run, Body::Timer { id });
        if let Some(old) = self.timers.insert((run, id), key) {
            self.agenda.remove(&old);
        }
    }

    fn clear_timer(&mut self, run: usize, id: TimerId) {
        let Some(timer) = self.timers.remove(&(run, id)).and_then(|key| self.agenda.remove_entry(&key)) else { return };
        if self.weather.unruly && self.random.one_in(2) {
            let ((at, _, number), event) = timer;
            self.agenda.insert((at, Matters::No, number), event);
        }
    }

    fn read(&mut self, run: usize, act: Act, from: u64, count: u32) {
        let left = self.unread.get(&(run, act)).copied().unwrap_or_default();
        let some = left.min(BATCH).min(count as usize);
        self.unread.insert((run, act), left - some);
        let items = (from..).take(some).map(|at| Value::from(at as i64)).collect();
        self.answer(run, Body::Items { act, from, items, end: some == left });
    }

    fn start_run(&mut self, run: usize, start: &StartRun) {
        let setting = Setting { region: Some(start.region), ..Setting::default() };
        let name = format!("{run}-{}", start.slot);
        let body = begin(&name, start.input.clone(), Value::empty_object(), setting);
        self.begin(body, Some((run, start.act, start.slot)));
    }

    fn ended(&mut self, run: usize, outcome: &Outcome) {
        self.runs[run].over = true;
        let Some((parent, act, slot)) = self.runs[run].parent else { return };
        let verdict = match outcome.status {
            RunStatus::Succeeded => Ok(outcome.output.clone()),
            _ => Err(failure(outcome.error.as_deref(), outcome.cause.as_deref())),
        };
        self.answer(parent, Body::RunsEnded { act, runs: vec![(slot, verdict)] });
    }

    fn answer(&mut self, run: usize, body: Body) {
        let delay = self.delay();
        self.later(delay, run, body);
    }

    fn delay(&mut self) -> Millis {
        self.random.below(self.weather.delay) as Millis
    }

    fn later(&mut self, delay: Millis, run: usize, body: Body) -> Key {
        self.count += 1;
        let key = (self.now.saturating_add(delay), Matters::Yes, self.count);
        self.agenda.insert(key, (run, body));
        key
    }

    /// What may happen after any event and changes nothing.
    fn mishap(&mut self, run: usize, body: Body) {
        if self.weather.echoes && is_answer(&body) && self.mishaps.one_in(3) {
            let at = self.now + self.mishaps.below(self.weather.delay) as Millis;
            let number = self.told as u64;
            self.agenda.insert((at, Matters::No, number | ECHO), (run, body));
        }
        if self.weather.crashes && self.mishaps.one_in(6) {
            let journal = &mut self.runs[run].journal;
            journal.state = match self.mishaps.one_in(2) {
                true => read_back(&journal.state),
                false => told_again(self.program, &journal.events),
            };
        }
    }
}

/// Echoes are numbered apart from what is on the agenda anyway.
const ECHO: u64 = 1 << 63;

/// Whether an event is one of those that may come again at any time.
fn is_answer(body: &Body) -> bool {
    !matches!(body, Body::Started { .. } | Body::Submitted { .. } | Body::Go | Body::Cancel)
}

fn read_back(state: &RunState) -> RunState {
    let written = serde_json::to_string(state).expect("a state can be written");
    serde_json::from_str(&written).expect("what was written can be read")
}

fn told_again(program: &Program, events: &[Event]) -> RunState {
    let mut state = RunState::new();
    for event in events {
        step(program, &mut state, event.clone(), &mut Vec::new());
    }
    state
}

/// The first event of a run.
pub(super) fn begin(run: &str, input: Value, context: Value, setting: Setting) -> Body {
    Body::Start { run: run.to_owned(), seed: 1, input, context, setting }
}

/// An error as work gives it.
pub(super) fn failure(name: Option<&str>, cause: Option<&str>) -> RunError {
    RunError { name: name.map(Into::into), cause: cause.map(Into::into), ..RunError::new("", "") }
}
