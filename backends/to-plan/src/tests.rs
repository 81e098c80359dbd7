//! Flattening and refusing.

use wfc_cir::{
    Action, Batch, Callee, Edge, ErrorMatch, Expr, ExprKind, ForEach, Isolation, Jitter, Mode, Module, Node, NodeId,
    NodeKey, NodeKind, On, Origin, Owner, Part, Policy, Reader, ReplyMode, Retrier, Root, Sealed, Tolerate, Transfer,
    Workspace, Writer,
};
use wfc_diag::{FileId, Span};
use wfc_expr::{jsonpath, Value};

use crate::{emit, Emitted, Unsupported};

fn module(shift: usize, names: &[&str]) -> (Module, Vec<NodeId>) {
    let origin = |at: usize| Origin::at(Span::new(FileId(0), shift + at, shift + at + 1));
    let mut module = Module::new("m", "asl", Mode::Seq { entry: None }, origin(0));
    let body = module.body();
    let ids: Vec<NodeId> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let key = module.key_in(body, name);
            module.add_node(Node::new(key, NodeKind::Assign, body, origin(at)))
        })
        .collect();
    for pair in ids.windows(2) {
        let transfer = Transfer { assign: Vec::new(), out: Some(Expr::root(Root::Raw)) };
        let edge = Edge { from: pair[0], to: pair[1], on: On::Done, transfer, comment: None, origin: origin(9) };
        module.add_edge(edge);
    }
    module.regions[body].mode = Mode::Seq { entry: ids.first().copied() };
    (module, ids)
}

fn plan(module: Module) -> Result<Emitted, Vec<Unsupported>> {
    emit(&Sealed::assume_sealed(module))
}

fn path(text: &str) -> Expr {
    let kind = ExprKind::Path { doc: wfc_cir::Doc::Root(Root::Raw), path: Box::new(jsonpath::parse(text).unwrap()) };
    Expr::new(kind, Origin::default())
}

#[test]
fn places_do_not_change_a_plan() {
    let one = plan(module(0, &["a", "b"]).0).unwrap();
    let two = plan(module(100, &["a", "b"]).0).unwrap();
    assert_eq!(one.plan.hash, two.plan.hash);
    assert_eq!(one.plan.to_json().unwrap(), two.plan.to_json().unwrap());
    let site = |emitted: &Emitted| emitted.sites.get(emitted.plan.nodes[1].site).cloned().unwrap().span.unwrap().start;
    assert_eq!((site(&one), site(&two)), (1, 101));
    let other = plan(module(0, &["a", "c"]).0).unwrap();
    assert_ne!(one.plan.hash, other.plan.hash);
    let read: wfc_plan::Plan = serde_json::from_str(&one.plan.to_json().unwrap()).unwrap();
    assert_eq!(wfc_plan::content_hash(&read).unwrap(), one.plan.hash);
}

#[test]
fn everything_that_cannot_run_is_named_at_once() {
    let (mut module, ids) = module(0, &["model", "filter", "approved", "fine"]);
    let model = Action::Model { provider: "p".into(), model: "m-1".into() };
    module.nodes[ids[0]].kind = NodeKind::Step(model);
    module.nodes[ids[1]].io.input = Some(path("$.a[?(@.b)]"));
    let approval = Some(Expr::literal(Value::from("ok?"), Origin::default()));
    module.nodes[ids[2]].policy = Some(Box::new(Policy { approval, ..Policy::default() }));
    module.nodes[ids[3]].io.input = Some(path("$.a['b'][0]"));
    let refused: Vec<String> = plan(module).unwrap_err().iter().map(Unsupported::to_string).collect();
    assert_eq!(
        refused,
        ["'model': a call of the language model 'm-1' cannot be run yet", "'approved': an approval cannot be run yet",]
    );
}

#[test]
fn deep_expressions_are_refused_not_followed() {
    let (mut module, ids) = module(0, &["a"]);
    let leaf = Expr::root(Root::Raw);
    let deep = (0..900).fold(leaf, |inner, _| Expr::new(ExprKind::Array(vec![inner]), Origin::default()));
    module.nodes[ids[0]].io.args = Some(deep);
    let refused = plan(module).unwrap_err();
    assert!(refused[0].what.contains("deeper than 500 levels"), "{refused:?}");
}

#[test]
fn dialects_fill_in_what_a_retrier_leaves_out() {
    for (dialect, expected) in [("asl", (1.0, 3, 2.0)), ("workflow", (0.0, 1, 1.0))] {
        let (mut module, ids) = module(0, &["a"]);
        module.dialect = dialect.into();
        module.nodes[ids[0]].policy = Some(Box::new(Policy { retry: vec![Retrier::default()], ..Policy::default() }));
        let rule = plan(module).unwrap().plan.nodes[0].retry[0].clone();
        assert_eq!((rule.interval, rule.max, rule.backoff), expected);
    }
}

