//! `wfc check` against its floors and peers.

use std::path::Path;

use crate::measure::{print_head, print_line, rounds, Figures, Item};
use crate::options::Options;
use crate::{inputs, peers, place};

/// Builds, measures, prints.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let wfc = place::build("wfc-compiler", "wfc")?;
    place::in_folder(|folder| measure(options, &wfc, folder))
}

fn measure(options: &Options, wfc: &Path, folder: &Path) -> Result<(), String> {
    let (own, wfc) = (place::word(&place::own()?), place::word(wfc));
    let mut inputs = vec![
        ("mixed 10", inputs::mixed(10)),
        ("mixed 1,000", inputs::mixed(1_000)),
        ("mixed 10,000", inputs::mixed(10_000)),
        ("jsonata 10,000", inputs::jsonata(10_000)),
        ("nested 100 deep", inputs::nested(100)),
    ];
    if !options.quick {
        inputs.push(("mixed 100,000", inputs::mixed(100_000)));
    }
    print_head();
    let mut linear = Vec::new();
    for (name, text) in &inputs {
        let file = place::write(folder, &format!("{}.asl.json", name.replace([' ', ','], "-")), text)?;
        let mut items = vec![
            Item::new("an empty process", &[&own, "floor-empty"]),
            Item::new("serde_json", &[&own, "floor-json", &file]),
            Item::new("wfc check", &[&wfc, "check", "--isolated", &file]),
        ];
        if options.peers && text.len() < 10_000_000 && !name.starts_with("nested") {
            match peers::asl_validator(&file) {
                Ok(peer) => items.push(peer),
                Err(why) => println!("(asl-validator left out: {why})"),
            }
        }
        let figures = rounds(&items, options.rounds)?;
        print_group(name, text.len(), &items, &figures);
        linear.push((*name, figures[2].cpu()));
    }
    print_growth(&linear);
    Ok(())
}

fn print_group(name: &str, bytes: usize, items: &[Item], figures: &[Figures]) {
    println!("{name} ({:.2} MB)", bytes as f64 / 1e6);
    let ours = figures[2].wall();
    for (item, figure) in items.iter().zip(figures) {
        let ratio = if item.label == "wfc check" && figures[1].exit != "0" {
            format!("{:.1}× an empty process (serde_json refuses to nest so deep)", ours / figures[0].wall())
        } else if item.label == "wfc check" {
            format!("{:.2}× serde_json, {:.1}× an empty process", ours / figures[1].wall(), ours / figures[0].wall())
        } else if item.label.starts_with("asl-validator") {
            format!("{:.1}× wfc check", figure.wall() / ours)
        } else {
            String::new()
        };
        print_line(item, figure, &ratio);
    }
    let budget = 30.0 * bytes as f64 / 1e6 + 10.0;
    println!("  peak of wfc check: {:.1} MB of {budget:.1} MB (30 × file + 10 MB)", figures[2].peak as f64 / 1e6);
}

fn print_growth(cpu: &[(&str, f64)]) {
    let of = |name: &str| cpu.iter().find(|(other, _)| *other == name).map(|(_, ms)| *ms);
    if let (Some(small), Some(large)) = (of("mixed 10,000"), of("mixed 100,000")) {
        println!("growth: CPU(100,000 states) / CPU(10,000 states) = {:.1}", large / small);
    }
}
