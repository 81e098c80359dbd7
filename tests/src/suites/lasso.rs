//! Lasso: recorded calls of an older system's functions.

use serde_json::Value as Json;
use wfc_driver::Session;
use wfc_expr::{cond, Value};

use super::Suite;
use crate::{Case, How, Malformed, Outcome};

/// A file is a list of calls.
pub(super) const SUITE: Suite = Suite { name: "lasso", kinds: KINDS, extension: ".json", beside: &[], read, judge };

/// The areas Lasso was recorded in: the first part of a case's name.
const KINDS: &[&str] = &[
    "adaptive",
    "capabilities",
    "classify",
    "command_input",
    "commands",
    "compile",
    "compose",
    "condition",
    "derive",
    "diff",
    "environment",
    "failure_modes",
    "feedback",
    "lineage_store",
    "lower",
    "memory_advice",
    "memory_patterns",
    "memory_store",
    "metaharness",
    "mutate",
    "optimize",
    "plan",
    "predict",
    "recovery",
    "reference",
    "replan",
    "run",
    "runtime_helpers",
    "skill",
    "state",
    "synthesis",
    "validate",
    "validate_cir",
    "verification",
    "versioning",
];

/// The rule that names what the front end knows of and does not read.
const UNSUPPORTED: &str = "harness-unsupported";

fn read(text: &str) -> Vec<Result<Case, Malformed>> {
    match serde_json::from_str::<Json>(text) {
        Ok(Json::Array(calls)) => calls.into_iter().enumerate().map(|(index, call)| case(index, call)).collect(),
        Ok(_) => vec![Err(Malformed::file("expected a list of cases"))],
        Err(why) => vec![Err(Malformed::file(why))],
    }
}

fn case(index: usize, body: Json) -> Result<Case, Malformed> {
    let string = |name: &str| body.get(name).and_then(Json::as_str).map(str::to_owned);
    let need = |name: &str| Malformed::file(format!("case {} needs `{name}`", index + 1));
    let id = string("id").ok_or_else(|| need("id"))?;
    string("function").ok_or_else(|| need("function"))?;
    for name in ["input", "expected"] {
        body.get(name).filter(|json| json.is_object()).ok_or_else(|| need(name))?;
    }
    let kind = id.split('/').next().unwrap_or_default().to_owned();
    Ok(Case { id: Some(id), line: None, kind, subject: String::new(), body })
}

fn judge(case: &Case, _: How) -> Outcome {
    match case.text(&["function"]) {
        Some("evaluateConditionExpression") => condition(case),
        Some("validateHarnessSpec") => validate(case),
        function => Outcome::NotApplicable(format!("Lasso's {}", function.unwrap_or_default())),
    }
}

fn condition(case: &Case) -> Outcome {
    let expected = recorded(case, Json::as_bool);
    let parsed = cond::parse(case.text(&["input", "expression"]).unwrap_or_default());
    let value = |name| case.get(&["input", "state", name]).and_then(|json| Value::parse(&json.to_string()).ok());
    let (input, outputs) = (value("input").unwrap_or(Value::Null), value("outputs").unwrap_or(Value::Null));
    let found = parsed.map_err(|error| error.message);
    let found = found.and_then(|cond| cond::eval(&cond, &input, &outputs).map_err(|error| error.to_string()));
    match (&expected, &found) {
        (Ok(_), Ok(_)) => Outcome::same("value", expected, found),
        _ => Outcome::verdict(expected.map(|_| ()), found.map(|_| ())),
    }
}

fn validate(case: &Case) -> Outcome {
    let expected = match recorded(case, |value| value.get("valid")?.as_bool()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(first_error(case).map_or_else(String::new, Json::to_string)),
        Err(why) => Err(why),
    };
    let spec = case.get(&["input", "spec"]).unwrap_or(&Json::Null).to_string();
    let found = Session::new().check_bytes("spec.harness.json", spec.into_bytes()).diagnostics;
    let (unsupported, refusals): (Vec<_>, Vec<_>) =
        found.iter().filter(|d| d.blocking).partition(|d| d.rule.name == UNSUPPORTED);
    let refusal = refusals.first().map(|first| format!("{}: {}", first.rule.name, first.message));
    // What is not read might be the very fault, or what leads to a node that nothing else leads to.
    if !unsupported.is_empty() && (expected.is_ok() || refusal.is_none()) {
        return Outcome::NotApplicable("harnesses with fields not supported yet".to_owned());
    }
    Outcome::verdict(expected, refusal.map_or(Ok(()), Err))
}

fn first_error(case: &Case) -> Option<&Json> {
    case.get(&["expected", "value", "errors"])?.as_array()?.first()
}

/// The recorded value as `read` takes it, or the recorded error.
fn recorded<T>(case: &Case, read: impl Fn(&Json) -> Option<T>) -> Result<T, String> {
    match case.get(&["expected", "value"]).and_then(read) {
        Some(value) => Ok(value),
        None => Err(case.text(&["expected", "error", "message"]).unwrap_or("a value of another type").to_owned()),
    }
}
