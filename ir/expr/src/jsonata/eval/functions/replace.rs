//! `$replace`

use std::sync::Arc;

use super::matching::{between, limit, Hit};
use super::{to_text, Args};
use crate::jsonata::eval::error::{Eval, Fault};
use crate::jsonata::eval::item::Item;
use crate::jsonata::eval::run::Machine;

pub(super) fn replace(machine: &mut Machine<'_>, args: Args<'_>) -> Eval<Item> {
    let Some(text) = args.text(0)? else { return Ok(Item::Nothing) };
    let pattern = args.get(1).as_text().cloned();
    if pattern.as_deref() == Some("") {
        return Err(Fault::new("D3010").value(args.get(1).clone()).index(2).boxed());
    }
    let limit = limit(&args, 3, "D3011")?;
    if limit <= 0.0 {
        return Ok(Item::text(text));
    }
    machine.meter.work(text.len() / 16)?;
    match pattern {
        Some(pattern) => replace_text(machine, &text, &pattern, limit, &args),
        None => replace_matches(machine, &text, limit, &args),
    }
}

fn replace_text(machine: &mut Machine<'_>, text: &str, pattern: &str, limit: f64, args: &Args<'_>) -> Eval<Item> {
    // A function is put in as its own text in the reference; here it leaves nothing.
    let replacement = to_text(args.get(2), &mut machine.meter)?.unwrap_or_else(|| "undefined".into());
    let mut result = String::new();
    let mut at = 0;
    let mut count = 0.0;
    while let Some(found) = text[at..].find(pattern).filter(|_| count < limit) {
        machine.meter.work(1)?;
        machine.meter.build(found + replacement.len())?;
        result.push_str(&text[at..at + found]);
        result.push_str(&replacement);
        at += found + pattern.len();
        count += 1.0;
    }
    machine.meter.build(text.len() - at)?;
    result.push_str(&text[at..]);
    Ok(Item::text(result))
}

fn replace_matches(machine: &mut Machine<'_>, text: &Arc<str>, limit: f64, args: &Args<'_>) -> Eval<Item> {
    let mut hit = machine.first_hit(args.get(1), text, args)?;
    let mut result = String::new();
    let mut at = 0;
    let mut count = 0.0;
    while let Some(found) = hit {
        if count >= limit {
            break;
        }
        machine.meter.work(1)?;
        let before = between(text, at, found.start);
        let replacement = replacement(machine, &found, text, args)?;
        machine.meter.build(before.len() + replacement.len())?;
        result.push_str(before);
        result.push_str(&replacement);
        at = found.end;
        count += 1.0;
        hit = machine.next_hit(found, text, args)?;
    }
    machine.meter.build(text.len() - at)?;
    result.push_str(&text[at..]);
    Ok(Item::text(result))
}

fn replacement(machine: &mut Machine<'_>, hit: &Hit, text: &Arc<str>, args: &Args<'_>) -> Eval<Arc<str>> {
    match args.get(2) {
        Item::Function(_) => {
            let made = machine.invoke(args.get(2), vec![hit.object(text)], args)?;
            made.as_text().cloned().ok_or_else(|| Fault::new("D3012").value(made).boxed())
        }
        other => match other.as_text() {
            Some(template) => substitute(machine, template, hit),
            None => Err(Fault::exception("replacer.apply is not a function").boxed()),
        },
    }
}

/// The replacement with `$0`, `$1` … filled in.
fn substitute(machine: &mut Machine<'_>, template: &Arc<str>, hit: &Hit) -> Eval<Arc<str>> {
    let Some(first) = template.find('$') else { return Ok(template.clone()) };
    let mut out = template[..first].to_owned();
    let mut rest = &template[first..];
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('0') {
            out.push_str(hit.matched.as_text().map_or("", |text| text));
            rest = after;
        } else {
            rest = substitute_group(&mut out, rest, &hit.groups);
        }
        machine.meter.build(out.len().saturating_sub(template.len()))?;
    }
    out.push_str(rest);
    Ok(out.into())
}

/// Fills in the group that `rest` begins with the number of, and returns what is behind it.
fn substitute_group<'a>(out: &mut String, rest: &'a str, groups: &[Item]) -> &'a str {
    let count = groups.len();
    let digits = if count == 0 { 1 } else { ((count as f64).ln() * std::f64::consts::LOG10_E).floor() as usize + 1 };
    let mut index = leading_number(rest, digits);
    if digits > 1 && index.is_some_and(|index| index > count) {
        index = leading_number(rest, digits - 1);
    }
    let Some(index) = index else {
        out.push('$');
        return rest;
    };
    let group = index.checked_sub(1).and_then(|at| groups.get(at)).and_then(Item::as_text);
    out.push_str(group.map_or("", |text| text));
    &rest[index.to_string().len()..]
}

/// The number that up to `digits` digits at the start of `text` give.
fn leading_number(text: &str, digits: usize) -> Option<usize> {
    let length = text.bytes().take(digits).take_while(u8::is_ascii_digit).count();
    text[..length].parse().ok()
}
