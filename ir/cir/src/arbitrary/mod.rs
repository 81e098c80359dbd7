//! Random well-formed modules for property tests, here and in other crates.
//!
//! Every module passes [`crate::verify()`] and ends on every input: control only ever goes forward, loops are capped. A
//! node of a Dag region reads outputs only of nodes that have settled when it starts, so that timing decides nothing but
//! what it must: who is First, who makes a Quorum, and which of several failures comes
//! first. Tools are called `t0` to `t9`; what they answer is up to the test.

mod build;

use proptest::prelude::*;

use crate::Module;

/// How large modules get.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Levels of regions inside nodes.
    pub depth: u32,
    /// Nodes of a region.
    pub nodes: usize,
    /// Whether Dag regions occur.
    pub dags: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 3, nodes: 5, dags: true }
    }
}

/// Modules of ordinary size. They shrink to fewer and plainer nodes.
pub fn module() -> BoxedStrategy<Module> {
    module_with(Limits::default())
}

/// Modules within limits.
pub fn module_with(limits: Limits) -> BoxedStrategy<Module> {
    let main = region(limits, limits.depth);
    let other = proptest::option::of(region(limits, limits.depth.min(1)));
    (main, other).prop_map(|(main, other)| build::module(main, other)).boxed()
}

/// What decides everything about a node but its kind; all zero is the plainest node.
type Dice = [u8; 12];

#[derive(Clone, Debug)]
struct RegionShape {
    dag: bool,
    drain: bool,
    nodes: Vec<NodeShape>,
}

#[derive(Clone, Debug)]
struct NodeShape {
    kind: KindShape,
    dice: Dice,
}

#[derive(Clone, Debug)]
enum KindShape {
    Tool(u8),
    Assign,
    Wait,
    Choice(usize),
    Join,
    Call,
    Raise,
    Return,
    Parallel(Vec<RegionShape>),
    ForEach(u8, RegionShape),
    Loop(u8, RegionShape),
    Scope(RegionShape),
    Verify(u8, RegionShape),
}

fn region(limits: Limits, depth: u32) -> BoxedStrategy<RegionShape> {
    let nodes = prop::collection::vec(node(limits, depth), 1..=limits.nodes);
    let dag = if limits.dags { any::<bool>().boxed() } else { Just(false).boxed() };
    (dag, any::<bool>(), nodes).prop_map(|(dag, drain, nodes)| RegionShape { dag, drain, nodes }).boxed()
}

fn node(limits: Limits, depth: u32) -> BoxedStrategy<NodeShape> {
    let leaf = prop_oneof![
        6 => (0..10u8).prop_map(KindShape::Tool),
        3 => Just(KindShape::Assign),
        2 => (1..3usize).prop_map(KindShape::Choice),
        1 => Just(KindShape::Wait),
        1 => Just(KindShape::Join),
        1 => Just(KindShape::Call),
        1 => Just(KindShape::Raise),
        1 => Just(KindShape::Return),
    ];
    let kind = if depth == 0 { leaf.boxed() } else { prop_oneof![3 => leaf, 1 => nested(limits, depth - 1)].boxed() };
    (kind, any::<Dice>()).prop_map(|(kind, dice)| NodeShape { kind, dice }).boxed()
}

fn nested(limits: Limits, depth: u32) -> BoxedStrategy<KindShape> {
    let inner = region(limits, depth);
    prop_oneof![
        prop::collection::vec(inner.clone(), 1..3).prop_map(KindShape::Parallel),
        (0..4u8, inner.clone()).prop_map(|(items, body)| KindShape::ForEach(items, body)),
        (1..4u8, inner.clone()).prop_map(|(cap, body)| KindShape::Loop(cap, body)),
        inner.clone().prop_map(KindShape::Scope),
        (1..3u8, inner).prop_map(|(rounds, body)| KindShape::Verify(rounds, body)),
    ]
    .boxed()
}
