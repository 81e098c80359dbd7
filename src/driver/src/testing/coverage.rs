//! What the runs of tests got to: states, cases of choices, retriers and catchers.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use serde_json::json;
use wfc_cir::{self as cir, Module, Origin};
use wfc_diag::{Diagnostic, Span};
use wfc_plan::{NodeIx, On, Plan};
use wfc_source::SourceMap;

use super::rules::UNCOVERED;

pub use wfc_run_tokio::{Took, Way};

/// Something a test can get to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub what: What,
    /// The name of its state.
    pub state: Arc<str>,
    /// The stable key of its state.
    pub key: Arc<str>,
    /// Where it was written.
    pub span: Option<Span>,
    node: NodeIx,
    way: Way,
}

/// What a test can get to. Numbers count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A state, by entering it.
    State,
    /// A case of a choice.
    Case(u32),
    /// The way of a choice on which no case holds.
    Default,
    /// A retrier.
    Retrier(u32),
    /// A catcher.
    Catcher(u32),
}

impl What {
    /// The words of the four kinds, one and many.
    const KINDS: [(&'static str, &'static str); 4] =
        [("state", "states"), ("choice", "choices"), ("retrier", "retriers"), ("catcher", "catchers")];

    fn kind(self) -> usize {
        match self {
            What::State => 0,
            What::Case(_) | What::Default => 1,
            What::Retrier(_) => 2,
            What::Catcher(_) => 3,
        }
    }

    /// What no test did with it.
    fn missed(self, state: &str) -> String {
        match self {
            What::State => format!("no test entered '{state}'"),
            What::Case(index) => format!("no test took case {} of '{state}'", index + 1),
            What::Default => format!("no test took the default of '{state}'"),
            What::Retrier(index) => format!("no test tried '{state}' again by its retrier {}", index + 1),
            What::Catcher(index) => format!("no test got into catcher {} of '{state}'", index + 1),
        }
    }
}

/// The parts of a plan; `module` is what it was made from. What passes made is none of the user's.
pub(super) fn parts(module: &Module, plan: &Plan) -> Vec<Part> {
    let by_key: HashMap<&str, cir::NodeId> = module.nodes.iter().map(|(id, node)| (node.key.as_str(), id)).collect();
    let mut parts = Vec::new();
    for (index, planned) in plan.nodes.iter().enumerate() {
        let Some(&id) = by_key.get(&*planned.key) else { continue };
        if module.nodes[id].origin.pass().is_none() {
            Node { module, id, ix: NodeIx::next(index), key: &planned.key }.add_to(&mut parts);
        }
    }
    parts
}

/// A node in both forms.
struct Node<'m> {
    module: &'m Module,
    id: cir::NodeId,
    ix: NodeIx,
    key: &'m Arc<str>,
}

impl Node<'_> {
    fn add_to(&self, parts: &mut Vec<Part>) {
        let node = &self.module.nodes[self.id];
        let named = if node.name_origin.span.is_some() { &node.name_origin } else { &node.origin };
        parts.push(self.part(What::State, Way::Entered, named));
        for (_, edge) in self.module.outs(self.id) {
            match edge.on {
                cir::On::Case(index) => {
                    parts.push(self.part(What::Case(index), Way::Left(On::Case(index)), &edge.origin))
                }
                cir::On::Otherwise => parts.push(self.part(What::Default, Way::Left(On::Otherwise), &edge.origin)),
                cir::On::Done | cir::On::Error(_) | cir::On::Settled => {}
            }
        }
        let retriers = node.policy.iter().flat_map(|policy| &policy.retry);
        parts.extend((0..).zip(retriers).map(|(i, rule)| self.part(What::Retrier(i), Way::Retried(i), &rule.origin)));
        let catchers = (0..).zip(&node.handlers);
        parts.extend(catchers.map(|(i, rule)| self.part(What::Catcher(i), Way::Left(On::Error(i)), &rule.origin)));
    }

    fn part(&self, what: What, way: Way, origin: &Origin) -> Part {
        let state = self.module.nodes[self.id].name().into();
        Part { what, state, key: Arc::clone(self.key), span: origin.span, node: self.ix, way }
    }
}

/// What of one machine the tests got to.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The file of the machine.
    pub file: String,
    /// Its parts, and how often each was got to.
    pub parts: Vec<(Part, u64)>,
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// So many were got to.
    pub covered: usize,
    /// So many there are.
    pub total: usize,
}

impl Share {
    /// How many of a hundred; all where there are none.
    pub fn percent(self) -> f64 {
        match self.total {
            0 => 100.0,
            total => self.covered as f64 * 100.0 / total as f64,
        }
    }

    fn of<'a>(parts: impl IntoIterator<Item = &'a (Part, u64)>) -> Self {
        let add = |share: Share, (_, hits): &(Part, u64)| Share {
            covered: share.covered + usize::from(*hits > 0),
            total: share.total + 1,
        };
        parts.into_iter().fold(Share::default(), add)
    }
}

impl Coverage {
    /// Nothing got to yet.
    pub fn new(file: impl Into<String>, parts: &[Part]) -> Self {
        Self { file: file.into(), parts: parts.iter().map(|part| (part.clone(), 0)).collect() }
    }

