//! Amazon States Language to CIR.
//!
//! A file is decoded against the tables of [`syntax`] (`parse`), which reports every problem of form, and what could
//! be read is lowered (`lower`), which reports what only meaning shows. `rules` has one file for each kind of problem.

mod checks;
mod front;
mod lower;
mod parse;
mod placeholder;
mod references;
mod report;
mod resource;
mod rules;
mod schema;
mod services;
pub mod syntax;
#[cfg(test)]
mod tests;
mod timestamp;
mod vocab;

pub use front::FRONT;
pub use references::variable_references;
pub use vocab::VOCAB;
