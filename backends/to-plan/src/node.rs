//! Nodes, their kinds and policies.

use std::sync::Arc;

use wfc_cir::{self as cir, Action, Isolation, NodeKind, Origin, ReplyMode, Workspace};
use wfc_expr::value::Number;
use wfc_plan as plan;

use crate::Emitter;

/// What a retrier means that leaves something open: seconds before the first retry, extra attempts, and what each
/// further wait is multiplied by.
#[derive(Clone, Copy)]
struct Defaults {
    interval: f64,
    max: u64,
    backoff: f64,
}

impl Defaults {
    fn of(dialect: &str) -> Self {
        match dialect {
            "asl" => Self { interval: 1.0, max: 3, backoff: 2.0 },
            _ => Self { interval: 0.0, max: 1, backoff: 1.0 },
        }
    }
}

impl<'m> Emitter<'m> {
    pub(crate) fn node(&mut self, id: cir::NodeId) -> plan::Node {
        let module: &'m cir::Module = self.module;
        let node = &module.nodes[id];
        let policy = node.policy.as_deref();
        if let Some(policy) = policy {
            self.refuse_policy(policy, node);
        }
        self.refuse_if(!node.parts.is_empty(), &node.origin, "a node made of several");
        plan::Node {
            key: node.key.as_str().into(),
            name: node.name().into(),
            kind: self.node_kind(node),
            region: self.regions[&node.region],
            input: self.maybe_expr(&node.io.input),
            args: self.maybe_expr(&node.io.args),
            result: self.maybe_expr(&node.io.result),
            when: self.maybe_expr(&node.when),
            ready: ready(node.ready),
            outs: Vec::new(),
            ins: Vec::new(),
            end_assign: self.assign(&node.end),
            end_out: self.maybe_expr(&node.end.out),
            handlers: node.handlers.iter().map(handler).collect(),
            continue_on_failure: policy.is_some_and(|policy| policy.continue_on_failure),
            retry: self.retriers(policy),
            timeout: policy.and_then(|policy| self.maybe_expr(&policy.timeout)),
            heartbeat: policy.and_then(|policy| self.maybe_expr(&policy.heartbeat)),
            total_timeout: policy.and_then(|policy| self.maybe_expr(&policy.total_timeout)),
            replay: match node.replay {
                cir::Replay::Pure => plan::Replay::Pure,
                cir::Replay::Idempotent => plan::Replay::Idempotent,
                cir::Replay::Once => plan::Replay::Once,
            },
            priority: policy.map_or(0, |policy| policy.priority),
            site: self.site(&node.origin),
        }
    }

    fn retriers(&self, policy: Option<&cir::Policy>) -> Vec<plan::Retrier> {
        let defaults = Defaults::of(&self.module.dialect);
        policy.map(|policy| policy.retry.iter().map(|rule| retrier(rule, defaults)).collect()).unwrap_or_default()
    }

    /// Looks at every field by name, so that a new one is not forgotten here.
    fn refuse_policy(&mut self, policy: &cir::Policy, node: &cir::Node) {
        let cir::Policy {
            retry,
            timeout,
            heartbeat,
            total_timeout: _,
            approval,
            constraints,
            max_steps,
            max_cost_usd,
            max_memory_mb,
            workspace,
            priority,
            continue_on_failure: _,
        } = policy;
        let is_step = matches!(node.kind, NodeKind::Step(_));
        let elsewhere = matches!(workspace, Some(Workspace::Ephemeral | Workspace::Path(_)));
        for (refused, what) in [
            (timeout.is_some() && !is_step, "a time limit for each attempt at something other than a step"),
            (
                heartbeat.is_some() && !is_step,
                "a limit on the time between two signs of life of something other than a step",
            ),
            (approval.is_some(), "an approval"),
            (!constraints.is_empty(), "a constraint"),
            (max_steps.is_some(), "a limit on steps"),
            (max_cost_usd.is_some(), "a limit on costs"),
            (max_memory_mb.is_some(), "a limit on memory"),
            (elsewhere, "a workspace of its own"),
            (*priority != 0 && !node.regions().is_empty(), "a priority for everything inside a node"),
        ] {
            self.refuse_if(refused, &node.origin, what);
        }
        retry.iter().for_each(|rule| self.refuse_retrier(rule));
    }

