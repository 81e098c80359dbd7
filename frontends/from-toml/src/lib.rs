//! workflow.toml to CIR.
//!
//! A file is decoded against the tables of [`syntax`] (`parse`), which reports every problem of form; what could be
//! read is lowered (`lower`), which reports what only the graph of steps shows. A workflow becomes one flow whose
//! body is a Dag region: a step is a node, `needs` are its edges in.

mod front;
mod lower;
mod needs;
mod parse;
mod reader;
mod reads;
pub mod rules;
pub mod syntax;
#[cfg(test)]
mod tests;

pub use front::{FRONT, VOCAB};
