//! Paths: steps over sequences, filters, and tuples that carry variables beside the context.

use std::rc::Rc;
use std::sync::Arc;

use super::code::{Id, Kind, Node, Stage, Symbol};
use super::error::{Eval, Fault};
use super::frame::Frame;
use super::functions;
use super::item::{Flags, Item, Items, Record, View};
use super::limits::Meter;
use super::run::{Machine, Place};
use crate::Value;

/// What a step has found so far, flattened unless it turns out to be a single array.
#[derive(Default)]
struct Found {
    items: Vec<Item>,
    /// The only result so far, not yet flattened.
    single: Item,
    several: bool,
}

impl Found {
    fn push(&mut self, item: Item, meter: &mut Meter) -> Eval<()> {
        match item {
            Item::Nothing => Ok(()),
            item if self.several => self.flatten(item, meter),
            item if self.single.is_nothing() => {
                self.single = item;
                Ok(())
            }
            item => {
                self.several = true;
                let first = std::mem::take(&mut self.single);
                self.flatten(first, meter)?;
                self.flatten(item, meter)
            }
        }
    }

    fn flatten(&mut self, item: Item, meter: &mut Meter) -> Eval<()> {
        match item.as_items().filter(|items| !items.flags().cons).map(|items| items.len()) {
            Some(count) => {
                meter.items(count)?;
                self.items.extend(item.into_vec());
            }
            None => {
                meter.build(size_of::<Item>())?;
                self.items.push(item);
            }
        }
        Ok(())
    }

    fn finish(mut self, last: bool, meter: &mut Meter) -> Eval<Item> {
        if !self.several {
            let single = std::mem::take(&mut self.single);
            if last && single.is_array() && !single.flags().sequence {
                return Ok(single);
            }
            if !single.is_nothing() {
                self.flatten(single, meter)?;
            }
        }
        Ok(Item::sequence(self.items))
    }
}

