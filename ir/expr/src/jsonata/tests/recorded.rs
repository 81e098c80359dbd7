//! Agreement with recorded answers of the reference implementation, and with deployed state machines.
//!
//! The recordings are kept outside the repository; where they are absent the tests say so and pass.

// Reads the recordings, which no user's program can name.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::jsonata::{analyze, parse, Profile};

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    if !path.exists() {
        say(&format!("skipped: {} absent", path.display()));
        return None;
    }
    Some(path)
}

#[allow(clippy::print_stdout)]
fn say(text: &str) {
    println!("{text}");
}

fn cases(path: &str) -> Vec<Json> {
    let Some(path) = shared(path) else { return Vec::new() };
    let text = fs::read_to_string(path).expect("readable");
    text.lines().map(|line| serde_json::from_str(line).expect("a case a line")).collect()
}

/// The code of the error recorded, whenever it was raised.
fn recorded_code(case: &Json) -> Option<&str> {
    let expected = case.get("expected").unwrap_or(case);
    let code = expected.get("code").or_else(|| case.get("error")?.get("code"));
    code.and_then(Json::as_str)
}

/// Every code with an S is raised by the parser, none by an evaluation that went on; the recordings hold no
/// error of an expression within `$eval` that has one.
fn parse_code(case: &Json) -> Option<&str> {
    recorded_code(case).filter(|code| code.starts_with('S'))
}

fn agreement(path: &str) {
    let cases = cases(path);
    let mut disagreed = Vec::new();
    for case in &cases {
        let source = case["expr"].as_str().expect("an expression");
        let found = parse(source);
        let code = found.as_ref().err().map(|error| error.code);
        if code != parse_code(case) {
            disagreed.push(format!("{source:?}: {code:?}, recorded {:?}", parse_code(case)));
        }
        if let Ok(ast) = found {
            let printed = ast.to_string();
            assert_eq!(parse(&printed).as_ref(), Ok(&ast), "{source} printed as {printed}");
            analyze(&ast, Profile::Jsonata);
        }
    }
    say(&format!("{path}: agree {} of {}", cases.len() - disagreed.len(), cases.len()));
    assert!(disagreed.is_empty(), "{}", disagreed.join("\n"));
}

#[test]
fn agrees_with_the_official_suite() {
    agreement("cases/jsonata/official-suite.jsonl");
}

#[test]
fn agrees_with_generated_expressions() {
    agreement("cases/jsonata/differential.jsonl");
}

#[test]
fn parses_expressions_of_state_machines() {
    let mut found = Vec::new();
    for folder in ["cases/asl", "corpus/asl"] {
        if let Some(folder) = shared(folder) {
            visit_files(&folder, &mut |json| embedded(json, &mut found));
        }
    }
    found.sort();
    found.dedup();
    let refused = found.iter().filter_map(|source| parse(source).err().map(|error| format!("{source:?}: {error}")));
    let refused: Vec<String> = refused.collect();
    say(&format!("state machines: parse {} of {}", found.len() - refused.len(), found.len()));
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

fn visit_files(folder: &Path, visit: &mut impl FnMut(&Json)) {
    let entries = fs::read_dir(folder).expect("readable");
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            visit_files(&path, visit);
        } else if path.extension().is_some_and(|ext| ext == "json" || ext == "jsonl") {
            let text = fs::read_to_string(&path).expect("readable");
            let values = serde_json::Deserializer::from_str(&text).into_iter::<Json>();
            values.map_while(Result::ok).for_each(|json| visit(&json));
        }
    }
}

/// Collects the expressions in `json`, also those of a definition that is kept as text.
fn embedded(json: &Json, found: &mut Vec<String>) {
    match json {
        Json::String(text) => match text.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}")) {
            Some(source) => found.push(source.to_owned()),
            None if text.contains("{%") => {
                if let Ok(inner @ (Json::Object(_) | Json::Array(_))) = serde_json::from_str::<Json>(text) {
                    embedded(&inner, found);
                }
            }
            None => {}
        },
        Json::Array(items) => items.iter().for_each(|item| embedded(item, found)),
        Json::Object(members) => members.values().for_each(|member| embedded(member, found)),
        _ => {}
    }
}
