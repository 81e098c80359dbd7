//! From the IR to the wire form.

use std::sync::Arc;

use wfc_expr::Value;

use super::{form, VERSION};
use crate::arena::Arena;
use crate::text::{print_expr, words};
use crate::{
    Action, Callee, Edge, ErrorMatch, Expr, Flow, ForEach, Handler, Id, Mode, Module, Node, NodeId, NodeKind, On,
    Origin, Policy, Ready, Region, ReplyMode, Retrier, Transfer, WaitFor, Workspace,
};

pub(super) fn module(module: &Module) -> form::Module {
    // Handles have holes; the numbers of the form have none.
    let writer = Writer { module, regions: numbers(&module.regions) };
    form::Module {
        format: "cir".into(),
        version: VERSION,
        name: module.name.to_string(),
        dialect: module.dialect.to_string(),
        entry: module.flows.get(module.entry).map_or_else(String::new, |flow| flow.name.to_string()),
        flows: module.flows.iter().map(|(_, flow)| writer.flow(flow)).collect(),
        regions: module.regions.iter().map(|(_, region)| writer.region(region)).collect(),
        nodes: module.nodes.iter().map(|(id, node)| writer.node(id, node)).collect(),
    }
}

fn numbers<T>(arena: &Arena<T>) -> Vec<usize> {
    let mut numbers = vec![0; arena.slots()];
    arena.iter().enumerate().for_each(|(number, (id, _))| numbers[id.index()] = number);
    numbers
}

struct Writer<'m> {
    module: &'m Module,
    regions: Vec<usize>,
}

