//! Problems of expressions that only definitions of this dialect can have: one file each.

mod jsonata_calls;
mod no_context;
mod states_field;
pub(crate) mod stray_character;

use wfc_cir::visit::Slot;
use wfc_cir::{Expr, ExprKind, Module, NodeId, NodeKind};
use wfc_diag::{Rule, Sink};
use wfc_expr::jsonata::{self, Profile};

/// An expression that checks look at.
pub(crate) struct Seen<'m> {
    /// The field it stands in.
    slot: Slot,
    /// Whether the state does work that has a result.
    works: bool,
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
    Check { rule: Some(&no_context::RULE), run: no_context::check },
    Check { rule: Some(&states_field::RULE), run: states_field::check },
    Check { rule: Some(&stray_character::RULE), run: stray_character::check },
];

/// Runs all of them on every expression of a module.
pub(crate) fn run(module: &Module, sink: &mut Sink) {
    module.flows.iter().for_each(|(_, flow)| flow.exprs(&mut |slot, expr| of_field(slot, false, expr, sink)));
    for (id, node) in module.nodes.iter() {
        let works = works(module, id);
        node.exprs(&mut |slot, expr| of_field(slot, works, expr, sink));
    }
    for (_, edge) in module.edges.iter() {
        let works = works(module, edge.from);
        edge.exprs(&mut |slot, expr| of_field(slot, works, expr, sink));
    }
}

/// Whether a state does work that has a result; of what could not be read, nobody knows.
fn works(module: &Module, node: NodeId) -> bool {
    let kind = module.nodes.get(node).map(|node| &node.kind);
    !matches!(
        kind,
        Some(
            NodeKind::Assign
                | NodeKind::Wait(_)
                | NodeKind::Choice { .. }
                | NodeKind::Return(_)
                | NodeKind::Raise { .. }
        )
    )
}

fn of_field(slot: Slot, works: bool, outermost: &Expr, sink: &mut Sink) {
    outermost.walk(&mut |expr| {
        let jsonata = match &expr.kind {
            ExprKind::Jsonata { ast, .. } => Some(jsonata::analyze(ast, Profile::StepFunctions)),
            _ => None,
        };
        let seen = Seen { slot, works, expr, jsonata };
        ALL.iter().for_each(|check| (check.run)(&seen, sink));
    });
}

/// How many of them have a rule of their own.
pub(crate) const RULES: usize = {
    let (mut count, mut at) = (0, 0);
    while at < ALL.len() {
        count += ALL[at].rule.is_some() as usize;
        at += 1;
    }
    count
};
