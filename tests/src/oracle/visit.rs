//! One visit of a node: everything around the work, and the way out.

use wfc_cir::{EdgeId, NodeId, NodeKind, On, Retrier, ReturnTo, Transfer};
use wfc_expr::Value;

use super::failure::{Failure, Phase, Stop};
use super::{Machine, Name};

/// How a visit ended.
pub(super) enum Settled {
    Done {
        way: Move,
        result: Value,
    },
    /// Failed, and a handler matched.
    Handled {
        way: Move,
        record: Value,
    },
    Failed(Failure),
    /// `when` did not hold.
    Skipped,
    /// It leaves more than its region.
    Left(ReturnTo, Value),
}

/// The data that leaves a node.
#[derive(Default)]
pub(super) struct Move {
    /// The edges taken, with what moves along each; `Settled` edges are not among them.
    pub(super) edges: Vec<(EdgeId, Value)>,
    pub(super) assign: Vec<(Name, Value)>,
    /// The value of the node's `end`, where no edge leads on.
    pub(super) end: Option<Value>,
}

/// The documents expressions of a visit can read.
#[derive(Clone, Default)]
pub(super) struct Docs {
    pub(super) raw: Value,
    pub(super) input: Option<Value>,
    pub(super) args: Option<Value>,
    pub(super) result: Option<Value>,
    pub(super) error: Option<Value>,
    pub(super) item: Option<Value>,
}

/// What the work of a node came to.
pub(super) enum Answer {
    /// It goes on by the edges for this.
    Done(On, Value),
    /// It leaves more than its region.
    Leave(ReturnTo, Value),
}

