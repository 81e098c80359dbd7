//! Runs tests, several at once, and judges each.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use wfc_driver::testing::coverage::Took;
use wfc_driver::testing::Ran;

use super::collect::{Case, Ready};
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
pub(super) fn all(cases: Vec<Case>, jobs: usize) -> Result<Vec<Verdict>, Failure> {
    let jobs = jobs.min(cases.len());
    let waiting = Mutex::new(cases.into_iter().enumerate());
    let verdicts = Mutex::new(Vec::new());
    // Locked for the look only: other threads take the next test while this one runs.
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        while let Some((index, case)) = next() {
            let verdict = one(case);
            verdicts.lock().unwrap_or_else(PoisonError::into_inner).push((index, verdict));
        }
    };
    std::thread::scope(|scope| {
        for number in 0..jobs {
            let thread = std::thread::Builder::new().name(format!("test-{number}")).stack_size(STACK);
            let started = thread.spawn_scoped(scope, work);
            started.map_err(|error| Failure::io(format!("no thread could be started: {error}")))?;
        }
        Ok::<(), Failure>(())
    })?;
    let mut verdicts = verdicts.into_inner().unwrap_or_default();
    verdicts.sort_by_key(|(index, _)| *index);
    Ok(verdicts.into_iter().map(|(_, verdict)| verdict).collect())
}

fn one(case: Case) -> Verdict {
    let start = Instant::now();
    let Case { file, line, test, machine, ready } = case;
    let (outcome, ways) = match run(&machine, &test.name.value, ready) {
        Ok(ran) => {
            let mismatches = judge(&test.expect, &ran);
            (if mismatches.is_empty() { Outcome::Passed } else { Outcome::Failed(mismatches) }, ran.took)
        }
        Err(why) => (Outcome::Broken(why), Took::new()),
    };
    Verdict { file, line, name: test.name.value.to_string(), machine, took: start.elapsed(), outcome, ways }
}

fn run(file: &str, name: &str, ready: Result<Ready, String>) -> Result<Ran, String> {
    let Ready { machine, input, tools } = ready?;
    machine.run(name, input, tools).map_err(|failure| format!("{file} could not be run to its end: {failure}"))
}
