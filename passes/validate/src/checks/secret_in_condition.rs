//! Conditions that look at a secret.

use wfc_cir::{Expr, ExprKind, NodeId, NodeKind};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::Cx;

/// A condition that looks at a secret.
pub(super) const RULE: Rule = Rule {
    name: "secret-in-condition",
    severity: Severity::Error,
    blocking: false,
    scope: Scope::Any,
    summary: "a condition looks at a secret",
    page: include_str!("secret-in-condition.md"),
};

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    for (id, node) in cx.reachable() {
        node.when.iter().for_each(|condition| of_condition(cx, id, condition, sink));
        let constraints = node.policy.iter().flat_map(|policy| &policy.constraints);
        constraints.for_each(|condition| of_condition(cx, id, condition, sink));
        match &node.kind {
            NodeKind::Choice { cases } => cases.iter().for_each(|case| of_condition(cx, id, case, sink)),
            NodeKind::Loop(rounds) => of_condition(cx, id, &rounds.condition, sink),
            NodeKind::Verify(verify) => verify.checks.iter().for_each(|test| of_condition(cx, id, test, sink)),
            _ => {}
        }
    }
}

fn of_condition(cx: &Cx<'_>, id: NodeId, condition: &Expr, sink: &mut Sink) {
    condition.walk(&mut |part| {
        let ExprKind::Secret(name) = &part.kind else { return };
        let message = format!("a condition of {} looks at the secret `{name}`", cx.named(id));
        let found = Diagnostic::new(&RULE, cx.span(id, &part.origin), message)
            .note("a secret is put in when work is dispatched; nothing else ever sees its value")
            .help("let the work decide and return what the condition needs");
        sink.push(found);
    });
}
