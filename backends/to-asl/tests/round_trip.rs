//! A state machine that is lowered to CIR and written again is the same machine, up to the spellings listed here.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wfc_cir::{LowerInput, LowerOptions, MachineType, Sealed};
use wfc_diag::Sink;
use wfc_expr::value::Object;
use wfc_expr::{intrinsic, Value};
use wfc_source::{Format, Limits, Node, SourceMap, Tree};
use wfc_to_asl::{emit, Options};

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");

/// Published machines that are broken: one is no JSON, one has its query language among the states.
const BROKEN: [&str; 2] = ["57f0c335de22", "8f288866452a"];

/// Between them these have every field there is, in each query language.
const EVERY_FIELD: [(&str, &str); 3] = [
    ("jsonpath.asl.json", include_str!("machines/jsonpath.asl.json")),
    ("jsonata.asl.json", include_str!("machines/jsonata.asl.json")),
    ("placeholders.asl.yaml", include_str!("machines/placeholders.asl.yaml")),
];

#[test]
fn machines_with_every_field() {
    let mut tally = Tally::default();
    for (name, text) in EVERY_FIELD {
        tally.add(name, text, Format::of_path(name), MachineType::Standard);
    }
    assert!(tally.refused.is_empty(), "{:#?}", tally.refused);
    assert!(tally.different.is_empty(), "{}", tally.different.join("\n"));
}

#[test]
fn published_machines() {
    let mut tally = Tally::default();
    for path in files(&Path::new(SHARED).join("corpus/asl")) {
        let text = read(&path);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        tally.add(&name, &text, Format::of_path(&name), MachineType::Standard);
    }
    tally.print("published machines");
    let refused: Vec<_> =
        tally.refused.iter().filter(|(name, _)| !BROKEN.iter().any(|one| name.starts_with(one))).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    assert!(tally.different.is_empty(), "{}", tally.different.join("\n"));
}

#[test]
fn recorded_machines() {
    let mut tally = Tally::default();
    for folder in files(&Path::new(SHARED).join("cases/asl")).into_iter().filter(|path| path.is_dir()) {
        for path in files(&folder) {
            let case = Value::parse(&read(&path)).unwrap();
            if let Some((definition, machine_type)) = accepted(&case) {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                tally.add(&name, &definition, Format::Json, machine_type);
            }
        }
    }
    tally.print("recorded machines");
    assert!(tally.refused.is_empty(), "{:#?}", tally.refused);
    assert!(tally.different.is_empty(), "{}", tally.different.join("\n"));
}

/// The machine of a case in which the service accepted a whole machine.
fn accepted(case: &Value) -> Option<(String, MachineType)> {
    let word = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let expected = case.get("expected")?;
    let accepted = match word(case.get("kind")).as_str() {
        "execution" | "variable_references" => true,
        "test_state" => word(expected.get("status")) != "REJECTED",
        "validate" => word(expected.get("result")) == "OK",
        _ => false,
    };
    let definition = case.get("definition").filter(|definition| definition.get("States").is_some())?;
    let express = word(case.get("type")) == "EXPRESS";
    let machine_type = if express { MachineType::Express } else { MachineType::Standard };
    accepted.then(|| (definition.to_json_pretty(), machine_type))
}

/// What became of the machines.
#[derive(Default)]
struct Tally {
    same: usize,
    refused: BTreeMap<String, Vec<String>>,
    different: Vec<String>,
}

impl Tally {
    fn add(&mut self, name: &str, text: &str, format: Format, machine_type: MachineType) {
        let mut sink = Sink::default();
        let file = SourceMap::new().add(name, text);
        let tree = wfc_source::parse(&file, format, &Limits::default(), &mut sink);
        let options = LowerOptions { machine_type, ..LowerOptions::default() };
        let input = LowerInput { path: name, tree: &tree, options: &options };
        let module = (wfc_from_asl::FRONT.lower)(&input, &mut sink);
        let Some(module) = module.filter(|_| !sink.has_errors()) else {
            let found = sink.found().iter().map(|found| format!("{}: {}", found.rule.name, found.message));
            self.refused.insert(name.to_owned(), found.collect());
            return;
        };
        match emit(&Sealed::assume_sealed(module), &Options::default()) {
            Ok(artifact) => self.compare(name, &tree, &artifact.text),
            Err(found) => {
                let found: Vec<_> = found.iter().map(|one| one.to_string()).collect();
                self.different.push(format!("{name}: not written: {}", found.join("; ")));
            }
        }
    }

