//! Results for people: a line for each test, and what is not as expected below it.

use std::fmt::Write;

use super::execute::{Outcome, Verdict};
use super::expect::Mismatch;

pub(super) fn render(verdicts: &[Verdict], color: bool) -> String {
    let mut out = String::new();
    let mut file = None;
    for verdict in verdicts {
        if file != Some(&verdict.file) {
            file = Some(&verdict.file);
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{}", verdict.file);
        }
        let (word, code) = word(&verdict.outcome);
        let name = clean(&verdict.name);
        let _ = writeln!(out, "  {}  {name}", paint(&format!("{word:<5}"), code, color));
        match &verdict.outcome {
            Outcome::Passed => {}
            Outcome::Broken(why) => out += &indented(why),
            Outcome::Failed(mismatches) => mismatches.iter().for_each(|one| out += &indented(&text(one))),
        }
    }
    out + &sentence(verdicts) + "\n"
}

fn word(outcome: &Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Passed => ("ok", "32"),
        Outcome::Failed(_) => ("FAIL", "1;31"),
        Outcome::Broken(_) => ("ERROR", "1;31"),
    }
}

fn paint(text: &str, code: &str, color: bool) -> String {
    if color {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("         {}\n", clean(line))).collect()
}

/// The text without characters a terminal would act on.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// What was expected and what was found: in one line if both are short, as a difference otherwise.
pub(super) fn text(mismatch: &Mismatch) -> String {
    let Mismatch { what, expected, found } = mismatch;
    if !expected.contains('\n') && !found.contains('\n') {
        return format!("{what}: expected {expected}, found {found}");
    }
    let diff = similar::TextDiff::from_lines(expected.as_str(), found.as_str());
    let lines = diff.iter_all_changes().map(|change| {
        let sign = match change.tag() {
            similar::ChangeTag::Delete => '-',
            similar::ChangeTag::Insert => '+',
            similar::ChangeTag::Equal => ' ',
        };
        format!("  {sign} {}", change.value().trim_end_matches('\n'))
    });
    std::iter::once(format!("{what} (- expected, + found):")).chain(lines).collect::<Vec<_>>().join("\n")
}

fn sentence(verdicts: &[Verdict]) -> String {
    let count = |wanted: fn(&Outcome) -> bool| verdicts.iter().filter(|verdict| wanted(&verdict.outcome)).count();
    let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    let broken = count(|outcome| matches!(outcome, Outcome::Broken(_)));
    let tests = if verdicts.len() == 1 { "1 test".to_owned() } else { format!("{} tests", verdicts.len()) };
    let mut out = format!("{tests}: {} passed", verdicts.len() - failed - broken);
    if failed > 0 {
        let _ = write!(out, ", {failed} failed");
    }
    if broken > 0 {
        let _ = write!(out, ", {broken} could not be run");
    }
    out
}
