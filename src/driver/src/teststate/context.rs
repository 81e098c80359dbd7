//! The context object: the one that is invented, and what is wrong with one that is given.

use std::sync::Arc;

use wfc_expr::Value;

use super::target::Target;
use super::Request;

/// The account that invented names belong to, unless the role says whose it is.
const ACCOUNT: &str = "123456789012";
/// The name of the invented run and machine.
const NAME: &str = "test-state";

/// What a member of the context object may be.
#[derive(Clone, Copy)]
enum Kind {
    Any,
    Text,
    Number,
}

/// The members of the context object and their members.
const SECTIONS: [(&str, &[(&str, Kind)]); 4] = [
    (
        "Execution",
        &[
            ("Id", Kind::Text),
            ("Input", Kind::Any),
            ("Name", Kind::Text),
            ("RoleArn", Kind::Text),
            ("StartTime", Kind::Text),
            ("RedriveCount", Kind::Number),
        ],
    ),
    ("State", &[("EnteredTime", Kind::Text), ("Name", Kind::Text), ("RetryCount", Kind::Number)]),
    ("StateMachine", &[("Id", Kind::Text), ("Name", Kind::Text)]),
    ("Task", &[("Token", Kind::Text)]),
];

/// What is wrong with a given context object, if anything.
pub(super) fn trouble(given: &Value, target: &Target) -> Option<String> {
    let Some(sections) = given.as_object() else { return Some("Context must be an object".to_owned()) };
    sections.iter().find_map(|(name, section)| {
        let known = SECTIONS.iter().find(|(known, _)| *known == name);
        let Some((_, members)) = known.filter(|_| name != "Task" || target.answers_later()) else {
            return Some(not_allowed(name));
        };
        let Some(section) = section.as_object() else { return Some(format!("{name} must be an object")) };
        section.iter().find_map(|(member, value)| match members.iter().find(|(known, _)| *known == member) {
            None => Some(not_allowed(member)),
            Some((_, kind)) => kind.refuses(value).map(|why| format!("{name}.{member} must be {why}")),
        })
    })
}

fn not_allowed(name: &str) -> String {
    format!("Field '{name}' is not allowed")
}

impl Kind {
    fn refuses(self, value: &Value) -> Option<&'static str> {
        match self {
            Kind::Any => None,
            Kind::Text => value.as_str().is_none().then_some("a string"),
            Kind::Number => value.as_number().is_none().then_some("a number"),
        }
    }
}

/// What the context object says of the invented run. The state is filled in when it is entered.
pub(super) fn invented(request: &Request) -> Value {
    let account = request.role_arn.as_deref().and_then(account).unwrap_or(ACCOUNT);
    let arn = |kind: &str, name: &str| Value::from(format!("arn:aws:states:us-east-1:{account}:{kind}:{name}"));
    let role = request.role_arn.clone().unwrap_or_else(|| format!("arn:aws:iam::{ACCOUNT}:role/{NAME}"));
    let started = wfc_run_core::instant_text(request.now);
    let execution: Value = [
        ("Id", arn("express", &format!("{NAME}:{NAME}"))),
        ("Input", request.input.clone()),
        ("Name", NAME.into()),
        ("RoleArn", role.into()),
        ("StartTime", started.into()),
    ]
    .into_iter()
    .collect();
    let machine: Value = [("Id", arn("stateMachine", NAME)), ("Name", NAME.into())].into_iter().collect();
    [("Execution", execution), ("StateMachine", machine)].into_iter().collect()
}

/// The account in the name of a role, `arn:aws:iam::ACCOUNT:role/…`.
fn account(role: &str) -> Option<&str> {
    let account = role.strip_prefix("arn:")?.split(':').nth(3)?;
    (!account.is_empty() && account.bytes().all(|byte| byte.is_ascii_digit())).then_some(account)
}

/// Variables by name.
pub(super) fn variables(request: &Request) -> Vec<(Arc<str>, Value)> {
    let given = request.variables.as_ref().and_then(Value::as_object);
    given.map(|given| given.entries().to_vec()).unwrap_or_default()
}
