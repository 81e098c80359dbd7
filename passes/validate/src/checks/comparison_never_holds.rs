//! Tests that can never hold, whatever the input is.

use wfc_cir::{Expr, ExprKind, NodeId, TypeTest};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::Cx;

/// A test that can never hold.
pub(super) const RULE: Rule = Rule {
    name: "comparison-never-holds",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Any,
    summary: "a test can never hold",
    page: include_str!("comparison-never-holds.md"),
};

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    cx.shown().never.iter().for_each(|&(id, test)| sink.push(words(cx, id, test)));
}

fn words(cx: &Cx<'_>, id: NodeId, test: &Expr) -> Diagnostic {
    let message = format!("this test of {} can never hold", cx.named(id));
    let found = Diagnostic::new(&RULE, cx.span(id, &test.origin), message).label("never true");
    match &test.kind {
        ExprKind::Is { test: TypeTest::Present, want: true, .. } => found.note("what it asks for is never there"),
        ExprKind::Is { test: TypeTest::Present, .. } => found.note("what it asks for is always there"),
        ExprKind::Is { want: false, .. } => found.note("the value always is of that type"),
        ExprKind::Is { .. } => found.note("the value is never of that type"),
        _ => found.note("by then the value is of another type, or known to be another one; types are not converted"),
    }
}
