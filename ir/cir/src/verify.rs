//! The structural verifier: what must hold of every module before its meaning is even a question.
//!
//! It finds bugs of front ends and passes, never mistakes of users; so its words are for people who work on the
//! compiler. Its time is linear in the size of the module.

use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};
use wfc_expr::jsonpath;

use crate::visit::Slot;
use crate::{
    Callee, Doc, Edge, EdgeId, Expr, ExprKind, FlowId, Mode, Module, Node, NodeId, NodeKind, On, Owner, Region,
    RegionId,
};

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The flow, region, node or edge, by its keys.
    pub place: String,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Checks the whole module and reports everything that does not hold, in the order of the arenas.
pub fn verify(module: &Module) -> Result<(), Vec<Violation>> {
    let mut verifier = Verifier { module, found: Vec::new() };
    verifier.flows();
    verifier.regions();
    verifier.nodes();
    verifier.edges();
    // The checks below walk along handles, which is safe only once all of them are known to be right.
    if verifier.found.is_empty() {
        verifier.nesting();
        verifier.control();
        verifier.expressions();
    }
    if verifier.found.is_empty() {
        Ok(())
    } else {
        Err(verifier.found)
    }
}

struct Verifier<'m> {
    module: &'m Module,
    found: Vec<Violation>,
}

