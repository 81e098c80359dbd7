//! What there is to draw, free of CIR: boxes in frames, and arrows between boxes of one frame.

use std::collections::HashMap;

use wfc_cir::{
    Action, CompareOp, Doc, Expr, ExprKind, Mode, Module, Node, NodeId, NodeKind, On, Owner, RegionId, ReturnTo, Root,
    TypeTest, WaitFor,
};

/// Everything to draw. Frames come before the frames inside them.
#[derive(Debug, Default)]
pub(crate) struct Picture {
    pub(crate) title: String,
    pub(crate) frames: Vec<Frame>,
    pub(crate) items: Vec<Item>,
}

/// A region.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) items: Vec<usize>,
    pub(crate) arrows: Vec<Arrow>,
}

/// A node.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) shape: Shape,
    /// Indices of the frames inside.
    pub(crate) frames: Vec<usize>,
}

/// How a node looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Work.
    Box,
    /// Data only.
    Soft,
    /// A decision.
    Decision,
    /// A success.
    Good,
    /// A failure.
    Bad,
    /// Where a frame starts.
    Start,
    /// Where a frame ends.
    End,
}

/// A way from one item to another of the same frame.
#[derive(Debug)]
pub(crate) struct Arrow {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) label: String,
    /// Taken when something fails.
    pub(crate) error: bool,
}

/// Labels longer than this are cut.
const LABEL: usize = 42;

impl Frame {
    /// Adds an arrow; one that runs beside another of its kind only adds its label to that.
    fn add_arrow(&mut self, arrow: Arrow) {
        let own = self.arrows.iter_mut().rev().take_while(|other| other.from == arrow.from);
        let beside = |other: &&mut Arrow| other.to == arrow.to && other.error == arrow.error;
        match own.into_iter().find(beside) {
            Some(other) if other.label.is_empty() || arrow.label.is_empty() => other.label += &arrow.label,
            Some(other) => other.label = clip(&format!("{} · {}", other.label, arrow.label)),
            None => self.arrows.push(arrow),
        }
    }
}

impl Picture {
    /// The picture of a module.
    pub(crate) fn of(module: &Module) -> Self {
        let mut picture = Picture { title: module.name.to_string(), ..Picture::default() };
        let mut frame_of: HashMap<RegionId, usize> = HashMap::new();
        // Regions are made outer first, so a container's item exists when its frames are drawn.
        let mut items: HashMap<NodeId, usize> = HashMap::new();
        let mut work: Vec<RegionId> = module.flows.iter().map(|(_, flow)| flow.body).collect();
        work.reverse();
        while let Some(region) = work.pop() {
            let index = picture.frames.len();
            frame_of.insert(region, index);
            if let Owner::Node(owner) = module.regions[region].owner {
                if let Some(&item) = items.get(&owner) {
                    picture.items[item].frames.push(index);
                }
            }
            picture.add_frame(module, region, &mut items);
            let inner =
                module.regions[region].nodes.iter().flat_map(|&node| module.nodes[node].regions().iter().copied());
            let mut inner: Vec<_> = inner.collect();
            inner.reverse();
            work.extend(inner);
        }
        picture
    }

    fn add_frame(&mut self, module: &Module, region: RegionId, items: &mut HashMap<NodeId, usize>) {
        let mut frame = Frame { items: Vec::new(), arrows: Vec::new() };
        let entry = module.regions[region].entry();
        if matches!(module.regions[region].mode, Mode::Seq { .. }) {
            frame.items.push(self.add(Item { name: String::new(), kind: "", shape: Shape::Start, frames: Vec::new() }));
        }
        for &id in &module.regions[region].nodes {
            let item = self.add(describe(&module.nodes[id]));
            items.insert(id, item);
            frame.items.push(item);
        }
        if let Some(first) = entry.and_then(|entry| items.get(&entry)) {
            frame.arrows.push(Arrow { from: frame.items[0], to: *first, label: String::new(), error: false });
        }
        self.add_ends(module, region, items, &mut frame);
        for &id in &module.regions[region].nodes {
            for (_, edge) in module.outs(id) {
                let (Some(&from), Some(&to)) = (items.get(&edge.from), items.get(&edge.to)) else { continue };
                let label = clip(&edge_label(module, &module.nodes[id], edge.on));
                frame.add_arrow(Arrow { from, to, label, error: matches!(edge.on, On::Error(_)) });
            }
        }
        self.frames.push(frame);
    }

    /// One mark for the end of a Seq region, with an arrow from each node that ends it without being a way out itself.
    fn add_ends(&mut self, module: &Module, region: RegionId, items: &HashMap<NodeId, usize>, frame: &mut Frame) {
        if module.regions[region].entry().is_none() {
            return;
        }
        let ends = |node: &&NodeId| {
            let node = &module.nodes[**node];
            let leaves = matches!(node.kind, NodeKind::Return(_) | NodeKind::Raise { .. } | NodeKind::Hole);
            !leaves && !node.outs.iter().any(|&edge| module.edges[edge].on.is_plain())
        };
        let last: Vec<NodeId> = module.regions[region].nodes.iter().filter(ends).copied().collect();
        if last.is_empty() {
            return;
        }
        let end = self.add(Item { name: String::new(), kind: "", shape: Shape::End, frames: Vec::new() });
        frame.items.push(end);
        frame.arrows.extend(last.iter().filter_map(|node| items.get(node)).map(|&from| Arrow {
            from,
            to: end,
            label: String::new(),
            error: false,
        }));
    }

