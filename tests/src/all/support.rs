//! What several parts share: absent recordings, findings as text, reading files that must be there.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use wfc_driver::{Analysis, Session};
use wfc_tests::files;

/// Trials over a file or folder of the recordings; without it one trial that says so and is not run.
pub(crate) fn over_shared(part: &str, path: &str, trials: impl FnOnce(PathBuf) -> Vec<Trial>) -> Vec<Trial> {
    match files::shared(path) {
        Some(root) => trials(root),
        None => vec![skipped(format!("{part} skipped: ../shared/{path} is absent"))],
    }
}

/// A trial that is listed and not run: its name says why.
pub(crate) fn skipped(name: String) -> Trial {
    Trial::test(name, || Ok(())).with_ignored_flag(true)
}

/// Every file below a folder of the workspace; a folder that is not there has none.
pub(crate) fn files_below(folder: &str) -> Vec<PathBuf> {
    files::walk(&files::workspace().join(folder)).unwrap_or_default()
}

/// The text of a file that must be there.
pub(crate) fn read(path: &Path) -> Result<String, Failed> {
    fs::read_to_string(path).map_err(|error| fail(format!("{}: {error}", path.display())))
}

/// A failure in words.
pub(crate) fn fail(why: impl Display) -> Failed {
    Failed::from(why.to_string())
}

/// A failure with one line for each complaint, or none if there is no complaint.
pub(crate) fn none_of(complaints: &[String]) -> Result<(), Failed> {
    if complaints.is_empty() {
        Ok(())
    } else {
        Err(fail(complaints.join("\n")))
    }
}

/// Checks a text with default settings and gives every finding as `line:column rule: message`.
pub(crate) fn findings(name: &str, text: &str) -> Vec<Found> {
    let mut session = Session::new();
    let analysis = session.check_bytes(name, text.as_bytes().to_vec());
    list(&session, &analysis)
}

/// A finding with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The name of the rule.
    pub(crate) rule: &'static str,
    /// The lower-case word for its severity.
    pub(crate) severity: &'static str,
    /// Where it starts, from 1.
    pub(crate) line: u32,
    /// Where it starts in the line, from 1.
    pub(crate) column: u32,
    /// What it says.
    pub(crate) message: String,
    /// Whether it comes with a fix.
    pub(crate) fixable: bool,
}

impl Display for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{} {}[{}]: {}", self.line, self.column, self.severity, self.rule, self.message)
    }
}

/// The findings of an analysis with their places.
pub(crate) fn list(session: &Session, analysis: &Analysis) -> Vec<Found> {
    let found = analysis.diagnostics.iter().map(|d| {
        let span = d.primary.span;
        let at = session.sources().file(span.file).map(|file| file.line_column(span.start as usize));
        let (line, column) = at.map_or((0, 0), |at| (at.line, at.column));
        let (rule, severity) = (d.rule.name, d.severity.word());
        Found { rule, severity, line, column, message: d.message.clone(), fixable: d.fix.is_some() }
    });
    found.collect()
}
