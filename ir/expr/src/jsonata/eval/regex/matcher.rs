//! Matching by backtracking, without recursion except into lookaround, every step counted.

use super::parse::{Set, LINE_ENDS};
use super::program::{folded, One, Program, Step};
use super::Match;
use crate::jsonata::eval::error::{Eval, Fault};
use crate::jsonata::eval::limits::Meter;

/// A slot without a place.
const NOWHERE: usize = usize::MAX;

/// How many decisions may be open at once.
const OPEN: usize = 4_000_000;

/// The first match that starts at `from` or behind it.
pub(super) fn find(program: &Program, text: &str, from: usize, meter: &mut Meter) -> Eval<Option<Match>> {
    let mut matcher = Matcher { program, text, slots: vec![NOWHERE; program.slots], open: Vec::new(), meter };
    let mut start = from;
    loop {
        if let Some(c) = literal_start(program) {
            let Some(offset) = text[start..].find(c) else { return Ok(None) };
            matcher.meter.work(offset / 16)?;
            start += offset;
        }
        matcher.slots.fill(NOWHERE);
        matcher.open.clear();
        if let Some(end) = matcher.run(0, start)? {
            return Ok(Some(matcher.matched(start, end)));
        }
        match text[start..].chars().next() {
            Some(c) => start += c.len_utf8(),
            None => return Ok(None),
        }
    }
}

/// The character every match starts with, if there is one.
fn literal_start(program: &Program) -> Option<char> {
    match program.steps.first() {
        Some(Step::One { one: One::Char(c), back: false }) if !program.ignore_case => Some(*c),
        _ => None,
    }
}

/// What to do when matching fails.
enum Open {
    /// Go on elsewhere.
    Resume { step: usize, at: usize },
    /// A slot had another place.
    Slot { slot: usize, place: usize },
    /// Give back a character of a run, down to `least`.
    Fewer { step: usize, at: usize, least: usize, back: bool },
    /// Take another character into a run.
    More { step: usize, at: usize, left: u32 },
}

struct Matcher<'a> {
    program: &'a Program,
    text: &'a str,
    slots: Vec<usize>,
    open: Vec<Open>,
    meter: &'a mut Meter,
}

