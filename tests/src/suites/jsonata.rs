//! JSONata: a case a line, as expression, data and the answer of the reference implementation.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use wfc_expr::jsonata::{self, Answer, EvalLimits, Names, Profile, Program, World, LIMIT};
use wfc_expr::Value;

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
    Ok(Case { id: id(&body, line), line: Some(line), kind: kind.to_owned(), subject, body })
}

/// The name of a case: where it stands in the official suite, or how it was generated.
fn id(body: &Json, line: usize) -> Option<String> {
    let text = |name: &str| body.get(name).and_then(Json::as_str);
    match (text("kind"), text("group"), text("file")) {
        (Some(kind), ..) => Some(format!("{kind}, line {line}")),
        (None, Some(group), Some(file)) => Some(format!("{group}/{file}, line {line}")),
        _ => None,
    }
}

fn judge(case: &Case, how: How) -> Outcome {
    let expected = expected_code(case).filter(|code| code.starts_with('S'));
    let parsed = jsonata::parse(&case.subject);
    let found = parsed.as_ref().err().map(|error| error.code);
    if how.parse_only {
        let named = |code: Option<&str>| code.map_or(Ok(()), |code| Err(code.to_owned()));
        return Outcome::verdict(named(expected), named(found));
    }
    let Ok(ast) = parsed else { return Outcome::same("code of the syntax error", expected, found) };
    let found = answer(case, Program::from_ast(ast, Profile::Jsonata));
    match Expected::of(case) {
        Expected::AnyError => match found {
            Answered::Error(_) => Outcome::Passed,
            found => Outcome::Failed(format!("answer: expected an error without a code, found {found:?}")),
        },
        Expected::Answer(expected) => Outcome::same("answer", expected.settled(case), found.settled(case)),
    }
}

/// The code of the recorded error.
fn expected_code(case: &Case) -> Option<&str> {
    let places: [&[&str]; 4] = [&["expected", "code"], &["expected", "error", "code"], &["code"], &["error", "code"]];
    places.iter().find_map(|path| case.text(path))
}

/// What an evaluation comes to, in a form to be compared.
#[derive(Debug, PartialEq)]
enum Answered {
    Nothing,
    Function,
    Value(Comparable),
    /// The code.
    Error(String),
}

/// A value as JavaScript compares it: numbers are doubles, and the order of members does not count.
#[derive(Debug, PartialEq)]
enum Comparable {
    Number(f64),
    Array(Vec<Comparable>),
    Object(BTreeMap<String, Comparable>),
    /// The JSON text of all else.
    Other(String),
}

enum Expected {
    Answer(Answered),
    /// The reference failed with an exception of JavaScript, which has no code.
    AnyError,
}

impl Expected {
    fn of(case: &Case) -> Expected {
        let value = |json: &Json| Answered::Value(Comparable::of(&as_value(json)));
        let recorded = case.get(&["expected", "v"]).or_else(|| case.get(&["result"]));
        match (expected_code(case), case.text(&["expected", "k"]), recorded) {
            (Some(""), ..) => Expected::AnyError,
            (Some(code), ..) => Expected::Answer(Answered::Error(code.to_owned())),
            // What never ends in the reference is ended by a limit.
            (None, Some("hang"), _) => Expected::Answer(Answered::Error(LIMIT.to_owned())),
            (None, _, Some(json)) if json.get("_jsonata_function").is_some() => Expected::Answer(Answered::Function),
            (None, _, Some(json)) => Expected::Answer(value(json)),
            (None, _, None) => Expected::Answer(Answered::Nothing),
        }
    }
}

impl Answered {
    /// Sorts the items where their order does not count.
    fn settled(self, case: &Case) -> Answered {
        match self {
            Answered::Value(Comparable::Array(mut items)) if case.get(&["unordered"]).is_some() => {
                items.sort_by_cached_key(|item| format!("{item:?}"));
                Answered::Value(Comparable::Array(items))
            }
            other => other,
        }
    }
}

impl Comparable {
    fn of(value: &Value) -> Comparable {
        match value {
            // Adding zero turns -0 into 0, as JSON text does.
            Value::Number(number) => Comparable::Number(number.as_f64() + 0.0),
            Value::Array(items) => Comparable::Array(items.iter().map(Comparable::of).collect()),
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| (name.to_owned(), Comparable::of(value)));
                Comparable::Object(members.collect())
            }
            other => Comparable::Other(other.to_json()),
        }
    }
}

/// The variables of a case.
struct Bindings<'a>(&'a Case);

impl Names for Bindings<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        self.0.get(&["bindings", name]).map(as_value)
    }
}

fn as_value(json: &Json) -> Value {
    Value::parse(&json.to_string()).unwrap_or_default()
}

fn answer(case: &Case, program: Program) -> Answered {
    let input = case.get(&["data"]).map(as_value);
    let mut world = World { now_millis: NOW, seed: 1 };
    match program.eval(input.as_ref(), &Bindings(case), &mut world, &limits(case)) {
        Ok(Answer::Nothing) => Answered::Nothing,
        Ok(Answer::Function) => Answered::Function,
        Ok(Answer::Value(value)) => Answered::Value(Comparable::of(&value)),
        Err(error) => Answered::Error(error.code.to_owned()),
    }
}

/// Some moment: nothing recorded depends on it.
const NOW: i64 = 1_700_000_000_000;

/// The limits of a case: a limit of time becomes one of work.
fn limits(case: &Case) -> EvalLimits {
    let number = |name: &str| case.get(&[name]).and_then(Json::as_u64);
    let standard = EvalLimits::standard();
    EvalLimits {
        depth: number("depth").and_then(|depth| u32::try_from(depth).ok()).unwrap_or(standard.depth),
        ops: number("timelimit").map_or(standard.ops, |millis| millis.saturating_mul(10_000)),
        bytes: 2 << 30,
        ..standard
    }
}
