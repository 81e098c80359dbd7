//! From the wire form to the IR.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use wfc_diag::FileId;
use wfc_expr::Value;

use super::form;
use super::WireError;
use crate::text::ExprReader;
use crate::{
    Action, Batch, Callee, Edge, Effects, ErrorMatch, Expr, Flow, FlowId, ForEach, Handler, Io, Loop, Mode, Module,
    Node, NodeId, NodeKey, NodeKind, On, Origin, Owner, Part, Policy, Reader, Ready, Region, RegionId, ReplyMode,
    Retrier, Tolerate, Transfer, Verify, WaitFor, Workspace, Writer,
};

type Read<T> = Result<T, WireError>;

pub(super) fn module(form: form::Module) -> Read<Module> {
    let mut names = Names::of(&form)?;
    let mut module = Module {
        name: form.name.into(),
        dialect: form.dialect.into(),
        entry: names.flow(&form.entry)?,
        flows: Default::default(),
        regions: Default::default(),
        nodes: Default::default(),
        edges: Default::default(),
    };
    for (index, region) in form.regions.into_iter().enumerate() {
        module.regions.push(names.region(index, region)?);
    }
    for flow in form.flows {
        names.place.clone_from(&flow.name);
        module.flows.push(names.read_flow(flow)?);
    }
    let mut edges = Vec::new();
    for (index, mut node) in form.nodes.into_iter().enumerate() {
        names.place.clone_from(&node.key);
        edges.push(std::mem::take(&mut node.edges));
        module.nodes.push(names.read_node(NodeId::from_index(index), node)?);
    }
    for (index, edges) in edges.into_iter().enumerate() {
        for edge in edges {
            module.add_edge(names.edge(NodeId::from_index(index), edge)?);
        }
    }
    Ok(module)
}

/// What names and numbers refer to, and where reading is.
struct Names {
    exprs: ExprReader,
    flows: FxHashMap<Arc<str>, FlowId>,
    /// The owner of each region.
    owners: Vec<Owner>,
    /// The region of each node.
    regions: FxHashMap<NodeId, RegionId>,
    place: String,
}

impl Names {
    fn of(form: &form::Module) -> Read<Self> {
        let mut nodes = FxHashMap::default();
        for (index, node) in form.nodes.iter().enumerate() {
            if nodes.insert(node.key.as_str().into(), NodeId::from_index(index)).is_some() {
                return Err(WireError::Reference(format!("two nodes have the key {:?}", node.key)));
            }
        }
        let mut flows = FxHashMap::default();
        for (index, flow) in form.flows.iter().enumerate() {
            if flows.insert(flow.name.as_str().into(), FlowId::from_index(index)).is_some() {
                return Err(WireError::Reference(format!("two flows have the name {:?}", flow.name)));
            }
        }
        let exprs = ExprReader { nodes };
        let mut names =
            Self { exprs, flows, owners: owners(form)?, regions: FxHashMap::default(), place: String::new() };
        for (index, region) in form.regions.iter().enumerate() {
            for key in &region.nodes {
                let node = names.node(key)?;
                if names.regions.insert(node, RegionId::from_index(index)).is_some() {
                    return Err(WireError::Reference(format!("the node {key:?} is in two regions")));
                }
            }
        }
        Ok(names)
    }

    fn node(&self, key: &str) -> Read<NodeId> {
        let missing = || WireError::Reference(format!("there is no node {key:?}"));
        self.exprs.nodes.get(key).copied().ok_or_else(missing)
    }

    fn flow(&self, name: &str) -> Read<FlowId> {
        let missing = || WireError::Reference(format!("there is no flow {name:?}"));
        self.flows.get(name).copied().ok_or_else(missing)
    }

    fn expr(&mut self, form: form::Expr) -> Read<Expr> {
        let read = self.exprs.read(&form.text);
        let mut expr = read.map_err(|message| WireError::Expr { place: self.place.clone(), message })?;
        // Positions in the text of the form mean nothing to anybody.
        expr.walk_mut(&mut |expr| expr.origin = Origin::default());
        expr.origin = origin(form.span);
        Ok(expr)
    }

    fn opt(&mut self, form: Option<form::Expr>) -> Read<Option<Expr>> {
        form.map(|form| self.expr(form)).transpose()
    }

