//! Statements to a module: first everything that has a name is declared, then it is filled in.

use std::sync::Arc;

use wfc_diag::{Diagnostic, Sink, Span};
use wfc_expr::Value;
use wfc_source::SourceFile;

use super::grammar::{self, Stmt};
use super::read::{Atoms, Reader};
use super::words;
use crate::rules::CIR_MALFORMED;
use crate::verify::verify;
use crate::{Expr, Flow, FlowId, Mode, Module, Node, NodeId, NodeKey, NodeKind, Origin, Owner, Region, RegionId};

/// Reads a module from its text form. Every mistake goes to the sink; with one there is no module.
pub fn parse(file: &SourceFile, sink: &mut Sink) -> Option<Module> {
    match grammar::parse(file.id(), file.text()) {
        Ok(statements) => {
            let mut builder = Builder::new(Reader::new(file.id(), sink));
            builder.file(&statements);
            let module = (!builder.reader.failed).then_some(builder.module)?;
            well_formed(module, file, sink)
        }
        Err(found) => {
            found.into_iter().for_each(|diagnostic| sink.push(diagnostic));
            None
        }
    }
}

/// The module, unless what was written by hand has no sound structure.
fn well_formed(module: Module, file: &SourceFile, sink: &mut Sink) -> Option<Module> {
    let violations = verify(&module).err().unwrap_or_default();
    for violation in &violations {
        // Violations name nodes by key: the text form puts keys where they are declared.
        let start = file.text().find(&violation.place).unwrap_or(0);
        let span = Span::new(file.id(), start, start);
        sink.push(Diagnostic::new(&CIR_MALFORMED, span, violation.to_string()));
    }
    violations.is_empty().then_some(module)
}

/// The number of the text form this reads and writes.
const VERSION: u32 = 1;

/// A node that was declared, and what is still to be read of it.
struct Declared<'a, 's> {
    id: NodeId,
    stmt: &'a Stmt<'s>,
    regions: Vec<RegionId>,
}

pub(super) struct Builder<'r, 'a, 's> {
    pub(super) reader: Reader<'r>,
    pub(super) module: Module,
    nodes: Vec<Declared<'a, 's>>,
    regions: Vec<(RegionId, &'a Stmt<'s>)>,
    flows: Vec<(FlowId, &'a Stmt<'s>)>,
}

impl<'r, 'a, 's> Builder<'r, 'a, 's> {
    fn new(reader: Reader<'r>) -> Self {
        let module = Module {
            name: "".into(),
            dialect: "cir".into(),
            entry: FlowId::from_index(0),
            flows: Default::default(),
            regions: Default::default(),
            nodes: Default::default(),
            edges: Default::default(),
        };
        Self { reader, module, nodes: Vec::new(), regions: Vec::new(), flows: Vec::new() }
    }

