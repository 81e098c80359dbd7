//! Counting findings: the last line people read, the numbers programs read, and `--statistics`.

use std::collections::{BTreeMap, BTreeSet};

use wfc_diag::{Diagnostic, Rule, Safety, Severity};

use crate::Report;

/// How many findings of which kind there are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) infos: usize,
    pub(crate) blocking: usize,
    pub(crate) safe_fixes: usize,
    pub(crate) unsafe_fixes: usize,
    /// Files looked at, findings or not.
    pub(crate) checked: usize,
    /// Files with findings.
    pub(crate) affected: usize,
}

impl Counts {
    pub(crate) fn of(report: &Report) -> Self {
        let affected: BTreeSet<_> = report.diagnostics.iter().map(|d| d.primary.span.file).collect();
        let checked: BTreeSet<_> = report.checked.iter().chain(&affected).collect();
        let mut counts = Self { checked: checked.len(), affected: affected.len(), ..Self::default() };
        for diagnostic in report.diagnostics {
            counts.add(diagnostic);
        }
        counts
    }

    fn add(&mut self, diagnostic: &Diagnostic) {
        match diagnostic.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
        self.blocking += usize::from(diagnostic.blocking);
        match diagnostic.fix.as_ref().map(|fix| fix.safety) {
            Some(Safety::Safe) => self.safe_fixes += 1,
            Some(Safety::Unsafe) => self.unsafe_fixes += 1,
            None => {}
        }
    }

    /// `2 errors, 1 warning in 1 of 3 files; 1 fixable with --fix`.
    pub(crate) fn sentence(&self) -> String {
        let severities = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")];
        let found = severities.into_iter().filter(|(count, _)| *count > 0);
        let found: Vec<String> = found.map(|(count, word)| plural(count, word)).collect();
        if found.is_empty() {
            return format!("no problems in {}", plural(self.checked, "file"));
        }
        format!("{} in {}{}", found.join(", "), self.files(), self.fixes())
    }

    fn files(&self) -> String {
        if self.affected == self.checked {
            plural(self.checked, "file")
        } else {
            format!("{} of {}", self.affected, plural(self.checked, "file"))
        }
    }

    fn fixes(&self) -> String {
        match (self.safe_fixes, self.unsafe_fixes) {
            (0, 0) => String::new(),
            (safe, 0) => format!("; {safe} fixable with --fix"),
            (0, risky) => format!("; {risky} fixable with --unsafe-fixes"),
            (safe, risky) => format!("; {safe} fixable with --fix, {risky} more with --unsafe-fixes"),
        }
    }
}

/// How often each rule was broken, the most frequent first: one line a rule with count, name and summary.
pub fn statistics(report: &Report) -> String {
    let mut counts: BTreeMap<&str, (usize, &Rule)> = BTreeMap::new();
    for diagnostic in report.diagnostics {
        counts.entry(diagnostic.rule.name).or_insert((0, diagnostic.rule)).0 += 1;
    }
    let mut rows: Vec<(usize, &Rule)> = counts.into_values().collect();
    // The map is ordered by name and the sort is stable: equal counts stay in the order of names.
    rows.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let digits = rows.first().map_or(1, |(count, _)| count.to_string().len());
    let widest = rows.iter().map(|(_, rule)| rule.name.len()).max().unwrap_or(0);
    let line = |(count, rule): &(usize, &Rule)| format!("{count:digits$}  {:widest$}  {}\n", rule.name, rule.summary);
    rows.iter().map(line).collect()
}

/// `1 file`, `2 files`.
pub(crate) fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
