//! Operators between values.

use std::cmp::Ordering;

use super::code::{Id, Node};
use super::error::{Eval, Fault};
use super::functions;
use super::item::{Item, View};
use super::order::{compare_text, is_equal, is_same};
use super::run::{Machine, Place};
use crate::jsonata::ast::BinaryOp;

/// The reference allows no range longer than this.
const LONGEST_RANGE: f64 = 1e7;

impl Machine<'_> {
    /// `left op right`, where the left operand has the value `left`.
    pub(super) fn binary(
        &mut self,
        node: &Node,
        op: BinaryOp,
        left: Item,
        right: Id,
        input: &Item,
        place: Place<'_>,
    ) -> Eval<Item> {
        match op {
            BinaryOp::And | BinaryOp::Or => {
                let result = self.connective(op, &left, right, input, place);
                return result.map_err(|fault| fault.operator(op.symbol()).at(node.range));
            }
            BinaryOp::Default if functions::is_true(&left, &mut self.meter)? => return Ok(left),
            BinaryOp::Coalesce if !left.is_nothing() => return Ok(left),
            BinaryOp::Default | BinaryOp::Coalesce => return self.eval(right, input, place),
            _ => {}
        }
        let right = self.eval(right, input, place)?;
        self.operate(op, left, right).map_err(|fault| fault.operator(op.symbol()).at(node.range))
    }

    fn connective(&mut self, op: BinaryOp, left: &Item, right: Id, input: &Item, place: Place<'_>) -> Eval<Item> {
        let left = functions::is_true(left, &mut self.meter)?;
        if left == (op == BinaryOp::Or) {
            return Ok(Item::bool(left));
        }
        let right = self.eval(right, input, place)?;
        Ok(Item::bool(functions::is_true(&right, &mut self.meter)?))
    }

    fn operate(&mut self, op: BinaryOp, left: Item, right: Item) -> Eval<Item> {
        match op {
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => {
                arithmetic(op, &left, &right)
            }
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let known = !left.is_nothing() && !right.is_nothing();
                let equal = known && is_equal(&left, &right, &mut self.meter)?;
                Ok(Item::bool(known && equal == (op == BinaryOp::Equal)))
            }
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                comparison(op, &left, &right)
            }
            BinaryOp::Concat => self.concat(&left, &right),
            BinaryOp::In => Ok(Item::bool(is_in(&left, &right))),
            _ => Ok(Item::Nothing),
        }
    }

    fn concat(&mut self, left: &Item, right: &Item) -> Eval<Item> {
        let left = functions::to_text(left, &mut self.meter)?.unwrap_or_default();
        let right = functions::to_text(right, &mut self.meter)?.unwrap_or_default();
        self.meter.build(left.len() + right.len())?;
        let mut joined = String::with_capacity(left.len() + right.len());
        joined.push_str(&left);
        joined.push_str(&right);
        Ok(Item::text(joined))
    }

    /// `from..to`
    pub(super) fn range(&mut self, from: Item, to: Item) -> Eval<Item> {
        for (code, end) in [("T2003", &from), ("T2004", &to)] {
            let whole = end.as_number().is_some_and(|number| number.is_finite() && number.fract() == 0.0);
            if !whole && !end.is_nothing() {
                return Err(Fault::new(code).value(end.clone()).boxed());
            }
        }
        let (Some(from), Some(to)) = (from.as_number(), to.as_number()) else { return Ok(Item::Nothing) };
        if from > to {
            return Ok(Item::Nothing);
        }
        let size = to - from + 1.0;
        if size > LONGEST_RANGE {
            return Err(Fault::new("D2014").value(Item::Number(size)).boxed());
        }
        if size > self.meter.range_limit() as f64 {
            return Err(Fault::new("D2015").value(Item::Number(size)).boxed());
        }
        // At most ten million, as checked above.
        let count = size as usize;
        self.meter.items(count)?;
        Ok(Item::sequence((0..count).map(|at| Item::Number(from + at as f64)).collect()))
    }

    /// `-operand`
    pub(super) fn negate(&mut self, operand: Item) -> Eval<Item> {
        if operand.is_nothing() {
            return Ok(operand);
        }
        match functions::numeric(&operand)? {
            Some(number) => Ok(Item::Number(-number)),
            None => Err(Fault::new("D1002").value(operand).boxed()),
        }
    }
}

fn arithmetic(op: BinaryOp, left: &Item, right: &Item) -> Eval<Item> {
    let left = operand(left, "T2001")?;
    let right = operand(right, "T2002")?;
    let (Some(left), Some(right)) = (left, right) else { return Ok(Item::Nothing) };
    Ok(Item::Number(match op {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::Divide => left / right,
        _ => left % right,
    }))
}

fn operand(item: &Item, code: &'static str) -> Eval<Option<f64>> {
    match functions::numeric(item)? {
        None if !item.is_nothing() => Err(Fault::new(code).value(item.clone()).boxed()),
        number => Ok(number),
    }
}

fn comparison(op: BinaryOp, left: &Item, right: &Item) -> Eval<Item> {
    let comparable = |item: &Item| matches!(item.view(), View::Nothing | View::Text(_) | View::Number(_));
    if !comparable(left) || !comparable(right) {
        let named = |item: &Item| matches!(item.view(), View::Text(_) | View::Number(_));
        let wrong = if named(left) { right } else { left };
        return Err(Fault::new("T2010").value(wrong.clone()).boxed());
    }
    let order = match (left.view(), right.view()) {
        (View::Nothing, _) | (_, View::Nothing) => return Ok(Item::Nothing),
        (View::Number(left), View::Number(right)) => left.partial_cmp(&right),
        (View::Text(left), View::Text(right)) => Some(compare_text(left, right)),
        _ => return Err(Fault::new("T2009").value(left.clone()).value2(right.clone()).boxed()),
    };
    let holds = order.is_some_and(|order| match op {
        BinaryOp::Less => order == Ordering::Less,
        BinaryOp::LessEqual => order != Ordering::Greater,
        BinaryOp::Greater => order == Ordering::Greater,
        _ => order != Ordering::Less,
    });
    Ok(Item::bool(holds))
}

fn is_in(left: &Item, right: &Item) -> bool {
    if left.is_nothing() || right.is_nothing() {
        return false;
    }
    match right.as_items() {
        Some(items) => items.iter().any(|item| is_same(&item, left)),
        None => is_same(right, left),
    }
}
