//! TOML into the same tree as JSON.
//!
//! The events of `toml_parser`, which recovers from errors by itself, fill tables in any order (`document`); the
//! tables are then written out in the order in which their keys first appear (`write`). Dates and times become
//! strings.

mod datetime;
mod decode;
mod document;
mod write;

use toml_parser::parser::{parse_document, ValidateWhitespace};
use toml_parser::{ErrorSink, Expected, ParseError, Source};
use wfc_diag::Sink;

use crate::report::Reports;
use crate::{rules, Limits, SourceFile, Tree};

/// Reads TOML; problems go to `sink`.
pub fn parse(file: &SourceFile, limits: &Limits, sink: &mut Sink) -> Tree {
    let source = Source::new(file.text());
    let tokens = source.lex().into_vec();
    let mut errors = Errors { found: Vec::new(), limit: limits.max_errors as usize };
    let mut document = document::Document::new(source, Reports::new(file, limits, sink));
    parse_document(&tokens, &mut ValidateWhitespace::new(&mut document, source), &mut errors);
    let (values, mut reports) = document.finish();
    for error in &errors.found {
        report(error, file.text(), &mut reports);
    }
    write::tree(file, &values, &mut reports)
}

/// Keeps errors up to the limit of what will be reported.
struct Errors {
    found: Vec<ParseError>,
    limit: usize,
}

impl ErrorSink for Errors {
    fn report_error(&mut self, error: ParseError) {
        if self.found.len() < self.limit {
            self.found.push(error);
        }
    }
}

fn report(error: &ParseError, text: &str, reports: &mut Reports<'_>) {
    let place = error.unexpected().or(error.context()).map_or((0, 0), |span| (span.start(), span.end()));
    let (start, end) = (floor(text, place.0), floor(text, place.1.max(place.0)));
    reports.report(&rules::TOML_SYNTAX, start, end, error.description(), |d| {
        let d = match error.expected().filter(|expected| !expected.is_empty()) {
            Some(expected) => d.label(format!("expected {}", list(expected))),
            None => d,
        };
        match HELP.iter().find(|(description, _)| *description == error.description()) {
            Some((_, help)) => d.help(*help),
            None => d,
        }
    });
}

/// What to do about errors whose description does not say it.
const HELP: &[(&str, &str)] = &[
    ("string values must be quoted", "put text in quotes, and commas between the elements of an array"),
    ("key with no value", "write `key = value`, in one line"),
    ("unexpected key or value", "one key with its value in each line; text stands in quotes"),
    ("invalid basic string", "close the string in its line, or use `\"\"\"` for several lines"),
    ("invalid literal string", "close the string in its line, or use `'''` for several lines"),
    ("missing escaped value", "a backslash itself is written `\\\\`; strings in single quotes have no escapes"),
    ("unexpected leading zero", "remove the zero, or put the text in quotes"),
];

/// The start of the character that byte `at` belongs to.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

fn list(expected: &[Expected]) -> String {
    let words: Vec<String> = expected
        .iter()
        .map(|word| match word {
            Expected::Literal("\n") => "the end of the line".to_owned(),
            Expected::Literal(text) => format!("`{text}`"),
            Expected::Description(text) => (*text).to_owned(),
            other => format!("{other:?}"),
        })
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests;
