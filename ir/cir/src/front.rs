//! What a front end is: a value, so that adding one adds a row to a table.

use std::collections::BTreeMap;

use wfc_diag::{Rule, Sink};
use wfc_source::Tree;

use crate::Module;

/// A front end.
#[derive(Debug)]
pub struct Front {
    /// Its name, which is also the dialect of the modules it makes.
    pub name: &'static str,
    /// How its files are called, for `--help` and for directories.
    pub extensions: &'static [&'static str],
    /// How sure it is, from 0 to 100, that a file is its own. The tree may be partial.
    pub sniff: fn(path: &str, tree: &Tree) -> u8,
    /// Reads the tree. Problems go to the sink; a partial module is fine, `None` is for what has no body at all.
    pub lower: fn(input: &LowerInput<'_>, sink: &mut Sink) -> Option<Module>,
    /// The JSON Schema of its files.
    pub schema: Option<fn() -> serde_json::Value>,
    /// Its nouns.
    pub vocab: &'static Vocab,
    /// The kinds of problem only this dialect can have.
    pub rules: &'static [&'static Rule],
    /// The names of rules for every dialect whose findings the owner of this one refuses at creation.
    pub refuses: &'static [&'static str],
}

/// What a front end is given.
#[derive(Clone, Copy, Debug)]
pub struct LowerInput<'a> {
    /// The path of the file, for names and messages.
    pub path: &'a str,
    /// Its tree.
    pub tree: &'a Tree,
    /// What the user asked for.
    pub options: &'a LowerOptions,
}

/// What a user can ask of a front end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LowerOptions {
    /// What kind of machine the program is to run on.
    pub machine_type: MachineType,
    /// Values of deployment placeholders `${name}`.
    pub substitutions: BTreeMap<String, String>,
}

/// The kinds of machine that a service distinguishes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MachineType {
    /// Long-running, exactly-once.
    #[default]
    Standard,
    /// Short-lived, at-least-once.
    Express,
}

/// The nouns of a dialect.
#[derive(Debug, PartialEq, Eq)]
pub struct Vocab {
    /// What a file of the dialect holds, such as "state machine".
    pub program: &'static str,
    /// What a node is called, such as "state".
    pub node: &'static str,
    /// Several of them.
    pub nodes: &'static str,
    /// What an edge is called, such as "transition".
    pub edge: &'static str,
}

impl Vocab {
    /// The nouns of CIR itself.
    pub const CIR: Vocab = Vocab { program: "module", node: "node", nodes: "nodes", edge: "edge" };
}
