//! JSON that survives errors: RFC 8259, and for everything else a report and a guess.
//!
//! The parser keeps its own stack, so nesting costs no call depth. Trailing commas, comments, single quotes, bare
//! keys, missing commas, wrong brackets, bad escapes and duplicate keys are each reported where they stand, and
//! reading goes on behind them.

mod notation;
mod parser;
mod scalar;

use wfc_diag::Sink;

use crate::{Limits, SourceFile, Tree};

/// Reads JSON; problems go to `sink`.
pub fn parse(file: &SourceFile, limits: &Limits, sink: &mut Sink) -> Tree {
    parser::Parser::new(file, limits, sink).run()
}

/// Whether the text is a number as JSON writes it.
pub(crate) fn is_number(text: &str) -> bool {
    scalar::number_fault(text.as_bytes()).is_none()
}

#[cfg(test)]
mod tests;
