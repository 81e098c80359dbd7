//! What a path selects in a document, level by level: all that one segment selects before the next is looked at.
//!
//! Terms of Jayway that decide what an error is: a place is *definite* while every segment before it names one
//! member or one index. There something missing is an error; anywhere else it is skipped.

use std::borrow::Cow;

use wfc_diag::TextRange;

use super::{Path, PathError, PathErrorKind, Predicate, Root, Segment, SegmentKind, Step};
use crate::value::{Array, Object};
use crate::{Budget, Roots, Value};

/// What a path inside another yields.
pub(super) type Found<'a> = Result<Cow<'a, Value>, PathError>;

impl Path {
    /// The value a path of members and single indices names, borrowed; `None` if there is none, and for every
    /// other path.
    pub fn get<'v>(&self, roots: &Roots<'v>) -> Option<&'v Value> {
        let root = match &self.root {
            Root::Doc | Root::Item => roots.doc,
            Root::Context => roots.context,
            Root::Variable(name) => roots.vars.variable(name)?,
        };
        self.segments.iter().try_fold(root, |value, segment| step(value, segment.kind.step()?))
    }

    /// What the path selects: a definite path the value, any other an array of all it matches. A path that is not
    /// definite yields an empty array where a definite one would not be found.
    pub fn eval(&self, roots: &Roots<'_>, budget: &mut Budget) -> Result<Value, PathError> {
        budget.ops(self.segments.len()).map_err(|limit| PathError::exceeded(limit, self.range))?;
        if let Some(value) = self.get(roots) {
            return Ok(value.clone());
        }
        let found = Run { roots: *roots, budget, shared: Vec::new() }.path(self, roots.doc, Missing::Skip);
        match found {
            Err(error) if error.kind == PathErrorKind::NotFound && !self.definite() => Ok(Array::default().into()),
            found => found.map(Cow::into_owned),
        }
    }

    /// The number of segments that select: all but a last one that makes a new value.
    fn selecting(&self) -> usize {
        let makes = |kind: &SegmentKind| matches!(kind, SegmentKind::Call(_) | SegmentKind::Members(_));
        self.segments.len() - usize::from(self.segments.last().is_some_and(|last| makes(&last.kind)))
    }

    fn scans(&self, at: usize) -> bool {
        self.segments.get(at).is_some_and(|segment| segment.kind == SegmentKind::Scan)
    }
}

/// What happens to members that are missing at a place that is not definite.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// They select nothing.
    Skip,
    /// They end the evaluation: a filter asks whether a path is there.
    Fail,
}

/// One evaluation.
pub(super) struct Run<'a, 'b> {
    pub(super) roots: Roots<'a>,
    pub(super) budget: &'b mut Budget,
    /// What paths inside filters that start from the document yield; nothing stands for not found.
    pub(super) shared: Vec<(&'a Path, Option<Cow<'a, Value>>)>,
}

/// The segment that is applied, and how.
#[derive(Clone, Copy)]
struct Place<'a> {
    path: &'a Path,
    at: usize,
    definite: bool,
    missing: Missing,
    /// Whether it is applied at every depth.
    scanned: bool,
}