    /// Adds what a run took.
    pub fn add(&mut self, took: &Took) {
        for (part, hits) in &mut self.parts {
            let more = took.get(&(part.node, part.way)).copied().unwrap_or(0);
            *hits = hits.saturating_add(more);
        }
    }

    /// All parts together.
    pub fn share(&self) -> Share {
        Share::of(&self.parts)
    }

    /// States, choices, retriers and catchers.
    fn kinds(&self) -> [Share; 4] {
        let of = |kind: usize| Share::of(self.parts.iter().filter(|(part, _)| part.what.kind() == kind));
        [of(0), of(1), of(2), of(3)]
    }

    /// A finding for each part nobody got to, where its place is known.
    pub fn uncovered(&self) -> Vec<Diagnostic> {
        let missed = self.parts.iter().filter(|(_, hits)| *hits == 0);
        let finding =
            |(part, _): &(Part, u64)| Some(Diagnostic::new(&UNCOVERED, part.span?, part.what.missed(&part.state)));
        missed.filter_map(finding).collect()
    }
}

/// All machines together.
pub fn total(all: &[Coverage]) -> Share {
    Share::of(all.iter().flat_map(|one| &one.parts))
}

/// One line for each machine, and one for all.
pub fn table(all: &[Coverage]) -> String {
    let heads = What::KINDS.map(|(_, many)| many);
    let widest = all.iter().map(|one| one.file.chars().count()).chain([8]).max().unwrap_or(0);
    let mut out = format!("{:widest$}  covered", "coverage");
    heads.iter().for_each(|head| out.extend(["  ", &format!("{head:>9}")]));
    let mut line = |name: &str, share: Share, kinds: [Share; 4]| {
        // Writing to a string cannot fail.
        let _ = write!(out, "\n{name:widest$}  {:>6.1}%", share.percent());
        kinds.iter().for_each(|kind| out.extend(["  ", &format!("{:>9}", format!("{}/{}", kind.covered, kind.total))]));
    };
    all.iter().for_each(|one| line(&one.file, one.share(), one.kinds()));
    let sum =
        |kind: usize| Share::of(all.iter().flat_map(|one| &one.parts).filter(|(part, _)| part.what.kind() == kind));
    line("all", total(all), [sum(0), sum(1), sum(2), sum(3)]);
    out + "\n"
}

/// The numbers and every part, for programs.
pub fn json(all: &[Coverage], sources: &SourceMap) -> serde_json::Value {
    let share = |share: Share| json!({"covered": share.covered, "total": share.total, "percent": share.percent()});
    let part = |(part, hits): &(Part, u64)| {
        let (kind, index) = match part.what {
            What::State => ("state", None),
            What::Case(index) => ("case", Some(index)),
            What::Default => ("default", None),
            What::Retrier(index) => ("retrier", Some(index)),
            What::Catcher(index) => ("catcher", Some(index)),
        };
        let at = place(part, sources);
        json!({
            "kind": kind, "index": index, "state": part.state, "key": part.key, "hits": hits,
            "line": at.map(|at| at.line), "column": at.map(|at| at.column),
        })
    };
    let file = |one: &Coverage| {
        let parts: Vec<_> = one.parts.iter().map(part).collect();
        json!({"file": one.file, "coverage": share(one.share()), "parts": parts})
    };
    json!({"version": 1, "coverage": share(total(all)), "files": all.iter().map(file).collect::<Vec<_>>()})
}

fn place(part: &Part, sources: &SourceMap) -> Option<wfc_source::LineColumn> {
    let span = part.span?;
    Some(sources.file(span.file)?.line_column(span.start as usize))
}

/// The tracefile of LCOV: states as functions and lines, everything else as branches.
pub fn lcov(all: &[Coverage], sources: &SourceMap) -> String {
    let mut out = String::new();
    for one in all {
        let lines = |wanted: fn(What) -> bool| {
            let parts = one.parts.iter().filter(move |(part, _)| wanted(part.what));
            parts.map(|(part, hits)| (part, *hits, place(part, sources).map_or(1, |at| at.line)))
        };
        let (states, rest) = (lines(|what| what == What::State), lines(|what| what != What::State));
        let mut record = format!("TN:\nSF:{}\n", one.file);
        // Writing to a string cannot fail.
        for (part, hits, line) in states {
            let _ = write!(record, "FN:{line},{0}\nFNDA:{hits},{0}\nDA:{line},{hits}\n", part.key);
        }
        for (index, (part, hits, line)) in rest.enumerate() {
            let _ = writeln!(record, "BRDA:{line},{},{index},{hits}", part.node.0);
        }
        let (states, rest) = one.parts.iter().partition::<Vec<_>, _>(|(part, _)| part.what == What::State);
        let (states, rest) = (Share::of(states), Share::of(rest));
        let _ = writeln!(record, "FNF:{0}\nFNH:{1}\nLF:{0}\nLH:{1}", states.total, states.covered);
        let _ = writeln!(record, "BRF:{}\nBRH:{}\nend_of_record", rest.total, rest.covered);
        out += &record;
    }
    out
}
