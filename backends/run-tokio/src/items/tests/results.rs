//! Results.

use super::*;
use wfc_run_core::RunStatus;

const RUN: &str = "arn:aws:states:us-east-1:111111111111:mapRun:machine/label:1f2e";

fn child(status: Option<RunStatus>, output: &str) -> Child {
    let failed = status == Some(RunStatus::Failed);
    Child {
        execution_arn: "arn:x".into(),
        name: "x".into(),
        state_machine_arn: "arn:m".into(),
        input: value("{\"a\":1}"),
        status,
        output: value(output),
        error: failed.then(|| "E".into()),
        cause: failed.then(|| "C".into()),
        start_date: status.map(|_| "2026-11-20T19:42:19.123Z".into()),
        stop_date: status.map(|_| "2026-11-20T19:42:20.123Z".into()),
    }
}

fn write(config: &str, max_file: u64, children: &[Child]) -> (MemoryStore, Value) {
    let store = MemoryStore::default();
    let spec = WriterSpec {
        resource: "arn:aws:states:::s3:putObject".into(),
        args: value(r#"{"Bucket": "out", "Prefix": "p"}"#),
        config: WriterConfig::from_members(&members(config)).unwrap(),
    };
    let shared: Arc<dyn Store> = Arc::new(store.clone());
    let mut results = Results::create(&spec, &shared, RUN.into()).unwrap().with_max_file(max_file);
    children.iter().for_each(|child| results.write(child).unwrap());
    assert!(store.get("out", "p/1f2e/manifest.json").is_none());
    let output = results.finish().unwrap();
    (store, output)
}

fn body(store: &MemoryStore, name: &str) -> String {
    let body = store.get("out", &format!("p/1f2e/{name}")).unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[test]
fn each_status_has_a_file() {
    let children =
        [child(Some(RunStatus::Succeeded), "[1]"), child(Some(RunStatus::Failed), "null"), child(None, "null")];
    let (store, output) = write("{}", MAX_FILE, &children);
    let expected =
        format!(r#"{{"MapRunArn":"{RUN}","ResultWriterDetails":{{"Bucket":"out","Key":"p/1f2e/manifest.json"}}}}"#);
    assert_eq!(output.to_json(), expected);
    let expected = concat!(
        r#"[{"ExecutionArn":"arn:x","Input":"{\"a\":1}","InputDetails":{"Included":true},"Name":"x","Output":"[1]","#,
        r#""OutputDetails":{"Included":true},"StartDate":"2026-11-20T19:42:19.123Z","StateMachineArn":"arn:m","#,
        r#""Status":"SUCCEEDED","StopDate":"2026-11-20T19:42:20.123Z"}]"#
    );
    let (succeeded, failed, pending) =
        (body(&store, "SUCCEEDED_0.json"), body(&store, "FAILED_0.json"), body(&store, "PENDING_0.json"));
    assert_eq!(succeeded, expected);
    assert!(failed.starts_with(r#"[{"Cause":"C","Error":"E","ExecutionArn":"arn:x","#), "{failed}");
    assert!(pending.contains(r#""Status":"PENDING"}]"#), "{pending}");
    let file = |name, text: &str| format!(r#"[{{"Key":"p/1f2e/{name}_0.json","Size":{}}}]"#, text.len());
    let expected = format!(
        r#"{{"DestinationBucket":"out","MapRunArn":"{RUN}","ResultFiles":{{"FAILED":{},"PENDING":{},"SUCCEEDED":{}}}}}"#,
        file("FAILED", &failed),
        file("PENDING", &pending),
        file("SUCCEEDED", &succeeded)
    );
    assert_eq!(body(&store, "manifest.json"), expected);
}

#[test]
fn results_are_shaped_as_configured() {
    let children = [child(Some(RunStatus::Succeeded), "[1,2]"), child(Some(RunStatus::Succeeded), "{}")];
    for (config, name, expected) in [
        (r#"{"Transformation": "COMPACT", "OutputType": "JSON"}"#, "SUCCEEDED_0.json", "[[1,2],{}]"),
        (r#"{"Transformation": "FLATTEN", "OutputType": "JSON"}"#, "SUCCEEDED_0.json", "[1,2,{}]"),
        (r#"{"Transformation": "FLATTEN", "OutputType": "JSONL"}"#, "SUCCEEDED_0.jsonl", "1\n2\n{}\n"),
    ] {
        assert_eq!(body(&write(config, MAX_FILE, &children).0, name), expected, "{config}");
    }
    let failed = child(Some(RunStatus::TimedOut), "[]").shaped(WriterTransformation::Flatten);
    assert_eq!(failed[0].get("Status").and_then(Value::as_str), Some("TIMED_OUT"));
}

#[test]
fn a_full_file_is_followed_by_another() {
    let children = ["1", "22", "3", "4444444444", "5"].map(|output| child(Some(RunStatus::Succeeded), output));
    for (output_type, extension, expected) in [
        ("JSON", "json", ["[1,22]", "[3]", "[4444444444]", "[5]"]),
        ("JSONL", "jsonl", ["1\n22\n", "3\n", "4444444444\n", "5\n"]),
    ] {
        let config = format!(r#"{{"Transformation": "COMPACT", "OutputType": "{output_type}"}}"#);
        let (store, _) = write(&config, 6, &children);
        let names = (0..expected.len()).map(|at| body(&store, &format!("SUCCEEDED_{at}.{extension}")));
        assert_eq!(names.collect::<Vec<_>>(), expected);
        let manifest = value(&body(&store, "manifest.json"));
        let listed = manifest.get("ResultFiles").and_then(|files| files.get("SUCCEEDED")).unwrap().as_array().unwrap();
        let sizes: Vec<i64> = listed.iter().map(|file| file.get("Size").unwrap().as_i64().unwrap()).collect();
        assert_eq!(sizes, expected.map(|text| text.len() as i64));
    }
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    let config = WriterConfig::from_members(&members(r#"{"OutputType": "CSV"}"#)).unwrap_err();
    assert_eq!(config.cause.as_deref(), Some("WriterConfig.OutputType \"CSV\" is not supported"));
    assert_eq!(config.name.as_deref(), Some("States.ResultWriterFailed"));
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let spec = WriterSpec { resource: "s3:put".into(), args: value("{}"), config: WriterConfig::default() };
    let refused = |spec: &WriterSpec| Results::create(spec, &store, RUN.into()).err().unwrap().cause.unwrap();
    assert_eq!(&*refused(&spec), "no result writer is called 's3:put'");
    let spec = WriterSpec { resource: "s3:putObject".into(), ..spec };
    assert_eq!(&*refused(&spec), "the argument Bucket is required");
}
