//! `wfc run` against interpreters by others, against itself on larger inputs, and against a bare loop.

use std::fmt::Write;
use std::path::Path;

use crate::measure::{print_head, print_line, rounds, Figures, Item};
use crate::options::Options;
use crate::{expressions, machines, peers, place};

/// A machine with its input, and what is wanted of it.
struct Case {
    name: &'static str,
    machine: String,
    input: String,
    /// How many times as long the peer takes at least.
    bar: Option<f64>,
}

impl Case {
    fn new(name: &'static str, machine: String, input: impl Into<String>) -> Self {
        Self { name, machine, input: input.into(), bar: None }
    }

    fn against_peer(self, bar: f64) -> Self {
        Self { bar: Some(bar), ..self }
    }
}

/// The case that turns and states are compared with.
const LOOP: &str = "loop of 10,000 turns";
const LONG_LOOP: &str = "loop of 100,000 turns";
const CHAIN: &str = "chain of 1,000 states";
const LONG_CHAIN: &str = "chain of 10,000 states";
const SMALL_DOCUMENT: &str = "loop of 10,000 turns, {}";
const LARGE_DOCUMENT: &str = "loop of 10,000 turns, 256 KiB";

/// Builds, measures, prints.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let wfc = place::word(&place::build("wfc-compiler", "wfc")?);
    let inside = place::word(&place::build("wfc-benches-inside", "bench-inside")?);
    place::in_folder(|folder| {
        print_head();
        interpreters(options, &wfc, folder)?;
        distributed(options, &inside, folder)?;
        expressions::measure(options, &inside, folder)
    })
}

fn cases(options: &Options) -> Vec<Case> {
    let mut cases = vec![
        Case::new(LOOP, machines::turns(10_000), "{}").against_peer(8.0),
        Case::new(CHAIN, machines::chain(1_000), "{}").against_peer(10.0),
        Case::new("map of 10,000 items", machines::map(), machines::items(10_000)).against_peer(7.0),
        Case::new(SMALL_DOCUMENT, machines::turns_with_document(10_000), r#"{"document": {}}"#),
        Case::new(LARGE_DOCUMENT, machines::turns_with_document(10_000), machines::document(256 << 10)),
        Case::new(LONG_CHAIN, machines::chain(10_000), "{}"),
    ];
    if !options.quick {
        cases.push(Case::new(LONG_LOOP, machines::turns(100_000), "{}"));
    }
    cases
}

fn interpreters(options: &Options, wfc: &str, folder: &Path) -> Result<(), String> {
    let own = place::word(&place::own()?);
    let mut measured = Vec::new();
    for case in cases(options) {
        let file = case.name.replace([' ', ',', '{', '}'], "-");
        let machine = place::write(folder, &format!("{file}.asl.json"), &case.machine)?;
        let input = place::write(folder, &format!("{file}.json"), &case.input)?;
        let mut items = vec![
            Item::new("an empty process", &[&own, "floor-empty"]),
            Item::new(
                "wfc run",
                &[
                    wfc,
                    "run",
                    "--isolated",
                    &machine,
                    "--input",
                    &format!("@{input}"),
                    "--quota",
                    "none",
                    "--store",
                    "none",
                    "--events",
                    "none",
                ],
            ),
        ];
        if options.peers && case.bar.is_some() {
            match peers::local_stepfunctions(&machine, &input) {
                Ok(peer) => items.push(peer),
                Err(why) => println!("(aws-local-stepfunctions left out: {why})"),
            }
        }
        let figures = rounds(&items, options.rounds)?;
        print_case(&case, &items, &figures);
        measured.push((case.name, figures[1].clone()));
    }
    print_growth(&measured);
    Ok(())
}

fn print_case(case: &Case, items: &[Item], figures: &[Figures]) {
    println!("{}", case.name);
    let ours = &figures[1];
    for (at, (item, figure)) in items.iter().zip(figures).enumerate() {
        let ratio = match (at, case.bar) {
            (1, _) => format!("{:.1}× an empty process", ours.wall() / figures[0].wall()),
            (2, Some(bar)) => format!(
                "{:.1}× wfc run (CPU {:.1}×; wanted: {bar}×)",
                figure.wall() / ours.wall(),
                figure.cpu() / ours.cpu()
            ),
            _ => String::new(),
        };
        print_line(item, figure, &ratio);
    }
}

fn print_growth(measured: &[(&str, Figures)]) {
    let of = |name: &str| measured.iter().find(|(other, _)| *other == name).map(|(_, figures)| figures);
    let growth = [
        ("100,000 turns / 10,000 turns", LONG_LOOP, LOOP, "11"),
        ("10,000 states / 1,000 states", LONG_CHAIN, CHAIN, "11"),
        ("a document of 256 KiB / {}", LARGE_DOCUMENT, SMALL_DOCUMENT, "1"),
    ];
    println!("growth");
    for (what, large, small, bar) in growth {
        if let (Some(large), Some(small)) = (of(large), of(small)) {
            let (wall, cpu) = (large.wall() / small.wall(), large.cpu() / small.cpu());
            println!("  {what:<32} wall {wall:.2}, CPU {cpu:.2} (wanted: {bar})");
        }
    }
}

/// A distributed Map over a CSV with a writer of results.
fn distributed(options: &Options, inside: &str, folder: &Path) -> Result<(), String> {
    let rows: u32 = if options.quick { 100_000 } else { 1_000_000 };
    let buckets = folder.join("buckets");
    for bucket in ["in", "out"] {
        std::fs::create_dir_all(buckets.join(bucket)).map_err(|error| error.to_string())?;
    }
    let csv = place::write(&buckets.join("in"), "rows.csv", &rows_of_csv(rows))?;
    let machine = place::write(folder, "distributed.asl.json", machines::DISTRIBUTED)?;
    let items = [
        Item::new("a bare loop over the CSV", &[&place::word(&place::own()?), "floor-csv", &csv]),
        Item::new("wfc", &[inside, "run", &machine, &place::word(&buckets)]),
    ];
    let figures = rounds(&items, options.rounds.min(3))?;
    println!("distributed map of {rows} rows ({:.1} MB)", csv_size(&csv) / 1e6);
    print_line(&items[0], &figures[0], "");
    let per_second = |milliseconds: f64| f64::from(rows) / milliseconds * 1e3;
    let mut ratio = format!("{:.1}× a bare loop, ", figures[1].wall() / figures[0].wall());
    // Writing to a string cannot fail.
    let _ = write!(
        ratio,
        "{:.0} items/s (by CPU time {:.0}; wanted: 50000), peak wanted: 200 MB",
        per_second(figures[1].wall()),
        per_second(figures[1].cpu())
    );
    print_line(&items[1], &figures[1], &ratio);
    Ok(())
}

fn rows_of_csv(rows: u32) -> String {
    let mut text = String::from("id,name,region,price,quantity\n");
    for row in 0..rows {
        let (region, price, quantity) = (row % 17, row % 991, row % 7);
        let _ = writeln!(text, "{row},customer number {row},region-{region},{price}.50,{quantity}");
    }
    text
}

fn csv_size(file: &str) -> f64 {
    std::fs::metadata(file).map_or(0.0, |found| found.len() as f64)
}
