//! Laws of what runs are kept as: plans and states that were written by anybody are refused, or run without a panic.

use std::sync::OnceLock;

use wfc_cir::{LowerInput, LowerOptions, Sealed};
use wfc_diag::Sink;
use wfc_expr::Value;
use wfc_from_asl::FRONT;
use wfc_plan::Plan;
use wfc_run_core::{step, Body, Command, Event, Program, RunError, RunState, Setting, Status};
use wfc_source::{parse, Format, Limits, SourceMap};

/// How many events a run is told.
const EVENTS: usize = 60;

/// Machines whose states are read.
const MACHINES: [&str; 4] = [
    include_str!("../../tests/src/laws/machines/retries.json"),
    include_str!("../../tests/src/laws/machines/nested.json"),
    include_str!("../../tests/src/laws/machines/distributed.json"),
    include_str!("../../tests/src/laws/machines/tokens.json"),
];

/// What a machine begins with.
const INPUT: &str = r#"{"order": 7, "list": [1, 2, 3], "rows": [[1, 2], [3]]}"#;

/// A plan in JSON. Its hash is put right first: otherwise nothing would get past that.
pub fn plan(data: &[u8]) {
    let Ok(plan) = serde_json::from_slice::<Plan>(data) else { return };
    let Some(program) = plan.sealed().ok().and_then(|plan| Program::load(plan).ok()) else { return };
    go_on(&program, &mut RunState::new(), vec![begin()], &mut |_| {});
}

/// A state in JSON, on a line, and events that it is told, each on a line. The first byte chooses the machine.
pub fn run_state(data: &[u8]) {
    let Some((choice, text)) = data.split_first() else { return };
    let programs = programs();
    let program = &programs[usize::from(*choice) % programs.len()];
    let mut lines = text.split(|byte| *byte == b'\n');
    let Some(mut state) = lines.next().and_then(|line| serde_json::from_slice::<RunState>(line).ok()) else { return };
    if state.check(program).is_err() {
        return;
    }
    let told = lines.filter_map(|line| serde_json::from_slice::<Body>(line).ok());
    go_on(program, &mut state, told.chain([Body::Go, Body::Cancel]).collect(), &mut |_| {});
}

/// Seeds for [`run_state`]: what the machines are kept as on their way.
pub fn states() -> Vec<String> {
    let mut seeds = Vec::new();
    for (at, program) in programs().iter().enumerate() {
        let mut note = |state: &RunState| {
            let state = serde_json::to_string(state).expect("a state can be written");
            seeds.push(format!("{at}{state}\n\"go\"\n"));
        };
        go_on(program, &mut RunState::new(), vec![begin()], &mut note);
    }
    seeds
}

/// Seeds for [`plan`].
pub fn plans() -> Vec<String> {
    programs().iter().filter_map(|program| serde_json::to_string(program.plan()).ok()).collect()
}

fn programs() -> &'static [Program] {
    static PROGRAMS: OnceLock<Vec<Program>> = OnceLock::new();
    PROGRAMS.get_or_init(|| MACHINES.into_iter().map(program).collect())
}

fn program(text: &str) -> Program {
    let (mut sink, options) = (Sink::default(), LowerOptions::default());
    let file = SourceMap::new().add("fuzz.asl.json", text);
    let tree = parse(&file, Format::Json, &Limits::default(), &mut sink);
    let input = LowerInput { path: file.name(), tree: &tree, options: &options };
    let module = (FRONT.lower)(&input, &mut sink).expect("the machine is accepted");
    let emitted = wfc_to_plan::emit(&Sealed::assume_sealed(module)).expect("the machine has a plan");
    Program::load(emitted.plan).expect("what is emitted can be loaded")
}

fn begin() -> Body {
    let input = Value::parse(INPUT).expect("it is JSON");
    let setting = Setting { max_bytes: Some(10_000), ..Setting::default() };
    Body::Start { run: "fuzz".into(), seed: 1, input, context: Value::empty_object(), setting }
}

/// Tells a run events, and then what comes of its own commands, until it rests. `seen` sees each state.
fn go_on(program: &Program, state: &mut RunState, told: Vec<Body>, seen: &mut dyn FnMut(&RunState)) {
    let mut agenda = std::collections::VecDeque::from(told);
    for seq in 0..EVENTS {
        let Some(body) = agenda.pop_front() else { return };
        let mut commands = Vec::new();
        let status = step(program, state, Event { seq: seq as u64, at: seq as i64 * 500, body }, &mut commands);
        seen(state);
        if status == Status::Again {
            // One call makes very many transitions.
            return;
        }
        agenda.extend(commands.into_iter().filter_map(|command| answer(command, seq)));
    }
}

/// What comes of a command; every third work fails.
fn answer(command: Command, seq: usize) -> Option<Body> {
    let error = || RunError::new("Oops", "so it is");
    Some(match command {
        Command::Dispatch(work) if seq % 3 == 0 => Body::Failed { act: work.act, error: error() },
        Command::Dispatch(work) => Body::Done { act: work.act, value: work.args },
        Command::Cancel { act } => Body::Cancelled { act },
        Command::SetTimer { id, .. } => Body::Timer { id },
        Command::ReadItems { act, from, .. } => Body::Items { act, from, items: vec![Value::Null], end: seq > 9 },
        Command::StartRun(start) if seq % 3 == 0 => {
            Body::RunsEnded { act: start.act, runs: vec![(start.slot, Err(error()))] }
        }
        Command::StartRun(start) => Body::RunsEnded { act: start.act, runs: vec![(start.slot, Ok(start.input))] },
        Command::CloseItems { act } => Body::Done { act, value: Value::Null },
        _ => return None,
    })
}
