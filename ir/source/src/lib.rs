//! Source files, the only way in for them, and spanned trees that survive errors.
//!
//! JSON, YAML and TOML all become the same [`Tree`], so a front end decodes one shape. Parsers here never stop at
//! the first mistake: they report it and go on, and what could not be read is an [`Kind::Error`] node.

pub mod json;
pub mod rules;
pub mod strict;
pub mod toml;
pub mod yaml;

mod file;
mod limits;
mod mapped;
mod report;
#[cfg(test)]
mod testing;
mod tree;
mod world;

pub use file::{LineColumn, SourceFile, SourceMap};
pub use limits::Limits;
pub use tree::{Item, Items, Kind, Member, Members, Node, NodeId, Tree, TreeBuilder};
pub use wfc_diag::{FileId, Span, TextMap, TextRange};
pub use world::{MemoryWorld, World, WorldError};

/// The notation a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// RFC 8259 JSON.
    Json,
    /// YAML 1.2.
    Yaml,
    /// TOML 1.1.
    Toml,
}

impl Format {
    /// The format a file name promises; JSON when it promises none.
    pub fn of_path(path: &str) -> Format {
        let lower = path.to_ascii_lowercase();
        if lower.ends_with(".yaml") || lower.ends_with(".yml") {
            Format::Yaml
        } else if lower.ends_with(".toml") {
            Format::Toml
        } else {
            Format::Json
        }
    }
}

/// Reads `file` as `format`; problems go to `sink`, and what could be read comes back.
pub fn parse(file: &SourceFile, format: Format, limits: &Limits, sink: &mut wfc_diag::Sink) -> Tree {
    match format {
        Format::Json => json::parse(file, limits, sink),
        Format::Yaml => yaml::parse(file, limits, sink),
        Format::Toml => toml::parse(file, limits, sink),
    }
}
