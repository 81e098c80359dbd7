//! Runs tests, several at once, and judges each.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use wfc_driver::testing::coverage::Took;
use wfc_driver::testing::Ran;

use super::collect::Case;
use super::expect::{judge, Mismatch};
use crate::cmd::{Failure, STACK};

/// What a test came to.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    /// The test file.
    pub(super) file: String,
    /// The line of the test's name.
    pub(super) line: u32,
    /// The test.
    pub(super) name: String,
    /// The file of its machine.
    pub(super) machine: String,
    /// How long it took on the wall.
    pub(super) took: Duration,
    /// What was found.
    pub(super) outcome: Outcome,
    /// Which ways its run took.
    pub(super) ways: Took,
}

/// What was found about a test.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// Everything is as expected.
    Passed,
    /// Something is not.
    Failed(Vec<Mismatch>),
    /// It could not be run.
    Broken(String),
}

impl Verdict {
    pub(super) fn passed(&self) -> bool {
        self.outcome == Outcome::Passed
    }
}

/// Runs all tests, `jobs` at once; the verdicts are in the order of the tests.
pub(super) fn all(cases: &[Case], jobs: usize) -> Result<Vec<Verdict>, Failure> {
    let next = AtomicUsize::new(0);
    let verdicts = Mutex::new(Vec::with_capacity(cases.len()));
    let work = || {
        while let Some((index, case)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, cases.get(i)?)))
        {
            let verdict = one(case);
            if let Ok(mut verdicts) = verdicts.lock() {
                verdicts.push((index, verdict));
            }
        }
    };
    std::thread::scope(|scope| {
        for number in 0..jobs.min(cases.len()) {
            let thread = std::thread::Builder::new().name(format!("test-{number}")).stack_size(STACK);
            thread
                .spawn_scoped(scope, work)
                .map_err(|error| Failure::io(format!("no thread could be started: {error}")))?;
        }
        Ok::<(), Failure>(())
    })?;
    let mut verdicts = verdicts.into_inner().unwrap_or_default();
    verdicts.sort_by_key(|(index, _)| *index);
    Ok(verdicts.into_iter().map(|(_, verdict)| verdict).collect())
}

fn one(case: &Case) -> Verdict {
    let start = Instant::now();
    let (outcome, ways) = match run(case) {
        Ok(ran) => {
            let mismatches = judge(&case.test.expect, &ran);
            (if mismatches.is_empty() { Outcome::Passed } else { Outcome::Failed(mismatches) }, ran.took)
        }
        Err(why) => (Outcome::Broken(why), Took::new()),
    };
    Verdict {
        file: case.file.clone(),
        line: case.line,
        name: case.test.name.value.to_string(),
        machine: case.machine.clone(),
        took: start.elapsed(),
        outcome,
        ways,
    }
}

fn run(case: &Case) -> Result<Ran, String> {
    let ready = case.ready.as_ref().map_err(Clone::clone)?;
    let ran = ready.machine.run(&case.test.name.value, ready.input.clone(), (ready.tools)());
    ran.map_err(|failure| format!("{} could not be run to its end: {failure}", case.machine))
}
