//! Requests that services refuse, whoever stands for the service here.

use wfc_expr::Value;
use wfc_run_core::RunError;

use super::resource::Kind;
use super::stamp::uuid;
use super::Work;

/// The error of a request that the service refuses.
pub(super) fn refusal(work: &Work) -> Option<RunError> {
    let Kind::Service { service, action, sdk: false } = &work.resource.kind else { return None };
    match (service.as_str(), action.as_str()) {
        ("sqs", "sendMessage") => message(work),
        ("sns", "publish") => topic(work),
        ("dynamodb", _) => table(work),
        ("events", "putEvents") => events(work),
        _ => None,
    }
}

fn text<'a>(work: &'a Work, name: &str) -> Option<&'a str> {
    work.call.args.get(name)?.as_str()
}

fn service_error(work: &Work, name: &str, message: &str, service: &str, code: &str) -> RunError {
    let request = work.request_id();
    let about =
        format!("(Service: {service}; Status Code: 400; Error Code: {code}; Request ID: {request}; Proxy: null)");
    RunError::new(name, format!("{message} {about}"))
}

fn message(work: &Work) -> Option<RunError> {
    let empty = work.call.args.get("MessageBody").is_none_or(|body| body.is_null() || body.as_str() == Some(""));
    let message = "The request must contain the parameter MessageBody.";
    empty.then(|| service_error(work, "SQS.AmazonSQSException", message, "AmazonSQS", "MissingParameter"))
}

fn topic(work: &Work) -> Option<RunError> {
    let ordered = text(work, "TopicArn").is_some_and(|topic| topic.ends_with(".fifo"));
    let grouped = work.call.args.get("MessageGroupId").is_some();
    let message = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics";
    (ordered && !grouped)
        .then(|| service_error(work, "SNS.InvalidParameterException", message, "AmazonSNS", "InvalidParameter"))
}

fn table(work: &Work) -> Option<RunError> {
    let name = text(work, "TableName")?;
    let fine =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '/'));
    // An ARN has colons and a slash; a bare name has neither.
    if fine && (name.starts_with("arn:") || !name.contains([':', '/'])) {
        return None;
    }
    let message = format!(
        "1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: [a-zA-Z0-9_.-]+"
    );
    Some(service_error(work, "DynamoDB.AmazonDynamoDBException", &message, "AmazonDynamoDBv2", "ValidationException"))
}

/// Events are refused one by one; the answer says which.
fn events(work: &Work) -> Option<RunError> {
    let entries = work.call.args.get("Entries")?.as_array()?;
    let refused = |entry: &Value| entry.get("Source").and_then(Value::as_str).is_none_or(str::is_empty);
    let count = entries.iter().filter(|entry| refused(entry)).count();
    if count == 0 {
        return None;
    }
    let answer = |(at, entry): (usize, &Value)| -> Value {
        if !refused(entry) {
            let id = uuid(&work.call.idempotency, &format!("event {at}"));
            return [("EventId", Value::from(id))].into_iter().collect();
        }
        let why = "Parameter Source is not valid. Reason: Source is a required argument.";
        [("ErrorCode", Value::from("InvalidArgument")), ("ErrorMessage", why.into())].into_iter().collect()
    };
    let answers: Vec<Value> = entries.iter().enumerate().map(answer).collect();
    let members =
        [("Entries", Value::from(answers)), ("FailedEntryCount", i64::try_from(count).unwrap_or(i64::MAX).into())];
    let cause: Value = members.into_iter().collect();
    Some(RunError::new("EventBridge.FailedEntry", cause.to_json()))
}
