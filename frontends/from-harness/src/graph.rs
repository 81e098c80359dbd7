//! References resolved, and what only the graph shows: ways that do not exist, nodes nobody reaches, cycles, forks.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use wfc_diag::{Diagnostic, Sink, Span};
use wfc_expr::nearest::nearest;
use wfc_expr::value::quoted;
use wfc_source::strict::suggest;

use crate::reader::DIALECT;
use crate::rules;
use crate::syntax::{Kind, Name, Node, Spec};

/// The graph of a harness; nodes are numbers.
#[derive(Debug)]
pub(crate) struct Graph {
    pub(crate) by_id: BTreeMap<String, usize>,
    pub(crate) entry: Option<usize>,
    pub(crate) links: Vec<Link>,
    /// Nodes that can be reached from the entry.
    pub(crate) reached: BTreeSet<usize>,
    pub(crate) shape: Shape,
}

/// A way from one node to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) way: Way,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Edge,
    Then,
    Else,
}

/// Which kind of region the graph fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One thing after another.
    Sequence,
    /// Some things at once, nothing twice.
    Parallel,
    /// Both at once, which has been reported; no region is like that.
    Neither,
}

/// Resolves all names and reports what is wrong with the graph.
pub(crate) fn resolve(spec: &Spec, sink: &mut Sink) -> Graph {
    let by_id = by_id(&spec.nodes, sink);
    let entry = spec.entry.as_ref().and_then(|name| find(name, "the entry", &by_id, sink));
    let links = links(spec, &by_id, sink);
    let reached = reach(entry, &links);
    if entry.is_some() {
        unreachable(&spec.nodes, &by_id, &reached, sink);
    }
    merges(&spec.nodes, &links, &by_id, sink);
    let shape = shape(&spec.nodes, &links, sink);
    Graph { by_id, entry, links, reached, shape }
}

fn by_id(nodes: &[Node], sink: &mut Sink) -> BTreeMap<String, usize> {
    let mut known = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        match known.get(&*node.id.value) {
            None => {
                known.insert(node.id.value.to_string(), at);
            }
            Some(&first) => {
                let first: &Node = &nodes[first];
                let message = format!("the id '{}' is used by two nodes", node.id.value);
                sink.push(
                    Diagnostic::new(&rules::DUPLICATE_ID, node.id.span, message)
                        .label("used again here")
                        .also(first.id.span, "first used here"),
                );
            }
        }
    }
    known
}

fn find(name: &Name, what: &str, by_id: &BTreeMap<String, usize>, sink: &mut Sink) -> Option<usize> {
    let found = by_id.get(&*name.value).copied();
    if found.is_none() {
        let message = format!("{what} names '{}', which is no node", name.value);
        let diagnostic = Diagnostic::new(&rules::UNKNOWN_NODE, name.span, message).label("no node has this id");
        let near = nearest(&name.value, by_id.keys().map(String::as_str));
        sink.push(suggest(diagnostic, name.span, near, quoted));
    }
    found
}

fn links(spec: &Spec, by_id: &BTreeMap<String, usize>, sink: &mut Sink) -> Vec<Link> {
    let mut links = Vec::new();
    let mut seen = BTreeSet::new();
    for edge in &spec.edges {
        let (from, to) = (find(&edge.from, "an edge", by_id, sink), find(&edge.to, "an edge", by_id, sink));
        let condition = from.map(|from| &spec.nodes[from]).filter(|node| matches!(node.kind, Kind::Condition { .. }));
        if let Some(condition) = condition {
            sink.push(condition_edge(condition, edge.span));
            continue;
        }
        let (Some(from), Some(to)) = (from, to) else { continue };
        if !seen.insert((from, to)) {
            DIALECT.bad_value(
                edge.span,
                format!("the edge from '{}' to '{}' is there twice", edge.from.value, edge.to.value),
                sink,
            );
        } else {
            links.push(Link { from, to, way: Way::Edge, span: edge.span });
        }
    }
    for (from, node) in spec.nodes.iter().enumerate() {
        let Kind::Condition { then, otherwise, .. } = &node.kind else { continue };
        for (name, field, way) in [(then, "thenNodeId", Way::Then), (otherwise, "elseNodeId", Way::Else)] {
            let to = name.as_ref().and_then(|name| Some((name.span, find(name, &format!("'{field}'"), by_id, sink)?)));
            links.extend(to.map(|(span, to)| Link { from, to, way, span }));
        }
    }
    links
}

fn condition_edge(node: &Node, span: Span) -> Diagnostic {
    let message = format!("an edge leaves the condition '{}'", node.id.value);
    Diagnostic::new(&rules::CONDITION_EDGE, span, message)
        .also(node.id.span, "the condition")
        .help("remove the edge: a condition goes on at 'thenNodeId' or 'elseNodeId' and nowhere else")
}

fn reach(entry: Option<usize>, links: &[Link]) -> BTreeSet<usize> {
    let next = targets(links);
    let mut reached = BTreeSet::new();
    let mut work: Vec<usize> = entry.into_iter().collect();
    while let Some(node) = work.pop() {
        if reached.insert(node) {
            work.extend(next.get(&node).into_iter().flatten());
        }
    }
    reached
}

fn targets(links: &[Link]) -> BTreeMap<usize, Vec<usize>> {
    let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    links.iter().for_each(|link| next.entry(link.from).or_default().push(link.to));
    next
}

/// A second node of the same id has been reported for that.
fn unreachable(nodes: &[Node], by_id: &BTreeMap<String, usize>, reached: &BTreeSet<usize>, sink: &mut Sink) {
    for &at in by_id.values().filter(|at| !reached.contains(at)) {
        let node = &nodes[at];
        let message = format!("no way leads from the entry to '{}'", node.id.value);
        sink.push(
            Diagnostic::new(&rules::UNREACHABLE, node.id.span, message)
                .label("never runs")
                .help("add an edge to it, or remove it"),
        );
    }
}

