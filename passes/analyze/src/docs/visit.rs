//! The documents of one node, phase by phase.

use std::cell::OnceCell;

use wfc_cir::types::Field;
use wfc_cir::{ForEach, Module, Node, NodeId, NodeKind, On, Root, Tolerate, Type};

use super::{eval, split, Docs, Env};
use crate::Phase;

/// The documents of one node.
pub struct Visit<'f, 'm> {
    docs: &'f Docs,
    node: &'m Node,
    /// Raw and Input.
    before: Env<'f>,
    args: Type,
    item: Type,
    answer: Type,
    result: Type,
    /// For a choice: the documents where each case is taken, and last those where none is.
    branches: OnceCell<Vec<Env<'f>>>,
}

impl<'f, 'm> Visit<'f, 'm> {
    pub(super) fn new(docs: &'f Docs, m: &'m Module, id: NodeId) -> Self {
        let node = &m.nodes[id];
        let before = docs.enter(id);
        let input = node.io.input.as_ref().map_or_else(|| before.doc(Root::Raw).clone(), |expr| eval(expr, &before));
        let mut before = before.with(Root::Input, input);
        before.input_is_raw = node.io.input.is_none();
        let mut visit = Visit {
            docs,
            node,
            before,
            args: Type::Any,
            item: Type::Any,
            answer: Type::Any,
            result: Type::Any,
            branches: OnceCell::new(),
        };
        visit.work();
        visit
    }

    /// What an expression evaluated in `phase` can read.
    pub fn env(&self, phase: Phase) -> Env<'f> {
        match phase {
            Phase::Enter | Phase::Leave(_, On::Settled) => self.before.clone().without_input(),
            Phase::Work => self.before.clone(),
            Phase::Args => self.before.clone().with(Root::Item, self.item.clone()),
            Phase::Round => self.before.clone().with(Root::Args, self.args.clone()),
            Phase::Shape => self.after(self.answer.clone()),
            Phase::Leave(_, On::Error(_)) => self.before.clone().with(Root::Error, error_record()),
            Phase::Leave(_, On::Case(case)) => self.branch(case as usize),
            Phase::Leave(_, On::Otherwise) => self.branch(self.cases()),
            Phase::Leave(_, On::Done) | Phase::End => self.after(self.result.clone()),
        }
    }

    /// What the work is given, per item in a `ForEach`.
    pub fn args(&self) -> &Type {
        &self.args
    }

    /// What the items of a `ForEach` are taken from, unless something reads them.
    pub fn items(&self, each: &ForEach) -> Type {
        each.items.as_ref().map_or_else(|| self.before.doc(Root::Input).clone(), |items| eval(items, &self.before))
    }

    fn work(&mut self) {
        if let NodeKind::ForEach(each) = &self.node.kind {
            self.item = match (&each.reader, &each.batch) {
                (None, None) => self.items(each).element(),
                _ => Type::Any,
            };
        }
        self.args = match (&self.node.io.args, &self.node.kind) {
            (Some(args), _) => eval(args, &self.env(Phase::Args)),
            (None, NodeKind::ForEach(_)) => self.item.clone(),
            (None, _) => self.before.doc(Root::Input).clone(),
        };
        self.answer = self.answered();
        let shaped = self.node.io.result.as_ref().map(|shape| eval(shape, &self.env(Phase::Shape)));
        self.result = shaped.unwrap_or_else(|| self.answer.clone());
        let goes_on = self.node.policy.as_ref().is_some_and(|policy| policy.continue_on_failure);
        if goes_on {
            self.result = Type::Any;
        }
    }

    fn answered(&self) -> Type {
        let fails = self.before.is_dead() || self.args.is_never();
        match &self.node.kind {
            NodeKind::Raise { .. } => Type::Never,
            NodeKind::ForEach(each) => self.of_each(each),
            _ if fails => Type::Never,
            NodeKind::Assign | NodeKind::Return(_) => self.args.clone(),
            NodeKind::Choice { .. } | NodeKind::Wait(_) => self.before.doc(Root::Input).clone(),
            NodeKind::Parallel { branches } => {
                let results: Vec<&Type> = branches.iter().map(|&branch| self.docs.result(branch)).collect();
                match results.iter().any(|result| result.is_never()) {
                    true => Type::Never,
                    false => {
                        Type::array(Type::union(results.into_iter().cloned()), branches.len(), Some(branches.len()))
                    }
                }
            }
            NodeKind::Scope(region) => self.docs.result(*region).clone(),
            NodeKind::Verify(verify) => self.docs.result(verify.body).clone(),
            NodeKind::Step(_) | NodeKind::Call(_) | NodeKind::Join | NodeKind::Loop(_) | NodeKind::Hole => Type::Any,
        }
    }

    fn of_each(&self, each: &ForEach) -> Type {
        let known = each.reader.is_none() && each.batch.is_none();
        if self.before.is_dead() || known && self.items(each).narrow_to_kind(wfc_cir::types::Kind::Array).is_never() {
            return Type::Never;
        }
        if each.writer.is_some() {
            return Type::Any;
        }
        let strict = each.tolerate == Tolerate::default();
        Type::array(if strict { self.docs.result(each.body).clone() } else { Type::Any }, 0, None)
    }

    fn after(&self, result: Type) -> Env<'f> {
        self.before.clone().with(Root::Args, self.args.clone()).with(Root::Result, result)
    }

    fn cases(&self) -> usize {
        match &self.node.kind {
            NodeKind::Choice { cases } => cases.len(),
            _ => 0,
        }
    }

    fn branch(&self, index: usize) -> Env<'f> {
        let branches = self.branches.get_or_init(|| branches(&self.node.kind, &self.before));
        let env = branches.get(index).unwrap_or(&self.before).clone();
        let input = env.doc(Root::Input).clone();
        env.with(Root::Args, input.clone()).with(Root::Result, input)
    }
}

/// The documents where each case of a choice is taken, and last those where none is.
fn branches<'f>(kind: &NodeKind, before: &Env<'f>) -> Vec<Env<'f>> {
    let NodeKind::Choice { cases } = kind else { return Vec::new() };
    let mut rest = before.clone();
    let mut found = Vec::with_capacity(cases.len() + 1);
    for case in cases {
        let (holds, fails) = split(case, &rest, &mut |_, _, _, _| {});
        found.push(holds);
        rest = fails;
    }
    found.push(rest);
    found
}

/// What a handler sees: whoever raised the error may have left out either.
fn error_record() -> Type {
    Type::object([("Error", Field::may(Type::Any)), ("Cause", Field::may(Type::Any))], Type::Never)
}
