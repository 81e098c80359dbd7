//! The front end as a value, and its nouns.

use wfc_cir::{Front, LowerInput, Module, Vocab};
use wfc_diag::Sink;
use wfc_source::Tree;

use crate::graph::Shape;
use crate::{graph, lower, parse, rules};

/// The nouns of HarnessSpec.
pub const VOCAB: Vocab = Vocab { program: "harness", node: "node", nodes: "nodes", edge: "edge" };

/// HarnessSpec, as JSON or YAML.
pub const FRONT: Front = Front {
    name: "harness",
    extensions: &[".harness.json", ".harness.yaml", ".harness.yml"],
    sniff,
    lower: read,
    schema: None,
    vocab: &VOCAB,
    rules: rules::ALL,
    refuses: &[],
};

/// Only a harness has a graph with an entry node.
fn sniff(path: &str, tree: &Tree) -> u8 {
    let path = path.to_ascii_lowercase();
    if FRONT.extensions.iter().any(|extension| path.ends_with(extension)) {
        return 95;
    }
    let graph = tree.root().get("graph");
    match graph.map(|graph| (graph.get("entryNodeId"), graph.get("nodes"))) {
        Some((Some(_), _)) => 85,
        Some((None, Some(_))) => 50,
        _ => 0,
    }
}

fn read(input: &LowerInput<'_>, sink: &mut Sink) -> Option<Module> {
    let spec = parse::spec(input.tree, sink)?;
    let graph = graph::resolve(&spec, sink);
    (graph.shape != Shape::Neither).then(|| lower::module(&spec, &graph, input.tree.root().span()))
}
