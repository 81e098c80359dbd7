//! Nodes of a plan by what a user calls them.

use wfc_driver::runtime::Program;
use wfc_expr::nearest::nearest;
use wfc_plan::{Node, NodeIx, NodeKind, Plan, ReplyMode};

use crate::cmd::Failure;

/// The node of the outermost region that is called so.
pub(super) fn named(plan: &Plan, name: &str) -> Result<NodeIx, Failure> {
    let outermost = &plan.regions[plan.flows[plan.entry.at()].body.at()].nodes;
    let called = |node: &&NodeIx| &*plan.nodes[node.at()].name == name || &*plan.nodes[node.at()].key == name;
    if let Some(found) = outermost.iter().find(called) {
        return Ok(*found);
    }
    if plan.nodes.iter().any(|node| &*node.name == name || &*node.key == name) {
        return Err(Failure::usage(format!(
            "--until: '{name}' is inside another state; a run ends only between its own"
        )));
    }
    let failure = Failure::usage(format!("--until: there is no state '{name}'"));
    Err(match nearest(name, outermost.iter().map(|node| &*plan.nodes[node.at()].name)) {
        Some(meant) => failure.help(format!("did you mean '{meant}'?")),
        None => failure,
    })
}

/// The names of the states that do work.
pub(super) fn steps(plan: &Plan) -> Vec<&str> {
    plan.nodes.iter().filter(|node| matches!(node.kind, NodeKind::Step(_))).map(|node| &*node.name).collect()
}

/// Whether somebody outside is to answer tasks of the program.
pub(super) fn waits_for_answers(program: &Program) -> bool {
    program.plan().nodes.iter().any(|node| matches!(mode(node), Some(ReplyMode::Token | ReplyMode::Activity)))
}

/// Whether tasks of the program answer other tasks.
pub(super) fn answers_tasks(program: &Program) -> bool {
    let answers =
        |node: &Node| matches!(&node.kind, NodeKind::Step(tool) if tool.name.contains(":aws-sdk:sfn:sendTask"));
    program.plan().nodes.iter().any(answers)
}

fn mode(node: &Node) -> Option<ReplyMode> {
    match &node.kind {
        NodeKind::Step(tool) => Some(tool.mode),
        _ => None,
    }
}
