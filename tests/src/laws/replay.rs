//! The replay law: the recorded events of a run, told to a fresh state, give the same commands and the same state,
//! byte for byte. So do the events behind any moment, told to what was written of the state at that moment.

use serde::Serialize;
use wfc_run_core::{step, Command, Event, Program, RunState};

use super::subjects::{self, Script, Subject};
use super::world::{Journal, Weather};
use super::{cases, Law};

/// Of how many moments runs are taken up again.
const MOMENTS: usize = 4;

/// In how many parts the programs and the machines are tried, so that they may be tried at once.
const PARTS: u64 = 2;

pub(super) fn laws() -> Vec<Law> {
    let part = |part: u64| {
        let programs = move || cases().filter(|number| number % PARTS == part).filter_map(Subject::generated).collect();
        let machines = move || recorded().into_iter().skip(part as usize).step_by(PARTS as usize).collect();
        [
            Law::new(format!("run-core: replays programs, part {part}"), move || all_replay(programs())),
            Law::new(format!("run-core: replays recorded machines, part {part}"), move || all_replay(machines())),
        ]
    };
    let made =
        || all_replay(subjects::machines(&Script::Seeded(3)).iter().filter_map(subjects::Machine::subject).collect());
    (0..PARTS).flat_map(part).chain([Law::new("run-core: replays machines", made)]).collect()
}

fn recorded() -> Vec<Subject> {
    subjects::recorded().iter().filter_map(subjects::Machine::subject).collect()
}

fn all_replay(subjects: Vec<Subject>) -> Result<(), String> {
    let (mut broken, mut unwritable) = (Vec::new(), 0);
    for (seed, subject) in (0..).zip(&subjects) {
        let weather = Weather { seed, delay: 3_000, unruly: seed % 2 == 0, stops: seed % 8 == 0, ..Weather::default() };
        let course = subject.run(weather);
        if !course.said().all(|command| serde_json::to_string(command).is_ok()) {
            unwritable += 1;
            continue;
        }
        let verdicts = course.runs.iter().map(|run| replays(&subject.program, run));
        broken.extend(verdicts.filter_map(Result::err).map(|why| format!("{}: {why}", subject.name)).next());
    }
    if unwritable * 100 > subjects.len() {
        return Err(format!("{unwritable} of {} say what nests too deep to be written", subjects.len()));
    }
    super::none_of(broken, subjects.len())
}

fn replays(program: &Program, journal: &Journal) -> Result<(), String> {
    let said: Vec<String> = journal.commands.iter().map(written).collect();
    let mut moments = vec![written(&RunState::new())];
    let mut state = RunState::new();
    for (at, event) in journal.events.iter().enumerate() {
        same(&said[at], &written(&told(program, &mut state, event)), || format!("commands of event {at} again"))?;
        let text = written(&state);
        let again = read(&text)?;
        again.check(program).map_err(|error| format!("after event {at}: {error}"))?;
        same(&text, &written(&again), || format!("the state after event {at} read back"))?;
        moments.push(text);
    }
    let last = written(&journal.state);
    same(&last, &written(&state), || "the last state again".to_owned())?;
    for from in (1..moments.len()).step_by(moments.len() / MOMENTS + 1) {
        let mut state = read(&moments[from])?;
        for (at, event) in journal.events.iter().enumerate().skip(from) {
            same(&said[at], &written(&told(program, &mut state, event)), || format!("event {at} taken up at {from}"))?;
        }
        same(&last, &written(&state), || format!("the last state taken up at {from}"))?;
    }
    Ok(())
}

fn told(program: &Program, state: &mut RunState, event: &Event) -> Vec<Command> {
    let mut commands = Vec::new();
    step(program, state, event.clone(), &mut commands);
    commands
}

fn written(what: &impl Serialize) -> String {
    serde_json::to_string(what).expect("it can be written")
}

fn read(text: &str) -> Result<RunState, String> {
    serde_json::from_str(text).map_err(|error| format!("a state cannot be read back: {error}"))
}

fn same(wanted: &str, found: &str, what: impl FnOnce() -> String) -> Result<(), String> {
    match wanted == found {
        true => Ok(()),
        false => Err(format!("{} is other:\n{wanted}\n{found}", what())),
    }
}
