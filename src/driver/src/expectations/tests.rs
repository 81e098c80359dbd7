//! Small machines, and what they are found to read.

use super::{expectations, Expectations};
use crate::{passes, plan, Session};

fn of(states: &str) -> Expectations {
    let text = format!(r#"{{"StartAt":"A","States":{{{states}}}}}"#);
    let checked = Session::new().check_bytes("a.asl.json", text.into_bytes()).into_checked().unwrap();
    let lowered = passes::lower(checked, &passes::defaults(), &mut |_, _| {}).unwrap();
    expectations(&plan::emit(&lowered.sealed).unwrap().plan)
}

/// A task called A, with more fields, and a state B behind it.
fn task(fields: &str, next: &str) -> String {
    let resource = "arn:aws:lambda:us-east-1:123456789012:function:f";
    format!(r#""A":{{"Type":"Task","Resource":"{resource}","Next":"B"{fields}}},"B":{next}"#)
}

#[test]
fn results_have_what_is_read_of_them() {
    let pass = |fields: &str| format!(r#"{{"Type":"Pass",{fields},"End":true}}"#);
    let choice = |case: &str| {
        format!(r#"{{"Type":"Choice","Choices":[{{{case},"Next":"C"}}],"Default":"A"}},"C":{{"Type":"Succeed"}}"#)
    };
    for (fields, next, expected) in [
        ("", pass(r#""Parameters":{"x.$":"$.a.b[1].c"}"#), r#"{"a":{"b":[{"c":"c"},{"c":"c"}]}}"#),
        (r#","ResultPath":"$.r""#, pass(r#""InputPath":"$.r.x""#), r#"{"x":"x"}"#),
        (r#","ResultPath":null"#, pass(r#""InputPath":"$.x""#), "none"),
        (r#","ResultSelector":{"y.$":"$.x"}"#, pass(r#""InputPath":"$.y""#), r#"{"x":"x"}"#),
        ("", choice(r#""Variable":"$.n","NumericGreaterThan":7"#), r#"{"n":8}"#),
        ("", choice(r#""Variable":"$.s","StringEquals":"done""#), r#"{"s":"done"}"#),
        ("", pass(r#""Parameters":{"x.$":"States.MathAdd($.n, 1)"}"#), r#"{"n":1}"#),
        (
            "",
            r#"{"Type":"Map","ItemsPath":"$.all","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","InputPath":"$.id","End":true}}},"End":true}"#.to_owned(),
            r#"{"all":[{"id":"id"}]}"#,
        ),
        (
            r#","QueryLanguage":"JSONata","Output":"{% {'s': $states.result.list[0].name, 'big': $states.result.n > 3} %}""#,
            pass(r#""InputPath":"$.s""#),
            r#"{"list":[{"name":"name"}],"n":4}"#,
        ),
    ] {
        let found = of(&task(fields, &next)).results;
        let found = found.get("A").map_or_else(|| "none".to_owned(), |expected| expected.result().to_json());
        assert_eq!(found, expected, "{fields} {next}");
    }
}

#[test]
fn loops_are_left() {
    let poll = r#"{"Type":"Choice","Choices":[
        {"Variable":"$.status","StringEquals":"RUNNING","Next":"A"},
        {"Variable":"$.status","StringEquals":"READY","Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}"#;
    assert_eq!(of(&task("", poll)).results["A"].result().to_json(), r#"{"status":"READY"}"#);
}

#[test]
fn inputs_have_what_is_read_of_them() {
    let found = of(r#""A":{"Type":"Pass","Parameters":{"a.$":"$.x","b.$":"$$.Execution.Input.y"},"End":true}"#);
    assert_eq!(found.input.result().to_json(), r#"{"x":"x","y":"y"}"#);
}
