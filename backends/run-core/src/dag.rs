//! Regions in which every node settles once: readiness, poison, skipping, and what nobody waits for any more.

use std::collections::BTreeMap;

use wfc_expr::Value;
use wfc_plan::{EdgeIx, Mode, NodeIx, On, Ready};

use crate::eval::Docs;
use crate::program::plain_targets;
use crate::settle::Move;
use crate::state::{Cell, Dag, Ending, Fate, Msg, Waiter};
use crate::turn::Turn;
use crate::{Detail, RecordKind, RunError};

/// What a settled node makes of an edge.
enum Mark {
    Taken(EdgeIx, Value),
    Dead,
    Poisoned(RunError),
}

impl Mark {
    fn rank(&self) -> u8 {
        match self {
            Mark::Dead => 0,
            Mark::Poisoned(_) => 1,
            Mark::Taken(..) => 2,
        }
    }
}

/// What a node's edges in decide about it.
enum Verdict {
    Start,
    Skip,
    Poison(RunError),
}

impl Turn<'_> {
    /// Every node without edges in is entered.
    pub(crate) fn open_dag(&mut self, frame: u32) {
        let Some(state) = self.state.frames.get_mut(&frame) else { return };
        let nodes = &self.plan.regions[state.region.at()].nodes;
        let cell = |node: &NodeIx| Cell {
            demand: u32::try_from(plain_targets(self.plan, *node).len().max(1)).unwrap_or(u32::MAX),
            ..Cell::default()
        };
        let cells = nodes.iter().map(cell).collect();
        state.dag = Some(Dag { returned: None, cells, open: nodes.len(), failure: None });
        for &node in nodes.iter().filter(|node| self.plan.nodes[node.at()].ins.is_empty()) {
            self.start_cell(frame, node);
        }
        nodes
            .iter()
            .filter(|node| !self.plan.nodes[node.at()].ins.is_empty())
            .for_each(|&node| self.judge(frame, node));
        if nodes.is_empty() {
            self.finish(frame, Ending::of(Ok(Value::empty_object())));
        }
    }

    /// A node settles without having run, or because nobody waits for it.
    pub(crate) fn drop_node(&mut self, frame: u32, node: NodeIx, fate: Fate) {
        if self.cell(frame, node).is_none_or(|cell| cell.settled) {
            return;
        }
        let kind = match &fate {
            Fate::Poisoned(_) => RecordKind::Poisoned,
            Fate::Cancelled => RecordKind::Cancelled,
            _ => RecordKind::Skipped,
        };
        if matches!(fate, Fate::Cancelled) && self.state.visit(frame, node).is_some() {
            self.abort(frame, node, Waiter { frame, node: None });
        } else {
            self.record(frame, Some(node), kind, Detail::None);
        }
        let document = match &fate {
            Fate::Poisoned(error) => Some(error.document(false)),
            _ => None,
        };
        let raw = self.state.frames.get(&frame).map(|frame| frame.raw.clone());
        let docs = Docs { raw: raw.as_ref(), error: document.as_ref(), ..Docs::default() };
        let (fate, moves) = match self.moves(frame, node, None, docs) {
            Ok(moves) => (fate, moves),
            Err(error) => (Fate::Failed(error), Vec::new()),
        };
        self.settle(frame, node, fate, Value::Null, moves, None);
    }

    /// A node has settled: its edges are marked, and the region may be over.
    pub(crate) fn settle_cell(&mut self, frame: u32, node: NodeIx, fate: Fate, moves: Vec<Move>) {
        let Some(cell) = self.cell(frame, node).filter(|cell| !cell.settled) else { return };
        cell.settled = true;
        cell.done = matches!(fate, Fate::Left(on) if !matches!(on, On::Error(_)));
        // One that has started let go of its sources then.
        if !cell.started {
            self.release(frame, node);
        }
        self.note_failure(frame, node, &fate);
        for (to, mark) in self.marks(node, &fate, moves) {
            self.mark(frame, node, to, mark);
        }
        self.close_dag(frame);
    }

    /// Counts the node off; after the last one the region ends.
    fn close_dag(&mut self, frame: u32) {
        let Some(dag) = self.dag(frame) else { return };
        dag.open -= 1;
        if dag.open > 0 {
            return;
        }
        let verdict = match dag.failure.take() {
            Some(error) => Err(error),
            None => Ok(self.dag_result(frame)),
        };
        self.finish(frame, Ending::of(verdict));
    }

    /// What a `Return` gave; without one, the outputs of the ends of the region that are done.
    fn dag_result(&self, frame: u32) -> Value {
        let Some((state, dag)) = self.state.frames.get(&frame).and_then(|frame| Some((frame, frame.dag.as_ref()?)))
        else {
            return Value::Null;
        };
        if let Some((_, value)) = &dag.returned {
            return value.clone();
        }
        let nodes = self.plan.regions[state.region.at()].nodes.iter().copied();
        let ended =
            |node: &NodeIx| dag.cells[self.program.place(*node)].done && plain_targets(self.plan, *node).is_empty();
        self.outputs(frame, nodes.filter(ended))
    }

    /// Keeps what a `Return` gives; of several, the one declared last counts.
    pub(crate) fn keep_returned(&mut self, frame: u32, node: NodeIx, value: &Value) {
        let place = self.program.place(node);
        if let Some(dag) = self.dag(frame) {
            if dag.returned.as_ref().is_none_or(|(known, _)| *known <= place) {
                dag.returned = Some((place, value.clone()));
            }
        }
    }

    /// Keeps the error that fails the region, and stops it if it is certain to fail.
    fn note_failure(&mut self, frame: u32, node: NodeIx, fate: &Fate) {
        let (Fate::Failed(error) | Fate::Poisoned(error)) = fate else { return };
        let ends_here = plain_targets(self.plan, node).is_empty();
        let certain = matches!(fate, Fate::Failed(_)) && self.program.fatal(node) && self.stops(frame);
        let Some(dag) = self.dag(frame).filter(|_| ends_here || certain) else { return };
        dag.failure.get_or_insert_with(|| error.clone());
        if certain {
            self.stop_waiting(frame);
            self.stop_running(frame, node);
        }
    }

    fn stops(&self, frame: u32) -> bool {
        let region = self.state.frames.get(&frame).map(|frame| self.plan.regions[frame.region.at()].mode);
        region == Some(Mode::Dag { stop: true })
    }

    /// Nodes that run are cancelled.
    fn stop_running(&mut self, frame: u32, failed: NodeIx) {
        let Some(state) = self.state.frames.get(&frame) else { return };
        let started = |node: &&NodeIx| {
            let cell = state.dag.as_ref().map(|dag| &dag.cells[self.program.place(**node)]);
            **node != failed && cell.is_some_and(|cell| cell.started && !cell.settled)
        };
        let running: Vec<NodeIx> = self.plan.regions[state.region.at()].nodes.iter().filter(started).copied().collect();
        running.into_iter().for_each(|node| self.push(Msg::Drop { frame, node, fate: Fate::Cancelled }));
    }

    /// Nodes that have not started will not.
    fn stop_waiting(&mut self, frame: u32) {
        let Some(state) = self.state.frames.get_mut(&frame) else { return };
        let Some(dag) = state.dag.as_mut() else { return };
        let nodes = &self.plan.regions[state.region.at()].nodes;
        let mut dropped = Vec::new();
        for (cell, node) in dag.cells.iter_mut().zip(nodes).filter(|(cell, _)| !cell.started && !cell.settled) {
            cell.settled = true;
            dag.open -= 1;
            dropped.push(*node);
        }
        for node in dropped {
            self.forget_out(frame, node);
            self.record(frame, Some(node), RecordKind::Cancelled, Detail::None);
        }
    }

    /// What a settled node makes of its targets, in declaration order. Several edges to one target count as one: taken
    /// if one of them is, else poisoned if one is, else dead.
    fn marks(&self, node: NodeIx, fate: &Fate, moves: Vec<Move>) -> Vec<(NodeIx, Mark)> {
        let mut taken: BTreeMap<EdgeIx, Value> = moves.into_iter().map(|moved| (moved.edge, moved.value)).collect();
        let mut order: Vec<NodeIx> = Vec::new();
        let mut marks: BTreeMap<NodeIx, Mark> = BTreeMap::new();
        for &edge in &self.node(node).outs {
            let to = self.plan.edges[edge.at()].to;
            let mark = match (taken.remove(&edge), fate) {
                (Some(value), _) => Mark::Taken(edge, value),
                (None, Fate::Failed(error) | Fate::Poisoned(error)) if self.poisons(edge) => {
                    Mark::Poisoned(error.clone())
                }
                _ => Mark::Dead,
            };
            match marks.get(&to) {
                None => order.push(to),
                Some(known) if known.rank() >= mark.rank() => continue,
                Some(_) => {}
            }
            marks.insert(to, mark);
        }
        order.into_iter().filter_map(|to| Some((to, marks.remove(&to)?))).collect()
    }

    /// Whether a failure that nobody handles travels along an edge.
    fn poisons(&self, edge: EdgeIx) -> bool {
        let on = self.plan.edges[edge.at()].on;
        on.is_plain() || on == On::Settled
    }

    fn mark(&mut self, frame: u32, from: NodeIx, to: NodeIx, mark: Mark) {
        let Some(cell) = self.cell(frame, to).filter(|cell| !cell.started && !cell.settled) else { return };
        match mark {
            Mark::Taken(edge, value) => cell.taken.push((edge, value)),
            Mark::Dead => cell.dead += 1,
            Mark::Poisoned(error) => {
                cell.poisoned += 1;
                // Of several poisons the one of the source declared first counts, whichever came first.
                if cell.poison.as_ref().is_none_or(|(known, _)| from < *known) {
                    cell.poison = Some((from, error));
                }
            }
        }
        self.judge(frame, to);
    }

    /// Starts or settles a waiting node if what is known of its edges in decides about it.
    fn judge(&mut self, frame: u32, to: NodeIx) {
        let (ready, ins) = (self.node(to).ready, self.program.sources(to));
        let verdict = self.cell(frame, to).and_then(|cell| decide(ready, ins, cell));
        match verdict {
            None => {}
            Some(Verdict::Start) => self.start_cell(frame, to),
            Some(Verdict::Skip) => self.push(Msg::Drop { frame, node: to, fate: Fate::Skipped }),
            Some(Verdict::Poison(error)) => self.push(Msg::Drop { frame, node: to, fate: Fate::Poisoned(error) }),
        }
    }

    /// Every node of a Dag gets the region's input; data passes through outputs.
    fn start_cell(&mut self, frame: u32, node: NodeIx) {
        if let Some(cell) = self.cell(frame, node) {
            cell.started = true;
        }
        self.release(frame, node);
        let raw = self.state.frames.get(&frame).map(|frame| frame.raw.clone()).unwrap_or_default();
        self.push(Msg::Enter { frame, node, raw });
    }

    /// A node that starts or settles has no use for its open edges in; sources nobody has a use for are cancelled.
    fn release(&mut self, frame: u32, node: NodeIx) {
        let plain =
            self.node(node).ins.iter().map(|edge| &self.plan.edges[edge.at()]).filter(|edge| edge.on.is_plain());
        for edge in plain {
            let Some(source) = self.cell(frame, edge.from).filter(|source| !source.settled) else { continue };
            source.demand = source.demand.saturating_sub(1);
            if source.demand == 0 {
                self.push(Msg::Drop { frame, node: edge.from, fate: Fate::Cancelled });
            }
        }
    }

    fn dag(&mut self, frame: u32) -> Option<&mut Dag> {
        self.state.frames.get_mut(&frame)?.dag.as_mut()
    }

    pub(crate) fn cell(&mut self, frame: u32, node: NodeIx) -> Option<&mut Cell> {
        let place = self.program.place(node);
        self.dag(frame)?.cells.get_mut(place)
    }
}

/// What is known about a node with so many edges in; nothing while it still waits.
fn decide(ready: Ready, ins: usize, cell: &Cell) -> Option<Verdict> {
    let taken = cell.taken.len();
    let lost = cell.dead as usize + cell.poisoned as usize;
    let all = taken + lost == ins;
    let hopeless = || match &cell.poison {
        Some((_, error)) => Verdict::Poison(error.clone()),
        None => Verdict::Skip,
    };
    match ready {
        Ready::All | Ready::Live if !all => None,
        Ready::All if lost > 0 => Some(hopeless()),
        Ready::Live if taken == 0 || cell.poison.is_some() => Some(hopeless()),
        Ready::All | Ready::Live => Some(Verdict::Start),
        Ready::First => quorum(1, ins, taken, lost, hopeless),
        Ready::Quorum(wanted) => quorum(wanted as usize, ins, taken, lost, hopeless),
    }
}

fn quorum(wanted: usize, ins: usize, taken: usize, lost: usize, hopeless: impl Fn() -> Verdict) -> Option<Verdict> {
    if taken >= wanted {
        return Some(Verdict::Start);
    }
    (ins - lost < wanted).then(hopeless)
}
