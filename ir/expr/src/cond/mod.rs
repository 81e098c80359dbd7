//! Conditions of harnesses: an optional `!` and a dotted path, such as `!run-tests.passed`.
//!
//! The language has no literals, operators or brackets. Text that its owner would take for the name of something
//! that is never there (`exit_code == 0`, `true`, `!!x`) is refused here, because it can only be a mistake.
//! A grammar with operators would have [`Cond`] as its atoms and live beside this module.

mod eval;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt::{self, Display, Formatter};

use wfc_diag::TextRange;

use crate::ExprError;

pub use eval::{eval, truth, CondError};

/// Parses a condition.
pub fn parse(text: &str) -> Result<Cond, ExprError> {
    parse::parse(text)
}

/// A condition. Equality ignores positions.
#[derive(Clone, Debug)]
pub struct Cond {
    /// Whether a `!` stands in front.
    pub negated: bool,
    /// The names of the path; at least one.
    pub path: Vec<Name>,
    /// From the `!` or first name to the last.
    pub range: TextRange,
}

/// A name in a path. Equality ignores positions.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name.
    pub text: Box<str>,
    /// Where it stands.
    pub range: TextRange,
}

/// Where a condition looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference<'a> {
    /// `outputs.…`: only among outputs of nodes; the first name is a node's.
    Outputs(&'a [Name]),
    /// `input.…`: only in the run's input.
    Input(&'a [Name]),
    /// Anything else: among outputs, and in the input if it is not there.
    OutputsThenInput(&'a [Name]),
}

impl Cond {
    /// Where the condition looks, and for what.
    pub fn reference(&self) -> Reference<'_> {
        match self.path.split_first() {
            Some((first, rest)) if &*first.text == "outputs" => Reference::Outputs(rest),
            Some((first, rest)) if &*first.text == "input" => Reference::Input(rest),
            _ => Reference::OutputsThenInput(&self.path),
        }
    }
}

impl Display for Cond {
    /// Parses back to the same condition.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.negated { "!" } else { "" })?;
        for (at, name) in self.path.iter().enumerate() {
            f.write_str(if at > 0 { "." } else { "" })?;
            f.write_str(&name.text)?;
        }
        Ok(())
    }
}

impl PartialEq for Cond {
    fn eq(&self, other: &Self) -> bool {
        self.negated == other.negated && self.path == other.path
    }
}

impl Eq for Cond {}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Name {}
