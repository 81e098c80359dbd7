//! Rewrites of a CIR module, in one visible ordered list.
//!
//! A [`Pass`] changes a module through an [`Editor`] and says how much of what can be seen of a run it keeps. The
//! runner verifies the module after every pass; a pass that left it malformed is undone and reported as [`Broken`].
//! Whether a pass keeps what it promises is a law of the test package: the reference interpreter gives the same
//! before and after, on generated programs.

mod constant_choice;
mod dead_nodes;
mod run;
#[cfg(test)]
mod testing;

use wfc_cir::{Editor, Mode, Module, RegionId};

pub use run::{run, Broken, Ran};

/// Every pass, in the order they run.
pub const PASSES: &[Pass] = &[constant_choice::PASS, dead_nodes::PASS];

/// One rewrite.
#[derive(Debug)]
pub struct Pass {
    /// Its kebab-case name.
    pub name: &'static str,
    /// What it does, as a clause without a subject.
    pub summary: &'static str,
    /// What stays the same.
    pub keeps: Keeps,
    /// Whether it runs when nobody says which passes do.
    pub default: bool,
    /// Does it.
    pub run: fn(&mut Editor<'_>, &PassCx<'_>) -> Changed,
}

/// How much of what can be seen of a run stays the same under a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// The records of the run, its effects and its outcome.
    History,
    /// Its effects and its outcome.
    Effects,
}

/// Whether a pass found something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It did.
    Yes,
    /// The module is as it was.
    No,
}

/// What a pass is told besides the module.
#[derive(Clone, Copy, Debug)]
pub struct PassCx<'p> {
    pass: &'p Pass,
    asked: bool,
}

/// The trace table whose records are somebody else's contract.
const AWS: &str = "aws";

impl Pass {
    /// The pass of that name.
    pub fn named(name: &str) -> Option<&'static Pass> {
        PASSES.iter().find(|pass| pass.name == name)
    }
}

impl<'p> PassCx<'p> {
    /// What `pass` is told; `asked` if the user named it.
    pub fn new(pass: &'p Pass, asked: bool) -> Self {
        Self { pass, asked }
    }

    /// The Seq regions the pass may change: a pass that does not keep the history leaves flows alone that record
    /// what Amazon States Language promises, unless it was asked for.
    pub fn seq_regions(&self, module: &Module) -> Vec<RegionId> {
        let seq = module.regions.iter().filter(|(_, region)| matches!(region.mode, Mode::Seq { .. }));
        seq.map(|(id, _)| id).filter(|&id| self.may_change(module, id)).collect()
    }

    fn may_change(&self, module: &Module, region: RegionId) -> bool {
        let free = self.asked || self.pass.keeps == Keeps::History;
        free || &*module.flows[module.flow_of(region)].trace != AWS
    }
}

impl Changed {
    /// `Yes` if it is so.
    pub fn when(changed: bool) -> Changed {
        if changed {
            Changed::Yes
        } else {
            Changed::No
        }
    }
}
