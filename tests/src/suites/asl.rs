//! Amazon States Language: definitions with what the service answered, one case a file.

mod compare;
mod definition;
mod execution;
mod history;
mod instants;
mod recorded;
mod test_state;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use wfc_analyze::{expressions, reads};
use wfc_cir::{Expr, ExprKind, MachineType, Module};
use wfc_diag::Diagnostic;
use wfc_driver::{Analysis, Session};
use wfc_source::rules;

use super::Suite;
use crate::{Case, How, Malformed, Outcome};

/// Cases of every kind of request the service answers.
pub(super) const SUITE: Suite = Suite {
    name: "asl",
    kinds: &["create_error", "validate", "variable_references", "execution", "test_state"],
    extension: ".json",
    beside: &["index.json", "normalisation.json"],
    read,
    judge,
};

/// The name the definition is checked under: it makes the front end sure.
const FILE: &str = "definition.asl.json";

/// The service's code for everything but transitions.
const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

fn read(text: &str) -> Vec<Result<Case, Malformed>> {
    vec![case(text)]
}

fn case(text: &str) -> Result<Case, Malformed> {
    let body: Json = serde_json::from_str(text).map_err(Malformed::file)?;
    let string = |name: &str| body.get(name).and_then(Json::as_str).map(str::to_owned);
    let need = |name: &str| Malformed::file(format!("a case needs `{name}`"));
    let kind = string("kind").ok_or_else(|| need("kind"))?;
    if !body.get("expected").is_some_and(Json::is_object) {
        return Err(need("expected"));
    }
    if body.get("definition").or_else(|| body.get("definition_raw")).is_none() {
        return Err(need("definition"));
    }
    Ok(Case { id: string("id"), line: None, kind, subject: String::new(), body })
}

fn judge(case: &Case, how: How) -> Outcome {
    match case.kind.as_str() {
        "create_error" => create_error(case, how),
        "validate" => validate(case, how),
        "variable_references" => variable_references(case, how),
        _ if how.parse_only => runnable(case),
        "execution" => execution::judge(case, check(case, definition::text(case))),
        _ => test_state::judge(case),
    }
}

fn create_error(case: &Case, how: How) -> Outcome {
    let found = check(case, definition::text(case));
    let message = case.text(&["expected", "message"]).unwrap_or_default();
    let refused = case.text(&["expected", "status"]) == Some("REJECTED");
    let expected = if refused { Err(message.to_owned()) } else { Ok(()) };
    let verdict = Outcome::verdict(expected, verdict(&found));
    // Other sources word the same refusal in their own way.
    let owners = refused && case.text(&["provenance"]) == Some("aws");
    if how.parse_only || !owners {
        return verdict;
    }
    verdict.and_then(|| Outcome::same("message", message.to_owned(), exception(&found)))
}

/// What the service says when it refuses to create the machine.
fn exception(found: &Analysis) -> String {
    let all: Vec<String> = owner_words(found).into_iter().map(|words| words.in_exception()).collect();
    format!("Invalid State Machine Definition: '{}'", all.join(", "))
}

fn validate(case: &Case, how: How) -> Outcome {
    let found = check(case, definition::text(case));
    let fails = case.text(&["expected", "status"]) == Some("FAIL");
    let expected: Vec<OwnerWords> = recorded_diagnostics(case);
    let reason = expected.first().map(|first| first.message.clone()).unwrap_or_default();
    let verdict = Outcome::verdict(if fails { Err(reason) } else { Ok(()) }, verdict(&found));
    if how.parse_only {
        return verdict;
    }
    verdict.and_then(|| Outcome::same("diagnostics", expected, owner_words(&found)))
}

fn recorded_diagnostics(case: &Case) -> Vec<OwnerWords> {
    let list = case.get(&["expected", "diagnostics"]).and_then(Json::as_array);
    let text = |json: &Json, name: &str| json.get(name).and_then(Json::as_str).map(str::to_owned);
    let words = |json| OwnerWords {
        code: text(json, "code").unwrap_or_default(),
        message: text(json, "message").unwrap_or_default(),
        location: text(json, "location"),
    };
    list.into_iter().flatten().map(words).collect()
}