    fn exprs(&mut self, forms: Vec<form::Expr>) -> Read<Vec<Expr>> {
        forms.into_iter().map(|form| self.expr(form)).collect()
    }

    fn named(&mut self, forms: Vec<form::Named>) -> Read<Vec<(Arc<str>, Expr)>> {
        forms.into_iter().map(|form| Ok((form.name.into(), self.expr(form.value)?))).collect()
    }

    fn region(&self, index: usize, form: form::Region) -> Read<Region> {
        let mode = match form.mode {
            form::Mode::Seq { entry } => Mode::Seq { entry: entry.map(|key| self.node(&key)).transpose()? },
            form::Mode::Dag { on_fail } => Mode::Dag { on_fail: on_fail.0 },
        };
        Ok(Region {
            mode,
            nodes: form.nodes.iter().map(|key| self.node(key)).collect::<Read<_>>()?,
            owner: self.owners[index],
            comment: text(form.comment),
            extras: extras(form.extras)?,
            origin: origin(form.span),
        })
    }

    fn read_flow(&mut self, form: form::Flow) -> Read<Flow> {
        Ok(Flow {
            name: form.name.into(),
            body: RegionId::from_index(form.body),
            trace: form.trace.into(),
            timeout: self.opt(form.timeout)?,
            abort: form.abort.0,
            max_steps: form.max_steps,
            max_cost_usd: number(form.max_cost_usd)?,
            comment: text(form.comment),
            extras: extras(form.extras)?,
            origin: origin(form.span),
        })
    }

    fn read_node(&mut self, id: NodeId, form: form::Node) -> Read<Node> {
        let region = self.regions.get(&id).copied();
        let in_none = || WireError::Reference(format!("the node {:?} is in no region", form.key));
        Ok(Node {
            region: region.ok_or_else(in_none)?,
            key: NodeKey::parse(&form.key),
            kind: self.kind(form.kind)?,
            io: Io { input: self.opt(form.input)?, args: self.opt(form.args)?, result: self.opt(form.result)? },
            when: self.opt(form.when)?,
            policy: form.policy.map(|policy| self.policy(policy)).transpose()?.map(Box::new),
            handlers: form.handlers.into_iter().map(handler).collect(),
            ready: match form.ready {
                form::Ready::All => Ready::All,
                form::Ready::Live => Ready::Live,
                form::Ready::First => Ready::First,
                form::Ready::Quorum(k) => Ready::Quorum(k),
            },
            effects: form.effects.iter().fold(Effects::NONE, |all, effect| all.and(effect.0)),
            replay: form.replay.0,
            outs: Vec::new(),
            end: self.transfer(form.end)?,
            parts: form
                .parts
                .into_iter()
                .map(|part| Part { key: NodeKey::parse(&part.key), origin: origin(part.span) })
                .collect(),
            comment: text(form.comment),
            extras: extras(form.extras)?,
            origin: origin(form.span),
            name_origin: origin(form.name_span),
        })
    }

