//! Finds which stretch of a text belongs to which part of a picture, as a backtracking regular expression would.

use std::collections::HashSet;
use std::ops::Range;

use crate::jsonata::picture::integer::word_list;
use crate::jsonata::picture::{Fault, LIMIT};

/// How many ends of stretches are looked at before giving up.
const MAX_STEPS: usize = 1_000_000;

/// The shape of one stretch. Letters match in either case.
pub(super) enum Shape {
    Literal(Vec<char>),
    /// One or more of the characters for which this holds.
    Run(fn(char) -> bool),
    /// ASCII digits, so many or at least one, and an English ordinal suffix.
    Digits {
        width: Option<usize>,
        ordinal: bool,
    },
    /// Words of numbers with what joins them.
    Words,
    /// A sign and digits, after `GMT` if named, and further digits after a separator.
    Zone {
        named: bool,
        separator: Option<char>,
    },
}

/// The stretches of the first way to fit all of `text`, `None` if it does not fit.
pub(super) fn find(shapes: &[Shape], text: &[char]) -> Result<Option<Vec<Range<usize>>>, Fault> {
    let Some(first) = shapes.first() else { return Ok(None) };
    let words: Vec<Vec<char>> = match shapes.iter().any(|shape| matches!(shape, Shape::Words)) {
        true => word_list().iter().map(|word| word.chars().collect()).collect(),
        false => Vec::new(),
    };
    let mut search = Search { text, words, steps: 0 };
    let mut stretches = vec![search.stretch(first, 0)?];
    // Where the search has been once, it never comes back from: the rest did not fit.
    let mut seen = HashSet::new();
    while let Some(last) = stretches.last_mut() {
        let Some(end) = last.ends.next() else {
            stretches.pop();
            continue;
        };
        last.end = end;
        match shapes.get(stretches.len()) {
            None if end == text.len() => {
                return Ok(Some(stretches.iter().map(|found| found.start..found.end).collect()))
            }
            Some(next) if seen.insert((stretches.len(), end)) => stretches.push(search.stretch(next, end)?),
            _ => {}
        }
    }
    Ok(None)
}

/// A stretch from `start` with its possible ends, the preferred first.
struct Stretch {
    start: usize,
    end: usize,
    ends: std::vec::IntoIter<usize>,
}

struct Search<'a> {
    text: &'a [char],
    words: Vec<Vec<char>>,
    steps: usize,
}

impl Search<'_> {
    fn stretch(&mut self, shape: &Shape, start: usize) -> Result<Stretch, Fault> {
        let ends = match shape {
            Shape::Literal(literal) => self.literal(start, literal).into_iter().collect(),
            Shape::Run(fits) => self.run(start, fits),
            Shape::Digits { width, ordinal } => self.digits(start, *width, *ordinal),
            Shape::Words => self.number_words(start)?,
            Shape::Zone { named, separator } => self.zone(start, *named, *separator),
        };
        self.count(ends.len() + 1)?;
        Ok(Stretch { start, end: start, ends: ends.into_iter() })
    }

    fn count(&mut self, steps: usize) -> Result<(), Fault> {
        self.steps += steps;
        if self.steps > MAX_STEPS {
            return Err((LIMIT, format!("Matching the timestamp with its picture takes more than {MAX_STEPS} steps")));
        }
        Ok(())
    }

    /// The end of `literal` at `start`, if it stands there.
    fn literal(&self, start: usize, literal: &[char]) -> Option<usize> {
        let end = start + literal.len();
        let found = self.text.get(start..end)?;
        found.iter().zip(literal).all(|(a, b)| fold(*a) == fold(*b)).then_some(end)
    }

    fn run(&self, start: usize, fits: impl Fn(char) -> bool) -> Vec<usize> {
        let length = self.text[start..].iter().take_while(|c| fits(**c)).count();
        (start + 1..=start + length).rev().collect()
    }

    fn digits(&self, start: usize, width: Option<usize>, ordinal: bool) -> Vec<usize> {
        let mut ends = self.run(start, |c| c.is_ascii_digit());
        ends.retain(|end| width.is_none_or(|width| end - start == width));
        if !ordinal {
            return ends;
        }
        let suffix = |end| ["th", "st", "nd", "rd"].iter().find_map(|suffix| self.ascii(end, suffix));
        ends.into_iter().filter_map(suffix).collect()
    }

    fn ascii(&self, start: usize, literal: &str) -> Option<usize> {
        self.literal(start, &literal.chars().collect::<Vec<char>>())
    }

    fn zone(&self, start: usize, named: bool, separator: Option<char>) -> Vec<usize> {
        let start = if named { self.ascii(start, "GMT") } else { Some(start) };
        let signed = start.filter(|at| self.text.get(*at).is_some_and(|c| matches!(c, '+' | '-')));
        let Some(sign) = signed else { return Vec::new() };
        let hours = self.run(sign + 1, |c| c.is_ascii_digit());
        let Some(separator) = separator else { return hours };
        // Only behind the last digit can there be a separator.
        let end = hours.first().and_then(|end| self.literal(*end, &[separator]));
        end.map_or_else(Vec::new, |end| self.run(end, |c| c.is_ascii_digit()))
    }

    /// Every joint of words reachable from `start`, the ones through earlier words of the list first.
    fn number_words(&mut self, start: usize) -> Result<Vec<usize>, Fault> {
        let mut ends = Vec::new();
        let mut seen = HashSet::from([start]);
        let mut open = vec![(start, self.next_ends(start))];
        while let Some((at, nexts)) = open.last_mut() {
            match nexts.pop() {
                Some(next) if seen.insert(next) => {
                    open.push((next, self.next_ends(next)));
                    self.count(1)?;
                }
                Some(_) => {}
                None => {
                    ends.extend(Some(*at).filter(|at| *at > start));
                    open.pop();
                }
            }
        }
        Ok(ends)
    }

    /// Where the next word or joint can end, the preferred last.
    fn next_ends(&self, start: usize) -> Vec<usize> {
        let words = self.words.iter().filter_map(|word| self.literal(start, word));
        let joints = self.ascii(start, "and").into_iter();
        let signs = ["-", ",", " "].into_iter().filter_map(|sign| self.ascii(start, sign));
        let mut ends: Vec<usize> = words.chain(joints).chain(signs).collect();
        ends.reverse();
        ends
    }
}

/// The letter in which a regular expression without regard to case compares: upper case if that is one character,
/// and no ASCII for what is not.
fn fold(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) if c.is_ascii() || !upper.is_ascii() => upper,
        _ => c,
    }
}