fn variable_references(case: &Case, how: How) -> Outcome {
    let found = check(case, definition::text(case));
    let verdict = Outcome::verdict(Ok(()), verdict(&found));
    if how.parse_only {
        return verdict;
    }
    let expected = case.get(&["expected", "variableReferences"]).cloned();
    let expected: References = expected.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default();
    verdict.and_then(|| {
        Outcome::same("variable references", expected, found.module.as_ref().map(read_by_state).unwrap_or_default())
    })
}

/// The variables that each state reads outside JSONata: the service leaves JSONata out of its answer.
type References = BTreeMap<String, BTreeSet<String>>;

fn read_by_state(module: &Module) -> References {
    let mut found = References::new();
    for (id, node) in module.nodes.iter() {
        let mut names = BTreeSet::new();
        expressions(module, id, &mut |_, expr| {
            if !has_jsonata(expr) {
                names.extend(reads(expr).into_iter().map(|read| read.name.to_owned()));
            }
        });
        if let (Some(state), false) = (node.key.segments().pop(), names.is_empty()) {
            found.entry(state).or_default().extend(names);
        }
    }
    found
}

fn has_jsonata(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| found |= matches!(part.kind, ExprKind::Jsonata { .. }));
    found
}

/// Whether a definition that the service ran is accepted.
fn runnable(case: &Case) -> Outcome {
    let message = case
        .text(&["expected", "message"])
        .filter(|_| case.text(&["expected", "error_code"]) == Some("InvalidDefinition"));
    let expected = match message {
        Some(message) if message.starts_with("Invalid State Machine Definition") => Err(message.to_owned()),
        Some(_) => return Outcome::NotApplicable("limits of the TestState call".to_owned()),
        None => Ok(()),
    };
    Outcome::verdict(expected, verdict(&check(case, definition::machine(case))))
}

fn check(case: &Case, definition: String) -> Analysis {
    let mut session = Session::new();
    if case.text(&["type"]) == Some("EXPRESS") {
        session.options.machine_type = MachineType::Express;
    }
    session.check_bytes(FILE, definition.into_bytes())
}

fn verdict(found: &Analysis) -> Result<(), String> {
    match found.diagnostics.iter().find(|d| d.blocking) {
        Some(first) => Err(format!("{}: {}", first.rule.name, first.message)),
        None if found.blocked => Err("blocked without a finding".to_owned()),
        None => Ok(()),
    }
}

/// A finding in the service's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct OwnerWords {
    code: String,
    message: String,
    location: Option<String>,
}

impl OwnerWords {
    fn of(found: &Diagnostic) -> Self {
        let (code, message, location) = match &found.owner {
            Some(owner) => (owner.code, owner.message.as_str(), owner.location.clone()),
            // Whatever is wrong with a text that cannot be read, the service says one thing.
            None if rules::ALL.contains(&found.rule) => (SCHEMA, "Definition must be a valid JSON object", None),
            None => (found.rule.name, found.message.as_str(), None),
        };
        Self { code: code.to_owned(), message: message.to_owned(), location }
    }

    fn in_exception(&self) -> String {
        match &self.location {
            Some(location) => format!("{}: {} at {location}", self.code, self.message),
            None => format!("{}: {}", self.code, self.message),
        }
    }
}

/// The findings the service has too. Two of ours can be one of the service's, as with several missing fields.
fn owner_words(found: &Analysis) -> Vec<OwnerWords> {
    let mut words: Vec<OwnerWords> = Vec::new();
    for next in found.diagnostics.iter().filter(|d| d.blocking).map(OwnerWords::of) {
        if !words.contains(&next) {
            words.push(next);
        }
    }
    words
}
