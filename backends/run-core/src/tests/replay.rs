//! Replaying the events of a run gives its commands again, whatever moment it is taken up from.

use wfc_plan::{Loop, Node, NodeIx, NodeKind, On, OnCap, Plan, Ready, RegionIx, WaitFor};

use super::build::{each, handler, retry, Build};
use super::world::World;
use crate::{step, Event, Program, RunState};

/// Numbers from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Fills a region with nodes, some of which have regions of their own.
fn fill(b: &mut Build, dice: &mut Dice, region: RegionIx, dag: bool, depth: u32) {
    let count = 1 + dice.roll(5) as usize;
    let mut nodes: Vec<NodeIx> = Vec::new();
    for at in 0..count {
        let name = format!("n{}_{at}", region.0);
        let kind = kind(b, dice, depth);
        let inner = kind.as_ref().map(|(kind, dags)| (kind.regions().to_vec(), dags.clone()));
        let node = match kind {
            Some((kind, _)) => b.node(region, &name, kind),
            None => {
                let tool = ["ok", "ok", "ok", "fail", "flaky"][dice.roll(5) as usize];
                b.step(region, &name, tool)
            }
        };
        for (inner, dag) in inner.into_iter().flat_map(|(regions, dags)| regions.into_iter().zip(dags)) {
            fill(b, dice, inner, dag, depth + 1);
        }
        decorate(&mut b.0, dice, node);
        for &from in &nodes {
            if dag && dice.roll(3) == 0 {
                b.edge(from, node, [On::Done, On::Done, On::Settled][dice.roll(3) as usize]);
            }
        }
        if let (false, Some(&last)) = (dag, nodes.last()) {
            b.edge(last, node, On::Done);
        }
        nodes.push(node);
    }
    for pair in nodes.windows(2) {
        if dice.roll(3) == 0 {
            b.0.nodes[pair[0].at()].handlers = vec![handler()];
            b.edge(pair[0], pair[1], On::Error(0));
        }
    }
}

fn decorate(plan: &mut Plan, dice: &mut Dice, node: NodeIx) {
    let node: &mut Node = &mut plan.nodes[node.at()];
    if dice.roll(3) == 0 {
        node.retry = vec![retry(dice.roll(3), 1.0, 2.0)];
    }
    node.continue_on_failure = dice.roll(5) == 0;
    node.ready = [Ready::All, Ready::Live, Ready::First, Ready::Quorum(2)][dice.roll(4) as usize];
}

fn kind(b: &mut Build, dice: &mut Dice, depth: u32) -> Option<(NodeKind, Vec<bool>)> {
    let mut dags = Vec::new();
    let mut region = |b: &mut Build, dice: &mut Dice| {
        dags.push(dice.roll(2) == 0);
        b.region(dags[dags.len() - 1])
    };
    let kind = match dice.roll(if depth < 2 { 8 } else { 3 }) {
        0 => NodeKind::Assign,
        1 => NodeKind::Wait(WaitFor::Seconds(b.json("1"))),
        3 => NodeKind::Scope(region(b, dice)),
        4 => NodeKind::Parallel(vec![region(b, dice), region(b, dice)]),
        5 => {
            let (items, limit) = (b.json("[1,2,3]"), b.json("2"));
            NodeKind::ForEach(each(Some(items), region(b, dice), Some(limit)))
        }
        6 => {
            let condition = b.json("false");
            NodeKind::Loop(Loop { body: region(b, dice), condition, until: true, cap: 2, on_cap: OnCap::Continue })
        }
        _ => return None,
    };
    Some((kind, dags))
}

fn replay(program: &Program, events: &[Event], from: usize, state: RunState) -> Vec<Vec<crate::Command>> {
    let mut state = state;
    let one = |event: &Event| {
        let mut commands = Vec::new();
        step(program, &mut state, event.clone(), &mut commands);
        commands
    };
    events[from..].iter().map(one).collect()
}

#[test]
fn recorded_events_give_the_same_commands() {
    let (mut ended, mut succeeded) = (0, 0);
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let dag = dice.roll(2) == 0;
        let mut b = if dag { Build::dag(dice.roll(2) == 0) } else { Build::seq() };
        fill(&mut b, &mut dice, RegionIx(0), dag, 0);
        let program = b.load();
        let mut world = World::new(&program);
        world.pick = Box::new(move |sides| dice.roll(sides as u64) as usize);
        let outcome = world.run(r#"{"a":1}"#).unwrap_or_else(|| panic!("seed {seed} does not end"));
        ended += 1;
        succeeded += usize::from(outcome.error.is_none());
        assert!(replay(&program, &world.events, 0, RunState::new()) == world.commands, "seed {seed}");
        let cut = world.events.len() / 2;
        let mut state = RunState::new();
        for event in &world.events[..cut] {
            step(&program, &mut state, event.clone(), &mut Vec::new());
        }
        let written = serde_json::to_string(&state).unwrap();
        let again: RunState = serde_json::from_str(&written).unwrap();
        assert!(replay(&program, &world.events, cut, again) == world.commands[cut..], "seed {seed} from {cut}");
    }
    assert!(ended == 400 && succeeded > 80, "{succeeded} of {ended}");
}
