//! Sorting: order-by of paths and `$sort`. Both are the reference's merge sort, so that even an order that
//! contradicts itself gives the same result.

use std::cmp::Ordering;

use wfc_diag::TextRange;

use super::code::Term;
use super::error::{Eval, Fault};
use super::frame::Frame;
use super::item::{Item, View};
use super::order::compare_text;
use super::run::{Machine, Place};

impl Machine<'_> {
    /// `input^(term, …)`
    pub(super) fn sort(&mut self, terms: &[Term], range: TextRange, input: &Item, place: Place<'_>) -> Eval<Item> {
        let Some(items) = input.as_items().filter(|items| items.len() > 1) else { return Ok(input.clone()) };
        let mut keys = Keys { terms, range, tuples: input.flags().tuples, items: items.to_vec(), known: Vec::new() };
        keys.known.resize(keys.items.len() * terms.len(), None);
        self.meter.items(keys.items.len() + keys.known.len())?;
        let order = self.merge_sort(keys.items.len(), &mut |machine, a, b| {
            machine.compare_terms(&mut keys, a, b, place).map(|order| order == Ordering::Greater)
        })?;
        Ok(Item::array(order.into_iter().map(|at| std::mem::take(&mut keys.items[at])).collect()))
    }

    fn compare_terms(&mut self, keys: &mut Keys<'_>, a: usize, b: usize, place: Place<'_>) -> Eval<Ordering> {
        for term in 0..keys.terms.len() {
            let first = self.key(keys, term, a, place)?;
            let second = self.key(keys, term, b, place)?;
            let order = match compare_keys(&first, &second, keys.range)? {
                Some(order) if keys.terms[term].descending => order.reverse(),
                Some(order) => order,
                None => missing_last(&first, &second),
            };
            if order != Ordering::Equal {
                return Ok(order);
            }
        }
        Ok(Ordering::Equal)
    }

    /// What a term evaluates to for an item, evaluated once.
    fn key(&mut self, keys: &mut Keys<'_>, term: usize, item: usize, place: Place<'_>) -> Eval<Item> {
        let at = item * keys.terms.len() + term;
        if let Some(known) = &keys.known[at] {
            return Ok(known.clone());
        }
        let item = &keys.items[item];
        let key = match keys.tuples {
            true => {
                let frame = Frame::of_tuple(place.frame, item);
                self.eval(keys.terms[term].key, &self.context_of(item), place.in_frame(&frame))?
            }
            false => self.eval(keys.terms[term].key, item, place)?,
        };
        keys.known[at] = Some(key.clone());
        Ok(key)
    }

    /// The order of `count` items; `swap` says whether the first of two, which stands before, comes after.
    pub(super) fn merge_sort(
        &mut self,
        count: usize,
        swap: &mut dyn FnMut(&mut Self, usize, usize) -> Eval<bool>,
    ) -> Eval<Vec<usize>> {
        let all: Vec<usize> = (0..count).collect();
        self.meter.enter()?;
        let order = self.sort_part(&all, swap)?;
        self.meter.leave();
        Ok(order)
    }

    fn sort_part(
        &mut self,
        part: &[usize],
        swap: &mut dyn FnMut(&mut Self, usize, usize) -> Eval<bool>,
    ) -> Eval<Vec<usize>> {
        if part.len() <= 1 {
            return Ok(part.to_vec());
        }
        let (left, right) = part.split_at(part.len() / 2);
        let left = self.sort_part(left, swap)?;
        let right = self.sort_part(right, swap)?;
        self.meter.work(part.len())?;
        let mut merged = Vec::with_capacity(part.len());
        let (mut at, mut beside) = (0, 0);
        while at < left.len() && beside < right.len() {
            if swap(self, left[at], right[beside])? {
                merged.push(right[beside]);
                beside += 1;
            } else {
                merged.push(left[at]);
                at += 1;
            }
        }
        merged.extend_from_slice(&left[at..]);
        merged.extend_from_slice(&right[beside..]);
        Ok(merged)
    }
}

/// The items being sorted with what the terms evaluated to so far.
struct Keys<'a> {
    terms: &'a [Term],
    range: TextRange,
    tuples: bool,
    items: Vec<Item>,
    known: Vec<Option<Item>>,
}

/// The order of two keys; `None` if one is missing.
fn compare_keys(first: &Item, second: &Item, range: TextRange) -> Eval<Option<Ordering>> {
    match (first.view(), second.view()) {
        (View::Nothing, _) | (_, View::Nothing) => Ok(None),
        (View::Number(a), View::Number(b)) => Ok(Some(a.partial_cmp(&b).unwrap_or(Ordering::Greater))),
        (View::Text(a), View::Text(b)) => Ok(Some(compare_text(a, b))),
        (View::Number(_) | View::Text(_), View::Number(_) | View::Text(_)) => {
            Err(Fault::new("T2007").value(first.clone()).value2(second.clone()).range(range).boxed())
        }
        (View::Number(_) | View::Text(_), _) => Err(Fault::new("T2008").value(second.clone()).range(range).boxed()),
        _ => Err(Fault::new("T2008").value(first.clone()).range(range).boxed()),
    }
}

fn missing_last(first: &Item, second: &Item) -> Ordering {
    first.is_nothing().cmp(&second.is_nothing())
}
