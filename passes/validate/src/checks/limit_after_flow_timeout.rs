//! Limits and waits that cannot end before the whole flow times out.

use wfc_cir::{Expr, Jitter, Node, NodeKind, Retrier, WaitFor};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::Cx;

/// A limit or wait that is longer than the whole flow may take.
pub(super) const RULE: Rule = Rule {
    name: "limit-after-flow-timeout",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Any,
    summary: "a limit or wait is longer than the whole flow may take",
    page: include_str!("limit-after-flow-timeout.md"),
};

/// Waits behind this many retries are not added up.
const MAX_RETRIES: i64 = 10_000;

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    for (id, node) in cx.reachable() {
        let Some(limit) = &cx.flow(id).timeout else { continue };
        let Some(seconds) = number(limit) else { continue };
        let at = cx.span(id, &limit.origin);
        for (origin, what, severity) in too_long(cx, node, seconds) {
            let message = format!("{what} of {} is longer than the {} may take", cx.named(id), cx.vocab.program);
            let found = Diagnostic::new(&RULE, cx.span(id, origin), message).severity(severity);
            sink.push(found.label("too long").also(at, format!("all of it ends after {seconds} seconds")));
        }
    }
}

type Found<'n> = (&'n wfc_cir::Origin, &'static str, Severity);

/// What of a node is longer than `limit` seconds.
fn too_long<'n>(cx: &Cx<'_>, node: &'n Node, limit: f64) -> Vec<Found<'n>> {
    let mut found = Vec::new();
    let mut over = |expr: &'n Option<Expr>, what, severity| {
        if let Some(expr) = expr.as_ref().filter(|expr| number(expr).is_some_and(|seconds| seconds > limit)) {
            found.push((&expr.origin, what, severity));
        }
    };
    if let Some(policy) = &node.policy {
        over(&policy.timeout, "the timeout", Severity::Warning);
        over(&policy.total_timeout, "the total timeout", Severity::Warning);
        over(&policy.heartbeat, "the heartbeat", Severity::Warning);
        let retry = policy.retry.iter().filter(|retrier| waits(cx, retrier, limit) > limit);
        found.extend(retry.map(|retrier| (&retrier.origin, "all waiting between retries", Severity::Warning)));
    }
    if let NodeKind::Wait(WaitFor::Seconds(expr)) = &node.kind {
        if number(expr).is_some_and(|seconds| seconds > limit) {
            // Whoever gets here never gets further.
            found.push((&expr.origin, "the wait", Severity::Error));
        }
    }
    found
}

fn number(expr: &Expr) -> Option<f64> {
    expr.as_literal()?.as_f64()
}

/// The seconds all waits of a retrier take together, added up until they are more than `enough`.
fn waits(cx: &Cx<'_>, retrier: &Retrier, enough: f64) -> f64 {
    let (interval, max, backoff) = if cx.is_asl() { (1.0, 3, 2.0) } else { (0.0, 1, 1.0) };
    let value = |number: &Option<wfc_expr::value::Number>, default| number.as_ref().map_or(default, |n| n.as_f64());
    let (interval, backoff) = (value(&retrier.interval, interval), value(&retrier.backoff, backoff));
    let longest = value(&retrier.max_delay, f64::INFINITY);
    let max = retrier.max.as_ref().map_or(max, |n| n.as_i64().unwrap_or(0)).min(MAX_RETRIES);
    if retrier.jitter == Some(Jitter::Full) {
        return 0.0;
    }
    let (mut sum, mut factor) = (0.0, 1.0);
    for n in 1..=max {
        let wait = if retrier.linear { interval * n as f64 } else { interval * factor };
        sum += wait.min(longest);
        factor *= backoff;
        if sum > enough || sum == 0.0 {
            break;
        }
    }
    sum
}
