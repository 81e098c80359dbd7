//! Loops that no way leaves.

use wfc_analyze::Cycle;
use wfc_cir::{Module, NodeId, NodeKind, On};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::{listed, with_article, Cx};

/// A loop that no way leaves.
pub(super) const RULE: Rule = Rule {
    name: "endless-loop",
    severity: Severity::Error,
    blocking: false,
    scope: Scope::Any,
    summary: "a loop that no way leaves",
    page: include_str!("endless-loop.md"),
};

/// How many names of the loop a message lists.
const LISTED: usize = 6;

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    let endless = cx.facts.graph.loops().iter().filter(|cycle| !cycle.exits);
    // Such machines are refused as a whole.
    let told =
        endless.filter(|cycle| !(cx.is_asl() && cycle.nodes.first().is_some_and(|&node| has_no_end(cx.m, node))));
    told.for_each(|cycle| sink.push(words(cx, cycle)));
}

/// Whether no node of the region around a node ends it.
fn has_no_end(m: &Module, node: NodeId) -> bool {
    let ends = |&node: &NodeId| match m.nodes[node].kind {
        NodeKind::Return(_) | NodeKind::Raise { .. } => true,
        NodeKind::Choice { .. } => false,
        _ => m.out(node, On::Done).is_none(),
    };
    !m.regions[m.nodes[node].region].nodes.iter().any(ends)
}

fn words(cx: &Cx<'_>, cycle: &Cycle) -> Diagnostic {
    let names: Vec<String> = cycle.nodes.iter().take(LISTED).map(|&node| cx.m.nodes[node].name()).collect();
    let names = listed(names.iter().map(String::as_str));
    let message = match cycle.nodes.as_slice() {
        [only] => format!("{} only ever leads back to itself", cx.named(*only)),
        all if all.len() > LISTED => format!("no {} leads out of the loop that starts {names}", cx.vocab.edge),
        _ => format!("no {} leads out of the loop of {names}", cx.vocab.edge),
    };
    let found = Diagnostic::new(&RULE, cx.name_span(cycle.nodes[0]), message)
        .label("a run that comes here never ends")
        .help(format!("add {} that leaves the loop under some condition", with_article(cx.vocab.edge)));
    // A failure that nothing handles is a way out too, if not a good one.
    if cycle.nodes.iter().any(|&node| may_fail(cx.m, node)) {
        return found.severity(Severity::Warning).note("only a failure can end a run that is in this loop");
    }
    found
}

/// Whether the work of a node can fail, whatever its expressions do.
fn may_fail(m: &Module, node: NodeId) -> bool {
    match m.nodes[node].kind {
        NodeKind::Assign | NodeKind::Wait(_) => false,
        NodeKind::Choice { .. } => m.out(node, On::Otherwise).is_none(),
        _ => true,
    }
}