impl Verifier<'_> {
    fn report(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.found.push(Violation { place: place.into(), what: what.into() });
    }

    fn flows(&mut self) {
        let module = self.module;
        if !module.flows.contains(module.entry) {
            self.report("module", "its entry flow was removed");
        }
        let mut names = FxHashSet::default();
        for (id, flow) in module.flows.iter() {
            if !names.insert(&flow.name) {
                self.report(self.flow(id), "its name is taken");
            }
            match module.regions.get(flow.body) {
                None => self.report(self.flow(id), "its body was removed"),
                Some(body) if body.owner != Owner::Flow(id) => self.report(self.flow(id), "does not own its body"),
                Some(_) => {}
            }
        }
    }

    fn regions(&mut self) {
        let module = self.module;
        let mut listed = FxHashSet::default();
        let holders = holders(module);
        for (id, region) in module.regions.iter() {
            if holders.get(&id) != Some(&(region.owner, 1)) {
                self.report(self.region(id), "what it belongs to does not hold it exactly once");
            }
            for &node in &region.nodes {
                match module.nodes.get(node) {
                    None => self.report(self.region(id), format!("lists {node:?}, which was removed")),
                    Some(n) if n.region != id => self.report(self.region(id), format!("lists {} of another", n.key)),
                    Some(n) if !listed.insert(node) => self.report(self.region(id), format!("lists {} twice", n.key)),
                    Some(_) => {}
                }
            }
            if let Mode::Seq { entry: Some(entry) } = region.mode {
                if module.nodes.get(entry).is_none_or(|node| node.region != id) {
                    self.report(self.region(id), "its entry is not one of its nodes");
                }
            }
        }
        let lost = module.nodes.iter().filter(|(id, _)| !listed.contains(id));
        let lost: Vec<_> = lost.map(|(_, node)| place_of(node)).collect();
        lost.into_iter().for_each(|node| self.report(node, "no region lists it"));
    }

    fn nodes(&mut self) {
        let module = self.module;
        let mut keys = FxHashSet::default();
        for (id, node) in module.nodes.iter() {
            if !keys.insert(&node.key) {
                self.report(place_of(node), "its key is taken");
            }
            for region in node.regions() {
                if module.regions.get(*region).is_none_or(|region| region.owner != Owner::Node(id)) {
                    self.report(place_of(node), format!("does not own the region {region:?} it holds"));
                }
            }
            if let NodeKind::Call(Callee::Flow(flow)) = node.kind {
                if !module.flows.contains(flow) {
                    self.report(place_of(node), "calls a flow that was removed");
                }
            }
            let mut seen = FxHashSet::default();
            for &edge in &node.outs {
                if module.edges.get(edge).is_none_or(|edge| edge.from != id) || !seen.insert(edge) {
                    self.report(place_of(node), format!("{edge:?} is not an edge of its own, or is listed twice"));
                }
            }
        }
    }

    fn edges(&mut self) {
        let module = self.module;
        let mut listed: FxHashSet<EdgeId> = FxHashSet::default();
        module.nodes.iter().for_each(|(_, node)| listed.extend(&node.outs));
        for (id, edge) in module.edges.iter() {
            let ends = module.nodes.get(edge.from).zip(module.nodes.get(edge.to));
            match ends {
                None => self.report(format!("edge {id:?}"), "one of its ends was removed"),
                Some((from, to)) if from.region != to.region => self.report(self.edge(edge), "leaves its region"),
                Some(_) if !listed.contains(&id) => self.report(self.edge(edge), "its source does not list it"),
                Some(_) => {}
            }
        }
    }

    /// Every region is, through its containers, inside a flow.
    fn nesting(&mut self) {
        let module = self.module;
        let mut known: FxHashSet<RegionId> = FxHashSet::default();
        for (id, _) in module.regions.iter() {
            let mut way = FxHashSet::default();
            let mut at = id;
            while !known.contains(&at) {
                if !way.insert(at) {
                    self.report(self.region(id), "is inside itself");
                    break;
                }
                match module.container(at) {
                    Some(node) => at = module.nodes[node].region,
                    None => break,
                }
            }
            known.extend(way);
        }
    }

    fn control(&mut self) {
        let module = self.module;
        for (id, node) in module.nodes.iter() {
            self.outs(id, node);
        }
        for (id, region) in module.regions.iter() {
            match region.mode {
                Mode::Seq { .. } => self.seq(region),
                Mode::Dag { .. } => self.dag(id, region),
            }
        }
    }

    fn outs(&mut self, id: NodeId, node: &Node) {
        let module = self.module;
        let mut handled = vec![0usize; node.handlers.len()];
        for (_, edge) in module.outs(id) {
            if let On::Error(i) = edge.on {
                handled.get_mut(i as usize).into_iter().for_each(|count| *count += 1);
            }
            if let Some(what) = misplaced(&node.kind, edge.on, node.handlers.len()) {
                self.report(self.edge(edge), what);
            }
        }
        for (i, count) in handled.into_iter().enumerate().filter(|(_, count)| *count != 1) {
            self.report(place_of(node), format!("handler {i} has {count} edges instead of one"));
        }
        if matches!(node.kind, NodeKind::Raise { .. }) && !node.handlers.is_empty() {
            self.report(place_of(node), "a raise cannot handle its own error");
        }
    }

    fn seq(&mut self, region: &Region) {
        let module = self.module;
        for &id in &region.nodes {
            let node = &module.nodes[id];
            match node.kind {
                NodeKind::Join => self.report(place_of(node), "a join in a Seq region"),
                NodeKind::Choice { .. } if node.when.is_some() => {
                    self.report(place_of(node), "a choice with `when` in a Seq region has no way on");
                }
                _ => {}
            }
            let mut taken = FxHashSet::default();
            for (_, edge) in module.outs(id) {
                if edge.on == On::Settled {
                    self.report(self.edge(edge), "a Settled edge in a Seq region");
                } else if !taken.insert(edge.on) {
                    self.report(self.edge(edge), "a second edge for the same outcome in a Seq region");
                }
            }
        }
    }

    fn dag(&mut self, id: RegionId, region: &Region) {
        let module = self.module;
        for &node in &region.nodes {
            let (node, outs) = (&module.nodes[node], module.outs(node));
            if outs.map(|(_, edge)| &edge.transfer).chain([&node.end]).any(|transfer| !transfer.assign.is_empty()) {
                self.report(place_of(node), "sets a variable in a Dag region, where the order is not known");
            }
        }
        if topological(module, region).is_none() {
            self.report(self.region(id), "has a cycle");
        }
    }

    fn expressions(&mut self) {
        let module = self.module;
        let mut bad = Vec::new();
        for (id, flow) in module.flows.iter() {
            flow.exprs(&mut |slot, e| check_expr(module, slot, e, &mut |what| bad.push((self.flow(id), what))));
        }
        for (_, node) in module.nodes.iter() {
            node.exprs(&mut |slot, e| check_expr(module, slot, e, &mut |what| bad.push((place_of(node), what))));
        }
        for (_, edge) in module.edges.iter() {
            edge.exprs(&mut |slot, e| check_expr(module, slot, e, &mut |what| bad.push((self.edge(edge), what))));
        }
        bad.into_iter().for_each(|(place, what)| self.report(place, what));
    }

    fn flow(&self, id: FlowId) -> String {
        self.module.flows.get(id).map_or_else(|| format!("flow {id:?}"), |flow| format!("flow {:?}", flow.name))
    }

    fn region(&self, id: RegionId) -> String {
        match self.module.regions.get(id).map(|region| region.owner) {
            Some(Owner::Flow(flow)) => format!("body of {}", self.flow(flow)),
            Some(Owner::Node(node)) if self.module.nodes.contains(node) => {
                format!("region {id:?} of {}", place_of(&self.module.nodes[node]))
            }
            _ => format!("region {id:?}"),
        }
    }

    fn edge(&self, edge: &Edge) -> String {
        let nodes = &self.module.nodes;
        let key = |id| nodes.get(id).map_or_else(|| format!("{id:?}"), |node: &Node| node.key.to_string());
        format!("edge {} -> {} on {:?}", key(edge.from), key(edge.to), edge.on)
    }
}

