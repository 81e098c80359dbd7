//! Read-only facts about a module, computed once and shared by checks and passes.

mod bits;
mod docs;
mod exprs;
mod graph;
mod reads;
mod vars;

use wfc_cir::Module;

pub use bits::Bits;
pub use docs::{eval, missing, missing_in_test, split, Docs, Env, Missing, OnTest, Visit};
pub use exprs::{expressions, Phase};
pub use graph::{Cycle, Graph, Layout};
pub use reads::{reads, Need, OpenRead, Read};
pub use vars::{Bound, Vars};

/// What is known of a module without running it.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Its shape.
    pub graph: Graph,
    /// Its variables.
    pub vars: Vars,
    /// The reads of variables that may have no value there.
    pub open_reads: Vec<OpenRead>,
    /// Its documents.
    pub docs: Docs,
}

/// Computes the facts about a module.
pub fn analyze(m: &Module) -> Facts {
    let graph = Graph::of(m);
    let vars = Vars::of(m, &graph);
    let open_reads = reads::open_reads(m, &graph, &vars);
    let docs = Docs::of(m, &graph);
    Facts { graph, vars, open_reads, docs }
}
