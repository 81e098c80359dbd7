//! A driver for tests: answers work by the name of the tool, lets time pass when nothing else happens.

use std::collections::BTreeMap;

use wfc_expr::Value;

use crate::{
    step, Act, Body, Command, Dispatch, Event, Millis, Outcome, Program, RecordKind, RunError, RunState, Setting,
    Status, TimerId,
};

/// What a run did.
pub(super) struct World<'p> {
    program: &'p Program,
    pub(super) state: RunState,
    pub(super) events: Vec<Event>,
    /// The commands of each event.
    pub(super) commands: Vec<Vec<Command>>,
    timers: BTreeMap<TimerId, Millis>,
    work: Vec<Dispatch>,
    cancelled: Vec<Act>,
    now: Millis,
    /// How often each failing tool fails before it works; `fail` always does.
    flaky: usize,
    /// Chooses which work answers first.
    pub(super) pick: Box<dyn FnMut(usize) -> usize>,
}

impl<'p> World<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Self {
            program,
            state: RunState::new(),
            events: Vec::new(),
            commands: Vec::new(),
            timers: BTreeMap::new(),
            work: Vec::new(),
            cancelled: Vec::new(),
            now: 0,
            flaky: 0,
            pick: Box::new(|_| 0),
        }
    }

    /// Runs to the end, or until nothing can happen any more.
    pub(super) fn run(&mut self, input: &str) -> Option<Outcome> {
        let input = Value::parse(input).unwrap();
        let mut next =
            Body::Start { run: "r".into(), seed: 7, input, context: Value::Null, setting: Setting::default() };
        for _ in 0..10_000 {
            match self.feed(next) {
                Status::Ended => break,
                Status::Again => next = Body::Go,
                Status::Idle => match self.happen() {
                    Some(body) => next = body,
                    None => break,
                },
            }
        }
        self.state.outcome().cloned()
    }

    pub(super) fn feed(&mut self, body: Body) -> Status {
        let event = Event { seq: self.events.len() as u64, at: self.now, body };
        self.events.push(event.clone());
        let mut commands = Vec::new();
        let status = step(self.program, &mut self.state, event, &mut commands);
        commands.iter().for_each(|command| self.obey(command));
        self.commands.push(commands);
        status
    }

    fn obey(&mut self, command: &Command) {
        match command {
            Command::Dispatch(dispatch) => self.work.push((**dispatch).clone()),
            Command::Cancel { act } => {
                self.work.retain(|work| work.act != *act);
                self.cancelled.push(*act);
            }
            Command::SetTimer { id, at } => {
                self.timers.insert(*id, *at);
            }
            Command::ClearTimer { id } => {
                self.timers.remove(id);
            }
            _ => {}
        }
    }

    fn happen(&mut self) -> Option<Body> {
        if let Some(act) = self.cancelled.pop() {
            return Some(Body::Cancelled { act });
        }
        let ready: Vec<usize> = (0..self.work.len()).filter(|&at| &*self.work[at].tool != "hang").collect();
        if !ready.is_empty() {
            let at = ready[(self.pick)(ready.len()) % ready.len()];
            let work = self.work.remove(at);
            return Some(self.answer(work));
        }
        let (id, at) = self.timers.iter().map(|(id, at)| (*id, *at)).min_by_key(|(id, at)| (*at, *id))?;
        self.timers.remove(&id);
        self.now = self.now.max(at);
        Some(Body::Timer { id })
    }

    fn answer(&mut self, work: Dispatch) -> Body {
        let act = work.act;
        let fails = match &*work.tool {
            "fail" => true,
            "flaky" => {
                self.flaky += 1;
                self.flaky <= 2
            }
            _ => false,
        };
        match fails {
            true => Body::Failed { act, error: RunError::new("Boom", format!("{} failed", work.key)) },
            false => Body::Done { act, value: work.args },
        }
    }

    /// The keys of the records of a kind, in order.
    pub(super) fn records(&self, kind: RecordKind) -> Vec<String> {
        let records = self.commands.iter().flatten().filter_map(|command| match command {
            Command::Record(record) if record.kind == kind => Some(record.key.to_string()),
            _ => None,
        });
        records.collect()
    }

    /// The times at which the given kind was recorded.
    pub(super) fn times(&self, kind: RecordKind) -> Vec<Millis> {
        let records = self.commands.iter().flatten().filter_map(|command| match command {
            Command::Record(record) if record.kind == kind => Some(record.at),
            _ => None,
        });
        records.collect()
    }
}
