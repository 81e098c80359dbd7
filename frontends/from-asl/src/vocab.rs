//! The nouns of Amazon States Language.

use wfc_cir::Vocab;

/// The nouns of Amazon States Language.
pub const VOCAB: Vocab = Vocab { program: "state machine", node: "state", nodes: "states", edge: "transition" };
