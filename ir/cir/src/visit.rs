//! Every expression of a module with the field it stands in, and the documents that exist there.

use crate::{Edge, Expr, Flow, ForEach, Node, NodeKind, On, Policy, Root, Transfer, WaitFor};

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

impl Flow {
    /// Calls `visit` on every outermost expression of the flow itself, not of its body.
    pub fn exprs<'m>(&'m self, visit: &mut dyn FnMut(Slot, &'m Expr)) {
        self.timeout.iter().for_each(|e| visit(Slot::Flow, e));
    }
}

impl Edge {
    /// Calls `visit` on every outermost expression of the edge.
    pub fn exprs<'m>(&'m self, visit: &mut dyn FnMut(Slot, &'m Expr)) {
        self.transfer.exprs(&mut |e| visit(Slot::Transfer(self.on), e));
    }
}

impl Transfer {
    /// Calls `visit` on every outermost expression.
    pub fn exprs<'m>(&'m self, visit: &mut dyn FnMut(&'m Expr)) {
        self.assign.iter().map(|(_, value)| value).chain(&self.out).for_each(visit);
    }

    /// Whether it does nothing.
    pub fn is_plain(&self) -> bool {
        self.assign.is_empty() && self.out.is_none()
    }
}

impl Policy {
    /// Calls `visit` on every outermost expression.
    pub fn exprs<'m>(&'m self, visit: &mut dyn FnMut(&'m Expr)) {
        let one = [&self.timeout, &self.heartbeat, &self.total_timeout, &self.approval];
        one.into_iter().flatten().chain(&self.constraints).for_each(visit);
    }
}

impl Node {
    /// Calls `visit` on every outermost expression of the node itself, not of the regions inside or the edges out.
    pub fn exprs<'m>(&'m self, visit: &mut dyn FnMut(Slot, &'m Expr)) {
        let args = if matches!(self.kind, NodeKind::ForEach(_)) { Slot::ItemArgs } else { Slot::Args };
        self.when.iter().for_each(|e| visit(Slot::When, e));
        self.io.input.iter().for_each(|e| visit(Slot::Input, e));
        if let Some(policy) = &self.policy {
            policy.exprs(&mut |e| visit(Slot::Policy, e));
        }
        self.kind.exprs(visit);
        self.io.args.iter().for_each(|e| visit(args, e));
        self.io.result.iter().for_each(|e| visit(Slot::Result, e));
        self.end.exprs(&mut |e| visit(Slot::Transfer(On::Done), e));
    }
}

impl NodeKind {
    fn exprs<'m>(&'m self, visit: &mut dyn FnMut(Slot, &'m Expr)) {
        let kind = &mut |e| visit(Slot::Kind, e);
        match self {
            NodeKind::Step(crate::Action::Tool { credentials, .. }) => credentials.iter().for_each(kind),
            NodeKind::Choice { cases } => cases.iter().for_each(kind),
            NodeKind::ForEach(each) => each.exprs(kind),
            NodeKind::Loop(body) => visit(Slot::Round, &body.condition),
            NodeKind::Verify(verify) => verify.checks.iter().for_each(|e| visit(Slot::Round, e)),
            NodeKind::Wait(WaitFor::Seconds(e) | WaitFor::Timestamp(e)) => kind(e),
            NodeKind::Raise { error, cause } => error.iter().chain(cause).for_each(kind),
            _ => {}
        }
    }
}

impl ForEach {
    fn exprs<'m>(&'m self, visit: &mut dyn FnMut(&'m Expr)) {
        self.items.iter().for_each(&mut *visit);
        if let Some(reader) = &self.reader {
            reader.args.iter().chain(reader.config.iter().map(|(_, e)| e)).for_each(&mut *visit);
        }
        if let Some(batch) = &self.batch {
            [&batch.max_items, &batch.max_bytes, &batch.input].into_iter().flatten().for_each(&mut *visit);
        }
        self.concurrency.iter().chain(&self.tolerate.count).chain(&self.tolerate.percent).for_each(&mut *visit);
        if let Some(writer) = &self.writer {
            writer.args.iter().chain(writer.config.iter().map(|(_, e)| e)).for_each(visit);
        }
    }
}

impl crate::Module {
    /// Calls `visit` on every outermost expression of the module.
    pub fn exprs<'m>(&'m self, visit: &mut dyn FnMut(Slot, &'m Expr)) {
        self.flows.iter().for_each(|(_, flow)| flow.exprs(visit));
        self.nodes.iter().for_each(|(_, node)| node.exprs(visit));
        self.edges.iter().for_each(|(_, edge)| edge.exprs(visit));
    }
}
