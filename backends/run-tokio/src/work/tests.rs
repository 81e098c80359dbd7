//! Tasks and who answers them.

#![allow(clippy::print_stderr)] // A test says what it skipped.

mod runs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use wfc_expr::Value;
use wfc_run_core::{RunError, RunStatus};

use super::*;
use crate::jobs::Job;
use crate::tools::Reporter;
use crate::{Call, Desk, Mode, News, ProcessTools, Reply, ToolFuture, ToolTable, Tools};

pub(super) fn call(resource: &str, state: &str, args: &str) -> Call {
    Call {
        tool: resource.into(),
        mode: Mode::Reply,
        key: state.into(),
        name: state.into(),
        args: Value::parse(args).unwrap(),
        attempt: 1,
        visit: 1,
        token: None,
        timeout: None,
        heartbeat: None,
        credentials: None,
        idempotency: "run/1".to_owned(),
        run: "run".into(),
    }
}

pub(super) fn block(future: ToolFuture) -> Reply {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("wfc-work-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn router(base: &Path, tasks: &str) -> Router {
    Router::new(base).with_tasks(toml::from_str(tasks).unwrap())
}

fn ask(router: &Router, resource: &str, args: &str) -> Reply {
    block(router.call(call(resource, "Step", args), Desk::quiet()))
}

fn error(reply: Reply) -> (String, String) {
    let error = reply.unwrap_err();
    (error.name.as_deref().unwrap_or("-").to_owned(), error.cause.as_deref().unwrap_or("-").to_owned())
}

const INVOKE: &str = "arn:aws:states:::lambda:invoke";

#[test]
fn the_state_comes_before_the_function_and_the_function_before_the_resource() {
    let all = r#"
        "*" = { result = "anything" }
        "arn:aws:states:::lambda:invoke" = { result = "invoke" }
        "arn:aws:states:::*" = { result = "service" }
        "charge*" = { result = "charges" }
        "charge" = { result = "charge" }
        "arn:aws:lambda:*:*:function:ship" = { result = "ship" }
        "state:Other" = { result = "state" }
    "#;
    let router = router(Path::new(""), all);
    let of = |resource: &str, state: &str, function: &str| {
        let call = call(resource, state, &format!(r#"{{"FunctionName":"{function}"}}"#));
        let value = block(router.call(call, Desk::quiet())).unwrap();
        value.get("Payload").unwrap_or(&value).as_str().unwrap().to_owned()
    };
    for (resource, state, function, expected) in [
        (INVOKE, "Step", "charge", "charge"),
        (INVOKE, "Step", "arn:aws:lambda:us-east-1:1:function:charge:prod", "charge"),
        ("arn:aws:lambda:us-east-1:1:function:charge", "Step", "", "charge"),
        ("arn:aws:lambda:us-east-1:1:function:ship:7", "Step", "", "ship"),
        ("arn:aws:states:::lambda:invoke.waitForTaskToken", "Step", "other", "invoke"),
        (INVOKE, "Other", "charge", "state"),
        ("arn:aws:states:::aws-sdk:kms:sign", "Step", "", "service"),
        ("shell", "Step", "", "anything"),
    ] {
        assert_eq!(of(resource, state, function), expected, "{resource} {state} {function}");
    }
}

#[test]
fn what_nothing_answers_says_which_line_is_missing() {
    let empty = Router::new("");
    for (resource, args, line) in [
        (INVOKE, r#"{"FunctionName":"charge"}"#, "[tasks]\n\"charge\" = { handler = \"FILE.py:handler\" }"),
        (
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "{}",
            "\"arn:aws:states:::sqs:sendMessage\" = { command = \"PROGRAM\" }",
        ),
        ("arn:aws:states:::states:startExecution", r#"{"StateMachineArn":"child"}"#, "[machines]\n\"child\" = \"FILE"),
        ("arn:aws:states:::aws-sdk:s3:getObject", r#"{"Bucket":"b","Key":"k"}"#, "[s3]\n\"b\" = \"FOLDER\""),
        ("shell", "{}", "\"shell\" = { result = {} }"),
    ] {
        let (name, cause) = error(ask(&empty, resource, args));
        assert_eq!(name, "States.TaskFailed");
        assert!(cause.contains("wfc.toml") && cause.contains(line), "{cause}");
    }
    let near =
        error(ask(&router(Path::new(""), r#""chrage" = { result = 1 }"#), INVOKE, r#"{"FunctionName":"charge"}"#));
    assert!(near.1.contains("(is 'chrage' meant for it?)"), "{}", near.1);
}

#[test]
fn what_waits_for_its_token_is_to_be_sent_and_not_answered() {
    for resource in
        ["arn:aws:states:::sqs:sendMessage.waitForTaskToken", "arn:aws:states:::lambda:invoke.waitForTaskToken"]
    {
        let (_, cause) = error(ask(&Router::new(""), resource, r#"{"FunctionName":"f"}"#));
        for part in ["only sends", "`command`", "`wfc task success TOKEN`", "`result` would answer at once"] {
            assert!(cause.contains(part), "{cause}");
        }
        assert!(!cause.contains("{ result"), "{cause}");
    }
}

#[test]
fn what_nothing_answered_is_remembered() {
    let router = router(Path::new(""), "known = { result = 1 }");
    let missing = router.missing();
    for (resource, args) in [
        (INVOKE, r#"{"FunctionName":"charge"}"#),
        ("known", "{}"),
        ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "{}"),
        (INVOKE, r#"{"FunctionName":"charge"}"#),
        ("arn:aws:states:::states:startExecution", r#"{"StateMachineArn":"child"}"#),
        ("arn:aws:states:::aws-sdk:s3:getObject", r#"{"Bucket":"b","Key":"k"}"#),
    ] {
        let _ = ask(&router, resource, args);
    }
    drop(router);
    assert_eq!(missing.take(), ["charge", "arn:aws:states:::sqs:sendMessage", "child", "s3://b"]);
    assert!(missing.clone().take().is_empty());
}

/// Commands, and what comes of them: the name of the error (empty if none) and a part of the result or cause.
const COMMANDS: [(&str, &str, &str); 13] = [
    (r#"{ command = "cat" }"#, "", r#"{"amount":5}"#),
    (r#"{ command = ["sh", "-c", "echo '\"'$A$WFC_STATE'\"'"], env = { A = "x" } }"#, "", r#""xStep""#),
    (r#"{ command = "true" }"#, "", "null"),
    (
        r#"{ command = "echo no money >&2; exit 3", env = { S = "money" } }"#,
        "wfc.ExitCode",
        "exit code 3; it wrote to standard error:\nno ***",
    ),
    (r#"{ command = "exit 3", exit-codes = { 3 = "Declined" } }"#, "Declined", "'exit 3' ended with exit code 3"),
    (r#"{ command = "echo '{\"Error\":\"Mine\",\"Cause\":\"why\"}'; exit 1" }"#, "Mine", "why"),
    (r#"{ command = "kill -9 $$" }"#, "wfc.Signal", "ended by signal 9 (KILL)"),
    (r#"{ command = "printf '\"a\\377\"'" }"#, "wfc.BadOutput", "a byte at offset 2 that is not UTF-8"),
    (r#"{ command = "echo Hello; echo {}" }"#, "wfc.BadOutput", "not JSON"),
    (r#"{ command = "yes", timeout = 20 }"#, "States.DataLimitExceeded", "printed more than 1048576 bytes"),
    (r#"{ command = "sleep 1000", timeout = 0.2 }"#, "States.Timeout", "did not end within 0.2 seconds"),
    (r#"{ command = "true", cwd = "no/such" }"#, "wfc.Spawn", "there is no folder no/such"),
    (r#"{ command = ["/no/such/program"] }"#, "wfc.Spawn", "/no/such/program"),
];

#[test]
fn commands_answer_in_json_or_say_what_went_wrong() {
    for (entry, name, part) in COMMANDS {
        let router = router(Path::new(""), &format!("t = {entry}"));
        let found = match ask(&router, "t", r#"{"amount":5}"#) {
            Ok(value) => (String::new(), value.to_json()),
            failed => error(failed),
        };
        assert_eq!(found.0, name, "{entry}: {}", found.1);
        assert!(found.1.contains(part), "{entry}: {}", found.1);
    }
}

#[test]
fn tools_of_a_name_are_there_where_no_entry_is() {
    let router = Router::new("").with_tools(ToolTable::new().with("shell", ProcessTools));
    assert_eq!(ask(&router, "shell", r#"{"command":"echo hi"}"#).unwrap().get("stdout"), Some(&Value::from("hi\n")));
    let failed = ask(&router, "shell", r#"{"command":"kill -9 $$"}"#).unwrap_err();
    assert_eq!((failed.name.as_deref(), failed.exit_code), (Some("wfc.Signal"), Some(137)));
}

const PYTHON: &str = r#"
import os
class Declined(Exception): pass
def echo(event, context):
    print("noise")
    os.system("echo more noise")
    return {"event": event, "function": context.function_name}
def context(event, context):
    return [context.function_name, context.invoked_function_arn] + [os.environ[name] for name in event]
def decline(event, context):
    raise Declined("no money")
def leave(event, context): raise SystemExit(3)
def die(event, context): os._exit(3)
def strange(event, context): return {1, 2}
def slow(event, context):
    import time
    time.sleep(1000)
"#;

const NODE: &str = r#"
exports.echo = async (event, context) => { console.log("noise"); return { event, function: context.functionName }; };
exports.decline = async () => { class Declined extends Error { name = "Declined" } throw new Declined("no money"); };
exports.back = (event, context, done) => { setTimeout(() => done(null, event), 5); };
exports.context = async (names, context) =>
  [context.functionName, context.invokedFunctionArn].concat(names.map((name) => process.env[name]));
exports.nothing = async () => {};
exports.leave = async () => { process.exit(3); };
"#;

const HANDLERS: [(&str, &str, &str); 17] = [
    ("f.py:echo", "", r#"{"event":{"a":"ä"},"function":"f"}"#),
    ("f.py:decline", "Declined", r#"{"errorMessage": "no money", "errorType": "Declined", "requestId": "#),
    ("f.py:decline", "Declined", r#"\n    raise Declined(\"no money\")\n"]}"#),
    ("f.py:leave", "Runtime.ExitError", "exit status 3"),
    ("f.py:die", "Runtime.ExitError", "exit status: 3"),
    ("f.py:strange", "Runtime.MarshalError", "set is not JSON serializable"),
    ("f.py:slow", "Sandbox.Timedout", "Task timed out after"),
    ("f.py:missing", "Runtime.HandlerNotFound", "Handler 'missing' missing on module 'f'"),
    ("none.py:f", "wfc.Spawn", "there is no handler file"),
    ("none.f", "wfc.Spawn", "with one of .py, .js, .mjs, .cjs"),
    ("f.leave", "Runtime.ExitError", "exit status 3"),
    ("f.cjs:echo", "", r#"{"event":{"a":"ä"},"function":"f"}"#),
    ("f.cjs:decline", "Declined", r#"{"errorType":"Declined","errorMessage":"no money","trace":["#),
    ("f.cjs:back", "", r#"{"a":"ä"}"#),
    ("f.cjs:nothing", "", "null"),
    ("f.cjs:leave", "Runtime.ExitError", "exit status: 3"),
    ("f.cjs:missing", "Runtime.HandlerNotFound", "f.cjs.missing is undefined"),
];

fn installed(program: &str) -> bool {
    let found = std::process::Command::new(program).arg("--version").output().is_ok();
    if !found {
        eprintln!("skipped: {program} is not installed");
    }
    found
}

#[test]
fn handlers_are_run_as_lambda_runs_them() {
    let base = folder("handlers");
    std::fs::write(base.join("f.py"), PYTHON).unwrap();
    std::fs::write(base.join("f.cjs"), NODE).unwrap();
    let (python, node) = (installed("python3"), installed("node"));
    for (handler, name, part) in HANDLERS {
        if (!handler.contains("js:") && !python) || (handler.contains("js:") && !node) {
            continue;
        }
        let timeout = if handler.ends_with("slow") { 1 } else { 60 };
        let router = router(&base, &format!("f = {{ handler = \"{handler}\", timeout = {timeout} }}"));
        let found = match ask(&router, "arn:aws:lambda:us-east-1:1:function:f", r#"{"a":"ä"}"#) {
            Ok(value) => (String::new(), value.to_json()),
            failed => error(failed),
        };
        assert_eq!(found.0, name, "{handler}: {}", found.1);
        assert!(found.1.contains(part), "{handler}: {}", found.1);
    }
    if python {
        let router = router(&base, r#"f = { handler = "f.py:decline" }"#);
        let (_, cause) = error(ask(&router, INVOKE, r#"{"FunctionName":"f","Payload":{}}"#));
        assert!(cause.starts_with(r#"{"errorMessage":"no money","errorType":"Declined","requestId":""#), "{cause}");
    }
    let router = router(&base, r#"f = { handler = "f.py:echo", runtime = "no-such-python" }"#);
    let (name, cause) = error(ask(&router, "arn:aws:lambda:us-east-1:1:function:f", "{}"));
    assert!(name == "wfc.Spawn" && cause.contains("install it (https://www.python.org"), "{name} {cause}");
    std::fs::remove_dir_all(base).unwrap();
}

#[test]
fn handlers_are_told_whose_function_they_are() {
    let base = folder("context");
    std::fs::write(base.join("h.py"), PYTHON).unwrap();
    std::fs::write(base.join("h.cjs"), NODE).unwrap();
    let bare = "arn:aws:lambda:us-east-1:123456789012:function:py";
    let far = "arn:aws:lambda:eu-west-1:1:function:py";
    for (program, file) in [("python3", "h.py"), ("node", "h.cjs")] {
        if !installed(program) {
            continue;
        }
        let router = router(&base, &format!("\"*\" = {{ handler = \"{file}:context\" }}"));
        let args = |name: &str| format!(r#"{{"FunctionName":"{name}","Payload":["AWS_LAMBDA_FUNCTION_NAME"]}}"#);
        for (given, arn) in [("py", bare), (far, far)] {
            let found = ask(&router, INVOKE, &args(given)).unwrap();
            let told = format!(r#"["py","{arn}","py"]"#);
            assert_eq!(found.get("Payload").unwrap().to_json(), told, "{file} {given}");
        }
        let found = ask(&router, far, r#"["AWS_REGION"]"#).unwrap().to_json();
        assert_eq!(found, format!(r#"["py","{far}","eu-west-1"]"#));
        let found = ask(&router, "tool", "[]").unwrap().to_json();
        assert_eq!(found, r#"["h","arn:aws:lambda:us-east-1:123456789012:function:h"]"#);
    }
    std::fs::remove_dir_all(base).unwrap();
}

/// An endpoint that answers one request with the given text and returns what it was sent.
fn endpoint(answer: &'static str) -> (String, std::thread::JoinHandle<String>) {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/base", listener.local_addr().unwrap());
    let serve = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        let (mut sent, mut buffer) = (Vec::new(), [0; 4096]);
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            sent.extend_from_slice(&buffer[..count]);
        }
        stream.write_all(answer.replace('\n', "\r\n").as_bytes()).unwrap();
        String::from_utf8(sent).unwrap()
    });
    (url, serve)
}

const GATEWAY: &str = "arn:aws:states:::apigateway:invoke";

#[test]
fn endpoints_answer_too() {
    let ok = "HTTP/1.1 200 OK\nContent-Length: 7\n\n{\"a\":1}";
    let refused = "HTTP/1.1 403 Forbidden\nContent-Length: 4\n\nnope";
    let failed = "HTTP/1.1 200 OK\nX-Amz-Function-Error: Unhandled\nContent-Length: 17\n\n{\"errorType\":\"E\"}";
    let gateway = r#"{"Method":"PUT","Stage":"s","Path":"/p","QueryParameters":{"q":["a b"]},"Headers":{"h":["1","2"]},"RequestBody":{"x":1}}"#;
    for (answer, resource, args, found, sent) in [
        (ok, "t", "{\"b\":2}", Ok(r#"{"a":1}"#), vec!["POST /base ", "{\"b\":2}", "authorization: secret"]),
        (refused, "t", "{}", Err(("States.Http.StatusCode.403", "nope")), vec![]),
        (
            refused,
            GATEWAY,
            gateway,
            Err(("ApiGateway.403", "nope")),
            vec!["PUT /base/s/p?q=a%20b ", "h: 1\r\nh: 2", "{\"x\":1}"],
        ),
        (failed, "arn:aws:lambda:r:1:function:t", "{}", Err(("E", "{\"errorType\":\"E\"}")), vec![]),
    ] {
        let (url, served) = endpoint(answer);
        let entry = format!("{{ http = \"{url}\", headers = {{ Authorization = \"secret\" }}, timeout = 20 }}");
        let router = router(Path::new(""), &format!("t = {entry}\n\"{GATEWAY}\" = {entry}"));
        let reply = ask(&router, resource, args);
        let sent_text = served.join().unwrap();
        assert!(sent.iter().all(|part| sent_text.contains(part)), "{sent_text}");
        match found {
            Ok(json) => assert_eq!(reply.unwrap().to_json(), json),
            Err((name, cause)) => assert_eq!(error(reply), (name.to_owned(), cause.to_owned())),
        }
    }
    let closed = router(Path::new(""), r#"t = { http = "http://127.0.0.1:1/" }"#);
    assert_eq!(error(ask(&closed, "t", "{}")).0, "States.Http.Socket");
}

#[test]
fn results_have_the_shape_of_the_service() {
    let all = r#""*" = { result = {} }"#;
    let router = router(Path::new(""), all);
    for (resource, args, members) in [
        (INVOKE, r#"{"FunctionName":"f"}"#, "ExecutedVersion Payload SdkHttpMetadata SdkResponseMetadata StatusCode"),
        (
            "arn:aws:states:::sqs:sendMessage",
            r#"{"MessageBody":"x"}"#,
            "MD5OfMessageBody MessageId SdkHttpMetadata SdkResponseMetadata",
        ),
        ("arn:aws:states:::sns:publish", "{}", "MessageId SdkHttpMetadata SdkResponseMetadata"),
        ("arn:aws:states:::dynamodb:putItem", "{}", "SdkHttpMetadata SdkResponseMetadata"),
        ("arn:aws:states:::events:putEvents", r#"{"Entries":[{"Source":"s"}]}"#, "Entries FailedEntryCount"),
        ("arn:aws:states:::ecs:runTask", "{}", "Failures SdkHttpMetadata SdkResponseMetadata Tasks"),
        (GATEWAY, "{}", "Headers ResponseBody StatusCode StatusText"),
        ("arn:aws:states:::http:invoke", "{}", "Headers ResponseBody StatusCode StatusText"),
        ("arn:aws:states:::aws-sdk:dynamodb:putItem", "{}", ""),
    ] {
        let result = ask(&router, resource, args).unwrap();
        assert_eq!(result.as_object().unwrap().keys().collect::<Vec<_>>().join(" "), members, "{resource}");
    }
}

/// Answers as recorded, where everything but ids, dates and checksums must be alike.
#[test]
fn results_are_as_recorded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/asl/services");
    let Ok(files) = std::fs::read_dir(folder) else {
        eprintln!("skipped: {folder} is absent");
        return;
    };
    let mut compared = 0;
    for file in files {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let case = Value::parse(&text).unwrap();
        for attempts in case.get("tasks").and_then(Value::as_object).into_iter().flat_map(|tasks| tasks.values()) {
            for attempt in attempts.as_array().into_iter().flat_map(|attempts| attempts.iter()) {
                compared += usize::from(compare(attempt));
            }
        }
    }
    assert!(compared >= 20, "{compared}");
}

/// Compares one recorded attempt with what is made of the service's own members; whether there was one to compare.
fn compare(attempt: &Value) -> bool {
    let text = |name: &str| attempt.get(name).and_then(Value::as_str).unwrap_or_default();
    let Some(recorded) = attempt.get("output").filter(|output| output.get("SdkHttpMetadata").is_some()) else {
        return false;
    };
    let resource = format!("arn:aws:states:::{}:{}", text("resourceType"), text("resource"));
    if resource.ends_with("startExecution") || resource.ends_with("waitForTaskToken") || resource.contains("ecs") {
        return false;
    }
    let own = recorded.as_object().unwrap().iter().filter(|(name, _)| !name.starts_with("Sdk"));
    let own: Value = own.map(|(name, value)| (name, value.clone())).collect();
    let answer = if resource == INVOKE { own.get("Payload").cloned().unwrap() } else { own };
    let call = call(&resource, "Step", &attempt.get("parameters").unwrap().to_json());
    let made = envelope::result(&resource::Resource::parse(&resource), &call, answer);
    assert_eq!(outline(&made), outline(recorded), "{resource}");
    true
}

/// The text of an answer without what differs from call to call.
fn outline(value: &Value) -> String {
    let varying = ["RequestId", "Date", "Trace-Id", "crc32", "MessageId", "MD5"];
    let fields = ["AllHttpHeaders", "HttpHeaders"];
    let metadata = value.get("SdkHttpMetadata").unwrap();
    let mut lines = Vec::new();
    for field in fields {
        for (name, header) in metadata.get(field).unwrap().as_object().unwrap().iter() {
            let shown = varying.iter().any(|part| name.to_lowercase().contains(&part.to_lowercase()));
            // Lengths depend on ids that the recording has replaced by placeholders.
            let length = name == "Content-Length" && value.get("MessageId").is_some();
            lines.push(format!("{field} {name} {}", if shown || length { "…".to_owned() } else { header.to_json() }));
        }
    }
    let members = value.as_object().unwrap().keys().collect::<Vec<_>>().join(" ");
    lines.sort();
    format!("{members}\n{}", lines.join("\n"))
}

#[test]
fn buckets_are_folders_and_nothing_outside_them() {
    let base = folder("buckets");
    let buckets = Buckets::new(&base, &BTreeMap::from([("b".to_owned(), "data".to_owned())]));
    std::fs::create_dir_all(base.join("data/sub")).unwrap();
    std::fs::write(base.join("secret"), "x").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&base, base.join("data/out")).unwrap();
    for (key, fine) in [
        ("a.json", true),
        ("new/deep/a.json", true),
        ("../secret", false),
        ("sub/../../secret", false),
        ("/etc/passwd", false),
        ("a//b", false),
        ("./a", false),
        ("", false),
        ("out/secret", cfg!(not(unix))),
        ("out/new", cfg!(not(unix))),
    ] {
        assert_eq!(buckets.path("b", key).is_ok(), fine, "{key}");
    }
    let router = Router::new(&base).with_buckets(buckets);
    let s3 = |action: &str, args: &str| ask(&router, &format!("arn:aws:states:::aws-sdk:s3:{action}"), args);
    let put = s3("putObject", r#"{"Bucket":"b","Key":"x/file","Body":false}"#).unwrap().to_json();
    let recorded = r#"{"ChecksumCRC32":"K81oMA==","ChecksumType":"FULL_OBJECT","ETag":"\"68934a3e9455fa72420237eb05902327\"","ServerSideEncryption":"AES256"}"#;
    assert_eq!(put, recorded);
    let got = s3("getObject", r#"{"Bucket":"b","Key":"x/file"}"#).unwrap();
    let members = "AcceptRanges ContentLength ContentType ETag LastModified Metadata ServerSideEncryption Body";
    assert_eq!(got.as_object().unwrap().keys().collect::<Vec<_>>().join(" "), members);
    assert_eq!(got.get("Body"), Some(&Value::from("false")));
    let (name, cause) = error(s3("getObject", r#"{"Bucket":"b","Key":"none"}"#));
    assert_eq!(name, "S3.NoSuchKeyException");
    assert!(cause.starts_with("The specified key does not exist. (Service: S3, Status Code: 404, Request ID: "));
    s3("putObject", r#"{"Bucket":"b","Key":"x/other","Body":"1"}"#).unwrap();
    let page = s3("listObjectsV2", r#"{"Bucket":"b","Prefix":"x/","MaxKeys":1}"#).unwrap();
    assert_eq!(page.get("NextContinuationToken"), Some(&Value::from("x/file")));
    let rest = s3("listObjectsV2", r#"{"Bucket":"b","ContinuationToken":"x/file"}"#).unwrap();
    assert_eq!((rest.get("KeyCount"), rest.get("IsTruncated")), (Some(&Value::from(1)), Some(&Value::from(false))));
    std::fs::remove_dir_all(base).unwrap();
}

#[test]
fn requests_that_services_refuse_are_refused_here() {
    let router = router(Path::new(""), r#""*" = { result = {} }"#);
    for (resource, args, name, cause) in [
        ("sqs:sendMessage", r#"{"MessageBody":""}"#, "SQS.AmazonSQSException", "The request must contain the parameter MessageBody. (Service: AmazonSQS; Status Code: 400; Error Code: MissingParameter; Request ID: "),
        ("sns:publish", r#"{"TopicArn":"a.fifo"}"#, "SNS.InvalidParameterException", "Invalid parameter: The MessageGroupId parameter is required for FIFO topics (Service: AmazonSNS; Status Code: 400; Error Code: InvalidParameter; Request ID: "),
        ("dynamodb:putItem", r#"{"TableName":"/t"}"#, "DynamoDB.AmazonDynamoDBException", "1 validation error detected: Value '/t' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: "),
        ("events:putEvents", r#"{"Entries":[{}]}"#, "EventBridge.FailedEntry", r#"{"Entries":[{"ErrorCode":"InvalidArgument","ErrorMessage":"Parameter Source is not valid. Reason: Source is a required argument."}],"FailedEntryCount":1}"#),
    ] {
        let found = error(ask(&router, &format!("arn:aws:states:::{resource}"), args));
        assert_eq!(found.0, name);
        assert!(found.1.starts_with(cause), "{}", found.1);
    }
}

/// Machines that end in the same way, and remember what they were started with.
#[derive(Debug)]
struct Same {
    child: Child,
    started: Mutex<Vec<Start>>,
}

impl Machines for Same {
    fn run(&self, start: Start) -> ChildFuture {
        self.started.lock().unwrap().push(start);
        let child = self.child.clone();
        Box::pin(async move { Ok(child) })
    }
}

fn child(status: RunStatus) -> Child {
    let failed = status != RunStatus::Succeeded;
    Child {
        status,
        output: Value::parse(r#"{"Arg1":"argument1"}"#).unwrap(),
        error: failed.then(|| "SomeFailure".into()),
        cause: None,
        started: 1_000,
        stopped: 2_500,
    }
}

#[test]
fn machines_are_started_in_all_patterns() {
    const ARN: &str = "arn:aws:states:us-east-1:1:execution:child:n";
    let args = r#"{"StateMachineArn":"arn:aws:states:us-east-1:1:stateMachine:child","Input":"{\"a\":1}","Name":"n"}"#;
    let files = BTreeMap::from([("child".to_owned(), "child.asl.json".to_owned())]);
    let said = |status, resource: &str, mode, depth| {
        let same = Arc::new(Same { child: child(status), started: Mutex::default() });
        let router = Router::new("base").with_machines(&files).with_starter(same.clone(), depth);
        let call = Call { mode, ..call(resource, "Step", args) };
        let reply = block(router.call(call, Desk::quiet()));
        let first = same.started.lock().unwrap().first().cloned();
        (
            first,
            reply.map_or_else(|error| format!("{}: {}", error.name.unwrap(), error.cause.unwrap()), |v| v.to_json()),
        )
    };
    let ok = RunStatus::Succeeded;
    let start = "arn:aws:states:::states:startExecution";
    let (first, text) = said(ok, start, Mode::Reply, 3);
    let first = first.unwrap();
    assert_eq!(
        (first.file, first.input.to_json().as_str(), first.depth),
        (PathBuf::from("base/child.asl.json"), r#"{"a":1}"#, 4)
    );
    assert!(text.starts_with(&format!(r#"{{"ExecutionArn":"{ARN}","SdkHttpMetadata":"#)), "{text}");
    let (_, text) = said(ok, "arn:aws:states:::states:startExecution.sync", Mode::Sync(1), 0);
    let sync = format!(
        r#"{{"ExecutionArn":"{ARN}","Input":"{{\"a\":1}}","InputDetails":{{"Included":true}},"Name":"n","Output":"{{\"Arg1\":\"argument1\"}}","OutputDetails":{{"Included":true}},"RedriveCount":0,"RedriveStatus":"NOT_REDRIVABLE","RedriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","StartDate":1000,"StateMachineArn":"arn:aws:states:us-east-1:1:stateMachine:child","Status":"SUCCEEDED","StopDate":2500}}"#
    );
    assert_eq!(text, sync);
    let (_, text) = said(ok, "arn:aws:states:::states:startExecution.sync:2", Mode::Sync(2), 0);
    assert!(text.contains(r#""Input":{"a":1},"#) && text.contains(r#""Output":{"Arg1":"argument1"},"#), "{text}");
    let (_, text) = said(RunStatus::Failed, "arn:aws:states:::states:startExecution.sync:2", Mode::Sync(2), 0);
    assert!(text.starts_with(r#"States.TaskFailed: {"Error":"SomeFailure","ExecutionArn":"#), "{text}");
    assert!(text.contains(r#""Input":"{\"a\":1}""#) && !text.contains("Output"), "{text}");
    let (_, text) = said(RunStatus::Failed, "arn:aws:states:::aws-sdk:sfn:startSyncExecution", Mode::Reply, 0);
    assert!(
        text.contains(r#""Status":"FAILED","StopDate":"1970-01-01T00:00:02.500Z""#) && text.contains("Billing"),
        "{text}"
    );
    let (none, text) = said(ok, start, Mode::Reply, MAX_NESTING);
    assert!(none.is_none() && text.contains("more than 16 deep"), "{text}");
}

/// Somebody who always says the same.
#[derive(Debug)]
struct Says(Option<&'static str>);

impl Ask for Says {
    fn ask(&self, question: &str) -> std::io::Result<Option<String>> {
        assert!(question.contains("Approve?"));
        Ok(self.0.map(str::to_owned))
    }
}

/// A desk, and where what is said at it arrives.
pub(super) fn desk() -> (Desk, UnboundedReceiver<(Job, News)>) {
    let (driver, said) = tokio::sync::mpsc::unbounded_channel();
    let act = wfc_run_core::Act { node: wfc_plan::NodeIx(0), frame: 0, visit: 1, attempt: 1 };
    (Desk::new(Reporter::new(Job { run: 0, act }, driver)), said)
}

#[test]
fn fixed_results_end_a_wait_for_a_token_and_commands_do_not() {
    let said = |entry: &str| {
        let router = router(Path::new(""), &format!("t = {entry}"));
        let (desk, mut said) = desk();
        let call = Call { mode: Mode::Token, ..call("t", "Step", "{}") };
        let reply = block(router.call(call, desk)).unwrap().to_json();
        (reply, said.try_recv().ok().map(|(_, news)| news))
    };
    assert_eq!(said(r#"{ result = "done" }"#), ("null".to_owned(), Some(News::Answer(Ok("done".into())))));
    assert_eq!(said(r#"{ command = "echo 1" }"#), ("1".to_owned(), None));
}

#[test]
fn entries_for_activities_are_their_workers() {
    let router = router(Path::new(""), r#"approve = { result = "yes" }"#);
    let worker =
        |name: &str| router.worker(&call(&format!("arn:aws:states:r:1:activity:{name}"), "Step", "{}"), Desk::quiet());
    assert_eq!(block(worker("approve").unwrap().1).unwrap(), Value::from("yes"));
    assert!(worker("other").is_none());
}

#[test]
fn tasks_answer_tasks() {
    let (answers, queue) = crate::answers();
    let router = Router::new("").with_answers(answers);
    drop(queue);
    let (name, cause) =
        error(ask(&router, "arn:aws:states:::aws-sdk:sfn:sendTaskSuccess", r#"{"TaskToken":"t","Output":"1"}"#));
    assert_eq!(name, "Sfn.InvalidTokenException");
    assert!(
        cause.starts_with("Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: "),
        "{cause}"
    );
    assert!(cause.ends_with(") (SDK Attempt Count: 1)"), "{cause}");
}

#[test]
fn people_are_asked() {
    for (said, expected) in [
        (Some("{\"ok\": true}"), "{\"ok\":true}"),
        (Some("yes, please"), "\"yes, please\""),
        (Some("!Refused: too dear"), "Refused: too dear"),
        (None, "States.TaskFailed: nobody answered: standard input has ended"),
    ] {
        let router = router(Path::new(""), r#"t = { ask = "Approve?" }"#).with_asker(Arc::new(Says(said)));
        let found = match ask(&router, "t", "{}") {
            Ok(value) => value.to_json(),
            Err(RunError { name, cause, .. }) => format!("{}: {}", name.unwrap(), cause.unwrap()),
        };
        assert_eq!(found, expected);
    }
}

#[test]
fn what_is_kept_secret_stays_so_in_errors() {
    let entry = r#"{ command = ["sh", "-c", "echo '{\"Error\":\"E\",\"Cause\":\"'$KEY'\"}'; exit 1"], env = { KEY = "s3cret-key" } }"#;
    let router = router(Path::new(""), &format!("t = {entry}"));
    let error = block(router.call(call("t", "Step", "{}"), Desk::quiet())).unwrap_err();
    let cause = error.cause.as_deref().unwrap_or_default();
    assert!(!cause.contains("s3cret") && cause.contains("***"), "{cause}");
}
