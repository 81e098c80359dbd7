//! A plan that was looked through and whose expressions are compiled: what a process makes of it once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use wfc_expr::{cond, intrinsic, jsonata, jsonpath};
use wfc_plan::{
    content_hash, ExprIx, ExprKind, Lang, Mode, Node, NodeIx, NodeKind, On, Owner, Plan, Ready, RegionIx, FORMAT,
    SEMANTICS,
};

use crate::path::Plain;
use crate::trace::Table;

/// How deep expressions may nest.
const MAX_EXPR_DEPTH: u32 = 512;

/// A plan ready to run.
#[derive(Clone, Debug)]
pub struct Program {
    plan: Plan,
    /// By expression: what its text means.
    compiled: Vec<Compiled>,
    /// By node: its place in its region.
    place: Vec<usize>,
    /// By node of a Dag: whether its failure is certain to fail the region.
    fatal: Vec<bool>,
    reads_outs: bool,
    /// By `Loop` and `ForEach`: the nodes inside whose output is read somewhere.
    read_inside: BTreeMap<NodeIx, Vec<NodeIx>>,
    /// By node: how many others have edges to it.
    sources: Vec<usize>,
    /// By region: the table of records of the flow it is part of.
    tables: Vec<Table>,
}

/// The meaning of an expression's text.
#[derive(Clone, Debug)]
pub(crate) enum Compiled {
    /// It has no text.
    None,
    Path(PathExpr),
    Call(CallExpr),
    Jsonata(JsonataExpr),
    Cond(cond::Cond),
}

/// A path, and the same path in the usual case that it names one place.
#[derive(Clone, Debug)]
pub(crate) struct PathExpr {
    pub(crate) path: jsonpath::Path,
    pub(crate) plain: Option<Plain>,
    pub(crate) reads_context: bool,
}

/// A call, and whether the context object must be there for it.
#[derive(Clone, Debug)]
pub(crate) struct CallExpr {
    pub(crate) call: intrinsic::Call,
    pub(crate) reads_context: bool,
}

/// A JSONata expression, and whether `$states.context` must be there for it.
#[derive(Clone, Debug)]
pub(crate) struct JsonataExpr {
    pub(crate) program: jsonata::Program,
    pub(crate) reads_context: bool,
}

/// Why a plan cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError(String);

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the plan cannot be run: {}", self.0)
    }
}

impl std::error::Error for LoadError {}

fn bad<T>(why: impl Into<String>) -> Result<T, LoadError> {
    Err(LoadError(why.into()))
}

