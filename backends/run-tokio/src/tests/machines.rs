//! State machines through the whole driver: what never rests, what has many parts, what must be told apart.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use wfc_cir::{LowerInput, LowerOptions, Sealed};
use wfc_diag::Sink;
use wfc_expr::Value;
use wfc_plan::Plan;
use wfc_source::{Format, Limits, SourceMap};

use crate::{run_blocking, Call, Clock, Mock, Options, Outcome, RunError, RunStatus};

fn plan(text: &str) -> Plan {
    let mut sink = Sink::default();
    let file = SourceMap::new().add("m.asl.json", text);
    let tree = wfc_source::parse(&file, Format::Json, &Limits::default(), &mut sink);
    let input = LowerInput { path: "m.asl.json", tree: &tree, options: &LowerOptions::default() };
    let module = (wfc_from_asl::FRONT.lower)(&input, &mut sink).unwrap();
    wfc_to_plan::emit(&Sealed::assume_sealed(module)).unwrap().plan
}

fn run(text: &str, input: &str, options: Options) -> Outcome {
    run_blocking(plan(text), Value::parse(input).unwrap(), options).unwrap()
}

const SPIN: &str = r#""A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"Z"}],"Default":"A"},"Z":{"Type":"Succeed"}"#;

#[test]
fn time_limits_and_work_reach_what_never_rests() {
    let spin = format!(r#"{{"StartAt":"A","TimeoutSeconds":1,"States":{{{SPIN}}}}}"#);
    assert_eq!(run(&spin, "{}", Options { keep_records: false, ..Options::default() }).status, RunStatus::TimedOut);
    let beside = format!(
        r#"{{"StartAt":"P","States":{{"P":{{"Type":"Parallel","End":true,"Branches":[
            {{"StartAt":"A","States":{{{SPIN}}}}},
            {{"StartAt":"T","States":{{"T":{{"Type":"Task","Resource":"arn:aws:states:::sns:publish","End":true}}}}}}]}}}}}}"#
    );
    let tools = Box::new(Mock(|_: &Call| Err(RunError::new("Done", "the work was reached"))));
    let outcome = run(&beside, "{}", Options { tools, keep_records: false, ..Options::default() });
    assert_eq!(outcome.error.as_deref(), Some("Done"));
}

fn each(more: &str, task: &str) -> String {
    format!(
        r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","End":true,{more}"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},"StartAt":"T","States":{{
            "T":{{"Type":"Task","Resource":"arn:aws:states:::sns:publish",{task}"End":true}}}}}}}}}}}}"#
    )
}

fn numbers(count: usize) -> String {
    Value::from((0_i64..).take(count).map(Value::from).collect::<Vec<_>>()).to_json()
}

#[test]
fn failures_of_a_batch_count_its_items() {
    let failing = || Options {
        tools: Box::new(Mock(|_: &Call| Err(RunError::new("Boom", "")))),
        clock: Clock::Virtual { start: 0 },
        ..Options::default()
    };
    let batches = r#""ItemBatcher":{"MaxItemsPerBatch":10},"#;
    let half = each(&format!(r#"{batches}"ToleratedFailurePercentage":50,"#), "");
    let error = run(&half, &numbers(100), failing()).error;
    assert_eq!(error.as_deref(), Some("States.ExceedToleratedFailureThreshold"));
    let all = each(&format!(r#"{batches}"ToleratedFailureCount":100,"#), "");
    assert_eq!(run(&all, &numbers(100), failing()).status, RunStatus::Succeeded);
}

#[test]
fn no_two_pieces_of_work_have_the_same_key() {
    let keys = Arc::new(Mutex::new(Vec::new()));
    for name in ["one", "two"] {
        let seen = Arc::clone(&keys);
        let work = move |call: &Call| {
            let mut seen = seen.lock().unwrap();
            seen.push(call.idempotency.clone());
            match seen.len() % 5 {
                0 => Err(RunError::new("Boom", "")),
                _ => Ok(Value::Null),
            }
        };
        let retried = r#""Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":2}],"#;
        let text = each(retried, retried);
        let clock = Clock::Virtual { start: 0 };
        run(
            &text,
            &numbers(20),
            Options { tools: Box::new(Mock(work)), run: name.into(), clock, ..Options::default() },
        );
    }
    let keys = keys.lock().unwrap();
    assert!(keys.len() > 40);
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
}

#[test]
fn a_mocked_worker_that_takes_too_long_lets_the_clock_move() {
    let text = r#"{"StartAt":"T","States":{"T":{"Type":"Task","HeartbeatSeconds":60,"End":true,
        "Resource":"arn:aws:states:us-east-1:111111111111:activity:a"}}}"#;
    let mocks = r#"{"states":{"T":{"result":1,"after":3600}}}"#;
    let mocks = crate::work::mock::Mocks::load(mocks, "m.mock.json", "m", None).unwrap().at_once();
    let options = Options { tools: Box::new(mocks), clock: Clock::Virtual { start: 0 }, ..Options::default() };
    assert_eq!(run(text, "{}", options).error.as_deref(), Some("States.Timeout"));
}
