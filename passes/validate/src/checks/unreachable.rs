//! Nodes that no way leads to.

use wfc_cir::{Module, NodeId, NodeKind, RegionId};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::{listed, Cx};

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
    for layout in cx.facts.graph.regions() {
        // Where the start is missing, or something could not be read, the missing way may well be there.
        let complete = !layout.nodes.is_empty() && !has_hole(cx.m, layout.region);
        if complete {
            heads(cx, layout.region).into_iter().for_each(|(head, rest)| sink.push(words(cx, head, &rest)));
        }
    }
}

fn has_hole(m: &Module, region: RegionId) -> bool {
    m.regions[region].nodes.iter().any(|&node| matches!(m.nodes[node].kind, NodeKind::Hole))
}

/// The unreachable nodes of a region, each with the others that only follow from it.
fn heads(cx: &Cx<'_>, region: RegionId) -> Vec<(NodeId, Vec<NodeId>)> {
    let nodes = cx.m.regions[region].nodes.iter().copied();
    let dead: Vec<NodeId> = nodes.filter(|&node| !cx.facts.graph.reachable(node)).collect();
    let mut seen = wfc_analyze::Bits::default();
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

fn followers(m: &Module, head: NodeId, seen: &mut wfc_analyze::Bits) -> Vec<NodeId> {
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
    let help = format!("lead a {} to it, or remove it", cx.vocab.edge);
    let found = Diagnostic::new(&RULE, cx.name_span(head), message).label("nothing leads here").help(help);
    let dead: Vec<NodeId> = rest.iter().copied().filter(|&node| !cx.facts.graph.reachable(node)).collect();
    if dead.is_empty() {
        return found;
    }
    let names: Vec<String> = dead.iter().take(LISTED).map(|&node| cx.m.nodes[node].name()).collect();
    let more = if dead.len() > LISTED { format!(" and {} more", dead.len() - LISTED) } else { String::new() };
    found.note(format!("so are the {} behind it: {}{more}", cx.vocab.nodes, listed(names.iter().map(String::as_str))))
}
