//! Machines have the same history with and without the passes that run by default.

use super::core::optimised;
use super::subjects::{machines, recorded, Machine, Script, Subject};
use super::world::{Course, Weather};
use super::Law;
use wfc_run_core::{history, Command};

pub(super) fn laws() -> Vec<Law> {
    vec![Law::new("run-core: passes keep the history of machines", law)]
}

fn law() -> Result<(), String> {
    let all: Vec<Machine> = recorded().into_iter().chain(machines(&Script::Seeded(5))).collect();
    let broken = (0..).zip(&all).filter_map(|(seed, machine)| keeps_history(machine, seed).err());
    super::none_of(broken.collect(), all.len())
}

fn keeps_history(machine: &Machine, seed: u64) -> Result<(), String> {
    let after = Machine { module: optimised(&machine.module)?, ..machine.clone() };
    let (Some(before), Some(after)) = (machine.subject(), after.subject()) else { return Ok(()) };
    for delay in [0, 3_000] {
        let weather = Weather { seed, delay, ..Weather::default() };
        let [wanted, found] = [&before, &after].map(|subject| told(subject, &subject.run(weather)));
        if wanted != found {
            let pair = wanted.iter().zip(&found).find(|(wanted, found)| wanted != found);
            return Err(format!("{}: {pair:?}", machine.name));
        }
    }
    Ok(())
}

/// The history of a course, as text, and how it ended.
fn told(subject: &Subject, course: &Course) -> Vec<String> {
    let lines = course.said().filter_map(|command| match command {
        Command::Record(record) => Some(history::event(&subject.program, record).to_string()),
        _ => None,
    });
    lines.chain([format!("{:?}", course.end)]).collect()
}
