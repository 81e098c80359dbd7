//! Test files read, scripts followed, coverage counted.

use std::sync::Arc;

use serde_json::json;
use wfc_diag::Sink;
use wfc_expr::Value;
use wfc_plan::{NodeIx, On};
use wfc_source::{Format, Limits, SourceMap};

use super::coverage::{self, Coverage, Took, Way};
use super::{read, Machine, Mock, Status, TestFile};
use crate::Session;

fn parse(text: &str, format: Format) -> (Option<TestFile>, Vec<String>) {
    let mut sink = Sink::default();
    let file = SourceMap::new().add("t", text);
    let tree = wfc_source::parse(&file, format, &Limits::default(), &mut sink);
    let tests = read(&tree, &mut sink);
    let line = |found: &wfc_diag::Diagnostic| {
        let at = file.line_column(found.primary.span.start as usize);
        let help = found.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
        format!("{}:{}: {}: {}{help}", at.line, at.column, found.rule.name, found.message)
    };
    (tests, sink.into_sorted().iter().map(line).collect())
}

const FULL: &str = r#"
machine = "order.asl.json"
[[test]]
name = "charges the card"
input = { amount = 3 }
[test.mock.Charge]
result = { ok = true }
[[test.mock.Ship]]
error = "Busy"
cause = "no slot"
repeat = 2
[[test.mock.Ship]]
result = 1
[test.expect]
status = "SUCCEEDED"
output = { ok = true }
output-contains = { ok = true }
path = ["Validate", "Charge"]
path-contains = ["Charge"]
[[test.expect.history]]
type = "TaskFailed"
state = "Ship"
error = "Busy"
[[test]]
name = "another"
machine = "other.asl.json"
input-file = "in.json"
mocks = "order.mock.toml"
case = "happy"
expect = { status = "TIMED_OUT", error = "States.Timeout", cause-contains = "x" }
"#;

#[test]
fn everything_is_read() {
    let (file, found) = parse(FULL, Format::Toml);
    assert_eq!(found, Vec::<String>::new());
    let tests = file.expect("a file").tests;
    assert_eq!(tests.len(), 2);
    let Mock::Inline(states) = &tests[0].mock else { panic!("{:?}", tests[0].mock) };
    let answers =
        r#"{"Charge":{"result":{"ok":true}},"Ship":[{"error":"Busy","cause":"no slot","repeat":2},{"result":1}]}"#;
    assert_eq!(states.value.to_json(), answers);
    assert_eq!(tests[0].expect.history[0].details, [(Arc::from("error"), Value::from("Busy"))]);
    assert_eq!(&*tests[1].machine.value, "other.asl.json");
    assert_eq!(tests[1].expect.status, Some(Status::TimedOut));
    assert!(matches!(&tests[1].mock, Mock::File { case: Some(case), .. } if &*case.value == "happy"));
}

#[test]
fn json_and_yaml_say_the_same() {
    let json = r#"{"machine": "m", "test": [{"name": "a", "mock": {"S": {"result": 1}}}]}"#;
    let yaml = "machine: m\ntest:\n- name: a\n  mock: {S: {result: 1}}\n";
    for (text, format) in [(json, Format::Json), (yaml, Format::Yaml)] {
        let (file, found) = parse(text, format);
        assert_eq!((file.expect("a file").tests.len(), found), (1, Vec::new()));
    }
}

