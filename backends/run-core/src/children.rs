//! Nodes that have regions inside: branches, scopes and items.

use std::collections::{BTreeMap, BTreeSet};

use wfc_expr::Value;
use wfc_plan::{ForEach, NodeIx, NodeKind, RegionIx};

use crate::eval::Docs;
use crate::state::{Children, Doing, Ending, Frame, Msg, Parent};
use crate::turn::Turn;
use crate::{Phase, RunError};

impl Turn<'_> {
    /// The regions of a node begin.
    pub(crate) fn open_children(
        &mut self,
        frame: u32,
        node: NodeIx,
        given: Value,
        docs: Docs<'_>,
    ) -> Result<(), RunError> {
        let kind = &self.node(node).kind;
        let children = match kind {
            NodeKind::ForEach(each) => self.item_slots(frame, node, each, docs)?,
            _ => Children::with_slots(kind.regions().len()),
        };
        let slots = children.results.len();
        if let Some(visit) = self.state.visit_mut(frame, node) {
            visit.doing = Doing::Parenting(children);
        }
        match kind {
            NodeKind::ForEach(_) | NodeKind::Parallel(_) if slots == 0 => {
                self.keep_lists(frame, node, 0, &BTreeMap::new());
                self.complete(frame, node, Some(Vec::new().into()));
            }
            NodeKind::ForEach(_) => self.push(Msg::Spawn { frame, node }),
            _ => {
                let first = matches!(kind, NodeKind::Loop(_)).then_some((0, Value::Null));
                for (slot, &region) in (0..).zip(kind.regions()) {
                    self.open_child(region, Parent { frame, node, slot }, given.clone(), None, first.clone());
                }
            }
        }
        Ok(())
    }

    pub(crate) fn open_child(
        &mut self,
        region: RegionIx,
        parent: Parent,
        raw: Value,
        item: Option<(u64, Value)>,
        round: Option<(u64, Value)>,
    ) {
        let frame = self.add_frame(region, Some(parent), raw, item);
        if let Some(state) = self.state.frames.get_mut(&frame) {
            state.round = round;
        }
        if let Some(children) = self.parenting(parent) {
            children.frames.insert(frame);
        }
        self.push(Msg::Open { frame });
    }

    /// The items are fixed here; later changes of what they were read from do not matter.
    fn item_slots(&self, frame: u32, node: NodeIx, each: &ForEach, docs: Docs<'_>) -> Result<Children, RunError> {
        let env = self.env(frame, node, docs);
        let items = match each.items {
            Some(items) => env.value(items)?,
            None => docs.input.cloned().unwrap_or_default(),
        };
        let count = items.as_array().map(|items| items.len());
        let count =
            count.ok_or_else(|| RunError::runtime(format!("the items are {}, not an array", items.type_name())))?;
        let limit = env.optional(each.concurrency)?.map_or(Some(0), |limit| limit.as_i64());
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        let limit = limit.ok_or_else(|| RunError::runtime("the concurrency is not a whole number from 0"))?;
        let limit = if limit == 0 { usize::MAX } else { limit };
        Ok(Children { items, limit, ..Children::with_slots(count) })
    }

    /// Begins one item, and sees to it that the next one is, if there is room.
    pub(crate) fn spawn(&mut self, frame: u32, node: NodeIx) {
        let NodeKind::ForEach(each) = &self.node(node).kind else { return };
        let Some(Doing::Parenting(children)) = self.state.visit(frame, node).map(|visit| &visit.doing) else { return };
        let slot = children.next;
        let Some(item) = children.items.at(slot as usize).filter(|_| children.frames.len() < children.limit).cloned()
        else {
            return;
        };
        let parent = Parent { frame, node, slot };
        if let Some(children) = self.parenting(parent) {
            children.next += 1;
        }
        match self.item_raw(frame, node, slot, &item) {
            Ok(raw) => self.open_child(each.body, parent, raw, Some((u64::from(slot), item)), None),
            Err(error) => self.item_ended(parent, BTreeMap::new(), Ending::of(Err(error.during(Phase::Args)))),
        }
        self.push(Msg::Spawn { frame, node });
    }

    fn item_raw(&self, frame: u32, node: NodeIx, slot: u32, item: &Value) -> Result<Value, RunError> {
        let Some(visit) = self.state.visit(frame, node) else { return Ok(item.clone()) };
        let item_doc = Some((u64::from(slot), item));
        let docs = Docs { raw: Some(&visit.raw), input: Some(&visit.input), item: item_doc, ..Docs::default() };
        let made = self.env(frame, node, docs).optional(self.node(node).args)?;
        Ok(made.unwrap_or_else(|| item.clone()))
    }

    /// A region inside a node has ended.
    pub(crate) fn child_ended(&mut self, child: u32, parent: Parent, closed: Frame, ending: Ending) {
        let Some(children) = self.parenting(parent) else { return };
        children.frames.remove(&child);
        let ending = Ending { verdict: ending.verdict.map_err(RunError::of_region), ..ending };
        let outs = closed.outs.unwrap_or_default();
        match &self.node(parent.node).kind {
            NodeKind::ForEach(_) => self.item_ended(parent, outs, ending),
            NodeKind::Loop(body) => {
                self.round_ended(parent, body, outs, ending);
            }
            _ => self.branch_ended(parent, ending),
        }
    }

    fn branch_ended(&mut self, parent: Parent, ending: Ending) {
        let result = match ending.verdict {
            Ok(result) => result,
            Err(error) => return self.wind_down(parent.frame, parent.node, error),
        };
        let scope = matches!(self.node(parent.node).kind, NodeKind::Scope(_));
        let Some(children) = self.parenting(parent) else { return };
        children.put(parent.slot, result);
        if children.frames.is_empty() {
            let mut results = children.take_results();
            let answer = if scope { results.pop().unwrap_or_default() } else { results.into() };
            self.complete(parent.frame, parent.node, Some(answer));
        }
    }

    fn item_ended(&mut self, parent: Parent, outs: BTreeMap<NodeIx, Value>, ending: Ending) {
        let Some(children) = self.parenting(parent) else { return };
        if !outs.is_empty() {
            children.outs.insert(parent.slot, outs);
        }
        match ending.verdict {
            Ok(result) => children.put(parent.slot, result),
            Err(error) => {
                children.failed += 1;
                children.put(parent.slot, error.document());
                let (failed, all) = (children.failed, children.results.len());
                if let Err(error) = self.tolerated(parent, failed, all, error) {
                    let outs = self.parenting(parent).map(|children| std::mem::take(&mut children.outs));
                    self.keep_lists(parent.frame, parent.node, all, &outs.unwrap_or_default());
                    return self.wind_down(parent.frame, parent.node, error);
                }
            }
        }
        let Some(children) = self.parenting(parent) else { return };
        if !children.frames.is_empty() || (children.next as usize) < children.results.len() {
            return self.push(Msg::Spawn { frame: parent.frame, node: parent.node });
        }
        let (results, outs) = (children.take_results(), std::mem::take(&mut children.outs));
        self.keep_lists(parent.frame, parent.node, results.len(), &outs);
        self.complete(parent.frame, parent.node, Some(results.into()));
    }

    /// Whether the failures so far may be.
    fn tolerated(&self, parent: Parent, failed: usize, all: usize, error: RunError) -> Result<(), RunError> {
        let NodeKind::ForEach(each) = &self.node(parent.node).kind else { return Ok(()) };
        let Some(visit) = self.state.visit(parent.frame, parent.node) else { return Ok(()) };
        let docs = Docs { raw: Some(&visit.raw), input: Some(&visit.input), ..Docs::default() };
        let env = self.env(parent.frame, parent.node, docs);
        let count = env.optional(each.tolerate_count)?.and_then(|count| count.as_f64());
        let percent = env.optional(each.tolerate_percent)?.and_then(|percent| percent.as_f64());
        let exceeded = count.is_some_and(|count| failed as f64 > count)
            || percent.is_some_and(|percent| failed as f64 * 100.0 > percent * all as f64);
        match (count.or(percent), exceeded) {
            (None, _) => Err(error),
            (Some(_), false) => Ok(()),
            (Some(_), true) => Err(RunError::new(
                "States.ExceedToleratedFailureThreshold",
                "The specified tolerated failure threshold was exceeded",
            )),
        }
    }

    /// Outside a `ForEach`, the output of a node inside it is a list by item, null where it has none.
    fn keep_lists(&mut self, frame: u32, node: NodeIx, len: usize, outs: &BTreeMap<u32, BTreeMap<NodeIx, Value>>) {
        for &inner in self.program.read_inside(node) {
            let of_slot = |slot: u32| outs.get(&slot).and_then(|outs| outs.get(&inner)).cloned().unwrap_or_default();
            let list: Value = (0..).take(len).map(of_slot).collect();
            self.keep_out(frame, inner, list);
        }
    }
}

impl Children {
    pub(crate) fn with_slots(count: usize) -> Self {
        Self {
            frames: BTreeSet::new(),
            results: vec![None; count],
            items: Value::Null,
            next: 0,
            limit: usize::MAX,
            failed: 0,
            outs: BTreeMap::new(),
            rounds: 0,
        }
    }

    fn put(&mut self, slot: u32, result: Value) {
        if let Some(place) = self.results.get_mut(slot as usize) {
            *place = Some(result);
        }
    }

    fn take_results(&mut self) -> Vec<Value> {
        self.results.drain(..).map(Option::unwrap_or_default).collect()
    }
}
