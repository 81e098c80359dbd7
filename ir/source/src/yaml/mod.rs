//! YAML 1.2 into the same tree as JSON.
//!
//! The events of `saphyr-parser` become nodes in one pass (`reader`). Only a file with aliases or merge keys
//! takes a second one, which writes them out (`expand`). The event parser ends at its first error: what was read
//! until then stays.

mod anchors;
mod expand;
mod layout;
mod offsets;
mod reader;
mod scalar;
mod syntax;
mod tag;

use wfc_diag::Sink;

use crate::report::Reports;
use crate::{json, rules, Limits, SourceFile, Tree, TreeBuilder};

/// Reads YAML; problems go to `sink`.
pub fn parse(file: &SourceFile, limits: &Limits, sink: &mut Sink) -> Tree {
    if let Some(tree) = as_json(file, limits) {
        return tree;
    }
    let start = if file.text().starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reports = Reports::new(file, limits, sink);
    let end = file.text().find('\0').unwrap_or(file.text().len());
    if end < file.text().len() {
        reports.report(&rules::YAML_SYNTAX, end, end + 1, "a NUL character", |d| {
            d.label("nothing behind it can be read").help("save the file as UTF-8 text")
        });
    }
    let tree = TreeBuilder::new(file.id(), file.shared_text());
    if let Some((at, line)) = wide_directive(file.text(), start) {
        let end = at + line.len();
        reports.report(&rules::YAML_UNSUPPORTED, at, end, "a directive with characters beyond ASCII", |d| {
            d.label("nothing behind it can be read").help("remove the line: programs need no directives")
        });
        return tree.finish();
    }
    reader::Reader::new(&file.text()[..end], start, tree, reports).run()
}

/// The first directive that is not ASCII, in the lines in front of the first value, and where it starts. The event
/// parser counts the bytes of such a line where it counts characters everywhere else, so all later places are wrong.
fn wide_directive(text: &str, start: usize) -> Option<(usize, &str)> {
    let mut at = start;
    for line in text[start..].split(['\n', '\r']) {
        let is_directive = line.starts_with('%');
        if is_directive && !line.is_ascii() {
            return Some((at, line));
        }
        if !is_directive && !line.trim_start_matches([' ', '\t']).is_empty() && !line.starts_with('#') {
            return None;
        }
        at += line.len() + 1;
    }
    None
}

/// The tree of a text that is valid JSON. JSON is YAML but for the escapes of characters beyond U+FFFF, which take
/// a surrogate pair and which YAML parsers refuse.
fn as_json(file: &SourceFile, limits: &Limits) -> Option<Tree> {
    if !file.text().trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut found = Sink::default();
    let first_error_only = Limits { max_errors: 1, ..*limits };
    let tree = json::parse(file, &first_error_only, &mut found);
    found.found().is_empty().then_some(tree)
}

#[cfg(test)]
mod tests;
