//! Mock files: what they answer, and what is wrong with them.

#![allow(clippy::print_stderr)] // A test says what it skipped.

use std::collections::BTreeMap;
use std::sync::Arc;

use wfc_expr::Value;

use super::*;
use crate::work::tests::{block, call, desk};
use crate::News;

const OWN: &str = r#"
[states]
Charge = { result = { ok = true } }
"Notify*" = { payload = { sent = true } }

[cases.happy]
Ship = [{ error = "Busy", repeat = 2 }, { result = "T1", after = 3600, repeat = "last" }]

[cases.declined]
Charge = [{ error = "CardDeclined", cause = "no money" }]
"#;

fn own(case: Option<&str>) -> Mocks {
    Mocks::load(OWN, "order.mock.toml", "order", case).unwrap().at_once()
}

fn ask(mocks: &Mocks, resource: &str, state: &str) -> String {
    match block(mocks.call(call(resource, state, "{}"), Desk::quiet())) {
        Ok(value) => value.to_json(),
        Err(error) => {
            format!("{}: {}", error.name.as_deref().unwrap_or("-"), error.cause.as_deref().unwrap_or("-"))
        }
    }
}

#[test]
fn answers_come_in_the_order_of_calls() {
    let mocks = own(Some("happy"));
    let ship = |_| ask(&mocks, "x", "Ship");
    assert_eq!((0..4).map(ship).collect::<Vec<_>>(), ["Busy: -", "Busy: -", "\"T1\"", "\"T1\""]);
    assert_eq!(ask(&mocks, "x", "Charge"), r#"{"ok":true}"#);
    assert_eq!(ask(&mocks, "arn:aws:lambda:r:1:function:n", "NotifyAll"), r#"{"sent":true}"#);
    let wrapped = ask(&mocks, "arn:aws:states:::lambda:invoke", "NotifyAll");
    assert!(wrapped.contains(r#""Payload":{"sent":true},"SdkHttpMetadata""#), "{wrapped}");
}

#[test]
fn answers_run_out_with_a_word_on_what_to_do() {
    let mocks = own(Some("declined"));
    assert_eq!(ask(&mocks, "x", "Charge"), "CardDeclined: no money");
    let cause = "States.Runtime: order.mock.toml, case 'declined': the state 'Charge' has 1 answer, and none for its \
                 call number 2 (attempt 1 of visit 1); add one, or `repeat = \"last\"` to the last one";
    assert_eq!(ask(&mocks, "x", "Charge"), cause);
    assert!(ask(&mocks, "x", "Ship").starts_with("States.TaskFailed"));
}

#[test]
fn delays_that_reach_time_limits_leave_it_to_the_clock() {
    let mocks = own(Some("happy"));
    let limited = || Call { timeout: Some(60_000), ..call("x", "Ship", "{}") };
    let (desk, mut said) = desk();
    let replies = (0..2).map(|_| block(mocks.call(limited(), desk.clone())));
    assert!(replies.into_iter().all(|reply| reply.unwrap_err().name.as_deref() == Some("Busy")));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let third = mocks.call(limited(), desk);
    let short = Duration::from_millis(20);
    assert!(runtime.block_on(async { tokio::time::timeout(short, third).await }).is_err());
    assert_eq!(said.try_recv().unwrap().1, News::Idle);
}

#[test]
fn answers_for_tokens_and_workers() {
    let mocks = own(None);
    let (desk, mut said) = desk();
    let waiting = Call { mode: Mode::Token, ..call("arn:aws:states:::sqs:sendMessage", "Charge", "{}") };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (submitted, news) = runtime.block_on(async { (mocks.call(waiting, desk).await.unwrap(), said.recv().await) });
    assert!(submitted.get("MessageId").is_some());
    assert_eq!(news.unwrap().1, News::Answer(Ok(Value::parse(r#"{"ok":true}"#).unwrap())));
    let (_, work) = mocks.worker(&call("arn:aws:states:r:1:activity:a", "Charge", "{}"), Desk::quiet()).unwrap();
    assert_eq!(block(work).unwrap().to_json(), r#"{"ok":true}"#);
    assert!(mocks.worker(&call("arn:aws:states:r:1:activity:a", "Other", "{}"), Desk::quiet()).is_none());
}

#[test]
fn states_that_call_nothing_are_refused() {
    let mocks = own(Some("happy"));
    assert_eq!(mocks.check_states(&["Charge", "Ship"]), Ok(()));
    let error = mocks.check_states(&["Charge", "Shipp"]).unwrap_err();
    assert_eq!(error.to_string(), "order.mock.toml:7:1: 'Ship' is no state that calls anything; did you mean 'Shipp'?");
}

const AWS: &str = r#"{
  "StateMachines": {
    "Order": {"TestCases": {
      "Happy": {"Charge": "Paid", "Ship": "Shipped"},
      "Other": {"Charge": "Nothing"}
    }}
  },
  "MockedResponses": {
    "Paid": {"0-1": {"Throw": {"Error": "Busy", "Cause": "later"}}, "2": {"Return": {"StatusCode": 200, "Payload": {"a": 1}}}},
    "Shipped": {"0": {"Return": "T1"}}
  }
}"#;

#[test]
fn files_of_step_functions_local_are_read_as_they_are() {
    let mocks = Mocks::load(AWS, "MockConfigFile.json", "Order", Some("Happy")).unwrap();
    let charge = |resource: &str| ask(&mocks, resource, "Charge");
    assert_eq!(charge("x"), "Busy: later");
    assert_eq!(charge("x"), "Busy: later");
    assert_eq!(charge("arn:aws:lambda:r:1:function:charge"), r#"{"a":1}"#);
    assert!(charge("x").ends_with("add a response \"3\" to 'Paid' of MockedResponses"));
    let whole = Mocks::load(AWS, "MockConfigFile.json", "only-one-machine", Some("Happy")).unwrap();
    for expected in ["Busy: later", "Busy: later", r#"{"StatusCode":200,"Payload":{"a":1}}"#] {
        assert_eq!(ask(&whole, "arn:aws:states:::lambda:invoke", "Charge"), expected);
    }
}

#[test]
fn mistakes_are_found_where_they_are() {
    let aws = |from: &str, to: &str, case: Option<&str>| {
        Mocks::load(&AWS.replace(from, to), "m.json", "Order", case).unwrap_err().to_string()
    };
    let own = |text: &str| Mocks::load(text, "m.toml", "x", None).unwrap_err().to_string();
    for (found, expected) in [
        (aws("", "", Some("Hapy")), "m.json: there is no case 'Hapy'; did you mean 'Happy'?"),
        (aws("", "", None), "m.json: say which test case is meant: 'Happy', 'Other'"),
        (aws("", "", Some("Other")), "m.json:5:27: there is no mocked response 'Nothing'; there is 'Paid', 'Shipped'"),
        (aws("0-1", "1-0", Some("Happy")), "m.json:9:14: the mocked response 'Paid': '1-0' is no range of calls"),
        (aws("0-1", "0-2", Some("Happy")), "m.json:4:27: the mocked response 'Paid' answers call 2 twice"),
        (aws("Cause", "Reason", Some("Happy")), "m.json:9:49: 'Throw' in response 0-1 of 'Paid' has no 'Reason'"),
        (
            aws("Throw", "Thorw", Some("Happy")),
            "m.json:9:22: response 0-1 of 'Paid' has no 'Thorw'; did you mean 'Throw'?",
        ),
        (aws("\"Order\":", "\"Order\"", Some("Happy")), "m.json:3:13: this is not JSON"),
        (own("[states]\nA = { }"), "m.toml:2:1: an answer of 'A' has one of"),
        (own("[states]\nA = { reslt = 1 }"), "m.toml:2:7: an answer of 'A' has no 'reslt'; did you mean 'result'?"),
        (own("[states]\nA = { result = 1, repeat = 0 }"), "m.toml:2:1: an answer of 'A' has `repeat`"),
        (own("[states]\nA = [{ result = 1, repeat = \"last\" }, { result = 2 }]"), "m.toml:2:1: 'A': only the last"),
        (own("[cases.a]\n[cases.b]"), "m.toml: say which case is meant: 'a', 'b'"),
        (own("[states\n"), "m.toml:1:8: "),
    ] {
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
}

#[test]
fn results_are_made_up_from_what_is_read() {
    let mut expected = Expectation::default();
    for (path, guess) in [
        ("$.Payload.total", Guess::Any),
        ("$.Payload.total", Guess::Above(99.5)),
        ("$.Payload.items[1].id", Guess::Text),
        ("$.Payload['paid']", Guess::Flag),
        ("$.Payload.kind", Guess::Is("express".into())),
        ("$.Payload.list[?(@.x == 1)]", Guess::List),
        ("$.Payload", Guess::Object),
        ("$.Payload.total.inner", Guess::Text),
    ] {
        assert!(expected.read_path(path, guess));
    }
    assert!(!expected.read_path("total", Guess::Any));
    let payload = r#"{"items":[{"id":"id"},{"id":"id"}],"kind":"express","list":"list","paid":true,"total":100}"#;
    assert_eq!(expected.result().get("Payload").unwrap().to_json(), payload);
    let mock = AutoMock::new(BTreeMap::from([(Arc::from("Charge"), expected)]));
    let reply = block(mock.call(call("arn:aws:states:::lambda:invoke", "Charge", "{}"), Desk::quiet())).unwrap();
    assert_eq!(reply.get("Payload").unwrap().to_json(), payload);
    assert_eq!(reply.get("StatusCode"), Some(&Value::from(200)));
    let reply = block(mock.call(call("arn:aws:states:::sns:publish", "Tell", "{}"), Desk::quiet())).unwrap();
    assert!(reply.get("MessageId").is_some());
}

/// Cases recorded with a mock configuration: what it returns is what the state got, but for the metadata that only a
/// real service adds.
#[test]
fn recorded_configurations_answer_as_recorded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/asl/local_mocking");
    let Ok(files) = std::fs::read_dir(folder) else {
        eprintln!("skipped: {folder} is absent");
        return;
    };
    let mut compared = 0;
    for file in files {
        let case = Value::parse(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
        let config = case.get("mock_config").unwrap();
        let members = ["StateMachines", "MockedResponses"].map(|name| (name, config.get(name).unwrap().clone()));
        let text = members.into_iter().collect::<Value>().to_json();
        let machine = config.get("StateMachines").unwrap().as_object().unwrap().keys().next().unwrap();
        let mocks = Mocks::load(&text, "MockConfigFile.json", machine, None).unwrap();
        for (state, attempts) in case.get("tasks").unwrap().as_object().unwrap().iter() {
            for attempt in attempts.as_array().unwrap().iter() {
                let reply = block(mocks.call(call("x", state, "{}"), Desk::quiet())).unwrap();
                let recorded = attempt.get("output").unwrap();
                for (name, value) in reply.as_object().into_iter().flat_map(|members| members.iter()) {
                    let placeholder = recorded.get(name).and_then(Value::as_str).is_some();
                    assert!(placeholder || blurred(recorded.get(name)) == blurred(Some(value)), "{state} {name}");
                }
                compared += 1;
            }
        }
    }
    assert!(compared >= 8, "{compared}");
}

/// A value without ids, which recordings replace by placeholders.
fn blurred(value: Option<&Value>) -> String {
    let text = value.map_or_else(String::new, Value::to_json);
    text.replace("<uuid:1>", "").replace("11111111-2222-3333-4444-555555555555", "")
}
