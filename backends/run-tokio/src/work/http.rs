//! Tasks answered by an HTTP endpoint.

use std::io::Read;
use std::time::Duration;

use ureq::http::{HeaderMap, Request, Response};
use ureq::{Agent, Body};
use wfc_expr::Value;
use wfc_run_core::RunError;

use super::handler::function_error;
use super::mapping::Secrets;
use super::Work;
use crate::process::MAX_OUTPUT;
use crate::Reply;

/// What the name of an error begins with that an endpoint answered with; the status follows.
const HTTP_STATUS: &str = "States.Http.StatusCode";

/// What is asked of an endpoint.
#[derive(Debug)]
struct Asked {
    url: String,
    method: String,
    headers: Secrets,
    /// Headers the task itself gives.
    own: Vec<(String, String)>,
    body: Option<String>,
    limit: Option<Duration>,
}

/// What an endpoint answered.
#[derive(Debug)]
struct Answered {
    status: u16,
    status_text: String,
    headers: HeaderMap,
    body: String,
}

/// Asks an endpoint for a task's result.
pub(super) async fn run(
    work: &Work,
    url: &str,
    method: Option<&str>,
    headers: &Secrets,
    limit: Option<Duration>,
) -> Reply {
    let gateway = work.resource.is("apigateway", "invoke");
    // Both say themselves what is asked, and want to know all of the answer.
    let whole = gateway || work.resource.is("http", "invoke");
    let mut asked = Asked {
        url: url.to_owned(),
        method: method.unwrap_or("POST").to_owned(),
        headers: headers.clone(),
        own: Vec::new(),
        body: Some(work.payload.to_json()),
        limit,
    };
    if whole {
        asked.take_request(&work.call.args, method.is_some());
    }
    let answered = elsewhere(asked).await?;
    match whole {
        true => whole_result(&answered, if gateway { "ApiGateway" } else { HTTP_STATUS }),
        false => result(work, url, &answered),
    }
}

/// Requests block, so each has a thread of its own. It is not waited for when the run ends first: its own time limit
/// ends it.
async fn elsewhere(asked: Asked) -> Result<Answered, RunError> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let send = move || {
        // Nobody listens when the task is over already.
        let _ = tell.send(asked.send());
    };
    std::thread::Builder::new().spawn(send).map_err(|error| socket(&error.to_string()))?;
    told.await.unwrap_or_else(|_| Err(socket("the request ended unexpectedly")))
}

impl Asked {
    fn send(self) -> Result<Answered, RunError> {
        let failed = |why: String| socket(&format!("{} {}: {}", self.method, self.url, self.headers.hidden(why)));
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.url);
        if self.body.is_some() {
            request = request.header("Content-Type", "application/json");
        }
        for (name, value) in self.own.iter().map(|(name, value)| (name, value)).chain(&self.headers.0) {
            request = request.header(name, value);
        }
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(self.limit).build();
        let agent = Agent::new_with_config(config);
        let sent = match &self.body {
            Some(body) => request.body(body.as_str()).map_err(ureq::Error::from).and_then(|request| agent.run(request)),
            None => request.body(()).map_err(ureq::Error::from).and_then(|request| agent.run(request)),
        };
        match sent {
            Ok(response) => answered(response).map_err(failed),
            Err(ureq::Error::Timeout(_)) => Err(RunError::new(
                "States.Timeout",
                format!("{} did not answer within {} seconds", self.url, self.limit.unwrap_or_default().as_secs_f64()),
            )),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// Takes over what the task asks for: method, path, query, headers and body.
    fn take_request(&mut self, args: &Value, fixed_method: bool) {
        if let Some(method) = args.get("Method").and_then(Value::as_str).filter(|_| !fixed_method) {
            method.clone_into(&mut self.method);
        }
        // What the entry asks of the endpoint stays behind the path.
        let (front, own) = self
            .url
            .split_once('?')
            .map_or((self.url.clone(), None), |(front, own)| (front.to_owned(), Some(own.to_owned())));
        self.url = front;
        let parts = ["Stage", "Path"].iter().filter_map(|part| args.get(part)?.as_str());
        for part in parts.map(|part| part.trim_matches('/')).filter(|part| !part.is_empty()) {
            self.url = format!("{}/{part}", self.url.trim_end_matches('/'));
        }
        let asked = listed(args.get("QueryParameters")).into_iter();
        let asked = asked.map(|(name, value)| format!("{}={}", escaped(&name), escaped(&value)));
        for (at, query) in own.into_iter().chain(asked).enumerate() {
            self.url.push(if at == 0 { '?' } else { '&' });
            self.url.push_str(&query);
        }
        self.own = listed(args.get("Headers"));
        self.body = args.get("RequestBody").filter(|body| !body.is_null()).map(text_of);
    }
}

fn answered(mut response: Response<Body>) -> Result<Answered, String> {
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_OUTPUT).unwrap_or(u64::MAX);
    let mut reader = response.body_mut().as_reader().take(most + 1);
    reader.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() > MAX_OUTPUT {
        return Err(format!("the answer is longer than {MAX_OUTPUT} bytes"));
    }
    let body = String::from_utf8(bytes)
        .map_err(|error| format!("the answer's byte at offset {} is not UTF-8", error.utf8_error().valid_up_to()))?;
    let status_text = response.status().canonical_reason().unwrap_or_default().to_owned();
    Ok(Answered { status: response.status().as_u16(), status_text, headers: response.headers().clone(), body })
}

