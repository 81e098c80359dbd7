//! What became of one case.

use std::fmt::Debug;

/// What became of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answers agree.
    Passed,
    /// They differ; the first difference.
    Failed(String),
    /// They differ, and a rule says why they should.
    Different(String),
    /// Nothing here can answer such a case; what it would take.
    NotApplicable(String),
}

impl Outcome {
    /// Agreement of two values that stand for `what`.
    pub fn same<T: PartialEq + Debug>(what: &str, expected: T, found: T) -> Self {
        if expected == found {
            Outcome::Passed
        } else {
            Outcome::Failed(format!("{what}: expected {expected:?}, found {found:?}"))
        }
    }

    /// Agreement on whether a text is accepted; `why` is the reason of the one that refuses it.
    pub fn verdict(expected: Result<(), String>, found: Result<(), String>) -> Self {
        match (expected, found) {
            (Ok(()), Ok(())) | (Err(_), Err(_)) => Outcome::Passed,
            (Ok(()), Err(why)) => Outcome::Failed(format!("verdict: expected acceptance, found refusal: {why}")),
            (Err(why), Ok(())) => Outcome::Failed(format!("verdict: expected refusal: {why}, found acceptance")),
        }
    }

    /// This outcome unless it is a pass, then that of `next`.
    pub fn and_then(self, next: impl FnOnce() -> Outcome) -> Self {
        match self {
            Outcome::Passed => next(),
            other => other,
        }
    }
}