/// A merge waits for exactly the nodes it has edges from.
fn merges(nodes: &[Node], links: &[Link], by_id: &BTreeMap<String, usize>, sink: &mut Sink) {
    let mut sources: BTreeMap<usize, Vec<Link>> = BTreeMap::new();
    links.iter().for_each(|link| sources.entry(link.to).or_default().push(*link));
    for (at, node) in nodes.iter().enumerate() {
        let Kind::Merge { wait_for, .. } = &node.kind else { continue };
        let ins = sources.get(&at).map(Vec::as_slice).unwrap_or_default();
        let from: BTreeSet<usize> = ins.iter().map(|link| link.from).collect();
        let mut waited = BTreeSet::new();
        for name in wait_for {
            let Some(on) = find(name, "'waitFor'", by_id, sink) else { continue };
            if !waited.insert(on) {
                sink.push(bad_wait(name.span, format!("the merge waits for '{}' twice", name.value)));
            } else if !from.contains(&on) {
                let message = format!("the merge waits for '{}', from which no edge comes", name.value);
                sink.push(bad_wait(name.span, message).also(node.id.span, "the merge"));
            }
        }
        for link in ins.iter().filter(|link| !waited.contains(&link.from)) {
            let message = format!("'{}' leads to a merge that does not wait for it", nodes[link.from].id.value);
            sink.push(bad_wait(link.span, message).also(node.id.span, "the merge"));
        }
    }
}

fn bad_wait(span: Span, message: String) -> Diagnostic {
    Diagnostic::new(&rules::BAD_WAIT, span, message)
}

/// Without forks one thing follows another, in circles if it likes. With forks there must be no circles.
fn shape(nodes: &[Node], links: &[Link], sink: &mut Sink) -> Shape {
    let mut first: BTreeMap<usize, Link> = BTreeMap::new();
    let mut forks = Vec::new();
    for link in links.iter().filter(|link| link.way == Way::Edge) {
        if let Some(first) = first.insert(link.from, *link) {
            forks.extend([first, *link]);
        }
    }
    let Some(fork) = forks.get(1) else { return Shape::Sequence };
    let crossing = crossing(nodes, links, &forks);
    crossing.iter().for_each(|(branch, back)| sink.push(crosses(nodes, branch, back)));
    if !crossing.is_empty() {
        return Shape::Neither;
    }
    match on_cycle(nodes.len(), links) {
        Some(back) => {
            sink.push(unsupported(nodes, fork, &back));
            Shape::Neither
        }
        None => Shape::Parallel,
    }
}

/// Branches that come back to their fork without a merge, each with a way into the fork on that circle.
fn crossing(nodes: &[Node], links: &[Link], forks: &[Link]) -> Vec<(Link, Link)> {
    let merge = |node: usize| matches!(nodes[node].kind, Kind::Merge { .. });
    let inner: Vec<Link> = links.iter().copied().filter(|link| !merge(link.from) && !merge(link.to)).collect();
    let circle = circles(nodes.len(), &inner);
    let closed = |link: &&Link| circle[link.from] == circle[link.to];
    let back: BTreeMap<usize, Link> = inner.iter().filter(closed).map(|link| (link.to, *link)).collect();
    let mut seen = BTreeSet::new();
    let branches = forks.iter().filter(closed).filter(|branch| seen.insert(branch.from));
    branches.filter_map(|branch| Some((*branch, *back.get(&branch.from)?))).collect()
}

/// By node a number; two nodes have the same if each can be reached from the other.
fn circles(count: usize, links: &[Link]) -> Vec<usize> {
    let mut graph = DiGraph::<(), (), usize>::default();
    let places: Vec<_> = (0..count).map(|_| graph.add_node(())).collect();
    graph.extend_with_edges(links.iter().map(|link| (places[link.from], places[link.to])));
    let mut circle = vec![0; count];
    for (number, together) in kosaraju_scc(&graph).into_iter().enumerate() {
        together.into_iter().for_each(|node| circle[node.index()] = number);
    }
    circle
}

fn crosses(nodes: &[Node], branch: &Link, back: &Link) -> Diagnostic {
    let (from, to) = (&nodes[branch.from].id.value, &nodes[branch.to].id.value);
    let message = format!("the branch from '{from}' to '{to}' comes back to '{from}', which starts other branches too");
    Diagnostic::new(&rules::FORK_CROSSES_LOOP, branch.span, message)
        .label("one of several branches")
        .also(back.span, format!("leads back to '{from}'"))
        .help("bring the branches together in a merge before anything is repeated")
}

fn unsupported(nodes: &[Node], fork: &Link, back: &Link) -> Diagnostic {
    let message = format!(
        "'{}' starts several nodes at once in a harness that goes in circles, which is not supported yet",
        nodes[fork.from].id.value
    );
    Diagnostic::new(&rules::UNSUPPORTED, fork.span, message)
        .label("a second edge from the same node")
        .also(back.span, "part of a circle")
}

/// A link on a cycle or in front of one, if there is any.
fn on_cycle(count: usize, links: &[Link]) -> Option<Link> {
    let next = targets(links);
    let mut open = vec![0_usize; count];
    links.iter().for_each(|link| open[link.to] += 1);
    let mut ready: Vec<usize> = (0..count).filter(|&node| open[node] == 0).collect();
    while let Some(node) = ready.pop() {
        for &to in next.get(&node).into_iter().flatten() {
            open[to] -= 1;
            if open[to] == 0 {
                ready.push(to);
            }
        }
    }
    links.iter().find(|link| open[link.from] > 0 && open[link.to] > 0).copied()
}
