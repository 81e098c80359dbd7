//! Nodes that have regions inside: branches, scopes and items.

use std::collections::{BTreeMap, BTreeSet};

use wfc_expr::Value;
use wfc_plan::{ForEach, NodeIx, NodeKind, RegionIx};

use crate::error::{Fault, EVALUATION};
use crate::eval::{Docs, Want};
use crate::fields;
use crate::state::{Children, Doing, Ending, Frame, Msg, Parent};
use crate::turn::{Turn, ROOT};
use crate::{Detail, Phase, RecordKind, RunError, Stage};

/// How many items are begun in one transition.
const SPAWNS: usize = 1_000;

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
        if self.is_single(frame) {
            return self.pretend_children(frame, node, given, docs);
        }
        let children = match kind {
            NodeKind::ForEach(each) if each.runs.is_some() => return self.open_runs(frame, node, each, docs),
            NodeKind::ForEach(each) => self.item_slots(frame, node, each, docs)?,
            _ => Children::with_slots(kind.regions().len()),
        };
        let mut children = children;
        self.put_earlier_results(frame, node, &mut children);
        let slots = children.results.len();
        self.record_started(frame, node, slots as u64);
        if let NodeKind::ForEach(each) = kind {
            self.tolerance(frame, node, each, docs)?;
        }
        if let Some(visit) = self.state.visit_mut(frame, node) {
            visit.doing = Doing::Parenting(children);
        }
        match kind {
            NodeKind::ForEach(_) | NodeKind::Parallel(_) if slots == 0 => {
                self.keep_lists(frame, node, 0, &BTreeMap::new());
                self.record(frame, Some(node), RecordKind::ChildrenSucceeded, Detail::None);
                self.complete(frame, node, Some(Vec::new().into()));
            }
            NodeKind::ForEach(_) => self.push(Msg::Spawn { frame, node }),
            _ => {
                let first = matches!(kind, NodeKind::Loop(_)).then_some((0, Value::Null));
                let begins = self.unfinished(frame, node, kind.regions().len());
                if begins.is_empty() {
                    return self.all_finished(frame, node);
                }
                for (slot, region) in
                    begins.into_iter().filter_map(|slot| Some((slot, *kind.regions().get(slot as usize)?)))
                {
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
    ) -> u32 {
        let frame = self.add_frame(region, Some(parent), raw, item);
        if let Some(state) = self.state.frames.get_mut(&frame) {
            state.round = round;
        }
        if let Some(children) = self.parenting(parent) {
            children.frames.insert(frame);
        }
        self.push(Msg::Open { frame });
        frame
    }

    /// Children of the first node of a run that goes on where another ended may be done already.
    fn put_earlier_results(&mut self, frame: u32, node: NodeIx, children: &mut Children) {
        let many = matches!(self.node(node).kind, NodeKind::ForEach(_) | NodeKind::Parallel(_));
        if frame != ROOT || self.state.setting.entry != Some(node) || !many {
            return;
        }
        for (slot, result) in std::mem::take(&mut self.state.setting.done) {
            children.put(slot, result);
        }
    }

    /// The children that have no result yet.
    fn unfinished(&mut self, frame: u32, node: NodeIx, count: usize) -> Vec<u32> {
        let parent = Parent { frame, node, slot: 0 };
        let has = |slot: &u32, children: &Children| children.results.get(*slot as usize).is_some_and(Option::is_some);
        let children = self.parenting(parent);
        (0..).take(count).filter(|slot| children.as_ref().is_none_or(|children| !has(slot, children))).collect()
    }

    /// All children were done before.
    fn all_finished(&mut self, frame: u32, node: NodeIx) -> Result<(), RunError> {
        let results = self.parenting(Parent { frame, node, slot: 0 }).map(Children::take_results).unwrap_or_default();
        self.record(frame, Some(node), RecordKind::ChildrenSucceeded, Detail::None);
        self.complete(frame, node, Some(results.into()));
        Ok(())
    }

    /// What would be begun is looked at; the answer comes from elsewhere.
    fn pretend_children(&mut self, frame: u32, node: NodeIx, given: Value, docs: Docs<'_>) -> Result<(), RunError> {
        if let NodeKind::ForEach(each) = &self.node(node).kind {
            if each.reader.is_none() {
                let items = self.items(frame, node, each, docs)?;
                self.saw(frame, Stage::Items, &items);
            }
            let limit = self.env(frame, node, docs).count(each.concurrency, fields::CONCURRENCY)?;
            self.saw(frame, Stage::Concurrency, &Value::Number(limit.unwrap_or(0).into()));
            let (count, percent) = self.tolerance(frame, node, each, docs)?;
            if let Some(count) = count {
                self.saw(frame, Stage::ToleratedCount, &Value::Number(count.into()));
            }
            if let Some(percent) = percent.and_then(wfc_expr::value::Number::from_f64) {
                self.saw(frame, Stage::ToleratedPercent, &Value::Number(percent));
            }
        }
        if let Some(act) = self.state.visit(frame, node).map(|visit| visit.act) {
            self.pretend(act, given);
        }
        Ok(())
    }

    /// Where children begin, lines of them follow.
    pub(crate) fn record_started(&mut self, frame: u32, node: NodeIx, length: u64) {
        let detail = match self.node(node).kind {
            NodeKind::ForEach(_) => Detail::Length(length),
            NodeKind::Parallel(_) => Detail::None,
            _ => return,
        };
        let started = self.record(frame, Some(node), RecordKind::ChildrenStarted, detail);
        if let Some(visit) = self.state.visit_mut(frame, node) {
            visit.records.started = started;
        }
    }

    /// The items are fixed here; later changes of what they were read from do not matter.
    fn item_slots(&self, frame: u32, node: NodeIx, each: &ForEach, docs: Docs<'_>) -> Result<Children, RunError> {
        let limit = self.concurrency(frame, node, each, docs)?;
        let items = self.items(frame, node, each, docs)?;
        let count = items.as_array().map_or(0, |items| items.len());
        Ok(Children { items, limit, ..Children::with_slots(count) })
    }

    /// How many items may be at work at once.
    pub(crate) fn concurrency(
        &self,
        frame: u32,
        node: NodeIx,
        each: &ForEach,
        docs: Docs<'_>,
    ) -> Result<usize, RunError> {
        let limit = self.env(frame, node, docs).count(each.concurrency, fields::CONCURRENCY)?;
        Ok(match limit {
            None | Some(0) => usize::MAX,
            Some(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
        })
    }

    /// The items of a node that reads them from its own data: an array.
    pub(crate) fn items(&self, frame: u32, node: NodeIx, each: &ForEach, docs: Docs<'_>) -> Result<Value, RunError> {
        let env = self.env(frame, node, docs);
        let items = match each.items {
            Some(items) => env.wanted(items, fields::ITEMS, Want::Array)?,
            None => docs.input.cloned().unwrap_or_default(),
        };
        if items.as_array().is_some() {
            return Ok(items);
        }
        let text = each.items.map_or("$", |items| env.text(items));
        Err(match text {
            // The whole input of a state that has no paths.
            "" if self.is_aws(frame) => {
                let fault = Fault { evaluation: true, ..Fault::default() };
                let cause = format!("Map state input must be an array but was: {}", items.to_json());
                RunError::new(EVALUATION, cause).with_fault(fault)
            }
            "" => RunError::runtime(format!("the items are no array but {}", items.to_json())),
            path => {
                // The second dollar of the context is not shown.
                let path = path.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(path);
                RunError::runtime(format!("Reference path \"{path}\" must point to array."))
            }
        })
    }

    /// How many failed items are tolerated: by count, and of a hundred.
    pub(crate) fn tolerance(
        &self,
        frame: u32,
        node: NodeIx,
        each: &ForEach,
        docs: Docs<'_>,
    ) -> Result<(Option<u64>, Option<f64>), RunError> {
        let env = self.env(frame, node, docs);
        let count = env.count(each.tolerate_count, fields::TOLERATED_COUNT)?;
        let percent = env.percentage(each.tolerate_percent, fields::TOLERATED_PERCENT)?;
        Ok((count, percent))
    }

    /// Begins items as long as there is room, and sees to it that the next ones are.
    pub(crate) fn spawn(&mut self, frame: u32, node: NodeIx) {
        for _ in 0..SPAWNS {
            if !self.spawn_one(frame, node) {
                return;
            }
        }
        self.push(Msg::Spawn { frame, node });
    }

    fn spawn_one(&mut self, frame: u32, node: NodeIx) -> bool {
        let NodeKind::ForEach(each) = &self.node(node).kind else { return false };
        let Some(visit) = self.state.visit(frame, node) else { return false };
        let started = visit.records.started;
        let Doing::Parenting(children) = &visit.doing else { return false };
        let slot = children.next;
        if children.results.get(slot as usize).is_some_and(Option::is_some) {
            return self.pass_over(Parent { frame, node, slot });
        }
        let Some(item) = children.items.at(slot as usize).filter(|_| children.frames.len() < children.limit).cloned()
        else {
            return false;
        };
        let parent = Parent { frame, node, slot };
        let mut freed = None;
        if let Some(children) = self.parenting(parent) {
            children.next += 1;
            freed = children.freed.take();
        }
        let index = Detail::Index(u64::from(slot));
        let begun = self.record_after(frame, Some(node), RecordKind::ItemStarted, index, freed.unwrap_or(started));
        match self.item_raw(frame, node, slot, &item) {
            Ok(raw) => {
                let child = self.open_child(each.body, parent, raw, Some((u64::from(slot), item)), None);
                if begun > 0 {
                    self.follow(child, begun);
                }
            }
            Err(error) => {
                let error = self.placed(frame, node, error);
                self.item_ended(parent, BTreeMap::new(), Ending::of(Err(error.during(Phase::Args))), begun);
            }
        }
        true
    }

    /// The item was done before.
    fn pass_over(&mut self, parent: Parent) -> bool {
        let Some(children) = self.parenting(parent) else { return false };
        children.next += 1;
        let over = children.frames.is_empty() && children.next as usize == children.results.len();
        if over {
            let results = children.take_results();
            self.record(parent.frame, Some(parent.node), RecordKind::ChildrenSucceeded, Detail::None);
            self.complete(parent.frame, parent.node, Some(results.into()));
        }
        !over
    }

    fn item_raw(&self, frame: u32, node: NodeIx, slot: u32, item: &Value) -> Result<Value, RunError> {
        let Some(visit) = self.state.visit(frame, node) else { return Ok(item.clone()) };
        let item_doc = Some((u64::from(slot), item));
        let docs = Docs { raw: Some(&visit.raw), input: Some(&visit.input), item: item_doc, ..Docs::default() };
        let made = self.env(frame, node, docs).optional(self.node(node).args, fields::ITEM_SELECTOR)?;
        Ok(made.unwrap_or_else(|| item.clone()))
    }

    /// A region inside a node has ended.
    pub(crate) fn child_ended(&mut self, child: u32, parent: Parent, closed: Frame, ending: Ending) {
        let Some(children) = self.parenting(parent) else { return };
        children.frames.remove(&child);
        let ending = Ending { verdict: ending.verdict.map_err(RunError::of_region), ..ending };
        let outs = closed.outs.unwrap_or_default();
        match &self.node(parent.node).kind {
            NodeKind::ForEach(_) => self.item_ended(parent, outs, ending, closed.last),
            NodeKind::Loop(body) => {
                self.round_ended(parent, body, outs, ending);
            }
            _ => self.branch_ended(parent, ending, closed.last),
        }
    }

    fn branch_ended(&mut self, parent: Parent, ending: Ending, last: u64) {
        let Parent { frame, node, .. } = parent;
        let result = match ending.verdict {
            Ok(result) => result,
            Err(error) => {
                self.record_failed_branch(parent, ending.by, last);
                return self.wind_down(frame, node, error);
            }
        };
        let scope = matches!(self.node(node).kind, NodeKind::Scope(_));
        let Some(children) = self.parenting(parent) else { return };
        children.put(parent.slot, result);
        if !children.frames.is_empty() {
            return;
        }
        let mut results = children.take_results();
        if !scope {
            self.record(frame, Some(node), RecordKind::ChildrenSucceeded, Detail::None);
        }
        let answer = if scope { results.pop().unwrap_or_default() } else { results.into() };
        self.complete(frame, node, Some(answer));
    }

    /// AWS writes that work of a branch was aborted even of the work whose failure ended the branch.
    fn record_failed_branch(&mut self, parent: Parent, by: Option<NodeIx>, last: u64) {
        self.follow(parent.frame, last);
        let is_step = by.is_some_and(|by| matches!(self.node(by).kind, NodeKind::Step(_)));
        let is_parallel = matches!(self.node(parent.node).kind, NodeKind::Parallel(_));
        if is_step && is_parallel && self.is_aws(parent.frame) {
            self.record_after(parent.frame, by, RecordKind::Cancelled, Detail::None, last);
        }
    }

    /// An item has ended, with `last` as its last line of history.
    fn item_ended(&mut self, parent: Parent, outs: BTreeMap<NodeIx, Value>, ending: Ending, last: u64) {
        let Parent { frame, node, slot } = parent;
        let Some(children) = self.parenting(parent) else { return };
        if !outs.is_empty() {
            children.outs.insert(slot, outs);
        }
        children.freed = Some(last);
        let index = Detail::Index(u64::from(slot));
        match ending.verdict {
            Ok(result) => {
                children.put(slot, result);
                let ended = self.record_after(frame, Some(node), RecordKind::ItemSucceeded, index, last);
                self.follow_if_written(frame, ended);
            }
            Err(error) => {
                children.failed += 1;
                let (failed, all) = (children.failed, children.results.len());
                let document = error.document(self.is_aws(frame));
                self.put_result(parent, document);
                self.record_after(frame, Some(node), RecordKind::ItemFailed, index, last);
                self.follow_if_written(frame, last);
                if let Err(error) = self.tolerated(parent, failed, all, error) {
                    let outs = self.parenting(parent).map(|children| std::mem::take(&mut children.outs));
                    self.keep_lists(frame, node, all, &outs.unwrap_or_default());
                    return self.wind_down(frame, node, error);
                }
            }
        }
        let Some(children) = self.parenting(parent) else { return };
        if !children.frames.is_empty() || (children.next as usize) < children.results.len() {
            return self.push(Msg::Spawn { frame, node });
        }
        let (results, outs) = (children.take_results(), std::mem::take(&mut children.outs));
        self.keep_lists(frame, node, results.len(), &outs);
        self.record(frame, Some(node), RecordKind::ChildrenSucceeded, Detail::None);
        self.complete(frame, node, Some(results.into()));
    }

    fn put_result(&mut self, parent: Parent, result: Value) {
        if let Some(children) = self.parenting(parent) {
            children.put(parent.slot, result);
        }
    }

    fn follow_if_written(&mut self, frame: u32, line: u64) {
        if self.is_aws(frame) {
            self.follow(frame, line);
        }
    }

    /// Whether the failures so far may be.
    fn tolerated(&self, parent: Parent, failed: usize, all: usize, error: RunError) -> Result<(), RunError> {
        let NodeKind::ForEach(each) = &self.node(parent.node).kind else { return Ok(()) };
        let Some(visit) = self.state.visit(parent.frame, parent.node) else { return Ok(()) };
        let docs = Docs { raw: Some(&visit.raw), input: Some(&visit.input), ..Docs::default() };
        let (count, percent) = self.tolerance(parent.frame, parent.node, each, docs)?;
        match (count.is_none() && percent.is_none(), exceeds(count, percent, failed as u64, all as u64)) {
            (true, _) => Err(error),
            (false, false) => Ok(()),
            (false, true) => Err(too_many_failed()),
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

/// Whether more items have failed than are tolerated by count or of a hundred.
pub(crate) fn exceeds(count: Option<u64>, percent: Option<f64>, failed: u64, all: u64) -> bool {
    count.is_some_and(|count| failed > count)
        || percent.is_some_and(|percent| failed as f64 * 100.0 > percent * all as f64)
}

/// The error of a node whose items have failed too often.
pub(crate) fn too_many_failed() -> RunError {
    let cause = "The specified tolerated failure threshold was exceeded";
    RunError::new("States.ExceedToleratedFailureThreshold", cause)
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
            freed: None,
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
