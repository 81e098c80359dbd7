//! Recorded definitions, round trips, positions.
#![allow(clippy::print_stderr, clippy::disallowed_methods)] // Recorded cases are read where present.

mod eval;

use std::path::Path as FilePath;

use proptest::prelude::*;

use super::*;
use crate::rules::{INTRINSIC_SYNTAX, JSONPATH_SYNTAX, UNKNOWN_FUNCTION, WRONG_ARITY};
use crate::Value;

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/asl");

#[test]
fn every_payload_in_an_accepted_definition_parses() {
    let Ok(areas) = std::fs::read_dir(RECORDED) else {
        eprintln!("skipped: the recorded cases are absent");
        return;
    };
    let folders = areas.filter_map(Result::ok).map(|area| area.path()).filter(|path| path.is_dir());
    let mut payloads: Vec<String> = folders.flat_map(|folder| payloads_below(&folder)).collect();
    let count = payloads.len();
    payloads.sort();
    payloads.dedup();
    let refused: Vec<_> = payloads.iter().filter_map(|text| refusal(text)).collect();
    eprintln!("{count} payloads, {} different, {} refused", payloads.len(), refused.len());
    assert!(refused.is_empty(), "{refused:#?}");
}

fn refusal(text: &str) -> Option<String> {
    match parse_payload(text) {
        Err(error) => Some(format!("{text}: {error:?}")),
        Ok(parsed) => (parse_payload(&parsed.to_string()).ok().as_ref() != Some(&parsed))
            .then(|| format!("{text} prints as {parsed}")),
    }
}

/// The payloads of the accepted JSONPath definitions of one folder.
fn payloads_below(folder: &FilePath) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let cases = files.map(|file| Value::parse(&std::fs::read_to_string(file).unwrap()).unwrap());
    let mut found = Vec::new();
    for case in cases.filter(accepted) {
        if let Some(definition) = case.get("definition") {
            collect_payloads(definition, &mut found);
        }
    }
    found
}

/// Whether the definition got past its owner.
fn accepted(case: &Value) -> bool {
    let status = case.get("expected").and_then(|expected| expected.get("status")).and_then(Value::as_str);
    case.get("kind").and_then(Value::as_str) != Some("create_error") && !matches!(status, Some("REJECTED" | "FAIL"))
}

/// `Result` is never a template, and a state in JSONata has no payloads.
fn collect_payloads(definition: &Value, found: &mut Vec<String>) {
    let mut work = vec![definition];
    while let Some(value) = work.pop() {
        work.extend(value.as_array().into_iter().flat_map(|items| items.iter()));
        let Some(object) = value.as_object() else { continue };
        if object.get("QueryLanguage").and_then(Value::as_str) == Some("JSONata") {
            continue;
        }
        for (name, value) in object.iter().filter(|(name, _)| *name != "Result") {
            let text = value.as_str().filter(|_| name.ends_with(".$"));
            found.extend(text.map(str::to_owned));
            work.push(value);
        }
    }
}

