//! Conformance: recorded cases of other implementations, read, judged and counted.
//!
//! A [`Suite`] reads one format of case files and judges one case. The runner `conform` and the test binary share
//! everything here, so they cannot disagree.

pub mod case;
pub mod files;
pub mod laws;
pub mod oracle;
pub mod outcome;
pub mod rules;
pub mod suites;
pub mod tally;

pub use case::{Case, How, Malformed};
pub use outcome::Outcome;
pub use rules::Rules;
pub use suites::{suite_named, Suite, SUITES};
pub use tally::Tally;
