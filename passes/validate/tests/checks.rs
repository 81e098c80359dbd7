//! What the checks find in small machines, and what they must not find.

use wfc_analyze::analyze;
use wfc_cir::{Expr, ExprKind, LowerInput, LowerOptions, Mode, Module, Node, NodeKey, NodeKind, OnFail, Origin, Vocab};
use wfc_diag::Sink;
use wfc_from_asl::FRONT;
use wfc_source::{FileId, Limits, SourceFile};

/// What the checks find in a machine that starts at `A`, as `rule severity text-it-points-at`.
fn found(states: &str) -> Vec<String> {
    found_in(format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#))
}

fn found_in(text: String) -> Vec<String> {
    let file = SourceFile::new(FileId(0), "test.asl.json", text);
    let mut sink = Sink::default();
    let tree = wfc_source::json::parse(&file, &Limits::default(), &mut sink);
    let input = LowerInput { path: file.name(), tree: &tree, options: &LowerOptions::default() };
    let module = (FRONT.lower)(&input, &mut sink).expect("a machine");
    wfc_validate::validate(&module, FRONT.vocab, &analyze(&module), &mut sink);
    let own = sink.into_sorted().into_iter().filter(|found| wfc_validate::RULES.contains(&found.rule));
    own.map(|d| format!("{} {} {}", d.rule.name, d.severity.word(), &file.text()[d.primary.span.range()])).collect()
}

const TASK: &str = r#""Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f""#;

#[test]
fn points_at_the_very_step() {
    let path = found(
        r#""A": {"Type": "Pass", "Result": {"order": {"id": 1}}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"x.$": "States.Format('\u007b}', $.order.ident)"}, "End": true}"#,
    );
    assert_eq!(path, ["path-never-written error ident"]);
    let variable =
        found(r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 'a\"b' & $missing %}", "End": true}"#);
    assert_eq!(variable, ["unbound-variable warning $missing"]);
    let context = found(r#""A": {"Type": "Pass", "Parameters": {"x.$": "$$.Executoin.Id"}, "End": true}"#);
    assert_eq!(context, ["unknown-context-field warning Executoin"]);
}

#[test]
fn a_guard_silences_what_it_guards() {
    let guarded = |states: &str| assert_eq!(found(states), [""; 0], "{states}");
    guarded(r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $exists($x) ? 1 : 2 %}", "End": true}"#);
    guarded(
        r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.a ?: 'b' %}", "End": true}"#,
    );
    guarded(
        r#""A": {"Type": "Pass", "Result": [1], "ResultPath": "$.all", "Next": "B"},
        "B": {"Type": "Pass", "InputPath": "$.none[*]", "Parameters": {"n.$": "$.length()"}, "End": true}"#,
    );
    let silent = found(
        r#""A": {"Type": "Pass", "Result": {"a": 1}, "Next": "B"},
        "B": {"Type": "Choice", "Default": "C", "Choices": [
            {"And": [{"Variable": "$.b", "IsPresent": true}, {"Variable": "$.b.c", "NumericEquals": 1}], "Next": "C"}]},
        "C": {"Type": "Succeed"}"#,
    );
    assert_eq!(silent, [r#"comparison-never-holds warning {"Variable": "$.b", "IsPresent": true}"#]);
}

#[test]
fn values_written_as_examples_are_no_contradiction() {
    let hello = found(
        r#""A": {"Type": "Pass", "Parameters": {"ready": true, "count": 3}, "Next": "B"},
        "B": {"Type": "Choice", "Default": "C", "Choices": [{"Variable": "$.ready", "BooleanEquals": false, "Next": "D"},
            {"Variable": "$.count", "NumericGreaterThan": 5, "Next": "D"}]},
        "C": {"Type": "Succeed"}, "D": {"Type": "Fail"}"#,
    );
    assert_eq!(hello, [""; 0]);
}

#[test]
fn what_could_not_be_read_silences_what_follows() {
    let missing_way = r#""A": {"Type": "Pass"}, "B": {"Type": "Succeed"}"#;
    let unknown_target = r#""A": {"Type": "Pass", "Next": "Bb"}, "B": {"Type": "Succeed"}"#;
    let unknown_type =
        r#""A": {"Type": "Zebra", "Next": "B"}, "B": {"Type": "Pass", "Next": "B"}, "C": {"Type": "Fail"}"#;
    assert_eq!(found(missing_way), [""; 0]);
    assert_eq!(found(unknown_target), [""; 0]);
    assert_eq!(found(unknown_type), [r#"endless-loop error "B""#]);
}

#[test]
fn an_error_has_an_error_and_a_cause() {
    let caught = |path: &str| {
        found(&format!(
            r#""A": {{{TASK}, "Catch": [{{"ErrorEquals": ["States.ALL"], "ResultPath": "$.why", "Next": "B"}}], "End": true}},
            "B": {{"Type": "Fail", "CausePath": "{path}"}}"#
        ))
    };
    assert_eq!(caught("$.why.Cause"), [""; 0]);
    assert_eq!(caught("$.why.cause"), ["path-never-written error cause"]);
}

#[test]
fn loops_that_only_a_failure_ends_are_warnings() {
    let start = r#""A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B"}], "Default": "Z"},
        "Z": {"Type": "Succeed"}"#;
    let wait = r#"{"Type": "Wait", "Seconds": 1, "Next": "B"}"#;
    let poll = found(&format!(r#"{start}, "B": {{{TASK}, "Next": "C"}}, "C": {wait}"#));
    assert_eq!(poll, [r#"endless-loop warning "B""#]);
    // The machine as a whole is refused.
    let no_end = found(&format!(r#""A": {{{TASK}, "Next": "B"}}, "B": {wait}"#));
    assert_eq!(no_end, [""; 0]);
    let caught = r#""Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}]"#;
    let left = found(&format!(r#""A": {{{TASK}, {caught}, "Next": "A"}}, "C": {{"Type": "Succeed"}}"#));
    assert_eq!(left, [""; 0]);
}

#[test]
fn outer_variables_stay_outside_of_runs_of_their_own() {
    let map = |mode: &str| {
        found(&format!(
            r#""A": {{"Type": "Pass", "Assign": {{"x": 1}}, "Next": "M"}}, "M": {{"Type": "Map", "End": true, "ItemProcessor":
            {{"ProcessorConfig": {mode}, "StartAt": "I", "States": {{"I": {{"Type": "Pass", "OutputPath": "$x", "End": true}}}}}}}}"#
        ))
    };
    assert_eq!(map(r#"{"Mode": "INLINE"}"#), [""; 0]);
    assert_eq!(map(r#"{"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}"#), ["unbound-variable error $x"]);
}

#[test]
fn one_finding_for_all_that_cannot_be_reached() {
    let dead = found(
        r#""A": {"Type": "Succeed"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "D"},
        "D": {"Type": "Pass", "Next": "C"}, "E": {"Type": "Pass", "Next": "F"}, "F": {"Type": "Pass", "Next": "E"}"#,
    );
    assert_eq!(dead, [r#"unreachable warning "B""#, r#"unreachable warning "E""#]);
}

#[test]
fn retries_count_against_the_whole_run() {
    let retry = |max: u32| {
        let retry = format!(
            r#""Retry": [{{"ErrorEquals": ["E"], "IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": {max}}}]"#
        );
        let states = format!(r#"{{"A": {{{TASK}, {retry}, "End": true}}}}"#);
        found_in(format!(r#"{{"TimeoutSeconds": 60, "StartAt": "A", "States": {states}}}"#)).len()
    };
    // 1 + 2 + 4 + 8 + 16 = 31; the next is 32.
    assert_eq!((retry(5), retry(6)), (0, 1));
}

#[test]
fn secrets_decide_nothing() {
    let mut m = Module::new("m", "test", Mode::Dag { on_fail: OnFail::Stop }, Origin::default());
    let mut node = Node::new(NodeKey::root("a"), NodeKind::Assign, m.body(), Origin::default());
    let secret = Expr::new(ExprKind::Secret("KEY".into()), Origin::default());
    node.when = Some(Expr::new(ExprKind::Not(Box::new(secret)), Origin::default()));
    m.add_node(node);
    let mut sink = Sink::default();
    wfc_validate::validate(&m, &Vocab::CIR, &analyze(&m), &mut sink);
    let names: Vec<&str> = sink.found().iter().map(|found| found.rule.name).collect();
    assert_eq!(names, ["secret-in-condition"]);
}

#[test]
fn what_blocks_is_not_checked() {
    let module = || Module::new("m", "test", Mode::Seq { entry: None }, Origin::default());
    assert!(wfc_validate::check(module(), true).is_err());
    assert!(wfc_validate::check(module(), false).is_ok());
    let mut holed = module();
    holed.add_node(Node::new(NodeKey::root("a"), NodeKind::Hole, holed.body(), Origin::default()));
    assert!(wfc_validate::check(holed, false).is_err());
}
