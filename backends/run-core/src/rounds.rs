//! Loops: a region again and again.

use std::collections::BTreeMap;

use wfc_expr::Value;
use wfc_plan::{Loop, NodeIx, OnCap};

use crate::eval::Docs;
use crate::fields;
use crate::state::{Ending, Parent};
use crate::turn::Turn;
use crate::RunError;

impl Turn<'_> {
    /// A round has ended: the node is done, fails, or begins another round with what the first one got.
    pub(crate) fn round_ended(&mut self, parent: Parent, body: &Loop, outs: BTreeMap<NodeIx, Value>, ending: Ending) {
        self.keep_round(parent, outs);
        let result = match ending.verdict {
            Ok(result) => result,
            Err(error) => return self.fail(parent.frame, parent.node, error),
        };
        let Some(children) = self.parenting(parent) else { return };
        children.rounds += 1;
        let rounds = children.rounds;
        if ending.leaves_loop {
            return self.complete(parent.frame, parent.node, Some(result));
        }
        match self.goes_on(parent, body, &result) {
            Err(error) => self.fail(parent.frame, parent.node, error),
            Ok(true) if rounds < body.cap => self.next_round(parent, body, rounds, result),
            Ok(true) if body.on_cap == OnCap::Fail => {
                let cause = format!("the loop has not ended after {rounds} rounds, its cap");
                self.fail(parent.frame, parent.node, RunError::new("wfc.LoopCap", cause));
            }
            Ok(_) => self.complete(parent.frame, parent.node, Some(result)),
        }
    }

    /// Outside a loop, the outputs of the nodes inside are those of the last round, and of that one only.
    fn keep_round(&mut self, parent: Parent, mut outs: BTreeMap<NodeIx, Value>) {
        for &inner in self.program.read_inside(parent.node) {
            match outs.remove(&inner) {
                Some(value) => self.keep_out(parent.frame, inner, value),
                None => self.forget_out(parent.frame, inner),
            }
        }
    }

    fn goes_on(&self, parent: Parent, body: &Loop, result: &Value) -> Result<bool, RunError> {
        if self.state.visit(parent.frame, parent.node).is_none() {
            return Ok(false);
        }
        let docs = Docs { result: Some(result), ..Docs::default() };
        let holds = self.with_docs(parent.frame, parent.node, docs, |turn, docs| {
            turn.env(parent.frame, parent.node, docs).truth(body.condition, fields::LOOP)
        })?;
        Ok(holds != body.until)
    }

    fn next_round(&mut self, parent: Parent, body: &Loop, round: u64, previous: Value) {
        let Some(visit) = self.state.visit(parent.frame, parent.node) else { return };
        let raw = visit.args.as_ref().unwrap_or(&visit.input).clone();
        self.open_child(body.body, parent, raw, None, Some((round, previous)));
    }
}