    fn compare(&mut self, name: &str, tree: &Tree, written: &str) {
        let before = machine(&value(tree.root()));
        let after = machine(&Value::parse(written).unwrap());
        match difference("", &before, &after) {
            None => self.same += 1,
            Some(place) => self.different.push(format!("{name}: {place}")),
        }
    }

    #[allow(clippy::print_stdout, reason = "figures for whoever runs the test")]
    fn print(&self, what: &str) {
        if self.same + self.refused.len() + self.different.len() == 0 {
            println!("skipped: {what} absent");
        }
        println!("{what}: {} same, {} refused, {} different", self.same, self.refused.len(), self.different.len());
    }
}

/// Folders and files of a folder, in order; none if it is absent.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut found: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[allow(clippy::disallowed_methods, reason = "the shared machines are files")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The value of a tree, whatever notation it was written in.
fn value(node: Node<'_>) -> Value {
    match node.kind() {
        wfc_source::Kind::Null | wfc_source::Kind::Error => Value::Null,
        wfc_source::Kind::Bool(value) => value.into(),
        wfc_source::Kind::Number => wfc_expr::value::Number::from_text(node.text()).unwrap().into(),
        wfc_source::Kind::String => node.text().into(),
        wfc_source::Kind::Array => node.items().map(value).collect(),
        wfc_source::Kind::Object => node.members().map(|member| (member.name(), value(member.value))).collect(),
    }
}

/// The normal form of a machine. That members may stand in any order and numbers be spelt in any way is left to
/// [`Value`]'s equality.
fn machine(machine: &Value) -> Value {
    edited(machine, |name, value| match (name, value) {
        ("States", Value::Object(states)) => Some(states.iter().map(|(name, one)| (name, state(one))).collect()),
        _ => Some(plain(name, value)),
    })
}

fn state(state: &Value) -> Value {
    let drops_output = state.get("OutputPath").is_some_and(Value::is_null);
    edited(state, |name, value| match (name, value) {
        // Whatever the output is, `null` makes `{}` of it.
        ("ResultPath", _) if drops_output => None,
        // `End` is a switch that is off by default.
        ("End", Value::Bool(false)) => None,
        ("Branches", Value::Array(branches)) => Some(branches.iter().map(machine).collect()),
        ("ItemProcessor" | "Iterator", _) => Some(machine(value)),
        // What stands here is never computed.
        ("Result", _) => Some(value.clone()),
        _ => Some(plain(name, value)),
    })
}

fn edited(object: &Value, edit: impl Fn(&str, &Value) -> Option<Value>) -> Value {
    let members = object.as_object().into_iter().flat_map(Object::iter);
    members.filter_map(|(name, value)| Some((name, edit(name, value)?))).collect()
}

/// A field in which only expressions have several spellings.
fn plain(name: &str, value: &Value) -> Value {
    let is_path = name.ends_with("Path") || name.ends_with(".$") || name == "Variable";
    match value {
        Value::Object(_) => edited(value, |name, value| Some(plain(name, value))),
        Value::Array(items) => items.iter().map(|item| plain("", item)).collect(),
        Value::String(text) if is_path => path(text).into(),
        Value::String(text) => jsonata(text).into(),
        _ => value.clone(),
    }
}

/// A name may stand in brackets or behind a dot, and blanks between arguments do not count.
fn path(text: &str) -> String {
    intrinsic::parse_payload(text).map_or_else(|_| text.to_owned(), |parsed| parsed.to_string())
}

/// Blanks around JSONata do not count.
fn jsonata(text: &str) -> String {
    let inside = text.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}"));
    inside.map_or_else(|| text.to_owned(), |inside| format!("{{%{}%}}", inside.trim()))
}

/// The first place at which two values differ.
fn difference(place: &str, before: &Value, after: &Value) -> Option<String> {
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => {
            let names: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
            names.into_iter().find_map(|name| match (a.get(name), b.get(name)) {
                (Some(a), Some(b)) => difference(&format!("{place}/{name}"), a, b),
                (a, b) => Some(format!("{place}/{name}: {a:?} became {b:?}")),
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b.iter()).enumerate();
            pairs.find_map(|(index, (a, b))| difference(&format!("{place}/{index}"), a, b))
        }
        _ => (before != after).then(|| format!("{place}: {before} became {after}")),
    }
}
