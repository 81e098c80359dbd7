//! The editor schema of state machines and the parser agree on the syntax of every recorded and public definition.
//!
//! Syntax is what a schema can say: which fields exist, of which JSON type, with which words. What else the parser
//! knows (names that lead nowhere, paths that do not parse, limits) is not judged here.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jsonschema::Validator;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use wfc_driver::{front_named, Session};
use wfc_tests::files;

use crate::support::{fail, over_shared};

/// Rules whose findings a schema can make too.
const SYNTAX: [&str; 7] = [
    "choose-one",
    "missing-field",
    "no-way-out",
    "not-a-state-machine",
    "unknown-state-type",
    "way-out-not-allowed",
    "wrong-type",
];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = over_shared("schema", "corpus/asl", |root| of_folder("schema/corpus", &root));
    trials.extend(over_shared("schema", "cases/asl", |root| of_folder("schema/cases", &root)));
    trials
}

/// One trial for a folder: the schema is compiled once, and every disagreement is listed.
fn of_folder(name: &str, root: &Path) -> Vec<Trial> {
    let root = Arc::new(root.to_owned());
    vec![Trial::test(name.to_owned(), move || {
        let schema = front_named("asl").and_then(|front| front.schema).ok_or_else(|| fail("asl has no schema"))?;
        let validator = jsonschema::validator_for(&schema()).map_err(fail)?;
        let (mut judged, mut apart) = (0, Vec::new());
        for file in files::walk(&root)? {
            let Some(definition) = definition(&fs::read_to_string(&file)?) else { continue };
            judged += 1;
            apart
                .extend(disagreement(&validator, &definition).map(|why| format!("{}: {why}", files::file_name(&file))));
        }
        match (judged, apart.is_empty()) {
            (0, _) => Err(fail("no definition was found")),
            (_, true) => Ok(()),
            (_, false) => Err(Failed::from(apart.join("\n"))),
        }
    })]
}

/// The definition in a file: the file itself, or the `definition` of a recorded case. Text that is no JSON has no
/// syntax a schema could judge, and a lone state is no machine.
fn definition(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    let inner = value.get("definition").filter(|definition| definition.is_object()).cloned();
    let machine = if value.get("kind").is_some() { inner? } else { value };
    let lone_state = machine.get("Type").is_some() && machine.get("States").is_none();
    (machine.is_object() && !lone_state).then_some(machine)
}

fn disagreement(validator: &Validator, definition: &Value) -> Option<String> {
    let by_schema =
        validator.iter_errors(definition).next().map(|error| format!("{} at {}", error, error.instance_path()));
    let mut session = Session::new();
    let analysis = session.check_bytes("case.asl.json", definition.to_string().into_bytes());
    let by_parser = analysis.diagnostics.iter().find(|finding| SYNTAX.contains(&finding.rule.name));
    match (by_schema, by_parser) {
        (Some(why), None) => Some(format!("only the schema refuses it: {why}")),
        (None, Some(finding)) => Some(format!("only the parser refuses it: {}", finding.message)),
        _ => None,
    }
}
