//! Expressions as text: on one line where they fit, else one field or element to a line.

use std::sync::Arc;

use wfc_expr::value::quoted;
use wfc_expr::Value;

use super::print::name;
use super::words::{self, word};
use crate::{Doc, Expr, ExprKind, Lang, Module, NodeId};

/// How wide lines get where there is a choice.
pub(super) const WIDTH: usize = 110;

/// Prints an expression on one line.
pub fn print_expr(module: &Module, expr: &Expr) -> String {
    let mut flat = Flat { module, out: String::new(), room: usize::MAX };
    // There is room for everything.
    let _ = flat.expr(expr);
    flat.out
}

/// Prints an expression to `out`; lines behind the first are indented by `depth` and one more.
pub(super) fn write_expr(out: &mut String, module: &Module, expr: &Expr, depth: usize, room: usize) {
    let mut flat = Flat { module, out: String::new(), room };
    let fits = flat.expr(expr).is_some();
    match &expr.kind {
        _ if fits => out.push_str(&flat.out),
        ExprKind::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| (format!("{}: ", quoted(key)), value));
            write_broken(out, module, fields, ('{', '}'), depth);
        }
        ExprKind::Array(items) => {
            write_broken(out, module, items.iter().map(|item| (String::new(), item)), ('[', ']'), depth);
        }
        ExprKind::And(items) | ExprKind::Or(items) => {
            out.push_str(if matches!(expr.kind, ExprKind::And(_)) { "and" } else { "or" });
            write_broken(out, module, items.iter().map(|item| (String::new(), item)), ('(', ')'), depth);
        }
        _ => out.push_str(&print_expr(module, expr)),
    }
}

fn write_broken<'e>(
    out: &mut String,
    module: &Module,
    items: impl Iterator<Item = (String, &'e Expr)>,
    (open, close): (char, char),
    depth: usize,
) {
    let indent = |depth: usize| format!("\n{}", "  ".repeat(depth.min(40)));
    out.push(open);
    for (at, (head, item)) in items.enumerate() {
        out.push_str(if at > 0 { "," } else { "" });
        out.push_str(&indent(depth + 1));
        out.push_str(&head);
        let used = 2 * (depth + 1).min(40) + head.len();
        write_expr(out, module, item, depth + 1, WIDTH.saturating_sub(used));
    }
    out.push_str(&indent(depth));
    out.push(close);
}

pub(super) fn key(module: &Module, id: NodeId) -> String {
    module.nodes.get(id).map_or_else(|| quoted(&format!("{id:?}")), |node| name(node.key.as_str()))
}

/// Writes on one line and gives up, with `None`, once `room` is used: so breaking nested expressions over lines costs
/// no more than their size times the width.
struct Flat<'m> {
    module: &'m Module,
    out: String,
    room: usize,
}

impl Flat<'_> {
    fn push(&mut self, text: &str) -> Option<()> {
        self.out.push_str(text);
        (self.out.len() <= self.room).then_some(())
    }

    fn expr(&mut self, expr: &Expr) -> Option<()> {
        match &expr.kind {
            ExprKind::Literal(value) => self.literal(value),
            ExprKind::Root(root) => self.push(word(words::ROOTS, root)),
            ExprKind::Path { doc, path } => self.lang(Lang::JsonPath, &path.to_string(), Some(doc)),
            ExprKind::Intrinsic { doc, call } => self.lang(Lang::Intrinsic, &call.to_string(), Some(doc)),
            ExprKind::Jsonata { text, .. } => self.lang(Lang::Jsonata, text, None),
            ExprKind::Dotted { cond, out } => {
                self.lang(Lang::Dotted, &cond.to_string(), None)?;
                out.map_or(Some(()), |node| {
                    let key = key(self.module, node);
                    self.push(&format!(" of out({key})"))
                })
            }
            ExprKind::Object(fields) => self.object(fields),
            ExprKind::Array(items) => self.list("[", items, "]"),
            ExprKind::Put { into, at, value } => {
                self.push("put(")?;
                self.expr(into)?;
                self.push(&format!(", path{}, ", quoted(&at.to_string())))?;
                self.expr(value)?;
                self.push(")")
            }
            ExprKind::Compare { left, op, right } => {
                self.push(word(words::COMPARES, op))?;
                self.push("(")?;
                self.expr(left)?;
                self.push(", ")?;
                self.expr(right)?;
                self.push(")")
            }
            ExprKind::Is { left, test, want } => {
                self.push(if *want { "is(" } else { "is_not(" })?;
                self.expr(left)?;
                self.push(&format!(", {})", word(words::TESTS, test)))
            }
            ExprKind::And(items) => self.list("and(", items, ")"),
            ExprKind::Or(items) => self.list("or(", items, ")"),
            ExprKind::Not(inner) => self.list("not(", std::slice::from_ref(inner), ")"),
            ExprKind::Out(node) => self.push(&format!("out({})", key(self.module, *node))),
            ExprKind::Var(var) => self.push(&format!("var({})", name(var))),
            ExprKind::Secret(secret) => self.push(&format!("secret({})", name(secret))),
            ExprKind::Opaque { lang, text } => {
                self.push(&format!("opaque({}, {})", word(words::LANGS, lang), quoted(text)))
            }
        }
    }

    fn lang(&mut self, lang: Lang, text: &str, doc: Option<&Doc>) -> Option<()> {
        self.push(word(words::LANGS, &lang))?;
        self.push(&quoted(text))?;
        match doc {
            None => Some(()),
            Some(Doc::Root(root)) => self.push(&format!(" of {}", word(words::ROOTS, root))),
            // The parentheses tell a document that is itself an expression from the plain document.
            Some(Doc::Expr(inner)) if matches!(inner.kind, ExprKind::Root(_)) => {
                self.push(" of (")?;
                self.expr(inner)?;
                self.push(")")
            }
            Some(Doc::Expr(inner)) => {
                self.push(" of ")?;
                self.expr(inner)
            }
        }
    }

    /// Containers are marked, so that they differ from computed ones.
    fn literal(&mut self, value: &Value) -> Option<()> {
        let json = value.to_json();
        if matches!(value, Value::Array(_) | Value::Object(_)) {
            self.push("json")?;
        }
        self.push(&json)
    }

    fn object(&mut self, fields: &[(Arc<str>, Expr)]) -> Option<()> {
        self.push("{")?;
        for (at, (key, value)) in fields.iter().enumerate() {
            self.push(if at > 0 { ", " } else { "" })?;
            self.push(&format!("{}: ", quoted(key)))?;
            self.expr(value)?;
        }
        self.push("}")
    }

    fn list<E: std::borrow::Borrow<Expr>>(&mut self, open: &str, items: &[E], close: &str) -> Option<()> {
        self.push(open)?;
        for (at, item) in items.iter().enumerate() {
            self.push(if at > 0 { ", " } else { "" })?;
            self.expr(item.borrow())?;
        }
        self.push(close)
    }
}
