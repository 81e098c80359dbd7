//! `wfc run` and `wfc task` as a user meets them: outcomes, streams, answers by hand, being stopped.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use serde_json::Value as Json;
use wfc_tests::files;

use super::tool::{Run, Running, Wfc};
use crate::support::{fail, over_shared};

/// The files the command lines speak of.
const FILES: &[(&str, &str)] = &[
    ("add.asl.json", r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"sum.$":"States.MathAdd($.n,1)"},"Next":"B"},"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Succeed"}}}"#),
    ("order.asl.json", r#"{"StartAt":"Charge","States":{"Charge":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:charge","Retry":[{"ErrorEquals":["Busy"]}],"Next":"Big?"},"Big?":{"Type":"Choice","Choices":[{"Variable":"$.total","NumericGreaterThan":100,"Next":"Done"}],"Default":"Small"},"Small":{"Type":"Fail","Error":"TooSmall","Cause":"nobody ships that"},"Done":{"Type":"Succeed"}}}"#),
    ("order.mock.toml", "[cases.big]\nCharge = [{ error = \"Busy\" }, { result = { total = 500 } }]\n[cases.small]\nCharge = { result = { total = 5 } }\n"),
    ("vars.asl.json", r#"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% $length($who) = 3 ? $who & '!' : $error('no') %}","End":true}}}"#),
    ("fault.asl.json", "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": { \"Type\": \"Pass\", \"InputPath\": \"$.nothing.here\", \"End\": true }\n  }\n}\n"),
    ("slow.asl.json", r#"{"StartAt":"A","TimeoutSeconds":60,"States":{"A":{"Type":"Wait","Seconds":900,"End":true}}}"#),
    ("long.asl.json", r#"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":900,"End":true}}}"#),
    ("rest.asl.json", r#"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":86400,"Next":"B"},"B":{"Type":"Pass","Parameters":{"id.$":"$$.Execution.Id","at.$":"$$.State.EnteredTime"},"End":true}}}"#),
    ("loop.asl.json", r#"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"B"}],"Default":"A"},"B":{"Type":"Succeed"}}}"#),
    ("wide.asl.json", r#"{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[{"StartAt":"Inner","States":{"Inner":{"Type":"Succeed"}}}],"End":true}}}"#),
    ("token.asl.json", r#"{"StartAt":"Approve","States":{"Approve":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"QueueUrl":"q","MessageBody":{"t.$":"$$.Task.Token"}},"Next":"Act"},"Act":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:work","End":true}}}"#),
    ("parent.asl.json", r#"{"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"child","Input":{"n":41}},"OutputPath":"$.Output","End":true}}}"#),
    ("self.asl.json", r#"{"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"self"},"End":true}}}"#),
    ("nap.asl.json", r#"{"StartAt":"Nap","States":{"Nap":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:nap","End":true}}}"#),
    ("wfc.toml", "[tasks]\nnap = { command = \"echo $$ > pid; exec sleep 1000\" }\n\"state:Approve\" = { command = \"cat > sent\" }\n[machines]\nchild = \"add.asl.json\"\nself = \"self.asl.json\"\n"),
    ("wrong.mock.toml", "[states]\nChrge = { result = 1 }\n"),
    ("half.json", "{\n  \"n\": }\n"),
];

/// A command line, the code it ends with, and a part of what it writes to standard output and standard error.
const RUNS: &[(&str, i32, &str, &str)] = &[
    ("run add.asl.json --input {\"n\":5} --output json", 0, "{\"sum\":6}\n", "C exited"),
    (
        "run add.asl.json --input {\"n\":5} --until B --output json --events none",
        0,
        "{\"sum\":6}\n",
        "stopped before 'B'",
    ),
    (
        "run add.asl.json --input {\"n\":5} --until A --output json --events none",
        0,
        "{\"n\":5}\n",
        "stopped before 'A'",
    ),
    ("run add.asl.json --until D", 2, "", "there is no state 'D'"),
    ("run wide.asl.json --until Inner", 2, "", "'Inner' is inside another state"),
    ("run add.asl.json --input {\"n\":}", 2, "", "--input:1:6: this is not JSON"),
    ("run add.asl.json --input @half.json", 2, "", "half.json:2:8: this is not JSON"),
    ("run add.asl.json --input @nowhere.json", 3, "", "nowhere.json could not be read"),
    ("run - --input -", 2, "", "cannot be both"),
    ("run add.asl.json --input {\"n\":5} --output table", 0, "succeeded: {\"sum\":6}", ""),
    ("run add.asl.json --input {\"n\":5} --quota events=3", 4, "", "maximum number of history events (3)"),
    ("run add.asl.json --quota event=3", 2, "", "there is no limit called `event`"),
    ("run loop.asl.json --time virtual --events none", 4, "", "maximum number of history events (25000)"),
    ("run add.asl.json --store file:runs", 2, "", "in memory only"),
    ("run add.asl.json --id a/b", 2, "", "letters, digits"),
    ("run add.asl.json --events loud", 2, "", "auto, lines, json"),
    ("run vars.asl.json --var who=\"you\" --output json", 0, "\"you!\"", ""),
    ("run vars.asl.json --var who=you", 2, "", "--var who:1:1: this is not JSON"),
    ("run vars.asl.json", 4, "", "vars.asl.json:1:"),
    ("run fault.asl.json", 4, "", "fault.asl.json:4:"),
    ("run order.asl.json", 4, "", "add to wfc.toml:\n\n[tasks]\n"),
    ("run order.asl.json --task charge=result:{\"total\":500}", 0, "500", ""),
    ("run order.asl.json --task charge=result:{\"total\":5}", 4, "", "TooSmall\n"),
    ("run order.asl.json --task charge=", 2, "", "--task: 'charge=' is not PATTERN=VALUE"),
    ("run order.asl.json --task charge=echo${IFS}'{\"total\":700}' --output json", 0, "{\"total\":700}", ""),
    (
        "run order.asl.json --mock order.mock.toml --case big --time virtual",
        0,
        "500",
        "Charge will be tried again in 1.000s (attempt 2)",
    ),
    ("run order.asl.json --mock order.mock.toml --case small --time virtual", 4, "", "cause: nobody ships that"),
    ("run order.asl.json --mock order.mock.toml --case bg", 2, "", "did you mean 'big'?"),
    ("run order.asl.json --mock wrong.mock.toml", 2, "", "wrong.mock.toml:2:1: 'Chrge' is no state"),
    ("run order.asl.json --mock auto --time virtual --output json", 0, "{\"total\":101}", "made-up input: {}"),
    ("run order.asl.json --mock auto --case big", 2, "", "has no cases"),
    ("run slow.asl.json --time virtual", 5, "", "timed out in A"),
    ("run long.asl.json --time virtual --express", 5, "", "timed out in A"),
    ("run long.asl.json --time virtual --type express --output table", 5, "timed out\n", ""),
    (
        "run rest.asl.json --time virtual --id r1",
        0,
        "arn:aws:states:us-east-1:123456789012:execution:rest:r1",
        "00:00:00.000 B entered",
    ),
    ("run rest.asl.json --time virtual --output json", 0, "2026-01-02T00:00:00.000Z", ""),
    ("run token.asl.json --time virtual", 4, "", "'Approve' waits for an answer by its task token"),
    ("run parent.asl.json --output json", 0, "{\"sum\":42}\n", ""),
    ("run parent.asl.json --time virtual --output json", 0, "{\"sum\":42}\n", ""),
    ("run self.asl.json --events none", 4, "", "more than 16 deep"),
    ("run broken.asl.json", 3, "", "could not be read"),
    ("task success nothing.0.0.1.1.0", 9, "", "no run that waits for answers is under way"),
    ("task success nothing --output {", 2, "", "--output:1:2: this is not JSON"),
    ("task poll arn:aws:states:us-east-1:123456789012:activity:work", 9, "", "no run that waits"),
    ("task", 2, "", "Usage"),
];

pub(super) fn trials() -> Vec<Trial> {
    let one = |row: &'static (&str, i32, &str, &str)| Trial::test(format!("cli/wfc {}", row.0), move || outcome(row));
    let mut trials: Vec<Trial> = RUNS.iter().map(one).collect();
    trials.extend([
        Trial::test("cli/run: events are lines of JSON", events),
        Trial::test("cli/run: a failed run leaves its history", history),
        Trial::test("cli/run: the same seed gives the same run", same_seed),
    ]);
    if cfg!(unix) {
        trials.extend([
            Trial::test("cli/run: an interrupt ends the run and its processes", || stopped("-INT")),
            Trial::test("cli/run: a request to end does so too", || stopped("-TERM")),
            Trial::test("cli/task: tasks are answered by hand", by_hand),
            Trial::test("cli/task: a killed run leaves nothing in the way", stale),
        ]);
    }
    trials.extend(over_shared("runs of made-up results", "corpus/asl", |root| {
        let files = files::walk(&root).unwrap_or_default().into_iter();
        let name = |file: &PathBuf| format!("cli/run: results made up for {}", files::file_name(file));
        files.map(|file| Trial::test(name(&file), move || made_up(&file.to_string_lossy()))).collect()
    }));
    trials
}

fn wfc() -> Result<Wfc, Failed> {
    Wfc::with(FILES)
}

fn outcome((line, code, stdout, stderr): &(&str, i32, &str, &str)) -> Result<(), Failed> {
    let run = wfc()?.run(line, "")?;
    let quiet = *code == 0 || run.stdout.is_empty() || line.contains("table");
    if run.code != Some(*code) || !run.stdout.contains(stdout) || !run.stderr.contains(stderr) || !quiet {
        return Err(fail(format!("expected {code}, `{stdout}` and `{stderr}`: {run}")));
    }
    super::without_escapes(&run)
}

fn events() -> Result<(), Failed> {
    let wfc = wfc()?;
    let run = wfc.run("run add.asl.json --input {\"n\":5} --events json", "")?;
    let types = |text: &str| -> Result<Vec<String>, Failed> {
        let event = |line| serde_json::from_str::<Json>(line).map(|event| event["type"].to_string());
        text.lines().map(event).collect::<Result<_, _>>().map_err(fail)
    };
    let found = types(&run.stderr)?;
    if found.len() != 8 || found[0] != "\"ExecutionStarted\"" || found[7] != "\"ExecutionSucceeded\"" {
        return Err(fail(format!("{found:?}: {run}")));
    }
    let run = wfc.run("run add.asl.json --input {\"n\":5} --events json=live.jsonl", "")?;
    if !run.stderr.is_empty() || types(&wfc.read("live.jsonl")?)? != found {
        return Err(fail(format!("not the same events: {run}")));
    }
    Ok(())
}

fn history() -> Result<(), Failed> {
    let wfc = wfc()?;
    let run = wfc.run("run order.asl.json --task charge=result:{\"total\":5} --history h.json", "")?;
    let written: Json = serde_json::from_str(&wfc.read("h.json")?).map_err(fail)?;
    let last = written["events"].as_array().and_then(|events| events.last());
    if last.is_none_or(|last| last["type"] != "ExecutionFailed") {
        return Err(fail(format!("{last:?}: {run}")));
    }
    let shown = wfc.run("history h.json", "")?;
    if shown.code != Some(0) || !shown.stdout.contains("TooSmall") {
        return Err(fail(format!("it cannot be shown: {shown}")));
    }
    let run = wfc.run("run add.asl.json --input {\"n\":1} --history nowhere/h.json", "")?;
    if run.code != Some(3) {
        return Err(fail(format!("it cannot be written: {run}")));
    }
    Ok(())
}

fn same_seed() -> Result<(), Failed> {
    let wfc = wfc()?;
    let line = "run order.asl.json --mock order.mock.toml --case big --time virtual --seed 7 --history -";
    let (one, two) = (wfc.run(line, "")?, wfc.run(line, "")?);
    if one.stdout != two.stdout || one.stderr != two.stderr {
        return Err(fail(format!("{one}{two}")));
    }
    Ok(())
}

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(60);

fn stopped(signal: &str) -> Result<(), Failed> {
    let wfc = wfc()?;
    let running = wfc.start("run nap.asl.json --history h.json")?;
    let pid = wfc.wait_for("pid", PATIENCE)?;
    running.signal(signal)?;
    let run = running.end(PATIENCE)?;
    if run.code != Some(6) || !run.stderr.contains("the run was aborted") {
        return Err(fail(format!("expected 6: {run}")));
    }
    // The signal that ends it is under way when the command has ended.
    let begun = Instant::now();
    while alive(pid.trim())? && begun.elapsed() < PATIENCE / 10 {
        std::thread::sleep(Duration::from_millis(20));
    }
    if alive(pid.trim())? {
        return Err(fail(format!("the process {pid} is still there: {run}")));
    }
    let history = wfc.read("h.json")?;
    if !history.contains("ExecutionAborted") {
        return Err(fail(history));
    }
    Ok(())
}

/// Whether a process runs; one that has ended and waits to be asked how does not.
fn alive(pid: &str) -> Result<bool, Failed> {
    let output = std::process::Command::new("ps").args(["-o", "stat=", "-p", pid]).output()?;
    let state = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(!state.is_empty() && !state.starts_with('Z'))
}

fn by_hand() -> Result<(), Failed> {
    let wfc = wfc()?;
    let mut running = wfc.start("run token.asl.json --id hand")?;
    let token = running.line_with("wfc task success ", PATIENCE)?;
    let token = token.rsplit(' ').next().unwrap_or_default().to_owned();
    let expect = |line: &str, code: i32| -> Result<Run, Failed> {
        let run = wfc.run(line, "")?;
        if run.code == Some(code) {
            Ok(run)
        } else {
            Err(fail(format!("expected {code}: {run}")))
        }
    };
    expect(&format!("task heartbeat {token}"), 0)?;
    expect("task success hand.0.0.1.1.0000000000000000", 9)?;
    expect(&format!("task success {token} --output {{\"ok\":true}}"), 0)?;
    expect(&format!("task success {token}"), 9)?;
    expect("task poll arn:aws:states:us-east-1:123456789012:activity:other", 9)?;
    let task = expect("task poll arn:aws:states:us-east-1:123456789012:activity:work --worker me --wait 30", 0)?;
    let task: Json = serde_json::from_str(&task.stdout).map_err(fail)?;
    if task["input"] != "{\"ok\":true}" {
        return Err(fail(task));
    }
    let token = task["taskToken"].as_str().unwrap_or_default();
    expect(&format!("task failure {token} --error Refused --cause no"), 0)?;
    let run = running.end(PATIENCE)?;
    let gone = !wfc.has(".wfc/run/hand.sock");
    if run.code != Some(4) || !run.stderr.contains("in 'Act': Refused") || !gone {
        return Err(fail(format!("expected 4, and no socket: {run}")));
    }
    Ok(())
}

fn stale() -> Result<(), Failed> {
    let wfc = wfc()?;
    for signal in ["-KILL", "-INT"] {
        let mut running = wfc.start("run token.asl.json --id again")?;
        running.line_with("wfc task success ", PATIENCE)?;
        running.signal(signal)?;
        let run = running.end(PATIENCE)?;
        if run.code != (signal == "-INT").then_some(6) {
            return Err(fail(run));
        }
    }
    Ok(())
}

/// Whatever becomes of the run, it ends.
fn made_up(file: &str) -> Result<(), Failed> {
    let wfc = wfc()?;
    let line = format!("run {file} --isolated --mock auto --time virtual --events none");
    let run = wfc.start(&line)?.end(PATIENCE)?;
    if !matches!(run.code, Some(0 | 1 | 4 | 5)) || (run.code == Some(1) && !run.stderr.contains("error[")) {
        return Err(fail(run));
    }
    super::without_escapes(&run)
}

impl Running {
    /// Sends a signal by the system's own program.
    fn signal(&self, signal: &str) -> Result<(), Failed> {
        let status = std::process::Command::new("kill").args([signal, &self.id().to_string()]).status()?;
        if status.success() {
            Ok(())
        } else {
            Err(fail("the signal could not be sent"))
        }
    }
}
