//! What every check is given, and the few questions they share.

use std::cell::OnceCell;

use wfc_analyze::Facts;
use wfc_cir::{Flow, Module, Node, NodeId, Origin, Vocab};
use wfc_diag::Span;
use wfc_expr::nearest::nearest;

use crate::shown::Shown;

/// What a check is given.
pub(crate) struct Cx<'a> {
    pub(crate) m: &'a Module,
    pub(crate) vocab: &'a Vocab,
    pub(crate) facts: &'a Facts,
    shown: OnceCell<Shown<'a>>,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(m: &'a Module, vocab: &'a Vocab, facts: &'a Facts) -> Self {
        Self { m, vocab, facts, shown: OnceCell::new() }
    }

    /// The nodes a run can come to, containers before what is in them.
    pub(crate) fn reachable(&self) -> impl Iterator<Item = (NodeId, &'a Node)> + use<'a> {
        let m = self.m;
        let regions = self.facts.graph.regions().iter();
        regions.flat_map(|layout| &layout.nodes).map(move |&id| (id, &m.nodes[id]))
    }

    /// What the documents show.
    pub(crate) fn shown(&self) -> &Shown<'a> {
        self.shown.get_or_init(|| Shown::of(self))
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

/// "a transition", "an edge"
pub(crate) fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}
