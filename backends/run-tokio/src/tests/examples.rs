//! The project's own examples, from text to result.

use wfc_cir::{Front, LowerInput, LowerOptions, Sealed};
use wfc_diag::Sink;
use wfc_expr::Value;
use wfc_plan::Plan;
use wfc_source::{Format, Limits, SourceMap};

use super::options;
use crate::{run_blocking, Clock, Options, Outcome, ProcessTools, RecordKind, RunStatus};

struct Example {
    path: &'static str,
    text: &'static str,
    /// Inputs, and what they give.
    runs: &'static [(&'static str, &'static str)],
    /// The nodes of the first run that came to their end, in order, where the order is certain.
    order: &'static [&'static str],
}

macro_rules! example {
    ($path:literal, $runs:expr, $order:expr) => {
        Example { path: $path, text: include_str!(concat!("../../../../", $path)), runs: &$runs, order: &$order }
    };
}

const EXAMPLES: &[Example] = &[
    example!(
        "stdlib/examples/hello.asl.json",
        [("{}", r#"{"greeting":"hello","to":"world"}"#), (r#"{"name":"Ada"}"#, r#"{"greeting":"hello","to":"Ada"}"#),],
        ["Has a name?", "Use a default", "Greet"]
    ),
    example!(
        "examples/order.asl.json",
        [
            (
                r#"{"order":{"id":1,"total":2000,"items":[{"sku":"a"},{"sku":"b"}]}}"#,
                r#"[{"sku":"a","state":"wrapped"},{"sku":"b","state":"wrapped"}]"#,
            ),
            (r#"{"order":{"id":2,"total":1000,"items":[]}}"#, "[]"),
        ],
        ["Read order", "Large?", "Let it rest", "Pack.Wrap", "Pack.Wrap", "Pack", "Done"]
    ),
    example!(
        "examples/build.workflow.toml",
        [("{}", r#"{"pack":{"ok":true,"exit_code":0,"stdout":"packing\n","stderr":""}}"#)],
        []
    ),
    example!(
        "stdlib/examples/hello.workflow.toml",
        [("{}", r#"{"report":{"ok":true,"exit_code":0,"stdout":"greeted\n","stderr":""}}"#)],
        ["greet", "report"]
    ),
    example!(
        "examples/review.harness.json",
        [("{}", r#"{"ok":true,"exit_code":0,"stdout":"approved\n","stderr":""}"#)],
        ["collect", "clean", "approve"]
    ),
    example!(
        "stdlib/examples/hello.harness.json",
        [("{}", r#"{"ok":true,"exit_code":0,"stdout":"greeted\n","stderr":""}"#)],
        ["greet", "greeted", "report"]
    ),
];

fn front(path: &str) -> &'static Front {
    let fronts = [&wfc_from_toml::FRONT, &wfc_from_harness::FRONT, &wfc_from_asl::FRONT];
    fronts.into_iter().find(|front| front.extensions.iter().any(|end| path.ends_with(end))).unwrap()
}

fn plan(example: &Example) -> Plan {
    let mut sink = Sink::default();
    let file = SourceMap::new().add(example.path, example.text);
    let tree = wfc_source::parse(&file, Format::of_path(example.path), &Limits::default(), &mut sink);
    let input = LowerInput { path: example.path, tree: &tree, options: &LowerOptions::default() };
    let module = (front(example.path).lower)(&input, &mut sink).unwrap();
    assert_eq!(sink.into_sorted(), [], "{}", example.path);
    wfc_cir::verify(&module).unwrap();
    wfc_to_plan::emit(&Sealed::assume_sealed(module)).unwrap().plan
}

fn ended(outcome: &Outcome) -> Vec<&str> {
    let ended = outcome.records.iter().filter(|record| record.kind == RecordKind::Exited);
    ended.map(|record| &*record.key).collect()
}

#[test]
fn examples_run() {
    for example in EXAMPLES {
        for (at, (input, expected)) in example.runs.iter().enumerate() {
            let options = Options { clock: Clock::Virtual { start: 0 }, ..options(ProcessTools) };
            let outcome = run_blocking(plan(example), Value::parse(input).unwrap(), options).unwrap();
            assert_eq!(outcome.status, RunStatus::Succeeded, "{}: {:?}", example.path, outcome.cause);
            assert_eq!(outcome.output.to_json(), *expected, "{}", example.path);
            if at == 0 && !example.order.is_empty() {
                assert_eq!(ended(&outcome), example.order, "{}", example.path);
            }
        }
    }
}