    fn file(&mut self, statements: &'a [Stmt<'s>]) {
        self.version(statements.first());
        for stmt in statements.iter().filter(|stmt| stmt.name == "flow") {
            self.declare_flow(stmt);
        }
        for stmt in statements {
            match stmt.name {
                "cir" | "flow" => {}
                "module" => self.head(stmt),
                _ => self.reader.unknown(stmt, "a file"),
            }
        }
        let (flows, regions, nodes) =
            (std::mem::take(&mut self.flows), std::mem::take(&mut self.regions), std::mem::take(&mut self.nodes));
        flows.into_iter().for_each(|(id, stmt)| self.fill_flow(id, stmt));
        regions.into_iter().for_each(|(id, stmt)| self.fill_region(id, stmt));
        nodes.into_iter().for_each(|node| self.fill_node(node.id, node.stmt, &node.regions));
    }

    fn version(&mut self, first: Option<&Stmt<'s>>) {
        let start = grammar::Bytes::from(0..0);
        match first {
            Some(stmt) if stmt.name == "cir" => match self.reader.one_number::<u32>(stmt) {
                Some(VERSION) | None => {}
                Some(other) => self.reader.error(stmt.span, format!("version {other} is unknown; this is {VERSION}")),
            },
            _ => self.reader.error(start, format!("the file must start with `cir {VERSION};`")),
        }
    }

    fn head(&mut self, stmt: &Stmt<'s>) {
        let mut atoms = Atoms::of(stmt);
        let read = (|| {
            self.module.name = self.reader.name(&mut atoms, "a name")?;
            self.reader.keyword(&mut atoms, "dialect")?;
            self.module.dialect = self.reader.name(&mut atoms, "a dialect")?;
            self.reader.keyword(&mut atoms, "entry")?;
            self.reader.flow(&mut atoms)
        })();
        if let Some(entry) = read {
            self.module.entry = entry;
            self.reader.end(atoms);
            self.reader.plain(stmt);
        }
    }

    fn declare_flow(&mut self, stmt: &'a Stmt<'s>) {
        let mut atoms = Atoms::of(stmt);
        let Some(name) = self.reader.name(&mut atoms, "the name of the flow") else { return };
        self.reader.end(atoms);
        let origin = self.origin(stmt);
        let id = self.module.flows.push(Flow::new(Arc::clone(&name), RegionId::from_index(0), origin));
        if self.reader.flows.insert(name, id).is_some() {
            self.reader.error(stmt.span, "there is a flow of that name already");
        }
        let bodies = self.declare_regions(stmt, Owner::Flow(id));
        match bodies[..] {
            [body] => self.module.flows[id].body = body,
            _ => self.reader.error(stmt.span, "a flow has one `seq` or `dag`"),
        }
        self.flows.push((id, stmt));
    }

    fn declare_regions(&mut self, stmt: &'a Stmt<'s>, owner: Owner) -> Vec<RegionId> {
        let inner = self.reader.block(stmt).iter();
        inner.filter(|inner| is_region(inner)).map(|inner| self.declare_region(inner, owner)).collect()
    }

    fn declare_region(&mut self, stmt: &'a Stmt<'s>, owner: Owner) -> RegionId {
        let origin = self.origin(stmt);
        let id = self.module.regions.push(Region::new(Mode::Seq { entry: None }, owner, origin));
        self.regions.push((id, stmt));
        for inner in self.reader.block(stmt).iter().filter(|inner| inner.name == "node") {
            self.declare_node(inner, id);
        }
        id
    }

    fn declare_node(&mut self, stmt: &'a Stmt<'s>, region: RegionId) {
        let mut atoms = Atoms::of(stmt);
        let Some(key) = self.reader.name(&mut atoms, "the key of the node") else { return };
        let origin = self.origin(stmt);
        let id = self.module.add_node(Node::new(NodeKey::parse(&key), NodeKind::Hole, region, origin));
        if self.reader.nodes.insert(key, id).is_some() {
            self.reader.error(stmt.span, "there is a node with that key already");
        }
        let regions = self.declare_regions(stmt, Owner::Node(id));
        self.nodes.push(Declared { id, stmt, regions });
    }

    fn fill_flow(&mut self, id: FlowId, stmt: &Stmt<'s>) {
        let reader = &mut self.reader;
        let flow = &mut self.module.flows[id];
        for inner in reader.block(stmt) {
            match inner.name {
                _ if is_region(inner) => {}
                "comment" => flow.comment = reader.one_name(inner),
                "extra" => flow.extras.extend(reader.extra(inner)),
                "trace" => flow.trace = reader.one_name(inner).unwrap_or_default(),
                "abort" => flow.abort = reader.one_word(inner, words::ABORTS).unwrap_or(flow.abort),
                "timeout" => flow.timeout = reader.value(inner),
                "max_steps" => flow.max_steps = reader.one_number(inner),
                "max_cost_usd" => flow.max_cost_usd = reader.one_exact_number(inner),
                _ => reader.unknown(inner, "a flow"),
            }
        }
    }

    fn fill_region(&mut self, id: RegionId, stmt: &Stmt<'s>) {
        let reader = &mut self.reader;
        let region = &mut self.module.regions[id];
        let mut atoms = Atoms::of(stmt);
        region.mode = match stmt.name {
            "dag" => match reader.word(&mut atoms, words::ON_FAIL) {
                Some(on_fail) => Mode::Dag { on_fail },
                None => return,
            },
            _ if atoms.is_empty() => Mode::Seq { entry: None },
            _ => match reader.keyword(&mut atoms, "entry") {
                Some(()) => Mode::Seq { entry: reader.node(&mut atoms) },
                None => return,
            },
        };
        reader.end(atoms);
        for inner in reader.block(stmt) {
            match inner.name {
                "node" => {}
                "comment" => region.comment = reader.one_name(inner),
                "extra" => region.extras.extend(reader.extra(inner)),
                _ => reader.unknown(inner, "a region"),
            }
        }
    }

    pub(super) fn origin(&self, stmt: &Stmt<'_>) -> Origin {
        Origin::at(self.reader.span(stmt.span))
    }
}

pub(super) fn is_region(stmt: &Stmt<'_>) -> bool {
    matches!(stmt.name, "seq" | "dag")
}

impl Reader<'_> {
    /// `extra key = literal;`
    pub(super) fn extra(&mut self, stmt: &Stmt<'_>) -> Option<(Arc<str>, Value)> {
        let (key, value): (_, Expr) = self.entry(stmt)?;
        match value.as_literal() {
            Some(value) => Some((key, value.clone())),
            None => {
                self.error(stmt.span, "an extra is a literal, such as `1`, `\"x\"` or `json{…}`");
                None
            }
        }
    }
}
