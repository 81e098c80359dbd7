//! What paths select: agreement with Jayway, laws, hostile documents.

use super::*;
use crate::{Budget, Roots};

fn select(path: &str, doc: &Value) -> Result<Value, PathError> {
    select_within(path, doc, &mut Budget::standard())
}

fn select_within(path: &str, doc: &Value, budget: &mut Budget) -> Result<Value, PathError> {
    let path = parse_as(path, Flavor::Jayway).unwrap();
    path.eval(&Roots { doc, context: &Value::Null, vars: &() }, budget)
}

fn json(text: &str) -> Value {
    Value::parse(text).unwrap()
}

#[test]
fn agrees_with_jayway_on_what_is_selected() {
    let Ok(text) = std::fs::read_to_string(JAYWAY) else {
        eprintln!("skipped: the recorded cases are absent");
        return;
    };
    let file = json(&text);
    let doc = file.get("document").unwrap();
    let cases = file.get("cases").and_then(Value::as_array).unwrap();
    let wrong: Vec<_> = cases.iter().filter_map(|case| difference(case, doc)).collect();
    eprintln!("{} of {} cases agree", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn difference(case: &Value, doc: &Value) -> Option<String> {
    let text = case.get("path").and_then(Value::as_str).unwrap();
    let refused = case.get("e").and_then(Value::as_str);
    if refused.is_some_and(|e| e.starts_with("InvalidPath")) {
        return None;
    }
    let expected = refused.map(|e| e.split_once(": ").unwrap().1.to_owned());
    match (select(text, doc), expected) {
        (Ok(found), None) if Some(&found) == case.get("v") => None,
        (Err(error), Some(message)) if error.message == message => None,
        (found, _) => Some(format!("{text}: {found:?}, recorded {case}")),
    }
}
