//! Plans written down in a few lines.

use std::sync::Arc;

use wfc_expr::Value;
use wfc_plan::{
    Abort, Edge, EdgeIx, ErrorMatch, Expr, ExprIx, ExprKind, Flow, FlowIx, ForEach, Handler, Lang, Mode, Node, NodeIx,
    NodeKind, On, Owner, Plan, Ready, Region, RegionIx, Replay, ReplyMode, Retrier, Root, SiteId, Source, Tool,
};

use crate::Program;

/// A plan in the making. Region 0 is the body of its only flow.
pub(super) struct Build(pub(super) Plan);

impl Build {
    pub(super) fn seq() -> Self {
        Self::with(Mode::Seq(NodeIx(0)))
    }

    pub(super) fn dag(stop: bool) -> Self {
        Self::with(Mode::Dag { stop })
    }

    fn with(mode: Mode) -> Self {
        let flow =
            Flow { name: "t".into(), body: RegionIx(0), trace: "plain".into(), timeout: None, abort: Abort::Await };
        Self(Plan {
            format: wfc_plan::FORMAT,
            semantics: wfc_plan::SEMANTICS,
            hash: String::new(),
            name: "t".into(),
            dialect: "cir".into(),
            entry: FlowIx(0),
            flows: vec![flow],
            regions: vec![Region { mode, nodes: Vec::new(), owner: Owner::Flow(FlowIx(0)) }],
            nodes: Vec::new(),
            edges: Vec::new(),
            exprs: Vec::new(),
        })
    }

    pub(super) fn load(self) -> Program {
        Program::load(self.0.sealed().unwrap()).unwrap()
    }

    /// Adds a node to a region; a Seq region starts at its first one.
    pub(super) fn node(&mut self, region: RegionIx, name: &str, kind: NodeKind) -> NodeIx {
        let ix = NodeIx::next(self.0.nodes.len());
        let inner = kind.regions().to_vec();
        self.0.nodes.push(Node {
            key: name.into(),
            name: name.into(),
            kind,
            region,
            input: None,
            args: None,
            result: None,
            when: None,
            ready: Ready::All,
            outs: Vec::new(),
            ins: Vec::new(),
            end_assign: Vec::new(),
            end_out: None,
            handlers: Vec::new(),
            continue_on_failure: false,
            retry: Vec::new(),
            timeout: None,
            heartbeat: None,
            total_timeout: None,
            replay: Replay::Idempotent,
            priority: 0,
            site: SiteId(0),
        });
        for region in inner {
            self.0.regions[region.at()].owner = Owner::Node(ix);
        }
        let region = &mut self.0.regions[region.at()];
        if let (Mode::Seq(entry), true) = (&mut region.mode, region.nodes.is_empty()) {
            *entry = ix;
        }
        region.nodes.push(ix);
        ix
    }

    /// Adds a region that the next node given it is around.
    pub(super) fn region(&mut self, dag: bool) -> RegionIx {
        let mode = if dag { Mode::Dag { stop: true } } else { Mode::Seq(NodeIx(0)) };
        self.0.regions.push(Region { mode, nodes: Vec::new(), owner: Owner::Flow(FlowIx(0)) });
        RegionIx::next(self.0.regions.len() - 1)
    }

    pub(super) fn step(&mut self, region: RegionIx, name: &str, tool: &str) -> NodeIx {
        self.node(region, name, NodeKind::Step(Tool { name: tool.into(), mode: ReplyMode::Reply, credentials: None }))
    }

    pub(super) fn edge(&mut self, from: NodeIx, to: NodeIx, on: On) -> EdgeIx {
        let ix = EdgeIx::next(self.0.edges.len());
        self.0.edges.push(Edge { from, to, on, assign: Vec::new(), out: None });
        self.0.nodes[from.at()].outs.push(ix);
        self.0.nodes[to.at()].ins.push(ix);
        ix
    }

    pub(super) fn expr(&mut self, kind: ExprKind) -> ExprIx {
        self.0.exprs.push(Expr { kind, site: SiteId(0) });
        ExprIx::next(self.0.exprs.len() - 1)
    }

    pub(super) fn json(&mut self, text: &str) -> ExprIx {
        self.expr(ExprKind::Value(Value::parse(text).unwrap()))
    }

    pub(super) fn path(&mut self, root: Root, text: &str) -> ExprIx {
        let doc = Some(self.expr(ExprKind::Root(root)));
        self.expr(ExprKind::Source(Source { lang: Lang::JsonPath, text: text.into(), doc, out: None }))
    }

    pub(super) fn dotted(&mut self, text: &str, out: NodeIx) -> ExprIx {
        self.expr(ExprKind::Source(Source { lang: Lang::Dotted, text: text.into(), doc: None, out: Some(out) }))
    }
}

/// All errors.
pub(super) fn any() -> ErrorMatch {
    ErrorMatch { names: vec![Arc::from("*")], ..ErrorMatch::default() }
}

pub(super) fn handler() -> Handler {
    Handler { on: any(), transfers: false }
}

pub(super) fn retry(max: u64, interval: f64, backoff: f64) -> Retrier {
    Retrier { on: any(), interval, max, backoff, linear: false, max_delay: None, jitter: false }
}

/// A loop over items within the same run.
pub(super) fn each(items: Option<ExprIx>, body: RegionIx, concurrency: Option<ExprIx>) -> ForEach {
    ForEach {
        items,
        reader: None,
        batch: None,
        body,
        concurrency,
        tolerate_count: None,
        tolerate_percent: None,
        writer: None,
        runs: None,
    }
}
