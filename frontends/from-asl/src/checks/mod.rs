//! Problems that only definitions of this dialect can have and that its owner does not refuse: one file each.

use wfc_cir::{LowerOptions, Module};
use wfc_diag::{Rule, Sink};

use crate::syntax::Program;

/// What a check looks at.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code)] // Read by the checks of the list below.
pub(crate) struct CheckCx<'a> {
    /// The definition as it was written.
    pub(crate) program: &'a Program<'a>,
    /// What it means.
    pub(crate) module: &'a Module,
    /// What the user asked for.
    pub(crate) options: &'a LowerOptions,
}

/// A check and the rule it speaks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Check {
    /// The rule.
    pub(crate) rule: &'static Rule,
    /// Reports what it finds.
    pub(crate) run: fn(&CheckCx<'_>, &mut Sink),
}

/// All of them, in the order in which they run.
pub(crate) const ALL: &[Check] = &[];
