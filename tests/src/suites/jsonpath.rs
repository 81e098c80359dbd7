//! JSONPath: paths with the answers of Jayway, and the compliance suite of RFC 9535 as a cross-check.

use serde_json::Value as Json;
use wfc_diag::Sink;
use wfc_expr::jsonpath::{self, Flavor};
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
    items.iter().zip(lines).map(|(item, line)| case(item, kind, path, line)).collect()
}

fn case(item: &Json, kind: &str, path: &str, line: usize) -> Result<Case, Malformed> {
    let text = |name: &str| item.get(name).and_then(Json::as_str).map(str::to_owned);
    let subject = text(path).ok_or_else(|| Malformed::at(line, format!("a case needs a `{path}`")))?;
    Ok(Case { id: text("name"), line: Some(line), kind: kind.to_owned(), subject, body: item.clone() })
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
    verdict.and_then(|| definite(case, &path)).and_then(|| Outcome::NotApplicable("evaluating JSONPath".to_owned()))
}

/// Why the recorded implementation refuses the path as such, if it does.
fn refusal(case: &Case) -> Option<String> {
    if case.get(&["invalid_selector"]) == Some(&Json::Bool(true)) {
        return Some("invalid selector".to_owned());
    }
    case.text(&["e"]).filter(|exception| exception.starts_with("InvalidPath")).map(str::to_owned)
}

fn definite(case: &Case, path: &jsonpath::Path) -> Outcome {
    match case.get(&["definite"]).and_then(Json::as_bool) {
        Some(expected) => Outcome::same("definite", expected, path.definite()),
        None => Outcome::Passed,
    }
}
