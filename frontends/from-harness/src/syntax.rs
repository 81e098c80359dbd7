//! What a file can hold, and its fields by name.

use std::sync::Arc;

use wfc_cir::Origin;
use wfc_diag::Span;
use wfc_expr::cond::Cond;
use wfc_expr::value::Number;
use wfc_expr::Value;
use wfc_source::strict::{Spanned, Table};

/// A name with its place.
pub type Name = Spanned<Arc<str>>;

/// A file.
#[derive(Clone, Debug, Default)]
pub struct Spec {
    /// The name of the harness.
    pub name: Option<Name>,
    /// The id of the node it starts at.
    pub entry: Option<Name>,
    /// The nodes that could be read.
    pub nodes: Vec<Node>,
    /// The edges that could be read.
    pub edges: Vec<Edge>,
}

/// An edge.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The id it comes from.
    pub from: Name,
    /// The id it goes to.
    pub to: Name,
    /// Its place.
    pub span: Span,
}

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its id.
    pub id: Name,
    /// A name for people.
    pub label: Option<Arc<str>>,
    /// What it does.
    pub kind: Kind,
    /// Its place.
    pub span: Span,
}

/// What a node does.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Runs a program.
    Tool {
        /// The program and its arguments.
        argv: Vec<Arc<str>>,
        /// Variables of its environment.
        env: Vec<(Arc<str>, Arc<str>)>,
        /// The folder it runs in.
        cwd: Option<Arc<str>>,
    },
    /// Asks a language model.
    Llm {
        /// The service.
        provider: Arc<str>,
        /// The model.
        model: Arc<str>,
        /// What it is asked, and settings, by the names of the model step.
        args: Vec<(&'static str, Value)>,
    },
    /// Asks a person.
    Human {
        /// The question.
        prompt: Arc<str>,
        /// `approval`, `input` or `choice`.
        interaction: Arc<str>,
        /// The answers of a choice.
        options: Vec<Arc<str>>,
        /// Seconds to wait for the answer.
        timeout: Option<Spanned<Number>>,
    },
    /// Goes one of two ways.
    Condition {
        /// The condition, if it could be read.
        condition: Option<(Cond, Origin)>,
        /// Where to if it holds.
        then: Option<Name>,
        /// Where to if not.
        otherwise: Option<Name>,
    },
    /// Brings branches together.
    Merge {
        /// The nodes it waits for.
        wait_for: Vec<Name>,
        /// How many of them.
        strategy: Strategy,
    },
    /// Runs another harness.
    Subworkflow {
        /// Its name.
        spec_ref: Arc<str>,
        /// Its input.
        inputs: Value,
    },
    /// What could not be read.
    Unknown,
}

/// How many nodes a merge waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// All of them.
    #[default]
    All,
    /// Any one.
    Any,
    /// More than half.
    Majority,
}

/// The kinds of node, by their names.
pub const KINDS: [&str; 6] = ["tool", "llm", "human", "condition", "merge", "subworkflow"];

/// The whole file.
pub const SPEC: Table = Table {
    what: "a harness",
    fields: &["name", "graph"],
    later: &["executionPolicy", "humanPolicy", "observabilityPolicy"],
};

/// `graph`
pub const GRAPH: Table = Table { what: "'graph'", fields: &["entryNodeId", "nodes", "edges"], later: &[] };

/// An edge.
pub const EDGE: Table = Table { what: "an edge", fields: &["from", "to"], later: &[] };

const LATER: &[&str] = &["executionPolicy", "verificationPolicy", "guardrails", "verificationHooks"];
const LATER_WORK: &[&str] =
    &["executionPolicy", "verificationPolicy", "guardrails", "verificationHooks", "retryPolicy"];

/// The fields of a node by its kind, in the order of [`KINDS`].
pub const NODES: [Table; 6] = [
    Table { what: "a tool node", fields: &["id", "kind", "label", "tool", "args", "env", "cwd"], later: LATER_WORK },
    Table {
        what: "an llm node",
        fields: &["id", "kind", "label", "provider", "model", "prompt", "system", "temperature", "maxTokens"],
        later: LATER_WORK,
    },
    Table {
        what: "a human node",
        fields: &["id", "kind", "label", "prompt", "interactionType", "options", "timeout"],
        later: LATER,
    },
    Table {
        what: "a condition node",
        fields: &["id", "kind", "label", "condition", "thenNodeId", "elseNodeId"],
        later: LATER,
    },
    Table { what: "a merge node", fields: &["id", "kind", "label", "waitFor", "strategy"], later: LATER },
    Table { what: "a subworkflow node", fields: &["id", "kind", "label", "specRef", "inputs"], later: LATER_WORK },
];

/// A node whose kind is not known.
pub const ANY_NODE: Table = Table { what: "a node", fields: &["id", "kind", "label"], later: &[] };
