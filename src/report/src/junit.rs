//! JUnit XML: a suite for each file, a failing case for each finding, a passing one for a clean file.

use std::collections::HashMap;
use std::fmt::Write;

use wfc_diag::{Diagnostic, FileId, Severity};

use crate::place::Places;
use crate::{short, Report, TOOL};

pub(crate) fn render(report: &Report) -> String {
    let places = Places::of(report);
    let suites: Vec<(&str, Vec<&Diagnostic>)> = by_file(report, &places);
    let tests: usize = suites.iter().map(|(_, findings)| findings.len().max(1)).sum();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let failures = failures(report.diagnostics.iter());
    xml += &format!("<testsuites name=\"{TOOL}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n");
    for (file, findings) in suites {
        xml += &suite(&places, file, &findings);
    }
    xml + "</testsuites>\n"
}

/// The files looked at, then others with findings, each with its findings in the given order.
fn by_file<'a>(report: &Report<'a>, places: &Places<'a>) -> Vec<(&'a str, Vec<&'a Diagnostic>)> {
    let mut suites: Vec<(&str, Vec<&Diagnostic>)> = Vec::new();
    let mut index: HashMap<FileId, usize> = HashMap::new();
    let found = report.diagnostics.iter().map(|diagnostic| (diagnostic.primary.span.file, Some(diagnostic)));
    for (file, diagnostic) in report.checked.iter().map(|&file| (file, None)).chain(found) {
        let suite = *index.entry(file).or_insert_with(|| {
            suites.push((places.file(file).name(), Vec::new()));
            suites.len() - 1
        });
        suites[suite].1.extend(diagnostic);
    }
    suites
}

fn suite(places: &Places, file: &str, findings: &[&Diagnostic]) -> String {
    let name = escape(file);
    let tests = findings.len().max(1);
    let failures = failures(findings.iter().copied());
    let mut xml = format!("  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n");
    if findings.is_empty() {
        xml += &format!("    <testcase name=\"check\" classname=\"{name}\" file=\"{name}\"/>\n");
    }
    for finding in findings {
        xml += &case(places, &name, finding);
    }
    xml + "  </testsuite>\n"
}

fn case(places: &Places, file: &str, finding: &Diagnostic) -> String {
    let start = places.place(finding.primary.span).start;
    let rule = escape(finding.rule.name);
    let (line, column) = (start.line, start.column);
    let name = format!("{rule} at {line}:{column}");
    let body = content(&body(places, finding));
    let outcome = if is_failure(finding) {
        let (message, severity) = (escape(&finding.message), finding.severity.word());
        format!("<failure message=\"{message}\" type=\"{severity}\">{body}</failure>")
    } else {
        format!("<system-out>{body}</system-out>")
    };
    format!(
        "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{line}\">\n      {outcome}\n    </testcase>\n"
    )
}

fn body(places: &Places, finding: &Diagnostic) -> String {
    let help = finding.help.iter().map(|help| format!("\nhelp: {help}"));
    let notes = finding.notes.iter().map(|note| format!("\nnote: {note}"));
    std::iter::once(short::line(places, finding)).chain(help).chain(notes).collect()
}

fn failures<'a>(findings: impl Iterator<Item = &'a Diagnostic>) -> usize {
    findings.filter(|finding| is_failure(finding)).count()
}

fn is_failure(finding: &Diagnostic) -> bool {
    finding.severity != Severity::Info
}

/// The text for content, where line ends stay as they are.
pub fn content(text: &str) -> String {
    text.lines().map(escape).collect::<Vec<_>>().join("\n")
}

/// The text for an attribute; characters XML 1.0 has no way to write are left out.
pub fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            // Attributes are normalised by parsers: only references keep these three.
            '\n' | '\r' | '\t' => {
                let _ = write!(out, "&#{};", c as u32);
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
        out
    })
}
