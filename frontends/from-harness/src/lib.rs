//! HarnessSpec to CIR.
//!
//! A file is decoded against the tables of [`syntax`] (`parse`), its references are resolved and its graph is looked
//! at (`graph`), and what could be read is lowered (`lower`): without forks to a Seq region, without cycles to a Dag.

mod front;
mod graph;
mod lower;
mod parse;
mod reader;
pub mod rules;
pub mod syntax;
#[cfg(test)]
mod tests;

pub use front::{FRONT, VOCAB};
