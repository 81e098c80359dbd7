//! The table of suites: what formats of recorded cases there are.

mod asl;
mod jsonata;
mod jsonpath;
mod lasso;

use crate::{Case, How, Malformed, Outcome};

/// A format of case files and the judge of its cases.
#[derive(Debug)]
pub struct Suite {
    /// Its name on the command line.
    pub name: &'static str,
    /// The sorts of cases it knows.
    pub kinds: &'static [&'static str],
    /// How the names of its files end.
    pub extension: &'static str,
    /// Files that stand among the cases and hold none.
    pub beside: &'static [&'static str],
    /// Reads a file.
    pub read: fn(text: &str) -> Vec<Result<Case, Malformed>>,
    /// Judges a case of a known kind.
    pub judge: fn(case: &Case, how: How) -> Outcome,
}

/// Every suite. Adding one adds a row.
pub const SUITES: &[&Suite] = &[&asl::SUITE, &jsonata::SUITE, &jsonpath::SUITE, &lasso::SUITE];

/// The suite with that name.
pub fn suite_named(name: &str) -> Option<&'static Suite> {
    SUITES.iter().copied().find(|suite| suite.name == name)
}

impl Suite {
    /// Whether a file of that name may hold cases.
    pub fn reads(&self, name: &str) -> bool {
        name.ends_with(self.extension) && !self.beside.contains(&name)
    }
}
