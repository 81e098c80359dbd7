//! Handlers for errors that an earlier handler of the same node takes.

use rustc_hash::FxHashMap;
use wfc_cir::{ErrorMatch, Node, NodeKind};
use wfc_diag::{Diagnostic, Rule, Scope, Severity, Sink};

use crate::cx::{listed, Cx};

/// A handler for errors that an earlier one takes.
pub(super) const RULE: Rule = Rule {
    name: "handler-shadowed",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Any,
    summary: "an earlier handler takes the errors of this one",
    page: include_str!("handler-shadowed.md"),
};

pub(super) fn check(cx: &Cx<'_>, sink: &mut Sink) {
    for (id, node) in cx.reachable() {
        let matches: Vec<&ErrorMatch> = node.handlers.iter().map(|handler| &handler.on).collect();
        for (at, by, names) in shadowed(cx, node, &matches) {
            let message = format!("an earlier handler of {} already takes {}", cx.named(id), listed(names));
            let found = Diagnostic::new(&RULE, cx.span(id, &node.handlers[at].origin), message)
                .label("comes too late")
                .also(cx.span(id, &node.handlers[by].origin), "takes it first")
                .help("remove the name here, or move this handler up");
            sink.push(found);
        }
    }
}

/// For each match with names that an earlier one covers: its index, the index of the first that does, the names.
pub(super) fn shadowed<'n>(cx: &Cx<'_>, node: &Node, all: &[&'n ErrorMatch]) -> Vec<(usize, usize, Vec<&'n str>)> {
    let mut first: FxHashMap<&str, usize> = FxHashMap::default();
    let mut found = Vec::new();
    for (at, on) in all.iter().enumerate() {
        let by = |name: &str| covering(cx, node, name).filter_map(|by| first.get(by).copied()).min();
        // A match that also looks at transfers may be needed for those.
        let by = |name: &str| by(name).filter(|&by| all[by].transfers || !on.transfers);
        let covered: Vec<(&str, usize)> = on.names.iter().filter_map(|name| Some((&**name, by(name)?))).collect();
        if let Some(&(_, by)) = covered.first() {
            found.push((at, by, covered.into_iter().map(|(name, _)| name).collect()));
        }
        for name in &on.names {
            first.entry(name).or_insert(at);
        }
    }
    found
}

/// The names that match everything called `name`.
fn covering<'n>(cx: &Cx<'_>, node: &Node, name: &'n str) -> impl Iterator<Item = &'n str> {
    // Amazon States Language refuses these anywhere but last, which its front end reports.
    let all: &[&str] = if cx.is_asl() { &[] } else { &["States.ALL", "*"] };
    let work = matches!(node.kind, NodeKind::Step(_)) && !name.starts_with("States.") && name != "*";
    let work: &[&str] = if work { &["States.TaskFailed"] } else { &[] };
    std::iter::once(name).chain(all.iter().chain(work).copied())
}
