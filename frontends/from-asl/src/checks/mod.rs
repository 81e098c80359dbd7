//! Problems that only definitions of this dialect can have and that its owner does not refuse: one file each.

mod jsonata_calls;
mod states_field;
mod stray_character;

use wfc_cir::visit::Slot;
use wfc_cir::{Expr, ExprKind, Module};
use wfc_diag::{Rule, Sink};
use wfc_expr::jsonata::{self, Profile};

/// An expression that checks look at.
pub(crate) struct Seen<'m> {
    /// The field it stands in.
    slot: Slot,
    /// The expression.
    expr: &'m Expr,
    /// What is known of it if it is JSONata.
    jsonata: Option<jsonata::Facts<'m>>,
}

/// A check and the rule it speaks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Check {
    /// The rule; absent for a check that speaks for rules of the expression languages.
    pub(crate) rule: Option<&'static Rule>,
    /// Reports what it finds.
    run: fn(&Seen<'_>, &mut Sink),
}

/// All of them, in the order in which they run.
pub(crate) const ALL: &[Check] = &[
    Check { rule: None, run: jsonata_calls::check },
    Check { rule: Some(&states_field::RULE), run: states_field::check },
    Check { rule: Some(&stray_character::RULE), run: stray_character::check },
];

/// Runs all of them on every expression of a module.
pub(crate) fn run(module: &Module, sink: &mut Sink) {
    module.exprs(&mut |slot, outermost| {
        outermost.walk(&mut |expr| {
            let jsonata = match &expr.kind {
                ExprKind::Jsonata { ast, .. } => Some(jsonata::analyze(ast, Profile::StepFunctions)),
                _ => None,
            };
            let seen = Seen { slot, expr, jsonata };
            ALL.iter().for_each(|check| (check.run)(&seen, sink));
        });
    });
}
