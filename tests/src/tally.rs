//! Counts of outcomes over a run.

use std::collections::BTreeMap;
use std::fmt;

use crate::Outcome;

/// How many cases ended how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    passed: usize,
    failed: usize,
    different: usize,
    malformed: usize,
    not_applicable: BTreeMap<String, usize>,
}

impl Tally {
    /// Counts one case.
    pub fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed(_) => self.failed += 1,
            Outcome::Different(_) => self.different += 1,
            Outcome::NotApplicable(why) => *self.not_applicable.entry(why.clone()).or_default() += 1,
        }
    }

    /// Counts something that is no case.
    pub fn malformed(&mut self) {
        self.malformed += 1;
    }

    /// Whether nothing failed and everything could be read.
    pub fn is_clean(&self) -> bool {
        self.failed == 0 && self.malformed == 0
    }

    /// How many cases were judged.
    pub fn judged(&self) -> usize {
        self.passed + self.different + self.failed
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (why, count) in &self.not_applicable {
            writeln!(f, "not applicable: {count} {why}")?;
        }
        if self.malformed > 0 {
            writeln!(f, "malformed: {}", self.malformed)?;
        }
        if self.different > 0 {
            writeln!(f, "deliberately different: {} (counted as passed)", self.different)?;
        }
        write!(f, "passed {} of {}", self.passed + self.different, self.judged())
    }
}
