//! Items that are runs of their own: the node keeps counts and a window of items, never all of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use wfc_expr::Value;
use wfc_plan::{Access, Batch, ForEach, NodeIx, NodeKind};

use crate::batch::Batcher;
use crate::children::{exceeds, too_many_failed};
use crate::eval::{mix, Docs, Field};
use crate::fields;
use crate::state::{Doing, Msg, Verdict};
use crate::turn::Turn;
use crate::{Act, Command, Detail, OpenItems, Phase, RecordKind, RunError, Source, StartRun};

/// How many runs are under way at once where nothing limits them.
const MAX_RUNS: usize = 1_000;

/// How many items are read ahead.
const WINDOW: usize = 2_000;

/// How many runs begin in one transition.
const STARTS: usize = 1_000;

/// The items of a node, as runs of their own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ItemRuns {
    /// Items of the run's own data.
    items: Value,
    /// How many of them were taken.
    taken: usize,
    /// Items that were read and not begun, with their index.
    waiting: VecDeque<Value>,
    /// How many items were read.
    read: u64,
    /// Whether items come from a reader, and whether it was asked for some.
    reads: bool,
    asked: bool,
    /// Whether there are no more items than those waiting.
    end: bool,
    /// The next run's number.
    next: u64,
    /// How many items each run under way is for, by its number.
    under_way: BTreeMap<u64, u64>,
    limit: usize,
    failed: u64,
    succeeded: u64,
    tolerated: (Option<u64>, Option<f64>),
    batcher: Option<Batcher>,
    /// Whether results are written by somebody else.
    writes: bool,
    closing: bool,
    results: BTreeMap<u64, Value>,
}