impl Matcher<'_> {
    fn matched(&self, start: usize, end: usize) -> Match {
        let group = |number: usize| {
            let (from, to) = (self.slots[2 * number], self.slots[2 * number + 1]);
            (from != NOWHERE && to != NOWHERE).then_some((from, to))
        };
        Match { start, end, groups: (1..=self.program.groups).map(group).collect() }
    }

    /// Runs from a step to the end of its part; gives the place where that was reached.
    fn run(&mut self, step: usize, at: usize) -> Eval<Option<usize>> {
        let base = self.open.len();
        let (mut step, mut at) = (step, at);
        loop {
            self.meter.work(1)?;
            let next = match &self.program.steps[step] {
                Step::Match => return Ok(Some(at)),
                Step::One { one, back } => self.read(*one, at, *back).map(|at| (step + 1, at)),
                Step::Run { one, back, least, most, greedy } => {
                    let bounds = (*least, *most);
                    self.repeat(step, *one, *back, bounds, *greedy, at)?.map(|at| (step + 1, at))
                }
                Step::Split { first, second } => {
                    self.push(Open::Resume { step: *second, at })?;
                    Some((*first, at))
                }
                Step::Jump(to) => Some((*to, at)),
                Step::Look { negative, next } => self.look(step + 1, at, *negative)?.then_some((*next, at)),
                other => self.simple(other, at)?.map(|at| (step + 1, at)),
            };
            (step, at) = match next {
                Some(next) => next,
                None => match self.backtrack(base)? {
                    Some(next) => next,
                    None => return Ok(None),
                },
            };
        }
    }

    /// A step that goes on with the next one, unless it fails.
    fn simple(&mut self, step: &Step, at: usize) -> Eval<Option<usize>> {
        let holds = match step {
            Step::Start => at == 0 || self.program.multiline && self.before(at).is_some_and(is_line_end),
            Step::End => at == self.text.len() || self.program.multiline && self.behind(at).is_some_and(is_line_end),
            Step::Boundary(positive) => {
                let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
                (word(self.before(at)) != word(self.behind(at))) == *positive
            }
            Step::Save(slot) => {
                self.set(*slot, at)?;
                true
            }
            Step::Clear(from, to) => {
                for slot in *from..*to {
                    self.set(slot, NOWHERE)?;
                }
                true
            }
            Step::Progress(slot) => self.slots[*slot] != at,
            Step::BackReference { group, back } => return self.again(*group, at, *back),
            _ => false,
        };
        Ok(holds.then_some(at))
    }

    fn push(&mut self, open: Open) -> Eval<()> {
        if self.open.len() >= OPEN {
            let message = format!("A regular expression has more than {OPEN} decisions open");
            return Err(Fault::limit(message).boxed());
        }
        self.open.push(open);
        Ok(())
    }

    fn set(&mut self, slot: usize, place: usize) -> Eval<()> {
        let before = std::mem::replace(&mut self.slots[slot], place);
        if before == place {
            return Ok(());
        }
        self.push(Open::Slot { slot, place: before })
    }

    /// Undoes what was done up to the last open decision, and takes the other way.
    fn backtrack(&mut self, base: usize) -> Eval<Option<(usize, usize)>> {
        while self.open.len() > base {
            match self.open.pop() {
                Some(Open::Resume { step, at }) => return Ok(Some((step, at))),
                Some(Open::Slot { slot, place }) => self.slots[slot] = place,
                Some(Open::Fewer { step, at, least, back }) => {
                    let fewer = if back { self.behind(at) } else { self.before(at) };
                    let Some(c) = fewer.filter(|_| at != least) else { continue };
                    let at = if back { at + c.len_utf8() } else { at - c.len_utf8() };
                    if at != least {
                        self.open.push(Open::Fewer { step, at, least, back });
                    }
                    return Ok(Some((step + 1, at)));
                }
                Some(Open::More { step, at, left }) => {
                    let Step::Run { one, back, .. } = &self.program.steps[step] else { continue };
                    let Some(at) = self.read(*one, at, *back) else { continue };
                    if left > 1 {
                        self.open.push(Open::More { step, at, left: left - 1 });
                    }
                    return Ok(Some((step + 1, at)));
                }
                None => break,
            }
        }
        Ok(None)
    }

    fn before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    fn behind(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    /// Reads one character.
    fn read(&self, one: One, at: usize, back: bool) -> Option<usize> {
        let c = if back { self.before(at) } else { self.behind(at) }?;
        let fits = match one {
            One::Char(expected) if self.program.ignore_case => folded(c) == expected,
            One::Char(expected) => c == expected,
            One::Set(number) => self.is_in(&self.program.sets[number], c),
        };
        fits.then(|| if back { at - c.len_utf8() } else { at + c.len_utf8() })
    }

    fn is_in(&self, set: &Set, c: char) -> bool {
        if !self.program.ignore_case {
            return set.contains(c);
        }
        let lower = c.to_lowercase().next().filter(|&lower| folded(lower) == folded(c));
        let found = set.lists(c) || set.lists(folded(c)) || lower.is_some_and(|c| set.lists(c));
        found != set.negative
    }

    /// Reads a run of one kind of character.
    fn repeat(
        &mut self,
        step: usize,
        one: One,
        back: bool,
        (least, most): (u32, u32),
        greedy: bool,
        start: usize,
    ) -> Eval<Option<usize>> {
        let mut at = start;
        for _ in 0..least {
            self.meter.work(1)?;
            match self.read(one, at, back) {
                Some(next) => at = next,
                None => return Ok(None),
            }
        }
        let mut left = most - least;
        if !greedy {
            if left > 0 {
                self.push(Open::More { step, at, left })?;
            }
            return Ok(Some(at));
        }
        let floor = at;
        while left > 0 {
            let Some(next) = self.read(one, at, back) else { break };
            self.meter.work(1)?;
            at = next;
            left -= 1;
        }
        if at != floor {
            self.push(Open::Fewer { step, at, least: floor, back })?;
        }
        Ok(Some(at))
    }

    /// Reads again what a group matched; nothing if it took no part.
    fn again(&mut self, group: usize, at: usize, back: bool) -> Eval<Option<usize>> {
        let (from, to) = (self.slots[2 * group], self.slots[2 * group + 1]);
        if from == NOWHERE || to == NOWHERE {
            return Ok(Some(at));
        }
        let text = self.text;
        let expected = &text[from..to];
        self.meter.work(expected.len())?;
        let mut place = at;
        let read = |place: &mut usize, c: char| {
            let found = if back { text[..*place].chars().next_back() } else { text[*place..].chars().next() };
            let same = found.is_some_and(|found| match self.program.ignore_case {
                true => folded(found) == folded(c),
                false => found == c,
            });
            let length = found.map_or(0, char::len_utf8);
            *place = if back { *place - length } else { *place + length };
            same
        };
        let same = match back {
            true => expected.chars().rev().all(|c| read(&mut place, c)),
            false => expected.chars().all(|c| read(&mut place, c)),
        };
        Ok(same.then_some(place))
    }

    /// Looks around. What it decided is not decided again, but groups it remembered stay.
    fn look(&mut self, step: usize, at: usize, negative: bool) -> Eval<bool> {
        let base = self.open.len();
        let found = self.run(step, at)?.is_some();
        if found && !negative {
            let mut kept = base;
            for index in base..self.open.len() {
                if matches!(self.open[index], Open::Slot { .. }) {
                    self.open.swap(kept, index);
                    kept += 1;
                }
            }
            self.open.truncate(kept);
            return Ok(true);
        }
        while self.open.len() > base {
            if let Some(Open::Slot { slot, place }) = self.open.pop() {
                self.slots[slot] = place;
            }
        }
        Ok(found != negative)
    }
}

fn is_line_end(c: char) -> bool {
    LINE_ENDS.iter().any(|&(end, last)| (end..=last).contains(&c))
}
