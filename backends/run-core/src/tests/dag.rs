//! Readiness, poison, skipping and losers.

use wfc_plan::{NodeIx, NodeKind, On, Ready, RegionIx};

use super::build::{handler, Build};
use super::world::World;
use crate::{RecordKind, RunStatus};

/// Nodes as `name tool ready <needs`; the tool `skip` is a step whose condition is false.
fn build(text: &str, stop: bool) -> Build {
    let mut b = Build::dag(stop);
    for (at, line) in text.split(';').enumerate() {
        let mut words = line.split_whitespace();
        let (name, tool) = (words.next().unwrap(), words.next().unwrap());
        let node = b.step(RegionIx(0), name, tool);
        if tool == "skip" {
            b.0.nodes[at].when = Some(b.json("false"));
        }
        b.0.nodes[at].ready = match words.next() {
            None | Some("all") => Ready::All,
            Some("live") => Ready::Live,
            Some("first") => Ready::First,
            Some(k) => Ready::Quorum(k.parse().unwrap()),
        };
        for need in words {
            let from = b.0.nodes.iter().position(|node| &*node.name == need).unwrap();
            b.edge(NodeIx(from as u32), node, On::Done);
        }
    }
    b
}

fn outcome(text: &str, stop: bool) -> String {
    let program = build(text, stop).load();
    let mut world = World::new(&program);
    let outcome = world.run("{}").expect("the run ends");
    let list =
        |kind, mark: &str| world.records(kind).into_iter().map(|key| format!(" {key}{mark}")).collect::<String>();
    let said = [
        list(RecordKind::Exited, ""),
        list(RecordKind::Skipped, "~"),
        list(RecordKind::Poisoned, "!"),
        list(RecordKind::Cancelled, "-"),
    ];
    let status = if outcome.status == RunStatus::Succeeded { "ok:" } else { "failed:" };
    format!("{status}{}", said.concat())
}

#[test]
fn nodes_settle_as_the_meaning_says() {
    for (text, stop, expected) in [
        ("a ok; b ok all a; c ok all b", true, "ok: a b c"),
        ("a skip; b ok; c ok all a b; d ok live a b", true, "ok: b d a~ c~"),
        ("a skip; b skip; c ok live a b", true, "ok: a~ b~ c~"),
        ("a fail; b ok; c ok all a b", false, "failed: b c!"),
        ("a fail; b ok; c ok live a b", false, "failed: b c!"),
        ("a fail; b ok all a; c ok; d ok all c", true, "failed: b- d- c-"),
        ("a fail; b ok all a; c ok; d ok all c", false, "failed: c d b!"),
        ("a fail; b ok; c ok first a b", true, "ok: b c"),
        ("a ok; b hang; c ok first a b", true, "ok: a c b-"),
        ("a ok; b ok; c skip first a b; d ok all b", true, "ok: a b d c~"),
        ("a ok; b ok 2 a", true, "ok: b~ a-"),
        ("a ok; b hang all; x hang all b; c ok first a x", true, "ok: a c x- b-"),
        ("a ok; b ok; d hang; c ok 2 a b d", true, "ok: a b c d-"),
        ("a fail; b skip; d ok; c ok 2 a b d", true, "failed: b~ c! d-"),
        ("a skip; b skip; d ok; c ok 2 a b d", true, "ok: a~ b~ c~ d-"),
    ] {
        assert_eq!(outcome(text, stop), expected, "{text}");
    }
}

#[test]
fn two_edges_to_one_node_are_one() {
    let mut b = Build::dag(true);
    let choice = b.json("true");
    let a = b.node(RegionIx(0), "a", NodeKind::Choice(vec![choice]));
    let c = b.step(RegionIx(0), "c", "ok");
    b.edge(a, c, On::Case(0));
    b.edge(a, c, On::Otherwise);
    let program = b.load();
    let outcome = World::new(&program).run(r#"{"x":1}"#).unwrap();
    assert_eq!(outcome.output.to_json(), r#"{"c":{"x":1}}"#);
}

#[test]
fn handled_failures_go_on_and_joins_collect() {
    let mut b = build("a fail; b ok", true);
    let h = b.step(RegionIx(0), "h", "ok");
    let j = b.node(RegionIx(0), "j", NodeKind::Join);
    b.0.nodes[0].handlers = vec![handler()];
    b.edge(NodeIx(0), h, On::Error(0));
    let marked = b.json("\"h\"");
    let from_h = b.edge(h, j, On::Done);
    b.0.edges[from_h.at()].out = Some(marked);
    b.edge(NodeIx(1), j, On::Done);
    let program = b.load();
    let outcome = World::new(&program).run("1").unwrap();
    assert_eq!(outcome.output.to_json(), r#"{"j":{"b":1,"h":"h"}}"#);
}

#[test]
fn conditions_read_outputs() {
    for (condition, expected) in [("outputs.a.ok", r#"{"b":{"ok":true}}"#), ("!a.ok", "{}"), ("outputs.b.ok", "{}")] {
        let mut b = build("a ok; b ok all a", true);
        let reads = NodeIx(u32::from(condition.contains('b')));
        b.0.nodes[1].when = Some(b.dotted(condition, reads));
        let program = b.load();
        assert_eq!(World::new(&program).run(r#"{"ok":true}"#).unwrap().output.to_json(), expected, "{condition}");
    }
}
