//! The functions at the end of a path.

use std::borrow::Cow;

use wfc_diag::TextRange;

use super::eval::{children, Found, Missing, Run};
use super::{Call, Function, Operand, OperandKind, PathError, PathErrorKind, SegmentKind};
use crate::value::{Number, Plain};
use crate::Value;

const NO_NUMBERS: &str = "Aggregation function attempted to calculate value using empty array";

impl<'a> Run<'a, '_> {
    /// What a function gives for `model` and its arguments.
    pub(super) fn call(&mut self, call: &'a Call, model: &'a Value, range: TextRange) -> Found<'a> {
        let args: Vec<_> = call.args.iter().map(|arg| self.argument(arg)).collect::<Result<_, _>>()?;
        if let (Function::Length | Function::Size, Some(arg), Some(value)) =
            (call.function, call.args.first(), args.first())
        {
            return Ok(Cow::Owned(length_of(arg, value, model)));
        }
        self.compute(call.function, model, &args, range)
    }

    /// A function behind a scan from the root is applied once, to the root; all that was found are its arguments.
    pub(super) fn scanned_call(
        &mut self,
        function: Function,
        root: &'a Value,
        found: &[&'a Value],
        range: TextRange,
    ) -> Found<'a> {
        if matches!(function, Function::Length | Function::Size) {
            return Ok(Cow::Owned(count(found.iter().map(|value| children(value)).sum())));
        }
        for value in found {
            self.charge(value, range)?;
        }
        let list: Value = found.iter().copied().cloned().collect();
        self.compute(function, root, &[Cow::Owned(list)], range)
    }

    /// Paths of arguments start from the document.
    fn argument(&mut self, arg: &'a Operand) -> Found<'a> {
        match &arg.kind {
            OperandKind::Path(path) => self.path(path, self.roots.doc, Missing::Skip),
            OperandKind::Literal(value) => Ok(Cow::Borrowed(value)),
            OperandKind::Regex(_) => Ok(Cow::Owned(Value::Null)),
        }
    }

    fn compute(
        &mut self,
        function: Function,
        model: &'a Value,
        args: &[Cow<'a, Value>],
        range: TextRange,
    ) -> Found<'a> {
        self.spend(children(model) + args.iter().map(|arg| 1 + children(arg)).sum::<usize>(), range)?;
        let result = match function {
            Function::Length | Function::Size => Ok(Cow::Owned(length(model))),
            Function::Keys => Ok(Cow::Owned(keys(model))),
            Function::Append => Ok(append(model, args)),
            Function::Concat => Ok(Cow::Owned(concat(model, args).into())),
            Function::First => nth(model, Some(0.0)).map(Cow::Borrowed),
            Function::Last => nth(model, Some(-1.0)).map(Cow::Borrowed),
            Function::Index => nth(model, parts(args).find_map(Value::as_f64)).map(Cow::Borrowed),
            Function::Sum | Function::Avg | Function::Min | Function::Max | Function::StdDev => {
                aggregate(function, model, args).map(|number| Cow::Owned(number.into()))
            }
        };
        let result = result.map_err(|why| PathError::new(PathErrorKind::Function, range, why))?;
        if let Cow::Owned(made) = &result {
            self.charge(made, range)?;
        }
        Ok(result)
    }
}

/// How many items or members there are in what an argument selects; what is no path does not count.
fn length_of(arg: &Operand, value: &Value, model: &Value) -> Value {
    let Some(path) = arg.path() else { return length(model) };
    let calls = path.segments.last().is_some_and(|last| matches!(last.kind, SegmentKind::Call(_)));
    match value {
        Value::Array(items) if !path.definite() => count(items.iter().map(children).sum()),
        Value::Array(items) => count(items.len()),
        Value::Object(members) if !calls => count(members.len()),
        _ if calls => length(model),
        _ => count(0),
    }
}

fn length(model: &Value) -> Value {
    match model {
        Value::Array(_) | Value::Object(_) => count(children(model)),
        _ => Value::Null,
    }
}

fn count(n: usize) -> Value {
    Number::from(n as u64).into()
}

fn keys(model: &Value) -> Value {
    let Value::Object(members) = model else { return Value::Null };
    members.entries().iter().map(|(name, _)| Value::from(name.clone())).collect()
}

fn append<'a>(model: &'a Value, args: &[Cow<'a, Value>]) -> Cow<'a, Value> {
    let Value::Array(items) = model else { return Cow::Borrowed(model) };
    Cow::Owned(items.iter().cloned().chain(args.iter().map(|arg| arg.clone().into_owned())).collect())
}

/// Text in an array is joined; of arguments everything but `null` is.
fn concat(model: &Value, args: &[Cow<'_, Value>]) -> String {
    let texts = model.as_array().into_iter().flat_map(|items| items.iter().filter_map(Value::as_str));
    let mut out: String = texts.collect();
    for part in parts(args).filter(|part| !part.is_null()) {
        out.push_str(&Plain(part).to_string());
    }
    out
}

/// The item at an index, which counts from the end if it is negative.
fn nth(model: &Value, index: Option<f64>) -> Result<&Value, String> {
    let items = model.as_array().ok_or(NO_NUMBERS)?;
    let index = index.ok_or("the function index needs a number")?.trunc();
    let place = if index < 0.0 { items.len() as f64 + index } else { index };
    // A place below zero is refused; one behind the end saturates to a place behind the end.
    let found = (place >= 0.0).then(|| items.get(place as usize)).flatten();
    found.ok_or_else(|| format!("Target index:{index} larger than object count:{}", items.len()))
}

/// Jayway starts `max` at the least positive number; here the greatest number is the greatest.
fn aggregate(function: Function, model: &Value, args: &[Cow<'_, Value>]) -> Result<Number, String> {
    let items = model.as_array().into_iter().flat_map(|items| items.iter());
    let numbers: Vec<f64> = items.chain(parts(args)).filter_map(Value::as_f64).collect();
    if numbers.is_empty() {
        return Err(NO_NUMBERS.to_owned());
    }
    let count = numbers.len() as f64;
    let sum: f64 = numbers.iter().sum();
    let result = match function {
        Function::Min => numbers.iter().copied().fold(f64::INFINITY, f64::min),
        Function::Max => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Function::Avg => sum / count,
        Function::StdDev => {
            let squares: f64 = numbers.iter().map(|n| n * n).sum();
            // Rounding may put equal numbers a little below zero.
            (squares / count - sum * sum / count / count).max(0.0).sqrt()
        }
        _ => sum,
    };
    Number::from_f64_whole(result).ok_or_else(|| format!("the result of {} is not a finite number", function.text()))
}

/// Arguments, the items of arrays in place of them.
fn parts<'s>(args: &'s [Cow<'_, Value>]) -> impl Iterator<Item = &'s Value> {
    args.iter().flat_map(|arg| match &**arg {
        Value::Array(items) => items.iter(),
        _ => std::slice::from_ref(&**arg).iter(),
    })
}
