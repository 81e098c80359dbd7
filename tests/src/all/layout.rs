//! What every source file looks like.

use std::path::PathBuf;

use libtest_mimic::{Failed, Trial};
use wfc_tests::files;

use crate::support::{files_below, none_of, read};

/// The longest a source file may be, in lines.
const LONGEST: usize = 800;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("layout: source files open with a sentence", opening),
        Trial::test(format!("layout: source files are at most {LONGEST} lines long"), length),
    ]
}

fn opening() -> Result<(), Failed> {
    offending(|text| !text.starts_with("//! "))
}

fn length() -> Result<(), Failed> {
    offending(|text| text.lines().count() > LONGEST)
}

fn offending(is_wrong: impl Fn(&str) -> bool) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for path in sources() {
        if is_wrong(&read(&path)?) {
            wrong.push(files::relative(&path, &files::workspace()));
        }
    }
    none_of(&wrong)
}

fn sources() -> impl Iterator<Item = PathBuf> {
    let folders = ["ir", "passes", "frontends", "backends", "stdlib", "src", "tests", "benches", "fuzz/fuzz_targets"];
    folders.into_iter().flat_map(files_below).filter(|path| files::file_name(path).ends_with(".rs"))
}
