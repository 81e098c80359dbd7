//! Recorded conditions, round trips, positions.
#![allow(clippy::print_stderr, clippy::disallowed_methods)] // Recorded cases are read where present.

use proptest::prelude::*;

use super::*;
use crate::Value;

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/lasso/condition.json");

#[test]
fn recorded_conditions_have_the_recorded_value() {
    let Ok(text) = std::fs::read_to_string(RECORDED) else {
        eprintln!("skipped: the recorded cases are absent");
        return;
    };
    let cases = Value::parse(&text).unwrap();
    for case in cases.as_array().unwrap().iter() {
        let input = case.get("input").unwrap();
        let state = input.get("state").unwrap();
        let cond = parse(input.get("expression").and_then(Value::as_str).unwrap()).unwrap();
        let value = eval(&cond, state.get("input").unwrap_or(&Value::Null), state.get("outputs").unwrap());
        assert_eq!(Some(value.unwrap()), case.get("expected").unwrap().get("value").unwrap().as_bool(), "{case}");
    }
}

#[test]
fn meaning() {
    let input =
        Value::parse(r#"{"n":3,"s":"false","zero":"0","none":null,"nought":0,"e":"","list":[],"both":1}"#).unwrap();
    let outputs = Value::parse(r#"{"a":{"exit_code":0,"ok":true},"both":false,"rows":[{"ok":false}]}"#).unwrap();
    for (text, expected) in [
        ("a.ok", true),
        ("!a.ok", false),
        ("! a . ok", false),
        ("a", true),
        ("outputs", true),
        ("a.exit_code", false),
        ("a.ok.x", false),
        ("toString", false),
        ("missing", false),
        ("!missing", true),
        ("input.s", true),
        ("zero", true),
        ("none", false),
        ("nought", false),
        ("e", false),
        ("list", true),
        ("list.length", false),
        ("rows.length", true),
        ("rows.length.x", false),
        ("rows.0", false),
        ("rows.00", false),
        ("both", false),
        ("input.both", true),
        ("outputs.n", false),
        ("n", true),
        ("inf", false),
    ] {
        assert_eq!(eval(&parse(text).unwrap(), &input, &outputs), Ok(expected), "{text}");
    }
}

#[test]
fn disagreeing_status_fields_are_an_error() {
    let outputs = Value::parse(r#"{"mixed":{"ok":true,"passed":false,"success":"yes"}}"#).unwrap();
    let error = eval(&parse("mixed").unwrap(), &Value::Null, &outputs).unwrap_err();
    assert_eq!(error.to_string(), "Ambiguous boolean status fields: passed, ok");
}

#[test]
fn mistakes_are_refused_where_they_are() {
    for (text, start, end) in [
        ("", 0, 0),
        ("  ", 0, 2),
        ("!", 1, 1),
        ("!!a.ok", 0, 6),
        ("a..ok", 2, 2),
        ("a.", 2, 2),
        ("exit_code == 0", 9, 10),
        ("input.n > 2", 7, 8),
        ("a.ok && b.ok", 4, 5),
        ("a[0]", 1, 2),
        ("true", 0, 4),
        ("!0", 1, 2),
        ("'a'", 0, 1),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.range, TextRange::new(start, end), "{text}: {error:?}");
    }
}

#[test]
fn a_reference_says_where_it_looks() {
    let looks = |text: &str| match parse(text).unwrap().reference() {
        Reference::Outputs(path) => ("outputs", path.len()),
        Reference::Input(path) => ("input", path.len()),
        Reference::OutputsThenInput(path) => ("both", path.len()),
    };
    assert_eq!([looks("outputs.a.b"), looks("!input.a"), looks("a.b")], [("outputs", 2), ("input", 1), ("both", 2)]);
}

proptest! {
    #[test]
    fn printing_parses_back(text in "!? ?[a-zé0-9_:-]{1,5}( ?\\. ?[a-z0-9_-]{1,5}){0,3} ?") {
        if let Ok(cond) = parse(&text) {
            prop_assert_eq!(parse(&cond.to_string()).unwrap(), cond);
        }
    }

    #[test]
    fn any_text_gives_a_condition_or_an_error_inside_it(text in ".{0,12}") {
        if let Err(error) = parse(&text) {
            prop_assert!(error.range.start <= error.range.end && error.range.end as usize <= text.len());
        }
    }
}
