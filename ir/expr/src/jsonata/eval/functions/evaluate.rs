//! `$eval`

use std::sync::Arc;

use super::Args;
use crate::jsonata::error::LIMIT;
use crate::jsonata::eval::code::Code;
use crate::jsonata::eval::compile::compile;
use crate::jsonata::eval::error::{Eval, Fault};
use crate::jsonata::eval::item::{Flags, Item};
use crate::jsonata::eval::run::{Machine, Place};
use crate::jsonata::parse::parse;

pub(super) fn eval(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(text) = args.text(0)? else { return Ok(Item::Nothing) };
    machine.meter.work(text.len())?;
    machine.meter.build(text.len().saturating_mul(64))?;
    let input = match args.get(1) {
        Item::Nothing => args.input.clone(),
        focus if focus.is_array() && !focus.flags().sequence => {
            Item::list(vec![focus.clone()], Flags { outer_wrapper: true, ..Flags::SEQUENCE })
        }
        focus => focus.clone(),
    };
    let code = prepare(machine, &text)?;
    machine.symbols = code.names.clone();
    let place = Place { code: &code, frame: args.place.frame };
    machine.meter.enter()?;
    let result = machine.eval(code.root, &input, place).map_err(|fault| match fault.code {
        LIMIT => fault,
        _ => Fault::new("D3121").value(Item::text(fault.message())).boxed(),
    })?;
    machine.meter.leave();
    Ok(result)
}

fn prepare(machine: &Machine<'_>, text: &str) -> Eval<Arc<Code>> {
    let ast = parse(text).map_err(|error| Fault::new("D3120").value(Item::text(error.to_string())).boxed())?;
    Ok(Arc::new(compile(&ast, &machine.symbols)))
}
