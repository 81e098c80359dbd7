//! What is found out about small machines, written as their users write them, and about Dag regions built by hand.

use wfc_analyze::{analyze, Bound, Facts, Phase};
use wfc_cir::{
    Action, Edge, LowerInput, LowerOptions, Mode, Module, Node, NodeId, NodeKey, NodeKind, On, OnFail, Origin,
    ReplyMode, Root, Transfer,
};
use wfc_diag::Sink;
use wfc_source::{FileId, Limits, SourceFile};

struct Known {
    m: Module,
    facts: Facts,
}

/// The facts about a machine that starts at `A` and has these states.
fn known(states: &str) -> Known {
    let text = format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#);
    let file = SourceFile::new(FileId(0), "test.asl.json", text);
    let mut sink = Sink::default();
    let tree = wfc_source::json::parse(&file, &Limits::default(), &mut sink);
    let input = LowerInput { path: file.name(), tree: &tree, options: &LowerOptions::default() };
    let m = (wfc_from_asl::FRONT.lower)(&input, &mut sink).expect("a machine");
    assert!(!sink.has_errors(), "{:#?}", sink.found());
    Known { facts: analyze(&m), m }
}

impl Known {
    fn node(&self, name: &str) -> NodeId {
        self.m.nodes.iter().find(|(_, node)| node.name() == name).expect("a node").0
    }

    fn bound(&self, node: &str, variable: &str) -> Bound {
        self.facts.vars.bound(self.node(node), variable)
    }

    /// What enters a node, as text.
    fn raw(&self, node: &str) -> String {
        self.facts.docs.raw(self.node(node)).to_string()
    }
}

#[test]
fn shape() {
    let known = known(
        r#""A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "L"}], "Default": "End"},
        "L": {"Type": "Pass", "Next": "M"}, "M": {"Type": "Pass", "Next": "L"},
        "R": {"Type": "Pass", "Next": "End"}, "End": {"Type": "Succeed"}"#,
    );
    let graph = &known.facts.graph;
    let of = |name: &str| known.node(name);
    assert!(graph.reachable(of("M")) && !graph.reachable(of("R")));
    assert!(graph.can_end(of("A")) && graph.can_end(of("R")) && !graph.can_end(of("L")));
    let cycle = graph.cycle(of("M")).unwrap();
    assert_eq!((cycle.nodes.as_slice(), cycle.exits), ([of("L"), of("M")].as_slice(), false));
    assert!(graph.cycle(of("A")).is_none());
    assert_eq!(graph.preds(of("L")).len(), 2);
    assert_eq!(graph.regions()[0].nodes.first(), Some(&of("A")));
    let dominators = graph.dominators(of("A"));
    let above = dominators.immediate_dominator((of("M").index() as u32).into());
    assert_eq!(above.map(|node| node.index()), Some(of("L").index()));
}

#[test]
fn variables_follow_edges() {
    let known = known(
        r#""A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Assign": {"done": 1},
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C", "Assign": {"why": 1}}], "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"late": 1}, "Next": "C"},
        "C": {"Type": "Pass", "Next": "D"},
        "D": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B"}], "Default": "E"},
        "E": {"Type": "Succeed"}"#,
    );
    assert_eq!(known.bound("A", "done"), Bound::Never);
    assert_eq!(known.bound("C", "done"), Bound::Sometimes);
    assert_eq!(known.bound("C", "why"), Bound::Sometimes);
    assert_eq!(known.bound("B", "late"), Bound::Sometimes);
    assert_eq!(known.bound("E", "nothing"), Bound::Never);
    let mut visible: Vec<&str> = known.facts.vars.visible(known.node("B")).collect();
    visible.sort_unstable();
    assert_eq!(visible, ["done", "late", "why"]);
}

