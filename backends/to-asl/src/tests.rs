//! Modules that no state machine was read into: what is written of them, and what is refused.

use std::sync::Arc;

use wfc_cir::{
    Action, CompareOp, Doc, Edge, ErrorMatch, Expr, ExprKind, Handler, Loop, Mode, Module, Node, NodeId, NodeKey,
    NodeKind, On, OnCap, OnFail, Origin, Owner, Policy, RegionId, ReplyMode, Retrier, ReturnTo, Root, Sealed, Transfer,
    WaitFor,
};
use wfc_expr::{jsonata, jsonpath, Value};

use crate::{emit, Options, QueryLanguage};

const AT: fn() -> Origin = Origin::default;

fn module() -> Module {
    Module::new("m", "cir", Mode::Seq { entry: None }, AT())
}

fn add(module: &mut Module, region: RegionId, name: &str, kind: NodeKind) -> NodeId {
    let key = module.key_in(region, name);
    let id = module.add_node(Node::new(key, kind, region, AT()));
    if let Mode::Seq { entry } = &mut module.regions[region].mode {
        entry.get_or_insert(id);
    }
    id
}

fn edge(module: &mut Module, from: NodeId, on: On, to: NodeId) {
    module.add_edge(Edge { from, to, on, transfer: Transfer::default(), comment: None, origin: AT() });
}

/// A module with one node of this kind, which `change` changes.
fn one(kind: NodeKind, change: impl FnOnce(&mut Node)) -> Module {
    let mut module = module();
    let body = module.body();
    let id = add(&mut module, body, "n", kind);
    change(&mut module.nodes[id]);
    module
}

fn path(root: Root, text: &str) -> Expr {
    Expr::new(ExprKind::Path { doc: Doc::Root(root), path: Box::new(jsonpath::parse(text).unwrap()) }, AT())
}

fn literal(json: &str) -> Expr {
    Expr::literal(Value::parse(json).unwrap(), AT())
}

fn tool(name: &str) -> NodeKind {
    NodeKind::Step(Action::Tool { tool: name.into(), mode: ReplyMode::Reply, credentials: None })
}

fn written(module: Module) -> Value {
    let artifact =
        emit(&Sealed::assume_sealed(module), &Options::default()).unwrap_or_else(|found| panic!("{found:?}"));
    Value::parse(&artifact.text).unwrap()
}

fn state(module: Module) -> Value {
    written(module).get("States").and_then(|states| states.get("n")).unwrap().clone()
}

/// What is refused of a module, as `key: what`.
fn refused(module: Module) -> Vec<String> {
    let found = emit(&Sealed::assume_sealed(module), &Options::default()).expect_err("nothing was refused");
    found.iter().map(|one| format!("{}: {}", one.key, one.what)).collect()
}