    fn kind(&mut self, form: form::Kind) -> Read<NodeKind> {
        Ok(match form {
            form::Kind::Tool { tool, reply, credentials } => NodeKind::Step(Action::Tool {
                tool: tool.into(),
                mode: match reply {
                    form::Answer::Reply => ReplyMode::Reply,
                    form::Answer::Token => ReplyMode::Token,
                    form::Answer::Sync(version) => ReplyMode::Sync(version),
                    form::Answer::Activity => ReplyMode::Activity,
                },
                credentials: self.opt(credentials)?,
            }),
            form::Kind::Model { provider, model } => {
                NodeKind::Step(Action::Model { provider: provider.into(), model: model.into() })
            }
            form::Kind::Human { interaction, options } => {
                NodeKind::Step(Action::Human { interaction: interaction.into(), options: texts(options) })
            }
            form::Kind::CallFlow(flow) => NodeKind::Call(Callee::Flow(self.flow(&flow)?)),
            form::Kind::CallNamed(flow) => NodeKind::Call(Callee::Named(flow.into())),
            form::Kind::Assign => NodeKind::Assign,
            form::Kind::Choice { cases } => NodeKind::Choice { cases: self.exprs(cases)? },
            form::Kind::Join => NodeKind::Join,
            form::Kind::Parallel(branches) => {
                NodeKind::Parallel { branches: branches.into_iter().map(RegionId::from_index).collect() }
            }
            form::Kind::Foreach(each) => NodeKind::ForEach(Box::new(self.for_each(*each)?)),
            form::Kind::Loop { body, condition, until, cap, on_cap } => NodeKind::Loop(Box::new(Loop {
                body: RegionId::from_index(body),
                condition: self.expr(condition)?,
                until,
                cap,
                on_cap: on_cap.0,
            })),
            form::Kind::Scope(body) => NodeKind::Scope(RegionId::from_index(body)),
            form::Kind::WaitSeconds(time) => NodeKind::Wait(WaitFor::Seconds(self.expr(time)?)),
            form::Kind::WaitTimestamp(time) => NodeKind::Wait(WaitFor::Timestamp(self.expr(time)?)),
            form::Kind::Verify { body, checks, strategy, on_fail, rounds } => NodeKind::Verify(Box::new(Verify {
                body: RegionId::from_index(body),
                checks: self.exprs(checks)?,
                strategy: strategy.0,
                on_fail: on_fail.0,
                rounds,
            })),
            form::Kind::Return(to) => NodeKind::Return(to.0),
            form::Kind::Raise { error, cause } => NodeKind::Raise { error: self.opt(error)?, cause: self.opt(cause)? },
            form::Kind::Hole => NodeKind::Hole,
        })
    }

    fn for_each(&mut self, form: form::ForEach) -> Read<ForEach> {
        Ok(ForEach {
            items: self.opt(form.items)?,
            reader: form.reader.map(|form| self.reader(form)).transpose()?,
            batch: form.batch.map(|form| self.batch(form)).transpose()?,
            body: RegionId::from_index(form.body),
            concurrency: self.opt(form.concurrency)?,
            tolerate: Tolerate { count: self.opt(form.tolerate_count)?, percent: self.opt(form.tolerate_percent)? },
            writer: form.writer.map(|form| self.writer(form)).transpose()?,
            isolation: form.isolation.0,
            label: text(form.label),
        })
    }

    fn reader(&mut self, form: form::Service) -> Read<Reader> {
        let missing = || WireError::Shape("a reader needs `resource`".into());
        Ok(Reader {
            resource: form.resource.ok_or_else(missing)?.into(),
            args: self.opt(form.args)?,
            config: self.named(form.config)?,
            origin: origin(form.span),
        })
    }

    fn writer(&mut self, form: form::Service) -> Read<Writer> {
        Ok(Writer {
            resource: text(form.resource),
            args: self.opt(form.args)?,
            config: self.named(form.config)?,
            origin: origin(form.span),
        })
    }

    fn batch(&mut self, form: form::Batch) -> Read<Batch> {
        Ok(Batch {
            max_items: self.opt(form.max_items)?,
            max_bytes: self.opt(form.max_bytes)?,
            input: self.opt(form.input)?,
            origin: origin(form.span),
        })
    }

    fn policy(&mut self, form: form::Policy) -> Read<Policy> {
        Ok(Policy {
            retry: form.retry.into_iter().map(retrier).collect::<Read<_>>()?,
            timeout: self.opt(form.timeout)?,
            heartbeat: self.opt(form.heartbeat)?,
            total_timeout: self.opt(form.total_timeout)?,
            approval: self.opt(form.approval)?,
            constraints: self.exprs(form.constraints)?,
            max_steps: form.max_steps,
            max_cost_usd: number(form.max_cost_usd)?,
            max_memory_mb: number(form.max_memory_mb)?,
            workspace: form.workspace.map(|workspace| match workspace {
                form::Workspace::Inherit => Workspace::Inherit,
                form::Workspace::Ephemeral => Workspace::Ephemeral,
                form::Workspace::Path(path) => Workspace::Path(path.into()),
            }),
            priority: form.priority,
            continue_on_failure: form.continue_on_failure,
        })
    }

