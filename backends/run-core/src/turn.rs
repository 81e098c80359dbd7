//! One call of the step function: events become transitions, transitions become commands.

use std::collections::BTreeMap;
use std::sync::Arc;
use wfc_expr::Value;
use wfc_plan::{FlowIx, Node, NodeIx, NodeKind, Owner, Plan, RegionIx};

use crate::eval::{Docs, Env};
use crate::fields;
use crate::intact::fits;
use crate::state::{Doing, Ending, Frame, Msg, Parent, Visit};
use crate::time::instant_text;
use crate::{
    Act, Body, Command, Detail, Millis, Outcome, Program, Purpose, RecordKind, Redrive, RunError, RunState, RunStatus,
    Setting, Status, TimerId,
};

/// The number of the run's own frame.
pub(crate) const ROOT: u32 = 0;

pub(crate) struct Turn<'a> {
    pub(crate) program: &'a Program,
    pub(crate) plan: &'a Plan,
    pub(crate) state: &'a mut RunState,
    pub(crate) commands: &'a mut Vec<Command>,
}

impl<'a> Turn<'a> {
    /// Turns an event into transitions.
    pub(crate) fn receive(&mut self, body: Body) {
        match body {
            Body::Start { run, seed, input, context, setting } => {
                (self.state.run, self.state.seed) = match self.state.next_frame {
                    ROOT => (run, seed),
                    _ => return,
                };
                self.start(input, context, setting);
            }
            Body::Started { act, worker } => self.taken_up(act, worker),
            Body::Submitted { act, value } => self.submitted(act, value),
            Body::Items { act, from, items, end } => self.items_read(act, from, items, end),
            Body::RunsEnded { act, runs } => self.runs_ended(act, runs),
            Body::Done { act, value } => self.replied(act, Ok(value)),
            Body::Failed { act, error } => self.replied(act, Err(error)),
            Body::TimedOut { act, silent } => {
                self.replied(act, Err(if silent { RunError::silence() } else { RunError::timeout() }));
            }
            Body::Cancelled { act } => self.replied(act, Err(RunError::new("wfc.Cancelled", "the work was cancelled"))),
            Body::Timer { id } => self.due(id),
            Body::Cancel => self.stop(RunStatus::Aborted),
            Body::Go => {}
        }
    }

    /// Makes transitions until none is left, the run is over, or the fuel is.
    pub(crate) fn run(&mut self, fuel: usize) -> Status {
        for _ in 0..fuel {
            if self.state.outcome.is_some() {
                return Status::Ended;
            }
            if self.state.history_full {
                self.history_is_full();
            }
            let Some(msg) = self.state.queue.pop_front() else { return Status::Idle };
            self.transition(msg);
        }
        Status::Again
    }

    fn transition(&mut self, msg: Msg) {
        match msg {
            Msg::Open { frame } => self.open(frame),
            Msg::Enter { frame, node, raw } => self.enter(frame, node, raw),
            Msg::Attempt { frame, node } => self.attempt(frame, node),
            Msg::Spawn { frame, node } => self.spawn(frame, node),
            Msg::Drop { frame, node, fate } => self.drop_node(frame, node, fate),
            Msg::Close { frame } => self.close(frame),
            Msg::Pump { frame, node } => self.pump(frame, node),
        }
    }