impl Turn<'_> {
    /// The items of a node begin as runs of their own.
    pub(crate) fn open_runs(
        &mut self,
        frame: u32,
        node: NodeIx,
        each: &ForEach,
        docs: Docs<'_>,
    ) -> Result<(), RunError> {
        let limit = self.concurrency(frame, node, each, docs)?;
        let items = match each.reader {
            Some(_) => Value::Null,
            None => self.items(frame, node, each, docs)?,
        };
        let length = items.as_array().map_or(0, |items| items.len());
        self.record_started(frame, node, length as u64);
        let tolerated = self.tolerance(frame, node, each, docs)?;
        let batcher = each.batch.as_ref().map(|batch| self.batcher(frame, node, batch, docs)).transpose()?;
        let reader = each.reader.as_ref();
        let reader = reader.map(|reader| self.access(frame, node, reader, fields::READER_ARGS, docs)).transpose()?;
        let writer = each.writer.as_ref();
        let writer = writer.map(|writer| self.access(frame, node, writer, fields::WRITER_ARGS, docs)).transpose()?;
        let writes = writer.is_some();
        let Some(visit) = self.state.visit(frame, node) else { return Ok(()) };
        let act = visit.act;
        let name = self.map_run_name(act, each);
        let started = self.record(frame, Some(node), RecordKind::ItemRunsStarted, Detail::Name(Arc::clone(&name)));
        let reads = reader.is_some();
        let express = each.runs.as_ref().is_some_and(|runs| runs.express);
        let runs = ItemRuns {
            items,
            taken: 0,
            waiting: VecDeque::new(),
            read: 0,
            reads,
            asked: false,
            end: false,
            next: 0,
            under_way: BTreeMap::new(),
            limit: limit.min(MAX_RUNS),
            failed: 0,
            succeeded: 0,
            tolerated,
            batcher,
            writes,
            closing: false,
            results: BTreeMap::new(),
        };
        if let Some(visit) = self.state.visit_mut(frame, node) {
            visit.records.started = started;
            visit.doing = Doing::Running(Box::new(runs));
        }
        self.commands.push(Command::OpenItems(Box::new(OpenItems { act, reader, writer, name, express })));
        self.push(Msg::Pump { frame, node });
        Ok(())
    }

    fn batcher(&self, frame: u32, node: NodeIx, batch: &Batch, docs: Docs<'_>) -> Result<Batcher, RunError> {
        let env = self.env(frame, node, docs);
        Batcher::new(
            env.count(batch.max_items, fields::BATCH_ITEMS)?,
            env.count(batch.max_bytes, fields::BATCH_BYTES)?,
            env.optional(batch.input, fields::BATCH_INPUT)?,
        )
    }

    fn access(
        &self,
        frame: u32,
        node: NodeIx,
        access: &Access,
        field: Field<'_>,
        docs: Docs<'_>,
    ) -> Result<Source, RunError> {
        let env = self.env(frame, node, docs);
        let option = |(name, expr): &(Arc<str>, wfc_plan::ExprIx)| match &**name {
            "MaxItems" => env.max_items(*expr).map(|value| (Arc::clone(name), value)),
            other => env.value(*expr, Field::of(other)).map(|value| (Arc::clone(name), value)),
        };
        let config = access.config.iter().map(option).collect::<Result<_, _>>()?;
        let args = env.optional(access.args, field)?.unwrap_or_default();
        Ok(Source { resource: access.resource.clone(), args, config })
    }

    /// `<machine>/<label or id>:<id>` behind what all names of its kind begin with.
    fn map_run_name(&self, act: Act, each: &ForEach) -> Arc<str> {
        let machine = self.state.context.get("StateMachine").and_then(|machine| machine.get("Id"));
        let machine =
            machine.and_then(Value::as_str).unwrap_or("arn:aws:states:us-east-1:123456789012:stateMachine:run");
        let part = |salt: u64| {
            let seed = self.state.run.bytes().fold(self.state.seed ^ salt, |sum, byte| mix(sum ^ u64::from(byte)));
            let parts = [u64::from(act.frame), act.node.0.into(), act.visit.into(), act.attempt.into()];
            uuid(parts.into_iter().fold(seed, |sum, part| mix(sum ^ part)))
        };
        let label = each.runs.as_ref().and_then(|runs| runs.label.clone());
        let label = label.map_or_else(|| part(1), |label| label.to_string());
        let id = part(2);
        format!("{}/{label}:{id}", machine.replacen(":stateMachine:", ":mapRun:", 1)).into()
    }

    /// Begins runs as long as there is room and there are items.
    pub(crate) fn pump(&mut self, frame: u32, node: NodeIx) {
        for _ in 0..STARTS {
            match self.start_one(frame, node) {
                Ok(true) => {}
                Ok(false) => return self.after_pump(frame, node),
                Err(error) => return self.runs_failed(frame, node, error),
            }
        }
        self.push(Msg::Pump { frame, node });
    }

    fn start_one(&mut self, frame: u32, node: NodeIx) -> Result<bool, RunError> {
        let Some(visit) = self.state.visit_mut(frame, node) else { return Ok(false) };
        let act = visit.act;
        let Doing::Running(runs) = &mut visit.doing else { return Ok(false) };
        if runs.under_way.len() >= runs.limit || runs.closing {
            return Ok(false);
        }
        let Some(input) = self.next_input(frame, node)? else { return Ok(false) };
        let NodeKind::ForEach(each) = &self.node(node).kind else { return Ok(false) };
        let Some(runs) = self.item_runs(act) else { return Ok(false) };
        let slot = runs.next;
        runs.next += 1;
        let items = if runs.batcher.is_some() { items_of(&input) } else { 1 };
        runs.under_way.insert(slot, items);
        self.commands.push(Command::StartRun(Box::new(StartRun { act, slot, region: each.body, input })));
        Ok(true)
    }

    /// What the next run is given; nothing if its items are not there yet, or none is left.
    fn next_input(&mut self, frame: u32, node: NodeIx) -> Result<Option<Value>, RunError> {
        loop {
            let Some(runs) = self.runs_at(frame, node) else { return Ok(None) };
            let index = runs.next_index();
            let Some(item) = runs.pop() else { return Ok(runs.last_group()) };
            let made = self.item_input(frame, node, index, &item)?;
            let Some(runs) = self.runs_at(frame, node) else { return Ok(None) };
            let Some(batcher) = &mut runs.batcher else { return Ok(Some(made)) };
            if let Some(group) = batcher.push(made)? {
                return Ok(Some(group));
            }
        }
    }

    fn runs_at(&mut self, frame: u32, node: NodeIx) -> Option<&mut ItemRuns> {
        match &mut self.state.visit_mut(frame, node)?.doing {
            Doing::Running(runs) => Some(runs),
            _ => None,
        }
    }

    fn item_input(&self, frame: u32, node: NodeIx, index: u64, item: &Value) -> Result<Value, RunError> {
        let Some(visit) = self.state.visit(frame, node) else { return Ok(item.clone()) };
        let docs =
            Docs { raw: Some(&visit.raw), input: Some(&visit.input), item: Some((index, item)), ..Docs::default() };
        let made = self.env(frame, node, docs).optional(self.node(node).args, fields::ITEM_SELECTOR)?;
        Ok(made.unwrap_or_else(|| item.clone()))
    }

    /// Asks for more items, or ends when there are none.
    fn after_pump(&mut self, frame: u32, node: NodeIx) {
        let Some(visit) = self.state.visit_mut(frame, node) else { return };
        let act = visit.act;
        let Doing::Running(runs) = &mut visit.doing else { return };
        if let Some(count) = runs.wants() {
            runs.asked = true;
            let from = runs.read;
            return self.commands.push(Command::ReadItems { act, from, count });
        }
        if !runs.is_over() || runs.closing {
            return;
        }
        if let Err(error) = runs.judge(true) {
            return self.runs_failed(frame, node, error);
        }
        self.commands.push(Command::CloseItems { act });
        let Some(runs) = self.item_runs(act) else { return };
        if runs.writes {
            runs.closing = true;
            return;
        }
        let results: Vec<Value> = std::mem::take(&mut runs.results).into_values().collect();
        self.runs_succeeded(frame, node, results.into());
    }

    /// Items were read. Those that were not asked for, or have come before, change nothing.
    pub(crate) fn items_read(&mut self, act: Act, from: u64, items: Vec<Value>, end: bool) {
        if let Some(runs) = self.item_runs(act).filter(|runs| runs.asked && runs.read == from) {
            runs.asked = false;
            runs.end |= end;
            runs.read += items.len() as u64;
            runs.waiting.extend(items);
            self.push(Msg::Pump { frame: act.frame, node: act.node });
        }
    }

    /// Runs of items have ended.
    pub(crate) fn runs_ended(&mut self, act: Act, ended: Vec<(u64, Verdict)>) {
        let is_aws = self.is_aws(act.frame);
        let Some(runs) = self.item_runs(act) else { return };
        let mut news = false;
        for (slot, verdict) in ended {
            let Some(items) = runs.under_way.remove(&slot) else { continue };
            news = true;
            let result = match verdict {
                Ok(result) => {
                    runs.succeeded += items;
                    result
                }
                Err(error) => {
                    runs.failed += items;
                    error.document(is_aws)
                }
            };
            if !runs.writes {
                runs.results.insert(slot, result);
            }
        }
        if !news {
            return;
        }
        match runs.judge(false) {
            Ok(()) => self.push(Msg::Pump { frame: act.frame, node: act.node }),
            Err(error) => self.runs_failed(act.frame, act.node, error),
        }
    }

    /// The reader has failed, or the writer has answered.
    pub(crate) fn runs_answered(&mut self, act: Act, verdict: Verdict) {
        match verdict {
            Err(error) => self.runs_failed(act.frame, act.node, error.during(Phase::Work)),
            Ok(value) => {
                if self.item_runs(act).is_some_and(|runs| runs.closing) {
                    self.runs_succeeded(act.frame, act.node, value);
                }
            }
        }
    }

    fn item_runs(&mut self, act: Act) -> Option<&mut ItemRuns> {
        let visit = self.state.visit_mut(act.frame, act.node).filter(|visit| visit.act == act)?;
        match &mut visit.doing {
            Doing::Running(runs) => Some(runs),
            _ => None,
        }
    }

    fn runs_succeeded(&mut self, frame: u32, node: NodeIx, result: Value) {
        self.record(frame, Some(node), RecordKind::ItemRunsSucceeded, Detail::None);
        self.record(frame, Some(node), RecordKind::ChildrenSucceeded, Detail::None);
        self.complete(frame, node, Some(result));
    }

    /// What still runs is ended, and the node fails.
    fn runs_failed(&mut self, frame: u32, node: NodeIx, error: RunError) {
        let Some(act) = self.state.visit(frame, node).map(|visit| visit.act) else { return };
        self.record(frame, Some(node), RecordKind::ItemRunsFailed, Detail::of(&error));
        self.commands.push(Command::Cancel { act });
        self.fail(frame, node, error);
    }
}