#[test]
fn fields_stand_in_their_order() {
    let mut m = module();
    let body = m.body();
    let is_big = ExprKind::Compare {
        left: Box::new(path(Root::Input, "$['size']")),
        op: CompareOp::NumericGreater,
        right: Box::new(literal("10")),
    };
    let set = add(&mut m, body, "Set", NodeKind::Assign);
    m.nodes[set].io.args = Some(literal(r#"{"size": 12}"#));
    let check = add(&mut m, body, "Check", NodeKind::Choice { cases: vec![Expr::new(is_big, AT())] });
    let fail = add(&mut m, body, "Fail", NodeKind::Raise { error: Some(literal(r#""TooBig""#)), cause: None });
    let end = add(&mut m, body, "End", NodeKind::Return(ReturnTo::Region));
    edge(&mut m, set, On::Done, check);
    edge(&mut m, check, On::Case(0), fail);
    edge(&mut m, check, On::Otherwise, end);
    let artifact = emit(&Sealed::assume_sealed(m), &Options::default()).unwrap();
    let expected = r#"{
  "StartAt": "Set",
  "States": {
    "Set": {
      "Type": "Pass",
      "Result": {
        "size": 12
      },
      "Next": "Check"
    },
    "Check": {
      "Type": "Choice",
      "Choices": [
        {
          "Variable": "$.size",
          "NumericGreaterThan": 10,
          "Next": "Fail"
        }
      ],
      "Default": "End"
    },
    "Fail": {
      "Type": "Fail",
      "Error": "TooBig"
    },
    "End": {
      "Type": "Succeed"
    }
  }
}
"#;
    assert_eq!(artifact.text, expected);
}

#[test]
fn data_is_written_where_it_moves() {
    let put = |at: &str, value: Expr| {
        let (into, at) = (Box::new(Expr::root(Root::Raw)), Box::new(jsonpath::parse(at).unwrap()));
        Expr::new(ExprKind::Put { into, at, value: Box::new(value) }, AT())
    };
    let out = |out: Expr| move |node: &mut Node| node.end.out = Some(out);
    let merged = Expr::new(
        ExprKind::Path {
            doc: Doc::Expr(Box::new(put("$.a", Expr::root(Root::Result)))),
            path: Box::new(jsonpath::parse("$.b").unwrap()),
        },
        AT(),
    );
    for (expected, module) in [
        (
            r#"{"Type": "Pass", "InputPath": "$.x", "End": true}"#,
            one(NodeKind::Assign, |node| {
                node.io.args = Some(path(Root::Raw, "$.x"));
            }),
        ),
        (
            r#"{"Type": "Pass", "Parameters": {"a.$": "$.x", "b": 1}, "End": true}"#,
            one(NodeKind::Assign, |node| {
                let members = vec![(Arc::from("a"), path(Root::Raw, "$.x")), (Arc::from("b"), literal("1"))];
                node.io.args = Some(Expr::new(ExprKind::Object(members), AT()));
            }),
        ),
        (
            r#"{"Type": "Task", "Resource": "arn:aws:states:::a:b", "ResultPath": "$.a", "OutputPath": "$.b", "End": true}"#,
            one(tool("arn:aws:states:::a:b"), out(merged)),
        ),
        (
            r#"{"Type": "Task", "Resource": "arn:aws:states:::a:b", "ResultPath": null, "End": true}"#,
            one(tool("arn:aws:states:::a:b"), out(Expr::root(Root::Raw))),
        ),
        (
            r#"{"Type": "Wait", "SecondsPath": "$.s", "OutputPath": null, "Assign": {"v.$": "$.s"}, "End": true}"#,
            one(NodeKind::Wait(WaitFor::Seconds(path(Root::Input, "$.s"))), |node| {
                node.end.out = Some(literal("{}"));
                node.end.assign = vec![("v".into(), path(Root::Result, "$.s"))];
            }),
        ),
    ] {
        assert_eq!(state(module), Value::parse(expected).unwrap());
    }
}

#[test]
fn jsonata_is_written_in_its_own_fields() {
    let text = "$states.input.a";
    let computed =
        Expr::new(ExprKind::Jsonata { text: text.into(), ast: Arc::new(jsonata::parse(text).unwrap()) }, AT());
    let machine = written(one(NodeKind::Assign, |node| node.io.args = Some(computed)));
    assert_eq!(machine.get("QueryLanguage").and_then(Value::as_str), Some(QueryLanguage::Jsonata.name()));
    let expected = r#"{"Type": "Pass", "Output": "{% $states.input.a %}", "End": true}"#;
    assert_eq!(machine.get("States").unwrap().get("n"), Some(&Value::parse(expected).unwrap()));
}

#[test]
fn what_has_no_words_is_refused() {
    let policy = |policy: Policy| move |node: &mut Node| node.policy = Some(Box::new(policy));
    let args = |args: Expr| move |node: &mut Node| node.io.args = Some(args);
    let service = || tool("arn:aws:states:::a:b");
    let by_class =
        Retrier { on: ErrorMatch { classes: vec!["transient".into()], ..Default::default() }, ..Default::default() };
    let at_once = Retrier { on: ErrorMatch { names: vec!["*".into()], ..Default::default() }, ..Default::default() };
    for (expected, module) in [
        ("the tool `shell` is no service", one(tool("shell"), |_| {})),
        (
            "it asks a language model",
            one(NodeKind::Step(Action::Model { provider: "p".into(), model: "m".into() }), |_| {}),
        ),
        ("it may be skipped", one(NodeKind::Assign, |node| node.when = Some(literal("true")))),
        ("it leaves what is around it", one(NodeKind::Return(ReturnTo::Loop), |_| {})),
        ("it limits the cost", one(service(), policy(Policy { max_cost_usd: Some(1i64.into()), ..Policy::default() }))),
        (
            "it limits the time, which",
            one(NodeKind::Assign, policy(Policy { timeout: Some(literal("1")), ..Policy::default() })),
        ),
        ("Retry: errors are told apart", one(service(), policy(Policy { retry: vec![by_class], ..Policy::default() }))),
        (
            "Retry: it waits less than a second",
            one(service(), policy(Policy { retry: vec![at_once], ..Policy::default() })),
        ),
        ("Catch: it is for no error", one(service(), |node| node.handlers = vec![Handler::default()])),
        ("Parameters: the member `a.$` would be computed", one(service(), args(literal(r#"{"b": [{"a.$": 1}]}"#)))),
        ("Parameters: in JSONPath it can be an object only", one(service(), args(literal("1")))),
        ("Parameters: the whole value is computed", one(service(), args(path(Root::Input, "$.x")))),
        (
            "it reads the secret `s`",
            one(
                NodeKind::Assign,
                args(Expr::new(ExprKind::Array(vec![Expr::new(ExprKind::Secret("s".into()), AT())]), AT())),
            ),
        ),
        ("it has no cases", one(NodeKind::Choice { cases: Vec::new() }, |_| {})),
        (
            "its name is longer than the limit of 80",
            one(NodeKind::Assign, |node| node.key = NodeKey::root(&"x".repeat(81))),
        ),
    ] {
        let found = refused(module);
        assert!(found.len() == 1 && found[0].contains(expected), "{expected}: {found:?}");
    }
}

#[test]
fn everything_that_is_refused_is_named() {
    let mut m = module();
    let body = m.body();
    let first = add(&mut m, body, "first", tool("shell"));
    let again = add(&mut m, body, "again", NodeKind::Assign);
    let inner = m.add_region(Mode::Seq { entry: None }, Owner::Node(again), AT());
    add(&mut m, inner, "hidden", NodeKind::Join);
    let condition = literal("true");
    let body = Loop { body: inner, condition, until: true, cap: 3, on_cap: OnCap::Fail };
    m.nodes[again].kind = NodeKind::Loop(Box::new(body));
    edge(&mut m, first, On::Done, again);
    let found = refused(m);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("first: the tool") && found[1].starts_with("again: it repeats"), "{found:?}");
}

#[test]
fn nodes_that_need_each_other_are_refused() {
    let mut m = Module::new("m", "toml", Mode::Dag { on_fail: OnFail::Stop }, AT());
    let body = m.body();
    let (a, b) = (add(&mut m, body, "a", tool("shell")), add(&mut m, body, "b", tool("shell")));
    edge(&mut m, a, On::Done, b);
    let found = refused(m);
    assert!(found.len() == 1 && found[0].starts_with("a: this node and those beside it"), "{found:?}");
}

#[test]
fn nesting_is_limited() {
    let nested = |levels: usize| {
        let mut m = module();
        let mut region = m.body();
        for _ in 0..levels {
            let outer = m.add_node(Node::new(NodeKey::root("p"), NodeKind::Assign, region, AT()));
            m.regions[region].mode = Mode::Seq { entry: Some(outer) };
            region = m.add_region(Mode::Seq { entry: None }, Owner::Node(outer), AT());
            m.nodes[outer].kind = NodeKind::Parallel { branches: vec![region] };
        }
        let last = m.add_node(Node::new(NodeKey::root("p"), NodeKind::Assign, region, AT()));
        m.regions[region].mode = Mode::Seq { entry: Some(last) };
        let entry = m.entry;
        m.flows[entry].abort = wfc_cir::Abort::Immediate;
        m
    };
    assert!(written(nested(100)).get("States").is_some());
    let found = refused(nested(20_000));
    assert!(found[0].contains("deeper than the limit of 100"), "{found:?}");
}

#[test]
fn a_deep_value_is_refused() {
    let mut deep = path(Root::Input, "$.x");
    for _ in 0..300 {
        deep = Expr::new(ExprKind::Object(vec![("a".into(), deep)]), AT());
    }
    let found = refused(one(NodeKind::Assign, |node| node.io.args = Some(deep)));
    assert!(found[0].contains("deeper than the limit of 256"), "{found:?}");
}
