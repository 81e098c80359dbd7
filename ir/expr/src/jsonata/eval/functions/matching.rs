//! Matches of regular expressions, or of functions that take their place.

use std::rc::Rc;
use std::sync::Arc;

use super::text::coerced;
use super::Args;
use crate::jsonata::eval::error::{Eval, Fault};
use crate::jsonata::eval::function::Function;
use crate::jsonata::eval::item::{Item, Record};
use crate::jsonata::eval::regex::{Match, Pattern};
use crate::jsonata::eval::run::Machine;

/// A match in a text.
pub(super) struct Hit {
    /// Where it is, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// What was matched.
    pub(super) matched: Item,
    pub(super) groups: Vec<Item>,
    /// The match as a function sees it, if a function made it.
    made: Option<Item>,
    next: Next,
}

/// How the next match is found.
enum Next {
    Pattern(Arc<Pattern>),
    Function(Item),
}

/// The bytes before as many UTF-16 units.
fn bytes_before(text: &str, units: f64) -> usize {
    let mut left = units;
    for (at, c) in text.char_indices() {
        if left <= 0.0 {
            return at;
        }
        left -= c.len_utf16() as f64;
    }
    text.len()
}

fn units_before(text: &str, at: usize) -> f64 {
    let before = &text[..at];
    match before.is_ascii() {
        true => before.len() as f64,
        false => before.encode_utf16().count() as f64,
    }
}

fn pattern_of(function: &Function) -> Option<&Arc<Pattern>> {
    match function {
        Function::Regex(pattern) => Some(pattern),
        Function::Wrapped(inner) => pattern_of(inner),
        _ => None,
    }
}

impl Machine<'_> {
    /// The first match of what a function argument stands for.
    pub(super) fn first_hit(&mut self, matcher: &Item, text: &Arc<str>, args: &Args<'_>) -> Eval<Option<Hit>> {
        let Some(function) = matcher.as_function() else {
            return Err(Fault::exception("matcher.apply is not a function").boxed());
        };
        match pattern_of(function) {
            Some(pattern) => self.hit(pattern, text, 0),
            None => {
                let found = self.invoke(matcher, vec![Item::text(text.clone())], args)?;
                made_hit(found, text)
            }
        }
    }

    fn hit(&mut self, pattern: &Arc<Pattern>, text: &Arc<str>, from: usize) -> Eval<Option<Hit>> {
        let found = pattern.find_at(text, from, &mut self.meter)?;
        Ok(found.map(|found| {
            let (matched, groups) = parts(&found, text);
            let next = Next::Pattern(pattern.clone());
            Hit { start: found.start, end: found.end, matched, groups, made: None, next }
        }))
    }

    pub(super) fn next_hit(&mut self, hit: Hit, text: &Arc<str>, args: &Args<'_>) -> Eval<Option<Hit>> {
        match hit.next {
            Next::Pattern(pattern) => {
                if hit.end >= text.len() {
                    return Ok(None);
                }
                let next = self.hit(&pattern, text, hit.end)?;
                refuse_empty(next, |next| next.start == next.end)
            }
            Next::Function(next) if next.as_function().is_some() => {
                let found = self.invoke(&next, Vec::new(), args)?;
                made_hit(found, text)
            }
            Next::Function(_) => Err(Fault::exception("Cannot read properties of undefined (reading 'apply')").boxed()),
        }
    }

    /// A regular expression called as a function.
    pub(in crate::jsonata::eval) fn match_object(
        &mut self,
        pattern: &Arc<Pattern>,
        text: &Item,
        from: f64,
    ) -> Eval<Item> {
        let text = coerced(text, &mut self.meter)?;
        let found = pattern.find_at(&text, bytes_before(&text, from), &mut self.meter)?;
        Ok(found.map_or(Item::Nothing, |found| object(pattern, &text, &found)))
    }

    /// The function `next` of a match called.
    pub(in crate::jsonata::eval) fn next_match_object(
        &mut self,
        pattern: &Arc<Pattern>,
        text: &Arc<str>,
        from: usize,
    ) -> Eval<Item> {
        if from >= text.len() {
            return Ok(Item::Nothing);
        }
        let found = pattern.find_at(text, from, &mut self.meter)?;
        let found = refuse_empty(found, |found| found.start == found.end)?;
        Ok(found.map_or(Item::Nothing, |found| object(pattern, text, &found)))
    }
}

impl Hit {
    /// The match as an argument of a function.
    pub(super) fn object(&self, text: &Arc<str>) -> Item {
        match (&self.made, &self.next) {
            (Some(made), _) => made.clone(),
            (None, Next::Pattern(pattern)) => {
                record(pattern, text, self.start, self.end, self.matched.clone(), self.groups.clone())
            }
            (None, Next::Function(_)) => Item::Nothing,
        }
    }
}

/// The reference refuses an empty match, except for the first.
fn refuse_empty<T>(found: Option<T>, is_empty: impl FnOnce(&T) -> bool) -> Eval<Option<T>> {
    match found {
        Some(found) if is_empty(&found) => Err(Fault::new("D1004").boxed()),
        found => Ok(found),
    }
}

fn parts(found: &Match, text: &str) -> (Item, Vec<Item>) {
    let group = |group: &Option<(usize, usize)>| group.map_or(Item::Nothing, |(from, to)| Item::text(&text[from..to]));
    (Item::text(&text[found.start..found.end]), found.groups.iter().map(group).collect())
}

fn object(pattern: &Arc<Pattern>, text: &Arc<str>, found: &Match) -> Item {
    let (matched, groups) = parts(found, text);
    record(pattern, text, found.start, found.end, matched, groups)
}

