//! One line for each finding: `file:line:column: error[rule]: message`.

use wfc_diag::Diagnostic;

use crate::place::Places;
use crate::{clean, Report};

pub(crate) fn render(report: &Report) -> String {
    let places = Places::of(report);
    report.diagnostics.iter().map(|diagnostic| line(&places, diagnostic) + "\n").collect()
}

pub(crate) fn line(places: &Places, diagnostic: &Diagnostic) -> String {
    let place = places.place(diagnostic.primary.span);
    format!(
        "{}:{}:{}: {}[{}]: {}",
        clean::line(place.file),
        place.start.line,
        place.start.column,
        diagnostic.severity.word(),
        diagnostic.rule.name,
        clean::line(&diagnostic.message),
    )
}
