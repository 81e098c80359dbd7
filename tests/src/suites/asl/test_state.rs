//! Judges single states: what the service refuses, and what it answers to everything else.

use serde_json::{json, Value as Json};
use wfc_driver::runtime::NoTools;
use wfc_driver::teststate::{
    test_state, Answer, Configuration, Inspection, Mock, MockError, Refusal, Request, Validation,
};
use wfc_driver::Session;

use super::compare::{Texts, Words};
use super::{definition, recorded, FILE};
use crate::{Case, Outcome};

/// Recordings hide the name of the role, and show its account in what is invented.
const ROLE: &str = "arn:aws:iam::111111111111:role/role";

/// Tries the state of a case and compares all there is.
pub(super) fn judge(case: &Case) -> Outcome {
    if case.text(&["replay"]) == Some("handler") {
        return Outcome::NotApplicable("running the recorded functions".to_owned());
    }
    match test_state(&mut Session::new(), &request(case), &NoTools) {
        Ok(answer) => answered(case, &answer),
        Err(refusal) => refused(case, &refusal),
    }
}

fn answered(case: &Case, answer: &Answer) -> Outcome {
    let words = case.get(&["wildcards"]).and_then(Json::as_array).into_iter().flatten();
    let words = Words::new(words.filter_map(Json::as_str).map(str::to_owned).collect());
    let expected = case.get(&["expected"]).unwrap_or(&Json::Null);
    match words.difference(expected, &recorded::json(&answer.to_value()), Texts::Json) {
        Some(difference) => Outcome::Failed(difference.to_string()),
        None => Outcome::Passed,
    }
}

fn refused(case: &Case, refusal: &Refusal) -> Outcome {
    let expected = ["status", "error_code", "message"].map(|name| case.text(&["expected", name]).unwrap_or_default());
    Outcome::same("answer", expected, ["REJECTED", refusal.code.name(), &refusal.message])
}

fn request(case: &Case) -> Request {
    let text = |name: &str| case.text(&["request", name]).map(str::to_owned);
    let value = |path: &[&str]| case.get(path).map(recorded::value);
    Request {
        file: FILE.to_owned(),
        definition: definition::text(case).into_bytes(),
        state_name: text("stateName"),
        input: value(&["request", "input"]).unwrap_or_else(|| recorded::value(&json!({}))),
        inspection: match case.text(&["request", "inspectionLevel"]) {
            Some("DEBUG") => Inspection::Debug,
            Some("TRACE") => Inspection::Trace,
            _ => Inspection::Info,
        },
        role_arn: text("roleArn").map(|_| ROLE.to_owned()),
        mock: case.get(&["request", "mock"]).map(mock),
        context: value(&["request", "context"]),
        variables: value(&["request", "variables"]),
        configuration: case.get(&["request", "stateConfiguration"]).map(configuration).unwrap_or_default(),
        reveal_secrets: case.get(&["request", "revealSecrets"]) == Some(&Json::Bool(true)),
        now: 0,
    }
}

fn mock(json: &Json) -> Mock {
    let text = |from: &Json, name: &str| from.get(name).and_then(Json::as_str).map(str::to_owned);
    let error = |error: &Json| MockError { error: text(error, "error"), cause: text(error, "cause") };
    Mock {
        result: json.get("result").map(recorded::value),
        error: json.get("errorOutput").map(error),
        validation: match text(json, "fieldValidationMode").as_deref() {
            Some("PRESENT") => Validation::Present,
            Some("NONE") => Validation::None,
            _ => Validation::Strict,
        },
    }
}

fn configuration(json: &Json) -> Configuration {
    let number = |name: &str| json.get(name).and_then(Json::as_u64);
    Configuration {
        retrier_retry_count: number("retrierRetryCount").unwrap_or_default(),
        map_iteration_failure_count: number("mapIterationFailureCount"),
        error_caused_by_state: json.get("errorCausedByState").and_then(Json::as_str).map(str::to_owned),
        map_item_reader_data: json.get("mapItemReaderData").map(recorded::value),
    }
}