    fn refuse_retrier(&mut self, rule: &cir::Retrier) {
        let times = rule.max.as_ref().is_some_and(|max| whole(max).is_none());
        self.refuse_if(times, &rule.origin, "a number of retries that is not a whole number from 0");
        let waits = [&rule.interval, &rule.backoff, &rule.max_delay];
        let negative = waits.into_iter().flatten().any(|wait| wait.as_f64() < 0.0);
        self.refuse_if(negative, &rule.origin, "a negative wait between attempts");
    }

    fn node_kind(&mut self, node: &cir::Node) -> plan::NodeKind {
        use plan::NodeKind as K;
        match &node.kind {
            NodeKind::Step(action) => K::Step(self.tool(action, &node.origin)),
            NodeKind::Assign => K::Assign,
            NodeKind::Choice { cases } => K::Choice(cases.iter().map(|case| self.expr(case)).collect()),
            NodeKind::Join => K::Join,
            NodeKind::Parallel { branches } => K::Parallel(branches.iter().map(|id| self.regions[id]).collect()),
            NodeKind::ForEach(each) => K::ForEach(self.for_each(each, &node.origin)),
            NodeKind::Loop(body) => K::Loop(self.rounds(body)),
            NodeKind::Scope(region) => K::Scope(self.regions[region]),
            NodeKind::Wait(cir::WaitFor::Seconds(expr)) => K::Wait(plan::WaitFor::Seconds(self.expr(expr))),
            NodeKind::Wait(cir::WaitFor::Timestamp(expr)) => K::Wait(plan::WaitFor::Timestamp(self.expr(expr))),
            NodeKind::Return(to) => K::Return(match to {
                cir::ReturnTo::Region => plan::ReturnTo::Region,
                cir::ReturnTo::Loop => plan::ReturnTo::Loop,
                cir::ReturnTo::Flow => plan::ReturnTo::Flow,
            }),
            NodeKind::Raise { error, cause } => {
                K::Raise { error: self.maybe_expr(error), cause: self.maybe_expr(cause) }
            }
            NodeKind::Call(_) => self.refused_kind(&node.origin, "a call of another workflow"),
            NodeKind::Verify(_) => self.refused_kind(&node.origin, "a verification"),
            NodeKind::Hole => self.refused_kind(&node.origin, "something that could not be read"),
        }
    }

    /// Something in the place of what was refused; the plan is not given out.
    fn refused_kind(&mut self, origin: &Origin, what: &str) -> plan::NodeKind {
        self.refuse(origin, what);
        plan::NodeKind::Assign
    }

    fn tool(&mut self, action: &Action, origin: &Origin) -> plan::Tool {
        let name = match action {
            Action::Tool { tool, mode, credentials } => {
                let credentials = self.maybe_expr(credentials);
                return plan::Tool { name: Arc::clone(tool), mode: reply_mode(*mode), credentials };
            }
            Action::Model { model, .. } => {
                self.refuse(origin, format!("a call of the language model '{model}'"));
                Arc::clone(model)
            }
            Action::Human { interaction, .. } => {
                self.refuse(origin, format!("a question to a person ({interaction})"));
                Arc::clone(interaction)
            }
        };
        plan::Tool { name, mode: plan::ReplyMode::Reply, credentials: None }
    }

