//! Large and hostile programs: time grows with size, and nothing overflows.

#![allow(clippy::disallowed_methods, clippy::print_stdout)] // It looks at the clock and says what it saw.

use std::fmt::Write;
use std::time::{Duration, Instant};

use wfc_analyze::analyze;
use wfc_cir::{LowerInput, LowerOptions, Module};
use wfc_diag::Sink;
use wfc_from_asl::FRONT;
use wfc_source::{FileId, Limits, SourceFile};

/// Generous: the tests run unoptimised, beside others. What grows with the square takes minutes.
const ENOUGH: Duration = Duration::from_secs(10);

fn lower(states: &str) -> Module {
    let text = format!(r#"{{"StartAt": "s0", "States": {{{states}"end": {{"Type": "Succeed"}}}}}}"#);
    let file = SourceFile::new(FileId(0), "large.asl.json", text);
    let mut sink = Sink::default();
    let tree = wfc_source::json::parse(&file, &Limits::default(), &mut sink);
    let input = LowerInput { path: file.name(), tree: &tree, options: &LowerOptions::default() };
    (FRONT.lower)(&input, &mut sink).expect("a machine")
}

fn time(what: &str, module: &Module) {
    let start = Instant::now();
    let facts = analyze(module);
    let analyzed = start.elapsed();
    let mut sink = Sink::default();
    wfc_validate::validate(module, FRONT.vocab, &facts, &mut sink);
    let all = start.elapsed();
    println!("{what}: {} nodes, analyze {analyzed:?}, validate {:?}", module.nodes.count(), all - analyzed);
    assert!(all < ENOUGH, "{what} takes {all:?}");
}

/// States `s0`, `s1`, … each with what `write` says of it.
fn states(count: usize, write: impl Fn(&mut String, usize, String) -> std::fmt::Result) -> Module {
    let mut all = String::new();
    for at in 0..count {
        let next = if at + 1 < count { format!("s{}", at + 1) } else { "end".into() };
        write(&mut all, at, next).expect("a string takes all");
    }
    lower(&all)
}

#[test]
fn ten_thousand_states() {
    const COUNT: usize = 10_000;
    time(
        "chain that collects fields",
        &states(COUNT, |out, at, next| {
            write!(
                out,
                r#""s{at}": {{"Type": "Pass", "Result": {{"a": 1}}, "ResultPath": "$.r{at}", "Next": "{next}"}},"#
            )
        }),
    );
    time(
        "chain that assigns",
        &states(COUNT, |out, at, next| {
            write!(out, r#""s{at}": {{"Type": "Pass", "Assign": {{"v{at}.$": "$.x"}}, "Next": "{next}"}},"#)
        }),
    );
    time(
        "loops in loops",
        &states(COUNT, |out, at, next| {
            let back = at.saturating_sub(at % 100 + 1);
            let test = format!(r#"{{"Variable": "$.k{}", "NumericEquals": {at}, "Next": "s{back}"}}"#, at % 70);
            write!(out, r#""s{at}": {{"Type": "Choice", "Choices": [{test}], "Default": "{next}"}},"#)
        }),
    );
    time(
        "ways back to everywhere",
        &states(COUNT, |out, at, next| {
            let back = at * 7_919 % COUNT;
            let catch = format!(r#"{{"ErrorEquals": ["E{at}"], "ResultPath": "$.e{at}", "Next": "s{back}"}}"#);
            let parameters = r#""Parameters": {"FunctionName": "f", "Payload.$": "$.a.b"}"#;
            let task = r#""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke""#;
            write!(
                out,
                r#""s{at}": {{{task}, {parameters}, "Catch": [{catch}], "Assign": {{"v{at}": 1}}, "Next": "{next}"}},"#
            )
        }),
    );
}

#[test]
fn one_state_with_ten_thousand_parts() {
    let parts = |part: &dyn Fn(usize) -> String| (0..10_000).map(part).collect::<Vec<_>>().join(",");
    let cases = parts(&|at| format!(r#"{{"Variable": "$.f{at}", "StringEquals": "{at}", "Next": "end"}}"#));
    time("cases", &lower(&format!(r#""s0": {{"Type": "Choice", "Choices": [{cases}], "Default": "end"}},"#)));
    let tests = parts(&|at| format!(r#"{{"Variable": "$.f{at}", "IsPresent": true}}"#));
    let choice = format!(r#"{{"Or": [{tests}], "Next": "end"}}"#);
    time("alternatives", &lower(&format!(r#""s0": {{"Type": "Choice", "Choices": [{choice}], "Default": "end"}},"#)));
    let branches =
        parts(&|at| format!(r#"{{"StartAt": "b{at}", "States": {{"b{at}": {{"Type": "Pass", "End": true}}}}}}"#));
    time("branches", &lower(&format!(r#""s0": {{"Type": "Parallel", "Branches": [{branches}], "Next": "end"}},"#)));
    let retry = parts(&|at| format!(r#"{{"ErrorEquals": ["E{at}", "E{}"]}}"#, at + 1));
    let task = r#""Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f""#;
    time("retriers", &lower(&format!(r#""s0": {{{task}, "Retry": [{retry}], "Next": "end"}},"#)));
}

#[test]
fn one_expression_with_many_variables() {
    let text = |part: &dyn Fn(usize) -> String| (0..20_000).map(part).collect::<Vec<_>>().join(" + ");
    let state = |text: String| {
        let assign = r#""Assign": {"known": 1}"#;
        lower(&format!(
            r#""s0": {{"Type": "Pass", "QueryLanguage": "JSONata", {assign}, "Next": "s1"}},
            "s1": {{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{{% {text} %}}", "Next": "end"}},"#
        ))
    };
    time("unbound variables", &state(text(&|at| format!("$v{at}"))));
    time("guarded variables", &state(text(&|at| format!("($v{at} ? 1 : $w{at})"))));
}

#[test]
fn deep_nesting() {
    let nested = |depth: usize, open: &str, close: &str| {
        open.repeat(depth) + r#"{"Variable": "$.a.b", "IsNull": true}"# + &close.repeat(depth)
    };
    for (open, close) in [(r#"{"Not": "#, "}"), (r#"{"Or": ["#, "]}"), (r#"{"And": ["#, "]}")] {
        let condition = nested(60, open, close);
        let choice = format!("{}, \"Next\": \"end\"}}", condition.strip_suffix('}').expect("an object"));
        time(open, &lower(&format!(r#""s0": {{"Type": "Choice", "Choices": [{choice}], "Default": "end"}},"#)));
    }
    let mut inner = String::from(r#"{"Type": "Pass", "End": true}"#);
    for depth in 0..20 {
        let processor = format!(r#"{{"StartAt": "m{depth}", "States": {{"m{depth}": {inner}}}}}"#);
        inner = format!(r#"{{"Type": "Map", "ItemsPath": "$.i", "ItemProcessor": {processor}, "End": true}}"#);
    }
    time("containers", &lower(&format!(r#""s0": {inner},"#)));
}
