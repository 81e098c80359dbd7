//! The result of a call.
//!
//! Where no recorded answer shows what is refused, the owner's documentation decides.

mod arrays;
mod numbers;
mod text;

use std::fmt;

use wfc_diag::TextRange;

use super::{Arg, ArgKind, Call, Function, Kind, PathOrCall};
use crate::budget::Exceeded;
use crate::jsonpath::{PathError, PathErrorKind};
use crate::value::Number;
use crate::{Budget, Roots, Value};

/// So many bytes of an argument cost as much as one operation.
const WEIGHT: usize = 32;

/// Where a call takes its randomness from.
pub trait Chance {
    /// Sixteen random bytes for an identifier; its version and variant are set by the caller.
    fn uuid(&mut self) -> [u8; 16];
    /// A number from 0 up to 1, which is never reached.
    fn random_f64(&mut self) -> f64;
}

/// Why a call has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntrinsicError {
    /// What sort of reason.
    pub kind: IntrinsicErrorKind,
    /// The part that failed, in the text the call was parsed from.
    pub range: TextRange,
    /// One sentence: what is wrong.
    pub message: String,
}

/// Sorts of reasons why a call has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntrinsicErrorKind {
    /// A path among the arguments, or the path itself where no function is called.
    Path(PathErrorKind),
    /// A function refuses its arguments.
    Failure,
    /// The evaluation does more than it may.
    Exceeded(Exceeded),
}

impl IntrinsicError {
    /// The name a workflow catches the error by.
    pub fn name(&self) -> &'static str {
        match self.kind {
            IntrinsicErrorKind::Failure => "States.IntrinsicFailure",
            IntrinsicErrorKind::Path(_) | IntrinsicErrorKind::Exceeded(_) => "States.Runtime",
        }
    }
}

impl fmt::Display for IntrinsicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for IntrinsicError {}

impl From<PathError> for IntrinsicError {
    fn from(error: PathError) -> Self {
        let kind = match error.kind {
            PathErrorKind::Exceeded(limit) => IntrinsicErrorKind::Exceeded(limit),
            kind => IntrinsicErrorKind::Path(kind),
        };
        Self { kind, range: error.range, message: error.message }
    }
}

impl PathOrCall {
    /// The value a path selects or a call gives.
    pub fn eval(
        &self,
        roots: &Roots<'_>,
        chance: &mut dyn Chance,
        budget: &mut Budget,
    ) -> Result<Value, IntrinsicError> {
        match self {
            PathOrCall::Path(path) => Ok(path.eval(roots, budget)?),
            PathOrCall::Call(call) => call.eval(roots, chance, budget),
        }
    }
}

impl Call {
    /// What the function gives for its arguments.
    pub fn eval(
        &self,
        roots: &Roots<'_>,
        chance: &mut dyn Chance,
        budget: &mut Budget,
    ) -> Result<Value, IntrinsicError> {
        Run { roots, chance, budget }.call(self)
    }
}

/// One evaluation.
struct Run<'a, 'b> {
    roots: &'a Roots<'a>,
    chance: &'b mut dyn Chance,
    budget: &'b mut Budget,
}

impl Run<'_, '_> {
    /// Recursion ends: the parser limits how deep calls nest.
    fn call(&mut self, call: &Call) -> Result<Value, IntrinsicError> {
        let values: Vec<Value> = call.args.iter().map(|arg| self.arg(arg)).collect::<Result<_, _>>()?;
        let args = Args { call, values: &values };
        args.check_number()?;
        args.check_kinds()?;
        let weight = values.iter().map(|value| 1 + value.json_len() / WEIGHT).fold(0, usize::saturating_add);
        self.budget.ops(weight).map_err(|limit| args.exceeded(limit))?;
        if matches!(call.function, Function::Format | Function::JsonToString | Function::Hash) {
            // Before anything is written: a value of shared parts can be longer than memory.
            self.charge(&values, &args)?;
            return self.apply(&args);
        }
        let result = self.apply(&args)?;
        self.charge(std::slice::from_ref(&result), &args)?;
        Ok(result)
    }

