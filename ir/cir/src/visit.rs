//! Every expression of a module with the field it stands in, and the documents that exist there.

use crate::{
    Action, Batch, Doc, Edge, Expr, ExprKind, Flow, ForEach, Module, Node, NodeKind, On, Policy, Root, Tolerate,
    Transfer, WaitFor,
};

/// The kinds of field an expression can stand in, one for each row of the phase table in [`crate::meaning`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A field of a flow.
    Flow,
    /// `Node::when`
    When,
    /// `Io::input`
    Input,
    /// A field of the policy.
    Policy,
    /// A field of the node's kind.
    Kind,
    /// The condition of a loop, a check of a verification.
    Round,
    /// `Io::args`
    Args,
    /// `Io::args` of a `ForEach`.
    ItemArgs,
    /// `Io::result`
    Result,
    /// The transfer of an edge; of `Done` also for `Node::end`.
    Transfer(On),
}

impl Slot {
    /// The documents an expression in this field can read. The context can be read everywhere.
    pub fn documents(self) -> &'static [Root] {
        match self {
            Slot::Flow | Slot::When | Slot::Input | Slot::Transfer(On::Settled) => &[Root::Raw, Root::Context],
            Slot::Policy | Slot::Kind | Slot::Args => &[Root::Raw, Root::Input, Root::Context],
            Slot::ItemArgs => &[Root::Raw, Root::Input, Root::Item, Root::Context],
            Slot::Transfer(On::Error(_)) => &[Root::Raw, Root::Input, Root::Error, Root::Context],
            Slot::Round | Slot::Result | Slot::Transfer(_) => {
                &[Root::Raw, Root::Input, Root::Args, Root::Result, Root::Context]
            }
        }
    }
}

