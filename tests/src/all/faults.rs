//! Seeded faults: each is found, at its place, under its name, and enough of them come with a fix.

use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use wfc_tests::files;

use crate::support::{fail, findings, read};

/// How many of the faults must come with a fix.
const FIXABLE: usize = 10;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    fault: Vec<Fault>,
    /// Files in which nothing is found.
    valid: Vec<String>,
}

/// A file with one fault.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    /// A case below `cases/diagnostics`.
    file: String,
    rule: String,
    line: u32,
    column: u32,
}

pub(crate) fn trials() -> Vec<Trial> {
    let table = match table() {
        Ok(table) => table,
        Err(why) => return vec![Trial::test("faults", move || Err(fail(why)))],
    };
    let faults = table.fault.clone();
    let found = table
        .fault
        .into_iter()
        .map(|fault| Trial::test(format!("faults/{}", fault.file), move || find(&fault).map(drop)));
    let valid =
        table.valid.into_iter().map(|file| Trial::test(format!("faults/none in {file}"), move || nothing(&file)));
    found.chain(valid).chain([Trial::test("faults: fixes", move || fixes(&faults))]).collect()
}

fn table() -> Result<Table, String> {
    let path = files::workspace().join("tests/cases/faults.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| error.to_string())
}

/// Whether the fault, which must be found, comes with a fix.
fn find(fault: &Fault) -> Result<bool, Failed> {
    let found = check(&fault.file)?;
    let here = found.iter().find(|f| f.rule == fault.rule && (f.line, f.column) == (fault.line, fault.column));
    match here {
        Some(found) => Ok(found.fixable),
        None => {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            Err(fail(format!("expected {}:{} {}, found {found:#?}", fault.line, fault.column, fault.rule)))
        }
    }
}

fn nothing(file: &str) -> Result<(), Failed> {
    let found: Vec<String> = check(file)?.iter().map(ToString::to_string).collect();
    crate::support::none_of(&found)
}

fn fixes(faults: &[Fault]) -> Result<(), Failed> {
    let fixable = faults.iter().filter(|fault| matches!(find(fault), Ok(true))).count();
    if fixable >= FIXABLE {
        Ok(())
    } else {
        Err(fail(format!("{fixable} of {} come with a fix, and {FIXABLE} must", faults.len())))
    }
}

fn check(file: &str) -> Result<Vec<crate::support::Found>, Failed> {
    let path = files::workspace().join("tests/cases/diagnostics").join(file);
    Ok(findings(files::file_name(&path), &read(&path)?))
}
