//! Whether a state that was read from somewhere is one that a program can be in.
//!
//! Shapes are checked where the state is decoded. Here is what the step function takes for granted beyond that: that
//! numbers point at something of the program, that sums are right, and that counters have room.

use std::collections::BTreeMap;
use std::fmt;

use wfc_plan::{EdgeIx, Mode, NodeIx, Owner, Plan, RegionIx};

use crate::state::{Cell, Dag, Doing, Fate, Frame, Msg, Visit, Waiter};
use crate::turn::ROOT;
use crate::{Program, RunState, Setting};

/// Counters stay below this; no run comes near it.
const ROOM: u64 = 1 << 48;

/// A frame's number stays below this.
const FRAMES: u32 = 1 << 31;

/// Why a state is not one of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateError(&'static str);

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the state is none of this program: {}", self.0)
    }
}

impl std::error::Error for StateError {}

fn must(holds: bool, why: &'static str) -> Result<(), StateError> {
    if holds {
        Ok(())
    } else {
        Err(StateError(why))
    }
}

impl RunState {
    /// Looks a state through that comes from outside, such as a file, before it is told anything.
    pub fn check(&self, program: &Program) -> Result<(), StateError> {
        let plan = program.plan();
        must(self.records < ROOM && self.next_frame < FRAMES, "a counter has no room left")?;
        must(fits(plan, &self.setting), "its setting names what is not there")?;
        self.frames.iter().try_for_each(|(&id, frame)| self.check_frame(plan, id, frame))?;
        self.queue.iter().try_for_each(|msg| self.check_msg(plan, msg))?;
        self.check_waits(plan)
    }

    fn check_frame(&self, plan: &Plan, id: u32, frame: &Frame) -> Result<(), StateError> {
        must(id < self.next_frame && frame.region.at() < plan.regions.len(), "a frame has a wrong number")?;
        must((id == ROOT) == frame.parent.is_none(), "a frame other than the first hangs on nothing")?;
        if let Some(parent) = frame.parent {
            let owned = plan.regions[frame.region.at()].owner == Owner::Node(parent.node);
            must(owned && parent.frame < id && self.holds(plan, parent.frame, parent.node), "a frame hangs elsewhere")?;
        }
        let outs = frame.outs.iter().flat_map(BTreeMap::keys);
        let by = frame.closing.iter().filter_map(|ending| ending.by.as_ref());
        must(outs.chain(by).all(|node| node.at() < plan.nodes.len()), "a node is not there")?;
        let own = |node: &NodeIx| self.holds(plan, id, *node);
        must(frame.entered.keys().all(own), "a frame knows nodes of others")?;
        must(frame.dag.as_ref().is_none_or(|dag| is_sound(plan, frame.region, dag)), "the sums of a region are wrong")?;
        frame.visits.iter().try_for_each(|(&node, visit)| self.check_visit(plan, id, node, visit))
    }

    fn check_visit(&self, plan: &Plan, frame: u32, node: NodeIx, visit: &Visit) -> Result<(), StateError> {
        let named = visit.act.frame == frame && visit.act.node == node;
        must(named && self.holds(plan, frame, node), "a node at work has another name")?;
        must(visit.retries.len() == plan.nodes[node.at()].retry.len(), "a node has other rules to try again")?;
        match &visit.doing {
            Doing::Parenting(children) => {
                let inner = children.outs.values().flat_map(BTreeMap::keys).all(|node| node.at() < plan.nodes.len());
                let known = children.frames.iter().all(|id| *id > frame && *id < self.next_frame);
                let counts = children.rounds < ROOM && children.failed <= children.results.len();
                must(inner && known && counts, "the children of a node are wrong")
            }
            Doing::Running(runs) => must(runs.is_sound(ROOM), "the runs of a node's items are wrong"),
            _ => Ok(()),
        }
    }

    fn check_msg(&self, plan: &Plan, msg: &Msg) -> Result<(), StateError> {
        let holds = match msg {
            Msg::Open { .. } | Msg::Close { .. } => true,
            // Only what was not done is dropped.
            Msg::Drop { fate: Fate::Left(_), .. } => false,
            Msg::Enter { frame, node, .. }
            | Msg::Attempt { frame, node }
            | Msg::Spawn { frame, node }
            | Msg::Drop { frame, node, .. }
            | Msg::Pump { frame, node } => {
                node.at() < plan.nodes.len() && (!self.frames.contains_key(frame) || self.holds(plan, *frame, *node))
            }
        };
        must(holds, "what is to happen is about what is not there")
    }

    /// Who waits for cancelled work waits for as much as there is.
    fn check_waits(&self, plan: &Plan) -> Result<(), StateError> {
        let mut counted: BTreeMap<Waiter, usize> = BTreeMap::new();
        self.dying.values().for_each(|waiter| *counted.entry(*waiter).or_default() += 1);
        let nodes = self.waits.keys().filter_map(|waiter| waiter.node).chain(self.dying.keys().map(|act| act.node));
        let known = nodes.into_iter().all(|node| node.at() < plan.nodes.len());
        must(known && counted == self.waits, "cancelled work is miscounted")
    }

    /// Whether a node stands in the region of a frame.
    fn holds(&self, plan: &Plan, frame: u32, node: NodeIx) -> bool {
        let region = self.frames.get(&frame).map(|frame| frame.region);
        region.is_some() && plan.nodes.get(node.at()).map(|node| node.region) == region
    }
}

/// Whether a setting speaks of nodes and regions of the plan, and control enters a node of the region that is run.
pub(crate) fn fits(plan: &Plan, setting: &Setting) -> bool {
    let body = plan.flows[plan.entry.at()].body;
    let region = setting.region.unwrap_or(body);
    let in_region = |node: NodeIx| plan.nodes.get(node.at()).is_some_and(|node| node.region == region);
    region.at() < plan.regions.len() && setting.entry.into_iter().chain(setting.until).all(in_region)
}

fn is_sound(plan: &Plan, region: RegionIx, dag: &Dag) -> bool {
    let region = &plan.regions[region.at()];
    let open = dag.cells.iter().filter(|cell| !cell.settled).count();
    let cells = || region.nodes.iter().zip(&dag.cells);
    matches!(region.mode, Mode::Dag { .. })
        && dag.cells.len() == region.nodes.len()
        && dag.open == open
        && cells().all(|(node, cell)| is_cell_of(plan, *node, cell))
}

fn is_cell_of(plan: &Plan, node: NodeIx, cell: &Cell) -> bool {
    let ins = &plan.nodes[node.at()].ins;
    let lost = u64::from(cell.dead) + u64::from(cell.poisoned);
    let from = cell.poison.as_ref().is_none_or(|(from, _)| from.at() < plan.nodes.len());
    let taken = |(edge, _): &(EdgeIx, _)| ins.contains(edge);
    from && lost + cell.taken.len() as u64 <= ins.len() as u64 && cell.taken.iter().all(taken)
}
