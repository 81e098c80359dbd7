//! What laws of runs are tried on: generated programs, machines made for it, and recorded machines.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value as Json;
use wfc_cir::{MachineType, Module, Sealed};
use wfc_driver::{passes, Session};
use wfc_expr::Value;
use wfc_run_core::{Dispatch, Program, RunError, Setting};

use super::world::{self, begin, failure, Answers, Course, Weather};
use super::{input, programs};
use crate::files;
use crate::oracle::{scripted, Call};

/// Machines made to be run: name, definition, input.
const MACHINES: [(&str, &str, &str); 9] = [
    ("distributed", include_str!("machines/distributed.json"), r#"{"list": [1, 2, 3, 4, 5, 6, 7]}"#),
    ("reader", include_str!("machines/reader.json"), r#"{}"#),
    ("tolerant", include_str!("machines/tolerant.json"), r#"{"list": [1, 2, 3, 4, 5, 6]}"#),
    ("tokens", include_str!("machines/tokens.json"), r#"{"order": 7}"#),
    ("activities", include_str!("machines/activities.json"), r#"{"order": 7}"#),
    ("retries", include_str!("machines/retries.json"), r#"{"order": 7}"#),
    ("branches", include_str!("machines/branches.json"), r#"{"list": [1, 2, 3]}"#),
    ("nested", include_str!("machines/nested.json"), r#"{"rows": [[1, 2], [3], [], [4, 5, 6]]}"#),
    ("jsonata", include_str!("machines/jsonata.json"), r#"{"list": [{"id": 1, "wait": 2}, {"id": 2, "wait": 1}]}"#),
];

/// The most bytes of a document. Without a limit a loop can double one in each round.
const MAX_BYTES: u64 = 64 << 10;

/// A program with everything it needs to run.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) program: Program,
    input: Value,
    script: Script,
}

/// How work is answered, by nothing but the work itself and how often its state was at work before.
#[derive(Clone, Debug)]
pub(super) enum Script {
    /// By values and errors of all kinds.
    Seeded(u64),
    /// By what it was given.
    Obliging,
    /// As recorded, by the name of the state; then by values and errors of all kinds.
    Recorded(BTreeMap<String, Vec<Result<Value, RunError>>>),
}

impl Subject {
    /// Nothing, if the module is not one that can be run.
    pub(super) fn new(name: String, module: &Module, input: Value, script: Script) -> Option<Subject> {
        let emitted = wfc_to_plan::emit(&Sealed::assume_sealed(module.clone())).ok()?;
        let program = Program::load(emitted.plan).expect("what is emitted can be loaded");
        Some(Subject { name, program, input, script })
    }

    /// The generated program of a number.
    pub(super) fn generated(number: u64) -> Option<Subject> {
        let module = programs::program(number);
        Subject::new(format!("program {number}"), &module, input(number), Script::Seeded(number))
    }

    pub(super) fn run(&self, weather: Weather) -> Course {
        let mut answers = self.script.answers(&self.program);
        let setting = Setting { max_bytes: Some(MAX_BYTES), ..Setting::default() };
        let start = begin("law", self.input.clone(), Value::empty_object(), setting);
        world::run(&self.program, start, weather, &mut *answers)
    }
}

impl Script {
    fn answers<'a>(&'a self, program: &'a Program) -> Box<Answers<'a>> {
        match self {
            Script::Seeded(seed) => Box::new(|work| drawn(*seed, work)),
            Script::Obliging => Box::new(|work| Ok(work.args.clone())),
            Script::Recorded(states) => {
                let mut calls = HashMap::new();
                Box::new(move |work| {
                    let name = &*program.plan().nodes[work.act.node.at()].name;
                    let call: &mut usize = calls.entry(name).or_default();
                    *call += 1;
                    let recorded = states.get(name).and_then(|replies| replies.get(*call - 1));
                    recorded.cloned().unwrap_or_else(|| drawn(7, work))
                })
            }
        }
    }
}

fn drawn(seed: u64, work: &Dispatch) -> Result<Value, RunError> {
    let before = work.act.visit * 64 + work.act.attempt;
    let call = Call { key: work.key.clone(), tool: work.tool.clone(), args: work.args.clone(), before };
    scripted(seed)(&call).map_err(|error| RunError {
        class: error.class,
        exit_code: error.exit_code,
        ..failure(error.name.as_deref(), error.cause.as_deref())
    })
}

/// A machine as a module before any pass, with its input and its script.
#[derive(Clone)]
pub(super) struct Machine {
    pub(super) name: String,
    pub(super) module: Module,
    pub(super) input: Value,
    pub(super) script: Script,
}

impl Machine {
    pub(super) fn subject(&self) -> Option<Subject> {
        Subject::new(self.name.clone(), &self.module, self.input.clone(), self.script.clone())
    }
}

/// The machines made to be run.
pub(super) fn machines(script: &Script) -> Vec<Machine> {
    let machine = |(name, text, input): (&str, &str, &str)| {
        let module = module(text.to_owned(), MachineType::Standard).expect("the machine is accepted");
        let input = Value::parse(input).expect("the input is JSON");
        Machine { name: format!("machine {name}"), module, input, script: script.clone() }
    };
    MACHINES.into_iter().map(machine).collect()
}

/// The machines of the recorded runs; none if there are no recordings.
pub(super) fn recorded() -> Vec<Machine> {
    let Some(root) = files::shared("cases/asl") else { return Vec::new() };
    let files = files::walk(&root).unwrap_or_default();
    files.iter().filter_map(|file| recorded_machine(&std::fs::read_to_string(file).ok()?)).collect()
}

fn recorded_machine(text: &str) -> Option<Machine> {
    let case: Json = serde_json::from_str(text).ok()?;
    let text = |name: &str| case.get(name).and_then(Json::as_str);
    if text("kind") != Some("execution") {
        return None;
    }
    let definition = text("definition_raw").map_or_else(|| case["definition"].to_string(), str::to_owned);
    let kind = if text("type") == Some("EXPRESS") { MachineType::Express } else { MachineType::Standard };
    let states = case.get("tasks").and_then(Json::as_object).into_iter().flatten();
    let replies = |list: &Json| list.as_array().into_iter().flatten().filter_map(reply).collect();
    Some(Machine {
        name: format!("case {}", text("id").unwrap_or_default()),
        module: module(definition, kind)?,
        input: value(&case["input"]),
        script: Script::Recorded(states.map(|(state, list)| (state.clone(), replies(list))).collect()),
    })
}

fn reply(attempt: &Json) -> Option<Result<Value, RunError>> {
    let text = |name: &str| attempt.get(name).and_then(Json::as_str);
    match text("outcome")? {
        "succeeded" => Some(Ok(value(&attempt["output"]))),
        "failed" => Some(Err(failure(text("error"), text("cause_text").or_else(|| text("cause"))))),
        _ => None,
    }
}

fn value(json: &Json) -> Value {
    Value::parse(&json.to_string()).unwrap_or_default()
}

/// The module of a definition as it is before any pass; nothing if it is refused.
pub(super) fn module(definition: String, kind: MachineType) -> Option<Module> {
    let mut session = Session::new();
    session.options.machine_type = kind;
    let checked = session.check_bytes("machine.asl.json", definition.into_bytes()).into_checked().ok()?;
    let lowered = passes::lower(checked, &[], &mut |_, _| {}).ok()?;
    Some(lowered.sealed.module().clone())
}
