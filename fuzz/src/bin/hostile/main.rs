//! Cases made to hurt, each in a process of its own: none may panic, overflow the stack or take long.
//!
//! `fuzz/run hostile` runs all of them and prints a table, `fuzz/run hostile NAME…` those whose names contain one of
//! the words, `fuzz/run hostile --write FOLDER` writes their files.
#![allow(clippy::disallowed_methods)] // A tool of developers: it writes files and starts itself again.

mod cir;
mod expressions;
mod machines;
mod notations;
mod pipeline;
mod watch;

use std::path::Path;

/// One input.
pub(crate) struct Case {
    name: &'static str,
    /// What its file is called: the ending decides how it is read.
    file: &'static str,
    bytes: fn() -> Vec<u8>,
}

fn cases() -> impl Iterator<Item = &'static Case> {
    notations::CASES.iter().chain(machines::CASES).chain(expressions::CASES).chain(cir::CASES)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let failed = match words[..] {
        ["--one", name] => return cases().filter(|case| case.name == name).for_each(pipeline::run),
        ["--write", folder] => return cases().for_each(|case| write(case, Path::new(folder))),
        [] => watch::all(cases()),
        _ => watch::all(cases().filter(|case| words.iter().any(|word| case.name.contains(word)))),
    };
    if failed > 0 {
        println!("{failed} failed");
        std::process::exit(1);
    }
}

fn write(case: &Case, folder: &Path) {
    let path = folder.join(format!("{}.{}", case.name, case.file));
    std::fs::write(&path, (case.bytes)()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
