//! JSONPath: paths with the answers of Jayway, and the compliance suite of RFC 9535 as a cross-check.
//!
//! What Jayway is recorded to say counts to the letter, errors included. The compliance suite knows lists of matches
//! only: what a definite path yields is a list of one, or of none if it is not found.

use serde_json::Value as Json;
use wfc_diag::Sink;
use wfc_expr::jsonpath::{self, Flavor, Path, PathErrorKind};
use wfc_expr::{Budget, Roots, Value};
use wfc_source::{json, Limits, SourceMap};

use super::Suite;
use crate::{Case, How, Malformed, Outcome};

/// A file is one object: `document` and `cases`, or `tests`.
pub(super) const SUITE: Suite =
    Suite { name: "jsonpath", kinds: &["jayway", "rfc9535"], extension: ".json", beside: &[], read, judge };

fn read(text: &str) -> Vec<Result<Case, Malformed>> {
    let body: Json = match serde_json::from_str(text) {
        Ok(body) => body,
        Err(why) => return vec![Err(Malformed::file(why))],
    };
    let formats = [("cases", "jayway", "path"), ("tests", "rfc9535", "selector")];
    let format = formats.into_iter().find_map(|format| Some((format, body.get(format.0)?.as_array()?)));
    let Some(((list, kind, path), items)) = format else {
        return vec![Err(Malformed::file("expected an object with a list `cases` or `tests`"))];
    };
    let lines = lines_of_items(text, list).into_iter().chain(std::iter::repeat(1));
    let shared = body.get("document");
    items.iter().zip(lines).map(|(item, line)| case(item, shared, kind, path, line)).collect()
}

/// A case; `shared` is the document of all that have none of their own.
fn case(item: &Json, shared: Option<&Json>, kind: &str, path: &str, line: usize) -> Result<Case, Malformed> {
    let text = |name: &str| item.get(name).and_then(Json::as_str).map(str::to_owned);
    let subject = text(path).ok_or_else(|| Malformed::at(line, format!("a case needs a `{path}`")))?;
    let mut body = item.clone();
    if let (Some(members), Some(document)) = (body.as_object_mut(), shared) {
        members.entry("document").or_insert_with(|| document.clone());
    }
    Ok(Case { id: text("name"), line: Some(line), kind: kind.to_owned(), subject, body })
}

/// The line of each item of a list: the cases of Jayway have no names.
fn lines_of_items(text: &str, list: &str) -> Vec<usize> {
    let file = SourceMap::new().add("cases", text);
    let tree = json::parse(&file, &Limits::default(), &mut Sink::default());
    let line = |start: u32| file.line_column(start as usize).line as usize;
    let items = tree.root().get(list).into_iter().flat_map(|list| list.items());
    items.map(|item| line(item.span().start)).collect()
}

fn judge(case: &Case, how: How) -> Outcome {
    let parsed = jsonpath::parse_as(&case.subject, Flavor::Jayway);
    let found = parsed.as_ref().map(|_| ()).map_err(|error| error.message.clone());
    let expected = refusal(case);
    let verdict = Outcome::verdict(expected.clone().map_or(Ok(()), Err), found);
    let Ok(path) = parsed else { return verdict };
    if how.parse_only || expected.is_some() {
        return verdict;
    }
    verdict.and_then(|| definite(case, &path)).and_then(|| yields(case, &path))
}

/// Why the recorded implementation refuses the path as such, if it does.
fn refusal(case: &Case) -> Option<String> {
    if case.get(&["invalid_selector"]) == Some(&Json::Bool(true)) {
        return Some("invalid selector".to_owned());
    }
    case.text(&["e"]).filter(|exception| exception.starts_with("InvalidPath")).map(str::to_owned)
}

fn definite(case: &Case, path: &Path) -> Outcome {
    match case.get(&["definite"]).and_then(Json::as_bool) {
        Some(expected) => Outcome::same("definite", expected, path.definite()),
        None => Outcome::Passed,
    }
}

fn yields(case: &Case, path: &Path) -> Outcome {
    let Some(doc) = case.get(&["document"]).and_then(value) else {
        return Outcome::Failed("the case has no document".to_owned());
    };
    let found = path.eval(&Roots { doc: &doc, context: &Value::Null, vars: &() }, &mut Budget::standard());
    if case.kind == "jayway" {
        return Outcome::same("value", recorded(case), found.map_err(|error| error.message));
    }
    let found = match found {
        Ok(found) if path.definite() => Value::from(vec![found]),
        Err(error) if error.kind == PathErrorKind::NotFound => Value::from(Vec::new()),
        Ok(found) => found,
        Err(error) => return Outcome::Failed(format!("value: found an error: {error}")),
    };
    // Where members have no order of their own, the suite allows several.
    let several = case.get(&["results"]).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut allowed = case.get(&["result"]).into_iter().chain(several).filter_map(value);
    match allowed.any(|expected| expected == found) {
        true => Outcome::Passed,
        false => Outcome::same("value", case.get(&["result"]).and_then(value), Some(found)),
    }
}

/// The value Jayway yields, or the message of its exception without the name of the class.
fn recorded(case: &Case) -> Result<Value, String> {
    match case.text(&["e"]) {
        Some(exception) => Err(exception.split_once(": ").map_or(exception, |(_, message)| message).to_owned()),
        None => Ok(case.get(&["v"]).and_then(value).unwrap_or_default()),
    }
}

fn value(json: &Json) -> Option<Value> {
    Value::parse(&json.to_string()).ok()
}
