//! Fields that must be numbers or instants, and what is said of those that are not.

use wfc_expr::Value;
use wfc_plan::{ExprIx, NodeIx, WaitFor};

use crate::error::{Fault, EVALUATION};
use crate::eval::{Docs, Env, Field};
use crate::fields;
use crate::time::{millis, parse_instant};
use crate::turn::Turn;
use crate::{Act, Millis, RunError};

/// The longest `Wait`, in seconds.
const LONGEST_WAIT: i64 = i32::MAX as i64;

impl Turn<'_> {
    /// A length of time; it must be a number of seconds that is not negative.
    pub(crate) fn seconds(
        &self,
        frame: u32,
        node: Option<NodeIx>,
        expr: Option<ExprIx>,
        field: Field<'_>,
        docs: Docs<'_>,
    ) -> Result<Option<Millis>, RunError> {
        let Some(expr) = expr else { return Ok(None) };
        let env = Env { program: self.program, state: self.state, frame, node, docs, token: None };
        let value = env.value(expr, field)?;
        match seconds(&value) {
            Some(seconds) if seconds >= 0.0 => Ok(Some(millis(seconds))),
            Some(_) => Err(fault(&env, expr, field, "references a negative value", &value)),
            None => Err(fault(&env, expr, field, "cannot be parsed as a long value", &value)),
        }
    }

    /// How long a `Wait` takes from now on.
    pub(crate) fn delay_of(&self, act: Act, until: WaitFor, docs: Docs<'_>) -> Result<Millis, RunError> {
        let delay = match until {
            WaitFor::Seconds(expr) => {
                self.whole_in_aws(act, expr, docs)?;
                self.seconds(act.frame, Some(act.node), Some(expr), fields::SECONDS, docs)?.unwrap_or(0)
            }
            WaitFor::Timestamp(expr) => self.until(act, expr, docs)?,
        };
        match self.is_aws(act.frame) && delay / 1000 > LONGEST_WAIT {
            true => Err(RunError::runtime("Wait state delay is too long.")),
            false => Ok(delay),
        }
    }

    /// Parts of a second are no length of time there.
    fn whole_in_aws(&self, act: Act, expr: ExprIx, docs: Docs<'_>) -> Result<(), RunError> {
        let env = self.env(act.frame, act.node, docs);
        if !self.is_aws(act.frame) || !env.is_computed(expr) {
            return Ok(());
        }
        let value = env.value(expr, fields::SECONDS)?;
        match whole(&value) {
            Some(_) => Ok(()),
            None => Err(fault(&env, expr, fields::SECONDS, "cannot be parsed as a long value", &value)),
        }
    }

    /// How long it is until an instant; nothing if it is past.
    fn until(&self, act: Act, expr: ExprIx, docs: Docs<'_>) -> Result<Millis, RunError> {
        let env = self.env(act.frame, act.node, docs);
        let value = env.value(expr, fields::TIMESTAMP)?;
        match value.as_str().and_then(parse_instant) {
            Some(at) => Ok(at.to_millis().saturating_sub(self.state.now).max(0)),
            None if env.is_jsonata(expr) || !env.is_computed(expr) => {
                let shown = plain(&value);
                let cause = format!(
                    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {shown}"
                );
                let fault = Fault {
                    node: Some(act.node),
                    expr: Some(expr),
                    field: Some("Timestamp".into()),
                    evaluation: true,
                    ..Fault::default()
                };
                Err(RunError::new(EVALUATION, cause).with_fault(fault))
            }
            None => {
                let what = "does not reference a valid ISO-8601 extended offset date-time format string";
                Err(fault(&env, expr, fields::TIMESTAMP, what, &value))
            }
        }
    }
}

impl Env<'_> {
    /// A whole number from 0, such as a limit on items.
    pub(crate) fn count(&self, expr: Option<ExprIx>, field: Field<'_>) -> Result<Option<u64>, RunError> {
        let Some(expr) = expr else { return Ok(None) };
        let value = self.value(expr, field)?;
        match whole(&value) {
            Some(number) => u64::try_from(number).map(Some).map_err(|_| {
                let name = field.plain_name();
                RunError::runtime(format!("{name} cannot be negative.")).with_fault(self.place(expr))
            }),
            None => Err(self.not_a(expr, field, "integer", &value)),
        }
    }

    /// The most items that are read.
    pub(crate) fn max_items(&self, expr: ExprIx) -> Result<Value, RunError> {
        let value = self.value(expr, fields::MAX_ITEMS)?;
        match whole(&value) {
            Some(number) => Ok(Value::from(number)),
            None => Err(self.not_a(expr, fields::MAX_ITEMS, "integer", &value)),
        }
    }

    /// A share of a hundred.
    pub(crate) fn percentage(&self, expr: Option<ExprIx>, field: Field<'_>) -> Result<Option<f64>, RunError> {
        let Some(expr) = expr else { return Ok(None) };
        let value = self.value(expr, field)?;
        match seconds(&value) {
            Some(number) if (0.0..=100.0).contains(&number) => Ok(Some(number)),
            Some(_) => {
                let name = field.plain_name();
                Err(RunError::runtime(format!("{name} must be between 0 and 100.")).with_fault(self.place(expr)))
            }
            None => Err(self.not_a(expr, field, "float", &value)),
        }
    }

    fn not_a(&self, expr: ExprIx, field: Field<'_>, kind: &str, value: &Value) -> RunError {
        let (name, shown, text) = (field.name(self.is_jsonata(expr)), plain(value), self.text(expr));
        let cause = format!("The {name} field refers to value \"{shown}\" which is not a valid {kind}: {text}");
        RunError::runtime(cause).with_fault(self.place(expr))
    }

    fn place(&self, expr: ExprIx) -> Fault {
        Fault { node: self.node, expr: Some(expr), ..Fault::default() }
    }
}

fn fault(env: &Env<'_>, expr: ExprIx, field: Field<'_>, what: &str, value: &Value) -> RunError {
    let (name, text, shown) = (field.name(env.is_jsonata(expr)), env.text(expr), plain(value));
    let cause = format!("The {name} parameter {what}: {text} == {shown}");
    RunError::runtime(cause).with_fault(env.place(expr))
}

/// A whole number, also one that a variable holds as text.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

fn seconds(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.parse::<f64>().ok().filter(|number| number.is_finite()),
        other => other.as_f64(),
    }
}

/// A value as it is shown in a sentence: text without quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_json(), str::to_owned)
}
