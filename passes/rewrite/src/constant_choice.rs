//! Takes conditions out of choices that are always true or always false.
//!
//! A case that never holds goes with its edge. One that always holds becomes `Otherwise`, and what stands behind it
//! goes; before and after:
//!
//! ```text
//! node pick choice {
//!   case = false;
//!   case = is(path"$.fast" of raw, present);
//!   case = true;
//!   on case 0 -> never;
//!   on case 1 -> fast;
//!   on case 2 -> slow;
//!   on otherwise -> never;
//! }
//!
//! node pick choice {
//!   case = is(path"$.fast" of raw, present);
//!   on case 0 -> fast;
//!   on otherwise -> slow;
//! }
//! ```
//!
//! Only in Seq regions: in a Dag region an edge that is never taken still tells its target not to run. An always true
//! case without an edge stays, because it ends the region where `Otherwise` without an edge would fail.

use wfc_cir::{EdgeId, Editor, Expr, Module, NodeId, NodeKind, On};

use crate::{Changed, Keeps, Pass, PassCx};

pub(crate) const PASS: Pass = Pass {
    name: "constant-choice",
    summary: "removes cases that are always true or always false",
    keeps: Keeps::Effects,
    default: true,
    run,
};

fn run(edit: &mut Editor<'_>, cx: &PassCx<'_>) -> Changed {
    let module = edit.module();
    let regions = cx.seq_regions(module).into_iter();
    let nodes = regions.flat_map(|region| module.regions[region].nodes.iter());
    let rewrites: Vec<Rewrite> = nodes.filter_map(|&node| Rewrite::of(module, node)).collect();
    rewrites.iter().for_each(|rewrite| rewrite.apply(edit));
    Changed::when(!rewrites.is_empty())
}

/// What becomes of a choice.
struct Rewrite {
    node: NodeId,
    /// The numbers of the cases that stay.
    cases: Vec<usize>,
    /// What becomes of each edge, and why; nothing if it goes.
    edges: Vec<(EdgeId, Option<On>, &'static str)>,
}

impl Rewrite {
    /// The rewrite of a choice that has something to rewrite.
    fn of(module: &Module, node: NodeId) -> Option<Rewrite> {
        let NodeKind::Choice { cases } = &module.nodes[node].kind else { return None };
        let always = cases.iter().position(|case| constant(case) == Some(true));
        let looked_at = always.map_or(cases.len(), |at| at + 1);
        let has_edge = |case: usize| module.out(node, case_edge(case)).is_some();
        let otherwise = always.filter(|&at| has_edge(at));
        let stays = |at: &usize| constant(&cases[*at]) != Some(false) && Some(*at) != otherwise;
        let kept: Vec<usize> = (0..looked_at).filter(stays).collect();
        if kept.len() == cases.len() {
            return None;
        }
        let edge = |(id, edge): (EdgeId, &wfc_cir::Edge)| {
            let (on, why) = fate(edge.on, &kept, always, otherwise);
            (id, on, why)
        };
        Some(Rewrite { node, edges: module.outs(node).map(edge).collect(), cases: kept })
    }

    fn apply(&self, edit: &mut Editor<'_>) {
        for &(id, on, why) in &self.edges {
            edit.begin(why);
            match on {
                None => drop(edit.remove_edge(id)),
                Some(on) => edit.update_edge(id, |edge| edge.on = on),
            }
            edit.commit();
        }
        edit.begin("some of its conditions are always true or always false");
        edit.update_node(self.node, |node| {
            if let NodeKind::Choice { cases } = &mut node.kind {
                *cases = self.cases.iter().map(|&at| cases[at].clone()).collect();
            }
        });
        edit.commit();
    }
}

/// When an edge is taken afterwards, and why.
fn fate(on: On, kept: &[usize], always: Option<usize>, otherwise: Option<usize>) -> (Option<On>, &'static str) {
    match on {
        On::Case(case) => match kept.iter().position(|&at| at == case as usize) {
            Some(at) => (Some(case_edge(at)), "cases in front of it are gone"),
            None if otherwise == Some(case as usize) => (Some(On::Otherwise), "its condition always holds"),
            None if always.is_some_and(|always| always < case as usize) => (None, "a condition before always holds"),
            None => (None, "its condition never holds"),
        },
        On::Otherwise if always.is_some() => (None, "a condition before always holds"),
        other => (Some(other), ""),
    }
}

fn case_edge(case: usize) -> On {
    On::Case(u32::try_from(case).unwrap_or(u32::MAX))
}

fn constant(case: &Expr) -> Option<bool> {
    case.as_literal()?.as_bool()
}

#[cfg(test)]
mod tests {
    use crate::testing::{assert_pass, assert_unchanged, assert_unchanged_in};

    #[test]
    fn constant_cases_go() {
        assert_pass(
            "constant-choice",
            r#"seq entry pick {
                 node pick choice {
                   case = false; case = is(path"$.fast" of raw, present); case = true;
                   on case 0 -> b; on case 1 -> a; on case 2 -> b; on otherwise -> a;
                 }
                 node a assign; node b assign;
               }"#,
            r#"seq entry pick {
                 node pick choice { case = is(path"$.fast" of raw, present); on case 0 -> a; on otherwise -> b; }
                 node a assign; node b assign;
               }"#,
        );
    }

    #[test]
    fn without_a_default_nothing_matches_still() {
        assert_pass(
            "constant-choice",
            r#"seq entry pick { node pick choice { case = false; on case 0 -> a; } node a assign; }"#,
            r#"seq entry pick { node pick choice; node a assign; }"#,
        );
    }

    #[test]
    fn a_true_case_without_an_edge_ends_the_region() {
        assert_pass(
            "constant-choice",
            r#"seq entry pick { node pick choice { case = true; case = false; on otherwise -> a; } node a assign; }"#,
            r#"seq entry pick { node pick choice { case = true; } node a assign; }"#,
        );
    }

    #[test]
    fn dags_and_recorded_flows_are_left_alone() {
        assert_unchanged(
            "constant-choice",
            r#"dag stop { node p choice { case = false; on case 0 -> a; } node a assign; }"#,
        );
        let choice = r#"seq entry p { node p choice { case = false; on otherwise -> a; } node a assign; }"#;
        assert_unchanged_in("aws", "constant-choice", choice);
    }
}