impl Writer<'_> {
    fn number(&self, region: Id<Region>) -> usize {
        self.regions.get(region.index()).copied().unwrap_or_default()
    }

    fn key(&self, node: NodeId) -> String {
        self.module.nodes.get(node).map_or_else(String::new, |node| node.key.to_string())
    }

    fn expr(&self, expr: &Expr) -> form::Expr {
        form::Expr { text: print_expr(self.module, expr), span: span(&expr.origin) }
    }

    fn opt(&self, expr: &Option<Expr>) -> Option<form::Expr> {
        expr.as_ref().map(|expr| self.expr(expr))
    }

    fn exprs(&self, exprs: &[Expr]) -> Vec<form::Expr> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn named(&self, named: &[(Arc<str>, Expr)]) -> Vec<form::Named> {
        named.iter().map(|(name, value)| form::Named { name: name.to_string(), value: self.expr(value) }).collect()
    }

    fn flow(&self, flow: &Flow) -> form::Flow {
        form::Flow {
            name: flow.name.to_string(),
            body: self.number(flow.body),
            trace: flow.trace.to_string(),
            abort: form::Abort(flow.abort),
            timeout: self.opt(&flow.timeout),
            max_steps: flow.max_steps,
            max_cost_usd: number(&flow.max_cost_usd),
            comment: text(&flow.comment),
            extras: extras(&flow.extras),
            span: span(&flow.origin),
        }
    }

    fn region(&self, region: &Region) -> form::Region {
        form::Region {
            mode: match region.mode {
                Mode::Seq { entry } => form::Mode::Seq { entry: entry.map(|entry| self.key(entry)) },
                Mode::Dag { on_fail } => form::Mode::Dag { on_fail: form::OnFail(on_fail) },
            },
            nodes: region.nodes.iter().map(|&node| self.key(node)).collect(),
            comment: text(&region.comment),
            extras: extras(&region.extras),
            span: span(&region.origin),
        }
    }

    fn node(&self, id: NodeId, node: &Node) -> form::Node {
        let effects = words::EFFECTS.iter().filter(|(effect, _)| node.effects.has(*effect));
        form::Node {
            key: node.key.to_string(),
            kind: self.kind(&node.kind),
            input: self.opt(&node.io.input),
            args: self.opt(&node.io.args),
            result: self.opt(&node.io.result),
            when: self.opt(&node.when),
            policy: node.policy.as_ref().map(|policy| self.policy(policy)),
            handlers: node.handlers.iter().map(handler).collect(),
            ready: match node.ready {
                Ready::All => form::Ready::All,
                Ready::Live => form::Ready::Live,
                Ready::First => form::Ready::First,
                Ready::Quorum(k) => form::Ready::Quorum(k),
            },
            effects: effects.map(|(effect, _)| form::Effect(*effect)).collect(),
            replay: form::Replay(node.replay),
            edges: self.module.outs(id).map(|(_, edge)| self.edge(edge)).collect(),
            end: self.transfer(&node.end),
            parts: node
                .parts
                .iter()
                .map(|part| form::Part { key: part.key.to_string(), span: span(&part.origin) })
                .collect(),
            comment: text(&node.comment),
            extras: extras(&node.extras),
            span: span(&node.origin),
            name_span: span(&node.name_origin),
        }
    }

    fn kind(&self, kind: &NodeKind) -> form::Kind {
        match kind {
            NodeKind::Step(action) => self.action(action),
            NodeKind::Call(Callee::Flow(flow)) => form::Kind::CallFlow(
                self.module.flows.get(*flow).map_or_else(String::new, |flow| flow.name.to_string()),
            ),
            NodeKind::Call(Callee::Named(flow)) => form::Kind::CallNamed(flow.to_string()),
            NodeKind::Assign => form::Kind::Assign,
            NodeKind::Choice { cases } => form::Kind::Choice { cases: self.exprs(cases) },
            NodeKind::Join => form::Kind::Join,
            NodeKind::Parallel { branches } => {
                form::Kind::Parallel(branches.iter().map(|&branch| self.number(branch)).collect())
            }
            NodeKind::ForEach(each) => form::Kind::Foreach(Box::new(self.for_each(each))),
            NodeKind::Loop(body) => form::Kind::Loop {
                body: self.number(body.body),
                condition: self.expr(&body.condition),
                until: body.until,
                cap: body.cap,
                on_cap: form::OnCap(body.on_cap),
            },
            NodeKind::Scope(body) => form::Kind::Scope(self.number(*body)),
            NodeKind::Wait(WaitFor::Seconds(time)) => form::Kind::WaitSeconds(self.expr(time)),
            NodeKind::Wait(WaitFor::Timestamp(time)) => form::Kind::WaitTimestamp(self.expr(time)),
            NodeKind::Verify(verify) => form::Kind::Verify {
                body: self.number(verify.body),
                checks: self.exprs(&verify.checks),
                strategy: form::Strategy(verify.strategy),
                on_fail: form::VerifyFail(verify.on_fail),
                rounds: verify.rounds,
            },
            NodeKind::Return(to) => form::Kind::Return(form::ReturnTo(*to)),
            NodeKind::Raise { error, cause } => form::Kind::Raise { error: self.opt(error), cause: self.opt(cause) },
            NodeKind::Hole => form::Kind::Hole,
        }
    }

    fn action(&self, action: &Action) -> form::Kind {
        match action {
            Action::Tool { tool, mode, credentials } => form::Kind::Tool {
                tool: tool.to_string(),
                reply: match mode {
                    ReplyMode::Reply => form::Answer::Reply,
                    ReplyMode::Token => form::Answer::Token,
                    ReplyMode::Sync(version) => form::Answer::Sync(*version),
                    ReplyMode::Activity => form::Answer::Activity,
                },
                credentials: self.opt(credentials),
            },
            Action::Model { provider, model } => {
                form::Kind::Model { provider: provider.to_string(), model: model.to_string() }
            }
            Action::Human { interaction, options } => {
                form::Kind::Human { interaction: interaction.to_string(), options: texts(options) }
            }
        }
    }

    fn for_each(&self, each: &ForEach) -> form::ForEach {
        form::ForEach {
            body: self.number(each.body),
            isolation: form::Isolation(each.isolation),
            items: self.opt(&each.items),
            reader: each.reader.as_ref().map(|reader| form::Service {
                resource: Some(reader.resource.to_string()),
                args: self.opt(&reader.args),
                config: self.named(&reader.config),
                span: span(&reader.origin),
            }),
            batch: each.batch.as_ref().map(|batch| form::Batch {
                max_items: self.opt(&batch.max_items),
                max_bytes: self.opt(&batch.max_bytes),
                input: self.opt(&batch.input),
                span: span(&batch.origin),
            }),
            concurrency: self.opt(&each.concurrency),
            tolerate_count: self.opt(&each.tolerate.count),
            tolerate_percent: self.opt(&each.tolerate.percent),
            writer: each.writer.as_ref().map(|writer| form::Service {
                resource: text(&writer.resource),
                args: self.opt(&writer.args),
                config: self.named(&writer.config),
                span: span(&writer.origin),
            }),
            label: text(&each.label),
        }
    }

    fn policy(&self, policy: &Policy) -> form::Policy {
        form::Policy {
            retry: policy.retry.iter().map(retrier).collect(),
            timeout: self.opt(&policy.timeout),
            heartbeat: self.opt(&policy.heartbeat),
            total_timeout: self.opt(&policy.total_timeout),
            approval: self.opt(&policy.approval),
            constraints: self.exprs(&policy.constraints),
            max_steps: policy.max_steps,
            max_cost_usd: number(&policy.max_cost_usd),
            max_memory_mb: number(&policy.max_memory_mb),
            workspace: policy.workspace.as_ref().map(|workspace| match workspace {
                Workspace::Inherit => form::Workspace::Inherit,
                Workspace::Ephemeral => form::Workspace::Ephemeral,
                Workspace::Path(path) => form::Workspace::Path(path.to_string()),
            }),
            priority: policy.priority,
            continue_on_failure: policy.continue_on_failure,
        }
    }

    fn edge(&self, edge: &Edge) -> form::Edge {
        form::Edge {
            on: match edge.on {
                On::Done => form::On::Done,
                On::Case(i) => form::On::Case(i),
                On::Otherwise => form::On::Otherwise,
                On::Error(i) => form::On::Error(i),
                On::Settled => form::On::Settled,
            },
            to: self.key(edge.to),
            transfer: self.transfer(&edge.transfer),
            comment: text(&edge.comment),
            span: span(&edge.origin),
        }
    }

    fn transfer(&self, transfer: &Transfer) -> form::Transfer {
        form::Transfer { assign: self.named(&transfer.assign), out: self.opt(&transfer.out) }
    }
}

