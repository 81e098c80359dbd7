//! The graph of needs: targets that do not exist, ids used twice, and cycles.

use std::collections::{BTreeMap, BTreeSet};

use wfc_diag::{Diagnostic, Sink, Span};
use wfc_expr::nearest::nearest;
use wfc_expr::value::quoted;
use wfc_source::strict::suggest;

use crate::reader::DIALECT;
use crate::rules;
use crate::syntax::Step;

/// A need that could be resolved: the step, the one it needs, and which entry of its list says so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    pub(crate) step: usize,
    pub(crate) on: usize,
    entry: usize,
}

/// Steps by id, the first where an id is used twice.
pub(crate) fn by_id<'s>(steps: &'s [Step], sink: &mut Sink) -> BTreeMap<&'s str, usize> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        let id: &str = &step.id.value;
        match known.get(id) {
            None => {
                known.insert(id, at);
            }
            Some(&first) => sink.push(
                Diagnostic::new(&rules::DUPLICATE_ID, step.id.span, format!("the id '{id}' is used by two steps"))
                    .label("used again here")
                    .also(steps[first].id.span, "first used here"),
            ),
        }
    }
    known
}

/// The needs that lead somewhere and close no cycle.
#[derive(Debug)]
pub(crate) struct Needs {
    /// By step.
    pub(crate) of: Vec<Vec<Need>>,
    /// All steps, each behind those it needs.
    pub(crate) order: Vec<usize>,
    /// Steps with a need that is not kept.
    pub(crate) dropped: BTreeSet<usize>,
}

/// Resolves all needs and reports what is wrong with them.
pub(crate) fn resolve(steps: &[Step], known: &BTreeMap<&str, usize>, sink: &mut Sink) -> Needs {
    let mut needs = Needs { of: Vec::with_capacity(steps.len()), order: Vec::new(), dropped: BTreeSet::new() };
    for (at, step) in steps.iter().enumerate() {
        let mut seen = BTreeSet::new();
        let mut own = Vec::new();
        for (entry, wanted) in step.needs.iter().enumerate() {
            match known.get(&*wanted.value) {
                None => {
                    sink.push(unknown(&wanted.value, wanted.span, known, quoted));
                    needs.dropped.insert(at);
                }
                Some(_) if !seen.insert(&wanted.value) => {
                    DIALECT.bad_value(wanted.span, format!("the step '{}' is listed twice", wanted.value), sink);
                }
                Some(&on) => own.push(Need { step: at, on, entry }),
            }
        }
        needs.of.push(own);
    }
    let closing = needs.sort(|way| sink.push(cycle(steps, way)));
    for own in &mut needs.of {
        own.retain(|need| !closing.contains(&(need.step, need.on)));
    }
    needs.dropped.extend(closing.iter().map(|(step, _)| *step));
    needs
}

/// A step that is named and does not exist; `written` says how a name is written at the place.
pub(crate) fn unknown(
    name: &str,
    span: Span,
    known: &BTreeMap<&str, usize>,
    written: impl Fn(&str) -> String,
) -> Diagnostic {
    let found = Diagnostic::new(&rules::UNKNOWN_STEP, span, format!("there is no step '{name}'"));
    suggest(found.label("no step has this id"), span, nearest(name, known.keys().copied()), written)
}

impl Needs {
    /// Puts the steps in order and returns the needs that are in the way of one. Each of them closes a cycle, which is
    /// handed to `found`; without all of them there is none left.
    fn sort(&mut self, mut found: impl FnMut(&[Need])) -> BTreeSet<(usize, usize)> {
        let mut closing = BTreeSet::new();
        let mut walk = Walk { places: vec![Place::New; self.of.len()], way: Vec::new(), open: Vec::new() };
        for start in 0..self.of.len() {
            walk.enter(start);
            while let Some((step, next)) = walk.open.last_mut() {
                let Some(&need) = self.of[*step].get(*next) else {
                    self.order.extend(walk.leave());
                    continue;
                };
                *next += 1;
                match walk.places[need.on] {
                    Place::Done => {}
                    Place::New => {
                        walk.way.push(need);
                        walk.enter(need.on);
                    }
                    Place::Open(depth) => {
                        closing.insert((need.step, need.on));
                        walk.way.push(need);
                        found(&walk.way[depth..]);
                        walk.way.pop();
                    }
                }
            }
        }
        closing
    }
}

/// A walk along needs, depth first.
struct Walk {
    /// By step.
    places: Vec<Place>,
    /// The needs from each open step to the next.
    way: Vec<Need>,
    /// The steps on the way, each with how many of its needs were looked at.
    open: Vec<(usize, usize)>,
}

#[derive(Clone, Copy)]
enum Place {
    New,
    /// On the way, at that depth.
    Open(usize),
    Done,
}

impl Walk {
    fn enter(&mut self, step: usize) {
        if let Place::New = self.places[step] {
            self.places[step] = Place::Open(self.open.len());
            self.open.push((step, 0));
        }
    }

    fn leave(&mut self) -> Option<usize> {
        let (step, _) = self.open.pop()?;
        self.way.pop();
        self.places[step] = Place::Done;
        Some(step)
    }
}

/// How many steps of a cycle a message lists.
const LISTED: usize = 12;

fn cycle(steps: &[Step], way: &[Need]) -> Diagnostic {
    let id = |step: usize| &*steps[step].id.value;
    let mut names: Vec<&str> = way.iter().take(LISTED).map(|need| id(need.step)).collect();
    names.extend((way.len() > LISTED).then_some("…").into_iter().chain(way.first().map(|need| id(need.step))));
    let place = |need: &Need| steps[need.step].needs[need.entry].span;
    let said = |need: &Need| format!("'{}' needs '{}'", id(need.step), id(need.on));
    let message = match way {
        [only] => format!("the step '{}' needs itself", id(only.step)),
        _ => format!("steps need each other in a circle: {}", names.join(" -> ")),
    };
    let span = way.first().map(place).unwrap_or_default();
    let found = Diagnostic::new(&rules::NEEDS_CYCLE, span, message).label(way.first().map(said).unwrap_or_default());
    way.iter()
        .take(LISTED)
        .skip(1)
        .fold(found, |found, need| found.also(place(need), said(need)))
        .help("remove one of these needs: none of the steps could ever start")
}
