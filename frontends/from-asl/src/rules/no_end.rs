//! Every machine can come to an end.

use rustc_hash::FxHashSet;
use wfc_diag::{Diagnostic, Span};

use crate::parse::boolean;
use crate::syntax::{Field, FieldSet, Machine, MachineField, State, StateKind};

rule!("no-end", Error, blocking = true, "a machine in which no state ends it");

/// The finding, if all states could be read and none of them ends the machine.
pub(crate) fn check(machine: &Machine<'_>) -> Option<Diagnostic> {
    let readable = machine.unread.is_empty() && !machine.states.is_empty();
    // A state that is missing may be the end.
    if !readable || !machine.states.iter().all(only_goes_on) || leads_out(machine) {
        return None;
    }
    let at = machine.object.entry(MachineField::States).map_or_else(Span::default, |entry| entry.key.span());
    Some(
        Diagnostic::new(&RULE, at, "no state ends this state machine")
            .help("say `\"End\": true` in the state that ends it, or lead to a Succeed or Fail state"),
    )
}

/// Whether a state certainly leads to other states only. One without a way out has been reported.
fn only_goes_on(state: &State<'_>) -> bool {
    let goes_on = || state.object.get(Field::Next).is_some();
    let ends = || state.object.entry(Field::End).is_some_and(|end| boolean(end.value) != Some(false));
    match state.kind {
        Some(StateKind::Choice) => true,
        Some(kind) => Field::Next.spec().kinds.has(kind) && goes_on() && !ends(),
        None => false,
    }
}

/// Whether a transition leads to a state that is not there, which has been reported.
fn leads_out(machine: &Machine<'_>) -> bool {
    let known: FxHashSet<&str> = machine.states.iter().map(|state| state.name.text()).collect();
    let mut targets = machine.states.iter().flat_map(State::targets);
    targets.any(|target| !known.contains(target.text()))
}
