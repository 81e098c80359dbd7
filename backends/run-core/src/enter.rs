//! Nodes are entered and their work is begun.

use std::sync::Arc;

use wfc_expr::Value;
use wfc_plan::{Mode, Node, NodeIx, NodeKind, On, ReplyMode, ReturnTo, Tool, WaitFor};

use crate::eval::{mix, Docs, Env, Field};
use crate::fields;
use crate::settle::{too_large, End};
use crate::state::{Doing, Ending, Fate, Marks, Msg, Visit};
use crate::turn::{Turn, ROOT};
use crate::{Act, Command, Detail, Dispatch, Phase, Purpose, RecordKind, RunError, Stage, TimerId, Way};

impl Turn<'_> {
    /// A region begins.
    pub(crate) fn open(&mut self, frame: u32) {
        let Some(state) = self.state.frames.get(&frame) else { return };
        match self.plan.regions[state.region.at()].mode {
            Mode::Seq(entry) => {
                let node = self.state.setting.entry.filter(|_| frame == ROOT).unwrap_or(entry);
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
        if frame == ROOT && self.state.setting.until == Some(node) {
            return self.finish(frame, Ending::of(Ok(raw)));
        }
        let Some(state) = self.state.frames.get_mut(&frame).filter(|frame| frame.closing.is_none()) else { return };
        let records = Marks { before: state.last, ..Marks::default() };
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
            records,
            retries: vec![self.state.setting.single.map_or(0, |single| single.retries); plan.retry.len()],
            limited: false,
            doing: Doing::Starting,
        };
        if let Some(state) = self.state.frames.get_mut(&frame) {
            state.visits.insert(node, Box::new(visit));
        }
        if let Err(error) = self.begin(act, plan, &raw) {
            self.fail(frame, node, error.during(Phase::Input));
        }
    }

    /// Condition, input and time limit of a visit; the work itself is a transition of its own.
    fn begin(&mut self, act: Act, plan: &Node, raw: &Value) -> Result<(), RunError> {
        let Act { frame, node, .. } = act;
        let docs = Docs { raw: Some(raw), ..Docs::default() };
        let runs = plan.when.map_or(Ok(true), |when| self.env(frame, node, docs).truth(when, fields::WHEN))?;
        if !runs {
            self.skip(frame, node, raw);
            return Ok(());
        }
        self.commands.push(Command::Took { node, way: Way::Entered });
        let entered = self.record(frame, Some(node), RecordKind::Entered, Detail::Input(raw.clone()));
        if let Some(visit) = self.state.visit_mut(frame, node) {
            visit.records.entered = entered;
        }
        let input = self.env(frame, node, docs).optional(plan.input, fields::INPUT)?.unwrap_or_else(|| raw.clone());
        self.saw(frame, Stage::Input, &input);
        let docs = Docs { input: Some(&input), ..docs };
        let limit = self.seconds(frame, Some(node), plan.total_timeout, fields::TIMEOUT, docs)?;
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
        self.record(frame, Some(node), RecordKind::Skipped, Detail::None);
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
        let token = self.token(act, plan);
        let env = Env { token: token.as_ref(), ..self.env(frame, node, docs) };
        let made = env.optional(args, fields::ARGS).map_err(|error| error.during(Phase::Args))?;
        let given = made.as_ref().or(docs.input).cloned().unwrap_or_default();
        self.saw(frame, Stage::Args, &given);
        if let Some(visit) = self.state.visit_mut(frame, node) {
            visit.args = made;
        }
        match &plan.kind {
            NodeKind::Step(tool) => self.dispatch(act, plan, tool, given, token, docs)?,
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
                let name = env.optional(*error, fields::ERROR)?.and_then(text);
                let cause = env.optional(*cause, fields::CAUSE)?.and_then(text);
                return Err(RunError {
                    name,
                    cause,
                    class: None,
                    exit_code: None,
                    phase: Phase::Effect,
                    fault: None,
                    at: None,
                });
            }
            NodeKind::Parallel(_) | NodeKind::ForEach(_) | NodeKind::Loop(_) | NodeKind::Scope(_) => {
                self.open_children(frame, node, given, docs)?;
            }
        }
        Ok(())
    }

    fn dispatch(
        &mut self,
        act: Act,
        plan: &Node,
        tool: &Tool,
        args: Value,
        token: Option<Arc<str>>,
        docs: Docs<'_>,
    ) -> Result<(), RunError> {
        let (frame, node) = (act.frame, Some(act.node));
        if self.is_too_large(&args) {
            return Err(too_large(&tool.name));
        }
        let timeout = self.seconds(frame, node, plan.timeout, fields::TIMEOUT, docs)?;
        let heartbeat = self.seconds(frame, node, plan.heartbeat, fields::HEARTBEAT, docs)?;
        let credentials = self.env(frame, act.node, docs).optional(tool.credentials, fields::CREDENTIALS)?;
        let idempotency = format!("{}/{}/{}/{}/{}", self.state.run, plan.key, act.frame, act.visit, act.attempt);
        let work = Detail::Work { args: args.clone(), timeout, heartbeat, credentials: credentials.clone() };
        self.record(frame, node, RecordKind::Dispatched, work);
        if tool.mode != ReplyMode::Activity {
            self.record(frame, node, RecordKind::Started, Detail::None);
        }
        self.set_doing(act, Doing::Working);
        self.commands.push(Command::Dispatch(Box::new(Dispatch {
            act,
            key: Arc::clone(&plan.key),
            tool: Arc::clone(&tool.name),
            mode: tool.mode,
            args,
            token,
            timeout,
            heartbeat,
            credentials,
            idempotency,
            priority: plan.priority,
        })));
        Ok(())
    }

    /// A node with children whose answer somebody makes up.
    pub(crate) fn pretend(&mut self, act: Act, args: Value) {
        let plan = self.node(act.node);
        self.set_doing(act, Doing::Working);
        self.commands.push(Command::Dispatch(Box::new(Dispatch {
            act,
            key: Arc::clone(&plan.key),
            tool: "children".into(),
            mode: ReplyMode::Reply,
            args,
            token: None,
            timeout: None,
            heartbeat: None,
            credentials: None,
            idempotency: String::new(),
            priority: 0,
        })));
    }

    /// The token an answer to the work refers to. Nobody comes upon one by chance, but it is no secret kept from
    /// those who hold another token of the run.
    fn token(&self, act: Act, plan: &Node) -> Option<Arc<str>> {
        let NodeKind::Step(tool) = &plan.kind else { return None };
        if tool.mode == ReplyMode::Reply {
            return None;
        }
        let Act { frame, node, visit, attempt } = act;
        let parts = [u64::from(frame), node.0.into(), visit.into(), attempt.into()];
        let run = self.state.run.bytes().fold(self.state.seed, |sum, byte| mix(sum ^ u64::from(byte)));
        let proof = parts.into_iter().fold(mix(run), |sum, part| mix(sum ^ part));
        Some(format!("{}.{frame}.{}.{visit}.{attempt}.{proof:016x}", self.state.run, node.0).into())
    }

    fn choose(&self, frame: u32, node: NodeIx, cases: &[wfc_plan::ExprIx], docs: Docs<'_>) -> Result<On, RunError> {
        let env = self.env(frame, node, docs);
        for (index, case) in (0..).zip(cases) {
            if env.truth(*case, Field::Case)? {
                return Ok(On::Case(index));
            }
        }
        let outs = &self.node(node).outs;
        if outs.iter().any(|edge| self.plan.edges[edge.at()].on == On::Otherwise) {
            return Ok(On::Otherwise);
        }
        let cause = "Failed to transition out of the state. The state does not point to a next state.";
        Err(RunError::new("States.NoChoiceMatched", cause).with_fault(crate::Fault::default()))
    }

    fn sleep(&mut self, act: Act, until: WaitFor, docs: Docs<'_>) -> Result<(), RunError> {
        let delay = self.delay_of(act, until, docs)?;
        self.set_doing(act, Doing::Sleeping);
        self.set_timer(TimerId { act, purpose: Purpose::Wait }, delay);
        Ok(())
    }

    fn give_back(&mut self, frame: u32, node: NodeIx, to: ReturnTo, given: Value) -> Result<(), RunError> {
        let result = self.shaped(frame, node, given)?;
        if to == ReturnTo::Region {
            return self.leave(frame, node, On::Done, Some(result));
        }
        let End { value: result, assigned } =
            self.end_of(frame, node, Docs { result: Some(&result), ..Docs::default() })?;
        self.keep_out(frame, node, result.clone());
        self.commands.push(Command::Took { node, way: Way::Left(On::Done) });
        self.record(frame, Some(node), RecordKind::Exited, Detail::Exit { output: result.clone(), assigned });
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
