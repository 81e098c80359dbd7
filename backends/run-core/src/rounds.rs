//! Loops: a region again and again.

use wfc_plan::{Loop, OnCap};

use crate::eval::Docs;
use crate::state::{Ending, Parent};
use crate::turn::Turn;
use crate::RunError;

impl Turn<'_> {
    /// A round has ended: the node is done, fails, or begins another round with what the first one got.
    pub(crate) fn round_ended(&mut self, parent: Parent, body: &Loop, ending: Ending) {
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
        let holds = {
            let Some(visit) = self.state.visit(parent.frame, parent.node) else { return };
            let docs = Docs {
                raw: Some(&visit.raw),
                input: Some(&visit.input),
                args: visit.args.as_ref(),
                result: Some(&result),
                ..Docs::default()
            };
            self.env(parent.frame, parent.node, docs).truth(body.condition)
        };
        match holds {
            Err(error) => self.fail(parent.frame, parent.node, error),
            Ok(holds) if holds == body.until => self.complete(parent.frame, parent.node, Some(result)),
            Ok(_) if rounds < body.cap => self.next_round(parent, body),
            Ok(_) if body.on_cap == OnCap::Continue => self.complete(parent.frame, parent.node, Some(result)),
            Ok(_) => {
                let cause = format!("the loop has not ended after {rounds} rounds, its cap");
                self.fail(parent.frame, parent.node, RunError::new("wfc.LoopCap", cause));
            }
        }
    }

    fn next_round(&mut self, parent: Parent, body: &Loop) {
        let Some(visit) = self.state.visit(parent.frame, parent.node) else { return };
        let raw = visit.args.as_ref().unwrap_or(&visit.input).clone();
        self.open_child(body.body, parent, raw, None);
    }
}
