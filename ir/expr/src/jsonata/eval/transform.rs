//! `|pattern|update, delete|`: a copy of an object in which what the pattern finds is changed.
//!
//! The reference changes the copy in place, so that a match sees what was done to the matches within it. Built
//! values cannot be changed in place here; instead every changed record has a current version.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::code::Kind;
use super::error::{Eval, Fault};
use super::function::{Closure, Function};
use super::item::{Item, Items, List, Members, Record, View};
use super::json::rounded;
use super::run::{Machine, Place};

/// The current versions of records. Addresses name records, hence all of them are kept alive.
#[derive(Default)]
struct Versions {
    /// The address of any version of a record to its place in `current`.
    known: HashMap<*const Record, usize>,
    current: Vec<Rc<Record>>,
    alive: Vec<Rc<Record>>,
}

impl Versions {
    fn set(&mut self, of: &Rc<Record>, version: Rc<Record>) {
        let at = *self.known.entry(Rc::as_ptr(of)).or_insert_with(|| {
            self.current.push(of.clone());
            self.alive.push(of.clone());
            self.current.len() - 1
        });
        self.known.insert(Rc::as_ptr(&version), at);
        self.alive.push(version.clone());
        self.current[at] = version;
    }

    fn get(&self, record: &Rc<Record>) -> Rc<Record> {
        self.known.get(&Rc::as_ptr(record)).map_or(record, |&at| &self.current[at]).clone()
    }
}

impl Machine<'_> {
    /// Applies a transformer.
    pub(super) fn transform(&mut self, closure: &Closure, object: Item) -> Eval<Item> {
        let place = Place { code: &closure.code, frame: &closure.frame };
        let node = place.code.node(closure.node);
        let Kind::Transform { pattern, update, delete } = &node.kind else { return Ok(Item::Nothing) };
        if object.is_nothing() {
            return Ok(object);
        }
        let cloner = self.named("clone", place).unwrap_or_default();
        if cloner.as_function().is_none() {
            return Err(Fault::new("T2013").range(node.range).boxed());
        }
        let copy = self.apply(&cloner, vec![object], &Item::NULL, place)?;
        let copy = match cloner.as_function().map(|function| &**function) {
            // What the language's own function copies can be changed as it is.
            Some(Function::Native(_)) => copy,
            _ => self.editable(&copy, 0)?,
        };
        let matches = match self.eval(*pattern, &copy, place)? {
            Item::Nothing => return Ok(copy),
            found => found.into_vec(),
        };
        self.meter.enter()?;
        let mut versions = Versions::default();
        for found in matches {
            let context = self.current(&found, &mut versions, 0)?;
            match self.eval(*update, &context, place)? {
                Item::Nothing => {}
                changes => {
                    let range = place.code.node(*update).range;
                    self.change(&found, changes, &mut versions).map_err(|fault| fault.at(range))?;
                }
            }
            let Some(delete) = delete else { continue };
            let context = self.current(&found, &mut versions, 0)?;
            let deletions = self.eval(*delete, &context, place)?;
            let range = place.code.node(*delete).range;
            self.delete(&found, deletions, &mut versions).map_err(|fault| fault.at(range))?;
        }
        self.meter.leave();
        self.current(&copy, &mut versions, 0)
    }

    /// A copy through the text of `$string`: numbers lose the digits that it does not print, functions are empty.
    pub(super) fn editable(&mut self, item: &Item, depth: u32) -> Eval<Item> {
        self.meter.items(1)?;
        self.meter.check_depth(depth)?;
        match item.view() {
            View::Array(_) if item.flags().outer_wrapper => self.editable(&item.unwrapped(), depth),
            View::Array(items) => self.editable_list(items, depth),
            View::Object(members) => self.editable_record(members, depth),
            _ => editable_scalar(item),
        }
    }

    fn editable_list(&mut self, items: Items<'_>, depth: u32) -> Eval<Item> {
        let mut copied = Vec::with_capacity(items.len());
        for item in items.iter() {
            copied.push(self.editable(&item, depth + 1)?);
        }
        Ok(Item::array(copied))
    }

    fn editable_record(&mut self, members: Members<'_>, depth: u32) -> Eval<Item> {
        let mut record = Record::with_capacity(members.len());
        for (name, item) in members.ordered() {
            record.insert(name.clone(), self.editable(&item, depth + 1)?);
        }
        Ok(record.finish())
    }

    /// The item with all records in it at their current versions.
    fn current(&mut self, item: &Item, versions: &mut Versions, depth: u32) -> Eval<Item> {
        if versions.current.is_empty() {
            return Ok(item.clone());
        }
        self.meter.work(1)?;
        // A record put into itself has no end.
        self.meter.check_depth(depth)?;
        match item {
            Item::List(list) => self.current_list(list, versions, depth),
            Item::Record(record) => self.current_record(record, versions, depth),
            _ => Ok(item.clone()),
        }
    }

    fn current_list(&mut self, list: &Rc<List>, versions: &mut Versions, depth: u32) -> Eval<Item> {
        let mut changed = false;
        let mut items = Vec::with_capacity(list.items.len());
        for item in &list.items {
            let now = self.current(item, versions, depth + 1)?;
            changed |= !is_identical(item, &now);
            items.push(now);
        }
        Ok(match changed {
            true => Item::list(items, list.flags),
            false => Item::List(list.clone()),
        })
    }

    fn current_record(&mut self, record: &Rc<Record>, versions: &mut Versions, depth: u32) -> Eval<Item> {
        let version = versions.get(record);
        let mut fresh: Option<Record> = None;
        for (name, item) in version.members() {
            let now = self.current(item, versions, depth + 1)?;
            if !is_identical(item, &now) {
                fresh.get_or_insert_with(|| Record::clone(&version)).insert(name.clone(), now);
            }
        }
        let Some(fresh) = fresh else { return Ok(Item::Record(version)) };
        let fresh = Rc::new(fresh);
        versions.set(record, fresh.clone());
        Ok(Item::Record(fresh))
    }

    fn change(&mut self, found: &Item, changes: Item, versions: &mut Versions) -> Eval<()> {
        let Some(changed) = changes.as_members() else {
            return Err(Fault::new("T2011").value(changes).boxed());
        };
        let members = changed.ordered();
        let Item::Record(record) = found else {
            let name = members.first().map_or("", |(name, _)| name);
            return cannot_change(found, name, members.is_empty());
        };
        self.meter.items(members.len())?;
        let mut version = Record::clone(&versions.get(record));
        for (name, item) in members {
            version.insert(name.clone(), item);
        }
        store(record, version, versions);
        Ok(())
    }

    fn delete(&mut self, found: &Item, deletions: Item, versions: &mut Versions) -> Eval<()> {
        if deletions.is_nothing() {
            return Ok(());
        }
        let names: Vec<Item> = deletions.clone().into_vec();
        let names: Option<Vec<&Arc<str>>> = names.iter().map(Item::as_text).collect::<Option<_>>();
        let Some(names) = names else { return Err(Fault::new("T2012").value(deletions.clone()).boxed()) };
        let Item::Record(record) = found else { return Ok(()) };
        self.meter.work(names.len())?;
        let mut version = Record::clone(&versions.get(record));
        names.into_iter().for_each(|name| version.remove(name));
        store(record, version, versions);
        Ok(())
    }
}

