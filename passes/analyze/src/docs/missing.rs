//! Places that an expression reads and that are certainly not there.

use wfc_cir::{Doc, Expr, ExprKind, Origin, Type, TypeTest};
use wfc_diag::{Span, TextRange};
use wfc_expr::intrinsic::{ArgKind, Call};
use wfc_expr::jsonata::Ast;
use wfc_expr::jsonpath::{self, Path, SegmentKind};

use super::eval::{base, step};
use super::{jsonata, split, Env};

/// How many levels of an expression are looked into.
const MAX_DEPTH: usize = 128;

/// A place that is certainly not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The step that leads nowhere, as written: a name, or an index in brackets.
    pub step: String,
    /// Where that step is written.
    pub span: Option<Span>,
    /// What is known of the value it was to lead into.
    pub known: Type,
    /// Whether it is part of the context object.
    pub in_context: bool,
}

/// Calls `found` for every place that `expr` certainly fails to read.
pub fn missing(expr: &Expr, env: &Env<'_>, found: &mut dyn FnMut(Missing)) {
    if !env.is_dead() {
        missing_at(expr, env, found, 0);
    }
}

fn missing_at(expr: &Expr, env: &Env<'_>, found: &mut dyn FnMut(Missing), depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut inner = |expr: &Expr| missing_at(expr, env, found, depth + 1);
    match &expr.kind {
        ExprKind::Path { doc, path } => {
            in_doc(doc, &mut inner);
            found_in_path(path, &base(path, doc, env), &expr.origin, found);
        }
        ExprKind::Intrinsic { doc, call } => {
            in_doc(doc, &mut inner);
            in_call(call, doc, expr, env, found);
        }
        ExprKind::Jsonata { ast, .. } => in_jsonata(ast, &expr.origin, env, found),
        ExprKind::Object(members) => members.iter().for_each(|(_, value)| inner(value)),
        ExprKind::Array(items) => items.iter().for_each(inner),
        ExprKind::Put { into, value, .. } => {
            inner(into);
            inner(value);
        }
        ExprKind::Compare { .. } | ExprKind::Is { .. } | ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_) => {
            split(expr, env, &mut |test, env, _, _| in_test(test, env, found, depth + 1));
        }
        _ => {}
    }
}

/// As [`missing`] for a test that [`split`] shows: it sees only what the tests before it let through.
pub fn missing_in_test(test: &Expr, env: &Env<'_>, found: &mut dyn FnMut(Missing)) {
    in_test(test, env, found, 0);
}

fn in_test(test: &Expr, env: &Env<'_>, found: &mut dyn FnMut(Missing), depth: usize) {
    match &test.kind {
        ExprKind::Is { test: TypeTest::Present, .. } => {}
        ExprKind::Is { left, .. } => missing_at(left, env, found, depth),
        ExprKind::Compare { left, right, .. } => {
            missing_at(left, env, found, depth);
            missing_at(right, env, found, depth);
        }
        _ => missing_at(test, env, found, depth),
    }
}

fn in_doc(doc: &Doc, inner: &mut dyn FnMut(&Expr)) {
    if let Doc::Expr(expr) = doc {
        inner(expr);
    }
}

fn in_call(call: &Call, doc: &Doc, expr: &Expr, env: &Env<'_>, found: &mut dyn FnMut(Missing)) {
    for arg in &call.args {
        match &arg.kind {
            ArgKind::Path(path) => found_in_path(path, &base(path, doc, env), &expr.origin, found),
            ArgKind::Call(call) => in_call(call, doc, expr, env, found),
            _ => {}
        }
    }
}

fn found_in_path(path: &Path, from: &Type, origin: &Origin, found: &mut dyn FnMut(Missing)) {
    let calls = matches!(path.segments.last().map(|segment| &segment.kind), Some(SegmentKind::Call(_)));
    if calls || !path.definite() || from.is_never() {
        return;
    }
    let mut known = from.clone();
    for segment in &path.segments {
        let next = step(&known, &segment.kind);
        if next.is_never() {
            let step = match &segment.kind {
                SegmentKind::Member(name) => name.to_string(),
                SegmentKind::Index(index) => format!("[{index}]"),
                _ => path.to_string(),
            };
            let span = origin.locate(segment.range);
            return found(Missing { step, span, known, in_context: path.root == jsonpath::Root::Context });
        }
        known = next;
    }
}

fn in_jsonata(ast: &Ast, origin: &Origin, env: &Env<'_>, found: &mut dyn FnMut(Missing)) {
    let Some((member, known)) = jsonata::chain(ast, ast.root(), env).1 else { return };
    let range: TextRange = ast.range(member);
    let step = jsonata::name(ast, member).unwrap_or_default().to_string();
    let in_context = jsonata::reads_context(ast);
    found(Missing { step, span: origin.locate(range), known, in_context });
}
