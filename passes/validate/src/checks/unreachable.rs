//! Nodes that no way leads to.

use wfc_analyze::{Bits, Layout};
use wfc_cir::{Module, Node, NodeId, NodeKind, RegionId};
use wfc_diag::{Diagnostic, FileId, Rule, Scope, Severity, Sink};

use crate::cx::{listed, with_article, Cx};

/// A node that no way leads to.
pub(super) const RULE: Rule = Rule {
    name: "unreachable",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Any,
    summary: "no way leads to a node",
    page: include_str!("unreachable.md"),
};

/// How many names of followers a message lists.
const LISTED: usize = 5;

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    let refused = Refused::of(sink);
    for layout in cx.facts.graph.regions() {
        if !layout.nodes.is_empty() && is_complete(cx.m, layout, &refused) {
            let found = heads(cx, layout.region);
            found.into_iter().for_each(|(head, rest)| sink.push(words(cx, head, &rest)));
        }
    }
}

/// Whether all ways of a region could be read: a missing one may well be the one that leads to a node.
fn is_complete(m: &Module, layout: &Layout, refused: &Refused) -> bool {
    let hole = m.regions[layout.region].nodes.iter().any(|&node| matches!(m.nodes[node].kind, NodeKind::Hole));
    let ends = || layout.nodes.iter().filter(|&&node| !m.outs(node).any(|(_, edge)| edge.on.is_plain()));
    !hole && !ends().any(|&node| refused.within(&m.nodes[node]))
}

/// Where the owner refuses the program, by position.
struct Refused(Vec<(FileId, u32)>);

impl Refused {
    fn of(sink: &Sink) -> Self {
        let blocking = sink.found().iter().filter(|found| found.blocking);
        let mut places: Vec<_> = blocking.map(|found| (found.primary.span.file, found.primary.span.start)).collect();
        places.sort_unstable();
        Self(places)
    }

    /// Whether something of a node, its name included, is refused.
    fn within(&self, node: &Node) -> bool {
        let Some(span) = node.origin.span else { return false };
        let span = node.name_origin.span.map_or(span, |name| name.to(span));
        let first = self.0.partition_point(|&place| place < (span.file, span.start));
        self.0.get(first).is_some_and(|&place| place < (span.file, span.end))
    }
}

/// The unreachable nodes of a region, each with the others that only follow from it.
fn heads(cx: &Cx<'_>, region: RegionId) -> Vec<(NodeId, Vec<NodeId>)> {
    let nodes = cx.m.regions[region].nodes.iter().copied();
    let dead: Vec<NodeId> = nodes.filter(|&node| !cx.facts.graph.reachable(node)).collect();
    let mut seen = Bits::default();
    let mut found = Vec::new();
    // First those nothing leads to; what is left then are loops that lead to themselves.
    let first = dead.iter().filter(|&&node| cx.facts.graph.preds(node).is_empty());
    for &head in first.chain(&dead) {
        if seen.insert(head.index()) {
            found.push((head, followers(cx.m, head, &mut seen)));
        }
    }
    found
}

fn followers(m: &Module, head: NodeId, seen: &mut Bits) -> Vec<NodeId> {
    let (mut found, mut work) = (Vec::new(), vec![head]);
    while let Some(node) = work.pop() {
        for (_, edge) in m.outs(node) {
            if seen.insert(edge.to.index()) {
                found.push(edge.to);
                work.push(edge.to);
            }
        }
    }
    found
}

fn words(cx: &Cx<'_>, head: NodeId, rest: &[NodeId]) -> Diagnostic {
    let message = format!("{} can never be reached", cx.named(head));
    let help = format!("lead {} to it, or remove it", with_article(cx.vocab.edge));
    let found = Diagnostic::new(&RULE, cx.name_span(head), message).label("nothing leads here").help(help);
    let dead: Vec<NodeId> = rest.iter().copied().filter(|&node| !cx.facts.graph.reachable(node)).collect();
    if dead.is_empty() {
        return found;
    }
    let names: Vec<String> = dead.iter().take(LISTED).map(|&node| cx.m.nodes[node].name()).collect();
    let more = if dead.len() > LISTED { format!(" and {} more", dead.len() - LISTED) } else { String::new() };
    found.note(format!("so are the {} behind it: {}{more}", cx.vocab.nodes, listed(names.iter().map(String::as_str))))
}