    fn for_each(&mut self, each: &cir::ForEach, origin: &Origin) -> plan::ForEach {
        let cir::ForEach { items, reader, batch, body, concurrency, tolerate, writer, isolation, label } = each;
        let runs = match isolation {
            Isolation::Frame => None,
            Isolation::Run { express } => Some(plan::Runs { express: *express, label: label.clone() }),
        };
        let alone = runs.is_none();
        for (refused, what) in [
            (alone && reader.is_some(), "reading items from elsewhere into the same run"),
            (alone && batch.is_some(), "items in batches within the same run"),
            (alone && writer.is_some(), "writing results of the same run elsewhere"),
        ] {
            self.refuse_if(refused, origin, what);
        }
        plan::ForEach {
            items: self.maybe_expr(items),
            reader: reader.as_ref().map(|reader| self.reader(reader)),
            batch: batch.as_ref().map(|batch| self.batch(batch)),
            body: self.regions[body],
            concurrency: self.maybe_expr(concurrency),
            tolerate_count: self.maybe_expr(&tolerate.count),
            tolerate_percent: self.maybe_expr(&tolerate.percent),
            writer: writer.as_ref().map(|writer| self.writer(writer)),
            runs,
        }
    }

    fn reader(&mut self, reader: &cir::Reader) -> plan::Access {
        let cir::Reader { resource, args, config, origin: _ } = reader;
        let config = self.options(config);
        plan::Access { resource: Some(Arc::clone(resource)), args: self.maybe_expr(args), config }
    }

    fn writer(&mut self, writer: &cir::Writer) -> plan::Access {
        let cir::Writer { resource, args, config, origin: _ } = writer;
        let config = self.options(config);
        plan::Access { resource: resource.clone(), args: self.maybe_expr(args), config }
    }

    fn options(&mut self, config: &[(Arc<str>, cir::Expr)]) -> Vec<(Arc<str>, plan::ExprIx)> {
        config.iter().map(|(name, value)| (Arc::clone(name), self.expr(value))).collect()
    }

    fn batch(&mut self, batch: &cir::Batch) -> plan::Batch {
        let cir::Batch { max_items, max_bytes, input, origin: _ } = batch;
        plan::Batch {
            max_items: self.maybe_expr(max_items),
            max_bytes: self.maybe_expr(max_bytes),
            input: self.maybe_expr(input),
        }
    }

    fn rounds(&mut self, body: &cir::Loop) -> plan::Loop {
        plan::Loop {
            body: self.regions[&body.body],
            condition: self.expr(&body.condition),
            until: body.until,
            cap: body.cap,
            on_cap: match body.on_cap {
                cir::OnCap::Fail => plan::OnCap::Fail,
                cir::OnCap::Continue => plan::OnCap::Continue,
            },
        }
    }
}

fn reply_mode(mode: ReplyMode) -> plan::ReplyMode {
    match mode {
        ReplyMode::Reply => plan::ReplyMode::Reply,
        ReplyMode::Token => plan::ReplyMode::Token,
        ReplyMode::Sync(version) => plan::ReplyMode::Sync(version),
        ReplyMode::Activity => plan::ReplyMode::Activity,
    }
}

fn ready(ready: cir::Ready) -> plan::Ready {
    match ready {
        cir::Ready::All => plan::Ready::All,
        cir::Ready::Live => plan::Ready::Live,
        cir::Ready::First => plan::Ready::First,
        cir::Ready::Quorum(wanted) => plan::Ready::Quorum(wanted),
    }
}

fn matcher(on: &cir::ErrorMatch) -> plan::ErrorMatch {
    plan::ErrorMatch {
        names: on.names.clone(),
        classes: on.classes.clone(),
        contains: on.contains.clone(),
        exit_codes: on.exit_codes.clone(),
    }
}

fn handler(handler: &cir::Handler) -> plan::Handler {
    plan::Handler { on: matcher(&handler.on), transfers: handler.on.transfers }
}

fn whole(number: &Number) -> Option<u64> {
    number.as_i64().and_then(|number| u64::try_from(number).ok())
}

fn retrier(rule: &cir::Retrier, defaults: Defaults) -> plan::Retrier {
    let number = |number: &Option<Number>| number.as_ref().map(Number::as_f64);
    plan::Retrier {
        on: matcher(&rule.on),
        interval: number(&rule.interval).unwrap_or(defaults.interval),
        max: rule.max.as_ref().and_then(whole).unwrap_or(defaults.max),
        backoff: number(&rule.backoff).unwrap_or(defaults.backoff),
        linear: rule.linear,
        max_delay: number(&rule.max_delay),
        jitter: rule.jitter == Some(cir::Jitter::Full),
    }
}