#[test]
fn variables_end_with_their_scope() {
    let inner = r#"{"StartAt": "I", "States": {"I": {"Type": "Pass", "Assign": {"own": 1}, "Next": "J"},
        "J": {"Type": "Pass", "End": true}}}"#;
    let map = |mode: &str| {
        let processor = inner.replacen('{', &format!(r#"{{"ProcessorConfig": {mode}, "#), 1);
        known(&format!(
            r#""A": {{"Type": "Pass", "Assign": {{"outer": 1}}, "Next": "Map"}},
            "Map": {{"Type": "Map", "ItemProcessor": {processor}, "Next": "Z"}}, "Z": {{"Type": "Succeed"}}"#
        ))
    };
    let inline = map(r#"{"Mode": "INLINE"}"#);
    assert_eq!(inline.bound("J", "outer"), Bound::Always);
    assert_eq!(inline.bound("J", "own"), Bound::Always);
    assert_eq!(inline.bound("Z", "own"), Bound::Never);
    let apart = map(r#"{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}"#);
    assert_eq!(apart.bound("J", "outer"), Bound::Never);
    assert_eq!(apart.bound("Z", "outer"), Bound::Always);
}

#[test]
fn documents_are_known_where_the_program_makes_them() {
    let known = known(
        r#""A": {"Type": "Pass", "Result": {"n": 1}, "Next": "B"},
        "B": {"Type": "Pass", "Result": ["x"], "ResultPath": "$.list", "Next": "C"},
        "C": {"Type": "Parallel", "Branches": [
            {"StartAt": "P", "States": {"P": {"Type": "Pass", "OutputPath": "$.n", "End": true}}},
            {"StartAt": "Q", "States": {"Q": {"Type": "Pass", "OutputPath": "$.list", "End": true}}}], "Next": "D"},
        "D": {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Result": true, "End": true}}}, "Next": "E"},
        "E": {"Type": "Pass", "Parameters": {"n.$": "States.ArrayLength($)", "lost.$": "$.n"}, "Next": "F"},
        "F": {"Type": "Succeed"}"#,
    );
    assert_eq!(known.raw("A"), "any");
    assert_eq!(known.raw("B"), "{n: number}");
    assert_eq!(known.raw("P"), "{list: [string; 1], n: number}");
    assert_eq!(known.raw("D"), "[number | [string; 1]; 2]");
    assert_eq!(known.raw("I"), "number | [string; 1]");
    assert_eq!(known.raw("E"), "[boolean]");
    // An array has no member `n`, so that no run gets here.
    assert_eq!(known.raw("F"), "never");
}

#[test]
fn conditions_teach() {
    let known = known(
        r#""A": {"Type": "Choice", "Choices": [
            {"And": [{"Variable": "$.a", "IsPresent": true}, {"Variable": "$.a", "IsString": true}], "Next": "S"},
            {"Variable": "$.b", "StringEquals": "x", "Next": "T"}], "Default": "U"},
        "S": {"Type": "Succeed"}, "T": {"Type": "Succeed"}, "U": {"Type": "Succeed"}"#,
    );
    assert_eq!(known.raw("S"), "{a: string, ...}");
    assert_eq!(known.raw("T"), r#"{b: "x", ...}"#);
    assert_eq!(known.raw("U"), "{b: any, ...}");
}

#[test]
fn loops_come_to_rest() {
    let known = known(
        r#""A": {"Type": "Pass", "Result": {}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"in.$": "$"}, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.in", "IsNull": true, "Next": "B"}], "Default": "D"},
        "D": {"Type": "Succeed"}"#,
    );
    assert!(known.raw("B").starts_with('{'), "{}", known.raw("B"));
    let env = known.facts.docs.visit(&known.m, known.node("C")).env(Phase::Work);
    assert!(!env.doc(Root::Raw).is_never());
}

#[test]
fn a_dag_starts_where_nothing_leads() {
    let mut m = Module::new("m", "test", Mode::Dag { on_fail: OnFail::Stop }, Origin::default());
    let body = m.body();
    let tool = || NodeKind::Step(Action::Tool { tool: "shell".into(), mode: ReplyMode::Reply, credentials: None });
    let mut add = |name| m.add_node(Node::new(NodeKey::root(name), tool(), body, Origin::default()));
    let (a, b, c) = (add("a"), add("b"), add("c"));
    for from in [a, b] {
        let transfer = Transfer::default();
        m.add_edge(Edge { from, to: c, on: On::Done, transfer, comment: None, origin: Origin::default() });
    }
    let facts = analyze(&m);
    assert_eq!(facts.graph.regions()[0].nodes, [a, b, c]);
    assert!(facts.graph.can_end(a) && facts.docs.raw(c).is_any());
}
