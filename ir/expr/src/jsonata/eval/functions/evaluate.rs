//! `$eval`

use std::sync::Arc;

use super::Args;
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
    let ast = parse(&text).map_err(|error| {
        let message = error.to_string();
        Fault::new("D3120").value(Item::text(message)).boxed()
    })?;
    let code = Arc::new(compile(&ast, &machine.symbols));
    machine.symbols = code.names.clone();
    let place = Place { code: &code, frame: args.place.frame };
    machine.eval(code.root, &input, place).map_err(|fault| match fault.code {
        crate::jsonata::error::LIMIT => fault,
        _ => Fault::new("D3121").value(Item::text(fault.message())).boxed(),
    })
}