#[test]
fn mistakes_are_said_where_they_stand() {
    for (text, expected) in [
        ("", "1:1: test-missing-field: a test file needs the field 'test'; add `test = …`"),
        ("test = 3", "1:8: test-wrong-type: 'test' must be an array, not a number"),
        (
            "mashine = 'm'\ntest = []",
            "1:1: test-unknown-field: a test file has no field 'mashine'; did you mean 'machine'?",
        ),
        ("[[test]]\nname = 'a'", "1:1: test-missing-field: a test needs the field 'machine'; add `machine = …`"),
        ("machine='m'\n[[test]]\nname = ''", "3:8: test-bad-value: 'name' must not be empty"),
        (
            "machine='m'\n[[test]]\nname = 'a'\n[test.expect]\nstatus = 'SUCCEDED'",
            "5:10: test-bad-value: no run ends as 'SUCCEDED'; did you mean 'SUCCEEDED'?",
        ),
        (
            "machine='m'\n[[test]]\nname = 'a'\n[[test]]\nname = 'a'",
            "5:8: test-bad-value: another test is called 'a', too",
        ),
        (
            "machine='m'\n[[test]]\nname = 'a'\ninput = 1\ninput-file = 'f'",
            "4:9: test-bad-value: a test has 'input' or 'input-file', not both",
        ),
        (
            "machine='m'\n[[test]]\nname = 'a'\nmocks = 'f'\nmock = {}",
            "5:8: test-bad-value: a test has 'mock' or 'mocks', not both",
        ),
        (
            "machine='m'\n[[test]]\nname = 'a'\n[[test.expect.history]]\ntyp = 'A'",
            "5:1: test-unknown-field: an event that is expected has no field 'typ'; did you mean 'type'?",
        ),
    ] {
        let found = parse(text, Format::Toml).1;
        assert!(found.iter().any(|found| found == expected), "{text}\n{found:#?}");
    }
}

const MACHINE: &str = r#"{
  "StartAt": "Charge",
  "States": {
    "Charge": {
      "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge",
      "Retry": [{"ErrorEquals": ["Busy"]}],
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Lost"}],
      "Next": "Large"
    },
    "Large": {
      "Type": "Choice",
      "Choices": [{"Variable": "$.n", "NumericGreaterThan": 3, "Next": "Lost"}],
      "Default": "Done"
    },
    "Lost": {"Type": "Fail", "Error": "E"},
    "Done": {"Type": "Succeed"}
  }
}
"#;

fn covered() -> (Session, Vec<Coverage>) {
    let mut session = Session::new();
    let analysis = session.check_bytes("order.asl.json", MACHINE.into());
    let machine = Machine::load(analysis).expect("a machine");
    let mut coverage = Coverage::new("order.asl.json", machine.parts());
    let ix =
        |name: &str| NodeIx::next(["Charge", "Large", "Lost", "Done"].iter().position(|n| *n == name).expect("it"));
    let took = [
        (("Charge", Way::Entered), 2),
        (("Charge", Way::Retried(0)), 1),
        (("Large", Way::Entered), 1),
        (("Large", Way::Left(On::Otherwise)), 1),
        (("Done", Way::Entered), 1),
    ];
    let took: Took = took.into_iter().map(|((name, way), hits)| ((ix(name), way), hits)).collect();
    coverage.add(&took);
    (session, vec![coverage])
}

#[test]
fn coverage_counts_what_was_taken() {
    let (session, all) = covered();
    let expected = "\
coverage        covered     states    choices   retriers   catchers
order.asl.json    62.5%        3/4        1/2        1/1        0/1
all               62.5%        3/4        1/2        1/1        0/1
";
    assert_eq!(coverage::table(&all), expected);
    let messages: Vec<String> = all[0]
        .uncovered()
        .into_iter()
        .map(|found| {
            let file = session.sources().file(found.primary.span.file).expect("the file");
            format!("{} {}", file.line_column(found.primary.span.start as usize).line, found.message)
        })
        .collect();
    assert_eq!(
        messages,
        ["7 no test got into catcher 1 of 'Charge'", "12 no test took case 1 of 'Large'", "15 no test entered 'Lost'"]
    );
}

#[test]
fn coverage_is_written_for_programs() {
    let (session, all) = covered();
    let written = coverage::json(&all, session.sources());
    assert_eq!(written["coverage"], json!({"covered": 5, "total": 8, "percent": 62.5}));
    assert_eq!(
        written["files"][0]["parts"][1],
        json!({"kind": "retrier", "index": 0, "state": "Charge", "key": "Charge", "hits": 1, "line": 6, "column": 17})
    );
    let lcov = coverage::lcov(&all, session.sources());
    for line in [
        "SF:order.asl.json",
        "FN:4,Charge",
        "FNDA:2,Charge",
        "DA:4,2",
        "BRDA:12,1,2,0",
        "FNF:4",
        "FNH:3",
        "BRF:4",
        "BRH:2",
    ] {
        assert!(lcov.lines().any(|found| found == line), "{line}\n{lcov}");
    }
    assert_eq!(
        coverage::table(&[]).lines().last(),
        Some("all        100.0%        0/0        0/0        0/0        0/0")
    );
}
