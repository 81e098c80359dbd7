//! From the spanned tree to the syntax: every problem of form is reported here, and what can be read comes back.
//!
//! Machines inside machines are taken from a list of what is still to be read, never by recursion.

mod checks;
mod map;
mod object;
mod shape;
mod state;

use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};
use wfc_cir::MachineType;
use wfc_diag::{Diagnostic, Severity, Sink};
use wfc_source::{Kind, Node, NodeId};

use self::object::Slip;
pub(crate) use self::shape::{boolean, is_expression, number};
use crate::placeholder::{has_placeholder, is_bare};
use crate::rules::{
    duplicate_state, field_not_here, missing_field, no_end, nothing_inside, state_name_too_long, unknown_value,
    wrong_type,
};
use crate::syntax::{Field, Language, Machine, MachineField, Object, Processor, Program, State, Within};

/// Reads the machine at `root`, an object, and all machines inside it.
pub(crate) fn program<'t>(root: Node<'t>, machine_type: MachineType, sink: &mut Sink) -> Program<'t> {
    let language = machine_language(root);
    let mut parser = Parser {
        sink,
        machine_type,
        language,
        root,
        names: FxHashMap::default(),
        labels: FxHashMap::default(),
        slips: FxHashMap::default(),
        present: Default::default(),
        type_of: None,
    };
    let mut program = Program::default();
    let mut waiting = vec![Waiting { node: root, within: None, processor: false }];
    let mut at = 0;
    while at < waiting.len() {
        let next = waiting[at];
        let machine = parser.machine(next, at, &mut waiting);
        program.machines.push(machine);
        at += 1;
    }
    let slips = std::mem::take(&mut parser.slips);
    slips.into_values().flatten().for_each(|slip| parser.report(slip.found));
    program
}

/// A machine that is still to be read. Its position in the list will be its position in the program.
#[derive(Clone, Copy)]
struct Waiting<'t> {
    node: Node<'t>,
    within: Option<Within>,
    /// Whether it is the machine of a `Map`.
    processor: bool,
}

struct Parser<'s, 't> {
    sink: &'s mut Sink,
    machine_type: MachineType,
    /// The language of the whole machine.
    language: Language,
    root: Node<'t>,
    /// Where each name of a state was last seen, in the whole file.
    names: FxHashMap<&'t str, (Node<'t>, Within)>,
    /// The labels of Map states so far.
    labels: FxHashMap<&'t str, Node<'t>>,
    /// Unknown fields that look like known ones, by the object they stand in.
    slips: FxHashMap<NodeId, Vec<Slip<'t>>>,
    /// The names in the object that was looked at last for an unknown member.
    present: (Option<NodeId>, FxHashSet<&'t str>),
    /// The key that was read as a misspelt `Type` of the state at hand.
    type_of: Option<NodeId>,
}

/// The language of the whole machine, also where it was put among the states by mistake.
fn machine_language(root: Node<'_>) -> Language {
    let own = root.get("QueryLanguage").and_then(Node::as_str);
    let misplaced = || root.get("States")?.get("QueryLanguage")?.as_str();
    own.or_else(misplaced).and_then(Language::of).unwrap_or_default()
}