impl ItemRuns {
    /// Whether the counts of a state that was read agree, and leave `room`.
    pub(crate) fn is_sound(&self, room: u64) -> bool {
        let counts = [self.read, self.next, self.failed, self.succeeded];
        let window = self.waiting.len() as u64;
        counts.into_iter().all(|count| count < room)
            && window <= self.read
            && self.under_way.iter().all(|(slot, items)| *slot < self.next && *items < room)
            && self.taken <= self.items.as_array().map_or(0, |items| items.len())
    }

    /// The index of the item that is taken next.
    fn next_index(&self) -> u64 {
        match self.reads {
            true => self.read - self.waiting.len() as u64,
            false => self.taken as u64,
        }
    }

    /// The items that fill no group, once there are no others.
    fn last_group(&mut self) -> Option<Value> {
        let over = self.none_left();
        self.batcher.as_mut().filter(|_| over)?.finish()
    }

    fn pop(&mut self) -> Option<Value> {
        if self.reads {
            return self.waiting.pop_front();
        }
        let item = self.items.at(self.taken).cloned()?;
        self.taken += 1;
        Some(item)
    }

    /// How many further items are to be read now.
    fn wants(&self) -> Option<u32> {
        let more = self.reads && !self.end && !self.asked && !self.closing;
        let room = (WINDOW.max(self.limit)).saturating_sub(self.waiting.len());
        (more && room >= WINDOW / 2).then(|| u32::try_from(room).unwrap_or(u32::MAX))
    }

