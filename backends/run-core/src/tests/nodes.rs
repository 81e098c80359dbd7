//! Nodes of every kind, retries, handlers and limits.

use wfc_plan::{
    CompareOp, EdgeIx, ExprKind, ForEach, Loop, NodeIx, NodeKind, On, OnCap, RegionIx, ReturnTo, Root, WaitFor,
};

use super::build::{each as items_of, handler, retry, Build};
use super::world::World;
use crate::{Body, Program, RecordKind, RunStatus, Setting};

const BODY: RegionIx = RegionIx(0);

fn result(b: Build, input: &str) -> String {
    let program = b.load();
    let outcome = World::new(&program).run(input).expect("the run ends");
    match outcome.error {
        Some(error) => format!("{error}: {}", outcome.cause.unwrap_or_default()),
        None => outcome.output.to_json(),
    }
}

#[test]
fn data_moves_and_variables_swap() {
    let mut b = Build::seq();
    let a = b.node(BODY, "a", NodeKind::Assign);
    let c = b.node(BODY, "c", NodeKind::Assign);
    let d = b.node(BODY, "d", NodeKind::Assign);
    let (one, two) = (b.json("1"), b.json("2"));
    let first = b.edge(a, c, On::Done);
    b.0.edges[first.at()].assign = vec![("x".into(), one), ("y".into(), two)];
    let (x, y) = (b.expr(ExprKind::Var("x".into())), b.expr(ExprKind::Var("y".into())));
    let second = b.edge(c, d, On::Done);
    b.0.edges[second.at()].assign = vec![("x".into(), y), ("y".into(), x)];
    let raw = b.path(Root::Raw, "$.in[0]");
    let args = b.expr(ExprKind::Object(vec![("x".into(), x), ("y".into(), y), ("in".into(), raw)]));
    b.0.nodes[d.at()].args = Some(args);
    assert_eq!(result(b, r#"{"in":[7]}"#), r#"{"x":2,"y":1,"in":7}"#);
}

#[test]
fn choices_go_by_the_first_case_that_holds() {
    for (input, expected) in
        [(r#"{"n":1}"#, r#""small""#), (r#"{"n":12}"#, r#""large""#), ("{}", "States.Runtime: Invalid path '$.n'")]
    {
        let mut b = Build::seq();
        let (n, ten) = (b.path(Root::Input, "$.n"), b.json("10"));
        let case = b.expr(ExprKind::Compare { left: n, op: CompareOp::NumericLess, right: ten });
        let choice = b.node(BODY, "choice", NodeKind::Choice(vec![case]));
        for (name, on) in [("small", On::Case(0)), ("large", On::Otherwise)] {
            let end = b.node(BODY, name, NodeKind::Return(ReturnTo::Region));
            b.0.nodes[end.at()].args = Some(b.json(&format!("{name:?}")));
            b.edge(choice, end, on);
        }
        let got = result(b, input);
        assert!(got.starts_with(expected), "{got}");
    }
}

#[test]
fn retries_wait_longer_each_time_and_then_work() {
    let mut b = Build::seq();
    let a = b.step(BODY, "a", "flaky");
    b.0.nodes[a.at()].retry = vec![retry(2, 1.5, 2.0)];
    let program = b.load();
    let mut world = World::new(&program);
    assert_eq!(world.run("5").unwrap().output.to_json(), "5");
    assert_eq!(world.times(RecordKind::Dispatched), [0, 1_500, 4_500]);
}

#[test]
fn retries_end_and_handlers_follow() {
    let mut b = Build::seq();
    let a = b.step(BODY, "a", "fail");
    let h = b.node(BODY, "h", NodeKind::Assign);
    b.0.nodes[a.at()].retry = vec![retry(1, 0.0, 1.0)];
    b.0.nodes[a.at()].handlers = vec![handler()];
    let caught = b.edge(a, h, On::Error(0));
    b.0.edges[caught.at()].out = Some(b.expr(ExprKind::Root(Root::Error)));
    assert_eq!(result(b, "{}"), r#"{"Error":"Boom","Cause":"a failed"}"#);
}

#[test]
fn a_failed_branch_aborts_the_others() {
    let mut b = Build::seq();
    let (one, two) = (b.region(false), b.region(false));
    let p = b.node(BODY, "p", NodeKind::Parallel(vec![one, two]));
    b.step(one, "slow", "hang");
    b.step(two, "bad", "fail");
    let h = b.node(BODY, "h", NodeKind::Assign);
    b.0.nodes[p.at()].handlers = vec![handler()];
    let caught = b.edge(p, h, On::Error(0));
    b.0.edges[caught.at()].out = Some(b.expr(ExprKind::Root(Root::Error)));
    let program = b.load();
    let mut world = World::new(&program);
    assert_eq!(world.run("{}").unwrap().output.to_json(), r#"{"Error":"Boom","Cause":"bad failed"}"#);
    assert_eq!(world.records(RecordKind::Cancelled), ["slow"]);
}

fn each(concurrency: &str, tool: &str, tolerate: Option<&str>) -> Build {
    let mut b = Build::seq();
    let body = b.region(false);
    let (items, limit) = (b.path(Root::Input, "$.items"), b.json(concurrency));
    let tolerate_count = tolerate.map(|count| b.json(count));
    let kind = ForEach { tolerate_count, ..items_of(Some(items), body, Some(limit)) };
    let each = b.node(BODY, "each", NodeKind::ForEach(kind));
    let index = b.path(Root::Raw, "$$.Map.Item.Index");
    let item = b.expr(ExprKind::Root(Root::Item));
    b.0.nodes[each.at()].args = Some(b.expr(ExprKind::Array(vec![index, item])));
    b.step(body, "work", tool);
    b
}

#[test]
fn items_keep_their_order_and_failures_may_be_tolerated() {
    assert_eq!(result(each("2", "ok", None), r#"{"items":["a","b","c"]}"#), r#"[[0,"a"],[1,"b"],[2,"c"]]"#);
    assert_eq!(result(each("0", "ok", None), r#"{"items":[]}"#), "[]");
    assert_eq!(
        result(each("0", "ok", None), r#"{"items":{}}"#),
        "States.Runtime: Reference path \"$.items\" must point to array."
    );
    assert_eq!(result(each("1", "fail", None), r#"{"items":[1,2]}"#), "Boom: work failed");
    assert_eq!(
        result(each("0", "flaky", Some("2")), r#"{"items":[1,2,3]}"#),
        r#"[{"Error":"Boom","Cause":"work failed"},{"Error":"Boom","Cause":"work failed"},[2,3]]"#
    );
    assert!(result(each("0", "flaky", Some("1")), r#"{"items":[1,2,3]}"#).starts_with("States.ExceedTolerated"));
}

fn rounds(cap: u64, on_cap: OnCap) -> Build {
    let mut b = Build::seq();
    let body = b.region(false);
    let (round, two) = (b.path(Root::Result, "$"), b.json("2"));
    let condition = b.expr(ExprKind::Compare { left: round, op: CompareOp::NumericGreaterEquals, right: two });
    b.node(BODY, "loop", NodeKind::Loop(Loop { body, condition, until: true, cap, on_cap }));
    let inner = b.node(body, "count", NodeKind::Assign);
    b.0.nodes[inner.at()].args = Some(b.path(Root::Raw, "$$.Loop.Round"));
    b
}

#[test]
fn loops_end_by_condition_or_cap() {
    assert_eq!(result(rounds(9, OnCap::Fail), "{}"), "2");
    assert_eq!(result(rounds(2, OnCap::Continue), "{}"), "1");
    assert_eq!(result(rounds(2, OnCap::Fail), "{}"), "wfc.LoopCap: the loop has not ended after 2 rounds, its cap");
}

#[test]
fn a_return_leaves_the_loop_or_the_flow() {
    for (to, expected) in [(ReturnTo::Loop, r#""after""#), (ReturnTo::Flow, r#""out""#)] {
        let mut b = rounds(9, OnCap::Fail);
        b.0.nodes[1].kind = NodeKind::Return(to);
        b.0.nodes[1].args = Some(b.json(r#""out""#));
        let after = b.node(BODY, "after", NodeKind::Assign);
        b.0.nodes[after.at()].args = Some(b.json(r#""after""#));
        b.edge(wfc_plan::NodeIx(0), after, On::Done);
        assert_eq!(result(b, "{}"), expected);
    }
}

#[test]
fn limits_of_time_cancel_work() {
    let mut b = Build::seq();
    let a = b.step(BODY, "a", "hang");
    b.0.nodes[a.at()].total_timeout = Some(b.json("3"));
    b.0.nodes[a.at()].retry = vec![retry(5, 1.0, 1.0)];
    assert_eq!(result(b, "{}"), "States.Timeout: ");

    let mut b = Build::seq();
    b.step(BODY, "a", "hang");
    b.0.flows[0].timeout = Some(b.json("3"));
    let program = b.load();
    let mut world = World::new(&program);
    assert_eq!(world.run("{}").unwrap().status, RunStatus::TimedOut);
    assert_eq!(world.records(RecordKind::Cancelled), ["a"]);
}

#[test]
fn waits_let_time_pass() {
    let mut b = Build::seq();
    let seconds = b.path(Root::Input, "$.s");
    let a = b.node(BODY, "a", NodeKind::Wait(WaitFor::Seconds(seconds)));
    let at = b.json("\"1970-01-01T00:00:10Z\"");
    let c = b.node(BODY, "c", NodeKind::Wait(WaitFor::Timestamp(at)));
    b.edge(a, c, On::Done);
    let program = b.load();
    let mut world = World::new(&program);
    assert_eq!(world.run(r#"{"s":2.5}"#).unwrap().output.to_json(), r#"{"s":2.5}"#);
    assert_eq!(world.times(RecordKind::Entered), [0, 2_500]);
    assert_eq!(world.times(RecordKind::RunSucceeded), [10_000]);
}

#[test]
fn a_cancelled_run_ends_when_its_work_has() {
    let mut b = Build::seq();
    b.step(BODY, "a", "hang");
    let program = b.load();
    let mut world = World::new(&program);
    assert_eq!(world.run("{}"), None);
    world.feed(Body::Cancel);
    assert!(world.state.outcome().is_none());
    let act = crate::Act { frame: 0, node: wfc_plan::NodeIx(0), visit: 1, attempt: 1 };
    world.feed(Body::Cancelled { act });
    assert_eq!(world.state.outcome().unwrap().status, RunStatus::Aborted);
}

#[test]
fn a_loop_of_control_never_blocks_a_driver() {
    let mut b = Build::seq();
    let a = b.node(BODY, "a", NodeKind::Assign);
    let c = b.node(BODY, "c", NodeKind::Assign);
    b.edge(a, c, On::Done);
    b.edge(c, a, On::Done);
    let program = b.load();
    let mut world = World::new(&program);
    let start = Body::Start {
        run: "r".into(),
        seed: 0,
        input: wfc_expr::Value::Null,
        context: wfc_expr::Value::Null,
        setting: Setting::default(),
    };
    assert_eq!(world.feed(start), crate::Status::Again);
    assert_eq!(world.feed(Body::Cancel), crate::Status::Ended);
}

#[test]
fn plans_with_what_would_be_passed_over_are_refused() {
    type Spoil = fn(&mut Build, NodeIx, EdgeIx);
    let cases: [(bool, Spoil, &str); 5] = [
        (false, |b, a, _| b.0.nodes[a.at()].timeout = Some(b.json("1")), "'a' limits the time of an attempt"),
        (false, |b, _, edge| b.0.edges[edge.at()].on = On::Settled, "'a' has an edge for every outcome"),
        (false, |b, a, _| b.0.nodes[a.at()].kind = NodeKind::Join, "'a' joins in a sequence"),
        (true, |b, _, edge| b.0.edges[edge.at()].assign = vec![("x".into(), b.json("1"))], "'a' sets a variable"),
        (true, |b, a, _| b.0.nodes[a.at()].end_assign = vec![("x".into(), b.json("1"))], "'a' sets a variable"),
    ];
    for (dag, spoil, expected) in cases {
        let mut b = if dag { Build::dag(true) } else { Build::seq() };
        let (a, c) = (b.node(BODY, "a", NodeKind::Assign), b.node(BODY, "c", NodeKind::Assign));
        let edge = b.edge(a, c, On::Done);
        spoil(&mut b, a, edge);
        let error = Program::load(b.0.sealed().unwrap()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
