//! What can be said about a call without running it: number and kinds of arguments.

use super::{Arg, ArgKind, Call, Function, Kind, Text};
use crate::nearest::nearest;
use crate::rules::{INTRINSIC_SYNTAX, WRONG_ARITY};
use crate::ExprError;

/// The algorithms of `States.Hash`.
pub(super) const ALGORITHMS: [&str; 5] = ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"];

/// Checks a call whose inner calls have been checked.
pub(super) fn check(call: &Call) -> Result<(), ExprError> {
    arity(call)?;
    kinds(call)?;
    match (call.function, call.args.as_slice()) {
        (Function::Format, [Arg { kind: ArgKind::String(template), .. }, values @ ..]) => {
            holes(call, template, values.len())
        }
        (Function::Hash, [_, Arg { kind: ArgKind::String(name), range }]) if !ALGORITHMS.contains(&&*name.value) => {
            let message = format!("`{}` is not an algorithm of States.Hash", name.value);
            let known = nearest(&name.value, ALGORITHMS);
            let help = known.map_or_else(
                || format!("use one of {}", ALGORITHMS.join(", ")),
                |known| format!("did you mean `{known}`?"),
            );
            Err(ExprError::new(&INTRINSIC_SYNTAX, *range, message).help(help))
        }
        _ => Ok(()),
    }
}

fn arity(call: &Call) -> Result<(), ExprError> {
    let (least, most) = call.function.arity();
    let given = call.args.len();
    if given >= least && most.is_none_or(|most| given <= most) {
        return Ok(());
    }
    let wanted = match most {
        Some(most) if most == least => count(least),
        Some(most) => format!("{least} to {most} arguments"),
        None => format!("at least {}", count(least)),
    };
    let message = format!("States.{} takes {wanted}, not {given}", call.function.name());
    Err(ExprError::new(&WRONG_ARITY, call.range, message))
}

fn count(n: usize) -> String {
    match n {
        0 => "no arguments".into(),
        1 => "1 argument".into(),
        n => format!("{n} arguments"),
    }
}

fn kinds(call: &Call) -> Result<(), ExprError> {
    for (index, arg) in call.args.iter().enumerate() {
        let (wanted, given) = (call.function.param(index).unwrap_or(Kind::Any), arg.kind.known());
        if wanted != Kind::Any && given != Kind::Any && wanted != given {
            let message = format!(
                "argument {} of States.{} must be {}, not {}",
                index + 1,
                call.function.name(),
                wanted.noun(),
                given.noun()
            );
            return Err(
                ExprError::new(&INTRINSIC_SYNTAX, arg.range, message).label(format!("this is {}", given.noun()))
            );
        }
    }
    Ok(())
}

fn holes(call: &Call, template: &Text, values: usize) -> Result<(), ExprError> {
    let holes = template.holes.len();
    if holes == values {
        return Ok(());
    }
    let follow = if values == 1 { "value follows" } else { "values follow" };
    let message = format!("the template has {holes} `{{}}` but {values} {follow} it");
    Err(ExprError::new(&WRONG_ARITY, call.range, message)
        .help("give one value for each `{}`; braces meant as text are `\\{` and `\\}`"))
}

impl ArgKind {
    /// What the argument is, as far as is known; `Any` if it is not.
    fn known(&self) -> Kind {
        match self {
            ArgKind::Path(_) => Kind::Any,
            ArgKind::Call(call) => call.function.result(),
            ArgKind::String(_) => Kind::String,
            ArgKind::Number(_) => Kind::Number,
            ArgKind::Bool(_) => Kind::Bool,
            ArgKind::Null => Kind::Null,
        }
    }
}
