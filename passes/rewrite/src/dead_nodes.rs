//! Removes what no run can come to.
//!
//! In a Seq region that is every node no edge leads to from the entry, with everything in it; before and after:
//!
//! ```text
//! seq entry a {
//!   node a assign { on done -> b; }
//!   node b assign;
//!   node lost scope {               // removed, and `inner` with it
//!     seq entry lost.inner { node lost.inner assign; }
//!     on done -> b;
//!   }
//! }
//!
//! seq entry a {
//!   node a assign { on done -> b; }
//!   node b assign;
//! }
//! ```
//!
//! A node whose output a live expression reads stays, with all that hangs on it: such a read is absent, and what
//! absence means depends on where it stands. In a Dag region every node settles and its neighbours hear of it, so
//! none is dead. A region without an entry is left as it is.

use wfc_cir::{Editor, Expr, ExprKind, Mode, Module, NodeId, RegionId};

use crate::{Changed, Keeps, Pass, PassCx};

pub(crate) const PASS: Pass = Pass {
    name: "dead-nodes",
    summary: "removes nodes that no run can come to",
    keeps: Keeps::History,
    default: true,
    run,
};

fn run(edit: &mut Editor<'_>, _: &PassCx<'_>) -> Changed {
    let live = Live::of(edit.module());
    let dead: Vec<NodeId> = edit.module().nodes.iter().map(|(id, _)| id).filter(|id| !live[id.index()]).collect();
    if dead.is_empty() {
        return Changed::No;
    }
    edit.begin("no way from the start leads to it");
    edit.remove_nodes(&dead);
    edit.commit();
    Changed::Yes
}

/// Finds the nodes that must stay.
struct Live<'m> {
    module: &'m Module,
    /// By node: whether it stays.
    stays: Vec<bool>,
    /// Nodes that stay and have not been looked at.
    work: Vec<NodeId>,
}

impl<'m> Live<'m> {
    fn of(module: &'m Module) -> Vec<bool> {
        let mut live = Live { module, stays: vec![false; module.nodes.slots()], work: Vec::new() };
        for (_, flow) in module.flows.iter() {
            live.enter(flow.body);
            flow.exprs(&mut |_, expr| live.reads(expr));
        }
        while let Some(node) = live.work.pop() {
            live.follow(node);
        }
        live.stays
    }

    fn keep(&mut self, node: NodeId) {
        if !std::mem::replace(&mut self.stays[node.index()], true) {
            self.work.push(node);
        }
    }

    /// Where control comes to when a region is activated.
    fn enter(&mut self, region: RegionId) {
        let region = &self.module.regions[region];
        match region.mode {
            Mode::Seq { entry: Some(entry) } => self.keep(entry),
            Mode::Seq { entry: None } | Mode::Dag { .. } => region.nodes.iter().for_each(|&node| self.keep(node)),
        }
    }

    /// What a node that stays needs.
    fn follow(&mut self, id: NodeId) {
        let module = self.module;
        let node = &module.nodes[id];
        // For a node that stays only because its output is read.
        module.container(node.region).into_iter().for_each(|container| self.keep(container));
        node.regions().iter().for_each(|&region| self.enter(region));
        node.exprs(&mut |_, expr| self.reads(expr));
        for (_, edge) in module.outs(id) {
            self.keep(edge.to);
            edge.exprs(&mut |_, expr| self.reads(expr));
        }
    }

    fn reads(&mut self, expr: &Expr) {
        expr.walk(&mut |expr| {
            if let ExprKind::Out(node) | ExprKind::Dotted { out: Some(node), .. } = expr.kind {
                self.keep(node);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{assert_pass, assert_unchanged};

    #[test]
    fn what_no_edge_leads_to_goes_with_everything_in_it() {
        assert_pass(
            "dead-nodes",
            r#"seq entry a {
                 node a assign { on done -> b; }
                 node b assign;
                 node lost scope { seq entry lost.inner { node lost.inner assign; } on done -> b; }
                 node loop1 assign { on done -> loop2; }
                 node loop2 assign { on done -> loop1; }
               }"#,
            r#"seq entry a { node a assign { on done -> b; } node b assign; }"#,
        );
    }

    #[test]
    fn dead_nodes_inside_live_containers_go() {
        assert_pass(
            "dead-nodes",
            r#"dag stop {
                 node s scope { seq entry s.x { node s.x assign; node s.y assign { on done -> s.x; } } }
               }"#,
            r#"dag stop { node s scope { seq entry s.x { node s.x assign; } } }"#,
        );
    }

    #[test]
    fn what_is_read_or_in_a_dag_stays() {
        assert_unchanged(
            "dead-nodes",
            r#"seq entry a {
                 node a assign { args = out(lost.inner); }
                 node lost scope { seq entry lost.first {
                   node lost.first assign;
                   node lost.inner assign { on done -> lost.last; }
                   node lost.last assign;
                 } }
               }"#,
        );
        assert_unchanged("dead-nodes", r#"dag stop { node a assign { when = false; } node b assign; }"#);
        assert_unchanged("dead-nodes", r#"seq { node a assign; }"#);
    }
}
