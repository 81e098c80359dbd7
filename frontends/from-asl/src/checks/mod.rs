//! Problems that only definitions of this dialect can have and that its owner does not refuse: one file each.

mod jsonata_calls;
mod states_field;
mod stray_character;

use wfc_cir::Module;
use wfc_diag::{Rule, Sink};

/// A check and the rule it speaks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Check {
    /// The rule; absent for a check that speaks for rules of the expression languages.
    pub(crate) rule: Option<&'static Rule>,
    /// Reports what it finds.
    pub(crate) run: fn(&Module, &mut Sink),
}

/// All of them, in the order in which they run.
pub(crate) const ALL: &[Check] = &[
    Check { rule: None, run: jsonata_calls::check },
    Check { rule: Some(&states_field::RULE), run: states_field::check },
    Check { rule: Some(&stray_character::RULE), run: stray_character::check },
];
