//! GitLab's Code Quality report.

use serde::Serialize;
use wfc_diag::{Diagnostic, Severity};

use crate::fingerprint::Fingerprints;
use crate::place::{Place, Places};
use crate::{pretty, Report};

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

pub(crate) fn render(report: &Report) -> String {
    let places = Places::of(report);
    let mut fingerprints = Fingerprints::default();
    let issues: Vec<Issue> = report.diagnostics.iter().map(|d| issue(&places, &mut fingerprints, d)).collect();
    pretty(&issues)
}

fn issue<'a>(places: &Places<'a>, fingerprints: &mut Fingerprints, diagnostic: &'a Diagnostic) -> Issue<'a> {
    Issue {
        description: &diagnostic.message,
        check_name: diagnostic.rule.name,
        fingerprint: fingerprints.next(places, diagnostic),
        severity: severity(diagnostic),
        location: location(places.place(diagnostic.primary.span)),
    }
}

fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error if diagnostic.blocking => "blocker",
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}

/// The host matches paths as text and knows them without a leading `./`.
fn location(place: Place) -> Location {
    let path = place.file.strip_prefix("./").unwrap_or(place.file);
    Location { path, lines: Lines { begin: place.start.line, end: place.end.line } }
}
