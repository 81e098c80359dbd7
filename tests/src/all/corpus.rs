//! State machines from public samples: no false alarm on the good ones, the right place on the broken ones.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use wfc_driver::Session;
use wfc_tests::files;

use crate::support::{fail, list, none_of, over_shared, Found};

/// What is known of the corpus.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// The first errors of files that are broken, by the first letters of their names.
    broken: HashMap<String, Place>,
    /// Warnings that are right, by the first letters of the file's name.
    warnings: HashMap<String, Vec<Warning>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    rule: String,
    line: u32,
    column: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Warning {
    rule: String,
    /// Why the machine deserves it.
    #[allow(dead_code)] // For the reader of the file; its presence is checked by reading it.
    reason: String,
}

pub(crate) fn trials() -> Vec<Trial> {
    over_shared("corpus", "corpus/asl", |root| {
        let known = Arc::new(known());
        let trial = |file: PathBuf| {
            let known = Arc::clone(&known);
            let name = format!("corpus/{}", files::file_name(&file));
            Trial::test(name, move || check(&file, known.as_ref().as_ref().map_err(fail)?))
        };
        files::walk(&root).unwrap_or_default().into_iter().map(trial).collect()
    })
}

fn known() -> Result<Known, String> {
    let path = files::workspace().join("tests/rules/corpus.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| error.to_string())
}

fn check(file: &Path, known: &Known) -> Result<(), Failed> {
    let name = files::file_name(file);
    let mut session = Session::new();
    let analysis = session.check_bytes(name, fs::read(file)?);
    let found = list(&session, &analysis);
    match of_file(&known.broken, name) {
        Some(place) => broken(place, &found),
        None => clean(of_file(&known.warnings, name).map_or(&[], Vec::as_slice), &found),
    }
}

fn of_file<'k, T>(known: &'k HashMap<String, T>, name: &str) -> Option<&'k T> {
    known.iter().find(|(start, _)| name.starts_with(start.as_str())).map(|(_, what)| what)
}

/// The first error of a broken file is where it is expected.
fn broken(place: &Place, found: &[Found]) -> Result<(), Failed> {
    let expected = format!("{}:{} {}", place.line, place.column, place.rule);
    let errors = found.iter().filter(|found| found.severity == "error");
    let errors: Vec<_> = errors.map(|found| format!("{}:{} {}", found.line, found.column, found.rule)).collect();
    if errors.first() == Some(&expected) {
        Ok(())
    } else {
        Err(fail(format!("expected {expected} first, found {errors:?}")))
    }
}

/// A good file has no finding but the warnings that are known, and those it has.
fn clean(warnings: &[Warning], found: &[Found]) -> Result<(), Failed> {
    let known = |found: &&Found| found.severity != "error" && warnings.iter().any(|w| w.rule == found.rule);
    let alarms = found.iter().filter(|found| !known(found)).map(ToString::to_string);
    let missing = warnings.iter().filter(|w| !found.iter().any(|f| f.rule == w.rule));
    let missing = missing.map(|warning| format!("no longer found: {}", warning.rule));
    none_of(&alarms.chain(missing).collect::<Vec<_>>())
}
