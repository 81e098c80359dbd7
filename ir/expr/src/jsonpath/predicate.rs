//! Whether a filter lets a value pass.
//!
//! Jayway gives up on a value, whatever stands around, when an operator meets an operand it has no meaning for; that
//! is [`Stop::Unfit`]. A path that is not found is not an error but equal to nothing.

use std::borrow::Cow;
use std::cmp::Ordering;

use wfc_diag::TextRange;

use super::eval::{Missing, Run};
use super::{Comparison, Operand, OperandKind, Path, PathError, PathErrorKind, Pattern, Predicate, Root};
use crate::value::{Array, Number, Plain};
use crate::Value;

/// Why there is no answer.
enum Stop {
    /// The value does not pass, however the condition is built.
    Unfit,
    Error(PathError),
}

impl From<PathError> for Stop {
    fn from(error: PathError) -> Self {
        match error.kind {
            PathErrorKind::Invalid => Stop::Unfit,
            _ => Stop::Error(error),
        }
    }
}

type Answer = Result<bool, Stop>;

/// An operand with its path evaluated.
enum Side<'a> {
    Undefined,
    Value(Cow<'a, Value>),
    Pattern(&'a Pattern, TextRange),
}

impl<'a> Run<'a, '_> {
    /// Whether `item` passes.
    pub(super) fn accepts(&mut self, predicate: &'a Predicate, item: &'a Value) -> Result<bool, PathError> {
        match self.test(predicate, item) {
            Ok(passes) => Ok(passes),
            Err(Stop::Unfit) => Ok(false),
            Err(Stop::Error(error)) => Err(error),
        }
    }

    /// Recursion ends: the parser limits how deep conditions nest.
    fn test(&mut self, predicate: &'a Predicate, item: &'a Value) -> Answer {
        match predicate {
            Predicate::Or(parts) => self.first(parts, item, true),
            Predicate::And(parts) => self.first(parts, item, false),
            Predicate::Not(inner) => self.test(inner, item).map(|passes| !passes),
            Predicate::Exists(path) => self.exists(path, item),
            Predicate::Compare(left, operator, right) => {
                let sides = (self.side(left, item)?, self.side(right, item)?);
                self.spend(sides.0.weight().saturating_add(sides.1.weight()).saturating_add(1), left.range)?;
                compare(sides.0, *operator, sides.1)
            }
        }
    }

    /// `wanted` if some part says so, else the opposite.
    fn first(&mut self, parts: &'a [Predicate], item: &'a Value, wanted: bool) -> Answer {
        for part in parts {
            if self.test(part, item)? == wanted {
                return Ok(wanted);
            }
        }
        Ok(!wanted)
    }

    fn exists(&mut self, path: &'a Path, item: &'a Value) -> Answer {
        match self.path(path, item, Missing::Fail) {
            Ok(_) => Ok(true),
            Err(error) if error.kind == PathErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn side(&mut self, operand: &'a Operand, item: &'a Value) -> Result<Side<'a>, Stop> {
        Ok(match &operand.kind {
            OperandKind::Literal(value) => Side::Value(Cow::Borrowed(value)),
            OperandKind::Regex(pattern) => Side::Pattern(pattern, operand.range),
            OperandKind::Path(path) => self.selected(path, item)?.map_or(Side::Undefined, Side::Value),
        })
    }

    /// What a path yields, if it is found. From the document it is the same for every item.
    fn selected(&mut self, path: &'a Path, item: &'a Value) -> Result<Option<Cow<'a, Value>>, Stop> {
        if let Some((_, known)) = self.shared.iter().find(|(known, _)| std::ptr::eq(*known, path)) {
            return Ok(known.clone());
        }
        let found = match self.path(path, item, Missing::Skip) {
            Ok(value) => Some(value),
            Err(error) if error.kind == PathErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        if path.root == Root::Doc {
            self.shared.push((path, found.clone()));
        }
        Ok(found)
    }
}

impl Side<'_> {
    fn value(&self) -> Option<&Value> {
        match self {
            Side::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The items of an array; nothing for any other container.
    fn items(&self) -> Result<Option<&Array>, Stop> {
        match self.value() {
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(Value::Object(_)) => Ok(None),
            _ => Err(Stop::Unfit),
        }
    }

    fn boolean(&self) -> Result<bool, Stop> {
        self.value().and_then(Value::as_bool).ok_or(Stop::Unfit)
    }

    /// What looking at all of it costs.
    fn weight(&self) -> usize {
        match self.value() {
            Some(Value::String(text)) => text.len() / 32,
            Some(value) => value.json_len() / 32,
            None => 0,
        }
    }
}

fn compare(left: Side<'_>, operator: Comparison, right: Side<'_>) -> Answer {
    let (l, r) = (left.value(), right.value());
    match operator {
        Comparison::Eq => Ok(equal(l, r)),
        Comparison::Ne => Ok(!equal(l, r)),
        Comparison::StrictEq => Ok(same_type(l, r) && equal(l, r)),
        Comparison::StrictNe => Ok(!(same_type(l, r) && equal(l, r))),
        Comparison::Lt => Ok(order(l, r) == Some(Ordering::Less)),
        Comparison::Le => Ok(order(l, r).is_some_and(Ordering::is_le)),
        Comparison::Gt => Ok(order(l, r) == Some(Ordering::Greater)),
        Comparison::Ge => Ok(order(l, r).is_some_and(Ordering::is_ge)),
        Comparison::Matches => matches(&left, &right),
        Comparison::In => Ok(right.items()?.is_some_and(|items| has(items, l))),
        Comparison::Nin => Ok(!right.items()?.is_some_and(|items| has(items, l))),
        Comparison::Contains => Ok(contains(l, r)),
        Comparison::Size => Ok(size(l, r)),
        Comparison::Empty => empty(l, &right),
        Comparison::Exists => Ok(left.boolean()? == right.boolean()?),
        // Jayway compares with a class of Java, for which no path has a word.
        Comparison::Type => Err(Stop::Unfit),
        Comparison::All => sets(&right, &left, |right, left| right.iter().all(|item| has(left, Some(item)))),
        Comparison::SubsetOf => sets(&left, &right, |left, right| left.iter().all(|item| has(right, Some(item)))),
        Comparison::AnyOf => sets(&left, &right, |left, right| left.iter().any(|item| has(right, Some(item)))),
        Comparison::NoneOf => sets(&left, &right, |left, right| !left.iter().any(|item| has(right, Some(item)))),
    }
}

/// Equality; a number and a text are compared as what the left one is. What is not there equals nothing.
fn equal(left: Option<&Value>, right: Option<&Value>) -> bool {
    match (left, right) {
        (Some(Value::Number(left)), Some(Value::String(right))) => Number::from_text(right).as_ref() == Some(left),
        (Some(Value::String(left)), Some(Value::Number(right))) => **left == *right.to_string(),
        (Some(left), Some(right)) => left == right,
        _ => false,
    }
}

fn same_type(left: Option<&Value>, right: Option<&Value>) -> bool {
    left.map(Value::type_name) == right.map(Value::type_name)
}

/// Numbers by value, text by UTF-16 as in Java; nothing else has an order.
fn order(left: Option<&Value>, right: Option<&Value>) -> Option<Ordering> {
    match (left?, right?) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::String(left), Value::String(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        _ => None,
    }
}

fn has(items: &Array, wanted: Option<&Value>) -> bool {
    items.iter().any(|item| equal(wanted, Some(item)))
}

fn contains(left: Option<&Value>, right: Option<&Value>) -> bool {
    match (left, right) {
        (Some(Value::String(text)), Some(Value::String(part))) => text.contains(&**part),
        (Some(Value::Array(items)), wanted) => has(items, wanted),
        _ => false,
    }
}

fn size(left: Option<&Value>, right: Option<&Value>) -> bool {
    let wanted = right.and_then(Value::as_f64).map(f64::trunc);
    let found = match left {
        Some(Value::String(text)) => text.encode_utf16().count(),
        Some(Value::Array(items)) => items.len(),
        _ => return false,
    };
    wanted == Some(found as f64)
}

fn empty(left: Option<&Value>, right: &Side<'_>) -> Answer {
    let found = match left {
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
        _ => return Ok(false),
    };
    Ok(found == right.boolean()?)
}

/// Compares two arrays; an object in place of one makes it false.
fn sets(left: &Side<'_>, right: &Side<'_>, holds: impl Fn(&Array, &Array) -> bool) -> Answer {
    let (left, right) = (left.items()?, right.items()?);
    Ok(left.zip(right).is_some_and(|(left, right)| holds(left, right)))
}

/// Exactly one side is a pattern; of an array one item has to match.
fn matches(left: &Side<'_>, right: &Side<'_>) -> Answer {
    let (pattern, range, input) = match (left, right) {
        (Side::Pattern(..), Side::Pattern(..)) => return Ok(false),
        (Side::Pattern(pattern, range), input) | (input, Side::Pattern(pattern, range)) => (pattern, range, input),
        _ => return Ok(false),
    };
    let inputs = match input.value() {
        Some(Value::Array(items)) => items.iter().map(Some).collect(),
        value => vec![value],
    };
    for input in inputs {
        let matches = pattern.matches(&text_of(input));
        let error = |why| Stop::Error(PathError::new(PathErrorKind::Pattern, *range, why));
        if matches.map_err(error)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a pattern is matched against; containers and what is not there are the empty text.
fn text_of(value: Option<&Value>) -> Cow<'_, str> {
    match value {
        Some(Value::String(text)) => Cow::Borrowed(text),
        Some(scalar @ (Value::Number(_) | Value::Bool(_))) => Cow::Owned(Plain(scalar).to_string()),
        _ => Cow::Borrowed(""),
    }
}
