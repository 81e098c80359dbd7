//! Session: check, lower, run and explain over tables of front ends, passes and back ends.
//!
//! This is the one place where all stages meet. It reads files only through [`World`], so the command line, an
//! editor and a test get the same answers.

pub mod baseline;
pub mod config;
#[cfg(feature = "run")]
pub mod expectations;
pub mod explain;
pub mod fixes;
pub mod format;
pub mod passes;
#[cfg(feature = "run")]
pub mod redrive;
pub mod rules;
#[cfg(feature = "run")]
pub mod testing;
#[cfg(feature = "run")]
pub mod teststate;

mod export;
mod fronts;
mod session;
mod settings;
mod suppress;

pub use export::asl;
#[cfg(feature = "run")]
pub use export::plan;
pub use fronts::{front_named, pick_front, FRONTS};
pub use session::{Analysis, Session};
pub use settings::{Level, Settings, UnknownRule};
pub use wfc_cir::{Checked, Front, LowerOptions, MachineType, Module, Sealed};
pub use wfc_diag::{Diagnostic, Rule, Severity};
#[cfg(feature = "run")]
pub use wfc_run_tokio as runtime;
pub use wfc_source::{Format, Limits, MemoryWorld, SourceMap, World, WorldError};
pub use wfc_to_graph as graph;
