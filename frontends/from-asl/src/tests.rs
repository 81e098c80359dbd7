//! What the owner was recorded to accept and refuse, and public definitions that must pass without a false alarm.

use std::path::{Path, PathBuf};

use serde_json::{json, Value};
use wfc_cir::{LowerInput, LowerOptions, MachineType, Module};
use wfc_diag::{Diagnostic, FileId, Severity, Sink};
use wfc_source::{Format, Limits, SourceFile};

use crate::{variable_references, FRONT};

pub(crate) fn lower(text: &str, options: &LowerOptions) -> (Option<Module>, Vec<Diagnostic>) {
    lower_as(text, Format::Json, options)
}

pub(crate) fn lower_as(text: &str, format: Format, options: &LowerOptions) -> (Option<Module>, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let file = SourceFile::new(FileId(0), "machine.asl.json", text);
    let tree = wfc_source::parse(&file, format, &Limits::default(), &mut sink);
    let module = (FRONT.lower)(&LowerInput { path: "machine.asl.json", tree: &tree, options }, &mut sink);
    (module, sink.into_sorted())
}

fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    if !path.exists() {
        println!("skipped: {} absent", path.display());
        return None;
    }
    Some(path)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

struct Case {
    name: String,
    json: Value,
}

impl Case {
    fn kind(&self) -> &str {
        self.json["kind"].as_str().unwrap()
    }

    /// The definition; a single state is put into a machine.
    fn text(&self) -> String {
        let definition = &self.json["definition"];
        if let Some(raw) = self.json["definition_raw"].as_str().filter(|_| definition.is_null()) {
            return raw.to_owned();
        }
        let is_state = self.kind() == "test_state" && definition.get("States").is_none();
        if !is_state {
            return definition.to_string();
        }
        let mut states = json!({ "TestedState": definition });
        for field in ["Next", "Default"] {
            for target in targets(definition, field) {
                states[target] = json!({"Type": "Succeed"});
            }
        }
        json!({"StartAt": "TestedState", "States": states}).to_string()
    }

    fn options(&self) -> LowerOptions {
        let express = self.json["type"] == "EXPRESS";
        let machine_type = if express { MachineType::Express } else { MachineType::Standard };
        LowerOptions { machine_type, ..LowerOptions::default() }
    }

    fn rejected(&self) -> bool {
        matches!(self.json["expected"]["status"].as_str(), Some("REJECTED" | "FAIL"))
    }
}

/// The states a single state leads to; a state that is tested alone has none beside it.
fn targets(state: &Value, field: &str) -> Vec<String> {
    let own = [state.get(field)].into_iter().flatten();
    let listed = ["Catch", "Choices"].into_iter().filter_map(|list| state.get(list)?.as_array()).flatten();
    own.chain(listed.filter_map(|item| item.get(field))).filter_map(|name| Some(name.as_str()?.to_owned())).collect()
}

fn cases() -> Vec<Case> {
    let Some(folder) = shared("cases/asl") else { return Vec::new() };
    let areas = files(&folder).into_iter().filter(|path| path.is_dir());
    let paths = areas.flat_map(|area| files(&area));
    paths
        .map(|path| Case {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            json: serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap(),
        })
        .collect()
}

/// What the owner says as (message, location), from both forms in which it was recorded.
fn owner_words(case: &Case) -> Option<(String, Option<String>)> {
    let expected = &case.json["expected"];
    if let Some(found) = expected["diagnostics"].as_array().and_then(|list| list.first()) {
        return Some((found["message"].as_str()?.to_owned(), found["location"].as_str().map(str::to_owned)));
    }
    let text =
        expected["message"].as_str()?.strip_prefix("Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ")?;
    let (message, location) = text.strip_suffix('\'')?.rsplit_once(" at ")?;
    Some((message.to_owned(), Some(location.to_owned())))
}

#[test]
fn refuses_what_the_owner_refuses_in_its_words() {
    let (mut verdicts, mut words, mut wrong) = (0, 0, Vec::new());
    for case in cases().iter().filter(|case| matches!(case.kind(), "create_error" | "validate")) {
        let (_, found) = lower(&case.text(), &case.options());
        let refused = found.iter().any(|diagnostic| diagnostic.blocking);
        if refused != case.rejected() {
            wrong.push(format!("{}: {found:?}", case.name));
            continue;
        }
        verdicts += 1;
        if case.json["provenance"] != "aws" || !refused {
            continue;
        }
        let wanted = owner_words(case).unwrap();
        let owners = found.iter().filter_map(|diagnostic| diagnostic.owner.as_ref());
        match owners.clone().any(|owner| (owner.message.clone(), owner.location.clone()) == wanted) {
            true => words += 1,
            false => wrong.push(format!("{}: wanted {wanted:?}, found {:?}", case.name, owners.collect::<Vec<_>>())),
        }
    }
    println!("{verdicts} verdicts, {words} in the owner's words");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn accepts_what_the_owner_ran() {
    let (mut accepted, mut wrong) = (0, Vec::new());
    for case in cases().iter().filter(|case| matches!(case.kind(), "execution" | "test_state" | "variable_references"))
    {
        if case.json["expected"]["error_code"] == "InvalidDefinition" {
            continue;
        }
        let (module, found) = lower(&case.text(), &case.options());
        let blocking: Vec<_> = found.iter().filter(|diagnostic| diagnostic.blocking).collect();
        let violations = module.map(|module| wfc_cir::verify(&module).err());
        if blocking.is_empty() && violations == Some(None) {
            accepted += 1;
        } else {
            wrong.push(format!("{}: {blocking:#?} {violations:?}\n{}", case.name, case.text()));
        }
    }
    println!("{accepted} definitions accepted");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn finds_no_error_in_public_definitions() {
    let Some(folder) = shared("corpus/asl") else { return };
    let broken = ["57f0c335de22", "8f288866452a"];
    let (mut clean, mut wrong) = (0, Vec::new());
    for path in files(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let (_, found) = lower(&text, &LowerOptions::default());
        let errors: Vec<_> = found.iter().filter(|d| d.severity == Severity::Error).collect();
        if errors.is_empty() == broken.iter().any(|prefix| name.starts_with(prefix)) {
            wrong.push(format!("{name}: {errors:#?}"));
        } else {
            clean += usize::from(errors.is_empty());
        }
        for diagnostic in &found {
            println!("{name}: {} {:?} {}", diagnostic.rule.name, diagnostic.primary.span.range(), diagnostic.message);
        }
    }
    println!("{clean} files clean");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lists_the_variables_the_owner_lists() {
    let mut equal = 0;
    for case in cases().iter().filter(|case| case.kind() == "variable_references") {
        let (module, _) = lower(&case.text(), &case.options());
        let found = serde_json::to_value(
            variable_references(&module.unwrap())
                .into_iter()
                .map(|(state, names)| (state, names.iter().map(|name| name.to_string()).collect::<Vec<_>>()))
                .collect::<std::collections::BTreeMap<_, _>>(),
        );
        assert_eq!(found.unwrap(), case.json["expected"]["variableReferences"], "{}", case.name);
        equal += 1;
    }
    println!("{equal} lists of variables equal");
}