impl Machine<'_> {
    /// Evaluates a path.
    pub(super) fn path(&mut self, id: Id, input: &Item, place: Place<'_>) -> Eval<Item> {
        let node = place.code.node(id);
        let Kind::Path { steps, keep_singleton } = &node.kind else { return Ok(Item::Nothing) };
        let absolute = steps
            .first()
            .is_some_and(|&first| matches!(place.code.node(first).kind, Kind::Variable(_) | Kind::Context));
        let mut sequence = match input.is_array() && !absolute {
            true => input.clone(),
            false => Item::sequence(vec![input.clone()]),
        };
        let mut result = Item::Nothing;
        let mut tuples: Option<Item> = None;
        let mut on_tuples = false;
        for (at, &step) in steps.iter().enumerate() {
            let node = place.code.node(step);
            on_tuples |= node.tuple;
            let found = if at == 0 && node.cons {
                self.eval(step, &sequence, place)
            } else if on_tuples {
                self.tuple_step(step, &sequence, tuples.take(), place)
            } else {
                self.step(step, &sequence, at + 1 == steps.len(), place)
            }?;
            match on_tuples && !(at == 0 && node.cons) {
                true => tuples = Some(found),
                false => result = found,
            }
            if !on_tuples && is_empty(&result) {
                break;
            }
            if node.focus.is_none() {
                sequence = result.clone();
            }
        }
        match on_tuples || *keep_singleton || node.group.is_some() {
            true => self.finish_path(node, *keep_singleton, result, tuples, place),
            false => Ok(result),
        }
    }

    /// What happens to the result of a path as a whole; `tuples` if it worked on them.
    fn finish_path(
        &mut self,
        node: &Node,
        keep_singleton: bool,
        result: Item,
        tuples: Option<Item>,
        place: Place<'_>,
    ) -> Eval<Item> {
        let mut result = match &tuples {
            Some(tuples) => self.contexts(tuples, node.tuple),
            None => result,
        };
        if keep_singleton {
            result = keep(result)?;
        }
        match &node.group {
            Some(pairs) => self.group(pairs, node.range, tuples.unwrap_or(result), place),
            None => Ok(result),
        }
    }

    /// The contexts of tuples, or the tuples themselves for a path whose own path needs them.
    fn contexts(&mut self, tuples: &Item, whole: bool) -> Item {
        if whole {
            return tuples.clone();
        }
        let contexts = tuples.as_items().map(|items| items.iter().map(|tuple| self.context_of(&tuple)).collect());
        Item::sequence(contexts.unwrap_or_default())
    }

    /// The context in a tuple.
    pub(super) fn context_of(&self, tuple: &Item) -> Item {
        tuple.as_members().and_then(|members| members.get(&self.at)).unwrap_or_default()
    }

    /// Evaluates a step for every item of `input`.
    fn step(&mut self, id: Id, input: &Item, last: bool, place: Place<'_>) -> Eval<Item> {
        let node = place.code.node(id);
        if let Kind::Sort(terms) = &node.kind {
            let sorted = self.sort(terms, node.range, input, place)?;
            return self.stages(&node.stages, sorted, place);
        }
        let mut found = Found::default();
        match (&node.kind, input.as_items()) {
            (_, None) => {}
            (Kind::Name(name), Some(items)) if is_plain(node) => self.fields(name, id, items, &mut found, place)?,
            (_, Some(items)) => self.each(id, items, &mut found, place)?,
        }
        found.finish(last, &mut self.meter)
    }

    fn each(&mut self, id: Id, items: Items<'_>, found: &mut Found, place: Place<'_>) -> Eval<()> {
        for at in 0..items.len() {
            let item = items.get(at);
            let result = match place.code.node(id).stages.is_empty() {
                true => self.eval(id, &item, place),
                false => self.staged(id, &item, place),
            };
            found.push(result?, &mut self.meter)?;
        }
        Ok(())
    }

    /// The step of a field name without anything behind it.
    fn fields(&mut self, name: &Arc<str>, id: Id, items: Items<'_>, found: &mut Found, place: Place<'_>) -> Eval<()> {
        self.meter.work(items.len())?;
        match items {
            Items::Json(array) => {
                for value in array.iter() {
                    match value {
                        Value::Object(object) => {
                            let value = object.get(name).map_or(Item::Nothing, |value| Item::Json(value.clone()));
                            found.push(value, &mut self.meter)?;
                        }
                        Value::Array(_) => {
                            let nested = self.eval(id, &Item::Json(value.clone()), place)?;
                            found.push(nested, &mut self.meter)?;
                        }
                        _ => {}
                    }
                }
            }
            Items::List(list) => {
                for item in &list.items {
                    let value = match item.as_members() {
                        Some(members) => members.get(name).unwrap_or_default(),
                        None if item.is_array() => self.eval(id, item, place)?,
                        None => continue,
                    };
                    found.push(value, &mut self.meter)?;
                }
            }
        }
        Ok(())
    }

    fn staged(&mut self, id: Id, item: &Item, place: Place<'_>) -> Eval<Item> {
        let mut result = self.eval(id, item, place)?;
        for stage in &place.code.node(id).stages {
            if let Stage::Filter(predicate) = stage {
                result = self.filter(*predicate, result, place)?;
            }
        }
        Ok(result)
    }

    fn stages(&mut self, stages: &[Stage], input: Item, place: Place<'_>) -> Eval<Item> {
        let mut result = input;
        for stage in stages {
            result = match stage {
                Stage::Filter(predicate) => self.filter(*predicate, result, place)?,
                Stage::Index(symbol) => self.number_tuples(*symbol, result, place)?,
            };
        }
        Ok(result)
    }

    fn number_tuples(&mut self, symbol: Symbol, tuples: Item, place: Place<'_>) -> Eval<Item> {
        let flags = tuples.flags();
        let Some(items) = tuples.as_items() else { return Ok(tuples) };
        self.meter.items(items.len())?;
        let numbered = items.iter().enumerate().map(|(at, tuple)| {
            let mut record = record_of(&tuple);
            record.insert(place.code.name(symbol).clone(), Item::Number(at as f64));
            record.finish()
        });
        Ok(Item::list(numbered.collect(), flags))
    }

    /// Evaluates a step for every tuple.
    fn tuple_step(&mut self, id: Id, input: &Item, tuples: Option<Item>, place: Place<'_>) -> Eval<Item> {
        let node = place.code.node(id);
        if let Kind::Sort(terms) = &node.kind {
            let sorted = match &tuples {
                Some(tuples) => self.sort(terms, node.range, tuples, place)?,
                None => {
                    let sorted = self.sort(terms, node.range, input, place)?;
                    self.indexed(node, &sorted, place)
                }
            };
            return self.stages(&node.stages, sorted, place);
        }
        let tuples = match tuples {
            Some(tuples) => tuples.into_vec(),
            None => {
                let items = input.as_items().into_iter().flat_map(|items| items.iter());
                items.map(|item| self.tuple(item)).collect()
            }
        };
        let mut made = Vec::with_capacity(tuples.len());
        for tuple in &tuples {
            let frame = Frame::of_tuple(place.frame, tuple);
            let context = self.context_of(tuple);
            let found = self.eval(id, &context, place.in_frame(&frame))?;
            self.extend_tuple(node, tuple, &context, found, &mut made, place)?;
        }
        self.stages(&node.stages, Item::list(made, Flags::TUPLES), place)
    }

    fn tuple(&self, context: Item) -> Item {
        let mut record = Record::with_capacity(2);
        record.insert(self.at.clone(), context);
        record.finish()
    }

    fn indexed(&self, node: &Node, sorted: &Item, place: Place<'_>) -> Item {
        let items = sorted.as_items().into_iter().flat_map(|items| items.iter());
        let tuples = items.enumerate().map(|(at, item)| {
            let mut record = Record::with_capacity(2);
            record.insert(self.at.clone(), item);
            if let Some(symbol) = node.index {
                record.insert(place.code.name(symbol).clone(), Item::Number(at as f64));
            }
            record.finish()
        });
        Item::list(tuples.collect(), Flags::TUPLES)
    }

    /// Makes a tuple of `tuple` and each item of `found`.
    fn extend_tuple(
        &mut self,
        node: &Node,
        tuple: &Item,
        context: &Item,
        found: Item,
        made: &mut Vec<Item>,
        place: Place<'_>,
    ) -> Eval<()> {
        if found.is_nothing() {
            return Ok(());
        }
        let nested = found.flags().tuples;
        for (at, item) in found.into_vec().into_iter().enumerate() {
            let mut record = record_of(tuple);
            self.meter.items(2 + record.len())?;
            if nested {
                for (name, item) in record_of(&item).members() {
                    record.insert(name.clone(), item.clone());
                }
                made.push(record.finish());
                continue;
            }
            match node.focus {
                Some(symbol) => record.insert(place.code.name(symbol).clone(), item),
                None => record.insert(self.at.clone(), item),
            }
            if let Some(symbol) = node.index {
                record.insert(place.code.name(symbol).clone(), Item::Number(at as f64));
            }
            if let Some(symbol) = node.ancestor {
                record.insert(place.code.name(symbol).clone(), context.clone());
            }
            made.push(record.finish());
        }
        Ok(())
    }

    /// `input[predicate]`
    pub(super) fn filter(&mut self, predicate: Id, input: Item, place: Place<'_>) -> Eval<Item> {
        let tuples = input.flags().tuples;
        let flags = Flags { tuples, ..Flags::SEQUENCE };
        if let Kind::Number(number) = place.code.node(predicate).kind {
            return Ok(match is_plain(place.code.node(predicate)) {
                true => pick(&input, number, flags),
                false => self.filter_each(predicate, input, flags, place)?,
            });
        }
        self.filter_each(predicate, input, flags, place)
    }

    fn filter_each(&mut self, predicate: Id, input: Item, flags: Flags, place: Place<'_>) -> Eval<Item> {
        let mut kept = Vec::new();
        match input.as_items() {
            None => self.filter_item(predicate, &input, 0, 1, flags.tuples, &mut kept, place)?,
            Some(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.filter_item(predicate, &item, at, items.len(), flags.tuples, &mut kept, place)?;
                }
            }
        }
        self.meter.items(kept.len())?;
        Ok(Item::list(kept, flags))
    }

    #[allow(clippy::too_many_arguments)]
    fn filter_item(
        &mut self,
        predicate: Id,
        item: &Item,
        at: usize,
        count: usize,
        tuples: bool,
        kept: &mut Vec<Item>,
        place: Place<'_>,
    ) -> Eval<()> {
        let found = match tuples {
            true => {
                let frame = Frame::of_tuple(place.frame, item);
                self.eval(predicate, &self.context_of(item), place.in_frame(&frame))?
            }
            false => self.eval(predicate, item, place)?,
        };
        match indices(&found)? {
            Some(indices) => {
                let here = indices.iter().filter(|&&index| position(index, count) == Some(at)).count();
                kept.extend(std::iter::repeat_n(item.clone(), here));
            }
            None if functions::is_true(&found, &mut self.meter)? => kept.push(item.clone()),
            None => {}
        }
        Ok(())
    }
}