impl Machine<'_> {
    pub(super) fn visit(&mut self, node: NodeId, raw: Value) -> Result<Settled, Stop> {
        self.burn()?;
        let mut docs = Docs { raw, ..Docs::default() };
        let settled = match self.pass(node, &mut docs) {
            Err(Stop::Failed(failure)) => self.failed(node, *failure, docs),
            settled => settled,
        }?;
        let out = match &settled {
            Settled::Done { result, .. } => Some(result.clone()),
            Settled::Handled { record, .. } => Some(record.clone()),
            Settled::Failed(failure) => Some(failure.record(self.is_aws())),
            Settled::Skipped => None,
            // A `Return` has written its own; a container it leaves is aborted and has none.
            Settled::Left(..) if matches!(self.module.nodes[node].kind, NodeKind::Return(_)) => return Ok(settled),
            Settled::Left(..) => None,
        };
        self.places.set_out(node, out);
        Ok(settled)
    }

    /// From `when` to the way out, if nothing fails.
    fn pass(&mut self, id: NodeId, docs: &mut Docs) -> Result<Settled, Stop> {
        let node = &self.module.nodes[id];
        let before = |stop: Stop| stop.during(Phase::Before);
        if let Some(when) = &node.when {
            if !self.holds(when, docs).map_err(before)? {
                return Ok(Settled::Skipped);
            }
        }
        docs.input = Some(self.or_else(&node.io.input, docs, |docs| docs.raw.clone()).map_err(before)?);
        self.admit(id, docs).map_err(before)?;
        let (on, result) = match self.attempts(id, docs)? {
            Answer::Leave(to, result) => return Ok(Settled::Left(to, result)),
            Answer::Done(on, result) => (on, result),
        };
        docs.result = Some(result.clone());
        let way = self.leave(id, on, docs).map_err(|stop| stop.during(Phase::Transfer))?;
        match (&node.kind, way.end) {
            (NodeKind::Return(to @ (ReturnTo::Loop | ReturnTo::Flow)), Some(end)) => {
                self.places.set_out(id, Some(result));
                Ok(Settled::Left(*to, end))
            }
            (_, end) => Ok(Settled::Done { way: Move { end, ..way }, result }),
        }
    }

    /// What must hold before the first attempt.
    fn admit(&mut self, id: NodeId, docs: &Docs) -> Result<(), Stop> {
        let Some(policy) = &self.module.nodes[id].policy else { return Ok(()) };
        if policy.approval.is_some() {
            return Err(Stop::unsupported("approvals"));
        }
        if policy.max_steps.is_some() || policy.max_cost_usd.is_some() {
            return Err(Stop::unsupported("budgets"));
        }
        let limits = [&policy.timeout, &policy.heartbeat, &policy.total_timeout];
        if limits.into_iter().flatten().any(|limit| limit.as_literal().is_none()) {
            return Err(Stop::unsupported("computed time limits"));
        }
        for constraint in &policy.constraints {
            if !self.holds(constraint, docs)? {
                return Err(Stop::failed("wfc.ConstraintFailed", "a constraint does not hold"));
            }
        }
        Ok(())
    }

    /// The work, again and again as the retriers say.
    fn attempts(&mut self, id: NodeId, docs: &mut Docs) -> Result<Answer, Stop> {
        let node = &self.module.nodes[id];
        let rules: &[Retrier] = node.policy.as_ref().map_or(&[], |policy| &policy.retry);
        let mut used = vec![0; rules.len()];
        loop {
            self.burn()?;
            let failure = match self.attempt(id, docs) {
                Err(Stop::Failed(failure)) => Failure { phase: Phase::Attempt, ..*failure },
                answer => return answer,
            };
            let rule = rules.iter().position(|rule| !self.is_final(&failure) && failure.matches(&rule.on));
            match rule {
                Some(index) if used[index] < self.most(&rules[index])? => used[index] += 1,
                _ => return Err(failure.into()),
            }
        }
    }

    /// How many extra attempts a rule grants.
    fn most(&self, rule: &Retrier) -> Result<i64, Stop> {
        let usual = if &*self.module.dialect == "asl" { 3 } else { 1 };
        let most = rule.max.as_ref().map_or(Some(usual), |max| max.as_i64());
        most.ok_or_else(|| Stop::unsupported("a count of retries that is not an integer"))
    }

    fn attempt(&mut self, id: NodeId, docs: &mut Docs) -> Result<Answer, Stop> {
        docs.args = None;
        docs.result = None;
        let (on, answer) = match self.work(id, docs)? {
            Answer::Done(on, answer) => (on, answer),
            leave => return Ok(leave),
        };
        docs.result = Some(answer.clone());
        let result = self.or_else(&self.module.nodes[id].io.result, docs, |_| answer)?;
        Ok(Answer::Done(on, result))
    }

    /// The first handler that matches, or none.
    fn failed(&mut self, id: NodeId, failure: Failure, docs: Docs) -> Result<Settled, Stop> {
        let node = &self.module.nodes[id];
        let record = failure.record(self.is_aws());
        let is_final = self.is_final(&failure);
        let handler = node.handlers.iter().position(|handler| !is_final && failure.matches(&handler.on));
        let continues = node.policy.as_ref().is_some_and(|policy| policy.continue_on_failure);
        let goes_on = continues && failure.phase != Phase::Transfer;
        let left = match handler {
            Some(index) => {
                let docs = Docs { error: Some(record.clone()), result: None, args: None, ..docs.clone() };
                self.leave(id, On::Error(index as u32), &docs).map(|way| Settled::Handled { way, record })
            }
            None if goes_on => {
                let docs = Docs { result: Some(record.clone()), ..docs.clone() };
                self.leave(id, On::Done, &docs).map(|way| Settled::Done { way, result: record })
            }
            None => return Ok(Settled::Failed(failure)),
        };
        match left {
            Err(Stop::Failed(worse)) => {
                let worse = Failure { phase: Phase::Transfer, ..*worse };
                match handler {
                    Some(_) => Ok(Settled::Failed(worse)),
                    None => self.failed(id, worse, docs),
                }
            }
            left => left,
        }
    }

    /// Whether the flow is one of AWS.
    pub(super) fn is_aws(&self) -> bool {
        &*self.module.flows[self.module.entry].trace == "aws"
    }

    /// Nothing there handles the error of a program that asks for what is not there.
    fn is_final(&self, failure: &Failure) -> bool {
        failure.own && self.is_aws()
    }

    /// The edges for `on` with their data; `end` if there are none.
    fn leave(&mut self, id: NodeId, on: On, docs: &Docs) -> Result<Move, Stop> {
        let mut way = Move::default();
        for (edge, data) in self.module.outs(id).filter(|(_, edge)| edge.on == on) {
            let value = self.transfer(&data.transfer, docs, &mut way.assign)?;
            way.edges.push((edge, value));
        }
        if way.edges.is_empty() {
            way.end = Some(self.transfer(&self.module.nodes[id].end, docs, &mut way.assign)?);
        }
        Ok(way)
    }

    /// What a transfer makes of the state; nothing is set yet.
    pub(super) fn transfer(
        &self,
        transfer: &Transfer,
        docs: &Docs,
        assign: &mut Vec<(Name, Value)>,
    ) -> Result<Value, Stop> {
        for (name, value) in &transfer.assign {
            assign.push((name.clone(), self.value(value, docs)?));
        }
        self.or_else(&transfer.out, docs, |docs| docs.result.clone().unwrap_or_else(|| docs.raw.clone()))
    }
}