    fn start(&mut self, input: Value, context: Value, setting: Setting) {
        // Settings may come from files, too; one that fits nothing in the program is as good as none.
        self.state.setting = match fits(self.plan, &setting) {
            true => setting,
            false => Setting { region: None, entry: None, until: None, ..setting },
        };
        self.state.context = self.with_execution(context, &input);
        let flow = &self.plan.flows[self.plan.entry.at()];
        let whole = self.state.setting.region.is_none();
        let region = self.state.setting.region.unwrap_or(flow.body);
        let frame = self.add_frame(region, None, input.clone(), None);
        if let Some(state) = self.state.frames.get_mut(&frame) {
            state.vars.extend(self.state.setting.vars.iter().cloned());
        }
        let execution = self.state.context.get("Execution");
        let role = execution.and_then(|execution| execution.get("RoleArn")).and_then(Value::as_str).map(Arc::from);
        match self.state.setting.redrive {
            None => self.record(ROOT, None, RecordKind::RunStarted, Detail::Begun { input, role }),
            Some(Redrive { count, records }) => {
                self.state.records = records;
                self.follow(ROOT, records);
                self.record(ROOT, None, RecordKind::RunRedriven, Detail::Redriven(count))
            }
        };
        let timeout = flow.timeout.filter(|_| whole);
        match self.seconds(ROOT, None, timeout, fields::TIMEOUT, Docs::default()) {
            Ok(None) => {}
            Ok(Some(limit)) => self.set_timer(self.flow_timer(), limit),
            Err(error) => return self.finish(frame, Ending::of(Err(error))),
        }
        self.push(Msg::Open { frame });
    }

    /// No more lines may be written: the run fails.
    fn history_is_full(&mut self) {
        if self.state.frames.get(&ROOT).is_some_and(|root| root.closing.is_none()) {
            let max = self.state.setting.max_records.unwrap_or_default();
            let cause = format!("The execution reached the maximum number of history events ({max}).");
            self.finish(ROOT, Ending::of(Err(RunError::runtime(cause))));
        }
    }

    /// The context object with what the run knows about itself, where the caller has not said otherwise.
    fn with_execution(&self, context: Value, input: &Value) -> Value {
        if self.state.setting.single.is_some_and(|single| single.whole_context) {
            return context;
        }
        let mut context = if context.as_object().is_some() { context } else { Value::empty_object() };
        let given = context.get("Execution").cloned().unwrap_or_default();
        let own = [
            ("Id", Some(Value::from(self.state.run.as_str()))),
            ("Input", Some(input.clone())),
            ("Name", Some(Value::from(self.state.run.as_str()))),
            ("RoleArn", None),
            ("StartTime", Some(Value::from(instant_text(self.state.now)))),
        ];
        let mut execution: Value =
            own.into_iter().filter_map(|(name, own)| Some((name, given.get(name).cloned().or(own)?))).collect();
        let others = given.as_object().into_iter().flat_map(|given| given.iter());
        for (name, value) in others {
            if let Some(object) = execution.as_object_mut().filter(|object| !object.contains_key(name)) {
                object.insert(name, value.clone());
            }
        }
        if let Some(object) = context.as_object_mut() {
            object.insert("Execution", execution);
        }
        context
    }

    fn due(&mut self, id: TimerId) {
        if id == self.flow_timer() {
            return self.stop(RunStatus::TimedOut);
        }
        let (frame, node) = (id.act.frame, id.act.node);
        let Some(visit) = self.state.visit(frame, node).filter(|visit| visit.act.visit == id.act.visit) else { return };
        match (id.purpose, &visit.doing) {
            (Purpose::Total, Doing::Closing { .. }) => self.overdue_while_closing(frame, node),
            (Purpose::Total, _) => self.overdue(frame, node),
            (Purpose::Wait, Doing::Sleeping) if visit.act == id.act => {
                let waited = visit.input.clone();
                self.complete(frame, node, Some(waited));
            }
            (Purpose::Backoff, Doing::BackingOff) if visit.act == id.act => self.push(Msg::Attempt { frame, node }),
            _ => {}
        }
    }

    pub(crate) fn flow_timer(&self) -> TimerId {
        TimerId { act: Act { frame: ROOT, node: NodeIx(0), visit: 0, attempt: 0 }, purpose: Purpose::Flow }
    }