impl<'a> Run<'a, '_> {
    /// What `path` yields; `item` is what a filter looks at.
    pub(super) fn path(&mut self, path: &'a Path, item: &'a Value, missing: Missing) -> Found<'a> {
        let root = self.root(path, item)?;
        let end = path.selecting();
        if let (true, Some(SegmentKind::Call(call))) = (path.scans(0), path.segments.get(end).map(|last| &last.kind)) {
            let found = self.select(path, 0, root, missing)?;
            return self.scanned_call(call.function, root, &found, path.range);
        }
        let mut value = root;
        let lead = path.segments[..end].iter().take_while(|segment| segment.kind.step().is_some()).count();
        self.spend(lead, path.range)?;
        for at in 0..lead {
            let place = Place { path, at, definite: true, missing, scanned: false };
            match place.one(value)? {
                Some(next) => value = next,
                None if lead == end => return Err(PathError::no_results(path, at)),
                None => return Ok(Cow::Owned(Array::default().into())),
            }
        }
        if lead < end {
            return self.list(path, lead, value, missing);
        }
        let place = Place { path, at: end, definite: true, missing, scanned: false };
        match path.segments.get(end) {
            None => Ok(Cow::Borrowed(value)),
            Some(last) => self.make(place, last, value)?.ok_or_else(|| PathError::no_results(path, end)),
        }
    }

    fn root(&self, path: &'a Path, item: &'a Value) -> Result<&'a Value, PathError> {
        Ok(match &path.root {
            Root::Doc => self.roots.doc,
            Root::Context => self.roots.context,
            Root::Item => item,
            Root::Variable(name) => {
                let value = self.roots.vars.variable(name);
                value.ok_or_else(|| PathError::unknown_variable(name, path.range))?
            }
        })
    }

    /// All that `path` matches below `start`, which the segments before `from` led to.
    fn list(&mut self, path: &'a Path, from: usize, start: &'a Value, missing: Missing) -> Found<'a> {
        let found = self.select(path, from, start, missing)?;
        let end = path.selecting();
        let mut list = Array::default();
        let scanned = path.scans(end - 1);
        let place = Place { path, at: end, definite: false, missing, scanned };
        for value in found {
            let item = match path.segments.get(end) {
                None => Some(Cow::Borrowed(value)),
                Some(last) => self.make(place, last, value)?,
            };
            if let Some(item) = item {
                self.charge(&item, path.range)?;
                list.push(item.into_owned());
            }
        }
        Ok(Cow::Owned(list.into()))
    }

    /// The places that the segments from `from` on select below `start`; a scan at the end gives every container.
    fn select(
        &mut self,
        path: &'a Path,
        from: usize,
        start: &'a Value,
        missing: Missing,
    ) -> Result<Vec<&'a Value>, PathError> {
        let end = path.selecting();
        let mut found = vec![start];
        let mut at = from;
        while at < end {
            let scanned = path.scans(at);
            if scanned {
                found = self.containers(&found, path.segments[at].range)?;
                at += 1;
            }
            if at < end {
                // Only the first segment here can stand at a definite place: it is itself not definite.
                let place = Place { path, at, definite: at == from, missing, scanned };
                found = self.level(place, &found)?;
                at += 1;
            }
        }
        Ok(found)
    }

    /// All that one segment selects.
    fn level(&mut self, place: Place<'a>, from: &[&'a Value]) -> Result<Vec<&'a Value>, PathError> {
        let mut found = Vec::new();
        for value in from {
            let before = found.len();
            self.apply(place, value, &mut found)?;
            self.spend(1 + found.len() - before, place.range())?;
        }
        Ok(found)
    }

    fn apply(&mut self, place: Place<'a>, value: &'a Value, found: &mut Vec<&'a Value>) -> Result<(), PathError> {
        match &place.segment().kind {
            SegmentKind::Member(_) | SegmentKind::Index(_) => found.extend(place.one(value)?),
            SegmentKind::Members(names) => place.members(names, value, found)?,
            SegmentKind::Indices(indices) => {
                let items = place.items(value)?;
                found
                    .extend(items.into_iter().flat_map(|items| indices.iter().filter_map(|index| item(items, *index))));
            }
            SegmentKind::Slice { from, to } => found.extend(place.items(value)?.into_iter().flat_map(|items| {
                let (start, end) = bounds(*from, *to, items.len());
                (start..end).filter_map(|index| item(items, index))
            })),
            SegmentKind::Wildcard => match value {
                Value::Array(items) => found.extend(items.iter()),
                Value::Object(members) => found.extend(members.values()),
                _ => {}
            },
            SegmentKind::Filter(predicate) => self.filter(place, predicate, value, found)?,
            SegmentKind::Scan | SegmentKind::Call(_) => {}
        }
        Ok(())
    }

    /// The items of an array that pass, or an object that does.
    fn filter(
        &mut self,
        place: Place<'a>,
        predicate: &'a Predicate,
        value: &'a Value,
        found: &mut Vec<&'a Value>,
    ) -> Result<(), PathError> {
        match value {
            Value::Object(_) if self.accepts(predicate, value)? => found.push(value),
            // A scan asks arrays the question that is meant for their items, as Jayway does.
            Value::Array(_) if place.scanned && !self.accepts(predicate, value)? => {}
            Value::Array(items) => {
                for item in items.iter() {
                    self.spend(1, place.range())?;
                    if self.accepts(predicate, item)? {
                        found.push(item);
                    }
                }
            }
            Value::Object(_) => {}
            other if place.definite => return Err(PathError::nothing_to_filter(place.path, place.at, other)),
            _ => {}
        }
        Ok(())
    }

    /// Every array and object of `from`, each before what it holds.
    fn containers(&mut self, from: &[&'a Value], range: TextRange) -> Result<Vec<&'a Value>, PathError> {
        let mut found = Vec::new();
        let mut work: Vec<&Value> = from.iter().rev().copied().collect();
        while let Some(value) = work.pop() {
            let before = work.len();
            match value {
                Value::Array(items) => work.extend(items.iter().rev().filter(|item| is_container(item))),
                Value::Object(members) => {
                    let values = members.entries().iter().rev().map(|(_, value)| value);
                    work.extend(values.filter(|value| is_container(value)));
                }
                _ => continue,
            }
            found.push(value);
            self.spend(1 + children(value).max(work.len() - before), range)?;
        }
        Ok(found)
    }

    /// What a last segment makes of one place: a function its result, several names an object of these members.
    fn make(
        &mut self,
        place: Place<'a>,
        last: &'a Segment,
        value: &'a Value,
    ) -> Result<Option<Cow<'a, Value>>, PathError> {
        match &last.kind {
            SegmentKind::Call(_) if place.scanned => Ok(None),
            SegmentKind::Call(call) => self.call(call, value, last.range).map(Some),
            SegmentKind::Members(names) => {
                self.spend(names.len(), last.range)?;
                Ok(place.merged(names, value)?.map(|object| Cow::Owned(object.into())))
            }
            _ => Ok(None),
        }
    }

    pub(super) fn spend(&mut self, ops: usize, range: TextRange) -> Result<(), PathError> {
        self.budget.ops(ops).map_err(|limit| PathError::exceeded(limit, range))
    }

    /// Counts a value that goes into the result.
    pub(super) fn charge(&mut self, value: &Value, range: TextRange) -> Result<(), PathError> {
        self.budget.bytes(value.json_len()).map_err(|limit| PathError::exceeded(limit, range))
    }
}

