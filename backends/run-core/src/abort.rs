//! Work that is not wanted any more is cancelled.

use std::collections::BTreeSet;

use wfc_plan::{Abort, NodeIx};

use crate::state::{Doing, Waiter};
use crate::trace::tells_abort;
use crate::turn::Turn;
use crate::{Act, Command, Detail, Purpose, RecordKind, RunError, TimerId};

impl Turn<'_> {
    /// Takes a node from work, with everything inside it. In a flow that waits for cancelled work, `waiter` is who
    /// does.
    pub(crate) fn abort(&mut self, frame: u32, node: NodeIx, waiter: Waiter) {
        let Some(visit) = self.take_visit(frame, node) else { return };
        self.forget_out(frame, node);
        let after = self.last(waiter.frame);
        self.record_abort(frame, node, after);
        self.abort_doing(visit.act, visit.doing, waiter);
    }

    /// Cancels the work of a node, which then fails.
    pub(crate) fn wind_down(&mut self, frame: u32, node: NodeIx, error: RunError) {
        let Some(visit) = self.state.visit_mut(frame, node) else { return };
        let act = visit.act;
        let doing = std::mem::replace(&mut visit.doing, Doing::Closing { error: error.clone() });
        let waiter = Waiter { frame, node: Some(node) };
        self.abort_doing(act, doing, waiter);
        if !self.state.waits.contains_key(&waiter) {
            self.fail(frame, node, error);
        }
    }

    /// Cancelled work has answered.
    pub(crate) fn answered(&mut self, waiter: Waiter) {
        let Some(waits) = self.state.waits.get_mut(&waiter) else { return };
        *waits -= 1;
        if *waits > 0 {
            return;
        }
        self.state.waits.remove(&waiter);
        let Waiter { frame, node } = waiter;
        let Some(node) = node else {
            if self.state.frames.get(&frame).is_some_and(|frame| frame.closing.is_some()) {
                self.push(crate::state::Msg::Close { frame });
            }
            return;
        };
        let error = match self.state.visit(frame, node).map(|visit| &visit.doing) {
            Some(Doing::Closing { error }) => error.clone(),
            _ => return,
        };
        self.fail(frame, node, error);
    }

    /// Cancels what a node was doing. Regions inside it go, and theirs: a list of work, since they may nest deep.
    fn abort_doing(&mut self, act: Act, doing: Doing, waiter: Waiter) {
        let after = self.last(waiter.frame);
        let mut work = vec![(act, doing)];
        let mut gone = BTreeSet::new();
        while let Some((act, doing)) = work.pop() {
            match doing {
                Doing::Starting => {}
                Doing::Working => self.cancel_work(act, waiter),
                Doing::Sleeping => self.clear(act, Purpose::Wait),
                Doing::BackingOff => self.clear(act, Purpose::Backoff),
                Doing::Closing { .. } => self.hand_over(|w| w.frame == act.frame && w.node == Some(act.node), waiter),
                Doing::Running(_) => {
                    self.record_after(act.frame, Some(act.node), RecordKind::ItemRunsAborted, Detail::None, after);
                    self.cancel_work(act, waiter);
                }
                Doing::Parenting(children) => {
                    for frame in children.frames {
                        work.extend(self.empty(frame, act, after));
                        gone.insert(frame);
                    }
                }
            }
        }
        if !gone.is_empty() {
            gone.iter().for_each(|id| drop(self.state.frames.remove(id)));
            self.hand_over(|w| gone.contains(&w.frame), waiter);
        }
    }

    /// Takes all nodes of a frame from work and tells what they were doing. Lines about it follow from `after`.
    fn empty(&mut self, frame: u32, around: Act, after: u64) -> Vec<(Act, Doing)> {
        let state = self.state.frames.get(&frame);
        let item = state.and_then(|frame| frame.item.as_ref()).map(|(index, _)| *index);
        let nodes: Vec<NodeIx> = state.into_iter().flat_map(|frame| frame.visits.keys().copied()).collect();
        let mut found = Vec::with_capacity(nodes.len());
        for node in nodes {
            let visit = self.take_visit(frame, node);
            self.forget_out(frame, node);
            self.record_abort(frame, node, after);
            found.extend(visit.map(|visit| (visit.act, visit.doing)));
        }
        if let Some(index) = item {
            self.record_after(around.frame, Some(around.node), RecordKind::ItemAborted, Detail::Index(index), after);
        }
        found
    }

    /// That a node was taken from work, where the table has it.
    fn record_abort(&mut self, frame: u32, node: NodeIx, after: u64) {
        match self.is_aws(frame) {
            false => {
                self.record(frame, Some(node), RecordKind::Cancelled, Detail::None);
            }
            true if tells_abort(self.node(node)) => {
                self.record_after(frame, Some(node), RecordKind::Cancelled, Detail::None, after);
            }
            true => {}
        }
    }

    fn cancel_work(&mut self, act: Act, waiter: Waiter) {
        self.commands.push(Command::Cancel { act });
        let flow = self.flow_of(act.frame);
        if self.plan.flows[flow.at()].abort == Abort::Await {
            self.state.dying.insert(act, waiter);
            *self.state.waits.entry(waiter).or_insert(0) += 1;
        }
    }

    fn clear(&mut self, act: Act, purpose: Purpose) {
        self.commands.push(Command::ClearTimer { id: TimerId { act, purpose } });
    }

    /// `waiter` now waits for what others waited for that are gone.
    fn hand_over(&mut self, gone: impl Fn(&Waiter) -> bool, waiter: Waiter) {
        let mut moved = 0;
        for old in self.state.dying.values_mut().filter(|old| gone(old) && **old != waiter) {
            *old = waiter;
            moved += 1;
        }
        if moved > 0 {
            self.state.waits.retain(|old, _| !gone(old) || *old == waiter);
            *self.state.waits.entry(waiter).or_insert(0) += moved;
        }
    }
}
