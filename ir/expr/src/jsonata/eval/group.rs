//! Object constructors and group-by.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use wfc_diag::TextRange;

use super::code::Pairs;
use super::error::{Eval, Fault};
use super::frame::Frame;
use super::item::{Item, Record};
use super::order::is_index;
use super::run::{Machine, Place};

/// Above this many groups a key is looked up in an index.
const INDEX_FROM: usize = 8;

/// The items with one key.
struct Group {
    key: Arc<str>,
    pair: usize,
    data: Item,
}

#[derive(Default)]
struct Groups {
    groups: Vec<Group>,
    /// Key to place. Its order is never observed.
    index: HashMap<Arc<str>, usize>,
}

impl Groups {
    fn find(&self, key: &str) -> Option<usize> {
        match self.groups.len() > INDEX_FROM {
            true => self.index.get(key).copied(),
            false => self.groups.iter().position(|group| &*group.key == key),
        }
    }

    fn add(&mut self, group: Group) {
        if self.groups.len() == INDEX_FROM {
            let known = self.groups.iter().enumerate();
            self.index = known.map(|(at, group)| (group.key.clone(), at)).collect();
        }
        if self.groups.len() >= INDEX_FROM {
            self.index.insert(group.key.clone(), self.groups.len());
        }
        self.groups.push(group);
    }

    /// The groups in the order in which JavaScript has the keys.
    fn ordered(mut self) -> Vec<Group> {
        if self.groups.iter().any(|group| is_index(&group.key)) {
            self.groups.sort_by_key(|group| match is_index(&group.key) {
                true => group.key.parse::<u64>().unwrap_or(u64::MAX),
                false => u64::MAX,
            });
        }
        self.groups
    }
}

impl Machine<'_> {
    /// Groups the items of `input` by the keys of `pairs`.
    pub(super) fn group(&mut self, pairs: &Pairs, range: TextRange, input: Item, place: Place<'_>) -> Eval<Item> {
        let tuples = input.flags().tuples;
        let mut groups = Groups::default();
        match input.as_items() {
            None => self.sort_into(&mut groups, pairs, &input, tuples, range, place)?,
            Some(items) if items.len() == 0 && !tuples => {
                self.sort_into(&mut groups, pairs, &Item::Nothing, tuples, range, place)?;
            }
            Some(items) => {
                for item in items.iter() {
                    self.sort_into(&mut groups, pairs, &item, tuples, range, place)?;
                }
            }
        }
        let mut record = Record::with_capacity(groups.groups.len());
        for group in groups.ordered() {
            let (_, value) = pairs[group.pair];
            let value = match tuples {
                true => {
                    let tuple = self.reduce_tuples(group.data)?;
                    let frame = Frame::of_tuple(place.frame, &tuple);
                    self.eval(value, &self.context_of(&tuple), place.in_frame(&frame))?
                }
                false => self.eval(value, &group.data, place)?,
            };
            if !value.is_nothing() {
                record.insert(group.key, value);
            }
        }
        self.meter.items(2 * record.len())?;
        Ok(record.finish())
    }

    fn sort_into(
        &mut self,
        groups: &mut Groups,
        pairs: &Pairs,
        item: &Item,
        tuples: bool,
        range: TextRange,
        place: Place<'_>,
    ) -> Eval<()> {
        for (pair, &(key, _)) in pairs.iter().enumerate() {
            let key = match tuples {
                true => {
                    let frame = Frame::of_tuple(place.frame, item);
                    self.eval(key, &self.context_of(item), place.in_frame(&frame))?
                }
                false => self.eval(key, item, place)?,
            };
            let key = match key.as_text() {
                Some(text) => text.clone(),
                None if key.is_nothing() => continue,
                None => return Err(Fault::new("T1003").value(key).range(range).boxed()),
            };
            if matches!(&*key, "_jsonata_lambda" | "_jsonata_function") {
                return Err(Fault::new("D1013").value(Item::text(key)).range(range).boxed());
            }
            match groups.find(&key) {
                None => groups.add(Group { key, pair, data: item.clone() }),
                Some(at) if groups.groups[at].pair != pair => {
                    return Err(Fault::new("D1009").value(Item::text(key)).range(range).boxed());
                }
                Some(at) => {
                    let data = std::mem::take(&mut groups.groups[at].data);
                    groups.groups[at].data = self.append(data, item.clone())?;
                }
            }
        }
        Ok(())
    }

    /// One tuple in which every variable has the values of all.
    fn reduce_tuples(&mut self, tuples: Item) -> Eval<Item> {
        let Some(items) = tuples.as_items() else { return Ok(tuples) };
        let mut names: Vec<Arc<str>> = Vec::new();
        let mut values: Vec<Item> = Vec::new();
        for tuple in items.iter() {
            let Some(members) = tuple.as_members() else { continue };
            for (name, item) in members.ordered() {
                let at = names.iter().position(|known| known == name).unwrap_or_else(|| {
                    names.push(name.clone());
                    values.push(Item::Nothing);
                    names.len() - 1
                });
                let value = std::mem::take(&mut values[at]);
                values[at] = self.append(value, item)?;
            }
        }
        let mut record = Record::with_capacity(names.len());
        names.into_iter().zip(values).for_each(|(name, value)| record.insert(name, value));
        Ok(record.finish())
    }

    /// The items of both, as one array; what is missing does not count.
    pub(super) fn append(&mut self, first: Item, second: Item) -> Eval<Item> {
        if first.is_nothing() {
            return Ok(second);
        }
        if second.is_nothing() {
            return Ok(first);
        }
        if !matches!(&first, Item::List(list) if Rc::strong_count(list) == 1) {
            self.meter.items(first.as_items().map_or(1, |items| items.len()))?;
        }
        let mut items = first.into_vec();
        let before = items.capacity();
        match second.is_array() {
            true => {
                self.meter.items(second.as_items().map_or(0, |items| items.len()))?;
                items.extend(second.into_vec());
            }
            false => items.push(second),
        }
        self.meter.work(1)?;
        self.meter.build(items.capacity().saturating_sub(before) * size_of::<Item>())?;
        Ok(Item::array(items))
    }
}
