//! CIR as versioned JSON, for other programs: flat lists, nodes named by key, regions by number.
//!
//! The types here are the contract and separate from those of the IR, which stay free to change. An expression is its
//! text in the notation of [`crate::text`]. A reader refuses versions and fields it does not know.

mod form;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::Module;

/// The version this writes and reads.
pub const VERSION: u64 = 1;

/// Why a JSON value is no module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireError {
    /// `format` is not `cir`.
    Format,
    /// `version` is missing or another one.
    Version(Option<u64>),
    /// A field is missing, unknown or of the wrong type.
    Shape(String),
    /// A node, region or flow is named that does not exist, or twice.
    Reference(String),
    /// An expression does not parse.
    Expr {
        /// The node or flow it is in.
        place: String,
        /// What is wrong.
        message: String,
    },
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format => f.write_str("`format` is not \"cir\": this is another kind of file"),
            Self::Version(Some(version)) => write!(f, "version {version} is unknown; this program reads {VERSION}"),
            Self::Version(None) => f.write_str("`version` is missing"),
            Self::Shape(message) => f.write_str(message),
            Self::Reference(what) => f.write_str(what),
            Self::Expr { place, message } => write!(f, "{place}: {message}"),
        }
    }
}

impl std::error::Error for WireError {}

/// The module as JSON.
pub fn to_wire(module: &Module) -> Json {
    // Every type of the form has string keys and finite numbers, so this cannot fail.
    serde_json::to_value(write::module(module)).unwrap_or(Json::Null)
}

/// The module of a JSON value. Its structure is not verified.
pub fn from_wire(json: &Json) -> Result<Module, WireError> {
    if json.get("format").and_then(Json::as_str) != Some("cir") {
        return Err(WireError::Format);
    }
    match json.get("version").and_then(Json::as_u64) {
        Some(VERSION) => {}
        other => return Err(WireError::Version(other)),
    }
    let form = form::Module::deserialize(json).map_err(|error| WireError::Shape(error.to_string()))?;
    read::module(form)
}

/// The JSON Schema of the wire form.
pub fn json_schema() -> Json {
    schemars::schema_for!(form::Module).to_value()
}
