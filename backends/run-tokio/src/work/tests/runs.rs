//! Whole runs whose tasks are answered by a router or by mocks.

use std::path::Path;
use std::sync::Arc;

use wfc_cir::{LowerInput, LowerOptions, Sealed};
use wfc_diag::Sink;
use wfc_expr::Value;
use wfc_source::{Format, Limits, SourceMap};

use super::{child, router, Same};
use crate::work::mock::Mocks;
use crate::{run_blocking, Clock, Options, Outcome, RunStatus, Tools};

const ORDER: &str = r#"{
  "StartAt": "Charge",
  "States": {
    "Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": {"FunctionName": "charge", "Payload.$": "$"}, "ResultSelector": {"paid.$": "$.Payload"},
      "ResultPath": "$.charge", "Next": "Approve"},
    "Approve": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}}, "TimeoutSeconds": 3600,
      "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Late"}], "ResultPath": "$.approved", "Next": "Sign"},
    "Sign": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:sign",
      "ResultPath": "$.signed", "Next": "Ship"},
    "Ship": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
      "Parameters": {"StateMachineArn": "child", "Input.$": "$.charge"}, "ResultSelector": {"out.$": "$.Output"},
      "ResultPath": "$.shipped", "Next": "Tell"},
    "Tell": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"},
      "Catch": [{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "Done"}], "Next": "Done"},
    "Late": {"Type": "Pass", "Result": "late", "End": true},
    "Done": {"Type": "Succeed"}
  }
}"#;

fn run(text: &str, tools: impl Tools + 'static) -> Outcome {
    let mut sink = Sink::default();
    let file = SourceMap::new().add("order.asl.json", text);
    let tree = wfc_source::parse(&file, Format::Json, &Limits::default(), &mut sink);
    let input = LowerInput { path: "order.asl.json", tree: &tree, options: &LowerOptions::default() };
    let module = (wfc_from_asl::FRONT.lower)(&input, &mut sink).unwrap();
    let plan = wfc_to_plan::emit(&Sealed::assume_sealed(module)).unwrap().plan;
    let options = Options { clock: Clock::Virtual { start: 0 }, tools: Box::new(tools), ..Options::default() };
    run_blocking(plan, Value::parse(r#"{"amount":5}"#).unwrap(), options).unwrap()
}

#[test]
fn a_machine_reaches_real_things() {
    let tasks = r#"
        "charge" = { command = "cat" }
        "arn:aws:states:::sqs:sendMessage" = { result = "yes" }
        "sign" = { command = "echo '\"signed\"'" }
    "#;
    let machines = [("child".to_owned(), "child.asl.json".to_owned())].into();
    let same = Arc::new(Same { child: child(RunStatus::Succeeded), started: Default::default() });
    let outcome = run(ORDER, router(Path::new(""), tasks).with_machines(&machines).with_starter(same, 0));
    let mut output = outcome.output.clone();
    assert_eq!(outcome.status, RunStatus::Succeeded, "{outcome:?}");
    let error = output.as_object_mut().unwrap().remove("error").unwrap();
    assert!(error.to_json().contains("arn:aws:states:::sns:publish"), "{}", error.to_json());
    let expected = r#"{"amount":5,"charge":{"paid":{"amount":5}},"approved":"yes","signed":"signed","shipped":{"out":{"Arg1":"argument1"}}}"#;
    assert_eq!(output.to_json(), expected);
}

#[test]
fn mocks_answer_a_machine_in_no_time() {
    let mocks = |approve: &str| {
        let text = format!(
            "[states]\nCharge = {{ payload = 1 }}\nApprove = {approve}\nSign = {{ result = 2 }}\n\
             Ship = {{ result = {{ Output = 3 }} }}\nTell = {{ result = {{}} }}"
        );
        Mocks::load(&text, "order.mock.toml", "order", None).unwrap().at_once()
    };
    let outcome = run(ORDER, mocks("{ result = true, after = 3599 }"));
    assert_eq!((outcome.status, outcome.output.to_json().as_str()), (RunStatus::Succeeded, "{}"), "{outcome:?}");
    assert_eq!(run(ORDER, mocks("{ result = true, after = 3600 }")).output, Value::from("late"));
    let failed = run(ORDER, mocks("{ error = \"Refused\", cause = \"no\" }"));
    assert_eq!((failed.error.as_deref(), failed.cause.as_deref()), (Some("Refused"), Some("no")));
}
