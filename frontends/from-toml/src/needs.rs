//! The graph of needs: targets that do not exist, ids used twice, and cycles.

use std::collections::{BTreeMap, BTreeSet};

use wfc_diag::{Diagnostic, Sink};
use wfc_expr::nearest::nearest;

use crate::reader::{bad_value, suggest};
use crate::rules;
use crate::syntax::{Spanned, Step};

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

/// All needs that can be kept: those that lead somewhere and are on no cycle.
pub(crate) fn resolve(steps: &[Step], known: &BTreeMap<&str, usize>, sink: &mut Sink) -> Vec<Need> {
    let mut needs = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let mut seen = BTreeSet::new();
        for (entry, wanted) in step.needs.iter().enumerate() {
            match known.get(&*wanted.value) {
                None => sink.push(unknown(wanted, known)),
                Some(_) if !seen.insert(&wanted.value) => {
                    bad_value(wanted.span, format!("the step '{}' is listed twice", wanted.value), sink);
                }
                Some(&on) => needs.push(Need { step: at, on, entry }),
            }
        }
    }
    let broken = cycles(steps, &needs, sink);
    needs.retain(|need| !broken.contains(&(need.step, need.on)));
    needs
}

/// A step that is named and does not exist.
pub(crate) fn unknown(name: &Spanned<std::sync::Arc<str>>, known: &BTreeMap<&str, usize>) -> Diagnostic {
    let found = Diagnostic::new(&rules::UNKNOWN_STEP, name.span, format!("there is no step '{}'", name.value))
        .label("no step has this id");
    let near = nearest(&name.value, known.keys().copied());
    match near {
        // The place includes the quotes.
        Some(near) => suggest(found, name.span, Some(near)).fix(
            format!("Replace it by '{near}'"),
            wfc_diag::Safety::Unsafe,
            vec![(name.span, format!("\"{near}\""))],
        ),
        None => found,
    }
}

/// Reports cycles and returns the edges that close them.
///
/// Steps that can be ordered are peeled off; every step that is left needs another that is left, and following those
/// needs ends in a cycle. Each step is passed once.
fn cycles(steps: &[Step], needs: &[Need], sink: &mut Sink) -> BTreeSet<(usize, usize)> {
    let left = unordered(steps.len(), needs);
    let mut next: BTreeMap<usize, Need> = BTreeMap::new();
    for need in needs.iter().filter(|need| left.contains(&need.step) && left.contains(&need.on)) {
        next.entry(need.step).or_insert(*need);
    }
    let mut passed: BTreeSet<usize> = BTreeSet::new();
    for &start in &left {
        let mut way: Vec<Need> = Vec::new();
        let mut at = start;
        while passed.insert(at) {
            let Some(need) = next.get(&at) else { break };
            way.push(*need);
            at = need.on;
        }
        if let Some(from) = way.iter().position(|need| need.step == at) {
            sink.push(cycle(steps, &way[from..]));
        }
    }
    // The rest may hide further cycles; none of these needs is kept, and the next run reports what is left.
    needs.iter().filter(|n| left.contains(&n.step) && left.contains(&n.on)).map(|n| (n.step, n.on)).collect()
}

/// The steps that are on a cycle or need one that is.
fn unordered(count: usize, needs: &[Need]) -> BTreeSet<usize> {
    let mut open = vec![0_usize; count];
    let mut wanted_by: Vec<Vec<usize>> = vec![Vec::new(); count];
    for need in needs {
        open[need.step] += 1;
        wanted_by[need.on].push(need.step);
    }
    let mut ready: Vec<usize> = (0..count).filter(|&step| open[step] == 0).collect();
    let mut left: BTreeSet<usize> = (0..count).collect();
    while let Some(step) = ready.pop() {
        left.remove(&step);
        for &user in &wanted_by[step] {
            open[user] -= 1;
            if open[user] == 0 {
                ready.push(user);
            }
        }
    }
    left
}

fn cycle(steps: &[Step], way: &[Need]) -> Diagnostic {
    let id = |step: usize| &*steps[step].id.value;
    let names: Vec<&str> = way.iter().map(|need| id(need.step)).chain(way.first().map(|need| id(need.step))).collect();
    let place = |need: &Need| steps[need.step].needs[need.entry].span;
    let said = |need: &Need| format!("'{}' needs '{}'", id(need.step), id(need.on));
    let message = match way {
        [only] => format!("the step '{}' needs itself", id(only.step)),
        _ => format!("steps need each other in a circle: {}", names.join(" -> ")),
    };
    let span = way.first().map(place).unwrap_or_default();
    let found = Diagnostic::new(&rules::NEEDS_CYCLE, span, message).label(way.first().map(said).unwrap_or_default());
    way.iter()
        .skip(1)
        .fold(found, |found, need| found.also(place(need), said(need)))
        .help("remove one of these needs: none of the steps could ever start")
}
