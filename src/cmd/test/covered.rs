//! What the tests got to, for each machine, and what they left out shown in its source.

use wfc_diag::FileId;
use wfc_driver::testing::coverage::{self, Coverage};
use wfc_report::{Format, Report};

use super::collect::Suite;
use super::execute::Verdict;
use crate::cmd::terminal;

/// More places than these are counted, not shown.
const MAX_SHOWN: usize = 50;

/// The coverage of each machine that can be run, by file.
pub(super) fn count(suite: &Suite, verdicts: &[Verdict]) -> Vec<Coverage> {
    let loaded = suite.machines.iter().filter_map(|(file, machine)| Some((file, machine.as_ref()?)));
    loaded
        .map(|(file, machine)| {
            let mut coverage = Coverage::new(file, machine.parts());
            let own = verdicts.iter().filter(|verdict| verdict.machine == *file);
            own.for_each(|verdict| coverage.add(&verdict.ways));
            coverage
        })
        .collect()
}

/// The places no test got to, then a table.
pub(super) fn human(suite: &Suite, all: &[Coverage], color: bool) -> String {
    let mut missed: Vec<_> = all.iter().flat_map(Coverage::uncovered).collect();
    let hidden = missed.len().saturating_sub(MAX_SHOWN);
    missed.truncate(MAX_SHOWN);
    let mut out = String::from("\n");
    if !missed.is_empty() {
        let rules = wfc_driver::explain::all_rules();
        let checked: Vec<FileId> = missed.iter().map(|found| found.primary.span.file).collect();
        let report = Report {
            sources: suite.session.sources(),
            diagnostics: &missed,
            rules: &rules,
            checked: &checked,
            tool_version: env!("CARGO_PKG_VERSION"),
        };
        let drawn = wfc_report::render(&report, Format::Human, terminal::style(color));
        // The last line counts findings, which the table does better.
        out += drawn.trim_end().rsplit_once('\n').map_or("", |(excerpts, _)| excerpts).trim_end();
        out += "\n\n";
    }
    if hidden > 0 {
        out += &format!("{hidden} more places, all with --coverage=json\n\n");
    }
    out + &coverage::table(all)
}
