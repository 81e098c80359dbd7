//! Errors: another attempt, a handler, or the end of the region.

use wfc_plan::{Handler, NodeIx, NodeKind, On, Retrier};

use crate::eval::{mix, Docs};
use crate::state::{Doing, Ending, Fate};
use crate::time::millis;
use crate::turn::Turn;
use crate::{Act, Command, Detail, Millis, Phase, ProbeEnd, Purpose, RecordKind, RunError, TimerId, Way};

impl Turn<'_> {
    /// A node at work has failed.
    pub(crate) fn fail(&mut self, frame: u32, node: NodeIx, error: RunError) {
        let error = self.placed(frame, node, error);
        if self.retried(frame, node, &error) {
            return;
        }
        self.record_children_failed(frame, node, &error);
        let handlers = &self.node(node).handlers;
        let in_transfer = error.phase == Phase::Transfer;
        let is_final = self.is_aws(frame) && error.is_final();
        let handles = |h: &Handler| !is_final && (h.transfers || !in_transfer) && error.matches(&h.on);
        let handler = handlers.iter().position(handles);
        let on = handler.and_then(|index| u32::try_from(index).ok()).map(On::Error);
        let document = error.document(self.is_aws(frame));
        if on.is_none() && self.node(node).continue_on_failure && !in_transfer {
            self.record(frame, Some(node), RecordKind::Caught, Detail::of(&error));
            return match self.leave(frame, node, On::Done, Some(document)) {
                Ok(()) => {}
                Err(worse) => self.fail(frame, node, worse),
            };
        }
        let docs = Docs { error: Some(&document), ..Docs::default() };
        let (fate, output, moves) = match (self.moves(frame, node, on, docs), on) {
            (Ok(moves), Some(on)) => (Fate::Left(on), document, moves),
            (Ok(moves), None) => (Fate::Failed(error.clone()), document, moves),
            (Err(worse), _) => {
                let worse = self.placed(frame, node, worse);
                let moves = self.moves(frame, node, None, Docs::default()).unwrap_or_default();
                let output = worse.document(self.is_aws(frame));
                (Fate::Failed(worse), output, moves)
            }
        };
        if on.is_some() {
            self.record(frame, Some(node), RecordKind::Caught, Detail::of(&error));
        }
        match &fate {
            Fate::Left(on) => self.saw_left(frame, *on, &moves, None, Some(error)),
            _ => self.saw_failure(frame, node, error),
        }
        self.settle(frame, node, fate, output, moves, None);
    }

    fn saw_failure(&mut self, frame: u32, node: NodeIx, error: RunError) {
        let rules = &self.node(node).retry;
        let exhausted = rules.iter().position(|rule| error.matches(&rule.on));
        let exhausted = exhausted.and_then(|index| u32::try_from(index).ok());
        self.saw_end(frame, ProbeEnd::Failed { error, exhausted });
    }

    /// An error of the program itself, naming the node where that is the owner's custom. It is the first to hear.
    pub(crate) fn placed(&mut self, frame: u32, node: NodeIx, mut error: RunError) -> RunError {
        error.at.get_or_insert(node);
        let Some(fault) = error.fault.as_deref_mut().filter(|fault| !fault.placed) else { return error };
        fault.placed = true;
        fault.node = Some(node);
        if !self.is_aws(frame) {
            return error;
        }
        let entered = self.state.visit(frame, node).map_or(0, |visit| visit.records.entered);
        let name = &self.node(node).name;
        let why = error.cause.as_deref().unwrap_or_default();
        let cause =
            format!("An error occurred while executing the state '{name}' (entered at the event id #{entered}). {why}");
        error.cause = Some(cause.into());
        if let Some(fault) = error.fault.as_deref().filter(|fault| fault.evaluation) {
            let (location, error, cause) = (fault.field.clone(), error.name.clone(), error.cause.clone());
            let detail = Detail::Evaluation { location, error, cause };
            self.record(frame, Some(node), RecordKind::EvaluationFailed, detail);
        }
        error
    }

    /// What runs inside a node has failed, or what should run could not be said.
    fn record_children_failed(&mut self, frame: u32, node: NodeIx, error: &RunError) {
        let Some(visit) = self.state.visit(frame, node) else { return };
        let had_children = matches!(visit.doing, Doing::Parenting(_) | Doing::Running(_) | Doing::Closing { .. });
        let own = error.fault.as_deref().is_some_and(|fault| fault.evaluation && fault.node == Some(node));
        let no_items = own && matches!(self.node(node).kind, NodeKind::ForEach(_));
        if had_children || no_items {
            self.record(frame, Some(node), RecordKind::ChildrenFailed, Detail::None);
        }
    }

    /// Whether the work is tried again, and if so, sees to it.
    fn retried(&mut self, frame: u32, node: NodeIx, error: &RunError) -> bool {
        let rules = &self.node(node).retry;
        let Some(index) = rules.iter().position(|rule| error.matches(&rule.on)) else { return false };
        let is_final = self.is_aws(frame) && error.is_final();
        if is_final || !matches!(error.phase, Phase::Args | Phase::Work | Phase::Effect) {
            return false;
        }
        let Some(visit) = self.state.visit_mut(frame, node) else { return false };
        let Some(used) = visit.retries.get_mut(index).filter(|used| **used < rules[index].max) else { return false };
        *used += 1;
        let used = *used;
        visit.act.attempt = visit.act.attempt.saturating_add(1);
        visit.doing = Doing::BackingOff;
        let act = visit.act;
        let way = Way::Retried(u32::try_from(index).unwrap_or(u32::MAX));
        self.commands.push(Command::Took { node, way });
        self.record(frame, Some(node), RecordKind::Retried, Detail::of(error));
        let delay = self.delay(&rules[index], used, act);
        if self.is_single(frame) {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            self.saw_end(frame, ProbeEnd::Retry { index, delay, error: error.clone() });
            self.finish(frame, Ending::of(Err(error.clone())));
            return true;
        }
        self.set_timer(TimerId { act, purpose: Purpose::Backoff }, delay);
        true
    }

    /// How long to wait before the `used`-th retry by a rule.
    fn delay(&self, rule: &Retrier, used: u64, act: Act) -> Millis {
        let grown = match rule.linear {
            true => rule.interval * used as f64,
            false => rule.interval * rule.backoff.powf((used - 1) as f64),
        };
        let capped = rule.max_delay.map_or(grown, |most| grown.min(most)).max(0.0);
        millis(if rule.jitter { capped * self.chance(act) } else { capped })
    }

    /// A number from 0 up to 1, the same for the same act of the same run.
    fn chance(&self, act: Act) -> f64 {
        let parts = [u64::from(act.frame), u64::from(act.node.0), u64::from(act.visit), u64::from(act.attempt)];
        let mixed = parts.into_iter().fold(mix(self.state.seed), |sum, part| mix(sum ^ part));
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The same while what it was doing is being cancelled already.
    pub(crate) fn overdue_while_closing(&mut self, frame: u32, node: NodeIx) {
        self.use_up_retries(frame, node);
        if let Some(Doing::Closing { error }) = self.state.visit_mut(frame, node).map(|visit| &mut visit.doing) {
            *error = RunError::timeout();
        }
    }

    fn use_up_retries(&mut self, frame: u32, node: NodeIx) {
        let used_up = self.node(node).retry.iter().map(|rule| rule.max).collect();
        if let Some(visit) = self.state.visit_mut(frame, node) {
            visit.retries = used_up;
        }
    }

    /// A visit has taken longer than it may: its work is cancelled, no rule tries it again.
    pub(crate) fn overdue(&mut self, frame: u32, node: NodeIx) {
        self.use_up_retries(frame, node);
        self.record(frame, Some(node), RecordKind::TimedOut, Detail::of(&RunError::timeout()));
        self.wind_down(frame, node, RunError::timeout());
    }
}
