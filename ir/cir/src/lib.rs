//! CIR: what a workflow *means*, as a typed graph with arenas, spans and policies.
//!
//! The meaning of every construct is written down in [`meaning`]; front ends, passes, runtimes and back ends
//! agree through that page and nothing else.

#[cfg(any(test, feature = "arbitrary"))]
pub mod arbitrary;
pub mod arena;
pub mod compare;
pub mod edit;
pub mod expr;
pub mod front;
pub mod key;
pub mod meaning;
pub mod module;
pub mod node;
pub mod policy;
#[cfg(test)]
mod properties;
pub mod rules;
pub mod seal;
pub mod text;
pub mod types;
pub mod verify;
pub mod visit;
pub mod wire;

pub use arena::{Arena, Id};
pub use compare::{equivalent, Difference};
pub use edit::{undo, Edit, EditLog, Editor};
pub use expr::{CompareOp, Doc, Expr, ExprKind, Lang, Origin, Ref, Root, TypeTest, Via};
pub use front::{Front, LowerInput, LowerOptions, MachineType, Vocab};
pub use key::NodeKey;
pub use module::{Abort, Edge, EdgeId, Flow, FlowId, Mode, Module, NodeId, OnFail, Owner, Region, RegionId, Transfer};
pub use node::{
    Action, Batch, Callee, ForEach, Io, Isolation, Loop, Node, NodeKind, On, OnCap, Part, Reader, Ready, Replay,
    ReplyMode, ReturnTo, Strategy, Tolerate, Verify, VerifyFail, WaitFor, Writer,
};
pub use policy::{Effects, ErrorMatch, Handler, Jitter, Policy, Retrier, Workspace};
pub use seal::{Checked, Sealed};
pub use types::Type;
pub use verify::{verify, Violation};
pub use visit::Slot;
pub use wire::{from_wire, to_wire, WireError};
