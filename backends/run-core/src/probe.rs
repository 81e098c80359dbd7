//! A single node under the glass: what its data became at each stage, and how it ended.

use serde::{Deserialize, Serialize};
use wfc_expr::Value;
use wfc_plan::{ExprIx, ExprKind, NodeIx, On};

use crate::eval::Docs;
use crate::fields;
use crate::settle::Move;
use crate::turn::{Turn, ROOT};
use crate::{Millis, RunError, RunState};

/// What was seen of a single node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// What its data became, in order.
    pub stages: Vec<(Stage, Value)>,
    /// How it ended.
    pub end: Option<ProbeEnd>,
}

/// A stage of a node's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// What is taken of the input.
    Input,
    /// What the work is given.
    Args,
    /// The items.
    Items,
    /// How many items may be at work at once; 0 is any number.
    Concurrency,
    /// How many failed items are tolerated.
    ToleratedCount,
    /// How many of a hundred are.
    ToleratedPercent,
    /// What the work answered.
    Result,
    /// What is taken of that.
    Selected,
    /// What it was merged into.
    Merged,
}

/// How a single node ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProbeEnd {
    /// Control would move on, or the region would end.
    Left {
        /// By which of its ways.
        on: On,
        /// Where to.
        to: Option<NodeIx>,
        /// What it passes on.
        output: Value,
        /// The error that was handled.
        error: Option<RunError>,
    },
    /// It would be tried again.
    Retry {
        /// By which rule.
        index: u32,
        /// After so many milliseconds.
        delay: Millis,
        /// What went wrong.
        error: RunError,
    },
    /// It failed.
    Failed {
        /// What went wrong.
        error: RunError,
        /// The rule that is for the error and has no attempts left.
        exhausted: Option<u32>,
    },
}

impl RunState {
    /// What was seen of the node that was run alone.
    pub fn probe(&self) -> Option<&Probe> {
        self.probe.as_deref()
    }
}

impl Turn<'_> {
    /// Whether a node is run alone.
    pub(crate) fn is_single(&self, frame: u32) -> bool {
        frame == ROOT && self.state.setting.single.is_some()
    }

    /// Keeps what the data of a node that is run alone became.
    pub(crate) fn saw(&mut self, frame: u32, stage: Stage, value: &Value) {
        if self.is_single(frame) {
            self.state.probe.get_or_insert_default().stages.push((stage, value.clone()));
        }
    }

    /// Keeps how a node that is run alone ended.
    pub(crate) fn saw_end(&mut self, frame: u32, end: ProbeEnd) {
        if self.is_single(frame) {
            self.state.probe.get_or_insert_default().end = Some(end);
        }
    }

    /// What the result was merged into, where a part of that is then passed on.
    pub(crate) fn saw_merged(&mut self, frame: u32, node: NodeIx, on: On, result: &Value) {
        if !self.is_single(frame) || self.state.visit(frame, node).is_none() {
            return;
        }
        let edges = self.node(node).outs.iter().map(|edge| &self.plan.edges[edge.at()]);
        let out = edges.clone().find(|edge| edge.on == on).map_or(self.node(node).end_out, |edge| edge.out);
        let docs = Docs { result: Some(result), ..Docs::default() };
        let merged = match out.map(|out| self.merged(out)) {
            None | Some(None) => Ok(result.clone()),
            Some(Some(merged)) => {
                self.with_docs(frame, node, docs, |turn, docs| turn.env(frame, node, docs).value(merged, fields::OUT))
            }
        };
        if let Ok(merged) = merged {
            self.saw(frame, Stage::Merged, &merged);
        }
    }

    /// The document that a path is applied to at last; the expression itself if it is no path.
    fn merged(&self, out: ExprIx) -> Option<ExprIx> {
        match &self.plan.exprs[out.at()].kind {
            ExprKind::Source(source) => source.doc,
            // A selection of nothing is made of nothing.
            ExprKind::Value(_) => None,
            _ => Some(out),
        }
    }

    /// Where the way a node was left by leads.
    pub(crate) fn saw_left(
        &mut self,
        frame: u32,
        on: On,
        moves: &[Move],
        end: Option<&Value>,
        error: Option<RunError>,
    ) {
        let moved = moves.first();
        let to = moved.map(|moved| self.plan.edges[moved.edge.at()].to);
        let output = moved.map(|moved| &moved.value).or(end).cloned().unwrap_or_default();
        self.saw_end(frame, ProbeEnd::Left { on, to, output, error });
    }
}
