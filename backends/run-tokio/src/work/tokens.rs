//! `aws-sdk:sfn:sendTask…`: tasks that answer other tasks by their tokens.

use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_core::RunError;

use super::Work;
use crate::{Answers, Reply};

/// Whether a task answers another one.
pub(super) fn answers(work: &Work) -> bool {
    matches!(work.resource.sdk_action("sfn"), Some("sendTaskSuccess" | "sendTaskFailure" | "sendTaskHeartbeat"))
}

/// Hands on the answer.
pub(super) async fn run(work: Work, answers: Answers) -> Reply {
    let text = |name: &str| work.call.args.get(name).and_then(Value::as_str).map(Arc::<str>::from);
    let token = text("TaskToken").unwrap_or_default();
    let taken = match work.resource.sdk_action("sfn") {
        Some("sendTaskSuccess") => answers.finish(token, Ok(output(&work)?)).await,
        Some("sendTaskFailure") => {
            let error = RunError { name: text("Error"), cause: text("Cause"), ..RunError::new("", "") };
            answers.finish(token, Err(error)).await
        }
        _ => answers.heartbeat(token).await,
    };
    match taken {
        Ok(()) => Ok(Value::empty_object()),
        Err(_) => Err(service_error(&work, "InvalidTokenException", "Invalid Token: 'Invalid token'")),
    }
}

/// The output that is sent: the value a text stands for, or the value itself.
fn output(work: &Work) -> Reply {
    match work.call.args.get("Output") {
        Some(Value::String(text)) => Value::parse(text)
            .map_err(|error| service_error(work, "InvalidOutputException", &format!("Invalid Output: '{error}'"))),
        Some(value) => Ok(value.clone()),
        None => Ok(Value::Null),
    }
}

fn service_error(work: &Work, name: &str, message: &str) -> RunError {
    let request = work.request_id();
    let about = format!("(Service: Sfn, Status Code: 400, Request ID: {request}) (SDK Attempt Count: 1)");
    RunError::new(format!("Sfn.{name}"), format!("{message} {about}"))
}
