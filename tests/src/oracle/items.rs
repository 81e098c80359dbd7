//! `ForEach`: a region for each item. Also what is seen from outside of what items and rounds produced.

use wfc_cir::{ForEach, Isolation, NodeId, On, RegionId};
use wfc_expr::value::Array;
use wfc_expr::Value;

use super::failure::Stop;
use super::places::Outs;
use super::visit::{Answer, Docs};
use super::{is_inside, Ended, Machine};

/// How many failures are too many.
struct Tolerance {
    /// Whether any are tolerated at all.
    set: bool,
    count: Option<f64>,
    percent: Option<f64>,
}

impl Machine<'_> {
    pub(super) fn for_each(&mut self, id: NodeId, each: &ForEach, docs: &Docs) -> Result<Answer, Stop> {
        if each.reader.is_some() || each.batch.is_some() || each.writer.is_some() {
            return Err(Stop::unsupported("readers, batches and writers"));
        }
        let items = self.or_else(&each.items, docs, |docs| docs.input.clone().unwrap_or_default())?;
        let Some(items) = items.as_array() else { return Err(Stop::runtime("the items are no array")) };
        let at_once = match each.concurrency.as_ref().map(|e| self.count(e, docs)).transpose()? {
            None | Some(0.0) => usize::MAX,
            Some(limit) => (limit as usize).max(1),
        };
        let tolerance = Tolerance {
            set: each.tolerate.count.is_some() || each.tolerate.percent.is_some(),
            count: each.tolerate.count.as_ref().map(|e| self.count(e, docs)).transpose()?,
            percent: each.tolerate.percent.as_ref().map(|e| self.count(e, docs)).transpose()?,
        };
        let mut seen: Vec<Option<Outs>> = items.iter().map(|_| None).collect();
        let answer = self.items(id, each, items, (at_once, &tolerance), docs, &mut seen);
        self.cut |= at_once > 1 && seen.iter().any(Option::is_none);
        self.show_items(each.body, &seen);
        answer
    }

    fn items(
        &mut self,
        id: NodeId,
        each: &ForEach,
        items: &Array,
        (at_once, tolerance): (usize, &Tolerance),
        docs: &Docs,
        seen: &mut [Option<Outs>],
    ) -> Result<Answer, Stop> {
        let mut waiting: Vec<usize> = (0..items.len()).collect();
        let mut results = vec![Value::Null; items.len()];
        let mut failures = 0;
        while !waiting.is_empty() {
            let index = waiting.remove(self.pick(waiting.len().min(at_once)));
            self.places.items.push((index, items[index].clone()));
            let ended = self.item(id, each, &items[index], docs, &mut seen[index]);
            self.places.items.pop();
            results[index] = match ended {
                Ok(Ended::Region(result)) => result,
                Ok(Ended::Beyond(to, result)) => return Ok(Answer::Leave(to, result)),
                Err(Stop::Failed(failure)) if tolerance.set => {
                    failures += 1;
                    if tolerance.is_exceeded(failures, items.len()) {
                        let cause = "more items failed than are tolerated";
                        return Err(Stop::failed("States.ExceedToleratedFailureThreshold", cause));
                    }
                    failure.record(self.is_aws())
                }
                Err(stop) => return Err(stop),
            };
        }
        Ok(Answer::Done(On::Done, Value::from(results)))
    }

    fn item(
        &mut self,
        id: NodeId,
        each: &ForEach,
        item: &Value,
        docs: &Docs,
        seen: &mut Option<Outs>,
    ) -> Result<Ended, Stop> {
        let docs = Docs { item: Some(item.clone()), ..docs.clone() };
        let args = self.or_else(&self.module.nodes[id].io.args, &docs, |_| item.clone())?;
        self.places.begin_outs(each.body);
        let ended = match each.isolation {
            Isolation::Frame => self.region(each.body, args),
            Isolation::Run { .. } => {
                let outer = self.places.take_vars();
                let ended = self.region(each.body, args);
                self.places.put_vars(outer);
                ended
            }
        };
        *seen = self.places.end_outs();
        ended
    }

    fn count(&self, expr: &wfc_cir::Expr, docs: &Docs) -> Result<f64, Stop> {
        let value = self.value(expr, docs)?;
        value.as_f64().filter(|n| *n >= 0.0).ok_or_else(|| Stop::unsupported("a count that is no number"))
    }

    /// Outside a loop, its nodes have the outputs of the last round.
    pub(super) fn show_round(&mut self, body: RegionId, round: Option<&Outs>) {
        for node in self.inside(body) {
            self.places.set_out(node, round.and_then(|outs| outs.get(node).cloned()));
        }
    }

    /// Outside a `ForEach`, its nodes have the array of the outputs of all items.
    fn show_items(&mut self, body: RegionId, items: &[Option<Outs>]) {
        for node in self.inside(body) {
            let of_item = |outs: &Option<Outs>| outs.as_ref().and_then(|outs| outs.get(node).cloned());
            let all: Value = items.iter().map(|outs| of_item(outs).unwrap_or_default()).collect();
            self.places.set_out(node, Some(all));
        }
    }

    fn inside(&self, region: RegionId) -> Vec<NodeId> {
        self.module.nodes.iter().map(|(id, _)| id).filter(|&id| is_inside(self.module, id, region)).collect()
    }
}

impl Tolerance {
    fn is_exceeded(&self, failures: usize, items: usize) -> bool {
        let (failures, items) = (failures as f64, items as f64);
        self.count.is_some_and(|most| failures > most)
            || self.percent.is_some_and(|most| failures * 100.0 > most * items)
    }
}
