//! Runs under everything that may go wrong around them: whatever happens, they end by their own rules, and what must
//! not matter does not.
//!
//! `WFC_SIM_SEEDS` says how many seeds are tried.

use std::sync::OnceLock;

use wfc_run_core::{Command, RunStatus};

use super::subjects::{machines, recorded, Machine, Script, Subject};
use super::world::{Course, End, Weather};
use super::Law;

/// How many seeds are tried unless the environment says otherwise.
const SEEDS: u64 = 10_000;

/// In how many parts, so that they may be tried at once.
const PARTS: u64 = 8;

/// How many generated programs are in the pool, and of how many numbers they are taken.
const GENERATED: (usize, u64) = (400, 3_000);

/// How many events a run of the pool has at most when nothing goes wrong: many seeds are worth more than long runs.
const SHORT: usize = 60;

pub(super) fn laws() -> Vec<Law> {
    let part = |part: u64| Law::new(format!("run-core: weathers {SEEDS} seeds, part {part}"), move || law(part));
    (0..PARTS).map(part).collect()
}

fn law(part: u64) -> Result<(), String> {
    let seeds = std::env::var("WFC_SIM_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SEEDS);
    let seeds = (0..seeds).filter(|seed| seed % PARTS == part);
    let tried = seeds.clone().count();
    super::none_of(seeds.filter_map(|seed| weathers(seed).err()).collect(), tried)
}

/// Small programs that end when nothing goes wrong.
fn pool() -> &'static [Subject] {
    static POOL: OnceLock<Vec<Subject>> = OnceLock::new();
    POOL.get_or_init(|| {
        let generated = (0..GENERATED.1).filter_map(Subject::generated).filter(is_small).take(GENERATED.0);
        let scripts = [Script::Seeded(0), Script::Seeded(1), Script::Obliging];
        let made = scripts.iter().flat_map(machines).filter_map(|machine| machine.subject());
        let recorded = recorded().into_iter().filter_map(|machine: Machine| machine.subject()).filter(is_small);
        generated.chain(made).chain(recorded).collect()
    })
}

fn is_small(subject: &Subject) -> bool {
    let course = subject.run(Weather::default());
    let events = course.runs.iter().map(|run| run.events.len()).sum::<usize>();
    matches!(course.end, End::Ended(_)) && (3..SHORT).contains(&events)
}

fn weathers(seed: u64) -> Result<(), String> {
    let subject = &pool()[seed as usize % pool().len()];
    let weather = Weather { seed, delay: 3_000, unruly: seed % 3 != 0, stops: seed % 7 == 0, ..Weather::default() };
    let bad = Weather { echoes: true, crashes: true, ..weather };
    let [calm, rough, again] = [weather, bad, bad].map(|weather| subject.run(weather));
    let complain = |why: &str| Err(format!("seed {seed}, {}: {why}", subject.name));
    for course in [&calm, &rough] {
        if let Some(complaint) = course.complaints.first() {
            return complain(complaint);
        }
    }
    if !same(&rough, &again) {
        return complain("the same seed gives another course");
    }
    if !same(&calm, &rough) {
        return complain(&format!("echoes or crashes change the course: {}", difference(&calm, &rough)));
    }
    match &calm.end {
        End::Ended(outcome) if outcome.status == RunStatus::Aborted && !weather.stops => complain("it was aborted"),
        End::Ended(_) => Ok(()),
        End::Cut => complain("it does not end"),
        End::Stuck => complain("it waits for something that will not happen"),
    }
}

fn same(one: &Course, other: &Course) -> bool {
    one.end == other.end && one.said().eq(other.said())
}

/// The first command that is another one.
fn difference(one: &Course, other: &Course) -> String {
    let differs = |(one, other): &(&Command, &Command)| one != other;
    let first = one.said().zip(other.said()).find(differs);
    format!("{first:?}, and in the end {:?} and {:?}", one.end, other.end)
}