fn editable_scalar(item: &Item) -> Eval<Item> {
    Ok(match item.view() {
        View::Number(number) if number.is_infinite() => {
            return Err(Fault::new("D1001").value(item.clone()).boxed());
        }
        View::Number(number) if number.is_nan() => Item::NULL,
        View::Number(number) if number.fract() != 0.0 => Item::Number(rounded(number)),
        View::Function(_) => Item::text(""),
        View::Nothing => Item::NULL,
        _ => item.clone(),
    })
}

fn store(record: &Rc<Record>, version: Record, versions: &mut Versions) {
    if let Item::Record(version) = version.finish() {
        versions.set(record, version);
    }
}

/// What JavaScript says to a member set on a value that has none.
fn cannot_change(found: &Item, name: &str, unchanged: bool) -> Eval<()> {
    let (kind, text) = match found.view() {
        _ if unchanged => return Ok(()),
        View::Nothing | View::Null => {
            let what = if found.is_nothing() { "undefined" } else { "null" };
            let message = format!("Cannot set properties of {what} (setting '{name}')");
            return Err(Fault::exception(message).boxed());
        }
        View::Bool(value) => ("boolean", value.to_string()),
        View::Number(number) => ("number", super::json::number_text(number)),
        View::Text(text) => ("string", text.to_string()),
        _ => return Ok(()),
    };
    Err(Fault::exception(format!("Cannot create property '{name}' on {kind} '{text}'")).boxed())
}

/// Whether nothing was rebuilt.
fn is_identical(before: &Item, after: &Item) -> bool {
    match (before, after) {
        (Item::List(a), Item::List(b)) => Rc::ptr_eq(a, b),
        (Item::Record(a), Item::Record(b)) => Rc::ptr_eq(a, b),
        _ => true,
    }
}