/// The numbers that a predicate evaluated to, if it did.
fn indices(found: &Item) -> Eval<Option<Vec<f64>>> {
    match found.view() {
        View::Number(_) => Ok(functions::numeric(found)?.map(|number| vec![number])),
        View::Array(items) => {
            let mut numbers = Vec::with_capacity(items.len());
            let mut all = true;
            for item in items.iter() {
                match functions::numeric(&item)? {
                    Some(number) => numbers.push(number),
                    None => all = false,
                }
            }
            Ok(all.then_some(numbers))
        }
        _ => Ok(None),
    }
}

/// The place that an index means, counted from the end if it is negative.
fn position(index: f64, count: usize) -> Option<usize> {
    let index = index.floor();
    let index = if index < 0.0 { count as f64 + index } else { index };
    (0.0..count as f64).contains(&index).then_some(index as usize)
}

/// `input[3]`
fn pick(input: &Item, number: f64, flags: Flags) -> Item {
    let item = match input.as_items() {
        Some(items) => position(number, items.len()).map(|at| items.get(at)),
        None => position(number, 1).map(|_| input.clone()),
    };
    match item {
        None | Some(Item::Nothing) => Item::list(Vec::new(), flags),
        Some(item) if item.is_array() => item,
        Some(item) => Item::list(vec![item], flags),
    }
}

