//! Spans and diagnostics as data: what is wrong, where, why and what to do, before anybody draws it.
//!
//! A [`Diagnostic`] is a value. It knows its [`Rule`] (stable kebab-case name, page for `wfc explain`), its
//! labels in the user's files and, where one is certain, a [`Fix`]. Drawing it (ariadne, JSON, SARIF, …) is
//! somebody else's business and happens late.
//!
//! [`Span`] lives here rather than beside the files because the parsers of `wfc-source` report diagnostics
//! themselves: the crate that defines a diagnostic must be below the crate that reads text.

mod diagnostic;
mod rule;
mod sink;
mod span;

pub use diagnostic::{Diagnostic, Edit, Fix, Label, OwnerMessage, Safety};
pub use rule::{Rule, Scope, Severity};
pub use sink::Sink;
pub use span::{FileId, Span, TextMap, TextRange};
