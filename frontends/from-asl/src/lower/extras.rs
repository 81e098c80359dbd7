//! What is kept only to be printed back.

use std::sync::Arc;

use wfc_expr::Value;

/// Facts by name, in the order they were found.
#[derive(Debug, Default)]
pub(super) struct Extras {
    facts: Vec<(Arc<str>, Value)>,
}

impl Extras {
    /// Keeps a fact.
    pub(super) fn add(&mut self, name: &str, value: Value) {
        self.facts.push((name.into(), value));
    }

    /// All facts.
    pub(super) fn into_facts(self) -> Vec<(Arc<str>, Value)> {
        self.facts
    }
}
