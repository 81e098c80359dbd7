//! The rewrites between checking and back ends, and what they did in words.

use std::collections::BTreeSet;
use std::fmt::Write;

use wfc_cir::{Checked, Edit, Module, NodeId, Sealed};
use wfc_diag::Span;
use wfc_source::SourceMap;

pub use wfc_rewrite::{Broken, Pass, Ran};

/// A module on its way to back ends, and how it came to be as it is.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The module.
    pub sealed: Sealed,
    /// What each pass did, in order.
    pub ran: Vec<Ran>,
}

/// Every pass, in the order they run.
pub fn all() -> &'static [Pass] {
    wfc_rewrite::PASSES
}

/// The passes that run when nobody says which do.
pub fn defaults() -> Vec<&'static Pass> {
    all().iter().filter(|pass| pass.default).collect()
}

/// The pass of that name.
pub fn named(name: &str) -> Option<&'static Pass> {
    Pass::named(name)
}

/// Runs passes over a checked module and seals it; `observe` sees the module after each. Any other list than that of
/// [`defaults`] counts as asked for by the user, so that its passes may change the history of flows that promise one.
pub fn lower(
    checked: Checked,
    passes: &[&'static Pass],
    observe: &mut dyn FnMut(&Pass, &Module),
) -> Result<Lowered, Broken> {
    let names = |passes: &[&'static Pass]| passes.iter().map(|pass| pass.name).collect::<Vec<_>>();
    let asked = names(passes) != names(&defaults());
    let mut module = checked.into_module();
    let ran = wfc_rewrite::run(&mut module, passes, asked, observe)?;
    Ok(Lowered { sealed: Sealed::assume_sealed(module), ran })
}

/// What each pass did, to what, where in the user's files, and why.
pub fn explain(lowered: &Lowered, sources: &SourceMap) -> String {
    let mut out = String::new();
    if lowered.ran.is_empty() {
        out.push_str("no passes ran\n");
    }
    for ran in &lowered.ran {
        let lines = lines(ran, sources);
        let verdict = if lines.is_empty() { ": nothing to do" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{} ({}){verdict}", ran.pass.name, ran.pass.summary);
        lines.iter().for_each(|line| out.extend(["  ", line, "\n"]));
    }
    out.truncate(out.trim_end().len());
    out
}

/// A line for each edit that says something to people.
fn lines(ran: &Ran, sources: &SourceMap) -> Vec<String> {
    let entries = ran.log.entries();
    let removed: BTreeSet<NodeId> = entries.iter().filter_map(|entry| removed_node(&entry.edit)).collect();
    let follows = |edit: &Edit| match edit {
        Edit::RemoveEdge { edge, .. } => removed.contains(&edge.from) || removed.contains(&edge.to),
        other => other.is_bookkeeping(),
    };
    let told = entries.iter().filter(|entry| !follows(&entry.edit));
    let line = |entry: &wfc_cir::edit::Entry| {
        let place = entry.span.and_then(|span| place(span, sources)).map_or_else(String::new, |place| place + ": ");
        let why = if entry.why.is_empty() { String::new() } else { format!(", because {}", entry.why) };
        format!("{place}{}: {}{why}", entry.place, entry.edit.what())
    };
    told.map(line).collect()
}

fn removed_node(edit: &Edit) -> Option<NodeId> {
    match edit {
        Edit::RemoveNode { id, .. } => Some(*id),
        _ => None,
    }
}

fn place(span: Span, sources: &SourceMap) -> Option<String> {
    let file = sources.file(span.file)?;
    let at = file.line_column(span.start as usize);
    Some(format!("{}:{}:{}", file.name(), at.line, at.column))
}