/// What holds each region, and how often it is held.
fn holders(module: &Module) -> FxHashMap<RegionId, (Owner, usize)> {
    let mut holders = FxHashMap::default();
    let mut hold = |region, owner| holders.entry(region).or_insert((owner, 0)).1 += 1;
    module.flows.iter().for_each(|(id, flow)| hold(flow.body, Owner::Flow(id)));
    for (id, node) in module.nodes.iter() {
        node.regions().iter().for_each(|&region| hold(region, Owner::Node(id)));
    }
    holders
}

fn place_of(node: &Node) -> String {
    format!("node {}", node.key)
}

/// Why a node of that kind has no edge for `on`.
fn misplaced(kind: &NodeKind, on: On, handlers: usize) -> Option<String> {
    match (kind, on) {
        (_, On::Settled) => None,
        (_, On::Error(i)) => (i as usize >= handlers).then(|| format!("there is no handler {i}")),
        (NodeKind::Hole, _) => None,
        (NodeKind::Return(_) | NodeKind::Raise { .. }, _) => Some("control does not go on from here".to_owned()),
        (NodeKind::Choice { cases }, On::Case(i)) => {
            (i as usize >= cases.len()).then(|| format!("there is no case {i}"))
        }
        (NodeKind::Choice { .. }, On::Otherwise) => None,
        (NodeKind::Choice { .. }, On::Done) => Some("a choice goes on by its cases".to_owned()),
        (_, On::Done) => None,
        (_, On::Case(_) | On::Otherwise) => Some("only a choice has cases".to_owned()),
    }
}

/// Reports references to what is gone and documents that do not exist in the field.
fn check_expr(module: &Module, slot: Slot, expr: &Expr, report: &mut dyn FnMut(String)) {
    expr.walk(&mut |e| {
        let root = match &e.kind {
            ExprKind::Root(root) => Some(*root),
            ExprKind::Path { doc: Doc::Root(root), path } if path.root == jsonpath::Root::Doc => Some(*root),
            ExprKind::Intrinsic { doc: Doc::Root(root), .. } => Some(*root),
            _ => None,
        };
        if let Some(root) = root.filter(|root| !slot.documents().contains(root)) {
            report(format!("reads {root:?}, which does not exist in {slot:?}"));
        }
        if let ExprKind::Out(node) | ExprKind::Dotted { out: Some(node), .. } = e.kind {
            if !module.nodes.contains(node) {
                report(format!("reads the output of {node:?}, which was removed"));
            }
        }
    });
}

/// The nodes of a region such that every edge leads forward, declaration order where there is a choice; `None` if it
/// has a cycle.
pub fn topological(module: &Module, region: &Region) -> Option<Vec<NodeId>> {
    let mut waiting: FxHashMap<NodeId, usize> = region.nodes.iter().map(|&id| (id, 0)).collect();
    for &id in &region.nodes {
        for (_, edge) in module.outs(id) {
            *waiting.entry(edge.to).or_default() += 1;
        }
    }
    let mut order: Vec<NodeId> = region.nodes.iter().copied().filter(|id| waiting[id] == 0).collect();
    let mut at = 0;
    while let Some(&id) = order.get(at) {
        at += 1;
        for (_, edge) in module.outs(id) {
            if let Some(count) = waiting.get_mut(&edge.to) {
                *count -= 1;
                if *count == 0 {
                    order.push(edge.to);
                }
            }
        }
    }
    (order.len() == region.nodes.len()).then_some(order)
}