fn retrier(retrier: &Retrier) -> form::Retrier {
    form::Retrier {
        on: error_match(&retrier.on),
        interval: number(&retrier.interval),
        max: number(&retrier.max),
        backoff: number(&retrier.backoff),
        linear: retrier.linear,
        max_delay: number(&retrier.max_delay),
        jitter: retrier.jitter.map(form::Jitter),
        comment: text(&retrier.comment),
        span: span(&retrier.origin),
    }
}

fn handler(handler: &Handler) -> form::Handler {
    form::Handler { on: error_match(&handler.on), comment: text(&handler.comment), span: span(&handler.origin) }
}

fn error_match(on: &ErrorMatch) -> form::ErrorMatch {
    form::ErrorMatch {
        names: texts(&on.names),
        classes: texts(&on.classes),
        contains: texts(&on.contains),
        exit_codes: on.exit_codes.clone(),
        transfers: on.transfers,
    }
}

fn text(text: &Option<Arc<str>>) -> Option<String> {
    text.as_ref().map(ToString::to_string)
}

fn texts(texts: &[Arc<str>]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn extras(extras: &[(Arc<str>, Value)]) -> Vec<form::Extra> {
    extras.iter().map(|(name, value)| form::Extra { name: name.to_string(), json: value.to_json() }).collect()
}

fn number(number: &Option<wfc_expr::value::Number>) -> Option<form::Number> {
    let number = number.as_ref()?;
    let text = number.to_string();
    let plain = serde_json::from_str::<serde_json::Number>(&text).ok();
    let exact = plain.filter(|plain| wfc_expr::value::Number::from_text(&plain.to_string()).as_ref() == Some(number));
    Some(exact.map_or(form::Number::Exact(text), form::Number::Plain))
}

fn span(origin: &Origin) -> Option<form::Span> {
    origin.span.map(|span| form::Span { file: span.file.0, start: span.start, end: span.end })
}
