//! What every check is given, and the few questions they share.

use std::cell::OnceCell;

use wfc_analyze::{expressions, missing, split, Facts, Missing, Phase};
use wfc_cir::{Flow, Module, Node, NodeId, NodeKind, Origin, Vocab};
use wfc_diag::Span;
use wfc_expr::nearest::nearest;

/// What a check is given.
pub(crate) struct Cx<'a> {
    pub(crate) m: &'a Module,
    pub(crate) vocab: &'a Vocab,
    pub(crate) facts: &'a Facts,
    missing: OnceCell<Vec<(NodeId, Missing)>>,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(m: &'a Module, vocab: &'a Vocab, facts: &'a Facts) -> Self {
        Self { m, vocab, facts, missing: OnceCell::new() }
    }

    /// The nodes a run can come to, containers before what is in them.
    pub(crate) fn reachable(&self) -> impl Iterator<Item = (NodeId, &'a Node)> + use<'a> {
        let m = self.m;
        let regions = self.facts.graph.regions().iter();
        regions.flat_map(|layout| &layout.nodes).map(move |&id| (id, &m.nodes[id]))
    }

    /// Every place that an expression of a reachable node certainly fails to read.
    pub(crate) fn missing(&self) -> &[(NodeId, Missing)] {
        self.missing.get_or_init(|| {
            let mut found = Vec::new();
            let alive = self.reachable().filter(|&(id, _)| !self.facts.docs.raw(id).is_never());
            alive.for_each(|(id, node)| self.missing_at(id, node, &mut found));
            found
        })
    }

    fn missing_at(&self, id: NodeId, node: &Node, found: &mut Vec<(NodeId, Missing)>) {
        let visit = self.facts.docs.visit(self.m, id);
        let mut cases = Vec::new();
        expressions(self.m, id, &mut |phase, expr| match node.kind {
            // Each case sees only what the cases before it let through.
            NodeKind::Choice { .. } if phase == Phase::Work => cases.push(expr),
            _ => missing(expr, &visit.env(phase), &mut |missing| found.push((id, missing))),
        });
        let mut env = visit.env(Phase::Work);
        for case in cases {
            missing(case, &env, &mut |missing| found.push((id, missing)));
            env = split(case, &env, &mut |_, _, _, _| {}).1;
        }
    }

    /// "state `X`"
    pub(crate) fn named(&self, node: NodeId) -> String {
        format!("{} `{}`", self.vocab.node, self.m.nodes[node].name())
    }

    /// Where the name of a node is written.
    pub(crate) fn name_span(&self, node: NodeId) -> Span {
        let node = &self.m.nodes[node];
        span_of(&node.name_origin).or_else(|| span_of(&node.origin)).unwrap_or_default()
    }

    /// Where something of a node is written; if that is not known, the name of the node.
    pub(crate) fn span(&self, node: NodeId, origin: &Origin) -> Span {
        span_of(origin).unwrap_or_else(|| self.name_span(node))
    }

    /// The flow a node belongs to.
    pub(crate) fn flow(&self, node: NodeId) -> &'a Flow {
        &self.m.flows[self.m.flow_of(self.m.nodes[node].region)]
    }

    /// Whether the module follows the rules of Amazon States Language.
    pub(crate) fn is_asl(&self) -> bool {
        &*self.m.dialect == "asl"
    }
}

fn span_of(origin: &Origin) -> Option<Span> {
    origin.span
}

/// The known name that was probably meant in the finding number `index`. The work for hostile programs is bounded:
/// neither is every finding served nor every name compared.
pub(crate) fn meant<'n>(index: usize, name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const FINDINGS: usize = 100;
    const NAMES: usize = 1_000;
    let known = known.take(if index < FINDINGS { NAMES } else { 0 });
    nearest(name, known)
}

/// `name`, `name` and `name`
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}
