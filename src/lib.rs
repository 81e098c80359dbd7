//! wfc: a compiler for workflows, as a library.
//!
//! Without default features this crate checks workflows held in memory and pulls in no terminal, no async runtime
//! and no file access: everything is read through the [`World`] trait.
//!
//! ```
//! use wfc::{MemoryWorld, Session};
//!
//! let world = MemoryWorld::new().with("order.asl.json", r#"{ "StartAt": "A", "States": {} }"#);
//! let analysis = Session::new().check(&world, "order.asl.json").expect("the file is in the world");
//! assert!(analysis.blocked);
//! ```

pub use wfc_diag::{Diagnostic, Edit, Fix, Label, OwnerMessage, Rule, Safety, Scope, Severity, Span};
pub use wfc_driver::{
    baseline, config, explain, fixes, format, front_named, rules, Analysis, Checked, Front, Level, LowerOptions,
    MachineType, Module, Sealed, Session, Settings, UnknownRule, FRONTS,
};
pub use wfc_source::{Format, Limits, LineColumn, MemoryWorld, SourceFile, SourceMap, World, WorldError};

/// The command line.
#[cfg(feature = "cli")]
pub mod cmd;

/// The version with the commit it was built from.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("WFC_COMMIT"), ")");
