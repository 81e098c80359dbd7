//! Which lines of history a run writes, and from which other line each follows.
//!
//! A flow names its table. `plain` writes what happened in the words of the core; `aws` writes what Step Functions
//! does, whose numbers count and whose order has quirks of its own: they are the rows of [`row`].

use wfc_plan::{Node, NodeIx, NodeKind, ReplyMode, ReturnTo, WaitFor};

use crate::turn::Turn;
use crate::{Command, Detail, Record, RecordKind};

/// A table of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Plain,
    Aws,
}

/// The line that a line follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prev {
    /// The last one of the token.
    Last,
    /// None.
    None,
    /// The one before the node was entered.
    BeforeEntry,
    /// The start of the runs of the node's items.
    Started,
}

/// What a table says of a kind of record.
#[derive(Clone, Copy, Debug)]
struct Row {
    prev: Prev,
    /// Whether the next line of the token follows from this one.
    advances: bool,
}

const NEXT: Row = Row { prev: Prev::Last, advances: true };
const ASIDE: Row = Row { prev: Prev::Last, advances: false };

impl Table {
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "aws" => Table::Aws,
            _ => Table::Plain,
        }
    }
}

/// What a table says of a kind of record at a node; nothing, if it does not write it.
fn row(table: Table, kind: RecordKind, node: Option<&Node>) -> Option<Row> {
    use RecordKind as K;
    match (table, kind) {
        (
            Table::Plain,
            K::Started
            | K::ChildrenStarted
            | K::ChildrenSucceeded
            | K::ChildrenFailed
            | K::ItemStarted
            | K::ItemSucceeded
            | K::ItemFailed
            | K::ItemAborted
            | K::ItemRunsStarted
            | K::ItemRunsSucceeded
            | K::ItemRunsFailed
            | K::ItemRunsAborted
            | K::EvaluationFailed,
        ) => None,
        (Table::Plain, _) => Some(NEXT),
        (Table::Aws, K::Retried | K::Caught | K::Skipped | K::Poisoned) => None,
        // The first entry of a run follows from nothing.
        (Table::Aws, K::RunStarted) => Some(Row { prev: Prev::None, advances: false }),
        (Table::Aws, K::RunAborted | K::RunTimedOut) => Some(Row { prev: Prev::None, advances: true }),
        (Table::Aws, K::ItemFailed | K::ItemAborted | K::Cancelled) => Some(ASIDE),
        (Table::Aws, K::ChildrenSucceeded) => Some(ASIDE),
        (Table::Aws, K::Exited) if node.is_some_and(has_runs) => Some(Row { prev: Prev::Started, advances: true }),
        (Table::Aws, K::EvaluationFailed) if !node.is_some_and(waits) => {
            Some(Row { prev: Prev::BeforeEntry, advances: true })
        }
        (Table::Aws, _) => Some(NEXT),
    }
}

fn has_runs(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::ForEach(each) if each.runs.is_some())
}

fn waits(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Wait(WaitFor::Seconds(_) | WaitFor::Timestamp(_)))
}

/// Whether AWS writes that work of the node was aborted.
pub(crate) fn tells_abort(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Step(tool) => tool.mode != ReplyMode::Activity,
        NodeKind::Return(ReturnTo::Region) => false,
        kind => matches!(kind, NodeKind::Wait(_) | NodeKind::Parallel(_) | NodeKind::ForEach(_)),
    }
}

impl Turn<'_> {
    /// Writes a line that follows from where its table says; gives its number, 0 if it is not written.
    pub(crate) fn record(&mut self, frame: u32, node: Option<NodeIx>, kind: RecordKind, detail: Detail) -> u64 {
        let Some(row) = self.row(frame, node, kind) else { return 0 };
        let marks = node.and_then(|node| self.state.visit(frame, node)).map(|visit| visit.records).unwrap_or_default();
        let prev = match row.prev {
            Prev::Last => self.last(frame),
            Prev::None => 0,
            Prev::BeforeEntry => marks.before,
            Prev::Started => marks.started,
        };
        self.write(frame, node, kind, detail, prev, row.advances)
    }

    /// Writes a line that follows from the line `prev`, if its table has it.
    pub(crate) fn record_after(
        &mut self,
        frame: u32,
        node: Option<NodeIx>,
        kind: RecordKind,
        detail: Detail,
        prev: u64,
    ) -> u64 {
        match self.row(frame, node, kind) {
            Some(_) => self.write(frame, node, kind, detail, prev, false),
            None => 0,
        }
    }

    /// The last line of a frame's token.
    pub(crate) fn last(&self, frame: u32) -> u64 {
        self.state.frames.get(&frame).map_or(0, |frame| frame.last)
    }

    /// The next line of a frame's token follows from the line `last`.
    pub(crate) fn follow(&mut self, frame: u32, last: u64) {
        if let Some(state) = self.state.frames.get_mut(&frame) {
            state.last = last;
        }
    }

    /// Whether a frame's flow writes the history of AWS.
    pub(crate) fn is_aws(&self, frame: u32) -> bool {
        self.table(frame) == Table::Aws
    }

    fn table(&self, frame: u32) -> Table {
        self.state.frames.get(&frame).map_or(Table::Plain, |frame| self.program.table(frame.region))
    }

    fn row(&self, frame: u32, node: Option<NodeIx>, kind: RecordKind) -> Option<Row> {
        row(self.table(frame), kind, node.map(|node| self.node(node)))
    }

    fn write(
        &mut self,
        frame: u32,
        node: Option<NodeIx>,
        kind: RecordKind,
        detail: Detail,
        prev: u64,
        advances: bool,
    ) -> u64 {
        // The last line is the run's own end.
        let ends = matches!(
            kind,
            RecordKind::RunSucceeded | RecordKind::RunFailed | RecordKind::RunTimedOut | RecordKind::RunAborted
        );
        if !ends && self.state.setting.max_records.is_some_and(|max| self.state.records + 1 >= max) {
            self.state.history_full = true;
            return self.state.records;
        }
        self.state.records += 1;
        let seq = self.state.records;
        if advances {
            self.follow(frame, seq);
        }
        let key = node.map_or_else(|| std::sync::Arc::from(""), |node| std::sync::Arc::clone(&self.node(node).key));
        self.commands.push(Command::Record(Record { seq, prev, at: self.state.now, node, key, kind, detail }));
        seq
    }
}
