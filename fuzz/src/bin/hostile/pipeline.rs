//! What the library does with one case, measured stage by stage.

use std::time::{Duration, Instant};

use wfc_cir::{verify, LowerInput, LowerOptions, Module};
use wfc_diag::Sink;
use wfc_from_asl::{FRONT, VOCAB};
use wfc_source::{parse, Format, Limits, SourceFile, SourceMap};

use crate::Case;

/// Longer is a failure.
const MAX_TIME: Duration = Duration::from_secs(10);

/// Reads the case on a small stack and prints the figures.
pub(crate) fn run(case: &Case) {
    let (name, bytes) = (format!("hostile.{}", case.file), (case.bytes)());
    let size = bytes.len();
    let (stages, summary) = wfc_fuzz::on_small_stack(move || analyse(&name, bytes));
    let total: Duration = stages.took.iter().map(|(_, took)| *took).sum();
    let slowest = stages.took.iter().max_by_key(|(_, took)| *took).copied().unwrap_or_default();
    println!("{size:>8} {:>8} {:>8}  {} {} ms; {summary}", total.as_millis(), peak(), slowest.0, slowest.1.as_millis());
    assert!(total < MAX_TIME, "{} ms, of these {} {} ms", total.as_millis(), slowest.0, slowest.1.as_millis());
}

#[derive(Default)]
struct Stages {
    took: Vec<(&'static str, Duration)>,
}

impl Stages {
    fn time<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        self.took.push((name, start.elapsed()));
        // A case that does not end says at least how far it got.
        eprintln!("{name} {} ms", start.elapsed().as_millis());
        done
    }
}

fn analyse(name: &str, bytes: Vec<u8>) -> (Stages, String) {
    let (mut stages, mut sink) = (Stages::default(), Sink::default());
    let file = SourceMap::new().add_bytes(name, bytes, &mut sink);
    let module = lowered(&file, &mut stages, &mut sink);
    if let Some(module) = &module {
        assert_eq!(stages.time("verify", || verify(module)), Ok(()));
        let facts = stages.time("analyze", || wfc_analyze::analyze(module));
        stages.time("validate", || wfc_validate::validate(module, &VOCAB, &facts, &mut sink));
        stages.time("drop facts", move || drop(facts));
        stages.time("print", || wfc_cir::text::print(module).len());
    }
    stages.time("drop module", move || drop(module));
    (stages, summary(sink))
}

fn lowered(file: &SourceFile, stages: &mut Stages, sink: &mut Sink) -> Option<Module> {
    if file.name().ends_with(".cir") {
        return stages.time("parse", || wfc_cir::text::parse(file, sink)).filter(|module| verify(module).is_ok());
    }
    let tree = stages.time("parse", || parse(file, Format::of_path(file.name()), &Limits::default(), sink));
    stages.time("sniff", || (FRONT.sniff)(file.name(), &tree));
    let (path, options) = (file.name(), LowerOptions::default());
    stages.time("lower", || (FRONT.lower)(&LowerInput { path, tree: &tree, options: &options }, sink))
}

fn summary(sink: Sink) -> String {
    let count = sink.found().len() + sink.dropped();
    let first = sink.into_sorted().into_iter().next().map(|first| first.message);
    let short: String = first.unwrap_or_default().chars().take(60).collect();
    format!("{count} found: {short}")
}

/// The most memory the process had, in megabytes, where the system tells.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