/// The members of a tuple, to be extended.
fn record_of(tuple: &Item) -> Record {
    match tuple {
        Item::Record(record) => Record::clone(record),
        Item::Json(Value::Object(object)) => {
            let mut record = Record::default();
            for (name, value) in object.entries() {
                record.insert(name.clone(), Item::Json(value.clone()));
            }
            record
        }
        _ => Record::default(),
    }
}

/// Marks the result of a path as an array that stays one.
fn keep(result: Item) -> Eval<Item> {
    match result {
        Item::List(list) => {
            let flags = match list.flags.cons && !list.flags.sequence {
                // The reference wraps the array in a sequence.
                true => return Ok(wrapped(Item::List(list))),
                false => Flags { keep_singleton: true, ..list.flags },
            };
            if list.flags == flags {
                return Ok(Item::List(list));
            }
            let items = match Rc::try_unwrap(list) {
                Ok(mut list) => std::mem::take(&mut list.items),
                Err(shared) => shared.items.clone(),
            };
            Ok(Item::list(items, flags))
        }
        Item::Nothing => Err(Fault::exception("Cannot set properties of undefined (setting 'keepSingleton')").boxed()),
        other => Ok(other),
    }
}

fn wrapped(item: Item) -> Item {
    Item::list(vec![item], Flags { keep_singleton: true, ..Flags::SEQUENCE })
}

/// Whether nothing happens to the value of a node.
fn is_plain(node: &Node) -> bool {
    !node.keep_array && node.predicates.is_empty() && node.stages.is_empty() && node.group.is_none()
}

fn is_empty(item: &Item) -> bool {
    match item.view() {
        View::Nothing => true,
        View::Array(items) => items.len() == 0,
        _ => false,
    }
}