    fn add(&mut self, item: Item) -> usize {
        self.items.push(item);
        self.items.len() - 1
    }
}

fn describe(node: &Node) -> Item {
    let (kind, shape) = match &node.kind {
        NodeKind::Return(ReturnTo::Region | ReturnTo::Loop) => ("succeed", Shape::Good),
        NodeKind::Return(ReturnTo::Flow) => ("end", Shape::Good),
        NodeKind::Raise { .. } => ("fail", Shape::Bad),
        NodeKind::Choice { .. } => ("choice", Shape::Decision),
        NodeKind::Assign => ("pass", Shape::Soft),
        NodeKind::Wait(WaitFor::Seconds(_) | WaitFor::Timestamp(_)) => ("wait", Shape::Soft),
        NodeKind::Join => ("join", Shape::Soft),
        NodeKind::Step(Action::Tool { .. }) => ("task", Shape::Box),
        NodeKind::Step(Action::Model { .. }) => ("model", Shape::Box),
        NodeKind::Step(Action::Human { .. }) => ("human", Shape::Box),
        NodeKind::Call(_) => ("call", Shape::Box),
        NodeKind::Parallel { .. } => ("parallel", Shape::Box),
        NodeKind::ForEach(_) => ("map", Shape::Box),
        NodeKind::Loop(_) => ("loop", Shape::Box),
        NodeKind::Scope(_) => ("scope", Shape::Box),
        NodeKind::Verify(_) => ("verify", Shape::Box),
        NodeKind::Hole => ("missing or unreadable", Shape::Bad),
    };
    let name = if matches!(node.kind, NodeKind::Hole) { "?".to_owned() } else { node.name() };
    Item { name, kind, shape, frames: Vec::new() }
}

fn edge_label(module: &Module, node: &Node, on: On) -> String {
    match on {
        On::Done => String::new(),
        On::Otherwise => "otherwise".to_owned(),
        On::Settled => "always".to_owned(),
        On::Error(index) => {
            let names = node.handlers.get(index as usize).map(|handler| handler.on.names.join(", "));
            names.filter(|names| !names.is_empty()).unwrap_or_else(|| "on error".to_owned())
        }
        On::Case(index) => match &node.kind {
            NodeKind::Choice { cases } => cases.get(index as usize).map_or_else(String::new, |e| text(module, e)),
            _ => String::new(),
        },
    }
}

fn clip(text: &str) -> String {
    match text.char_indices().nth(LABEL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// An expression in the words of a label.
fn text(module: &Module, expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Literal(value) => value.to_string(),
        ExprKind::Path { path, doc: Doc::Root(_) | Doc::Expr(_) } => path.to_string(),
        ExprKind::Intrinsic { call, .. } => call.to_string(),
        ExprKind::Jsonata { text, .. } | ExprKind::Opaque { text, .. } => text.to_string(),
        ExprKind::Dotted { cond, .. } => cond.to_string(),
        ExprKind::Compare { left, op, right } => {
            format!("{} {} {}", text(module, left), sign(*op), text(module, right))
        }
        ExprKind::Is { left, test, want } => {
            format!("{} is {}{}", text(module, left), if *want { "" } else { "not " }, kind_word(*test))
        }
        ExprKind::And(parts) => parts.iter().map(|e| text(module, e)).collect::<Vec<_>>().join(" and "),
        ExprKind::Or(parts) => parts.iter().map(|e| text(module, e)).collect::<Vec<_>>().join(" or "),
        ExprKind::Not(inner) => format!("not ({})", text(module, inner)),
        ExprKind::Var(name) => format!("${name}"),
        ExprKind::Secret(name) => format!("secret {name}"),
        ExprKind::Out(node) => module.nodes.get(*node).map_or_else(String::new, Node::name),
        ExprKind::Root(root) => root_word(*root).to_owned(),
        ExprKind::Object(_) => "{…}".to_owned(),
        ExprKind::Array(_) => "[…]".to_owned(),
        ExprKind::Put { .. } => "…".to_owned(),
    }
}

fn root_word(root: Root) -> &'static str {
    match root {
        Root::Raw | Root::Input => "input",
        Root::Args => "arguments",
        Root::Result => "result",
        Root::Error => "error",
        Root::Context => "context",
        Root::Item => "item",
    }
}

fn kind_word(test: TypeTest) -> &'static str {
    match test {
        TypeTest::Present => "present",
        TypeTest::Null => "null",
        TypeTest::Boolean => "a boolean",
        TypeTest::Numeric => "a number",
        TypeTest::String => "a string",
        TypeTest::Timestamp => "a timestamp",
    }
}

fn sign(op: CompareOp) -> &'static str {
    use CompareOp::*;
    match op {
        BooleanEquals | NumericEquals | StringEquals | TimestampEquals => "=",
        NumericLess | StringLess | TimestampLess => "<",
        NumericLessEquals | StringLessEquals | TimestampLessEquals => "≤",
        NumericGreater | StringGreater | TimestampGreater => ">",
        NumericGreaterEquals | StringGreaterEquals | TimestampGreaterEquals => "≥",
        StringMatches => "~",
    }
}
