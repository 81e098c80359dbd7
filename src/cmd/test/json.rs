//! Results for programs: one versioned object.

use serde_json::{json, Value};

use super::execute::{Outcome, Verdict};

/// The number of the layout.
const VERSION: u32 = 1;

pub(super) fn render(verdicts: &[Verdict]) -> String {
    let tests: Vec<Value> = verdicts.iter().map(test).collect();
    let passed = verdicts.iter().filter(|verdict| verdict.passed()).count();
    pretty(&json!({"version": VERSION, "total": verdicts.len(), "passed": passed, "tests": tests}))
}

fn test(verdict: &Verdict) -> Value {
    let (outcome, mismatches, reason) = match &verdict.outcome {
        Outcome::Passed => ("passed", Vec::new(), None),
        Outcome::Failed(mismatches) => ("failed", mismatches.clone(), None),
        Outcome::Broken(why) => ("broken", Vec::new(), Some(why)),
    };
    let mismatches: Vec<Value> =
        mismatches.iter().map(|one| json!({"what": one.what, "expected": one.expected, "found": one.found})).collect();
    json!({
        "file": verdict.file, "line": verdict.line, "name": verdict.name, "machine": verdict.machine,
        "outcome": outcome, "seconds": verdict.took.as_secs_f64(), "mismatches": mismatches, "reason": reason,
    })
}

/// Indented JSON with a final newline.
pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