impl Program {
    /// Looks a plan through and compiles it. Plans may come from files, so nothing about them is taken for granted.
    pub fn load(plan: Plan) -> Result<Program, LoadError> {
        if plan.format != FORMAT || plan.semantics != SEMANTICS {
            let (format, semantics) = (plan.format, plan.semantics);
            return bad(format!(
                "it has format {format} and semantics {semantics}, this version runs {FORMAT} and {SEMANTICS}"
            ));
        }
        if content_hash(&plan).ok().as_ref() != Some(&plan.hash) {
            return bad("its hash is not that of its content");
        }
        check_indices(&plan)?;
        check_depth(&plan)?;
        check_control(&plan)?;
        let compiled = plan.exprs.iter().map(|expr| compile(&expr.kind)).collect::<Result<_, _>>()?;
        let place = places(&plan);
        let fatal = fatal(&plan, &place)?;
        let read = read_nodes(&plan);
        let reads_outs = reads_outs(&plan, &read);
        let read_inside = read_inside(&plan, &read);
        let sources = plan.nodes.iter().map(|node| sources(&plan, node)).collect();
        let tables = (0..plan.regions.len()).map(|at| table(&plan, RegionIx::next(at))).collect();
        Ok(Program { plan, compiled, place, fatal, reads_outs, read_inside, sources, tables })
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(crate) fn compiled(&self, expr: ExprIx) -> &Compiled {
        &self.compiled[expr.at()]
    }

    /// The region the program's first flow runs.
    pub(crate) fn entry_region(&self) -> RegionIx {
        self.plan.flows[self.plan.entry.at()].body
    }

    /// The table of records that nodes of a region write to.
    pub(crate) fn table(&self, region: RegionIx) -> Table {
        self.tables.get(region.at()).copied().unwrap_or(Table::Plain)
    }

    pub(crate) fn place(&self, node: NodeIx) -> usize {
        self.place[node.at()]
    }

    /// Whether anything looks at what nodes have produced. If not, it need not be kept.
    pub(crate) fn reads_outs(&self) -> bool {
        self.reads_outs
    }

    /// The nodes inside a `Loop` or `ForEach` whose output is read somewhere.
    pub(crate) fn read_inside(&self, node: NodeIx) -> &[NodeIx] {
        self.read_inside.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Whether a node stands in a region or in one inside it.
    pub(crate) fn inside(&self, node: NodeIx, region: RegionIx) -> bool {
        let mut at = self.plan.nodes[node.at()].region;
        // Outer regions have smaller numbers.
        while at > region {
            match self.plan.regions[at.at()].owner {
                Owner::Node(outer) => at = self.plan.nodes[outer.at()].region,
                Owner::Flow(_) => return false,
            }
        }
        at == region
    }

    /// How many nodes have edges to this one.
    pub(crate) fn sources(&self, node: NodeIx) -> usize {
        self.sources[node.at()]
    }

    pub(crate) fn fatal(&self, node: NodeIx) -> bool {
        self.fatal[node.at()]
    }
}

/// The result of a Dag region is made of outputs, too.
fn reads_outs(plan: &Plan, read: &BTreeSet<NodeIx>) -> bool {
    !read.is_empty() || plan.regions.iter().any(|region| matches!(region.mode, Mode::Dag { .. }))
}

/// The nodes whose output an expression reads.
fn read_nodes(plan: &Plan) -> BTreeSet<NodeIx> {
    let by_expr = |kind: &ExprKind| match kind {
        ExprKind::Out(node) => Some(*node),
        ExprKind::Source(source) => source.out,
        _ => None,
    };
    plan.exprs.iter().filter_map(|expr| by_expr(&expr.kind)).collect()
}

fn read_inside(plan: &Plan, read: &BTreeSet<NodeIx>) -> BTreeMap<NodeIx, Vec<NodeIx>> {
    let mut inside: BTreeMap<NodeIx, Vec<NodeIx>> = BTreeMap::new();
    for &node in read {
        let mut at = node;
        while let Owner::Node(outer) = plan.regions[plan.nodes[at.at()].region.at()].owner {
            if matches!(plan.nodes[outer.at()].kind, NodeKind::Loop(_) | NodeKind::ForEach(_)) {
                inside.entry(outer).or_default().push(node);
            }
            at = outer;
        }
    }
    inside
}

fn compile(kind: &ExprKind) -> Result<Compiled, LoadError> {
    let refused = |text: &str, why: &str| LoadError(format!("'{text}': {why}"));
    match kind {
        ExprKind::Source(source) => {
            let text = &*source.text;
            match source.lang {
                Lang::JsonPath => path(text),
                Lang::Intrinsic => intrinsic::parse(text).map(call).map_err(|error| refused(text, &error.message)),
                Lang::Jsonata => jsonata::parse(text).map(jsonata).map_err(|error| refused(text, &error.error.message)),
                Lang::Dotted => cond::parse(text).map(Compiled::Cond).map_err(|error| refused(text, &error.message)),
            }
        }
        ExprKind::Put { at, .. } => match path(at)? {
            compiled @ Compiled::Path(PathExpr { plain: Some(_), .. }) => Ok(compiled),
            _ => bad(format!("'{at}' is more than names and single indices, which nothing can be put at")),
        },
        _ => Ok(Compiled::None),
    }
}

fn call(call: intrinsic::Call) -> Compiled {
    let reads_context = call.refs().into_iter().any(is_of_context);
    Compiled::Call(CallExpr { call, reads_context })
}

fn jsonata(ast: jsonata::Ast) -> Compiled {
    const PROFILE: jsonata::Profile = jsonata::Profile::StepFunctions;
    // Whatever else is done with `$states` than to take a member of it may need all of it.
    let others = ["input", "result", "errorOutput"];
    let uses = jsonata::analyze(&ast, PROFILE).states;
    let reads_context = uses.iter().any(|used| used.path().next().is_none_or(|member| !others.contains(&member)));
    Compiled::Jsonata(JsonataExpr { program: jsonata::Program::from_ast(ast, PROFILE), reads_context })
}

fn is_of_context(path: &jsonpath::Path) -> bool {
    path.root == jsonpath::Root::Context
}

fn path(text: &str) -> Result<Compiled, LoadError> {
    let path = jsonpath::parse(text).map_err(|error| LoadError(format!("'{text}': {}", error.message)))?;
    let reads_context = std::iter::once(&path).chain(path.nested()).any(is_of_context);
    let plain = Plain::of(&path);
    Ok(Compiled::Path(PathExpr { path, plain, reads_context }))
}

fn table(plan: &Plan, region: RegionIx) -> Table {
    Table::named(&plan.flows[plan.flow_of(region).at()].trace)
}

/// Every number points into its array, and every edge stays in its region.
fn check_indices(plan: &Plan) -> Result<(), LoadError> {
    let node_ok = |node: NodeIx| node.at() < plan.nodes.len();
    let region_ok = |region: RegionIx| region.at() < plan.regions.len();
    let edges_ok = plan.edges.iter().all(|edge| {
        let both = node_ok(edge.from) && node_ok(edge.to);
        both && plan.nodes[edge.from.at()].region == plan.nodes[edge.to.at()].region
    });
    let flows_ok = plan.entry.at() < plan.flows.len() && plan.flows.iter().all(|flow| region_ok(flow.body));
    let nodes_ok = plan.nodes.iter().all(|node| {
        let mut edges = node.outs.iter().chain(&node.ins);
        region_ok(node.region)
            && node.kind.regions().iter().all(|&inner| region_ok(inner))
            && edges.all(|edge| edge.at() < plan.edges.len())
    });
    if !(edges_ok && flows_ok && nodes_ok) {
        return bad("a number in it points at nothing");
    }
    check_ends(plan)?;
    for (at, region) in plan.regions.iter().enumerate() {
        check_region(plan, RegionIx::next(at), region.owner).map_err(|why| LoadError(why.into()))?;
        let entry_ok = match region.mode {
            Mode::Seq(entry) => region.nodes.contains(&entry),
            Mode::Dag { .. } => true,
        };
        let own = |node: &NodeIx| node_ok(*node) && plan.nodes[node.at()].region.at() == at;
        if !entry_ok || !region.nodes.iter().all(own) {
            return bad("a region names a node that is not its own");
        }
    }
    Ok(())
}

/// Nodes list exactly the edges that start and end at them.
fn check_ends(plan: &Plan) -> Result<(), LoadError> {
    let mut listed = (0, 0);
    for (at, node) in plan.nodes.iter().enumerate() {
        listed = (listed.0 + node.outs.len(), listed.1 + node.ins.len());
        let outs_ok = node.outs.iter().all(|edge| plan.edges[edge.at()].from.at() == at);
        if !outs_ok || !node.ins.iter().all(|edge| plan.edges[edge.at()].to.at() == at) {
            return bad("a node lists an edge that is not its own");
        }
    }
    if listed != (plan.edges.len(), plan.edges.len()) {
        return bad("an edge is not listed by its nodes");
    }
    Ok(())
}

/// Nothing stands where the core would pass over it or where its meaning would depend on timing.
fn check_control(plan: &Plan) -> Result<(), LoadError> {
    let is_step = |node: &Node| matches!(node.kind, NodeKind::Step(_));
    let limited = |node: &&Node| (node.timeout.is_some() || node.heartbeat.is_some()) && !is_step(node);
    if let Some(node) = plan.nodes.iter().find(limited) {
        return bad(format!("'{}' limits the time of an attempt and is no step", node.key));
    }
    for node in &plan.nodes {
        let outs = || node.outs.iter().map(|edge| &plan.edges[edge.at()]);
        let (sets, key) = (!node.end_assign.is_empty() || outs().any(|edge| !edge.assign.is_empty()), &node.key);
        match plan.regions[node.region.at()].mode {
            Mode::Seq(_) if outs().any(|edge| edge.on == On::Settled) => {
                return bad(format!("'{key}' has an edge for every outcome in a sequence"));
            }
            Mode::Seq(_) if matches!(node.kind, NodeKind::Join) => {
                return bad(format!("'{key}' joins in a sequence"));
            }
            Mode::Dag { .. } if sets => {
                return bad(format!("'{key}' sets a variable where the order is not known"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Outer regions come first, so that going outwards ends.
fn check_region(plan: &Plan, region: RegionIx, owner: Owner) -> Result<(), &'static str> {
    match owner {
        Owner::Flow(flow) if flow.at() < plan.flows.len() => Ok(()),
        Owner::Node(node) if node.at() < plan.nodes.len() && plan.nodes[node.at()].region < region => Ok(()),
        _ => Err("a region stands in front of the one around it"),
    }
}

/// Expressions point backwards only and do not nest deeper than [`MAX_EXPR_DEPTH`].
fn check_depth(plan: &Plan) -> Result<(), LoadError> {
    let mut depths: Vec<u32> = Vec::with_capacity(plan.exprs.len());
    for expr in &plan.exprs {
        let mut depth = 1;
        for part in expr.kind.parts() {
            match depths.get(part.at()) {
                Some(inner) => depth = depth.max(inner + 1),
                None => return bad("an expression points at one behind it"),
            }
        }
        if depth > MAX_EXPR_DEPTH {
            return bad(format!("an expression nests deeper than {MAX_EXPR_DEPTH} levels"));
        }
        depths.push(depth);
    }
    let missing = |expr: Option<ExprIx>| expr.is_some_and(|expr| expr.at() >= depths.len());
    if used_exprs(plan).any(|expr| missing(Some(expr))) {
        return bad("a number in it points at no expression");
    }
    Ok(())
}

/// Every expression that flows, nodes and edges point at.
fn used_exprs(plan: &Plan) -> impl Iterator<Item = ExprIx> + '_ {
    let flows = plan.flows.iter().filter_map(|flow| flow.timeout);
    let nodes = plan.nodes.iter().flat_map(|node| {
        let own = [node.input, node.args, node.result, node.when, node.timeout, node.heartbeat, node.total_timeout];
        let end = node.end_assign.iter().map(|(_, expr)| *expr).chain(node.end_out);
        own.into_iter().flatten().chain(kind_exprs(&node.kind)).chain(end)
    });
    let edges = plan.edges.iter().flat_map(|edge| edge.assign.iter().map(|(_, expr)| *expr).chain(edge.out));
    flows.chain(nodes).chain(edges)
}

fn kind_exprs(kind: &NodeKind) -> Vec<ExprIx> {
    use wfc_plan::WaitFor;
    use NodeKind as K;
    match kind {
        K::Step(tool) => tool.credentials.into_iter().collect(),
        K::Choice(cases) => cases.clone(),
        K::ForEach(each) => each_exprs(each),
        K::Loop(body) => vec![body.condition],
        K::Wait(WaitFor::Seconds(expr) | WaitFor::Timestamp(expr)) => vec![*expr],
        K::Raise { error, cause } => [*error, *cause].into_iter().flatten().collect(),
        _ => Vec::new(),
    }
}

fn each_exprs(each: &wfc_plan::ForEach) -> Vec<ExprIx> {
    let own = [each.items, each.concurrency, each.tolerate_count, each.tolerate_percent];
    let batch = each.batch.iter().flat_map(|batch| [batch.max_items, batch.max_bytes, batch.input]);
    let access = each.reader.iter().chain(&each.writer);
    let options = access.flat_map(|access| access.config.iter().map(|(_, expr)| Some(*expr)).chain([access.args]));
    own.into_iter().chain(batch).chain(options).flatten().collect()
}

fn sources(plan: &Plan, node: &Node) -> usize {
    let from: BTreeSet<NodeIx> = node.ins.iter().map(|edge| plan.edges[edge.at()].from).collect();
    from.len()
}

fn places(plan: &Plan) -> Vec<usize> {
    let mut place = vec![0; plan.nodes.len()];
    for region in &plan.regions {
        region.nodes.iter().enumerate().for_each(|(at, node)| place[node.at()] = at);
    }
    place
}

/// By node of a Dag: whether a plain way leads from it to an end of the region past no node that could go on without
/// it. Refuses cycles.
fn fatal(plan: &Plan, place: &[usize]) -> Result<Vec<bool>, LoadError> {
    let mut fatal = vec![false; plan.nodes.len()];
    for region in plan.regions.iter().filter(|region| matches!(region.mode, Mode::Dag { .. })) {
        let order = backwards(plan, &region.nodes, place);
        if order.len() != region.nodes.len() {
            return bad("a region without a cycle of control has one");
        }
        for node in order {
            let plain = plain_targets(plan, node);
            let passes = |to: NodeIx| matches!(plan.nodes[to.at()].ready, Ready::All | Ready::Live);
            fatal[node.at()] = plain.is_empty() || plain.iter().any(|&to| passes(to) && fatal[to.at()]);
        }
    }
    Ok(fatal)
}

/// The nodes of a region, targets of edges first; those on and in front of a cycle are left out.
fn backwards(plan: &Plan, nodes: &[NodeIx], place: &[usize]) -> Vec<NodeIx> {
    let mut left: Vec<usize> = nodes.iter().map(|node| plan.nodes[node.at()].outs.len()).collect();
    let mut order: Vec<NodeIx> = nodes.iter().copied().filter(|node| plan.nodes[node.at()].outs.is_empty()).collect();
    let mut at = 0;
    while let Some(&node) = order.get(at) {
        at += 1;
        for edge in &plan.nodes[node.at()].ins {
            let from = plan.edges[edge.at()].from;
            let count = &mut left[place[from.at()]];
            *count = count.saturating_sub(1);
            if *count == 0 {
                order.push(from);
            }
        }
    }
    order
}

/// Where the plain edges of a node lead.
pub(crate) fn plain_targets(plan: &Plan, node: NodeIx) -> Vec<NodeIx> {
    let edges = plan.nodes[node.at()].outs.iter().map(|edge| &plan.edges[edge.at()]);
    edges.filter(|edge| edge.on.is_plain()).map(|edge| edge.to).collect()
}
