//! The parent operator: finds, for every `%`, the step whose parent it means, or refuses it.
//!
//! Every `%` has a slot that counts how many levels up its step is. The slots a part cannot satisfy itself are
//! passed outwards until a step in front satisfies them; what reaches the root is an error.

use wfc_diag::TextRange;

use super::ast::NodeId;
use super::check::{Checker, ShapeId, ShapeKind};
use super::error::{Parsed, SyntaxError, LIMIT};

/// How many steps are looked at for all parent operators of an expression together.
const SEARCH_LIMIT: u32 = 1_000_000;

/// A list of slots. Shapes share lists the way the reference's nodes do: what is added through one is seen by all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slots(u32);

/// The slots of one expression.
#[derive(Default)]
pub(super) struct Ancestry {
    slots: Vec<Slot>,
    lists: Vec<Vec<u32>>,
    searched: u32,
}

struct Slot {
    /// How many levels are still to go.
    level: i32,
    /// The parent operator.
    operator: NodeId,
}

impl Ancestry {
    pub(super) fn new_slot(&mut self, operator: NodeId) -> u32 {
        self.slots.push(Slot { level: 1, operator });
        self.slots.len() as u32 - 1
    }

    /// A new list of one slot.
    pub(super) fn list(&mut self, slot: u32) -> Slots {
        self.lists.push(vec![slot]);
        Slots(self.lists.len() as u32 - 1)
    }

    fn in_list(&self, list: Slots) -> &[u32] {
        &self.lists[list.0 as usize]
    }

    fn add(&mut self, list: Slots, slots: &[u32]) {
        self.lists[list.0 as usize].extend_from_slice(slots);
    }

    fn level(&mut self, slot: u32) -> &mut i32 {
        &mut self.slots[slot as usize].level
    }
}

fn underivable(range: TextRange) -> Box<SyntaxError> {
    SyntaxError::new("S0217", range, "the parent that `%` means cannot be derived")
        .help("`%` needs a field step before it in the path: `a.b.%`; for a remainder both operands must be there")
}

impl Checker<'_> {
    /// Refuses the whole if it still seeks a step.
    pub(super) fn refuse_open(&mut self, root: ShapeId) -> Parsed<()> {
        let Some(list) = self.open_slots(root) else { return Ok(()) };
        let mut slots = self.ancestry.in_list(list).iter().map(|&slot| &self.ancestry.slots[slot as usize]);
        let open = slots.find(|slot| slot.level > 0).map(|slot| slot.operator);
        Err(underivable(self.ast.range(open.unwrap_or(self.shape(root).node))).label("no step to go up from"))
    }

    /// The refusal of a parent operator that reached a `step` without a parent.
    fn no_parent(&self, step: ShapeId, slot: u32) -> Box<SyntaxError> {
        let operator = self.ast.range(self.ancestry.slots[slot as usize].operator);
        let step = self.ast.range(self.shape(step).node);
        underivable(operator).label(format!("would go up from the step at byte {}, which has no parent", step.start))
    }

    /// Gives the open parent operators of `part` to `whole`.
    pub(super) fn pass_on(&mut self, whole: ShapeId, part: ShapeId) {
        let Some(list) = self.open_slots(part) else { return };
        match self.shape(whole).seeking {
            None => self.shape_mut(whole).seeking = Some(list),
            Some(existing) => {
                let slots = self.ancestry.in_list(list).to_vec();
                self.ancestry.add(existing, &slots);
            }
        }
    }

    /// The open slots of `id`, its own included if it is a parent operator.
    fn open_slots(&mut self, id: ShapeId) -> Option<Slots> {
        let shape = self.shape(id);
        match (&shape.kind, shape.seeking) {
            (&ShapeKind::Parent(slot), None) => Some(self.ancestry.list(slot)),
            (&ShapeKind::Parent(slot), Some(list)) => {
                self.ancestry.add(list, &[slot]);
                Some(list)
            }
            (_, seeking) => seeking,
        }
    }

    /// A predicate of `step` counts its levels from the step itself.
    pub(super) fn seek_from_predicate(&mut self, step: ShapeId, predicate: ShapeId) -> Parsed<()> {
        let Some(list) = self.shape(predicate).seeking else { return Ok(()) };
        for index in 0..self.ancestry.in_list(list).len() {
            let slot = self.ancestry.in_list(list)[index];
            match *self.ancestry.level(slot) {
                1 => self.seek(step, slot)?,
                level => *self.ancestry.level(slot) = level - 1,
            }
        }
        self.pass_on(step, predicate);
        Ok(())
    }

    /// Looks for the steps that the last step of `path` seeks among those before it.
    pub(super) fn resolve(&mut self, path: ShapeId) -> Parsed<()> {
        let Some(&last) = self.steps(path).last() else { return Ok(()) };
        let Some(list) = self.open_slots(last) else { return Ok(()) };
        for index in 0..self.ancestry.in_list(list).len() {
            let slot = self.ancestry.in_list(list)[index];
            self.resolve_slot(path, slot)?;
        }
        Ok(())
    }

    fn resolve_slot(&mut self, path: ShapeId, slot: u32) -> Parsed<()> {
        let mut before = self.steps(path).len() - 1;
        while self.unsatisfied(slot) {
            if before == 0 {
                self.keep_open(path, slot);
                break;
            }
            before -= 1;
            // Of several steps in a row that bind the context, only the first counts.
            while before > 0 && self.binds(path, before) && self.binds(path, before - 1) {
                self.count_search(path)?;
                before -= 1;
            }
            self.seek(self.steps(path)[before], slot)?;
        }
        Ok(())
    }

    fn binds(&self, path: ShapeId, step: usize) -> bool {
        self.shape(self.steps(path)[step]).focus
    }

    fn unsatisfied(&mut self, slot: u32) -> bool {
        // A predicate can count further down than zero.
        *self.ancestry.level(slot) > 0
    }

    fn keep_open(&mut self, path: ShapeId, slot: u32) {
        match self.shape(path).seeking {
            Some(list) => self.ancestry.add(list, &[slot]),
            None => {
                let list = self.ancestry.list(slot);
                self.shape_mut(path).seeking = Some(list);
            }
        }
    }

    /// Takes `step` into account for `slot`.
    fn seek(&mut self, step: ShapeId, slot: u32) -> Parsed<()> {
        self.count_search(step)?;
        match self.shape(step).kind {
            ShapeKind::Field => *self.ancestry.level(slot) -= 1,
            ShapeKind::Parent(_) => *self.ancestry.level(slot) += 1,
            ShapeKind::Block(Some(last)) => self.seek(last, slot)?,
            ShapeKind::Block(None) => {}
            ShapeKind::Path { .. } => self.seek_in_path(step, slot)?,
            _ => return Err(self.no_parent(step, slot)),
        }
        Ok(())
    }

    fn seek_in_path(&mut self, path: ShapeId, slot: u32) -> Parsed<()> {
        let mut before = self.steps(path).len();
        while before > 0 {
            before -= 1;
            self.seek(self.steps(path)[before], slot)?;
            if !self.unsatisfied(slot) {
                break;
            }
        }
        Ok(())
    }

    fn count_search(&mut self, at: ShapeId) -> Parsed<()> {
        self.ancestry.searched += 1;
        if self.ancestry.searched <= SEARCH_LIMIT {
            return Ok(());
        }
        let message = format!("the search for what `%` means is over the limit of {SEARCH_LIMIT} steps");
        Err(SyntaxError::new(LIMIT, self.ast.range(self.shape(at).node), message))
    }
}
