//! Why a part of a node cannot be written, before it is known which node it is.

use wfc_cir::{Node, NodeKey, Origin};
use wfc_diag::Span;

use crate::Unsupported;

/// Why something cannot be written.
#[derive(Debug)]
pub(crate) struct Refusal {
    what: String,
    help: &'static str,
    span: Option<Span>,
}

impl Refusal {
    pub(crate) fn new(what: impl Into<String>, help: &'static str) -> Self {
        Self { what: what.into(), help, span: None }
    }

    /// The same, at a place of its own.
    pub(crate) fn at(mut self, origin: &Origin) -> Self {
        self.span = self.span.or(origin.span);
        self
    }

    /// The same, said of a field.
    pub(crate) fn of(mut self, field: &str) -> Self {
        self.what = format!("{field}: {}", self.what);
        self
    }

    /// The finding, for the node it is in.
    pub(crate) fn in_node(self, node: &Node) -> Unsupported {
        self.at(&node.name_origin).at(&node.origin).in_flow(node.key.clone())
    }

    /// The finding, for a flow or node of this name.
    pub(crate) fn in_flow(self, key: NodeKey) -> Unsupported {
        Unsupported { key, span: self.span, what: self.what, help: self.help.to_owned() }
    }
}
