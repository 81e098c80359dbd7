//! The documents an expression can read at one place, as types.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use wfc_cir::types::Field;
use wfc_cir::{Root, Type};

/// How many kinds of document there are.
const ROOTS: usize = Root::Item as usize + 1;

/// The documents and variables an expression can read.
#[derive(Clone, Debug)]
pub struct Env<'f> {
    docs: [Type; ROOTS],
    vars: &'f FxHashMap<Arc<str>, Type>,
    /// Whether nothing shapes the input: it is the raw value, and what is learned about one holds for both.
    pub(crate) input_is_raw: bool,
}

impl<'f> Env<'f> {
    /// An environment in which nothing is known but the context and the variables.
    pub(crate) fn new(vars: &'f FxHashMap<Arc<str>, Type>, context: &Type) -> Self {
        let docs = [const { Type::Any }; ROOTS];
        Self { docs, vars, input_is_raw: false }.with(Root::Context, context.clone())
    }

    /// The type of a document.
    pub fn doc(&self, root: Root) -> &Type {
        &self.docs[root as usize]
    }

    /// The type of a variable.
    pub fn var(&self, name: &str) -> Type {
        self.vars.get(name).cloned().unwrap_or(Type::Any)
    }

    /// Whether no run has these documents.
    pub fn is_dead(&self) -> bool {
        self.docs.iter().any(Type::is_never)
    }

    pub(crate) fn with(mut self, root: Root, ty: Type) -> Self {
        self.set(root, ty);
        self
    }

    pub(crate) fn set(&mut self, root: Root, ty: Type) {
        self.docs[root as usize] = ty;
    }

    /// The environment before there is an input.
    pub(crate) fn without_input(self) -> Self {
        Self { input_is_raw: false, ..self }.with(Root::Input, Type::Any)
    }

    /// The environment no run has.
    pub(crate) fn dead(&self) -> Self {
        self.clone().with(Root::Raw, Type::Never)
    }

    /// What holds where either of two holds.
    pub(crate) fn join(mut self, other: &Self) -> Self {
        match (self.is_dead(), other.is_dead()) {
            (_, true) => self,
            (true, _) => other.clone(),
            _ => {
                let same = self.input_is_raw && other.input_is_raw;
                let input = Root::Input as usize;
                let joined = (0..ROOTS).filter(|&at| !(same && at == input));
                joined.for_each(|at| self.docs[at] = self.docs[at].join(&other.docs[at]));
                if same {
                    self.docs[input] = self.doc(Root::Raw).clone();
                }
                self
            }
        }
    }
}

/// The context object every run has.
pub(crate) fn context() -> Type {
    let must = |names: &[&'static str]| -> Vec<(&'static str, Field)> {
        names.iter().map(|&name| (name, Field::must(Type::Any))).collect()
    };
    let may = |names: &[&'static str]| -> Vec<(&'static str, Field)> {
        names.iter().map(|&name| (name, Field::may(Type::Any))).collect()
    };
    let closed = |fields| Type::object::<&str>(fields, Type::Never);
    let execution = [must(&["Id", "Input", "Name", "RoleArn", "StartTime"]), may(&["RedriveCount", "RedriveTime"])];
    let state = [must(&["Name", "EnteredTime"]), may(&["RetryCount"])];
    let item = closed([must(&["Index", "Value"]), may(&["Key", "Source"])].concat());
    closed(vec![
        ("Execution", Field::must(closed(execution.concat()))),
        ("StateMachine", Field::must(closed(must(&["Id", "Name"])))),
        ("State", Field::must(closed(state.concat()))),
        ("Task", Field::may(closed(must(&["Token"])))),
        ("Map", Field::may(closed(vec![("Item", Field::must(item))]))),
        ("Loop", Field::may(closed(must(&["Round", "Previous"])))),
    ])
}
