//! What the documents show, from one visit to each node; the checks put it into words.

use std::cell::LazyCell;

use wfc_analyze::{expressions, missing, missing_in_test, split, Env, Missing, Phase};
use wfc_cir::types::Kind;
use wfc_cir::{Expr, ForEach, Node, NodeId, NodeKind, Type};

use crate::cx::Cx;

/// What the documents of all nodes show.
#[derive(Default)]
pub(crate) struct Shown<'a> {
    /// Every place that an expression of a reachable node certainly fails to read.
    pub(crate) missing: Vec<(NodeId, Missing)>,
    /// Tests that can never hold.
    pub(crate) never: Vec<(NodeId, &'a Expr)>,
    /// Cases of choices, each with the one before it, which always holds.
    pub(crate) untried: Vec<(NodeId, &'a Expr, &'a Expr)>,
    /// Items that are certainly no array.
    pub(crate) no_arrays: Vec<(NodeId, &'a ForEach, Type)>,
}

impl<'a> Shown<'a> {
    pub(crate) fn of(cx: &Cx<'a>) -> Self {
        let mut shown = Shown::default();
        let alive = cx.reachable().filter(|&(id, _)| !cx.facts.docs.raw(id).is_never());
        alive.for_each(|(id, node)| shown.at(cx, id, node));
        shown
    }

    fn at(&mut self, cx: &Cx<'a>, id: NodeId, node: &'a Node) {
        // Many nodes have no expression that reads anything.
        let visit = LazyCell::new(|| cx.facts.docs.visit(cx.m, id));
        let cases = match &node.kind {
            NodeKind::Choice { cases } => cases.as_slice(),
            _ => &[],
        };
        expressions(cx.m, id, &mut |phase, expr| {
            // Cases are tried one after the other, below. A literal reads nothing.
            let is_case = cases.as_ptr_range().contains(&std::ptr::from_ref(expr));
            if !is_case && expr.as_literal().is_none() {
                missing(expr, &visit.env(phase), &mut |missing| self.missing.push((id, missing)));
            }
        });
        match &node.kind {
            NodeKind::Choice { .. } => self.in_cases(id, cases, visit.env(Phase::Work)),
            NodeKind::ForEach(each) if each.reader.is_none() => {
                let items = visit.items(each);
                // Never: they cannot be read at all, which is another finding.
                if !items.is_never() && !items.may_be(Kind::Array) {
                    self.no_arrays.push((id, each, items));
                }
            }
            _ => {}
        }
    }

    /// Each case sees only what the cases before it let through.
    fn in_cases(&mut self, id: NodeId, cases: &'a [Expr], mut env: Env<'_>) {
        let mut rest = cases.iter();
        while let Some(case) = rest.next() {
            let (holds, fails) = split(case, &env, &mut |test, before, holds, fails| {
                missing_in_test(test, before, &mut |missing| self.missing.push((id, missing)));
                // Where it cannot fail either, it cannot be evaluated, which is another finding.
                if holds.is_dead() && !fails.is_dead() {
                    self.never.push((id, test));
                }
            });
            if fails.is_dead() {
                let next = rest.next().filter(|_| !holds.is_dead());
                self.untried.extend(next.map(|next| (id, next, case)));
                return;
            }
            env = fails;
        }
    }
}
