//! Reviewdog Diagnostic Format; its columns count bytes.

use serde::Serialize;
use wfc_diag::{Diagnostic, Edit, Severity};

use crate::place::{Place, Places, Position};
use crate::{pretty, Report, TOOL};

#[derive(Serialize)]
struct DiagnosticResult<'a> {
    source: Source,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Finding<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

pub(crate) fn render(report: &Report) -> String {
    let places = Places::of(report);
    let diagnostics = report.diagnostics.iter().map(|d| finding(&places, d)).collect();
    pretty(&DiagnosticResult { source: Source { name: TOOL }, diagnostics })
}

fn finding<'a>(places: &Places<'a>, diagnostic: &'a Diagnostic) -> Finding<'a> {
    let place = places.place(diagnostic.primary.span);
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    Finding {
        message: std::iter::once(diagnostic.message.clone()).chain(help).collect(),
        location: Location { path: place.file, range: range(&place) },
        severity: severity(diagnostic.severity),
        code: Code { value: diagnostic.rule.name },
        suggestions: suggestions(places, diagnostic),
    }
}

/// A suggestion has no path of its own, so a fix that touches other files cannot be told.
fn suggestions<'a>(places: &Places, diagnostic: &'a Diagnostic) -> Vec<Suggestion<'a>> {
    let edits: &[Edit] = diagnostic.fix.as_ref().map_or(&[], |fix| &fix.edits);
    if edits.iter().any(|edit| edit.span.file != diagnostic.primary.span.file) {
        return Vec::new();
    }
    edits.iter().map(|edit| Suggestion { range: range(&places.place(edit.span)), text: &edit.text }).collect()
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    }
}

fn range(place: &Place) -> Range {
    Range { start: point(place.start), end: point(place.end) }
}

fn point(position: Position) -> Point {
    Point { line: position.line, column: position.byte_column }
}
