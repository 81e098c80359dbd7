//! What a JSONata expression reads: paths from `$states` and from variables, and what they are compared with.

use std::sync::Arc;

use wfc_expr::jsonata::{self, Ast, BinaryOp, Expr, NodeId};
use wfc_plan::Root;
use wfc_run_tokio::work::mock::{Guess, Part};

use super::facts::Facts;
use super::reads::Reader;

/// Notes what is read; gives what is known of the value, if the whole expression is one path.
pub(super) fn read(reader: &mut Reader<'_>, text: &str, guess: Guess) -> Facts {
    let Ok(ast) = jsonata::parse(text) else { return Facts::default() };
    let mut work = vec![(ast.root(), guess.clone())];
    while let Some((id, guess)) = work.pop() {
        if let Some(path) = path(&ast, id) {
            let facts = facts(reader, &path);
            reader.note(&facts, guess);
        }
        let before = work.len();
        children(&ast, id, &mut work);
        // What stands first in the text is looked at first.
        work[before..].reverse();
    }
    path(&ast, ast.root()).map(|path| facts(reader, &path)).unwrap_or_default()
}

/// A path from a variable.
struct FromVariable<'a> {
    variable: &'a str,
    parts: Vec<Part>,
}

fn facts(reader: &Reader<'_>, path: &FromVariable<'_>) -> Facts {
    if path.variable != "states" {
        return reader.var(path.variable).select(&path.parts);
    }
    let is = |at: usize, name: &str| matches!(path.parts.get(at), Some(Part::Member(own)) if **own == *name);
    if is(0, "result") {
        reader.docs.of(Root::Result).select(&path.parts[1..])
    } else if is(0, "input") {
        reader.docs.of(Root::Raw).select(&path.parts[1..])
    } else if is(0, "context") {
        reader.context().select(&path.parts[1..])
    } else {
        Facts::default()
    }
}

/// The parts of a form with what each of them seems to be.
fn children(ast: &Ast, id: NodeId, work: &mut Vec<(NodeId, Guess)>) {
    if let Expr::Binary { op, left, right } = ast.expr(id) {
        work.push((left, operand(ast, op, right, false)));
        work.push((right, operand(ast, op, left, true)));
        return;
    }
    ast.children(id, |child| work.push((child, Guess::Any)));
}

/// What an operand seems to be, given the other one; `mirrored` for the right one.
fn operand(ast: &Ast, op: BinaryOp, other: NodeId, mirrored: bool) -> Guess {
    let number = match ast.expr(other) {
        Expr::Number(number) => Some(number),
        _ => None,
    };
    match op {
        BinaryOp::Equal => literal(ast, other),
        BinaryOp::Greater | BinaryOp::Less => match number {
            Some(bound) if (op == BinaryOp::Greater) != mirrored => Guess::Above(bound),
            Some(bound) => Guess::Below(bound),
            None => Guess::Number,
        },
        BinaryOp::GreaterEqual | BinaryOp::LessEqual => literal(ast, other),
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => Guess::Number,
        BinaryOp::And | BinaryOp::Or => Guess::Flag,
        BinaryOp::Concat => Guess::Text,
        _ => Guess::Any,
    }
}

fn literal(ast: &Ast, id: NodeId) -> Guess {
    match ast.expr(id) {
        Expr::String(text) => Guess::Is(ast.text(text).into()),
        Expr::Boolean(flag) => Guess::Is(flag.into()),
        Expr::Number(number) => {
            wfc_expr::value::Number::from_f64_whole(number).map_or(Guess::Number, |number| Guess::Is(number.into()))
        }
        _ => Guess::Any,
    }
}

/// The path a form is, if it begins with a variable and has only names and indices behind it.
fn path(ast: &Ast, id: NodeId) -> Option<FromVariable<'_>> {
    let mut parts = Vec::new();
    let mut at = id;
    loop {
        match ast.expr(at) {
            Expr::Variable(name) => {
                parts.reverse();
                let variable = Some(ast.text(name)).filter(|name| !name.is_empty() && *name != "$")?;
                return Some(FromVariable { variable, parts });
            }
            Expr::Path { left, right } => {
                step(ast, right, &mut parts)?;
                at = left;
            }
            Expr::Filter { left, predicate } => {
                parts.push(place(ast, predicate));
                at = left;
            }
            Expr::KeepArray { left } => at = left,
            _ => return None,
        }
    }
}

/// A step of a path, last part first.
fn step(ast: &Ast, id: NodeId, parts: &mut Vec<Part>) -> Option<()> {
    let mut at = id;
    loop {
        match ast.expr(at) {
            Expr::Name(name) => {
                parts.push(Part::Member(Arc::from(ast.text(name))));
                return Some(());
            }
            Expr::Filter { left, predicate } => {
                parts.push(place(ast, predicate));
                at = left;
            }
            Expr::KeepArray { left } => at = left,
            _ => return None,
        }
    }
}

fn place(ast: &Ast, predicate: NodeId) -> Part {
    match ast.expr(predicate) {
        // Whole and small, or it is no place that is made up.
        Expr::Number(number) if number >= 0.0 && number.fract() == 0.0 && number < 1000.0 => {
            Part::Item(number as usize)
        }
        _ => Part::Each,
    }
}
