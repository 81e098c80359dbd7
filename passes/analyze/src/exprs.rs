//! Every expression of a node, with the phase it is evaluated in.

use wfc_cir::{Action, EdgeId, Expr, ForEach, Module, Node, NodeId, NodeKind, On, Policy, Transfer, WaitFor};

/// When an expression of a node is evaluated, which decides what documents it sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before all else: the condition and the input.
    Enter,
    /// The arguments of the work, per item in a `ForEach`.
    Args,
    /// What the policy says and what a choice, a wait or a `ForEach` is told.
    Work,
    /// After a round of a `Loop` or `Verify`.
    Round,
    /// Shaping the answer of the work.
    Shape,
    /// The transfer of an edge.
    Leave(EdgeId, On),
    /// The transfer where no edge leads on.
    End,
}

/// Calls `visit` with every expression of a node and of its out-edges.
pub fn expressions<'m>(m: &'m Module, id: NodeId, visit: &mut dyn FnMut(Phase, &'m Expr)) {
    let node = &m.nodes[id];
    node.when.iter().chain(&node.io.input).for_each(|expr| visit(Phase::Enter, expr));
    if let Some(policy) = &node.policy {
        of_policy(policy, visit);
    }
    node.io.args.iter().for_each(|expr| visit(Phase::Args, expr));
    of_work(node, visit);
    node.io.result.iter().for_each(|expr| visit(Phase::Shape, expr));
    for (id, edge) in m.outs(id) {
        of_transfer(&edge.transfer).for_each(|expr| visit(Phase::Leave(id, edge.on), expr));
    }
    of_transfer(&node.end).for_each(|expr| visit(Phase::End, expr));
}

fn of_transfer(transfer: &Transfer) -> impl Iterator<Item = &Expr> {
    transfer.assign.iter().map(|(_, value)| value).chain(&transfer.out)
}

fn of_policy<'m>(policy: &'m Policy, visit: &mut dyn FnMut(Phase, &'m Expr)) {
    let limits = [&policy.timeout, &policy.heartbeat, &policy.total_timeout, &policy.approval];
    limits.into_iter().flatten().chain(&policy.constraints).for_each(|expr| visit(Phase::Work, expr));
}

fn of_work<'m>(node: &'m Node, visit: &mut dyn FnMut(Phase, &'m Expr)) {
    let mut work = |expr| visit(Phase::Work, expr);
    match &node.kind {
        NodeKind::Step(Action::Tool { credentials, .. }) => credentials.iter().for_each(work),
        NodeKind::Choice { cases } => cases.iter().for_each(work),
        NodeKind::Wait(WaitFor::Seconds(until) | WaitFor::Timestamp(until)) => work(until),
        NodeKind::Raise { error, cause } => error.iter().chain(cause).for_each(work),
        NodeKind::ForEach(each) => of_each(each, &mut work),
        NodeKind::Loop(rounds) => visit(Phase::Round, &rounds.condition),
        NodeKind::Verify(verify) => verify.checks.iter().for_each(|check| visit(Phase::Round, check)),
        _ => {}
    }
}

fn of_each<'m>(each: &'m ForEach, work: &mut dyn FnMut(&'m Expr)) {
    let batch = each.batch.iter().flat_map(|batch| [&batch.max_items, &batch.max_bytes, &batch.input]);
    let items = if each.reader.is_some() { &None } else { &each.items };
    let limits = [items, &each.concurrency, &each.tolerate.count, &each.tolerate.percent];
    limits.into_iter().chain(batch).flatten().for_each(&mut *work);
    let reader = each.reader.iter().flat_map(|reader| reader.args.iter().chain(values(&reader.config)));
    let writer = each.writer.iter().flat_map(|writer| writer.args.iter().chain(values(&writer.config)));
    reader.chain(writer).for_each(work);
}

fn values<K>(config: &[(K, Expr)]) -> impl Iterator<Item = &Expr> {
    config.iter().map(|(_, value)| value)
}
