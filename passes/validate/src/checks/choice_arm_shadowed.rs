//! Cases of a choice that an earlier case always takes.

use std::fmt::{Arguments, Write};
use std::slice::from_ref;

use rustc_hash::FxHashMap;
use wfc_cir::{Doc, Expr, ExprKind, NodeId, NodeKind};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::Cx;

/// A case of a choice that is never tried or never holds because of an earlier one.
pub(super) const RULE: Rule = Rule {
    name: "choice-arm-shadowed",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Any,
    summary: "an earlier case of a choice takes everything this one could",
    page: include_str!("choice-arm-shadowed.md"),
};

/// How many levels of a condition are compared.
const MAX_DEPTH: usize = 64;

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    for (id, node) in cx.reachable() {
        if let NodeKind::Choice { cases } = &node.kind {
            repeated(cx, id, cases, sink);
        }
    }
    let untried = cx.shown().untried.iter();
    untried.for_each(|&(id, case, before)| sink.push(never_tried(cx, id, case, before)));
}

/// Reports cases whose condition an earlier case has already.
fn repeated(cx: &Cx<'_>, id: NodeId, cases: &[Expr], sink: &mut Sink) {
    let mut seen: FxHashMap<String, &Expr> = FxHashMap::default();
    for case in cases {
        let mut key = String::new();
        if !write_key(case, &mut key, 0) {
            continue;
        }
        if let Some(first) = seen.get(&key) {
            let message = format!("an earlier case of {} has the same condition", cx.named(id));
            let found =
                Diagnostic::new(&RULE, cx.span(id, &case.origin), message).label("never holds when it is tried");
            sink.push(found.also(cx.span(id, &first.origin), "takes it first").help("remove this case"));
        }
        seen.entry(key).or_insert(case);
    }
}

fn never_tried(cx: &Cx<'_>, id: NodeId, case: &Expr, before: &Expr) -> Diagnostic {
    let message = format!("this case of {} is never tried", cx.named(id));
    let found = Diagnostic::new(&RULE, cx.span(id, &case.origin), message).label("comes too late");
    found.also(cx.span(id, &before.origin), "always holds")
}

/// Writes what decides whether a condition holds, apart from places in files; false if not all of it is plain.
fn write_key(expr: &Expr, key: &mut String, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let mut all = |head: Arguments<'_>, parts: &[Expr]| {
        // Writing to a string cannot fail.
        let _ = key.write_fmt(format_args!("{head}("));
        let plain = parts.iter().all(|part| write_key(part, key, depth + 1));
        key.push(')');
        plain
    };
    match &expr.kind {
        ExprKind::Literal(value) => all(format_args!("{value}"), &[]),
        ExprKind::Path { doc: Doc::Root(root), path } => all(format_args!("{root:?} {path}"), &[]),
        ExprKind::Path { doc: Doc::Expr(inner), path } => all(format_args!("{path}"), from_ref(&**inner)),
        ExprKind::Jsonata { text, .. } if is_constant(text) => all(format_args!("jsonata {text}"), &[]),
        ExprKind::Compare { left, op, right } => {
            all(format_args!("{op:?}"), from_ref(&**left)) && write_key(right, key, depth + 1)
        }
        ExprKind::Is { left, test, want } => all(format_args!("{test:?} {want}"), from_ref(&**left)),
        ExprKind::Not(inner) => all(format_args!("not"), from_ref(&**inner)),
        ExprKind::And(parts) => all(format_args!("and"), parts),
        ExprKind::Or(parts) => all(format_args!("or"), parts),
        _ => false,
    }
}

/// Whether an expression gives the same on the same input: not so if it asks for the time or for chance.
fn is_constant(text: &str) -> bool {
    !["$now", "$millis", "$random", "$uuid", "$shuffle"].iter().any(|name| text.contains(name))
}
