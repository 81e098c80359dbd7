//! What tasks are answered by: commands, handlers, endpoints, folders, other machines, people, and mocks.

mod ask;
mod command;
mod envelope;
mod executions;
mod handler;
mod http;
mod mapping;
mod missing;
pub mod mock;
mod pattern;
mod refusals;
mod resource;
mod router;
mod s3;
mod stamp;
#[cfg(test)]
mod tests;
mod tokens;

use std::path::PathBuf;

use wfc_expr::Value;

pub use ask::{Ask, Terminal};
pub use executions::{Child, ChildFuture, LaunchFuture, Machines, Start, MAX_NESTING};
pub use mapping::{TaskMapping, Tasks, DEFAULT_TIMEOUT};
pub use missing::Missing;
pub use router::Router;
pub use s3::Buckets;

use crate::Call;
use resource::{Kind, Resource};

/// A call with what is known of it.
#[derive(Clone, Debug)]
struct Work {
    call: Call,
    resource: Resource,
    /// What whoever does the work is given.
    payload: Value,
    /// The folder that paths are relative to.
    base: PathBuf,
}

impl Work {
    fn new(call: Call, base: PathBuf) -> Self {
        let resource = Resource::parse(&call.tool);
        let payload = payload(&resource, &call.args);
        Self { call, resource, payload, base }
    }

    /// The id a service would give to the request.
    fn request_id(&self) -> String {
        stamp::uuid(&self.call.idempotency, "request")
    }

    /// The Lambda function, as the file names it.
    fn function(&self) -> Option<&str> {
        function(&self.resource, &self.call.args)
    }

    /// How the message about a result that is too long names the task.
    fn limited_name(&self) -> &str {
        match &self.resource.kind {
            Kind::Service { service, .. } => service,
            Kind::Lambda | Kind::Other => &self.resource.text,
        }
    }
}

fn function<'a>(resource: &'a Resource, args: &'a Value) -> Option<&'a str> {
    match resource.kind {
        Kind::Lambda => Some(&resource.text),
        _ if resource.is("lambda", "invoke") => args.get("FunctionName")?.as_str(),
        _ => None,
    }
}

/// What the work is about: for `lambda:invoke` the payload, where a text that is JSON stands for what it says; for all
/// others the arguments.
fn payload(resource: &Resource, args: &Value) -> Value {
    if !resource.is("lambda", "invoke") {
        return args.clone();
    }
    match args.get("Payload") {
        None | Some(Value::Null) => Value::empty_object(),
        Some(Value::String(text)) => Value::parse(text).unwrap_or_else(|_| Value::String(text.clone())),
        Some(payload) => payload.clone(),
    }
}
