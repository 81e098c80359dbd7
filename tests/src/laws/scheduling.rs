//! What comes of items and branches does not depend on which of them ends first.

use super::subjects::{machines, Script, Subject};
use super::world::{Course, End, Weather};
use super::Law;

/// How many orders are tried.
const ORDERS: u64 = 60;

/// Machines in which nothing is a matter of time.
const TIMELESS: [&str; 5] = ["distributed", "reader", "branches", "nested", "jsonata"];

pub(super) fn laws() -> Vec<Law> {
    vec![Law::new("run-core: results of items and branches do not depend on the order of answers", law)]
}

fn law() -> Result<(), String> {
    let named = |subject: &Subject| TIMELESS.iter().any(|name| subject.name.ends_with(name));
    let subjects = machines(&Script::Obliging).into_iter().filter_map(|machine| machine.subject()).filter(named);
    let subjects: Vec<Subject> = subjects.collect();
    let broken = subjects.iter().filter_map(|subject| independent(subject).err());
    super::none_of(broken.collect(), subjects.len())
}

fn independent(subject: &Subject) -> Result<(), String> {
    let wanted = subject.run(Weather::default());
    let mut others = 0;
    for seed in 0..ORDERS {
        let found = subject.run(Weather { seed, delay: 3_000, ..Weather::default() });
        if !matches!(found.end, End::Ended(_)) || found.end != wanted.end {
            return Err(format!("{}, seed {seed}: {:?} became {:?}", subject.name, wanted.end, found.end));
        }
        others += u64::from(order(&found) != order(&wanted));
    }
    match others * 2 >= ORDERS {
        true => Ok(()),
        false => Err(format!("{}: only {others} of {ORDERS} orders are others", subject.name)),
    }
}

/// What a course told its runs, without when.
fn order(course: &Course) -> Vec<String> {
    let events = course.runs.iter().flat_map(|run| &run.events);
    events.map(|event| format!("{:?}", event.body)).collect()
}