    /// Ends the run.
    pub(crate) fn end(&mut self, ending: Ending) {
        let (status, output, error) = match ending.verdict {
            Ok(output) => (RunStatus::Succeeded, output, None),
            Err(error) => (RunStatus::Failed, Value::Null, Some(error)),
        };
        let status = ending.status.unwrap_or(status);
        let error = error.filter(|_| status == RunStatus::Failed);
        let cause = error.as_ref().and_then(RunError::stated_cause);
        let (error, fault, at) = error.map_or((None, None, None), |error| (error.name, error.fault, error.at));
        let outcome = Outcome { status, output, error, cause, fault, at };
        self.state.outcome = Some(outcome.clone());
        self.state.queue.clear();
        self.commands.push(Command::End(outcome));
    }

    pub(crate) fn push(&mut self, msg: Msg) {
        self.state.queue.push_back(msg);
    }

    pub(crate) fn node(&self, node: NodeIx) -> &'a Node {
        &self.plan.nodes[node.at()]
    }

    /// The flow a frame is part of.
    pub(crate) fn flow_of(&self, frame: u32) -> FlowIx {
        self.state.frames.get(&frame).map_or(self.plan.entry, |frame| self.plan.flow_of(frame.region))
    }

    /// Where expressions of a node at work are evaluated.
    pub(crate) fn env<'b>(&'b self, frame: u32, node: NodeIx, docs: Docs<'b>) -> Env<'b> {
        Env { program: self.program, state: self.state, frame, node: Some(node), docs, token: None }
    }

    /// Has a timer event sent after `delay`.
    pub(crate) fn set_timer(&mut self, id: TimerId, delay: Millis) {
        let at = self.state.now.saturating_add(delay);
        self.commands.push(Command::SetTimer { id, at });
    }

    /// Makes the activation of a region; it does nothing yet.
    pub(crate) fn add_frame(
        &mut self,
        region: RegionIx,
        parent: Option<Parent>,
        raw: Value,
        item: Option<(u64, Value)>,
    ) -> u32 {
        let id = self.state.next_frame;
        self.state.next_frame += 1;
        let last = parent.and_then(|parent| self.state.frames.get(&parent.frame)).map_or(0, |frame| frame.last);
        let frame = Frame {
            region,
            parent,
            raw,
            item,
            round: None,
            vars: BTreeMap::new(),
            outs: self.keeps_outs(region).then(BTreeMap::new),
            visits: BTreeMap::new(),
            entered: BTreeMap::new(),
            dag: None,
            last,
            closing: None,
        };
        self.state.frames.insert(id, Box::new(frame));
        id
    }

    /// Flows, rounds and items keep what their nodes produce; other regions write through.
    fn keeps_outs(&self, region: RegionIx) -> bool {
        match self.plan.regions[region.at()].owner {
            Owner::Flow(_) => true,
            Owner::Node(node) => matches!(self.node(node).kind, NodeKind::Loop(_) | NodeKind::ForEach(_)),
        }
    }

    /// Keeps what a node has produced, for whoever reads outputs.
    pub(crate) fn keep_out(&mut self, frame: u32, node: NodeIx, value: Value) {
        if !self.program.reads_outs() {
            return;
        }
        if let Some(outs) = self.outs_of(frame) {
            outs.insert(node, value);
        }
    }

    /// What a node had produced before does not count any more.
    pub(crate) fn forget_out(&mut self, frame: u32, node: NodeIx) {
        if let Some(outs) = self.outs_of(frame) {
            outs.remove(&node);
        }
    }

    /// The outputs that nodes of a frame write to.
    fn outs_of(&mut self, frame: u32) -> Option<&mut BTreeMap<NodeIx, Value>> {
        let owner = self.state.chain(frame).find(|(_, frame)| frame.outs.is_some()).map(|(id, _)| id)?;
        self.state.frames.get_mut(&owner)?.outs.as_mut()
    }

    /// Takes a node from work.
    pub(crate) fn take_visit(&mut self, frame: u32, node: NodeIx) -> Option<Box<Visit>> {
        let visit = self.state.frames.get_mut(&frame)?.visits.remove(&node)?;
        if visit.limited {
            let id = TimerId { act: Act { attempt: 0, ..visit.act }, purpose: Purpose::Total };
            self.commands.push(Command::ClearTimer { id });
        }
        Some(visit)
    }
}