impl<'t> Parser<'_, 't> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    fn machine(&mut self, from: Waiting<'t>, index: usize, waiting: &mut Vec<Waiting<'t>>) -> Machine<'t> {
        let object: Object<'t, MachineField> = self.object(from.node, self.language, None);
        self.check_machine(&object, from);
        let processor = object.get(MachineField::ProcessorConfig).map(|node| self.object(node, self.language, None));
        let mut machine =
            Machine { object, states: Vec::new(), unread: FxHashSet::default(), within: from.within, processor };
        if let Some(states) = machine.object.get(MachineField::States) {
            self.states(states, index, &mut machine, waiting);
        }
        machine
    }

    fn check_machine(&mut self, object: &Object<'t, MachineField>, from: Waiting<'t>) {
        let required = [(MachineField::States, "States"), (MachineField::StartAt, "StartAt")];
        let missing: Vec<_> = required.into_iter().filter(|(field, _)| !object.has(*field)).map(|r| r.1).collect();
        if !missing.is_empty() && !is_bare(from.node) {
            self.missing(from.node, &missing, missing_field::machine(from.node, &missing));
        }
        let version =
            object.get(MachineField::Version).filter(|version| from.within.is_none() && version.text() != "1.0");
        if let Some(version) = version.filter(|version| !has_placeholder(version.text())) {
            let found = unknown_value::report("Version", version, &["1.0"]);
            self.report(found.severity(Severity::Warning).blocking(false));
        }
        for entry in object.iter() {
            let (what, owner) = match entry.field {
                MachineField::QueryLanguage | MachineField::Version | MachineField::TimeoutSeconds
                    if from.within.is_some() =>
                {
                    ("a machine inside another", "the outermost machine")
                }
                MachineField::ProcessorConfig if !from.processor => ("this machine", "the machine of a Map"),
                _ => continue,
            };
            self.report(field_not_here::without_effect(entry.key, what, owner));
        }
    }

    fn states(&mut self, states: Node<'t>, index: usize, machine: &mut Machine<'t>, waiting: &mut Vec<Waiting<'t>>) {
        let mut last = None;
        for member in states.members() {
            last = Some(member.key.id());
            if !member.value.is_object() {
                machine.unread.insert(member.name());
                if member.value.kind() != Kind::Error && !is_bare(member.value) {
                    self.report(wrong_type::not_a_state(member.key, member.value));
                }
                continue;
            }
            let at = self.place(member.key, Within { machine: index, state: machine.states.len() });
            let mut state = self.state(member.key, member.value);
            self.inner_machines(&mut state, Within { machine: index, state: at }, waiting);
            match machine.states.get_mut(at) {
                Some(earlier) => *earlier = state,
                None => machine.states.push(state),
            }
        }
        match last {
            None if is_bare(states) => {}
            None => self.report(nothing_inside::report(states, "States")),
            Some(last) => machine.states.iter().for_each(|state| self.check_way_out(state, state.name.id() == last)),
        }
        no_end::check(machine).into_iter().for_each(|problem| self.report(problem));
    }

    /// The position of the state called `name` among the states of its machine: `next`, unless it takes the place of
    /// an earlier one of that name. The name is checked.
    fn place(&mut self, name: Node<'t>, next: Within) -> usize {
        if let Some(problem) = state_name_too_long::check(name) {
            self.report(problem);
        }
        match self.names.entry(name.text()) {
            Entry::Vacant(entry) => {
                entry.insert((name, next));
            }
            // Twice in one object is the finding of the reader of JSON.
            Entry::Occupied(entry) if entry.get().1.machine == next.machine => return entry.get().1.state,
            Entry::Occupied(mut entry) => {
                let first = std::mem::replace(entry.get_mut(), (name, next)).0;
                self.report(duplicate_state::report(first, name));
            }
        }
        next.state
    }

    /// Puts the machines inside a state on the list.
    fn inner_machines(&mut self, state: &mut State<'t>, within: Within, waiting: &mut Vec<Waiting<'t>>) {
        let processor = state.map.as_ref().map(|map| match map.processor {
            Processor::ItemProcessor => Field::ItemProcessor,
            Processor::Iterator => Field::Iterator,
        });
        let mut add = |node: Node<'t>, processor: bool| {
            state.inner.push(waiting.len());
            waiting.push(Waiting { node, within: Some(within), processor });
        };
        if let Some(node) = processor.and_then(|field| state.object.get(field)) {
            add(node, true);
        }
        let Some(branches) = state.object.get(Field::Branches) else { return };
        branches.items().filter(|branch| branch.is_object()).for_each(|branch| add(branch, false));
    }
}