fn record(pattern: &Arc<Pattern>, text: &Arc<str>, start: usize, end: usize, matched: Item, groups: Vec<Item>) -> Item {
    let next = Function::Next { pattern: pattern.clone(), text: text.clone(), from: end };
    let mut record = Record::with_capacity(5);
    record.insert("match".into(), matched);
    record.insert("start".into(), Item::Number(units_before(text, start)));
    record.insert("end".into(), Item::Number(units_before(text, end)));
    record.insert("groups".into(), Item::array(groups));
    record.insert("next".into(), Item::Function(Rc::new(next)));
    record.finish()
}

/// A match that a function made.
fn made_hit(found: Item, text: &str) -> Eval<Option<Hit>> {
    if found.is_nothing() {
        return Ok(None);
    }
    let member = |name: &str| found.as_members().and_then(|members| members.get(name)).unwrap_or_default();
    let (start, end, groups, next) = (member("start"), member("end"), member("groups"), member("next"));
    let fits = start.as_number().is_some() || groups.is_array() || next.as_function().is_some();
    if !fits {
        return Err(Fault::new("T1010").boxed());
    }
    let from = bytes_before(text, start.as_number().unwrap_or(0.0));
    let matched = member("match");
    let to = match end.as_number() {
        Some(end) => bytes_before(text, end).max(from),
        None => (from + matched.as_text().map_or(0, |text| text.len())).min(text.len()),
    };
    let to = (to..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    let groups = if groups.is_array() { groups.into_vec() } else { Vec::new() };
    let next = Next::Function(next);
    Ok(Some(Hit { start: from, end: to, matched, groups, made: Some(found), next }))
}

pub(super) fn contains(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let (Some(text), false) = (args.text(0)?, args.get(1).is_nothing()) else { return Ok(Item::Nothing) };
    machine.meter.work(text.len() / 16)?;
    let found = match args.get(1).as_text() {
        Some(part) => text.contains(&**part),
        None => machine.first_hit(args.get(1), &text, &args)?.is_some(),
    };
    Ok(Item::bool(found))
}

/// The argument that limits the number of results; `code` refuses a negative one.
pub(super) fn limit(args: &Args<'_>, index: usize, code: &'static str) -> Eval<f64> {
    match args.number(index)? {
        Some(limit) if limit < 0.0 => Err(Fault::new(code).value(Item::Number(limit)).index(index + 1).boxed()),
        limit => Ok(limit.unwrap_or(f64::INFINITY)),
    }
}

pub(super) fn match_all(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    if args.get(0).is_nothing() {
        return Ok(Item::Nothing);
    }
    // A partial application lets values through that are no strings.
    let text = coerced(args.get(0), &mut machine.meter)?;
    let limit = limit(&args, 2, "D3040")?;
    let mut matches = Vec::new();
    let mut hit = if limit > 0.0 { machine.first_hit(args.get(1), &text, &args)? } else { None };
    let (mut units, mut counted) = (0.0, 0);
    while let Some(found) = hit {
        if matches.len() as f64 >= limit {
            break;
        }
        if found.start >= counted {
            units += units_before(&text[counted..], found.start - counted);
            counted = found.start;
        } else {
            units = units_before(&text, found.start);
            counted = found.start;
        }
        machine.meter.items(5 + found.groups.len())?;
        machine.meter.build(found.end - found.start)?;
        let mut record = Record::with_capacity(3);
        record.insert("match".into(), found.matched.clone());
        record.insert("index".into(), Item::Number(units));
        record.insert("groups".into(), Item::array(found.groups.clone()));
        matches.push(record.finish());
        hit = machine.next_hit(found, &text, &args)?;
    }
    Ok(Item::sequence(matches))
}

pub(super) fn split(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(text) = args.text(0)? else { return Ok(Item::Nothing) };
    let limit = limit(&args, 2, "D3020")?;
    if limit <= 0.0 {
        return Ok(Item::array(Vec::new()));
    }
    machine.meter.build(text.len())?;
    match args.get(1) {
        Item::Nothing => Ok(Item::array(vec![Item::text(text)])),
        separator => match separator.as_text() {
            Some(separator) => split_text(machine, &text, separator, limit.trunc()),
            None => split_matches(machine, &text, limit, &args),
        },
    }
}

fn split_text(machine: &mut Machine<'_>, text: &str, separator: &str, limit: f64) -> Eval<Item> {
    // More parts than there are characters there are not.
    let limit = limit.min(text.len() as f64 + 1.0) as usize;
    let parts: Vec<Item> = match separator.is_empty() {
        true => text.chars().take(limit).map(|c| Item::text(c.to_string())).collect(),
        false => text.split(separator).take(limit).map(Item::text).collect(),
    };
    machine.meter.items(2 * parts.len())?;
    Ok(Item::array(parts))
}

fn split_matches(machine: &mut Machine<'_>, text: &Arc<str>, limit: f64, args: &Args<'_>) -> Eval<Item> {
    let mut parts = Vec::new();
    let mut hit = machine.first_hit(args.get(1), text, args)?;
    let mut from = 0;
    while let Some(found) = hit {
        if parts.len() as f64 >= limit {
            return Ok(Item::array(parts));
        }
        machine.meter.items(2)?;
        parts.push(Item::text(between(text, from, found.start)));
        from = found.end;
        hit = machine.next_hit(found, text, args)?;
    }
    if (parts.len() as f64) < limit {
        parts.push(Item::text(&text[from..]));
    }
    Ok(Item::array(parts))
}

/// The text between two places, whichever comes first.
pub(super) fn between(text: &str, from: usize, to: usize) -> &str {
    &text[from.min(to)..from.max(to)]
}