/// The only node of a module, a step.
fn step() -> (Module, NodeId) {
    let (mut module, ids) = module(0, &["n"]);
    module.nodes[ids[0]].kind = tool(ReplyMode::Reply, None);
    (module, ids[0])
}

fn tool(mode: ReplyMode, credentials: Option<Expr>) -> NodeKind {
    NodeKind::Step(Action::Tool { tool: "t".into(), mode, credentials })
}

fn number(value: i64) -> Option<Expr> {
    Some(Expr::literal(Value::from(value), Origin::default()))
}

fn around(module: &mut Module, node: NodeId) -> &mut Policy {
    module.nodes[node].policy.get_or_insert_with(Box::default)
}

fn retrying(module: &mut Module, node: NodeId) -> &mut Retrier {
    let retry = &mut around(module, node).retry;
    retry.push(Retrier { on: ErrorMatch { names: vec!["*".into()], ..ErrorMatch::default() }, ..Retrier::default() });
    &mut retry[0]
}

/// Makes the node a `ForEach` over one node.
fn each(module: &mut Module, node: NodeId) -> &mut ForEach {
    let body = module.add_region(Mode::Seq { entry: None }, Owner::Node(node), Origin::default());
    let inner = module.add_node(Node::new(NodeKey::root("inner"), NodeKind::Assign, body, Origin::default()));
    module.regions[body].mode = Mode::Seq { entry: Some(inner) };
    module.nodes[node].kind = NodeKind::ForEach(Box::new(ForEach {
        items: None,
        reader: None,
        batch: None,
        body,
        concurrency: None,
        tolerate: Tolerate::default(),
        writer: None,
        isolation: Isolation::Frame,
        label: None,
    }));
    match &mut module.nodes[node].kind {
        NodeKind::ForEach(each) => each,
        _ => unreachable!("it was just made one"),
    }
}

type Change = fn(&mut Module, NodeId);

/// What is set, and the words of its refusal.
const REFUSED: &[(Change, &str)] = &[
    (|m, n| around(m, n).approval = number(1), "an approval"),
    (|m, n| around(m, n).constraints.extend(number(1)), "a constraint"),
    (|m, n| around(m, n).max_steps = Some(1), "a limit on steps"),
    (|m, n| around(m, n).max_cost_usd = Some(1_i64.into()), "a limit on costs"),
    (|m, n| around(m, n).max_memory_mb = Some(1_i64.into()), "a limit on memory"),
    (|m, n| around(m, n).workspace = Some(Workspace::Ephemeral), "a workspace of its own"),
    (|m, n| around(m, n).workspace = Some(Workspace::Path("p".into())), "a workspace of its own"),
    (
        |m, n| retrying(m, n).max = wfc_expr::value::Number::from_text("0.5"),
        "a number of retries that is not a whole number from 0",
    ),
    (|m, n| retrying(m, n).max = Some((-1_i64).into()), "a number of retries that is not a whole number from 0"),
    (|m, n| retrying(m, n).interval = Some((-1_i64).into()), "a negative wait between attempts"),
    (
        |m, n| {
            m.nodes[n].kind = NodeKind::Assign;
            around(m, n).timeout = number(1);
        },
        "a time limit for each attempt at something other than a step",
    ),
    (
        |m, n| {
            each(m, n);
            around(m, n).priority = 1;
        },
        "a priority for everything inside a node",
    ),
    (|m, n| m.nodes[n].kind = NodeKind::Call(Callee::Named("f".into())), "a call of another workflow"),
    (|m, n| m.nodes[n].kind = NodeKind::Hole, "something that could not be read"),
    (
        |m, n| m.nodes[n].parts.push(Part { key: NodeKey::root("p"), origin: Origin::default() }),
        "a node made of several",
    ),
    (
        |m, n| {
            let (resource, origin) = ("r".into(), Origin::default());
            each(m, n).reader = Some(Reader { resource, args: None, config: Vec::new(), origin });
        },
        "reading items from elsewhere into the same run",
    ),
    (|m, n| each(m, n).batch = Some(Batch::default()), "items in batches within the same run"),
    (
        |m, n| {
            let origin = Origin::default();
            each(m, n).writer = Some(Writer { resource: None, args: None, config: Vec::new(), origin });
        },
        "writing results of the same run elsewhere",
    ),
];

