//! JSONata: a case a line, as expression, data and the answer of the reference implementation.

use serde_json::Value as Json;
use wfc_expr::jsonata;

use super::Suite;
use crate::{Case, How, Malformed, Outcome};

/// The cases of the official suite and generated ones.
pub(super) const SUITE: Suite =
    Suite { name: "jsonata", kinds: &["suite", "differential"], extension: ".jsonl", beside: &[], read, judge };

fn read(text: &str) -> Vec<Result<Case, Malformed>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(index, line)| case(index + 1, line)).collect()
}

fn case(line: usize, text: &str) -> Result<Case, Malformed> {
    let body: Json = serde_json::from_str(text).map_err(|why| Malformed::at(line, why))?;
    let subject = body.get("expr").and_then(Json::as_str);
    let subject = subject.ok_or_else(|| Malformed::at(line, "a case needs an `expr`"))?.to_owned();
    let kind = if body.get("expected").is_some() { "differential" } else { "suite" };
    let answers = ["expected", "result", "undefinedResult", "code", "error"];
    if !answers.iter().any(|name| body.get(name).is_some()) {
        return Err(Malformed::at(line, format!("a case needs one of {}", answers.join(", "))));
    }
    Ok(Case { id: None, line: Some(line), kind: kind.to_owned(), subject, body })
}

fn judge(case: &Case, how: How) -> Outcome {
    let expected = expected_code(case);
    let found = jsonata::parse(&case.subject).map(|_| ()).map_err(|error| error.code);
    if how.parse_only {
        let named = |code: Option<&str>| code.map_or(Ok(()), |code| Err(code.to_owned()));
        return Outcome::verdict(named(expected), named(found.err()));
    }
    match (expected, found) {
        (None, Ok(())) => Outcome::NotApplicable("evaluating JSONata".to_owned()),
        (expected, found) => Outcome::same("code of the syntax error", expected, found.err()),
    }
}

/// The code of the recorded syntax error. Those codes start with S, and no others do.
fn expected_code(case: &Case) -> Option<&str> {
    let places: [&[&str]; 4] = [&["expected", "code"], &["expected", "error", "code"], &["code"], &["error", "code"]];
    places.iter().find_map(|path| case.text(path)).filter(|code| code.starts_with('S'))
}
