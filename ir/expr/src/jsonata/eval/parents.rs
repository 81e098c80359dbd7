//! Which step each parent operator `%` means: the same search as in the checks of the parser, but it remembers.
//!
//! The parser has refused every expression in which the search fails, and bounded its effort.

use std::collections::HashMap;

use super::code::{Id, Kind, Symbol};
use super::compile::Compiler;

/// A list of slots. Nodes share lists the way the reference's nodes do: what is added through one is seen by all.
type ListId = usize;

/// The parent operators of one expression. A slot is one of them.
#[derive(Default)]
pub(super) struct Parents {
    slots: Vec<Slot>,
    lists: Vec<Vec<u32>>,
    /// The parent operators of a node whose step is looked for outside.
    seeking: HashMap<u32, ListId>,
}

struct Slot {
    /// How many levels are still to go up.
    level: i32,
    /// The number of the variable that carries the parent.
    label: u32,
}

impl Parents {
    pub(super) fn new_slot(&mut self) -> u32 {
        let slot = self.slots.len() as u32;
        self.slots.push(Slot { level: 1, label: slot });
        slot
    }

    pub(super) fn label(&self, slot: u32) -> u32 {
        self.slots[slot as usize].label
    }

    /// Lets `node` seek the step of one slot.
    pub(super) fn set_single(&mut self, node: Id, slot: u32) {
        let list = self.new_list(slot);
        self.seeking.insert(node.0, list);
    }

    fn new_list(&mut self, slot: u32) -> ListId {
        self.lists.push(vec![slot]);
        self.lists.len() - 1
    }

    fn level(&mut self, slot: u32) -> &mut i32 {
        &mut self.slots[slot as usize].level
    }
}

impl Compiler<'_> {
    /// The open slots of `id`, its own included if it is a parent operator.
    fn open_slots(&mut self, id: Id) -> Option<ListId> {
        let seeking = self.parents.seeking.get(&id.0).copied();
        let Kind::Parent(slot) = self.node(id).kind else { return seeking };
        match seeking {
            None => Some(self.parents.new_list(slot.0)),
            Some(list) => {
                self.parents.lists[list].push(slot.0);
                Some(list)
            }
        }
    }

    /// Gives the open parent operators of `part` to `whole`.
    pub(super) fn pass_on(&mut self, whole: Id, part: Id) {
        let Some(list) = self.open_slots(part) else { return };
        match self.parents.seeking.get(&whole.0).copied() {
            None => {
                self.parents.seeking.insert(whole.0, list);
            }
            Some(existing) => {
                let slots = self.parents.lists[list].clone();
                self.parents.lists[existing].extend(slots);
            }
        }
    }

    /// A predicate of `step` counts its levels from the step itself.
    pub(super) fn seek_from_predicate(&mut self, step: Id, predicate: Id) {
        let Some(&list) = self.parents.seeking.get(&predicate.0) else { return };
        for index in 0..self.parents.lists[list].len() {
            let slot = self.parents.lists[list][index];
            match *self.parents.level(slot) {
                1 => self.seek(step, slot),
                level => *self.parents.level(slot) = level - 1,
            }
        }
        self.pass_on(step, predicate);
    }

    /// Looks for the steps that the last step of `path` seeks among those before it.
    pub(super) fn resolve_parents(&mut self, path: Id) {
        let Some(&last) = self.steps(path).last() else { return };
        let Some(list) = self.open_slots(last) else { return };
        for index in 0..self.parents.lists[list].len() {
            let slot = self.parents.lists[list][index];
            self.resolve_slot(path, slot);
        }
    }

    fn resolve_slot(&mut self, path: Id, slot: u32) {
        let mut before = self.steps(path).len() - 1;
        while *self.parents.level(slot) > 0 {
            if before == 0 {
                match self.parents.seeking.get(&path.0).copied() {
                    Some(list) => self.parents.lists[list].push(slot),
                    None => self.parents.set_single(path, slot),
                }
                return;
            }
            before -= 1;
            // Of several steps in a row that bind the context, only the first counts.
            while before > 0 && self.binds_focus(path, before) && self.binds_focus(path, before - 1) {
                before -= 1;
            }
            self.seek(self.steps(path)[before], slot);
        }
    }

    fn binds_focus(&self, path: Id, step: usize) -> bool {
        self.node(self.steps(path)[step]).focus.is_some()
    }

    /// Takes `step` into account for `slot`.
    fn seek(&mut self, step: Id, slot: u32) {
        match &self.node(step).kind {
            Kind::Name(_) | Kind::Wildcard => {
                *self.parents.level(slot) -= 1;
                if *self.parents.level(slot) == 0 {
                    self.remember(step, slot);
                }
            }
            Kind::Parent(_) => *self.parents.level(slot) += 1,
            Kind::Block { items, .. } => {
                if let Some(&last) = items.last() {
                    self.node_mut(step).tuple = true;
                    self.seek(last, slot);
                }
            }
            Kind::Path { steps, .. } => {
                let mut before = steps.len();
                self.node_mut(step).tuple = true;
                while before > 0 {
                    before -= 1;
                    self.seek(self.steps(step)[before], slot);
                    if *self.parents.level(slot) <= 0 {
                        break;
                    }
                }
            }
            _ => {}
        }
    }

    /// Makes `step` carry its parent. Until all is compiled, a slot stands where the variable will.
    fn remember(&mut self, step: Id, slot: u32) {
        if let Some(Symbol(earlier)) = self.node(step).ancestor {
            self.parents.slots[slot as usize].label = self.parents.label(earlier);
        }
        let node = self.node_mut(step);
        node.ancestor = Some(Symbol(slot));
        node.tuple = true;
    }
}