/// The same walk for looking and for changing: `$mut` is `mut` or nothing.
macro_rules! visitors {
    ($exprs:ident, $walk:ident, $iter:ident $(, $mut:tt)?) => {
        impl Module {
            /// Calls `visit` on every outermost expression of the module.
            pub fn $exprs<'m>(&'m $($mut)? self, visit: &mut dyn FnMut(Slot, &'m $($mut)? Expr)) {
                self.flows.$iter().for_each(|(_, flow)| flow.$exprs(visit));
                self.nodes.$iter().for_each(|(_, node)| node.$exprs(visit));
                self.edges.$iter().for_each(|(_, edge)| edge.$exprs(visit));
            }
        }

        impl Flow {
            /// Calls `visit` on every outermost expression of the flow itself, not of its body.
            pub fn $exprs<'m>(&'m $($mut)? self, visit: &mut dyn FnMut(Slot, &'m $($mut)? Expr)) {
                self.timeout.$iter().for_each(|e| visit(Slot::Flow, e));
            }
        }

        impl Edge {
            /// Calls `visit` on every outermost expression of the edge.
            pub fn $exprs<'m>(&'m $($mut)? self, visit: &mut dyn FnMut(Slot, &'m $($mut)? Expr)) {
                let slot = Slot::Transfer(self.on);
                self.transfer.$exprs(&mut |e| visit(slot, e));
            }
        }

        impl Transfer {
            /// Calls `visit` on every outermost expression.
            pub fn $exprs<'m>(&'m $($mut)? self, visit: &mut dyn FnMut(&'m $($mut)? Expr)) {
                self.assign.$iter().map(|(_, value)| value).chain(&$($mut)? self.out).for_each(visit);
            }
        }

        impl Policy {
            /// Calls `visit` on every outermost expression.
            pub fn $exprs<'m>(&'m $($mut)? self, visit: &mut dyn FnMut(&'m $($mut)? Expr)) {
                let Policy { timeout, heartbeat, total_timeout, approval, constraints, .. } = self;
                [timeout, heartbeat, total_timeout, approval].into_iter().flatten().chain(constraints).for_each(visit);
            }
        }

        impl Node {
            /// Calls `visit` on every outermost expression of the node itself, not of the regions inside or the
            /// edges out.
            pub fn $exprs<'m>(&'m $($mut)? self, visit: &mut dyn FnMut(Slot, &'m $($mut)? Expr)) {
                let args = if matches!(self.kind, NodeKind::ForEach(_)) { Slot::ItemArgs } else { Slot::Args };
                self.when.$iter().for_each(|e| visit(Slot::When, e));
                self.io.input.$iter().for_each(|e| visit(Slot::Input, e));
                if let Some(policy) = &$($mut)? self.policy {
                    policy.$exprs(&mut |e| visit(Slot::Policy, e));
                }
                self.kind.$exprs(visit);
                self.io.args.$iter().for_each(|e| visit(args, e));
                self.io.result.$iter().for_each(|e| visit(Slot::Result, e));
                self.end.$exprs(&mut |e| visit(Slot::Transfer(On::Done), e));
            }
        }

        impl NodeKind {
            fn $exprs<'m>(&'m $($mut)? self, visit: &mut dyn FnMut(Slot, &'m $($mut)? Expr)) {
                match self {
                    NodeKind::Loop(body) => return visit(Slot::Round, &$($mut)? body.condition),
                    NodeKind::Verify(verify) => return verify.checks.$iter().for_each(|e| visit(Slot::Round, e)),
                    _ => {}
                }
                let kind = &mut |e| visit(Slot::Kind, e);
                match self {
                    NodeKind::Step(Action::Tool { credentials, .. }) => credentials.$iter().for_each(kind),
                    NodeKind::Choice { cases } => cases.$iter().for_each(kind),
                    NodeKind::ForEach(each) => each.$exprs(kind),
                    NodeKind::Wait(WaitFor::Seconds(e) | WaitFor::Timestamp(e)) => kind(e),
                    NodeKind::Raise { error, cause } => error.$iter().chain(cause).for_each(kind),
                    _ => {}
                }
            }
        }

        impl ForEach {
            fn $exprs<'m>(&'m $($mut)? self, visit: &mut dyn FnMut(&'m $($mut)? Expr)) {
                self.items.$iter().for_each(&mut *visit);
                if let Some(reader) = &$($mut)? self.reader {
                    reader.args.$iter().chain(reader.config.$iter().map(|(_, e)| e)).for_each(&mut *visit);
                }
                if let Some(Batch { max_items, max_bytes, input, .. }) = &$($mut)? self.batch {
                    [max_items, max_bytes, input].into_iter().flatten().for_each(&mut *visit);
                }
                let Tolerate { count, percent } = &$($mut)? self.tolerate;
                self.concurrency.$iter().chain(count).chain(percent).for_each(&mut *visit);
                if let Some(writer) = &$($mut)? self.writer {
                    writer.args.$iter().chain(writer.config.$iter().map(|(_, e)| e)).for_each(visit);
                }
            }
        }

        impl Expr {
            /// Calls `visit` on the expressions directly inside this one.
            pub fn $walk<'m>(&'m $($mut)? self, visit: &mut dyn FnMut(&'m $($mut)? Expr)) {
                match &$($mut)? self.kind {
                    ExprKind::Path { doc: Doc::Expr(inner), .. } | ExprKind::Intrinsic { doc: Doc::Expr(inner), .. } => {
                        visit(inner);
                    }
                    ExprKind::Not(inner) | ExprKind::Is { left: inner, .. } => visit(inner),
                    ExprKind::Object(fields) => fields.$iter().for_each(|(_, e)| visit(e)),
                    ExprKind::Array(items) | ExprKind::And(items) | ExprKind::Or(items) => {
                        items.$iter().for_each(visit);
                    }
                    ExprKind::Put { into: a, value: b, .. } | ExprKind::Compare { left: a, right: b, .. } => {
                        visit(a);
                        visit(b);
                    }
                    _ => {}
                }
            }
        }
    };
}

visitors!(exprs, children, iter);
visitors!(exprs_mut, children_mut, iter_mut, mut);

impl Expr {
    /// Calls `visit` on this expression and every expression inside it, outer first.
    pub fn walk<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        visit(self);
        self.children(&mut |inner| inner.walk(visit));
    }

    /// Calls `visit` on this expression and every expression inside it, outer first.
    pub fn walk_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        visit(self);
        self.children_mut(&mut |inner| inner.walk_mut(visit));
    }
}

impl Transfer {
    /// Whether it does nothing.
    pub fn is_plain(&self) -> bool {
        self.assign.is_empty() && self.out.is_none()
    }
}