impl<'a> Place<'a> {
    fn segment(&self) -> &'a Segment {
        &self.path.segments[self.at]
    }

    fn range(&self) -> TextRange {
        self.segment().range
    }

    /// The one place that a member or an index names.
    fn one(&self, value: &'a Value) -> Result<Option<&'a Value>, PathError> {
        match &self.segment().kind {
            SegmentKind::Member(name) => match self.object(value)?.map(|object| object.get(name)) {
                Some(None) => self.absent().map(|()| None),
                found => Ok(found.flatten()),
            },
            SegmentKind::Index(index) => Ok(self.items(value)?.and_then(|items| item(items, *index))),
            _ => Ok(None),
        }
    }

    /// Every one of several names, the path going on behind it.
    fn members(&self, names: &[Box<str>], value: &'a Value, found: &mut Vec<&'a Value>) -> Result<(), PathError> {
        let Some(object) = self.object(value)? else { return Ok(()) };
        for name in names {
            match object.get(name) {
                Some(value) => found.push(value),
                None if self.missing == Missing::Fail => {
                    return Err(PathError::missing_member(self.path, self.at));
                }
                None => {}
            }
        }
        Ok(())
    }

    /// An object of those of several members that there are.
    fn merged(&self, names: &[Box<str>], value: &'a Value) -> Result<Option<Object>, PathError> {
        let Some(object) = self.object(value)? else { return Ok(None) };
        let found: Object = names.iter().filter_map(|name| Some((&**name, object.get(name)?.clone()))).collect();
        let complete = names.iter().all(|name| found.contains_key(name));
        match (complete, self.scanned) {
            (false, true) => Ok(None),
            (false, false) if self.missing == Missing::Fail => Err(PathError::missing_member(self.path, self.at)),
            _ => Ok(Some(found)),
        }
    }

    /// A member is missing: an error at definite places if the path goes on, and if the path must be there.
    fn absent(&self) -> Result<(), PathError> {
        let last = self.at + 1 == self.path.segments.len();
        match self.missing {
            Missing::Fail if last && !self.scanned => Err(PathError::no_results(self.path, self.at)),
            Missing::Fail if !self.scanned => Err(PathError::missing_member(self.path, self.at)),
            _ if self.definite && !last => Err(PathError::missing_member(self.path, self.at)),
            _ => Ok(()),
        }
    }

    fn object(&self, value: &'a Value) -> Result<Option<&'a Object>, PathError> {
        match value.as_object() {
            None if self.definite => Err(PathError::no_object(self.path, self.at, value)),
            found => Ok(found),
        }
    }

    fn items(&self, value: &'a Value) -> Result<Option<&'a Array>, PathError> {
        match value.as_array() {
            None if self.definite => Err(PathError::no_array(self.path, self.at, value)),
            found => Ok(found),
        }
    }
}

/// The value one step below `value`.
fn step<'v>(value: &'v Value, step: Step<'_>) -> Option<&'v Value> {
    match step {
        Step::Member(name) => value.get(name),
        Step::Index(index) => item(value.as_array()?, index),
    }
}

/// The item at an index, which counts from the end if it is negative.
fn item(items: &Array, index: i32) -> Option<&Value> {
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    items.get(if index < 0 { items.len().checked_sub(distance)? } else { distance })
}

/// The indices of a slice, from the first up to the end. As in Jayway negative bounds count from the end where only
/// one bound is given; of two they are indices, so that `[-1:1]` is the last item and then the first.
fn bounds(from: Option<i32>, to: Option<i32>, len: usize) -> (i32, i32) {
    let len = i32::try_from(len).unwrap_or(i32::MAX);
    let from_end = |bound: i32| if bound < 0 { len.saturating_add(bound) } else { bound };
    match (from, to) {
        (Some(from), Some(to)) => (from.max(-len), to.min(len)),
        (Some(from), None) => (from_end(from).max(0), len),
        (None, Some(to)) => (0, from_end(to).min(len)),
        (None, None) => (0, len),
    }
}

fn is_container(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Object(_))
}

/// How many items or members a value has.
pub(super) fn children(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    }
}