#[test]
fn what_cannot_be_honoured_is_refused() {
    for (change, what) in REFUSED {
        let (mut module, node) = step();
        change(&mut module, node);
        let refused: Vec<String> = plan(module).unwrap_err().iter().map(Unsupported::to_string).collect();
        assert_eq!(refused, [format!("'n': {what} cannot be run yet")]);
    }
}

#[test]
fn texts_that_nobody_could_read_are_called_what_they_are() {
    use wfc_cir::Lang;
    for (lang, text, what) in [
        (Lang::JsonPath, "$.${Name}", "the placeholder in '$.${Name}', which has no value (give it one with --set),"),
        (Lang::JsonPath, "$.[", "'$.[', which could not be read as JSONPath,"),
        (Lang::Intrinsic, "States.Nope(", "'States.Nope(', which could not be read as an intrinsic function,"),
        (Lang::Jsonata, "a +", "'a +', which could not be read as JSONata,"),
        (Lang::Text, "x", "'x', which could not be read as text,"),
    ] {
        let (mut module, node) = step();
        each(&mut module, node).items =
            Some(Expr::new(ExprKind::Opaque { lang, text: text.into() }, Origin::default()));
        let refused: Vec<String> = plan(module).unwrap_err().iter().map(Unsupported::to_string).collect();
        assert_eq!(refused, [format!("'n': {what} cannot be run yet")]);
    }
}

#[test]
fn limits_of_a_flow_are_refused() {
    let (mut module, _) = step();
    let entry = module.entry;
    (module.flows[entry].max_steps, module.flows[entry].max_cost_usd) = (Some(1), Some(1_i64.into()));
    let refused: Vec<String> = plan(module).unwrap_err().into_iter().map(|refused| refused.what).collect();
    assert_eq!(refused, ["a limit on steps", "a limit on costs"]);
}

/// What is set, and what the plan says of it.
const HONOURED: &[(Change, &str)] = &[
    (|m, n| around(m, n).timeout = number(7), r#""timeout":"#),
    (|m, n| around(m, n).heartbeat = number(7), r#""heartbeat":"#),
    (|m, n| m.nodes[n].kind = tool(ReplyMode::Token, None), r#""mode":"token""#),
    (|m, n| m.nodes[n].kind = tool(ReplyMode::Sync(2), None), r#""mode":{"sync":2}"#),
    (|m, n| m.nodes[n].kind = tool(ReplyMode::Activity, None), r#""mode":"activity""#),
    (|m, n| m.nodes[n].kind = tool(ReplyMode::Reply, number(1)), r#""credentials":0"#),
    (|m, n| each(m, n).isolation = Isolation::Run { express: true }, r#""runs":{"express":true,"label":null}"#),
    (|m, n| around(m, n).total_timeout = number(7), r#""total_timeout":"#),
    (|m, n| around(m, n).priority = 7, r#""priority":7"#),
    (|m, n| around(m, n).continue_on_failure = true, r#""continue_on_failure":true"#),
    (|m, n| around(m, n).workspace = Some(Workspace::Inherit), r#""key":"n""#),
    (|m, n| retrying(m, n).interval = Some(7_i64.into()), r#""interval":7.0"#),
    (|m, n| retrying(m, n).max = Some(7_i64.into()), r#""max":7"#),
    (|m, n| retrying(m, n).backoff = Some(7_i64.into()), r#""backoff":7.0"#),
    (|m, n| retrying(m, n).linear = true, r#""linear":true"#),
    (|m, n| retrying(m, n).max_delay = Some(7_i64.into()), r#""max_delay":7.0"#),
    (|m, n| retrying(m, n).jitter = Some(Jitter::Full), r#""jitter":true"#),
    (|m, n| retrying(m, n).jitter = Some(Jitter::None), r#""jitter":false"#),
    (|m, n| retrying(m, n).on.classes.push("c".into()), r#""classes":["c"]"#),
    (|m, n| retrying(m, n).on.contains.push("c".into()), r#""contains":["c"]"#),
    (|m, n| retrying(m, n).on.exit_codes.push(7), r#""exit_codes":[7]"#),
    (|m, n| each(m, n).items = number(7), r#""items":0"#),
    (|m, n| each(m, n).concurrency = number(7), r#""concurrency":0"#),
    (|m, n| each(m, n).tolerate.count = number(7), r#""tolerate_count":0"#),
    (|m, n| each(m, n).tolerate.percent = number(7), r#""tolerate_percent":0"#),
];

#[test]
fn what_is_honoured_is_in_the_plan() {
    for (change, expected) in HONOURED {
        let (mut module, node) = step();
        change(&mut module, node);
        let text = serde_json::to_string(&plan(module).unwrap().plan.nodes[0]).unwrap();
        assert!(text.contains(expected), "{expected}: {text}");
    }
}
