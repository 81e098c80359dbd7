//! Regular expressions as instructions for the matcher.

use super::parse::{Node, Set};
use super::Flags;

/// How many instructions a pattern may have once its counted repetitions are written out.
const LONGEST: usize = 50_000;

/// Instructions; the first is where matching begins.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) sets: Vec<Set>,
    /// How many groups are remembered.
    pub(super) groups: usize,
    /// How many slots there are: two for each group, one for each loop that must make progress.
    pub(super) slots: usize,
    pub(super) ignore_case: bool,
    pub(super) multiline: bool,
}

/// One character, or one of a set by its number.
#[derive(Clone, Copy, Debug)]
pub(super) enum One {
    Char(char),
    Set(usize),
}

/// An instruction. `back` says that it reads the text before the place, as within a lookbehind.
#[derive(Clone, Debug)]
pub(super) enum Step {
    One {
        one: One,
        back: bool,
    },
    /// The same character or set several times.
    Run {
        one: One,
        back: bool,
        least: u32,
        most: u32,
        greedy: bool,
    },
    Start,
    End,
    Boundary(bool),
    /// Goes on at `first`, and at `second` if that fails.
    Split {
        first: usize,
        second: usize,
    },
    Jump(usize),
    /// Remembers the place.
    Save(usize),
    /// Forgets groups: slots from the first up to the second.
    Clear(usize, usize),
    /// Fails if nothing was read since the place was saved.
    Progress(usize),
    BackReference {
        group: usize,
        back: bool,
    },
    /// Looks with the steps behind it, and goes on at `next`.
    Look {
        negative: bool,
        next: usize,
    },
    Match,
}

pub(super) fn compile(node: &Node, groups: usize, flags: Flags) -> Result<Program, &'static str> {
    let mut program = Program {
        steps: Vec::new(),
        sets: Vec::new(),
        groups,
        slots: 2 * (groups + 1),
        ignore_case: flags.ignore_case,
        multiline: flags.multiline,
    };
    program.node(node, false)?;
    program.push(Step::Match)?;
    Ok(program)
}

/// The character that stands for both cases, as JavaScript folds them.
pub(super) fn folded(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_uppercase();
    }
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) if !single.is_ascii() => single,
        _ => c,
    }
}

impl Program {
    fn push(&mut self, step: Step) -> Result<usize, &'static str> {
        if self.steps.len() >= LONGEST {
            return Err("Regular expression too large");
        }
        self.steps.push(step);
        Ok(self.steps.len() - 1)
    }

    fn one(&mut self, node: &Node) -> Option<One> {
        match node {
            Node::Char(c) if self.ignore_case => Some(One::Char(folded(*c))),
            Node::Char(c) => Some(One::Char(*c)),
            Node::Set(set) => {
                self.sets.push(set.clone());
                Some(One::Set(self.sets.len() - 1))
            }
            _ => None,
        }
    }

    fn node(&mut self, node: &Node, back: bool) -> Result<(), &'static str> {
        match node {
            Node::Char(_) | Node::Set(_) => {
                if let Some(one) = self.one(node) {
                    self.push(Step::One { one, back })?;
                }
            }
            Node::Start => drop(self.push(Step::Start)?),
            Node::End => drop(self.push(Step::End)?),
            Node::Boundary(positive) => drop(self.push(Step::Boundary(*positive))?),
            Node::Sequence(parts) if back => parts.iter().rev().try_for_each(|part| self.node(part, back))?,
            Node::Sequence(parts) => parts.iter().try_for_each(|part| self.node(part, back))?,
            Node::Choice(choices) => self.choice(choices, back)?,
            Node::Group(number, inner) => {
                let (first, last) = if back { (2 * number + 1, 2 * number) } else { (2 * number, 2 * number + 1) };
                self.push(Step::Save(first))?;
                self.node(inner, back)?;
                self.push(Step::Save(last))?;
            }
            Node::Repeat { node, least, most, greedy, groups } => {
                let clear = (!groups.is_empty()).then_some((2 * groups.start, 2 * groups.end));
                self.repeat(node, (*least, *most), *greedy, clear, back)?;
            }
            Node::BackReference(group) => drop(self.push(Step::BackReference { group: *group, back })?),
            Node::NamedReference(_) => {}
            Node::Look { node, behind, negative } => {
                let look = self.push(Step::Look { negative: *negative, next: 0 })?;
                self.node(node, *behind)?;
                let end = self.push(Step::Match)? + 1;
                self.steps[look] = Step::Look { negative: *negative, next: end };
            }
        }
        Ok(())
    }

    fn choice(&mut self, choices: &[Node], back: bool) -> Result<(), &'static str> {
        let mut exits = Vec::new();
        for (at, choice) in choices.iter().enumerate() {
            if at + 1 == choices.len() {
                self.node(choice, back)?;
                break;
            }
            let split = self.push(Step::Split { first: 0, second: 0 })?;
            self.node(choice, back)?;
            exits.push(self.push(Step::Jump(0))?);
            self.steps[split] = Step::Split { first: split + 1, second: self.steps.len() };
        }
        let end = self.steps.len();
        exits.into_iter().for_each(|exit| self.steps[exit] = Step::Jump(end));
        Ok(())
    }

    fn repeat(
        &mut self,
        node: &Node,
        (least, most): (u32, Option<u32>),
        greedy: bool,
        clear: Option<(usize, usize)>,
        back: bool,
    ) -> Result<(), &'static str> {
        if let Some(one) = self.one(node) {
            let most = most.unwrap_or(u32::MAX);
            self.push(Step::Run { one, back, least, most, greedy })?;
            return Ok(());
        }
        for _ in 0..least {
            // Takes part in the count even where the node is empty.
            self.push(Step::Clear(clear.map_or(0, |it| it.0), clear.map_or(0, |it| it.1)))?;
            self.node(node, back)?;
        }
        match most {
            None => {
                let split = self.iteration(node, clear, back)?;
                self.push(Step::Jump(split))?;
                self.exit(split, greedy);
            }
            Some(most) => {
                let mut splits = Vec::new();
                for _ in least..most {
                    splits.push(self.iteration(node, clear, back)?);
                }
                splits.into_iter().for_each(|split| self.exit(split, greedy));
            }
        }
        Ok(())
    }

    /// One round of a loop that can be left before it; gives the place where it is decided.
    fn iteration(&mut self, node: &Node, clear: Option<(usize, usize)>, back: bool) -> Result<usize, &'static str> {
        let split = self.push(Step::Split { first: 0, second: 0 })?;
        let slot = self.slots;
        self.slots += 1;
        self.push(Step::Save(slot))?;
        if let Some((from, to)) = clear {
            self.push(Step::Clear(from, to))?;
        }
        self.node(node, back)?;
        self.push(Step::Progress(slot))?;
        Ok(split)
    }

    /// Lets the decision at `split` leave to the end of what there is.
    fn exit(&mut self, split: usize, greedy: bool) {
        let end = self.steps.len();
        self.steps[split] = match greedy {
            true => Step::Split { first: split + 1, second: end },
            false => Step::Split { first: end, second: split + 1 },
        };
    }
}
