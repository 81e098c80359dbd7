//! Expressions, parts first.

use std::sync::Arc;

use wfc_cir::{self as cir, Doc, Expr, ExprKind, Origin};
use wfc_expr::jsonpath;
use wfc_plan::{self as plan, ExprIx, Lang, Source};

use crate::Emitter;

/// How deep expressions may nest in a plan.
const MAX_DEPTH: u32 = 500;

impl Emitter<'_> {
    pub(crate) fn maybe_expr(&mut self, expr: &Option<Expr>) -> Option<ExprIx> {
        expr.as_ref().map(|expr| self.expr(expr))
    }

    pub(crate) fn expr(&mut self, expr: &Expr) -> ExprIx {
        self.nested(expr, 0)
    }

    fn nested(&mut self, expr: &Expr, depth: u32) -> ExprIx {
        if depth == MAX_DEPTH {
            self.refuse(&expr.origin, format!("an expression that nests deeper than {MAX_DEPTH} levels"));
            return ExprIx::default();
        }
        match self.kind(&expr.kind, &expr.origin, depth + 1) {
            Some(kind) => {
                let site = self.site(&expr.origin);
                let ix = ExprIx::next(self.exprs.len());
                self.exprs.push(plan::Expr { kind, site });
                ix
            }
            None => ExprIx::default(),
        }
    }

    /// `None` for what was refused.
    fn kind(&mut self, kind: &ExprKind, origin: &Origin, depth: u32) -> Option<plan::ExprKind> {
        use plan::ExprKind as K;
        Some(match kind {
            ExprKind::Literal(value) => K::Value(value.clone()),
            ExprKind::Root(from) => K::Root(root(*from)),
            ExprKind::Path { doc, path } => {
                let doc = Some(self.document(doc, depth));
                K::Source(Source { lang: Lang::JsonPath, text: path.to_string().into(), doc, out: None })
            }
            ExprKind::Dotted { cond, out } => {
                let out = out.map(|out| self.nodes[&out]);
                K::Source(Source { lang: Lang::Dotted, text: cond.to_string().into(), doc: None, out })
            }
            ExprKind::Object(fields) => {
                K::Object(fields.iter().map(|(name, e)| (Arc::clone(name), self.nested(e, depth))).collect())
            }
            ExprKind::Array(items) => K::Array(self.all(items, depth)),
            ExprKind::Put { into, at, value } => {
                self.plain(at, origin)?;
                let (into, value) = (self.nested(into, depth), self.nested(value, depth));
                K::Put { into, at: at.to_string().into(), value }
            }
            ExprKind::Compare { left, op, right } => {
                K::Compare { left: self.nested(left, depth), op: compare(*op), right: self.nested(right, depth) }
            }
            ExprKind::Is { left, test, want } => {
                K::Is { left: self.nested(left, depth), test: test_of(*test), want: *want }
            }
            ExprKind::And(parts) => K::And(self.all(parts, depth)),
            ExprKind::Or(parts) => K::Or(self.all(parts, depth)),
            ExprKind::Not(inner) => K::Not(self.nested(inner, depth)),
            ExprKind::Out(node) => K::Out(self.nodes[node]),
            ExprKind::Var(name) => K::Var(Arc::clone(name)),
            ExprKind::Intrinsic { doc, call } => {
                let doc = Some(self.document(doc, depth));
                K::Source(Source { lang: Lang::Intrinsic, text: call.to_string().into(), doc, out: None })
            }
            ExprKind::Jsonata { text, .. } => {
                K::Source(Source { lang: Lang::Jsonata, text: Arc::clone(text), doc: None, out: None })
            }
            ExprKind::Secret(name) => return self.refused(origin, &format!("the secret '{name}'")),
            ExprKind::Opaque { lang, text } => return self.refused(origin, &unread(*lang, text)),
        })
    }

    fn refused<T>(&mut self, origin: &Origin, what: &str) -> Option<T> {
        self.refuse(origin, what);
        None
    }

    fn all(&mut self, parts: &[Expr], depth: u32) -> Vec<ExprIx> {
        parts.iter().map(|part| self.nested(part, depth)).collect()
    }

    /// What `$` means.
    fn document(&mut self, doc: &Doc, depth: u32) -> ExprIx {
        match doc {
            Doc::Root(from) => self.nested(&Expr::root(*from), depth),
            Doc::Expr(inner) => self.nested(inner, depth),
        }
    }

    /// Refuses places that are not named by names and single indices alone.
    fn plain(&mut self, path: &jsonpath::Path, origin: &Origin) -> Option<()> {
        if path.is_reference_path() && path.root != jsonpath::Root::Item {
            return Some(());
        }
        self.refused(origin, &format!("the path '{path}' with more than names and single indices"))
    }
}

/// A text that was kept because nobody could read it, as the subject of a sentence.
fn unread(lang: cir::Lang, text: &str) -> String {
    if text.contains("${") {
        return format!("the placeholder in '{text}', which has no value (give it one with --set),");
    }
    let what = match lang {
        cir::Lang::JsonPath => "JSONPath",
        cir::Lang::Intrinsic => "an intrinsic function",
        cir::Lang::Jsonata => "JSONata",
        cir::Lang::Dotted => "a dotted path",
        cir::Lang::Text => "text",
    };
    format!("'{text}', which could not be read as {what},")
}

fn root(root: cir::Root) -> plan::Root {
    match root {
        cir::Root::Raw => plan::Root::Raw,
        cir::Root::Input => plan::Root::Input,
        cir::Root::Args => plan::Root::Args,
        cir::Root::Result => plan::Root::Result,
        cir::Root::Error => plan::Root::Error,
        cir::Root::Context => plan::Root::Context,
        cir::Root::Item => plan::Root::Item,
    }
}

fn test_of(test: cir::TypeTest) -> plan::TypeTest {
    match test {
        cir::TypeTest::Present => plan::TypeTest::Present,
        cir::TypeTest::Null => plan::TypeTest::Null,
        cir::TypeTest::Boolean => plan::TypeTest::Boolean,
        cir::TypeTest::Numeric => plan::TypeTest::Numeric,
        cir::TypeTest::String => plan::TypeTest::String,
        cir::TypeTest::Timestamp => plan::TypeTest::Timestamp,
    }
}

fn compare(op: cir::CompareOp) -> plan::CompareOp {
    use cir::CompareOp as C;
    use plan::CompareOp as P;
    match op {
        C::BooleanEquals => P::BooleanEquals,
        C::NumericEquals => P::NumericEquals,
        C::NumericLess => P::NumericLess,
        C::NumericLessEquals => P::NumericLessEquals,
        C::NumericGreater => P::NumericGreater,
        C::NumericGreaterEquals => P::NumericGreaterEquals,
        C::StringEquals => P::StringEquals,
        C::StringLess => P::StringLess,
        C::StringLessEquals => P::StringLessEquals,
        C::StringGreater => P::StringGreater,
        C::StringGreaterEquals => P::StringGreaterEquals,
        C::StringMatches => P::StringMatches,
        C::TimestampEquals => P::TimestampEquals,
        C::TimestampLess => P::TimestampLess,
        C::TimestampLessEquals => P::TimestampLessEquals,
        C::TimestampGreater => P::TimestampGreater,
        C::TimestampGreaterEquals => P::TimestampGreaterEquals,
    }
}
