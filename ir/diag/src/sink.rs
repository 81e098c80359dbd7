//! Where findings are put while a file is read, so that every mistake is reported in one run.

use crate::{Diagnostic, Severity};

/// Collects findings, up to a limit that keeps a hopeless file from eating memory.
#[derive(Debug)]
pub struct Sink {
    found: Vec<Diagnostic>,
    limit: usize,
    dropped: usize,
}

impl Default for Sink {
    fn default() -> Self {
        Self::with_limit(10_000)
    }
}

impl Sink {
    /// A sink that keeps at most `limit` findings and counts the rest.
    pub fn with_limit(limit: usize) -> Self {
        Self { found: Vec::new(), limit, dropped: 0 }
    }

    /// Takes a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < self.limit {
            self.found.push(diagnostic);
        } else {
            self.dropped += 1;
        }
    }

    /// Whether a finding of severity error has been taken.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.severity == Severity::Error)
    }

    /// The findings so far, in the order they were made.
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// The first error that was taken, for a later stage to add what it knows.
    pub fn first_error_mut(&mut self) -> Option<&mut Diagnostic> {
        self.found.iter_mut().find(|d| d.severity == Severity::Error)
    }

    /// Keeps only the findings that `keep` wants, for a later stage that has settled what an earlier one found.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.found.retain(keep);
    }

    /// How many findings were over the limit.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// The findings in reading order: by file, position, then rule name. The order is total, so that two runs
    /// print the same text.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.primary.span.file, d.primary.span.start, d.primary.span.end);
            key(a).cmp(&key(b)).then_with(|| a.rule.name.cmp(b.rule.name)).then_with(|| a.message.cmp(&b.message))
        });
        self.found.dedup();
        self.found
    }
}
