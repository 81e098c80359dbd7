//! Errors: another attempt, a handler, or the end of the region.

use wfc_plan::{NodeIx, On, Retrier};

use crate::eval::Docs;
use crate::state::{Doing, Fate};
use crate::time::millis;
use crate::turn::Turn;
use crate::{Act, Millis, Phase, Purpose, RecordKind, RunError, TimerId};

impl Turn<'_> {
    /// A node at work has failed.
    pub(crate) fn fail(&mut self, frame: u32, node: NodeIx, error: RunError) {
        if self.retried(frame, node, &error) {
            return;
        }
        let handlers = &self.node(node).handlers;
        let in_transfer = error.phase == Phase::Transfer;
        let handler = handlers.iter().position(|h| (h.transfers || !in_transfer) && error.matches(&h.on));
        let on = handler.and_then(|index| u32::try_from(index).ok()).map(On::Error);
        let document = error.document();
        if on.is_none() && self.node(node).continue_on_failure && !in_transfer {
            self.record(frame, Some(node), RecordKind::Caught);
            return match self.leave(frame, node, On::Done, Some(document)) {
                Ok(()) => {}
                Err(worse) => self.fail(frame, node, worse),
            };
        }
        let docs = Docs { error: Some(&document), ..Docs::default() };
        let (fate, output, moves) = match (self.moves(frame, node, on, docs), on) {
            (Ok(moves), Some(on)) => (Fate::Left(on), document, moves),
            (Ok(moves), None) => (Fate::Failed(error), document, moves),
            (Err(worse), _) => {
                let moves = self.moves(frame, node, None, Docs::default()).unwrap_or_default();
                let output = worse.document();
                (Fate::Failed(worse), output, moves)
            }
        };
        if on.is_some() {
            self.record(frame, Some(node), RecordKind::Caught);
        }
        self.settle(frame, node, fate, output, moves, None);
    }

    /// Whether the work is tried again, and if so, sees to it.
    fn retried(&mut self, frame: u32, node: NodeIx, error: &RunError) -> bool {
        let rules = &self.node(node).retry;
        let Some(index) = rules.iter().position(|rule| error.matches(&rule.on)) else { return false };
        if !matches!(error.phase, Phase::Args | Phase::Work | Phase::Effect) {
            return false;
        }
        let Some(visit) = self.state.visit_mut(frame, node) else { return false };
        let Some(used) = visit.retries.get_mut(index).filter(|used| **used < rules[index].max) else { return false };
        *used += 1;
        let used = *used;
        visit.act.attempt = visit.act.attempt.saturating_add(1);
        visit.doing = Doing::BackingOff;
        let act = visit.act;
        self.record(frame, Some(node), RecordKind::Retried);
        let delay = self.delay(&rules[index], used, act);
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

    /// A visit has taken longer than it may: its work is cancelled, no rule tries it again.
    pub(crate) fn overdue(&mut self, frame: u32, node: NodeIx) {
        let used_up = self.node(node).retry.iter().map(|rule| rule.max).collect();
        if let Some(visit) = self.state.visit_mut(frame, node) {
            visit.retries = used_up;
        }
        self.record(frame, Some(node), RecordKind::TimedOut);
        self.wind_down(frame, node, RunError::timeout());
    }
}

/// The finalizer of SplitMix64.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
