//! Results in the shape the services give them.

use wfc_expr::value::Object;
use wfc_expr::Value;

use super::resource::{Kind, Resource};
use super::stamp::{crc32, md5_hex, uuid, DATE};
use crate::Call;

/// A header of a service's answer and what stands in it.
type Header = (&'static str, Fill);

#[derive(Clone, Copy)]
enum Fill {
    Is(&'static str),
    RequestId,
    Trace,
    Date,
    Length,
    Checksum,
}

use Fill::{Checksum, Date, Is, Length, RequestId, Trace};

const JSON_1_0: &str = "application/x-amz-json-1.0";

const LAMBDA: &[Header] = &[
    ("X-Amz-Executed-Version", Is("$LATEST")),
    ("x-amzn-Remapped-Content-Length", Is("0")),
    ("Connection", Is("keep-alive")),
    ("x-amzn-RequestId", RequestId),
    ("Content-Length", Length),
    ("Date", Date),
    ("X-Amzn-Trace-Id", Trace),
    ("Content-Type", Is("application/json")),
];

/// Of SQS and of Step Functions itself.
const QUEUE: &[Header] = &[
    ("x-amzn-RequestId", RequestId),
    ("connection", Is("keep-alive")),
    ("Content-Length", Length),
    ("Date", Date),
    ("Content-Type", Is(JSON_1_0)),
];

/// SNS answers in XML, which has this length for ids of the usual length.
const TOPIC: &[Header] = &[
    ("x-amzn-RequestId", RequestId),
    ("connection", Is("keep-alive")),
    ("Content-Length", Is("294")),
    ("Date", Date),
    ("Content-Type", Is("text/xml")),
];

const TABLE: &[Header] = &[
    ("Server", Is("Server")),
    ("Connection", Is("keep-alive")),
    ("x-amzn-RequestId", RequestId),
    ("x-amz-crc32", Checksum),
    ("Content-Length", Length),
    ("Date", Date),
    ("Content-Type", Is(JSON_1_0)),
];

/// The id of a request for an item is spelt in another way.
const TABLE_ITEM: &[Header] = &[
    ("Server", Is("Server")),
    ("x-amzn-requestid", RequestId),
    ("Connection", Is("keep-alive")),
    ("x-amz-crc32", Checksum),
    ("Content-Length", Length),
    ("Date", Date),
    ("Content-Type", Is(JSON_1_0)),
];

const CLUSTER: &[Header] = &[
    ("x-amzn-RequestId", RequestId),
    ("Content-Length", Length),
    ("Date", Date),
    ("Content-Type", Is("application/x-amz-json-1.1")),
];

/// The result of a task in the service's shape. An answer that is no object of the service's members stays as it is,
/// except that a function's answer is always its payload.
pub(crate) fn result(resource: &Resource, call: &Call, answer: Value) -> Value {
    let Kind::Service { service, action, sdk: false } = &resource.kind else { return answer };
    if answer.get("SdkHttpMetadata").is_some() {
        return answer;
    }
    match (service.as_str(), action.as_str()) {
        ("lambda", "invoke") => lambda(call, answer),
        ("sqs", "sendMessage") => merged(call, answer, message(call), QUEUE),
        ("sns", "publish") => {
            merged(call, answer, vec![("MessageId", uuid(&call.idempotency, "message").into())], TOPIC)
        }
        ("dynamodb", "getItem") => merged(call, answer, Vec::new(), TABLE_ITEM),
        ("dynamodb", _) => merged(call, answer, Vec::new(), TABLE),
        ("events", "putEvents") => events(call, answer),
        ("ecs", "runTask") => cluster(call, answer),
        ("apigateway" | "http", "invoke") => response(answer),
        _ => answer,
    }
}

/// What Step Functions answers when a machine was started.
pub(crate) fn started(call: &Call, arn: &str, at: i64) -> Value {
    // The date has the form of the answer's text here, in seconds, but milliseconds in the result.
    let sent: Value = [("executionArn", Value::from(arn)), ("startDate", sent_date(at))].into_iter().collect();
    let members = vec![("ExecutionArn", arn.into()), ("StartDate", at.into())];
    wrapped(call, members, &sent.to_json(), QUEUE)
}

/// Seconds as the service writes them: `1.732132779123E9`.
fn sent_date(millis: i64) -> Value {
    let (seconds, rest) = (millis.div_euclid(1000), millis.rem_euclid(1000));
    let seconds = format!("{seconds}.{rest:03}").parse::<f64>().unwrap_or_default();
    wfc_expr::value::Number::from_text(&format!("{seconds:E}")).map_or(Value::Null, Value::from)
}

fn lambda(call: &Call, answer: Value) -> Value {
    let sent = answer.to_json();
    let members = vec![("ExecutedVersion", "$LATEST".into()), ("Payload", answer), ("StatusCode", 200.into())];
    wrapped(call, members, &sent, LAMBDA)
}

fn message(call: &Call) -> Vec<(&'static str, Value)> {
    let body = call.args.get("MessageBody").unwrap_or(&Value::Null);
    let text = body.as_str().map_or_else(|| body.to_json(), str::to_owned);
    vec![
        ("MD5OfMessageBody", md5_hex(text.as_bytes()).into()),
        ("MessageId", uuid(&call.idempotency, "message").into()),
    ]
}

/// Events are answered without metadata.
fn events(call: &Call, answer: Value) -> Value {
    let count = call.args.get("Entries").and_then(Value::as_array).map_or(0, |entries| entries.len());
    let id = |at: usize| [("EventId", Value::from(uuid(&call.idempotency, &format!("event {at}"))))];
    let entries: Value = (0..count).map(|at| id(at).into_iter().collect()).collect::<Vec<Value>>().into();
    completed(answer, vec![("Entries", entries), ("FailedEntryCount", 0.into())])
}

/// A container task: the answer is the task, unless it is a whole answer of the service.
fn cluster(call: &Call, answer: Value) -> Value {
    let is_task = answer.as_object().is_some_and(|task| !task.is_empty() && !task.contains_key("Tasks"));
    let (answer, tasks) = if is_task { (Value::empty_object(), vec![answer]) } else { (answer, Vec::new()) };
    let none: Vec<Value> = Vec::new();
    merged(call, answer, vec![("Failures", none.into()), ("Tasks", tasks.into())], CLUSTER)
}

/// An HTTP answer; without one of its own, the answer is its body.
fn response(answer: Value) -> Value {
    if answer.get("ResponseBody").is_some() {
        return answer;
    }
    let members = [
        ("Headers", Value::empty_object()),
        ("ResponseBody", answer),
        ("StatusCode", 200.into()),
        ("StatusText", "OK".into()),
    ];
    members.into_iter().collect()
}

/// The answer with what it lacks, in the order of names, if it is an object or nothing at all.
fn completed(answer: Value, lacking: Vec<(&'static str, Value)>) -> Value {
    let given = match &answer {
        Value::Null => Object::default(),
        Value::Object(object) => Object::clone(object),
        _ => return answer,
    };
    let lacking = lacking.into_iter().filter(|(name, _)| !given.contains_key(name));
    let mut members: Vec<(&str, Value)> = given.iter().map(|(name, value)| (name, value.clone())).collect();
    members.extend(lacking);
    members.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    members.into_iter().collect()
}

fn merged(call: &Call, answer: Value, lacking: Vec<(&'static str, Value)>, headers: &[Header]) -> Value {
    let sent = completed(answer, lacking);
    let Some(members) = sent.as_object() else { return sent };
    let text = sent.to_json();
    wrapped(call, members.iter().map(|(name, value)| (name, value.clone())).collect(), &text, headers)
}

/// The members together with the metadata of an answer whose body is `sent`.
fn wrapped(call: &Call, mut members: Vec<(&str, Value)>, sent: &str, headers: &[Header]) -> Value {
    let request = uuid(&call.idempotency, "request");
    let filled: Vec<(&str, String)> =
        headers.iter().map(|(name, fill)| (*name, fill.text(&request, &call.idempotency, sent))).collect();
    let all: Value = filled.iter().map(|(name, text)| (*name, Value::from(vec![text.as_str().into()]))).collect();
    let mut plain: Vec<(&str, Value)> = filled.iter().map(|(name, text)| (*name, text.as_str().into())).collect();
    plain.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    let metadata: [(&str, Value); 3] =
        [("AllHttpHeaders", all), ("HttpHeaders", plain.into_iter().collect()), ("HttpStatusCode", 200.into())];
    members.push(("SdkHttpMetadata", metadata.into_iter().collect()));
    members.push(("SdkResponseMetadata", [("RequestId", Value::from(request.as_str()))].into_iter().collect()));
    members.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    members.into_iter().collect()
}

impl Fill {
    fn text(self, request: &str, idempotency: &str, sent: &str) -> String {
        match self {
            Is(text) => text.to_owned(),
            RequestId => request.to_owned(),
            Trace => {
                let hex = md5_hex(idempotency.as_bytes());
                format!("Root=1-{}-{};Sampled=0", &hex[..8], &hex[8..])
            }
            Date => DATE.to_owned(),
            Length => sent.len().to_string(),
            Checksum => crc32(sent.as_bytes()).to_string(),
        }
    }
}
