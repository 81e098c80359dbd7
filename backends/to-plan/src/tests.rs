//! Flattening and refusing.

use wfc_cir::{
    Action, Edge, Expr, ExprKind, Mode, Module, Node, NodeId, NodeKind, On, Origin, Policy, Retrier, Root, Sealed,
    Transfer,
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
        [
            "'model': a call of the language model 'm-1' cannot be run yet",
            "'filter': the path '$.a[?(@.b)]' with more than names and single indices cannot be run yet",
            "'approved': an approval cannot be run yet",
        ]
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