#[test]
fn errors_name_the_place_and_the_way_out() {
    for (text, rule, start, end) in [
        (r#"States.Format('He said, \"Hello, {}!\"', 'x')"#, &INTRINSIC_SYNTAX, 24, 26),
        (r#"States.StringToJson('{"text":"An \"escaped\""}')"#, &INTRINSIC_SYNTAX, 33, 35),
        ("States.Fromat('a')", &UNKNOWN_FUNCTION, 0, 13),
        ("States.UUID(1)", &WRONG_ARITY, 0, 14),
        ("States.MathAdd($.a)", &WRONG_ARITY, 0, 19),
        ("States.Format('{} {}', $.a)", &WRONG_ARITY, 0, 27),
        ("States.MathAdd($.a, '1')", &INTRINSIC_SYNTAX, 20, 23),
        ("States.ArrayLength(States.UUID())", &INTRINSIC_SYNTAX, 19, 32),
        ("States.Hash($.a, 'SHA-255')", &INTRINSIC_SYNTAX, 17, 26),
        ("States.Array(a)", &INTRINSIC_SYNTAX, 13, 14),
        ("States.Array('a)", &INTRINSIC_SYNTAX, 13, 16),
        ("States.Array($.a", &INTRINSIC_SYNTAX, 16, 16),
        ("States.Array($.a) b", &INTRINSIC_SYNTAX, 18, 19),
        ("States.Array($.a[x])", &JSONPATH_SYNTAX, 17, 18),
        ("States.Array($.a,)", &INTRINSIC_SYNTAX, 17, 18),
        ("plain text", &INTRINSIC_SYNTAX, 0, 10),
        ("", &INTRINSIC_SYNTAX, 0, 0),
        ("$.a[x]", &JSONPATH_SYNTAX, 4, 5),
    ] {
        let error = parse_payload(text).unwrap_err();
        assert_eq!((error.rule, error.range), (rule, TextRange::new(start, end)), "{text}: {error:?}");
    }
    assert_eq!(
        parse("States.ArayLength($.a)").unwrap_err().help.as_deref(),
        Some("did you mean `States.ArrayLength`?")
    );
}

#[test]
fn literals_know_their_holes() {
    let call = parse(r"States.Format('\{}{}it\'s\\\}{', 1)").unwrap();
    let ArgKind::String(text) = &call.args[0].kind else { panic!() };
    assert_eq!((&*text.value, &*text.holes), (r"{}{}it's\}{", [2].as_slice()));
    assert_eq!(parse(&call.to_string()).unwrap(), call);
}

#[test]
fn reads_are_listed() {
    let payload =
        parse_payload("States.Format('{} {} {}', $v.a[?(@.b == $.c)], $$.Task.Token, States.ArrayLength($v))").unwrap();
    let refs: Vec<_> = payload.refs().iter().map(|path| path.to_string()).collect();
    assert_eq!(refs, ["$v.a[?(@.b == $.c)]", "@.b", "$.c", "$$.Task.Token", "$v"]);
    assert_eq!(payload.variables(), ["v"]);
}

#[test]
fn nesting_is_limited_with_the_limit_named() {
    let error = parse(&"States.Array(".repeat(100_000)).unwrap_err();
    assert!(error.message.contains("limit of 64"));
}

fn any_text() -> impl Strategy<Value = Text> {
    (r"[a-z'\\{}é]{0,8}", any::<bool>()).prop_map(|(value, fill)| {
        let holes = value.match_indices("{}").map(|(at, _)| at).filter(|_| fill).collect();
        Text { value: value.into(), holes }
    })
}

fn any_call() -> impl Strategy<Value = Call> {
    let path = prop::sample::select(vec![
        "$",
        "$.a.b",
        "$$.Execution.Id",
        "$v[0]",
        "$.a[?(@.b == ')')]",
        "$.a['b,c']",
        "$.n.length()",
    ]);
    let leaf = prop_oneof![
        path.prop_map(|text| ArgKind::Path(jsonpath::parse(text).unwrap())),
        any_text().prop_map(ArgKind::String),
        any::<i64>().prop_map(|n| ArgKind::Number(n.into())),
        any::<bool>().prop_map(ArgKind::Bool),
        Just(ArgKind::Null),
    ];
    let arg = leaf.prop_recursive(4, 20, 4, |inner| {
        prop::collection::vec(inner, 0..4).prop_map(|kinds| ArgKind::Call(array(kinds)))
    });
    prop::collection::vec(arg, 0..4).prop_map(array)
}

/// `States.Array` takes anything, so that every tree is legal.
fn array(kinds: Vec<ArgKind>) -> Call {
    let args = kinds.into_iter().map(|kind| Arg { kind, range: TextRange::default() }).collect();
    Call { function: Function::Array, args, range: TextRange::default() }
}

proptest! {
    #[test]
    fn printing_parses_back(call in any_call()) {
        let text = call.to_string();
        prop_assert_eq!(&parse(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e:?}")))?, &call, "{}", text);
    }

    #[test]
    fn any_text_gives_a_call_or_an_error_inside_it(text in r"States\.(Array|Format|UUID)?[('a\\{}$.,)0 é\[\]]{0,12}") {
        match parse(&text) {
            Ok(call) => prop_assert_eq!(parse(&call.to_string()).unwrap(), call),
            Err(error) => prop_assert!(error.range.start <= error.range.end && error.range.end as usize <= text.len(), "{} {:?}", text, error),
        }
    }
}
