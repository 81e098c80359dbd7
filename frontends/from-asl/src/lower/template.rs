//! Values in which something may be computed, built with an explicit stack: depth costs memory, never call depth.

use std::sync::Arc;

use wfc_cir::{Expr, ExprKind, Lang, Origin};
use wfc_expr::value::Number;
use wfc_expr::Value;
use wfc_source::{Items, Kind, Member, Members, Node};

use crate::placeholder::is_bare;

/// What decides which parts of a value are computed.
pub(super) trait Computes<'t> {
    /// A member of the object `object`, if what stands behind its key is computed.
    fn member(&mut self, object: Node<'t>, member: Member<'t>) -> Option<(Arc<str>, Expr)>;

    /// A value that is no container.
    fn leaf(&mut self, node: Node<'t>) -> Expr;
}

/// A container that is not complete yet.
enum Open<'t> {
    /// The name belongs to the member that comes next.
    Object {
        node: Node<'t>,
        rest: Members<'t>,
        done: Vec<(Arc<str>, Expr)>,
        name: Arc<str>,
    },
    Array {
        node: Node<'t>,
        rest: Items<'t>,
        done: Vec<Expr>,
    },
}

/// The expression that builds the value. A container of which nothing is computed is a literal.
pub(super) fn template<'t>(node: Node<'t>, computes: &mut impl Computes<'t>) -> Expr {
    let mut open: Vec<Open<'t>> = Vec::new();
    let mut at = node;
    loop {
        let mut done = match Open::of(at) {
            Some(container) => {
                open.push(container);
                None
            }
            None => Some(computes.leaf(at)),
        };
        // Whatever is complete goes into the container around it, until one has a part that is still to be read.
        at = loop {
            let Some(mut container) = open.pop() else { return done.unwrap_or_else(|| literal(node)) };
            if let Some(part) = done.take() {
                container.add(part);
            }
            match container.next(computes) {
                Some(next) => {
                    open.push(container);
                    break next;
                }
                None => done = Some(container.finish()),
            }
        };
    }
}

impl<'t> Open<'t> {
    fn of(node: Node<'t>) -> Option<Self> {
        match node.kind() {
            Kind::Object => Some(Open::Object { node, rest: node.members(), done: Vec::new(), name: Arc::default() }),
            Kind::Array => Some(Open::Array { node, rest: node.items(), done: Vec::new() }),
            _ => None,
        }
    }

    fn add(&mut self, part: Expr) {
        match self {
            Open::Object { done, name, .. } => done.push((std::mem::take(name), part)),
            Open::Array { done, .. } => done.push(part),
        }
    }

    /// The next part that is to be read; computed members are added on the way.
    fn next(&mut self, computes: &mut impl Computes<'t>) -> Option<Node<'t>> {
        match self {
            Open::Array { rest, .. } => rest.next(),
            Open::Object { node, rest, done, name } => loop {
                let member = rest.next()?;
                match computes.member(*node, member) {
                    Some(computed) => done.push(computed),
                    None => {
                        *name = member.name().into();
                        return Some(member.value);
                    }
                }
            },
        }
    }

    fn finish(self) -> Expr {
        let is_literal = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(_));
        let (kind, node) = match self {
            Open::Object { node, done, .. } if done.iter().all(|(_, value)| is_literal(value)) => {
                let members = done.into_iter().filter_map(|(name, value)| Some((name, into_literal(value)?)));
                (ExprKind::Literal(members.collect()), node)
            }
            Open::Array { node, done, .. } if done.iter().all(is_literal) => {
                (ExprKind::Literal(done.into_iter().filter_map(into_literal).collect()), node)
            }
            Open::Object { node, done, .. } => (ExprKind::Object(done), node),
            Open::Array { node, done, .. } => (ExprKind::Array(done), node),
        };
        Expr::new(kind, Origin::at(node.span()))
    }
}

fn into_literal(expr: Expr) -> Option<Value> {
    match expr.kind {
        ExprKind::Literal(value) => Some(value),
        _ => None,
    }
}

/// Computes nothing; nobody knows what a placeholder without quotes will be.
struct Plain;

impl<'t> Computes<'t> for Plain {
    fn member(&mut self, _: Node<'t>, _: Member<'t>) -> Option<(Arc<str>, Expr)> {
        None
    }

    fn leaf(&mut self, node: Node<'t>) -> Expr {
        match is_bare(node) {
            true => Expr::new(ExprKind::Opaque { lang: Lang::Text, text: node.text().into() }, Origin::at(node.span())),
            false => Expr::literal(scalar(node), Origin::at(node.span())),
        }
    }
}

/// A value as it is written.
struct Written;

impl<'t> Computes<'t> for Written {
    fn member(&mut self, _: Node<'t>, _: Member<'t>) -> Option<(Arc<str>, Expr)> {
        None
    }

    fn leaf(&mut self, node: Node<'t>) -> Expr {
        Expr::literal(scalar(node), Origin::at(node.span()))
    }
}

/// A value as it stands.
pub(super) fn literal(node: Node<'_>) -> Expr {
    template(node, &mut Plain)
}

/// The JSON value of a node; what could not be read is `null`.
pub(super) fn value(node: Node<'_>) -> Value {
    into_literal(template(node, &mut Written)).unwrap_or_default()
}

/// The value of a node that is no container.
fn scalar(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Bool(value) => Value::from(value),
        Kind::Number => Number::from_text(node.text()).map_or(Value::Null, Value::from),
        Kind::String => Value::from(node.text()),
        _ => Value::Null,
    }
}
