//! The front end as a value, and its nouns.

use wfc_cir::{Front, LowerInput, Module, Vocab};
use wfc_diag::Sink;
use wfc_source::Tree;

use crate::{lower, parse, rules};

/// The nouns of workflow.toml.
pub const VOCAB: Vocab = Vocab { program: "workflow", node: "step", nodes: "steps", edge: "need" };

/// workflow.toml.
pub const FRONT: Front = Front {
    name: "workflow",
    extensions: &["workflow.toml", ".workflow.toml"],
    sniff,
    lower: read,
    schema: None,
    vocab: &VOCAB,
    rules: rules::ALL,
    refuses: &[],
};

/// The name decides; a TOML file of another name counts if it has both tables.
fn sniff(path: &str, tree: &Tree) -> u8 {
    let path = path.to_ascii_lowercase();
    let root = tree.root();
    let has = |name: &str| u8::from(root.get(name).is_some());
    if path.ends_with("workflow.toml") {
        95
    } else if path.ends_with(".toml") {
        10 + 35 * has("workflow") + 35 * has("steps")
    } else {
        0
    }
}

fn read(input: &LowerInput<'_>, sink: &mut Sink) -> Option<Module> {
    let file = parse::file(input.tree, sink)?;
    Some(lower::module(file, input, sink))
}
