//! JSON that survives errors: RFC 8259, and for everything else a report and a guess.
//!
//! The parser keeps its own stack, so nesting costs no call depth. Trailing commas, comments, single quotes, bare
//! keys, missing commas, wrong brackets, bad escapes and duplicate keys are each reported where they stand, and
//! reading goes on behind them.

mod parser;
mod scalar;

use wfc_diag::Sink;

use crate::{Limits, SourceFile, Tree};

/// Reads JSON; problems go to `sink`.
pub fn parse(file: &SourceFile, limits: &Limits, sink: &mut Sink) -> Tree {
    parser::Parser::new(file, limits, sink).run()
}

#[cfg(test)]
mod tests;
