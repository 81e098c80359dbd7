//! Runs of small plans with processes, mocks and both clocks.

mod examples;
mod machines;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use wfc_expr::Value;
use wfc_plan::Plan;

use crate::{
    run, run_blocking, Call, Clock, Mock, Options, Outcome, ProcessTools, RunError, RunFailure, RunStatus, ToolFuture,
    ToolTable, Tools,
};

/// A plan as JSON: steps of a Dag region with the tool `shell` and these arguments, needs, and other fields.
fn plan(steps: &[(&str, &[u32], &str)]) -> Plan {
    let (mut nodes, mut edges, mut exprs) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (args, needs, more)) in steps.iter().enumerate() {
        exprs.push(format!(r#"{{"kind":{{"value":{args}}},"site":0}}"#));
        let first = edges.len();
        edges.extend(needs.iter().map(|from| format!(r#"{{"from":{from},"to":{at},"on":"done"}}"#)));
        let ins: Vec<usize> = (first..edges.len()).collect();
        nodes.push((at, ins, *more));
    }
    let outs = |node: usize| -> Vec<usize> {
        (0..edges.len()).filter(|&edge| edges[edge].contains(&format!(r#""from":{node},"#))).collect()
    };
    let nodes: Vec<String> = nodes
        .iter()
        .map(|(at, ins, more)| {
            format!(
                r#"{{"key":"s{at}","name":"s{at}","kind":{{"step":{{"name":"shell"}}}},"region":0,"args":{at},
                    "ready":"all","outs":{:?},"ins":{ins:?},"replay":"idempotent","site":0{more}}}"#,
                outs(*at)
            )
        })
        .collect();
    let all: Vec<usize> = (0..steps.len()).collect();
    let text = format!(
        r#"{{"format":1,"semantics":1,"hash":"","name":"t","dialect":"cir","entry":0,
            "flows":[{{"name":"t","body":0,"trace":"plain","abort":"await"}}],
            "regions":[{{"mode":{{"dag":{{"stop":true}}}},"nodes":{all:?},"owner":{{"flow":0}}}}],
            "nodes":[{}],"edges":[{}],"exprs":[{}]}}"#,
        nodes.join(","),
        edges.join(","),
        exprs.join(",")
    );
    serde_json::from_str::<Plan>(&text).unwrap().sealed().unwrap()
}

fn options(tools: impl Tools + 'static) -> Options {
    Options { tools: Box::new(ToolTable::new().with("shell", tools)), ..Options::default() }
}

fn shell(command: &str) -> Outcome {
    let args = format!(r#"{{"command":{}}}"#, wfc_expr::value::quoted(command));
    run_blocking(plan(&[(&args, &[], "")]), Value::Null, options(ProcessTools)).unwrap()
}

#[test]
fn commands_answer_with_what_they_print() {
    let outcome = shell("printf out; printf err >&2");
    assert_eq!(outcome.output.to_json(), r#"{"s0":{"ok":true,"exit_code":0,"stdout":"out","stderr":"err"}}"#);
    let args = r#"{"argv":["cat"],"stdin":"fed","env":{"A":"1"},"cwd":"/"}"#;
    let outcome = run_blocking(plan(&[(args, &[], "")]), Value::Null, options(ProcessTools)).unwrap();
    assert_eq!(outcome.output.get("s0").unwrap().get("stdout").unwrap().as_str(), Some("fed"));
}

#[test]
fn commands_fail_with_their_code_and_words() {
    let outcome = shell("echo why >&2; exit 3");
    assert_eq!((outcome.status, outcome.error.as_deref()), (RunStatus::Failed, Some("wfc.ExitCode")));
    assert_eq!(outcome.cause.as_deref(), Some("why\n"));
    for args in ["{}", r#"{"argv":[]}"#, r#"{"argv":[1]}"#, r#"{"command":"a\u0000b"}"#] {
        let outcome = run_blocking(plan(&[(args, &[], "")]), Value::Null, options(ProcessTools)).unwrap();
        assert_eq!(outcome.error.as_deref(), Some("wfc.BadArguments"), "{args}");
    }
    let args = r#"{"argv":["/no/such/program"]}"#;
    let outcome = run_blocking(plan(&[(args, &[], "")]), Value::Null, options(ProcessTools)).unwrap();
    assert_eq!(outcome.error.as_deref(), Some("wfc.Spawn"));
}

#[test]
fn long_output_is_cut() {
    let outcome = shell("head -c 3000000 /dev/zero | tr '\\0' x");
    let answer = outcome.output.get("s0").unwrap();
    assert_eq!(answer.get("stdout").unwrap().as_str().unwrap().len(), crate::MAX_OUTPUT);
    assert_eq!(answer.get("truncated"), Some(&Value::Bool(true)));
}

#[test]
fn what_takes_too_long_is_killed_with_its_children() {
    let mut steps =
        plan(&[(r#"{"command":"sleep 1234567 & sleep 1234567"}"#, &[], r#","timeout":1"#), ("0.2", &[], "")]);
    steps.nodes.pop();
    steps.regions[0].nodes.pop();
    let started = Instant::now();
    let outcome = run_blocking(steps.sealed().unwrap(), Value::Null, options(ProcessTools)).unwrap();
    assert_eq!(outcome.error.as_deref(), Some("States.Timeout"));
    assert!(started.elapsed() < Duration::from_secs(5));
    let left = std::process::Command::new("sh").args(["-c", "ps ax | grep -c '[s]leep 1234567'"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&left.stdout).trim(), "0");
}

#[test]
fn a_virtual_clock_jumps() {
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    let flaky = Mock(move |call: &Call| match counted.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => Err(RunError::new("Boom", "not yet")),
        _ => Ok(Value::from(i64::from(call.attempt))),
    });
    let retry = r#","retry":[{"on":{"names":["*"]},"interval":3600,"max":2,"backoff":2}]"#;
    let options = Options { clock: Clock::Virtual { start: 1_000 }, ..options(flaky) };
    let started = Instant::now();
    let outcome = run_blocking(plan(&[("{}", &[], retry)]), Value::Null, options).unwrap();
    assert_eq!(outcome.output.to_json(), r#"{"s0":3}"#);
    assert_eq!(outcome.records.last().unwrap().at, 1_000 + 3 * 3_600_000);
    assert!(started.elapsed() < Duration::from_secs(5));
}

/// Counts how many calls are under way at once.
#[derive(Debug, Default, Clone)]
struct Crowd {
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Tools for Crowd {
    fn call(&self, _: Call, _: crate::Desk) -> ToolFuture {
        let crowd = self.clone();
        Box::pin(async move {
            let now = crowd.now.fetch_add(1, Ordering::SeqCst) + 1;
            crowd.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
            crowd.now.fetch_sub(1, Ordering::SeqCst);
            Ok(Value::Null)
        })
    }
}

#[test]
fn only_so_many_run_at_once() {
    for (concurrency, most) in [(0, 6), (1, 1), (2, 2)] {
        let crowd = Crowd::default();
        let steps: Vec<(&str, &[u32], &str)> = vec![("{}", &[], ""); 6];
        let options = Options { concurrency, ..options(crowd.clone()) };
        assert_eq!(run_blocking(plan(&steps), Value::Null, options).unwrap().status, RunStatus::Succeeded);
        assert_eq!(crowd.most.load(Ordering::SeqCst), most);
    }
}

#[test]
fn a_failure_cancels_what_runs_beside_it() {
    let started = Instant::now();
    let steps = plan(&[(r#"{"command":"exit 1"}"#, &[], ""), (r#"{"command":"sleep 60"}"#, &[], "")]);
    let outcome = run_blocking(steps, Value::Null, options(ProcessTools)).unwrap();
    assert_eq!(outcome.status, RunStatus::Failed);
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn what_nobody_does_fails_by_name() {
    let outcome = run_blocking(plan(&[("{}", &[], "")]), Value::Null, Options::default()).unwrap();
    assert_eq!(outcome.error.as_deref(), Some("States.TaskFailed"));
    assert!(outcome.cause.unwrap().contains("'shell'"));
}

#[test]
fn spoilt_plans_are_refused() {
    let mut spoilt = plan(&[("{}", &[], "")]);
    spoilt.name = "other".into();
    assert!(matches!(run_blocking(spoilt, Value::Null, Options::default()), Err(RunFailure::Load(_))));
    for spoil in [
        |plan: &mut Plan| plan.nodes[0].args = Some(wfc_plan::ExprIx(9)),
        |plan: &mut Plan| plan.edges[0].to = wfc_plan::NodeIx(9),
        |plan: &mut Plan| plan.edges[0].to = wfc_plan::NodeIx(0),
        |plan: &mut Plan| plan.entry = wfc_plan::FlowIx(1),
        |plan: &mut Plan| plan.regions[0].owner = wfc_plan::Owner::Node(wfc_plan::NodeIx(0)),
        |plan: &mut Plan| plan.format = 2,
    ] {
        let mut spoilt = plan(&[("{}", &[], ""), ("{}", &[0], "")]);
        spoil(&mut spoilt);
        let result = run_blocking(spoilt.sealed().unwrap(), Value::Null, Options::default());
        assert!(matches!(result, Err(RunFailure::Load(_))), "{result:?}");
    }
}

#[test]
fn dropping_a_run_ends_its_work() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let steps = plan(&[(r#"{"command":"sleep 7654321"}"#, &[], "")]);
    runtime.block_on(async {
        let running = run(steps, Value::Null, options(ProcessTools));
        assert!(tokio::time::timeout(Duration::from_millis(200), running).await.is_err());
        tokio::time::sleep(Duration::from_millis(100)).await;
    });
    let left = std::process::Command::new("sh").args(["-c", "ps ax | grep -c '[s]leep 7654321'"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&left.stdout).trim(), "0");
}
