//! Tests of workflows: the files that declare them, one run of each, and what the runs covered.
//!
//! A test file (`*.wfc-test.toml`, or the same in JSON or YAML) names a machine, an input, answers for its tasks, and
//! what is expected of the run. Nothing here reads a file or judges a run: the caller brings texts and compares.

pub mod coverage;
mod file;
mod machine;
pub mod rules;
#[cfg(test)]
mod tests;
mod value;

pub use file::{Expect, Fragment, Input, Mock, Status, Test, TestFile, EXTENSIONS};
pub use machine::{Machine, Ran};

/// Reads a test file; problems go to `sink`, and what could be read comes back.
pub fn read(tree: &wfc_source::Tree, sink: &mut wfc_diag::Sink) -> Option<TestFile> {
    file::read(tree.root(), sink)
}
