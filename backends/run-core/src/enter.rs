//! Nodes are entered and their work is begun.

use std::sync::Arc;

use wfc_expr::Value;
use wfc_plan::{Mode, Node, NodeIx, NodeKind, On, ReturnTo, Tool, WaitFor};

use crate::eval::Docs;
use crate::state::{Doing, Ending, Fate, Msg, Visit};
use crate::time::parse_instant;
use crate::turn::Turn;
use crate::{Act, Command, Dispatch, Millis, Phase, Purpose, RecordKind, RunError, TimerId};

impl Turn<'_> {
    /// A region begins.
    pub(crate) fn open(&mut self, frame: u32) {
        let Some(state) = self.state.frames.get(&frame) else { return };
        match self.plan.regions[state.region.at()].mode {
            Mode::Seq(node) => {
                let raw = state.raw.clone();
                self.push(Msg::Enter { frame, node, raw });
            }
            Mode::Dag { .. } => self.open_dag(frame),
        }
    }

    /// Control comes to a node.
    pub(crate) fn enter(&mut self, frame: u32, node: NodeIx, raw: Value) {
        if self.cell(frame, node).is_some_and(|cell| cell.settled) {
            return;
        }
        let Some(state) = self.state.frames.get_mut(&frame).filter(|frame| frame.closing.is_none()) else { return };
        let times = state.entered.entry(node).or_insert(0);
        *times = times.saturating_add(1);
        let act = Act { frame, node, visit: *times, attempt: 1 };
        let plan = self.node(node);
        let visit = Visit {
            act,
            raw: raw.clone(),
            input: raw.clone(),
            args: None,
            entered: self.state.now,
            retries: vec![0; plan.retry.len()],
            limited: false,
            doing: Doing::Starting,
        };
        if let Some(state) = self.state.frames.get_mut(&frame) {
            state.visits.insert(node, visit);
        }
        if let Err(error) = self.begin(act, plan, &raw) {
            self.fail(frame, node, error.during(Phase::Input));
        }
    }

    /// Condition, input and time limit of a visit; the work itself is a transition of its own.
    fn begin(&mut self, act: Act, plan: &Node, raw: &Value) -> Result<(), RunError> {
        let Act { frame, node, .. } = act;
        let docs = Docs { raw: Some(raw), ..Docs::default() };
        let runs = plan.when.map_or(Ok(true), |when| self.env(frame, node, docs).truth(when))?;
        if !runs {
            self.skip(frame, node, raw);
            return Ok(());
        }
        self.record(frame, Some(node), RecordKind::Entered);
        let input = self.env(frame, node, docs).optional(plan.input)?.unwrap_or_else(|| raw.clone());
        let docs = Docs { input: Some(&input), ..docs };
        let limit = self.seconds(frame, Some(node), plan.total_timeout, docs)?;
        if let Some(visit) = self.state.visit_mut(frame, node) {
            visit.input = input;
            visit.limited = limit.is_some();
        }
        if let Some(limit) = limit {
            self.set_timer(TimerId { act: Act { attempt: 0, ..act }, purpose: Purpose::Total }, limit);
        }
        self.push(Msg::Attempt { frame, node });
        Ok(())
    }

    /// The condition of a node does not hold. In a Seq region control goes on as if the node were not there.
    fn skip(&mut self, frame: u32, node: NodeIx, raw: &Value) {
        if self.cell(frame, node).is_some() {
            return self.push(Msg::Drop { frame, node, fate: Fate::Skipped });
        }
        self.record(frame, Some(node), RecordKind::Skipped);
        self.take_visit(frame, node);
        self.forget_out(frame, node);
        let edges = self.node(node).outs.iter().map(|edge| &self.plan.edges[edge.at()]);
        match edges.clone().find(|edge| edge.on == On::Done) {
            Some(edge) => self.push(Msg::Enter { frame, node: edge.to, raw: raw.clone() }),
            None => self.finish(frame, Ending::of(Ok(raw.clone()))),
        }
    }

    /// The work of a node begins.
    pub(crate) fn attempt(&mut self, frame: u32, node: NodeIx) {
        let Some(visit) = self.state.visit(frame, node) else { return };
        if !matches!(visit.doing, Doing::Starting | Doing::BackingOff) {
            return;
        }
        let (raw, input) = (visit.raw.clone(), visit.input.clone());
        let docs = Docs { raw: Some(&raw), input: Some(&input), ..Docs::default() };
        if let Err(error) = self.work(visit.act, docs) {
            self.fail(frame, node, error);
        }
    }

    fn work(&mut self, act: Act, docs: Docs<'_>) -> Result<(), RunError> {
        let Act { frame, node, .. } = act;
        let plan = self.node(node);
        // The arguments of a ForEach are made per item.
        let args = if matches!(plan.kind, NodeKind::ForEach(_)) { None } else { plan.args };
        let made = self.env(frame, node, docs).optional(args).map_err(|error| error.during(Phase::Args))?;
        let given = made.as_ref().or(docs.input).cloned().unwrap_or_default();
        if let Some(visit) = self.state.visit_mut(frame, node) {
            visit.args = made;
        }
        match &plan.kind {
            NodeKind::Step(tool) => self.dispatch(act, plan, tool, given, docs)?,
            NodeKind::Assign => self.complete(frame, node, Some(given)),
            NodeKind::Choice(cases) => {
                let on = self.choose(frame, node, cases, docs)?;
                let result = self.shaped(frame, node, docs.input.cloned().unwrap_or_default())?;
                self.leave(frame, node, on, Some(result))?;
            }
            NodeKind::Join => {
                let joined = self.joined(frame, node);
                self.complete(frame, node, Some(joined));
            }
            NodeKind::Wait(until) => self.sleep(act, *until, docs)?,
            NodeKind::Return(to) => self.give_back(frame, node, *to, given)?,
            NodeKind::Raise { error, cause } => {
                let env = self.env(frame, node, docs);
                let (name, cause) = (env.optional(*error)?.and_then(text), env.optional(*cause)?.and_then(text));
                return Err(RunError { name, cause, class: None, exit_code: None, phase: Phase::Effect });
            }
            NodeKind::Parallel(_) | NodeKind::ForEach(_) | NodeKind::Loop(_) | NodeKind::Scope(_) => {
                self.open_children(frame, node, given, docs)?;
            }
        }
        Ok(())
    }

    fn dispatch(&mut self, act: Act, plan: &Node, tool: &Tool, args: Value, docs: Docs<'_>) -> Result<(), RunError> {
        let timeout = self.seconds(act.frame, Some(act.node), plan.timeout, docs)?;
        let idempotency = format!("{}/{}/{}/{}/{}", self.state.run, plan.key, act.frame, act.visit, act.attempt);
        self.record(act.frame, Some(act.node), RecordKind::Dispatched);
        self.set_doing(act, Doing::Working);
        self.commands.push(Command::Dispatch(Dispatch {
            act,
            key: Arc::clone(&plan.key),
            tool: Arc::clone(&tool.name),
            args,
            timeout,
            idempotency,
            priority: plan.priority,
        }));
        Ok(())
    }

    fn choose(&self, frame: u32, node: NodeIx, cases: &[wfc_plan::ExprIx], docs: Docs<'_>) -> Result<On, RunError> {
        let env = self.env(frame, node, docs);
        for (index, case) in (0..).zip(cases) {
            if env.truth(*case)? {
                return Ok(On::Case(index));
            }
        }
        let outs = &self.node(node).outs;
        if outs.iter().any(|edge| self.plan.edges[edge.at()].on == On::Otherwise) {
            return Ok(On::Otherwise);
        }
        let name = &self.node(node).name;
        Err(RunError::new("States.NoChoiceMatched", format!("no case of '{name}' holds and there is no default")))
    }

    fn sleep(&mut self, act: Act, until: WaitFor, docs: Docs<'_>) -> Result<(), RunError> {
        let delay = match until {
            WaitFor::Seconds(expr) => self.seconds(act.frame, Some(act.node), Some(expr), docs)?.unwrap_or(0),
            WaitFor::Timestamp(expr) => {
                let value = self.env(act.frame, act.node, docs).value(expr)?;
                self.until(&value)?
            }
        };
        self.set_doing(act, Doing::Sleeping);
        self.set_timer(TimerId { act, purpose: Purpose::Wait }, delay);
        Ok(())
    }

    /// How long it is until an instant; nothing if it is past.
    fn until(&self, instant: &Value) -> Result<Millis, RunError> {
        match instant.as_str().and_then(parse_instant) {
            Some(at) => Ok(at.to_millis().saturating_sub(self.state.now).max(0)),
            None => Err(RunError::runtime(format!("{} is not an RFC 3339 instant", instant.to_json()))),
        }
    }

    fn give_back(&mut self, frame: u32, node: NodeIx, to: ReturnTo, given: Value) -> Result<(), RunError> {
        let result = self.shaped(frame, node, given)?;
        if to == ReturnTo::Region {
            return self.leave(frame, node, On::Done, Some(result));
        }
        let result = self.end_of(frame, node, Docs { result: Some(&result), ..Docs::default() })?;
        self.keep_out(frame, node, result.clone());
        self.record(frame, Some(node), RecordKind::Exited);
        self.take_visit(frame, node);
        let target = self.target(frame, to);
        let ending = Ending { leaves_loop: to == ReturnTo::Loop, ..Ending::of(Ok(result)) };
        self.finish(target, ending);
        Ok(())
    }

    pub(crate) fn set_doing(&mut self, act: Act, doing: Doing) {
        if let Some(visit) = self.state.visit_mut(act.frame, act.node) {
            visit.doing = doing;
        }
    }
}

/// A value as the name or the cause of an error.
fn text(value: Value) -> Option<Arc<str>> {
    match value {
        Value::Null => None,
        other => Some(other.as_str().map_or_else(|| other.to_json().into(), Arc::from)),
    }
}
