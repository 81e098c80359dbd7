//! Diagnostics drawn and written: for people, for programs and for code hosts.
//!
//! A diagnostic is data until it gets here. [`render`] turns a [`Report`] into one text in one [`Format`]; it
//! prints nothing, reads no file and keeps the order it was given, so that two runs write the same bytes.
//!
//! Text that comes from users' files (messages quote it, excerpts are it) never reaches a terminal raw: control
//! characters are written as `\u{…}`. The time taken grows with the number of findings and, once per file, with
//! its size; a file of one line of several megabytes is shown through a window around each place.

mod clean;
mod excerpt;
mod fingerprint;
mod format;
mod frame;
mod github;
mod gitlab;
pub mod history;
mod human;
mod json;
mod junit;
mod place;
mod rdjson;
mod sarif;
mod short;
mod summary;
mod window;

use wfc_diag::{Diagnostic, FileId, Rule};
use wfc_source::SourceMap;

pub use format::{Format, Style, UnknownFormat};
pub use json::{json_schema, JSON_VERSION};
pub use junit::{content as xml_content, escape as xml_escape};
pub use summary::statistics;

/// Everything a renderer may speak about.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The files the findings point into.
    pub sources: &'a SourceMap,
    /// The findings, in the order they are to be printed.
    pub diagnostics: &'a [Diagnostic],
    /// All known rules, for formats that list them.
    pub rules: &'a [&'static Rule],
    /// The files that were looked at, with or without findings.
    pub checked: &'a [FileId],
    /// The version of the tool.
    pub tool_version: &'a str,
}

/// The name under which reports know the tool.
pub(crate) const TOOL: &str = "wfc";

/// Writes the whole report in `format`. The text ends with a newline unless it is empty.
pub fn render(report: &Report, format: Format, style: Style) -> String {
    match format {
        Format::Human => human::render(report, style),
        Format::Short => short::render(report),
        Format::Json => json::render(report),
        Format::Jsonl => json::render_lines(report),
        Format::Sarif => sarif::render(report),
        Format::Github => github::render(report),
        Format::Gitlab => gitlab::render(report),
        Format::Rdjson => rdjson::render(report),
        Format::Junit => junit::render(report),
    }
}

/// Writes a value as indented JSON with a final newline.
fn pretty(value: &impl serde::Serialize) -> String {
    // The wire structs have string keys and no fallible serializers, so an error cannot happen.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