#[cfg(test)]
mod tests {
    use super::verify;
    use crate::{
        Edge, Expr, ExprKind, Mode, Module, Node, NodeId, NodeKey, NodeKind, On, OnFail, Origin, Root, Transfer,
    };

    /// Two nodes in a row, in a Seq or Dag body.
    fn module(dag: bool) -> (Module, NodeId, NodeId) {
        let mode = if dag { Mode::Dag { on_fail: OnFail::Stop } } else { Mode::Seq { entry: None } };
        let mut module = Module::new("m", "cir", mode, Origin::default());
        let body = module.body();
        let mut node =
            |name| module.add_node(Node::new(NodeKey::root(name), NodeKind::Assign, body, Origin::default()));
        let (a, b) = (node("a"), node("b"));
        add(&mut module, a, b, On::Done);
        (module, a, b)
    }

    fn add(module: &mut Module, from: NodeId, to: NodeId, on: On) {
        let (transfer, origin) = (Transfer::default(), Origin::default());
        module.add_edge(Edge { from, to, on, transfer, comment: None, origin });
    }

    fn expr(kind: ExprKind) -> Option<Expr> {
        Some(Expr::new(kind, Origin::default()))
    }

    type Break = fn(&mut Module, NodeId, NodeId);

    const BROKEN: &[(bool, Break, &str)] = &[
        (true, |m, a, b| add(m, b, a, On::Done), "body of flow \"m\": has a cycle"),
        (
            false,
            |m, a, b| add(m, a, b, On::Done),
            "edge a -> b on Done: a second edge for the same outcome in a Seq region",
        ),
        (false, |m, a, b| add(m, a, b, On::Settled), "edge a -> b on Settled: a Settled edge in a Seq region"),
        (false, |m, a, b| add(m, a, b, On::Error(0)), "edge a -> b on Error(0): there is no handler 0"),
        (false, |m, a, _| m.nodes[a].handlers.push(Default::default()), "node a: handler 0 has 0 edges instead of one"),
        (false, |m, a, b| add(m, a, b, On::Case(0)), "edge a -> b on Case(0): only a choice has cases"),
        (false, |m, _, b| m.nodes[b].kind = NodeKind::Join, "node b: a join in a Seq region"),
        (false, |m, _, b| m.nodes[b].key = NodeKey::root("a"), "node a: its key is taken"),
        (false, |m, _, b| drop(m.nodes.remove(b)), "body of flow \"m\": lists #1, which was removed"),
        (false, |m, a, _| m.nodes[a].outs.clear(), "edge a -> b on Done: its source does not list it"),
        (false, |m, a, _| m.nodes[a].kind = NodeKind::Scope(m.body()), "node a: does not own the region #0 it holds"),
        (
            false,
            |m, a, _| m.nodes[a].when = expr(ExprKind::Root(Root::Result)),
            "node a: reads Result, which does not exist in When",
        ),
        (
            false,
            |m, a, _| m.nodes[a].io.args = expr(ExprKind::Out(NodeId::from_index(9))),
            "node a: reads the output of #9, which was removed",
        ),
        (
            true,
            |m, a, _| m.nodes[a].end.assign.push(("x".into(), Expr::root(Root::Raw))),
            "node a: sets a variable in a Dag region, where the order is not known",
        ),
    ];

    #[test]
    fn what_is_wrong_is_named() {
        for &(dag, breaks, expected) in BROKEN {
            let (mut module, a, b) = module(dag);
            assert_eq!(verify(&module), Ok(()));
            breaks(&mut module, a, b);
            let found: Vec<String> = verify(&module).unwrap_err().iter().map(ToString::to_string).collect();
            assert!(found.iter().any(|line| line == expected), "{expected}\n{found:#?}");
        }
    }
}
