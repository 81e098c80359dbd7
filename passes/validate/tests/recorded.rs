//! Recorded runs and collected definitions as an oracle: what ran to its end cannot have had a certain fault.

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

/// Those of the checks, as text.
fn own(found: &[Diagnostic], file: &SourceFile, severity: Option<Severity>) -> Vec<String> {
    let own = found.iter().filter(|d| wfc_validate::RULES.contains(&d.rule));
    let own = own.filter(|d| severity.is_none_or(|severity| d.severity == severity));
    own.map(|d| {
        let at = file.line_column(d.primary.span.start as usize);
        format!("{}:{}:{} {} {}: {}", file.name(), at.line, at.column, d.severity.word(), d.rule.name, d.message)
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
    let mut errors = Vec::new();
    for path in files("corpus/asl") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (found, file) = findings(&name, &std::fs::read_to_string(&path).unwrap());
        own(&found, &file, None).iter().for_each(|line| println!("{line}"));
        errors.extend(own(&found, &file, Some(Severity::Error)));
    }
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn what_succeeded_has_no_certain_fault() {
    let mut errors = Vec::new();
    for path in files("cases/asl") {
        let Ok(case) = Value::parse(&std::fs::read_to_string(&path).unwrap()) else { continue };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(definition) = definition(&case) else { continue };
        let (found, file) = findings(&name, &definition);
        own(&found, &file, None).iter().for_each(|line| println!("{} {line}", status(&case)));
        if status(&case) == "SUCCEEDED" {
            errors.extend(own(&found, &file, Some(Severity::Error)));
        }
    }
    assert!(errors.is_empty(), "{errors:#?}");
}

/// The text of the definition of an execution.
fn definition(case: &Value) -> Option<String> {
    if case.get("kind")?.as_str()? != "execution" {
        return None;
    }
    let raw = case.get("definition_raw").and_then(Value::as_str).map(String::from);
    raw.or_else(|| Some(case.get("definition")?.to_json_pretty()))
}

fn status(case: &Value) -> &str {
    case.get("expected").and_then(|expected| expected.get("status")).and_then(Value::as_str).unwrap_or("?")
}