fn result(work: &Work, url: &str, answered: &Answered) -> Reply {
    if !(200..300).contains(&answered.status) {
        let name = format!("{HTTP_STATUS}.{}", answered.status);
        let cause = match answered.body.trim() {
            "" => format!("{url} answered {} {}", answered.status, answered.status_text),
            body => body.to_owned(),
        };
        return Err(RunError::new(name, cause));
    }
    let value = body_value(&answered.body);
    if work.resource.is_lambda() && is_function_error(answered, &value) {
        return Err(function_error(work, &answered.body));
    }
    Ok(value)
}

/// Lambda says by a header that the function failed; its emulator on a developer's machine says it by the body alone.
fn is_function_error(answered: &Answered, value: &Value) -> bool {
    const RECORD: [&str; 6] = ["errorType", "errorMessage", "stackTrace", "trace", "requestId", "cause"];
    let record = value.as_object().filter(|object| object.contains_key("errorType"));
    answered.headers.contains_key("X-Amz-Function-Error")
        || record.is_some_and(|object| object.keys().all(|name| RECORD.contains(&name)))
}

fn whole_result(answered: &Answered, error: &str) -> Reply {
    if answered.status >= 400 {
        return Err(RunError::new(format!("{error}.{}", answered.status), answered.body.as_str()));
    }
    let headers: Value = answered.headers.keys().map(|name| (name.as_str(), values(&answered.headers, name))).collect();
    let members = [
        ("Headers", headers),
        ("ResponseBody", body_value(&answered.body)),
        ("StatusCode", i64::from(answered.status).into()),
        ("StatusText", answered.status_text.as_str().into()),
    ];
    Ok(members.into_iter().collect())
}

fn values(headers: &HeaderMap, name: &ureq::http::HeaderName) -> Value {
    headers
        .get_all(name)
        .iter()
        .map(|value| Value::from(String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

/// A body as a value: JSON if it is that, else its text; nothing at all is null.
fn body_value(body: &str) -> Value {
    if body.trim().is_empty() {
        return Value::Null;
    }
    Value::parse(body).unwrap_or_else(|_| body.into())
}

/// The members of an object whose values are texts or lists of texts, one by one.
fn listed(members: Option<&Value>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, value) in members.and_then(Value::as_object).into_iter().flat_map(|members| members.iter()) {
        match value.as_array() {
            Some(items) => found.extend(items.iter().map(|item| (name.to_owned(), text_of(item)))),
            None => found.push((name.to_owned(), text_of(value))),
        }
    }
    found
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_json(), str::to_owned)
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn socket(why: &str) -> RunError {
    RunError::new("States.Http.Socket", why)
}