    fn is_over(&self) -> bool {
        self.none_left() && self.under_way.is_empty()
    }

    fn none_left(&self) -> bool {
        match self.reads {
            true => self.end && self.waiting.is_empty(),
            false => self.items.at(self.taken).is_none(),
        }
    }

    /// Whether the failures so far may be; those of a hundred are counted when all items are known.
    fn judge(&self, over: bool) -> Result<(), RunError> {
        let (count, percent) = self.tolerated;
        let all = match self.reads {
            false => Some(self.items.as_array().map_or(0, |items| items.len()) as u64),
            true => (over || self.end).then_some(self.read),
        };
        let count = if percent.is_none() { Some(count.unwrap_or(0)) } else { count };
        let exceeded = match all {
            Some(all) => exceeds(count, percent, self.failed, all),
            None => exceeds(count, None, self.failed, 0),
        };
        if exceeded {
            Err(too_many_failed())
        } else {
            Ok(())
        }
    }
}

/// How many items a group is of.
fn items_of(group: &Value) -> u64 {
    group.get("Items").and_then(Value::as_array).map_or(0, |items| items.len() as u64)
}

/// The text of an identifier made of a number.
fn uuid(seed: u64) -> String {
    let (high, low) = (mix(seed), mix(seed ^ 1));
    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0x0fff);
    let (d, e) = (low >> 48 & 0x3fff | 0x8000, low & 0xffff_ffff_ffff);
    format!("{a:08x}-{b:04x}-4{c:03x}-{d:04x}-{e:012x}")
}
