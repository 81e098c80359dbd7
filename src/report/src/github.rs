//! Workflow commands of GitHub Actions: annotations in the log of a job.

use wfc_diag::{Diagnostic, Severity};

use crate::place::{Place, Places};
use crate::{clean, Report};

pub(crate) fn render(report: &Report) -> String {
    let places = Places::of(report);
    report.diagnostics.iter().map(|diagnostic| command(&places, diagnostic)).collect()
}

fn command(places: &Places, diagnostic: &Diagnostic) -> String {
    let place = places.place(diagnostic.primary.span);
    format!(
        "::{} file={},{},title={}::{}\n",
        level(diagnostic.severity),
        property(&clean::line(place.file)),
        region(&place),
        property(diagnostic.rule.name),
        data(&text(diagnostic)),
    )
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

/// Columns are left out over several lines: the host refuses them there.
fn region(place: &Place) -> String {
    let (start, end) = (place.start, place.end);
    if start.line == end.line {
        format!("line={},endLine={},col={},endColumn={}", start.line, end.line, start.column, end.column)
    } else {
        format!("line={},endLine={}", start.line, end.line)
    }
}

fn text(diagnostic: &Diagnostic) -> String {
    let mut text = clean::lines(&diagnostic.message);
    if let Some(help) = &diagnostic.help {
        text += "\nhelp: ";
        text += &clean::lines(help);
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
