//! Expressions of generated programs.

use wfc_cir::{CompareOp, Doc, Expr, ExprKind, NodeId, Origin, Root, TypeTest};
use wfc_expr::{cond, jsonpath, Value};

use super::Maker;

/// The kind of field an expression stands in, by the documents it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Only Raw.
    When,
    /// Raw and Input.
    Work,
    /// And the item.
    Item,
    /// And Args and Result.
    Round,
    /// Raw, Input and Error.
    Error,
}

impl Slot {
    fn roots(self) -> &'static [Root] {
        match self {
            Slot::When => &[Root::Raw],
            Slot::Work => &[Root::Raw, Root::Input],
            Slot::Item => &[Root::Raw, Root::Input, Root::Item, Root::Item],
            // Args do not exist after a failure that was passed over, so they are read seldom.
            Slot::Round => &[Root::Raw, Root::Input, Root::Result, Root::Result, Root::Result],
            Slot::Error => &[Root::Raw, Root::Error, Root::Error],
        }
    }
}

pub(super) fn literal(value: Value) -> Expr {
    Expr::literal(value, Origin::default())
}

fn expr(kind: ExprKind) -> Expr {
    Expr::new(kind, Origin::default())
}

impl Maker {
    /// Any value.
    pub(super) fn value(&mut self, node: NodeId, slot: Slot) -> Expr {
        match self.random.below(17) {
            0..=4 => self.object(node, slot),
            5..=6 => self.small_value(node, slot),
            7 => {
                let items = (0..self.random.below(3)).map(|_| self.small_value(node, slot)).collect();
                expr(ExprKind::Array(items))
            }
            8..=10 => self.put(node, slot),
            11 => self.path(slot),
            12 => self.condition(node, slot),
            _ => self.root(slot),
        }
    }

    /// An object with the members that paths look for.
    fn object(&mut self, node: NodeId, slot: Slot) -> Expr {
        let list = (0..self.random.below(3) as i64).map(Value::from).collect();
        let mut fields = vec![("a", self.small_value(node, slot)), ("list", literal(list))];
        if self.random.one_in(2) {
            fields.push(("got", self.root(slot)));
        }
        if self.random.one_in(2) {
            fields.push(("flag", literal(Value::Bool(self.random.one_in(2)))));
        }
        expr(ExprKind::Object(fields.into_iter().map(|(name, value)| (name.into(), value)).collect()))
    }

    fn put(&mut self, node: NodeId, slot: Slot) -> Expr {
        let into = match self.random.one_in(3) {
            true => expr(ExprKind::Root(Root::Raw)),
            false => self.object(node, slot),
        };
        let at = path(self.random.pick(&["$.a", "$.got", "$.got.deep", "$.list[0]", "$"]));
        let value = self.small_value(node, slot);
        expr(ExprKind::Put { into: Box::new(into), at: Box::new(at), value: Box::new(value) })
    }

    /// A value without parts.
    fn small_value(&mut self, node: NodeId, slot: Slot) -> Expr {
        match self.random.below(12) {
            0 => self.path(slot),
            1..=3 => self.out(node),
            4 => self.variable(),
            5 => literal(Value::Null),
            6 => literal(Value::from("text")),
            7 => literal(Value::Bool(self.random.one_in(2))),
            8 => path_from(Root::Context, "$.Execution.Input"),
            _ => literal(Value::from(self.random.below(4) as i64)),
        }
    }

    /// Mostly as a path, which says what a variable without a value means.
    fn variable(&mut self) -> Expr {
        let name = self.random.pick(&["x", "y"]);
        match self.random.one_in(4) {
            true => expr(ExprKind::Var(name.into())),
            false => path_from(Root::Raw, &format!("${name}")),
        }
    }

    fn root(&mut self, slot: Slot) -> Expr {
        expr(ExprKind::Root(self.random.pick(slot.roots())))
    }

    fn path(&mut self, slot: Slot) -> Expr {
        let text = match slot {
            // Causes are in words that every runtime chooses for itself.
            Slot::Error => "$.Error",
            _ => self.random.pick(&["$.a", "$.a", "$.list", "$.got", "$.got.count", "$.list[0]", "$.list[-1]"]),
        };
        let root = if slot == Slot::Error { Root::Error } else { self.random.pick(slot.roots()) };
        path_from(root, text)
    }

