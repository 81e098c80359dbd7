//! Expectations judged, and results written.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use wfc_driver::testing::{coverage::Took, Expect, Fragment, Ran, Status};
use wfc_expr::Value;

use super::execute::{Outcome, Verdict};
use super::expect::{judge, Mismatch};
use super::{human, json, junit};

fn value(text: &str) -> Value {
    Value::parse(text).expect("JSON")
}

fn ran() -> Ran {
    let event = |id: u64, kind: &str, details: serde_json::Value| json!({"id": id, "previousEventId": id - 1, "type": kind, "someEventDetails": details});
    Ran {
        status: Status::Failed,
        output: value(r#"{"a": [1, {"b": 2, "c": 3}], "d": null}"#),
        error: Some("Declined".into()),
        cause: Some("no money".into()),
        history: vec![
            event(1, "ExecutionStarted", json!({})),
            event(2, "TaskStateEntered", json!({"name": "Charge", "input": "{\"n\": 1}"})),
            event(3, "TaskFailed", json!({"error": "Declined", "cause": "no money"})),
            event(4, "TaskStateExited", json!({"name": "Charge"})),
            event(5, "FailStateEntered", json!({"name": "Lost"})),
        ],
        took: Took::new(),
    }
}

fn names(names: &[&str]) -> Option<Vec<Arc<str>>> {
    Some(names.iter().map(|name| Arc::from(*name)).collect())
}

fn fragment(kind: Option<&str>, state: Option<&str>, details: &[(&str, &str)]) -> Fragment {
    Fragment {
        kind: kind.map(Arc::from),
        state: state.map(Arc::from),
        cause_contains: None,
        details: details.iter().map(|(name, text)| (Arc::from(*name), value(text))).collect(),
    }
}

fn failed() -> Expect {
    Expect { status: Some(Status::Failed), ..Expect::default() }
}

#[test]
fn what_is_as_expected_is_not_reported() {
    for expect in [
        failed(),
        Expect { error: Some("Declined".into()), cause_contains: Some("money".into()), ..Expect::default() },
        Expect { cause: Some("no money".into()), ..failed() },
        Expect { output: Some(value(r#"{"d": null, "a": [1.0, {"c": 3, "b": 2}]}"#)), ..failed() },
        Expect { output_contains: Some(value(r#"{"a": [1, {"c": 3}]}"#)), ..failed() },
        Expect { path: names(&["Charge", "Lost"]), path_contains: names(&["Lost"]), ..failed() },
        Expect {
            history: vec![
                fragment(None, Some("Charge"), &[("input", r#"{"n": 1}"#)]),
                fragment(Some("TaskFailed"), Some("Charge"), &[("error", "\"Declined\"")]),
                fragment(Some("FailStateEntered"), None, &[]),
            ],
            ..failed()
        },
    ] {
        assert_eq!(judge(&expect, &ran()), Vec::<Mismatch>::new(), "{expect:?}");
    }
}

#[test]
fn what_differs_is_reported_with_both_sides() {
    for (expect, what, text) in [
        (Expect::default(), "status", "status: expected SUCCEEDED, found FAILED: Declined: no money"),
        (Expect { error: Some("Busy".into()), ..failed() }, "error", "error: expected Busy, found Declined"),
        (
            Expect { cause_contains: Some("x".into()), ..failed() },
            "cause-contains",
            "cause-contains: expected x, found no money",
        ),
        (
            Expect { output_contains: Some(value(r#"{"a": [1]}"#)), ..failed() },
            "output-contains",
            "output-contains (- expected, + found):",
        ),
        (
            Expect { path: names(&["Charge", "Done"]), ..failed() },
            "path",
            "path (- expected, + found):\n    Charge\n  - Done\n  + Lost",
        ),
        (Expect { path_contains: names(&["Lost", "Charge"]), ..failed() }, "path-contains", "path-contains (-"),
        (
            Expect {
                history: vec![fragment(Some("TaskFailed"), Some("Charge"), &[("error", "\"Busy\"")])],
                ..failed()
            },
            "history 1",
            "+ 2 Charge TaskStateEntered  {\"n\": 1}\n  + 3 Charge TaskFailed  Declined: no money",
        ),
        (
            Expect {
                history: vec![fragment(Some("FailStateEntered"), None, &[]), fragment(Some("TaskFailed"), None, &[])],
                ..failed()
            },
            "history 2",
            "history 2: expected type = TaskFailed, found no such event after event 5",
        ),
    ] {
        let found = judge(&expect, &ran());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].what, what);
        let shown = human::text(&found[0]);
        assert!(shown.contains(text), "{shown}");
    }
}

fn verdicts() -> Vec<Verdict> {
    let verdict = |name: &str, line, outcome| Verdict {
        file: "a & b.wfc-test.toml".to_owned(),
        line,
        name: name.to_owned(),
        machine: "m.asl.json".to_owned(),
        took: Duration::from_millis(7),
        outcome,
        ways: Took::new(),
    };
    let mismatch =
        Mismatch { what: "path".to_owned(), expected: "<A>\nB".to_owned(), found: "<A>\nC\u{1b}".to_owned() };
    vec![
        verdict("passes", 2, Outcome::Passed),
        verdict("fails \"\u{7}\"", 5, Outcome::Failed(vec![mismatch])),
        verdict("cannot", 9, Outcome::Broken("m.asl.json could not be read\nno such file".to_owned())),
    ]
}

#[test]
fn people_see_what_differs() {
    let expected = "\
a & b.wfc-test.toml
  ok     passes
  FAIL   fails \"\u{fffd}\"
         path (- expected, + found):
             <A>
           - B
           + C\u{fffd}
  ERROR  cannot
         m.asl.json could not be read
         no such file
3 tests: 1 passed, 1 failed, 1 could not be run
";
    assert_eq!(human::render(&verdicts(), false), expected);
}

#[test]
fn junit_holds_no_character_that_xml_has_not() {
    let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"wfc test\" tests=\"3\" failures=\"1\" errors=\"1\" time=\"0.021\">
  <testsuite name=\"a &amp; b.wfc-test.toml\" tests=\"3\" failures=\"1\" errors=\"1\" time=\"0.021\">
    <testcase name=\"passes\" classname=\"a &amp; b.wfc-test.toml\" file=\"a &amp; b.wfc-test.toml\" line=\"2\" time=\"0.007\"/>
    <testcase name=\"fails &quot;&quot;\" classname=\"a &amp; b.wfc-test.toml\" file=\"a &amp; b.wfc-test.toml\" line=\"5\" time=\"0.007\">
      <failure message=\"not as expected: path\">path (- expected, + found):
    &lt;A&gt;
  - B
  + C</failure>
    </testcase>
    <testcase name=\"cannot\" classname=\"a &amp; b.wfc-test.toml\" file=\"a &amp; b.wfc-test.toml\" line=\"9\" time=\"0.007\">
      <error message=\"m.asl.json could not be read&#10;no such file\"/>
    </testcase>
  </testsuite>
</testsuites>
";
    assert_eq!(junit::render(&verdicts()), expected);
}

#[test]
fn programs_get_everything() {
    let written: serde_json::Value = serde_json::from_str(&json::render(&verdicts())).expect("JSON");
    assert_eq!((&written["version"], &written["total"], &written["passed"]), (&json!(1), &json!(3), &json!(1)));
    assert_eq!(written["tests"][1]["mismatches"][0]["what"], "path");
    assert_eq!(written["tests"][2]["outcome"], "broken");
}
