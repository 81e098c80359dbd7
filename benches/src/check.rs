//! `wfc check` against its floors and peers.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::inputs;
use crate::measure::{rounds, Figures, Item};
use crate::peers;

/// What to measure.
#[derive(Debug)]
pub(crate) struct Options {
    rounds: usize,
    quick: bool,
    peers: bool,
}

impl Options {
    /// Reads the options of the command line.
    pub(crate) fn parse(words: &[&str]) -> Result<Self, String> {
        let mut options = Options { rounds: 7, quick: false, peers: false };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--quick" => options.quick = true,
                "--peers" => options.peers = true,
                "--rounds" => {
                    let number = words.next().and_then(|n| n.parse().ok());
                    options.rounds = number.filter(|&n| n > 0).ok_or("--rounds wants a number")?;
                }
                other => return Err(format!("unknown option {other}\n{}", crate::USAGE)),
            }
        }
        Ok(options)
    }
}

/// Builds, measures, prints.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let wfc = build()?;
    let folder = std::env::temp_dir().join(format!("wfc-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let outcome = measure(options, &wfc, &folder);
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

/// The release binary, built now so that it is the code of this checkout.
fn build() -> Result<PathBuf, String> {
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--locked", "-p", "wfc-compiler", "--bin", "wfc"])
        .status()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if !status.success() {
        return Err("wfc does not build".to_owned());
    }
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    Ok(own.with_file_name("wfc"))
}

fn measure(options: &Options, wfc: &Path, folder: &Path) -> Result<(), String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?.to_string_lossy().into_owned();
    let wfc = wfc.to_string_lossy().into_owned();
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
    println!("{:<34} {:>10} {:>10} {:>9} {:>8}  ratio of wall", "", "wall ms", "cpu ms", "peak MB", "exit");
    let empty = Item { label: "an empty process".to_owned(), command: vec![own.clone(), "floor-empty".to_owned()] };
    let mut linear = Vec::new();
    for (name, text) in &inputs {
        let file = folder.join(format!("{}.asl.json", name.replace([' ', ','], "-")));
        std::fs::write(&file, text).map_err(|error| error.to_string())?;
        let file = file.to_string_lossy().into_owned();
        let mut items = vec![
            empty.clone(),
            Item { label: "serde_json".to_owned(), command: vec![own.clone(), "floor-json".to_owned(), file.clone()] },
            Item {
                label: "wfc check".to_owned(),
                command: vec![wfc.clone(), "check".to_owned(), "--isolated".to_owned(), file.clone()],
            },
        ];
        if options.peers && text.len() < 10_000_000 && !name.starts_with("nested") {
            match peers::asl_validator(&PathBuf::from(&wfc).with_file_name("peers"), &file) {
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
        let peak = figure.peak as f64 / 1e6;
        println!(
            "  {:<32} {:>10.2} {:>10.2} {peak:>9.1} {:>8}  {ratio}",
            item.label,
            figure.wall(),
            figure.cpu(),
            figure.exit
        );
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
