//! JSONata expressions, timed as the driver of the reference implementation times them.

use std::fmt::Display;
use std::time::{Duration, Instant};

use wfc_expr::jsonata::{Answer, EvalLimits, Profile, Program, World};
use wfc_expr::Value;

/// What one batch should take at least.
const BATCH: Duration = Duration::from_micros(500);

/// Times each case of a file and prints an array of `{name, compiled, full, answer}`.
pub(crate) fn measure(file: &str) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let cases = Value::parse(&text).map_err(|error| format!("{file}: {error}"))?;
    let time = |name: &str| Duration::from_millis(number(&cases, name).unwrap_or(50));
    let timing = Timing { warm: time("warm"), measured: time("measured") };
    let list = cases.get("cases").and_then(Value::as_array).ok_or("no cases")?;
    let figures = list.iter().map(|case| figures(case, &cases, timing)).collect::<Result<Value, String>>()?;
    println!("{}", figures.to_json());
    Ok(())
}

fn number(cases: &Value, name: &str) -> Option<u64> {
    cases.get(name).and_then(Value::as_i64).and_then(|number| u64::try_from(number).ok())
}

fn figures(case: &Value, cases: &Value, timing: Timing) -> Result<Value, String> {
    let member = |name: &str| case.get(name).and_then(Value::as_str).ok_or_else(|| format!("a case has no {name}"));
    let (name, text) = (member("name")?, member("text")?);
    let document = cases.get("documents").and_then(|all| all.get(member("document").ok()?)).ok_or("no document")?;
    let wrong = |error: &dyn Display| format!("{name}: {error}");
    let program = Program::new(text, Profile::Jsonata).map_err(|error| wrong(&error.error.message))?;
    let answer = match eval(&program, document).map_err(|error| wrong(&error))? {
        Answer::Value(value) => value.to_json(),
        _ => String::new(),
    };
    let compiled = timing.best(|| eval(&program, document).is_ok());
    let full =
        timing.best(|| Program::new(text, Profile::Jsonata).is_ok_and(|program| eval(&program, document).is_ok()));
    let micros = |time: f64| Value::from(format!("{time:.3}"));
    let members =
        [("name", name.into()), ("compiled", micros(compiled)), ("full", micros(full)), ("answer", answer.into())];
    Ok(members.into_iter().collect())
}

fn eval(program: &Program, document: &Value) -> Result<Answer, wfc_expr::jsonata::EvalError> {
    program.eval(Some(document), &(), &mut World { now_millis: 0, seed: 0 }, &EvalLimits::standard())
}

/// How long to time.
#[derive(Clone, Copy)]
struct Timing {
    warm: Duration,
    measured: Duration,
}

impl Timing {
    /// Microseconds of the best of many short batches: what others do to the machine can only make a batch slower.
    fn best(self, mut work: impl FnMut() -> bool) -> f64 {
        let mut batch = |count: u32| {
            let start = Instant::now();
            for _ in 0..count {
                std::hint::black_box(work());
            }
            start.elapsed()
        };
        let (mut count, mut spent) = (1_u32, Duration::ZERO);
        while spent < self.warm {
            let took = batch(count);
            spent += took;
            if took < BATCH {
                count = count.saturating_mul(2);
            }
        }
        let (mut least, mut spent) = (f64::INFINITY, Duration::ZERO);
        while spent < self.measured {
            let took = batch(count);
            spent += took;
            least = least.min(took.as_secs_f64() * 1e6 / f64::from(count));
        }
        least
    }
}
