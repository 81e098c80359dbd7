//! JSONata expressions against the reference implementation, both timed from inside.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::options::Options;
use crate::{peers, place};

/// Name, document and text of each expression.
const CASES: [(&str, &str, &str); 16] = [
    ("path", "order", "customer.orders.lines.price"),
    ("sum of products", "order", "$sum(customer.orders.lines.(price * quantity))"),
    (
        "object constructor",
        "order",
        r#"{"who": customer.name, "ids": customer.orders.id, "total": $sum(customer.orders.lines.price)}"#,
    ),
    ("path over 1,000", "items", "items.price"),
    ("filter, sort, objects", "items", r#"items[price > 50]^(>price, id).{"id": id, "cost": price * quantity}"#),
    (
        "map of filter, lambdas",
        "items",
        "$map($filter(items, function($i) { $i.active }), function($i) { $i.price * 2 })",
    ),
    ("strings, regex replace", "items", r#"items.($uppercase(name) & "/" & $replace(name, /[aeiou]+/, "-"))"#),
    ("regex contains", "items", "$count(items[$contains(name, /^item-\\d*7 /)])"),
    ("regex match", "items", "items.$match(name, /(\\w+)-(\\d+)/).groups[1]"),
    ("regex split", "items", "items.$split(name, /[-\\s]+/)[1]"),
    ("group by", "items", "items{group: $sum(price)}"),
    ("reduce", "items", "$reduce(items.price, function($sum, $price) { $sum + $price })"),
    ("sort by a function", "items", "$sort(items, function($l, $r) { $l.price > $r.price }).id"),
    ("join", "items", r#"$join(items.(name & ":" & $string(price)), ", ")"#),
    ("distinct", "items", "$distinct(items.group)"),
    ("fib(16)", "order", "($f := function($n) { $n < 2 ? $n : $f($n - 1) + $f($n - 2) }; $f(16))"),
];

/// What was measured of an expression.
#[derive(Clone, Debug, Default)]
struct Times {
    compiled: Vec<f64>,
    full: Vec<f64>,
    answer: String,
}

/// Times all expressions, with the peer if it is there, and prints a table.
pub(crate) fn measure(options: &Options, inside: &str, folder: &Path) -> Result<(), String> {
    let cases = place::write(folder, "expressions.json", &document(options))?;
    let mut commands = vec![[inside, "jsonata", &cases].map(str::to_owned).to_vec()];
    if options.peers {
        match peers::jsonata(&cases) {
            Ok(peer) => commands.push(peer),
            Err(why) => println!("(jsonata left out: {why})"),
        }
    }
    let mut times = vec![vec![Times::default(); CASES.len()]; commands.len()];
    for _ in 0..options.rounds {
        for (command, times) in commands.iter().zip(&mut times) {
            round(command, times)?;
        }
    }
    print(&times);
    Ok(())
}

fn document(options: &Options) -> String {
    let cases = CASES
        .iter()
        .map(|(name, document, text)| serde_json::json!({ "name": name, "document": document, "text": text }));
    let line = |n: u32| serde_json::json!({ "price": 10 + n, "quantity": n % 3 + 1 });
    let order = |n: u32| serde_json::json!({ "id": n, "lines": [line(n), line(n + 1)] });
    let customer = serde_json::json!({ "name": "Ada", "orders": [order(1), order(2), order(3)] });
    let item = |n: u32| {
        let name = format!("item-{n} of the store");
        serde_json::json!({ "id": n, "name": name, "group": format!("g{}", n % 10), "price": n * 7919 % 1000,
            "quantity": n % 5 + 1, "active": n % 3 == 0 })
    };
    let items: Vec<Value> = (0..1_000).map(item).collect();
    let time = if options.quick { 20 } else { 60 };
    serde_json::json!({ "warm": time, "measured": time, "cases": cases.collect::<Vec<_>>(),
        "documents": { "order": { "customer": customer }, "items": { "items": items } } })
    .to_string()
}

fn round(command: &[String], times: &mut [Times]) -> Result<(), String> {
    let output = Command::new(&command[0]).args(&command[1..]).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("{}: {}", command[0], String::from_utf8_lossy(&output.stderr)));
    }
    let figures: Vec<Value> = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    for (times, figures) in times.iter_mut().zip(&figures) {
        let micros = |name: &str| match &figures[name] {
            Value::String(text) => text.parse().unwrap_or(f64::NAN),
            other => other.as_f64().unwrap_or(f64::NAN),
        };
        times.compiled.push(micros("compiled"));
        times.full.push(micros("full"));
        times.answer = figures["answer"].as_str().unwrap_or_default().to_owned();
    }
    Ok(())
}

fn print(times: &[Vec<Times>]) {
    println!("JSONata, microseconds: compiled once / compiled each time");
    for (at, (name, document, _)) in CASES.iter().enumerate() {
        let ours = &times[0][at];
        let mut line = format!("  {name:<24} {document:<6} {:>10.1} {:>10.1}", best(&ours.compiled), best(&ours.full));
        if let Some(theirs) = times.get(1).map(|peer| &peer[at]) {
            let same = same(&ours.answer, &theirs.answer);
            let (compiled, full) = (best(&theirs.compiled), best(&theirs.full));
            // Writing to a string cannot fail.
            let _ = write!(
                line,
                "   reference {compiled:>10.1} {full:>10.1}: {:.2}× and {:.2}× as long (wanted: 1){}",
                compiled / best(&ours.compiled),
                full / best(&ours.full),
                if same { "" } else { ", WITH ANOTHER ANSWER" }
            );
        }
        println!("{line}");
    }
}

/// The least of several minima: nothing but the machine makes them differ.
fn best(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
}

fn same(left: &str, right: &str) -> bool {
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    value(left) == value(right)
}
