//! Nodes and regions end, and data moves on.

use std::sync::Arc;

use wfc_expr::Value;
use wfc_plan::{Edge, EdgeIx, Mode, NodeIx, NodeKind, On, Owner, ReturnTo};

use crate::eval::{Docs, Field};
use crate::fields;
use crate::state::{Doing, Ending, Fate, Msg, Parent, Verdict, Waiter};
use crate::turn::{Turn, ROOT};
use crate::{Act, Command, Detail, Phase, RecordKind, RunError, RunStatus, Stage, Way};

/// The most bytes of one document in a run that sets no limit. Parts of values are shared, so that one can be longer
/// than memory, and would be only when it is written.
const MAX_BYTES: u64 = 256 << 20;

/// An edge that is taken, with what moves along it.
pub(crate) struct Move {
    pub(crate) edge: EdgeIx,
    pub(crate) value: Value,
    pub(crate) assign: Vec<(Arc<str>, Value)>,
}

/// What a region results in that ends with a node.
pub(crate) struct End {
    pub(crate) value: Value,
    pub(crate) assigned: Vec<(Arc<str>, Value)>,
}

impl Turn<'_> {
    /// Somebody has taken work up.
    pub(crate) fn taken_up(&mut self, act: Act, worker: Option<Arc<str>>) {
        if self.is_working(act) {
            let detail = worker.map_or(Detail::None, Detail::Name);
            self.record(act.frame, Some(act.node), RecordKind::Started, detail);
        }
    }

    /// A service has accepted work.
    pub(crate) fn submitted(&mut self, act: Act, value: Value) {
        if self.is_working(act) {
            self.record(act.frame, Some(act.node), RecordKind::Submitted, Detail::Output(value));
        }
    }

    fn is_working(&self, act: Act) -> bool {
        let doing = self.state.visit(act.frame, act.node).filter(|visit| visit.act == act).map(|visit| &visit.doing);
        matches!(doing, Some(Doing::Working))
    }

    /// Work has answered, by its result or by an error.
    pub(crate) fn replied(&mut self, act: Act, verdict: Verdict) {
        if let Some(waiter) = self.state.dying.remove(&act) {
            return self.answered(waiter);
        }
        let Act { frame, node, .. } = act;
        if let Some(Doing::Running(_)) = self.state.visit(frame, node).filter(|v| v.act == act).map(|v| &v.doing) {
            return self.runs_answered(act, verdict);
        }
        if !self.is_working(act) {
            return;
        }
        match verdict.and_then(|value| self.within_limit(act, value)) {
            Ok(value) => {
                self.record(frame, Some(node), RecordKind::Replied, Detail::Output(value.clone()));
                self.complete(frame, node, Some(value));
            }
            Err(error) => {
                let error = error.during(Phase::Work);
                let kind = if error.is_timeout() { RecordKind::TimedOut } else { RecordKind::Failed };
                self.record(frame, Some(node), kind, Detail::of(&error));
                self.fail(frame, node, error);
            }
        }
    }

    /// Work may not answer with more than fits.
    fn within_limit(&self, act: Act, value: Value) -> Verdict {
        match (self.is_too_large(&value), &self.node(act.node).kind) {
            (true, NodeKind::Step(tool)) => Err(too_large(tool.name.as_ref())),
            _ => Ok(value),
        }
    }

    pub(crate) fn is_too_large(&self, value: &Value) -> bool {
        value.json_len() as u64 > self.state.setting.max_bytes.unwrap_or(MAX_BYTES)
    }

    /// The work of a node is done; without a result, the node has none.
    pub(crate) fn complete(&mut self, frame: u32, node: NodeIx, result: Option<Value>) {
        result.iter().for_each(|result| self.saw(frame, Stage::Result, result));
        let shaped = result.map(|result| self.shaped(frame, node, result)).transpose();
        if let Ok(Some(result)) = &shaped {
            self.saw(frame, Stage::Selected, result);
            self.saw_merged(frame, node, On::Done, result);
        }
        if let Err(error) = shaped.and_then(|result| self.leave(frame, node, On::Done, result)) {
            self.fail(frame, node, error);
        }
    }

    /// What `io.result` makes of the work's answer.
    pub(crate) fn shaped(&self, frame: u32, node: NodeIx, answer: Value) -> Result<Value, RunError> {
        let docs = Docs { result: Some(&answer), ..Docs::default() };
        let made = self.with_docs(frame, node, docs, |turn, docs| {
            turn.env(frame, node, docs).optional(turn.node(node).result, fields::RESULT)
        });
        made.map(|made| made.unwrap_or_else(|| answer.clone()))
    }

    /// A node ends by its edges for `on`.
    pub(crate) fn leave(&mut self, frame: u32, node: NodeIx, on: On, result: Option<Value>) -> Result<(), RunError> {
        let docs = Docs { result: result.as_ref(), ..Docs::default() };
        let moves = self.moves(frame, node, Some(on), docs)?;
        let moved = moves.iter().any(|moved| self.plan.edges[moved.edge.at()].on == on);
        let end = if moved { None } else { Some(self.end_of(frame, node, docs)?) };
        if let (NodeKind::Return(ReturnTo::Region), Some(end)) = (&self.node(node).kind, &end) {
            self.keep_returned(frame, node, &end.value);
        }
        self.saw_left(frame, on, &moves, end.as_ref().map(|end| &end.value), None);
        self.settle(frame, node, Fate::Left(on), result.unwrap_or_default(), moves, end);
        Ok(())
    }

    /// The edges a node is left by, the one for `on` first, with their data. All of it is evaluated before any of
    /// it is put in place.
    pub(crate) fn moves(
        &self,
        frame: u32,
        node: NodeIx,
        on: Option<On>,
        docs: Docs<'_>,
    ) -> Result<Vec<Move>, RunError> {
        let edges = self.node(node).outs.iter().map(|&ix| (ix, &self.plan.edges[ix.at()]));
        let chosen = edges.clone().filter(|(_, edge)| Some(edge.on) == on && edge.on != On::Settled);
        let taken = chosen.chain(edges.filter(|(_, edge)| edge.on == On::Settled));
        let moves = taken.map(|(ix, edge)| {
            self.with_docs(frame, node, docs, |turn, docs| match edge.on {
                // It says the same whatever happened.
                On::Settled => turn.transfer(frame, ix, edge, Docs { raw: docs.raw, ..Docs::default() }),
                _ => turn.transfer(frame, ix, edge, docs),
            })
        });
        moves.collect::<Result<_, _>>().map_err(|error| error.during(Phase::Transfer))
    }

    /// What a region results in that ends with a node.
    pub(crate) fn end_of(&self, frame: u32, node: NodeIx, docs: Docs<'_>) -> Result<End, RunError> {
        let end = self.with_docs(frame, node, docs, |turn, docs| {
            let plan = turn.node(node);
            // Variables set on the way out die with their frame, but what makes their values may fail.
            let assigned = turn.assigned(frame, node, &plan.end_assign, docs)?;
            let made = turn.env(frame, node, docs).optional(plan.end_out, fields::OUT)?;
            let value = made.unwrap_or_else(|| docs.result.or(docs.raw).cloned().unwrap_or_default());
            turn.fitting(node, value).map(|value| End { value, assigned })
        });
        end.map_err(|error: RunError| error.during(Phase::Transfer))
    }

    fn assigned(
        &self,
        frame: u32,
        node: NodeIx,
        assign: &[(Arc<str>, wfc_plan::ExprIx)],
        docs: Docs<'_>,
    ) -> Result<Vec<(Arc<str>, Value)>, RunError> {
        let env = self.env(frame, node, docs);
        let assign = assign.iter();
        assign.map(|(name, expr)| Ok((Arc::clone(name), env.value(*expr, Field::Assign(name))?))).collect()
    }

    /// The value a node passes on, if it is not too large.
    fn fitting(&self, node: NodeIx, value: Value) -> Result<Value, RunError> {
        match self.is_too_large(&value) {
            true => Err(too_large(&self.node(node).name)),
            false => Ok(value),
        }
    }

    fn transfer(&self, frame: u32, ix: EdgeIx, edge: &Edge, docs: Docs<'_>) -> Result<Move, RunError> {
        let assign = self.assigned(frame, edge.from, &edge.assign, docs)?;
        let usual = || docs.result.or(docs.raw).cloned().unwrap_or_default();
        let made = self.env(frame, edge.from, docs).optional(edge.out, fields::OUT)?;
        let value = self.fitting(edge.from, made.unwrap_or_else(usual))?;
        Ok(Move { edge: ix, value, assign })
    }

    /// Adds the documents of the visit to `docs`.
    pub(crate) fn with_docs<T>(
        &self,
        frame: u32,
        node: NodeIx,
        docs: Docs<'_>,
        run: impl FnOnce(&Self, Docs<'_>) -> T,
    ) -> T {
        match self.state.visit(frame, node) {
            Some(visit) => {
                let (raw, input) = (Some(&visit.raw), Some(&visit.input));
                run(self, Docs { raw, input, args: visit.args.as_ref(), ..docs })
            }
            None => run(self, docs),
        }
    }

    /// A node settles: what it produced is kept, variables are set, control moves on.
    pub(crate) fn settle(
        &mut self,
        frame: u32,
        node: NodeIx,
        fate: Fate,
        output: Value,
        moves: Vec<Move>,
        end: Option<End>,
    ) {
        if let Fate::Left(on) = fate {
            self.commands.push(Command::Took { node, way: Way::Left(on) });
            let detail = exit_detail(&moves, end.as_ref());
            self.record(frame, Some(node), RecordKind::Exited, detail);
        }
        self.take_visit(frame, node);
        match fate {
            Fate::Left(_) | Fate::Failed(_) => self.keep_out(frame, node, output),
            _ => self.forget_out(frame, node),
        }
        let Some(state) = self.state.frames.get_mut(&frame) else { return };
        state.vars.extend(moves.iter().flat_map(|moved| moved.assign.iter().cloned()));
        match self.plan.regions[state.region.at()].mode {
            Mode::Dag { .. } => self.settle_cell(frame, node, fate, moves),
            Mode::Seq(_) => self.go_on(frame, node, fate, end, moves),
        }
    }

    /// The token of a Seq region moves, or the region ends.
    fn go_on(&mut self, frame: u32, node: NodeIx, fate: Fate, end: Option<End>, moves: Vec<Move>) {
        match (moves.into_iter().next(), fate) {
            (Some(moved), _) if self.is_single(frame) => self.finish(frame, Ending::of(Ok(moved.value))),
            (Some(moved), _) => {
                let node = self.plan.edges[moved.edge.at()].to;
                self.push(Msg::Enter { frame, node, raw: moved.value });
            }
            (None, Fate::Failed(error) | Fate::Poisoned(error)) => {
                self.finish(frame, Ending { by: Some(node), ..Ending::of(Err(error)) });
            }
            (None, _) => self.finish(frame, Ending::of(Ok(end.map(|end| end.value).unwrap_or_default()))),
        }
    }

    /// A region ends as soon as everything in it has: what is still at work is cancelled.
    pub(crate) fn finish(&mut self, frame: u32, ending: Ending) {
        let Some(state) = self.state.frames.get_mut(&frame).filter(|frame| frame.closing.is_none()) else { return };
        state.closing = Some(ending);
        let nodes: Vec<NodeIx> = state.visits.keys().copied().collect();
        let waiter = Waiter { frame, node: None };
        nodes.into_iter().for_each(|node| self.abort(frame, node, waiter));
        if !self.state.waits.contains_key(&waiter) {
            self.push(Msg::Close { frame });
        }
    }

    /// A region has ended; whoever it hangs on hears of it.
    pub(crate) fn close(&mut self, frame: u32) {
        if frame == ROOT {
            self.record_end();
        }
        let Some(mut closed) = self.state.frames.remove(&frame) else { return };
        let Some(ending) = closed.closing.take() else { return };
        match closed.parent {
            None => self.end(ending),
            Some(parent) => {
                let outer = self.state.frames.get_mut(&parent.frame);
                if let Some(outer) = outer.filter(|outer| outer.last < closed.last) {
                    outer.last = closed.last;
                }
                self.child_ended(frame, parent, *closed, ending);
            }
        }
    }

    fn record_end(&mut self) {
        let ending = self.state.frames.get(&ROOT).and_then(|root| root.closing.clone());
        let Some(Ending { verdict, status, .. }) = ending else { return };
        let (kind, detail) = match (status, verdict) {
            (Some(RunStatus::TimedOut), _) => (RecordKind::RunTimedOut, Detail::None),
            (Some(RunStatus::Aborted), _) => (RecordKind::RunAborted, Detail::None),
            (_, Ok(output)) => (RecordKind::RunSucceeded, Detail::Output(output)),
            (_, Err(error)) => (RecordKind::RunFailed, Detail::of(&error)),
        };
        self.record(ROOT, None, kind, detail);
    }

    /// The run ends early.
    pub(crate) fn stop(&mut self, status: RunStatus) {
        let ending = Ending { status: Some(status), ..Ending::of(Ok(Value::Null)) };
        self.finish(ROOT, ending);
    }

    /// The frame a `Return` ends.
    pub(crate) fn target(&self, frame: u32, to: ReturnTo) -> u32 {
        let found = self.state.chain(frame).find(|(_, inner)| match (to, self.plan.regions[inner.region.at()].owner) {
            (ReturnTo::Region, _) | (_, Owner::Flow(_)) => true,
            (ReturnTo::Loop, Owner::Node(node)) => matches!(self.node(node).kind, NodeKind::Loop(_)),
            (ReturnTo::Flow, _) => false,
        });
        found.map_or(frame, |(id, _)| id)
    }

    /// What came along the edges into a node that were taken, by the names of their sources in declaration order.
    pub(crate) fn joined(&self, frame: u32, node: NodeIx) -> Value {
        let Some(dag) = self.state.frames.get(&frame).and_then(|frame| frame.dag.as_ref()) else {
            return Value::empty_object();
        };
        let mut taken: Vec<(NodeIx, &Value)> = Vec::new();
        let edges = &dag.cells[self.program.place(node)].taken;
        taken.extend(edges.iter().map(|(edge, value)| (self.plan.edges[edge.at()].from, value)));
        taken.sort_by_key(|(from, _)| *from);
        taken.into_iter().map(|(from, value)| (Arc::clone(&self.node(from).name), value.clone())).collect()
    }

    /// The outputs of nodes, by their names.
    pub(crate) fn outputs(&self, frame: u32, nodes: impl Iterator<Item = NodeIx>) -> Value {
        let outs = self.state.chain(frame).find_map(|(_, frame)| frame.outs.as_ref());
        let named = nodes.filter_map(|node| Some((Arc::clone(&self.node(node).name), outs?.get(&node)?.clone())));
        named.collect()
    }

    /// The place in the tree of frames where a parent stands, if it still waits for its children.
    pub(crate) fn parenting(&mut self, parent: Parent) -> Option<&mut crate::state::Children> {
        match &mut self.state.visit_mut(parent.frame, parent.node)?.doing {
            Doing::Parenting(children) => Some(children),
            _ => None,
        }
    }
}

/// What a node passed on, and the variables it set.
fn exit_detail(moves: &[Move], end: Option<&End>) -> Detail {
    match (moves.first(), end) {
        (Some(moved), _) => Detail::Exit { output: moved.value.clone(), assigned: moved.assign.clone() },
        (None, Some(end)) => Detail::Exit { output: end.value.clone(), assigned: end.assigned.clone() },
        (None, None) => Detail::None,
    }
}

/// A document that is longer than the limit.
pub(crate) fn too_large(whose: &str) -> RunError {
    let what = "returned a result with a size exceeding the maximum number of bytes service limit.";
    RunError::new("States.DataLimitExceeded", format!("The state/task '{whose}' {what}"))
}