    fn charge(&mut self, values: &[Value], args: &Args<'_>) -> Result<(), IntrinsicError> {
        let bytes = values.iter().map(Value::json_len).fold(0, usize::saturating_add);
        self.budget.bytes(bytes).map_err(|limit| args.exceeded(limit))
    }

    fn arg(&mut self, arg: &Arg) -> Result<Value, IntrinsicError> {
        Ok(match &arg.kind {
            ArgKind::Path(path) => path.eval(self.roots, self.budget)?,
            ArgKind::Call(call) => self.call(call)?,
            ArgKind::String(text) => Value::from(&*text.value),
            ArgKind::Number(number) => Value::from(number.clone()),
            ArgKind::Bool(value) => Value::from(*value),
            ArgKind::Null => Value::Null,
        })
    }

    fn apply(&mut self, args: &Args<'_>) -> Result<Value, IntrinsicError> {
        match args.call.function {
            Function::Format => text::format(args),
            Function::StringToJson => text::string_to_json(args),
            Function::JsonToString => Ok(Value::from(args.values[0].to_json())),
            Function::StringSplit => Ok(text::split(args)),
            Function::Base64Encode => text::base64_encode(args),
            Function::Base64Decode => text::base64_decode(args),
            Function::Hash => text::hash(args),
            Function::UUID => Ok(Value::from(numbers::uuid(self.chance.uuid()))),
            Function::MathAdd => numbers::add(args),
            Function::MathRandom => numbers::random(args, self.chance),
            Function::ArrayRange => numbers::range(args),
            Function::Array => Ok(Value::from(args.values.to_vec())),
            Function::ArrayPartition => arrays::partition(args),
            Function::ArrayContains => Ok(Value::from(args.items(0).contains(&args.values[1]))),
            Function::ArrayGetItem => arrays::item(args),
            Function::ArrayLength => Ok(Value::from(Number::from(args.items(0).len() as u64))),
            Function::ArrayUnique => arrays::unique(args, self.budget),
            Function::JsonMerge => arrays::merge(args),
        }
    }
}

/// A call with the values of its arguments.
struct Args<'a> {
    call: &'a Call,
    values: &'a [Value],
}

impl Args<'_> {
    /// The parser demands as much, but a call can be built without it.
    fn check_number(&self) -> Result<(), IntrinsicError> {
        let (least, most) = self.call.function.arity();
        if (least..=most.unwrap_or(usize::MAX)).contains(&self.values.len()) {
            return Ok(());
        }
        Err(self.failure(self.values.len(), "is missing or one too many"))
    }

    fn check_kinds(&self) -> Result<(), IntrinsicError> {
        for (index, value) in self.values.iter().enumerate() {
            let wanted = self.call.function.param(index).unwrap_or(Kind::Any);
            if wanted != Kind::Any && wanted != Kind::of(value) {
                let found = Kind::of(value).noun();
                return Err(self.failure(index, format!("must be {}, not {found}", wanted.noun())));
            }
        }
        Ok(())
    }

    /// Argument `index` is refused; `why` goes on after the argument is named.
    fn failure(&self, index: usize, why: impl fmt::Display) -> IntrinsicError {
        let range = self.call.args.get(index).map_or(self.call.range, |arg| arg.range);
        let message = format!("argument {} of States.{} {why}", index + 1, self.call.function.name());
        IntrinsicError { kind: IntrinsicErrorKind::Failure, range, message }
    }

    fn exceeded(&self, limit: Exceeded) -> IntrinsicError {
        IntrinsicError { kind: IntrinsicErrorKind::Exceeded(limit), range: self.call.range, message: limit.to_string() }
    }

    /// The text of an argument that must be one.
    fn text(&self, index: usize) -> &str {
        self.values[index].as_str().unwrap_or_default()
    }

    /// The items of an argument that must be an array.
    fn items(&self, index: usize) -> &[Value] {
        self.values[index].as_array().map(|array| &**array).unwrap_or_default()
    }
}

impl Kind {
    fn of(value: &Value) -> Kind {
        match value {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Bool,
            Value::Number(_) => Kind::Number,
            Value::String(_) => Kind::String,
            Value::Array(_) => Kind::Array,
            Value::Object(_) => Kind::Object,
        }
    }
}
