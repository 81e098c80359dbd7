//! Dag regions: every node settles once.

use std::collections::{HashMap, HashSet};

use wfc_cir::{EdgeId, NodeId, NodeKind, On, OnFail, Ready, RegionId, ReturnTo};
use wfc_expr::Value;

use super::failure::{Failure, Stop};
use super::visit::{Docs, Settled};
use super::{Ended, Machine};

/// What became of an edge.
#[derive(Clone, Debug)]
enum Mark {
    Taken(Value),
    Dead,
    Poisoned(Failure),
}

/// What the in-edges of a node decide.
enum Verdict {
    Run,
    Skip,
    Poison(Failure),
}

/// The state of one activation.
struct Dag {
    region: RegionId,
    input: Value,
    stop: bool,
    marks: HashMap<EdgeId, Mark>,
    /// Nodes that run next, in the order they became ready.
    ready: Vec<NodeId>,
    started: HashSet<NodeId>,
    settled: HashSet<NodeId>,
    done: HashSet<NodeId>,
    /// What each `Return` that ran gave.
    returned: HashMap<NodeId, Value>,
    /// The error the region fails with.
    failure: Option<Failure>,
    stopped: bool,
}

impl Machine<'_> {
    pub(super) fn dag(&mut self, region: RegionId, on_fail: OnFail, input: Value) -> Result<Ended, Stop> {
        let mut dag = Dag {
            region,
            input,
            stop: on_fail == OnFail::Stop,
            marks: HashMap::new(),
            ready: Vec::new(),
            started: HashSet::new(),
            settled: HashSet::new(),
            done: HashSet::new(),
            returned: HashMap::new(),
            failure: None,
            stopped: false,
        };
        self.decide(&mut dag)?;
        while !dag.ready.is_empty() && !dag.stopped {
            let node = dag.ready.remove(self.pick(dag.ready.len()));
            if dag.settled.contains(&node) {
                continue;
            }
            dag.started.insert(node);
            self.cancel_unwanted(&mut dag)?;
            if let Some(ended) = self.run_node(&mut dag, node)? {
                self.cut |= !dag.ready.is_empty();
                return Ok(ended);
            }
            self.decide(&mut dag)?;
        }
        self.cut |= !dag.ready.is_empty();
        if dag.stopped {
            let nodes = self.module.regions[region].nodes.iter();
            nodes.filter(|node| !dag.started.contains(node)).for_each(|&node| self.places.set_out(node, None));
        }
        match dag.failure.take() {
            Some(failure) => Err(failure.into()),
            None => Ok(Ended::Region(self.result(&dag))),
        }
    }

    fn run_node(&mut self, dag: &mut Dag, node: NodeId) -> Result<Option<Ended>, Stop> {
        if matches!(self.module.nodes[node].kind, NodeKind::Join) {
            self.joined = self.join(dag, node);
        }
        match self.visit(node, dag.input.clone())? {
            Settled::Left(to, result) => return Ok(Some(Ended::Beyond(to, result))),
            Settled::Skipped => self.settle(dag, node, &HashMap::new(), None)?,
            Settled::Failed(failure) => {
                self.note_failure(dag, node, &failure);
                dag.stopped |= dag.stop && self.is_fatal(node);
                if dag.stopped {
                    dag.failure.get_or_insert_with(|| failure.clone());
                }
                self.settle(dag, node, &HashMap::new(), Some(&failure))?;
            }
            Settled::Handled { way, .. } => self.settle(dag, node, &way.edges.into_iter().collect(), None)?,
            Settled::Done { way, .. } => {
                dag.done.insert(node);
                if let (NodeKind::Return(ReturnTo::Region), Some(end)) = (&self.module.nodes[node].kind, way.end) {
                    dag.returned.insert(node, end);
                }
                self.settle(dag, node, &way.edges.into_iter().collect(), None)?;
            }
        }
        Ok(None)
    }

    /// Marks the edges out of a node that has settled.
    fn settle(
        &mut self,
        dag: &mut Dag,
        node: NodeId,
        taken: &HashMap<EdgeId, Value>,
        failure: Option<&Failure>,
    ) -> Result<(), Stop> {
        dag.settled.insert(node);
        for (id, edge) in self.module.outs(node) {
            let mark = match (taken.get(&id), failure) {
                (Some(value), _) => Mark::Taken(value.clone()),
                (None, _) if edge.on == On::Settled => {
                    let docs = Docs { raw: dag.input.clone(), ..Docs::default() };
                    let value = self.transfer(&edge.transfer, &docs, &mut Vec::new());
                    Mark::Taken(value.map_err(|_| Stop::unsupported("a Settled edge whose transfer fails"))?)
                }
                (None, Some(failure)) if edge.on.is_plain() => Mark::Poisoned(failure.clone()),
                _ => Mark::Dead,
            };
            dag.marks.insert(id, mark);
        }
        Ok(())
    }

    /// Settles what can be settled without running, and finds what is ready, until nothing changes.
    fn decide(&mut self, dag: &mut Dag) -> Result<(), Stop> {
        loop {
            let before = (dag.settled.len(), dag.ready.len());
            self.cancel_unwanted(dag)?;
            for &node in &self.module.regions[dag.region].nodes {
                if dag.settled.contains(&node) || dag.started.contains(&node) || dag.ready.contains(&node) {
                    continue;
                }
                match self.verdict(dag, node) {
                    None => {}
                    Some(Verdict::Run) => dag.ready.push(node),
                    Some(Verdict::Skip) => self.pass_over(dag, node, None)?,
                    Some(Verdict::Poison(failure)) => {
                        self.note_failure(dag, node, &failure);
                        self.pass_over(dag, node, Some(&failure))?;
                    }
                }
            }
            if before == (dag.settled.len(), dag.ready.len()) {
                return Ok(());
            }
        }
    }

    /// Whether a node runs, is skipped or poisoned; nothing while it waits.
    fn verdict(&self, dag: &Dag, node: NodeId) -> Option<Verdict> {
        let ins = self.ins(dag, node);
        if ins.is_empty() {
            return Some(Verdict::Run);
        }
        let taken = ins.iter().filter(|(_, mark)| matches!(mark, Some(Mark::Taken(_)))).count();
        let open = ins.iter().filter(|(_, mark)| mark.is_none()).count();
        let poison = ins.iter().find_map(|(_, mark)| match mark {
            Some(Mark::Poisoned(failure)) => Some(failure.clone()),
            _ => None,
        });
        let without = || Some(poison.clone().map_or(Verdict::Skip, Verdict::Poison));
        let quorum = |wanted: usize| match taken {
            _ if taken >= wanted => Some(Verdict::Run),
            _ if taken + open < wanted => without(),
            _ => None,
        };
        match self.module.nodes[node].ready {
            Ready::First => quorum(1),
            Ready::Quorum(wanted) => quorum(wanted as usize),
            Ready::All | Ready::Live if open > 0 => None,
            Ready::All if taken == ins.len() => Some(Verdict::Run),
            Ready::Live if taken > 0 && poison.is_none() => Some(Verdict::Run),
            Ready::All | Ready::Live => without(),
        }
    }

    /// The sources of a node in declaration order, with what became of the edges from each taken as one.
    fn ins(&self, dag: &Dag, node: NodeId) -> Vec<(NodeId, Option<Mark>)> {
        let mut ins = Vec::new();
        for &source in &self.module.regions[dag.region].nodes {
            let edges = self.module.outs(source).filter(|(_, edge)| edge.to == node);
            let marks: Vec<Option<&Mark>> = edges.map(|(id, _)| dag.marks.get(&id)).collect();
            if marks.is_empty() {
                continue;
            }
            let find = |wanted: fn(&Mark) -> bool| marks.iter().flatten().find(|mark| wanted(mark));
            let one = find(|mark| matches!(mark, Mark::Taken(_)))
                .or_else(|| find(|mark| matches!(mark, Mark::Poisoned(_))))
                .or_else(|| find(|_| true));
            ins.push((source, one.map(|mark| (*mark).clone())));
        }
        ins
    }

    fn join(&self, dag: &Dag, node: NodeId) -> Value {
        let ins = self.ins(dag, node).into_iter();
        let taken = ins.filter_map(|(source, mark)| match mark {
            Some(Mark::Taken(value)) => Some((self.module.nodes[source].name(), value)),
            _ => None,
        });
        taken.collect()
    }

    /// Nodes nobody waits for any more are cancelled, and then those only they waited for.
    fn cancel_unwanted(&mut self, dag: &mut Dag) -> Result<(), Stop> {
        loop {
            let nodes = self.module.regions[dag.region].nodes.iter().copied();
            let unwanted = nodes.filter(|&node| self.is_unwanted(dag, node)).collect::<Vec<_>>();
            if unwanted.is_empty() {
                return Ok(());
            }
            for node in unwanted {
                self.cut |= dag.ready.contains(&node);
                self.pass_over(dag, node, None)?;
            }
        }
    }

    /// A node settles without having run.
    fn pass_over(&mut self, dag: &mut Dag, node: NodeId, failure: Option<&Failure>) -> Result<(), Stop> {
        self.places.set_out(node, None);
        self.settle(dag, node, &HashMap::new(), failure)
    }

    fn is_unwanted(&self, dag: &Dag, node: NodeId) -> bool {
        if dag.settled.contains(&node) || dag.started.contains(&node) {
            return false;
        }
        let targets = self.plain_targets(node);
        let begun = |node: &NodeId| dag.started.contains(node) || dag.settled.contains(node);
        !targets.is_empty() && targets.iter().all(begun)
    }

    /// An unhandled failure or poison that has come to an end of the region fails it.
    fn note_failure(&self, dag: &mut Dag, node: NodeId, failure: &Failure) {
        if self.plain_targets(node).is_empty() {
            dag.failure.get_or_insert_with(|| failure.clone());
        }
    }

    /// Whether some plain way leads from a node to an end past no node that could go on without it.
    fn is_fatal(&self, node: NodeId) -> bool {
        let targets = self.plain_targets(node);
        let needs = |&to: &NodeId| matches!(self.module.nodes[to].ready, Ready::All | Ready::Live);
        targets.is_empty() || targets.iter().filter(|to| needs(to)).any(|&to| self.is_fatal(to))
    }

    fn plain_targets(&self, node: NodeId) -> Vec<NodeId> {
        self.module.outs(node).filter(|(_, edge)| edge.on.is_plain()).map(|(_, edge)| edge.to).collect()
    }

    fn result(&self, dag: &Dag) -> Value {
        let nodes = &self.module.regions[dag.region].nodes;
        if let Some(given) = nodes.iter().rev().find_map(|node| dag.returned.get(node)) {
            return given.clone();
        }
        let ends = nodes.iter().filter(|node| dag.done.contains(node) && self.plain_targets(**node).is_empty());
        let outputs = ends.filter_map(|&node| {
            let output = self.places.out(self.module, node)?.clone();
            Some((self.module.nodes[node].name(), output))
        });
        outputs.collect()
    }
}
