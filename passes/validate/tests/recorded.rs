//! Recorded runs and collected definitions as an oracle: what ran to its end cannot have had a certain fault.

#![allow(clippy::disallowed_methods, clippy::print_stdout)] // It reads recorded cases, which may be absent.

use std::path::{Path, PathBuf};

use wfc_analyze::analyze;
use wfc_cir::{LowerInput, LowerOptions};
use wfc_diag::{Diagnostic, Severity, Sink};
use wfc_expr::Value;
use wfc_from_asl::FRONT;
use wfc_source::{FileId, Format, Limits, SourceFile};

/// What the front end and the checks find.
fn findings(name: &str, text: &str) -> (Vec<Diagnostic>, SourceFile) {
    let file = SourceFile::new(FileId(0), name, text);
    let mut sink = Sink::default();
    let tree = wfc_source::parse(&file, Format::of_path(name), &Limits::default(), &mut sink);
    let options = LowerOptions::default();
    if let Some(module) = (FRONT.lower)(&LowerInput { path: name, tree: &tree, options: &options }, &mut sink) {
        wfc_validate::validate(&module, FRONT.vocab, &analyze(&module), &mut sink);
    }
    (sink.into_sorted(), file)
}

/// Those of the checks, each with a line of text.
fn own(found: &[Diagnostic], file: &SourceFile) -> Vec<(Diagnostic, String)> {
    let own = found.iter().filter(|d| wfc_validate::RULES.contains(&d.rule));
    own.map(|d| {
        let at = file.line_column(d.primary.span.start as usize);
        (d.clone(), format!("{}:{}:{} {}: {}", file.name(), at.line, at.column, d.rule.name, d.message))
    })
    .collect()
}

fn files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")).join(folder);
    let (mut found, mut work) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = work.pop() {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        entries.for_each(|path| if path.is_dir() { work.push(path) } else { found.push(path) });
    }
    if found.is_empty() {
        println!("skipped: {} absent", root.display());
    }
    found.sort();
    found
}

#[test]
fn collected_definitions_have_no_certain_fault() {
    let mut all = Vec::new();
    for path in files("corpus/asl") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (found, file) = findings(&name, &std::fs::read_to_string(&path).unwrap());
        all.extend(own(&found, &file));
    }
    // Two files have the same retrier twice; one waits four times for an error name that does not exist.
    let likely = ["retrier-shadowed", "unknown-error-name"];
    let odd: Vec<_> =
        all.iter().filter(|(d, _)| d.severity == Severity::Error || !likely.contains(&d.rule.name)).collect();
    assert!(odd.is_empty() && all.len() <= 6, "{all:#?}");
}

#[test]
fn certain_faults_fail_as_recorded() {
    let (mut wrong, mut explained, mut runs) = (Vec::new(), 0, 0);
    for path in files("cases/asl") {
        let Ok(case) = Value::parse(&std::fs::read_to_string(&path).unwrap()) else { continue };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(definition) = definition(&case) else { continue };
        let (found, file) = findings(&name, &definition);
        let certain = |d: &Diagnostic| d.severity == Severity::Error || FRONT.refuses.contains(&d.rule.name);
        let errors = own(&found, &file).into_iter().filter(|(d, _)| certain(d));
        let errors: Vec<String> = errors.map(|(_, line)| line).collect();
        runs += 1;
        explained += usize::from(!errors.is_empty());
        if !errors.is_empty() && !fails_by_itself(&case) {
            wrong.push(errors);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(runs == 0 || explained >= 20, "only {explained} of {runs} runs have a certain fault");
}

/// Whether the recorded run failed by an error of the language, not of a service or the program.
fn fails_by_itself(case: &Value) -> bool {
    let expected = |name: &str| case.get("expected").and_then(|expected| expected.get(name)).and_then(Value::as_str);
    let own = ["States.Runtime", "States.QueryEvaluationError", "States.DataLimitExceeded"];
    expected("status") == Some("FAILED") && expected("error").is_some_and(|error| own.contains(&error))
}

/// The text of the definition of an execution.
fn definition(case: &Value) -> Option<String> {
    if case.get("kind")?.as_str()? != "execution" {
        return None;
    }
    let raw = case.get("definition_raw").and_then(Value::as_str).map(String::from);
    raw.or_else(|| Some(case.get("definition")?.to_json_pretty()))
}