    /// Mostly an array.
    pub(super) fn list(&mut self, node: NodeId) -> Expr {
        match self.random.below(6) {
            0 => path_from(Root::Raw, "$.list"),
            1 => self.small_value(node, Slot::Work),
            _ => {
                let items = (0..self.random.below(4)).map(|_| self.small_value(node, Slot::Work)).collect();
                expr(ExprKind::Array(items))
            }
        }
    }

    /// The output of a node of the same flow.
    fn out(&mut self, reader: NodeId) -> Expr {
        expr(ExprKind::Out(self.some_node(reader)))
    }

    fn some_node(&mut self, reader: NodeId) -> NodeId {
        let flow = self.module.flow_of(self.module.nodes[reader].region);
        let nodes = self.module.nodes.iter().map(|(id, node)| (id, node.region));
        let nodes: Vec<NodeId> = nodes.filter(|(_, r)| self.module.flow_of(*r) == flow).map(|(id, _)| id).collect();
        self.random.pick(&nodes)
    }

    /// Mostly something that is true or false.
    pub(super) fn condition(&mut self, node: NodeId, slot: Slot) -> Expr {
        match self.random.below(14) {
            0..=2 => literal(Value::Bool(true)),
            3..=4 => literal(Value::Bool(false)),
            5 => self.comparison(node, slot),
            6..=7 => self.test(node, slot),
            8 => expr(ExprKind::And(self.conditions(node, slot))),
            9 => expr(ExprKind::Or(self.conditions(node, slot))),
            10 => expr(ExprKind::Not(Box::new(self.condition(node, slot)))),
            11..=12 => self.dotted(node),
            _ => self.out(node),
        }
    }

    fn conditions(&mut self, node: NodeId, slot: Slot) -> Vec<Expr> {
        (0..self.random.below(3)).map(|_| self.condition(node, slot)).collect()
    }

    fn comparison(&mut self, node: NodeId, slot: Slot) -> Expr {
        let op = self.random.pick(&[
            CompareOp::NumericEquals,
            CompareOp::NumericLess,
            CompareOp::NumericGreaterEquals,
            CompareOp::StringEquals,
            CompareOp::StringGreater,
            CompareOp::StringMatches,
            CompareOp::BooleanEquals,
            CompareOp::TimestampLessEquals,
        ]);
        let left = if self.random.one_in(3) { self.path(slot) } else { self.small_value(node, slot) };
        let right = match op {
            CompareOp::StringMatches => literal(Value::from("t*t")),
            CompareOp::TimestampLessEquals => literal(Value::from("2024-02-29T12:00:00.5+01:00")),
            _ => self.small_value(node, slot),
        };
        expr(ExprKind::Compare { left: Box::new(left), op, right: Box::new(right) })
    }

    fn test(&mut self, node: NodeId, slot: Slot) -> Expr {
        let test = self.random.pick(&[
            TypeTest::Present,
            TypeTest::Present,
            TypeTest::Present,
            TypeTest::Null,
            TypeTest::Boolean,
            TypeTest::Numeric,
            TypeTest::String,
            TypeTest::Timestamp,
        ]);
        let left = if self.random.one_in(2) { self.path(slot) } else { self.small_value(node, slot) };
        expr(ExprKind::Is { left: Box::new(left), test, want: !self.random.one_in(4) })
    }

    fn dotted(&mut self, reader: NodeId) -> Expr {
        let negated = if self.random.one_in(3) { "!" } else { "" };
        let member = self.random.pick(&["", ".passed", ".count", ".got"]);
        if self.random.one_in(3) {
            let cond = cond::parse(&format!("{negated}input{}", if member.is_empty() { ".a" } else { member }));
            return expr(ExprKind::Dotted { cond: Box::new(cond.expect("a condition")), out: None });
        }
        let node = self.some_node(reader);
        let name = self.module.nodes[node].name();
        let cond = cond::parse(&format!("{negated}{name}{member}")).expect("a condition");
        expr(ExprKind::Dotted { cond: Box::new(cond), out: Some(node) })
    }
}

fn path(text: &str) -> jsonpath::Path {
    jsonpath::parse(text).expect("a path")
}

fn path_from(root: Root, text: &str) -> Expr {
    expr(ExprKind::Path { doc: Doc::Root(root), path: Box::new(path(text)) })
}
