//! What services are known to answer: the members a mocked answer is held against.

use wfc_expr::Value;

/// A member of an answer.
struct Member {
    /// The names on the way to it; `*` stands for every item of an array.
    path: &'static [&'static str],
    kind: Kind,
}

/// What a member may be.
enum Kind {
    /// A string of at least so many characters.
    Text(usize),
    /// A number between two others, if there are bounds.
    Number(Option<(f64, f64)>),
    /// One of these strings.
    OneOf(&'static [&'static str]),
}

const ANY: Kind = Kind::Number(None);

const fn member(path: &'static [&'static str], kind: Kind) -> Member {
    Member { path, kind }
}

const STORAGE_CLASSES: &[&str] = &[
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "OUTPOSTS",
    "GLACIER_IR",
    "SNOW",
    "EXPRESS_ONEZONE",
    "FSX_OPENZFS",
];

/// By action, as a Resource names it: the members that are looked at. Members not named here may be anything.
const ACTIONS: &[(&str, &[Member])] = &[
    ("aws-sdk:kms:encrypt", &[member(&["CiphertextBlob"], Kind::Text(1))]),
    ("aws-sdk:lambda:getFunction", &[member(&["Configuration", "MemorySize"], Kind::Number(Some((128.0, 10_240.0))))]),
    (
        "aws-sdk:s3:getObject",
        &[member(&["ContentLength"], ANY), member(&["StorageClass"], Kind::OneOf(STORAGE_CLASSES))],
    ),
    ("dynamodb:putItem", &[member(&["ConsumedCapacity", "CapacityUnits"], ANY)]),
    ("events:putEvents", &[member(&["Entries", "*", "EventId"], Kind::Text(0))]),
    ("lambda:invoke", &[member(&["StatusCode"], ANY)]),
    ("states:startExecution", &[member(&["ExecutionArn"], Kind::Text(0)), member(&["StartDate"], Kind::Text(0))]),
];

/// Why a service would not answer that, if it is known.
pub(super) fn trouble(resource: &str, answer: &Value) -> Option<String> {
    let action = resource.strip_prefix("arn:aws:states:::")?;
    let action = action.split('.').next().unwrap_or(action);
    let (_, members) = ACTIONS.iter().find(|(name, _)| *name == action)?;
    members.iter().find_map(|member| {
        let why = found(answer, member.path).into_iter().find_map(|value| member.kind.refuses(value))?;
        Some(format!("Field '{}' {why}", member.path.last().unwrap_or(&"")))
    })
}

/// The values at a path.
fn found<'v>(answer: &'v Value, path: &[&str]) -> Vec<&'v Value> {
    let mut found = vec![answer];
    for name in path {
        found = match *name {
            "*" => found.into_iter().filter_map(Value::as_array).flat_map(|items| items.iter()).collect(),
            name => found.into_iter().filter_map(|value| value.get(name)).collect(),
        };
    }
    found
}

impl Kind {
    fn refuses(&self, value: &Value) -> Option<&'static str> {
        match self {
            Kind::Text(least) => match value.as_str() {
                None => Some("must be a string"),
                Some(text) => (text.chars().count() < *least).then_some("is smaller than the minimum length"),
            },
            Kind::Number(bounds) => match (value.as_f64(), bounds) {
                (None, _) => Some("must be a number"),
                (Some(number), Some((least, _))) if number < *least => Some("is less than the minimum value"),
                (Some(number), Some((_, most))) if number > *most => Some("exceeds the maximum value"),
                _ => None,
            },
            Kind::OneOf(names) => match value.as_str() {
                None => Some("must be a string"),
                Some(text) => (!names.contains(&text)).then_some("is not an expected value"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_refused() {
        for (action, answer, expected) in [
            ("lambda:invoke.waitForTaskToken", r#"{"StatusCode":"200"}"#, Some("Field 'StatusCode' must be a number")),
            ("lambda:invoke", r#"{"StatusCode":200,"other":[]}"#, None),
            ("events:putEvents", r#"{"Entries":[{},{"EventId":[]}]}"#, Some("Field 'EventId' must be a string")),
            (
                "aws-sdk:kms:encrypt",
                r#"{"CiphertextBlob":""}"#,
                Some("Field 'CiphertextBlob' is smaller than the minimum length"),
            ),
            ("sqs:sendMessage", r#"{"MessageId":1}"#, None),
        ] {
            let answer = Value::parse(answer).expect("the test has JSON");
            assert_eq!(trouble(&format!("arn:aws:states:::{action}"), &answer).as_deref(), expected);
        }
    }
}
