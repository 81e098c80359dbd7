//! Where in a document parts of results lie.

use std::collections::BTreeMap;
use std::sync::Arc;

use wfc_run_tokio::work::mock::{Expectation, Guess, Part};

/// What is known of a document; a set, in the order in which it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts(Vec<Fact>);

/// At a place of a document lies a part of the result of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fact {
    at: Vec<Part>,
    task: Arc<str>,
    part: Vec<Part>,
}

/// More facts about one document are not kept.
const MAX_FACTS: usize = 200;

/// Longer paths are not followed.
const MAX_PARTS: usize = 32;

impl Facts {
    /// The whole document is the result of a task.
    pub(super) fn of_task(name: &Arc<str>) -> Self {
        Self(vec![Fact { at: Vec::new(), task: Arc::clone(name), part: Vec::new() }])
    }

    /// Adds facts; whether there was a new one.
    pub(super) fn add(&mut self, others: Facts) -> bool {
        let mut grown = false;
        for fact in others.0 {
            if self.0.len() < MAX_FACTS && !self.0.contains(&fact) {
                self.0.push(fact);
                grown = true;
            }
        }
        grown
    }

    /// The facts about what lies at a place.
    pub(super) fn select(&self, path: &[Part]) -> Facts {
        let mut selected = Facts::default();
        for Fact { at, task, part } in &self.0 {
            let common = at.len().min(path.len());
            if !at.iter().zip(path).all(|(own, wanted)| same(own, wanted)) {
                continue;
            }
            let part: Vec<Part> = part.iter().chain(&path[common..]).cloned().collect();
            if part.len() <= MAX_PARTS {
                selected.add(Facts(vec![Fact { at: at[common..].to_vec(), task: Arc::clone(task), part }]));
            }
        }
        selected
    }

    /// The facts about a document that has this one inside.
    pub(super) fn inside(&self, part: &Part) -> Facts {
        let moved = self.0.iter().filter(|fact| fact.at.len() < MAX_PARTS).map(|fact| {
            let at = std::iter::once(part).chain(&fact.at).cloned().collect();
            Fact { at, ..fact.clone() }
        });
        Facts(moved.collect())
    }

    /// The facts about this document with another one put at a place.
    pub(super) fn with(mut self, path: &[Part], value: Facts) -> Facts {
        self.0.retain(|fact| !fact.at.starts_with(path));
        let value = path.iter().rev().fold(value, |value, part| value.inside(part));
        self.add(value);
        self
    }

    /// Notes that the document is read, and what it seems to be.
    pub(super) fn note(&self, found: &mut BTreeMap<Arc<str>, Expectation>, guess: &Guess) {
        for fact in self.0.iter().filter(|fact| fact.at.is_empty()) {
            found.entry(Arc::clone(&fact.task)).or_default().read(&fact.part, guess.clone());
        }
    }
}

fn same(own: &Part, wanted: &Part) -> bool {
    own == wanted || matches!((own, wanted), (Part::Each, Part::Item(_)) | (Part::Item(_), Part::Each))
}
