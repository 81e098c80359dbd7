//! The work of each kind of node.

use wfc_cir::{
    Action, Callee, Loop, NodeId, NodeKind, On, OnCap, RegionId, ReplyMode, ReturnTo, Strategy, Verify, VerifyFail,
    WaitFor,
};
use wfc_expr::Value;

use super::failure::{Failure, Stop};
use super::visit::{Answer, Docs};
use super::{compare, Call, Ended, Machine, Name};

impl Machine<'_> {
    /// One attempt at the work of a node.
    pub(super) fn work(&mut self, id: NodeId, docs: &mut Docs) -> Result<Answer, Stop> {
        let kind = &self.module.nodes[id].kind;
        // A ForEach makes arguments for each item.
        let args = match kind {
            NodeKind::ForEach(_) => None,
            _ => self.module.nodes[id].io.args.as_ref(),
        };
        let args = args.map_or_else(|| Ok(docs.input.clone().unwrap_or_default()), |args| self.value(args, docs))?;
        docs.args = Some(args.clone());
        let done = |value| Ok(Answer::Done(On::Done, value));
        match kind {
            NodeKind::Step(action) => done(self.call(id, tool(action)?, args)?),
            NodeKind::Call(Callee::Flow(flow)) => done(self.flow(*flow, args)?),
            NodeKind::Call(Callee::Named(_)) => Err(Stop::unsupported("flows that only the driver knows")),
            NodeKind::Assign | NodeKind::Return(_) => done(args),
            NodeKind::Choice { cases } => self.choose(id, cases, docs),
            NodeKind::Join => done(self.joined.clone()),
            NodeKind::Parallel { branches } => self.parallel(branches, args),
            NodeKind::ForEach(each) => self.for_each(id, each, docs),
            NodeKind::Loop(body) => self.rounds(body, args, docs),
            NodeKind::Scope(region) => self.region(*region, args).map(Answer::from),
            NodeKind::Wait(until) => {
                self.wait(until, docs)?;
                done(docs.input.clone().unwrap_or_default())
            }
            NodeKind::Verify(verify) => self.verify(verify, args, docs),
            NodeKind::Raise { error, cause } => {
                let name = self.or_else(error, docs, |_| Value::Null)?;
                let cause = self.or_else(cause, docs, |_| Value::Null)?;
                Err(Failure { name: text(&name), cause: text(&cause), ..Failure::default() }.into())
            }
            NodeKind::Hole => Err(Stop::unsupported("holes")),
        }
    }

    fn call(&mut self, id: NodeId, tool: Name, args: Value) -> Result<Value, Stop> {
        let key: Name = self.module.nodes[id].key.as_str().into();
        let times = self.calls.entry(format!("{key} {tool} {}", args.to_json())).or_default();
        let call = Call { key, tool, args, before: *times };
        *times += 1;
        let answer = (self.tools)(&call);
        self.effects.push(call);
        answer.map_err(|failure| Failure { by_work: true, ..failure }.into())
    }

    fn choose(&mut self, id: NodeId, cases: &[wfc_cir::Expr], docs: &Docs) -> Result<Answer, Stop> {
        let input = docs.input.clone().unwrap_or_default();
        for (case, at) in cases.iter().zip(0..) {
            if self.holds(case, docs)? {
                return Ok(Answer::Done(On::Case(at), input));
            }
        }
        match self.module.out(id, On::Otherwise) {
            Some(_) => Ok(Answer::Done(On::Otherwise, input)),
            None => Err(Stop::failed("States.NoChoiceMatched", "no case holds")),
        }
    }

    fn wait(&self, until: &WaitFor, docs: &Docs) -> Result<(), Stop> {
        match until {
            WaitFor::Seconds(seconds) => match self.value(seconds, docs)?.as_f64() {
                Some(seconds) if seconds >= 0.0 => Ok(()),
                _ => Err(Stop::runtime("this is no number of seconds")),
            },
            WaitFor::Timestamp(instant) => match self.value(instant, docs)?.as_str().and_then(compare::instant) {
                Some(_) => Ok(()),
                None => Err(Stop::runtime("this is no instant")),
            },
        }
    }

    fn parallel(&mut self, branches: &[RegionId], args: Value) -> Result<Answer, Stop> {
        let mut waiting: Vec<usize> = (0..branches.len()).collect();
        let mut results = vec![Value::Null; branches.len()];
        while !waiting.is_empty() {
            let next = waiting.remove(self.pick(waiting.len()));
            let ended = self.region(branches[next], args.clone());
            self.cut |= !waiting.is_empty() && !matches!(ended, Ok(Ended::Region(_)));
            match ended? {
                Ended::Region(result) => results[next] = result,
                Ended::Beyond(to, result) => return Ok(Answer::Leave(to, result)),
            }
        }
        Ok(Answer::Done(On::Done, Value::from(results)))
    }

    fn rounds(&mut self, body: &Loop, args: Value, docs: &Docs) -> Result<Answer, Stop> {
        let mut previous = Value::Null;
        for round in 0.. {
            self.places.rounds.push((round, previous));
            self.places.begin_outs(body.body);
            let ended = self.round(body, args.clone(), docs);
            let outs = self.places.end_outs();
            self.places.rounds.pop();
            self.show_round(body.body, outs.as_ref());
            let result = match ended? {
                (Ended::Beyond(ReturnTo::Loop, result), _) | (Ended::Region(result), true) => {
                    return Ok(Answer::Done(On::Done, result));
                }
                (Ended::Beyond(to, result), _) => return Ok(Answer::Leave(to, result)),
                (Ended::Region(result), false) => result,
            };
            if round + 1 >= body.cap {
                return match body.on_cap {
                    OnCap::Continue => Ok(Answer::Done(On::Done, result)),
                    OnCap::Fail => Err(Stop::failed("wfc.LoopCap", "the loop has reached its cap")),
                };
            }
            previous = result;
        }
        Err(Stop::Unending)
    }

    /// One round, and whether the loop is over with it.
    fn round(&mut self, body: &Loop, args: Value, docs: &Docs) -> Result<(Ended, bool), Stop> {
        let ended = self.region(body.body, args)?;
        let Ended::Region(result) = &ended else { return Ok((ended, true)) };
        let docs = Docs { result: Some(result.clone()), ..docs.clone() };
        let holds = self.holds(&body.condition, &docs)?;
        Ok((ended, holds == body.until))
    }

    fn verify(&mut self, verify: &Verify, args: Value, docs: &Docs) -> Result<Answer, Stop> {
        let mut rounds = 1;
        loop {
            let result = match self.region(verify.body, args.clone())? {
                Ended::Region(result) => result,
                beyond => return Ok(beyond.into()),
            };
            let docs = Docs { result: Some(result.clone()), ..docs.clone() };
            let passed = self.passes(verify, &docs)?;
            match verify.on_fail {
                _ if passed => return Ok(Answer::Done(On::Done, result)),
                VerifyFail::Warn => return Ok(Answer::Done(On::Done, result)),
                VerifyFail::Retry if rounds < verify.rounds => rounds += 1,
                _ => return Err(Stop::failed("wfc.VerificationFailed", "a check did not pass")),
            }
        }
    }

    fn passes(&self, verify: &Verify, docs: &Docs) -> Result<bool, Stop> {
        let mut all = true;
        for check in &verify.checks {
            let holds = self.holds(check, docs)?;
            match verify.strategy {
                Strategy::AllMustPass if !holds => return Ok(false),
                Strategy::FirstPass if holds => return Ok(true),
                _ => all &= holds,
            }
        }
        Ok(all)
    }
}

impl From<Ended> for Answer {
    fn from(ended: Ended) -> Answer {
        match ended {
            Ended::Region(result) => Answer::Done(On::Done, result),
            Ended::Beyond(to, result) => Answer::Leave(to, result),
        }
    }
}

/// A value as the name or the cause of an error.
fn text(value: &Value) -> Option<Name> {
    let text = || value.as_str().map_or_else(|| value.to_json().into(), Name::from);
    (!value.is_null()).then(text)
}

/// The name under which work is asked for.
fn tool(action: &Action) -> Result<Name, Stop> {
    match action {
        Action::Tool { mode: ReplyMode::Token, .. } => Err(Stop::unsupported("task tokens")),
        Action::Tool { credentials: Some(_), .. } => Err(Stop::unsupported("credentials")),
        Action::Tool { tool, .. } => Ok(tool.clone()),
        Action::Model { provider, model } => Ok(format!("model:{provider}/{model}").into()),
        Action::Human { interaction, .. } => Ok(format!("human:{interaction}").into()),
    }
}