    fn edge(&mut self, from: NodeId, form: form::Edge) -> Read<Edge> {
        Ok(Edge {
            from,
            to: self.node(&form.to)?,
            on: match form.on {
                form::On::Done => On::Done,
                form::On::Case(i) => On::Case(i),
                form::On::Otherwise => On::Otherwise,
                form::On::Error(i) => On::Error(i),
                form::On::Settled => On::Settled,
            },
            transfer: self.transfer(form.transfer)?,
            comment: text(form.comment),
            origin: origin(form.span),
        })
    }

    fn transfer(&mut self, form: form::Transfer) -> Read<Transfer> {
        Ok(Transfer { assign: self.named(form.assign)?, out: self.opt(form.out)? })
    }
}

/// The owner of each region, each of which must belong to exactly one flow or node.
fn owners(form: &form::Module) -> Read<Vec<Owner>> {
    let mut owners = vec![None; form.regions.len()];
    let flows = form.flows.iter().enumerate();
    let bodies = flows.map(|(index, flow)| (flow.body, Owner::Flow(FlowId::from_index(index))));
    let nodes = form.nodes.iter().enumerate();
    let inner = nodes.flat_map(|(index, node)| {
        regions_in(&node.kind).iter().map(move |&region| (region, Owner::Node(NodeId::from_index(index))))
    });
    for (region, owner) in bodies.chain(inner) {
        match owners.get_mut(region) {
            None => return Err(WireError::Reference(format!("there is no region {region}"))),
            Some(Some(_)) => return Err(WireError::Reference(format!("the region {region} is used twice"))),
            Some(slot) => *slot = Some(owner),
        }
    }
    let unused = |(index, owner): (usize, Option<Owner>)| {
        owner.ok_or_else(|| WireError::Reference(format!("the region {index} belongs to nothing")))
    };
    owners.into_iter().enumerate().map(unused).collect()
}

fn regions_in(kind: &form::Kind) -> &[usize] {
    match kind {
        form::Kind::Parallel(branches) => branches,
        form::Kind::Foreach(each) => std::slice::from_ref(&each.body),
        form::Kind::Loop { body, .. } | form::Kind::Scope(body) | form::Kind::Verify { body, .. } => {
            std::slice::from_ref(body)
        }
        _ => &[],
    }
}

fn retrier(form: form::Retrier) -> Read<Retrier> {
    Ok(Retrier {
        on: error_match(form.on),
        interval: number(form.interval)?,
        max: number(form.max)?,
        backoff: number(form.backoff)?,
        linear: form.linear,
        max_delay: number(form.max_delay)?,
        jitter: form.jitter.map(|jitter| jitter.0),
        comment: text(form.comment),
        origin: origin(form.span),
    })
}

fn handler(form: form::Handler) -> Handler {
    Handler { on: error_match(form.on), comment: text(form.comment), origin: origin(form.span) }
}

fn error_match(form: form::ErrorMatch) -> ErrorMatch {
    ErrorMatch {
        names: texts(form.names),
        classes: texts(form.classes),
        contains: texts(form.contains),
        exit_codes: form.exit_codes,
        transfers: form.transfers,
    }
}

fn text(text: Option<String>) -> Option<Arc<str>> {
    text.map(Arc::from)
}

fn texts(texts: Vec<String>) -> Vec<Arc<str>> {
    texts.into_iter().map(Arc::from).collect()
}

fn extras(forms: Vec<form::Extra>) -> Read<Vec<(Arc<str>, Value)>> {
    let value = |form: form::Extra| match Value::parse(&form.json) {
        Ok(value) => Ok((form.name.into(), value)),
        Err(error) => Err(WireError::Shape(format!("the extra {:?}: {error}", form.name))),
    };
    forms.into_iter().map(value).collect()
}

fn number(form: Option<form::Number>) -> Read<Option<wfc_expr::value::Number>> {
    let Some(form) = form else { return Ok(None) };
    let text = match form {
        form::Number::Plain(number) => number.to_string(),
        form::Number::Exact(text) => text,
    };
    match wfc_expr::value::Number::from_text(&text) {
        Some(number) => Ok(Some(number)),
        None => Err(WireError::Shape(format!("`{text}` is not a number"))),
    }
}

fn origin(span: Option<form::Span>) -> Origin {
    let span = span.map(|span| wfc_diag::Span { file: FileId(span.file), start: span.start, end: span.end });
    Origin { span, via: None }
}
