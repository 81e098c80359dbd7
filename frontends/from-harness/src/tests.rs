//! Pages, findings and the shape of modules.

use wfc_cir::{LowerInput, LowerOptions, Mode, Module, NodeKind, On, Ready};
use wfc_diag::{Diagnostic, Sink};
use wfc_source::{Format, Limits, SourceMap};

use crate::{rules, FRONT};

fn lower(text: &str) -> (Option<Module>, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let file = SourceMap::new().add("h.harness.json", text);
    let tree = wfc_source::parse(&file, Format::Json, &Limits::default(), &mut sink);
    let options = LowerOptions::default();
    let module = (FRONT.lower)(&LowerInput { path: "h.harness.json", tree: &tree, options: &options }, &mut sink);
    (module, sink.into_sorted())
}

fn names(found: &[Diagnostic]) -> Vec<&str> {
    found.iter().map(|found| found.rule.name).collect()
}

fn example<'p>(page: &'p str, title: &str) -> &'p str {
    let section = page.split(&format!("## {title}\n")).nth(1).unwrap();
    section.split("```json\n").nth(1).unwrap().split("```").next().unwrap()
}

/// A harness of `echo` nodes and whatever else is given.
fn harness(nodes: &str, edges: &[(&str, &str)]) -> String {
    let ids = nodes.split(' ').filter(|id| !id.contains('{'));
    let tools = ids.map(|id| format!(r#"{{"id":"{id}","kind":"tool","tool":"echo","args":[]}}"#));
    let others = nodes.split(' ').filter(|node| node.contains('{')).map(str::to_owned);
    let nodes = tools.chain(others).collect::<Vec<_>>().join(",");
    let edges = edges.iter().map(|(from, to)| format!(r#"{{"from":"{from}","to":"{to}"}}"#)).collect::<Vec<_>>();
    format!(r#"{{"name":"h","graph":{{"entryNodeId":"a","nodes":[{nodes}],"edges":[{}]}}}}"#, edges.join(","))
}

#[test]
fn pages_show_their_rule() {
    for rule in rules::ALL {
        let (_, bad) = lower(example(rule.page, "Example"));
        assert!(!bad.is_empty() && names(&bad).iter().all(|name| *name == rule.name), "{}: {bad:#?}", rule.name);
        let (_, good) = lower(example(rule.page, "Instead"));
        assert_eq!(good, [], "{}", rule.name);
    }
}

#[test]
fn circles_become_a_sequence() {
    let condition = r#"{"id":"c","kind":"condition","condition":"b.ok","thenNodeId":"d","elseNodeId":"a"}"#;
    let (module, found) = lower(&harness(&format!("a b d {condition}"), &[("a", "b"), ("b", "c")]));
    assert_eq!(found, []);
    let module = module.unwrap();
    let (a, node) = module.nodes.iter().next().unwrap();
    assert_eq!(module.regions[module.body()].mode, Mode::Seq { entry: Some(a) });
    assert_eq!(node.key.as_str(), "a");
    let (choice, _) = module.nodes.iter().find(|(_, node)| matches!(node.kind, NodeKind::Choice { .. })).unwrap();
    assert_eq!(module.out(choice, On::Otherwise).unwrap().to, a);
    wfc_cir::verify(&module).unwrap();
}

#[test]
fn forks_become_a_dag_and_merges_join() {
    for (strategy, ready) in [("all", Ready::Live), ("any", Ready::First), ("majority", Ready::Quorum(2))] {
        let merge = format!(r#"{{"id":"m","kind":"merge","waitFor":["b","c"],"strategy":"{strategy}"}}"#);
        let edges = [("a", "b"), ("a", "c"), ("b", "m"), ("c", "m"), ("m", "d")];
        let (module, found) = lower(&harness(&format!("a b c d {merge}"), &edges));
        assert_eq!(found, []);
        let module = module.unwrap();
        let (_, merge) = module.nodes.iter().find(|(_, node)| matches!(node.kind, NodeKind::Join)).unwrap();
        assert_eq!(merge.ready, ready);
        wfc_cir::verify(&module).unwrap();
    }
}

#[test]
fn forks_in_circles_are_refused() {
    let condition = r#"{"id":"x","kind":"condition","condition":"b.ok","thenNodeId":"d","elseNodeId":"a"}"#;
    let edges = [("a", "b"), ("a", "c"), ("b", "x")];
    let text = harness(&format!("a b c d {condition}"), &edges);
    let (_, found) = lower(&text);
    assert_eq!(names(&found), ["fork-crosses-loop"]);
    assert_eq!(&text[found[0].primary.span.range()], r#"{"from":"a","to":"b"}"#);
    let merge = r#"{"id":"m","kind":"merge","waitFor":["b","c"]}"#;
    let edges = [("a", "b"), ("a", "c"), ("b", "m"), ("c", "m"), ("m", "x")];
    let text = harness(&format!("a b c d {condition} {merge}"), &edges);
    assert_eq!(names(&lower(&text).1), ["harness-unsupported"]);
}

#[test]
fn no_text_makes_it_panic() {
    for text in ["", "[]", r#"{"graph":1}"#, r#"{"graph":{"nodes":[1,{}],"edges":[[]]}}"#, r#"{"name":""#] {
        lower(text);
    }
    let deep = format!(
        r#"{{"name":"h","graph":{{"entryNodeId":"a","edges":[],"nodes":[{{"id":"a","kind":"subworkflow","specRef":"x","inputs":{{"x":{}1{}}}}}]}}}}"#,
        "[".repeat(900),
        "]".repeat(900)
    );
    assert_eq!(names(&lower(&deep).1), Vec::<&str>::new());
}
