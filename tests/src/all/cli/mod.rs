//! The command line as a user meets it: exit codes, streams, formats, hostile input.

mod run;
mod tool;

use libtest_mimic::{Failed, Trial};
use serde_json::Value as Json;
use wfc_driver::explain;
use wfc_report::Format;
use wfc_tests::files;

use crate::support::{fail, none_of};
use tool::{Run, Wfc};

const CLEAN: &str = "{ \"StartAt\": \"A\", \"States\": { \"A\": { \"Type\": \"Succeed\" } } }\n";
const BROKEN: &str = "{ \"StartAt\": \"B\", \"States\": { \"A\": { \"Type\": \"Succeed\" } } }\n";
const WARNED: &str = "{ \"StartAt\": \"A\", \"States\": { \"A\": { \"Type\": \"Succeed\", \"Colour\": 1 } } }\n";
const FIXABLE: &str = "{ \"StartAt\": \"A\", \"States\": { \"A\": { \"Type\": \"Succeed\", } } }\n";

/// Files the command lines of the tables below speak of.
const FILES: [(&str, &str); 7] = [
    ("clean.asl.json", CLEAN),
    ("broken.asl.json", BROKEN),
    ("warned.asl.json", WARNED),
    ("empty.asl.json", ""),
    ("folder/clean.asl.json", CLEAN),
    ("wrong/clean.asl.json", CLEAN),
    ("wrong/wfc.toml", "[check]\nignore = [\"unreachabel\"]\n"),
];

/// A command line, what it reads on standard input, and the code it ends with.
const EXITS: &[(&str, &str, i32)] = &[
    ("check clean.asl.json", "", 0),
    ("check warned.asl.json", "", 0),
    ("check folder", "", 0),
    ("check warned.asl.json --deny-warnings", "", 1),
    ("check broken.asl.json", "", 1),
    ("check broken.asl.json --exit-zero", "", 0),
    ("check broken.asl.json --ignore unknown-state", "", 0),
    ("check clean.asl.json broken.asl.json", "", 1),
    ("check empty.asl.json", "", 1),
    ("check -", CLEAN, 0),
    ("check -", BROKEN, 1),
    ("check - --stdin-filename a.asl.yaml", "StartAt: A\nStates:\n  A: { Type: Succeed }\n", 0),
    ("check --stdin-filename a.asl.json -", "null", 1),
    ("check --stdin-filename a.asl.json -", "[]", 1),
    ("check --stdin-filename a.asl.json -", "\"StartAt\"", 1),
    ("check --stdin-filename a.asl.json -", "{\"StartAt\":\"A\",\"States\":null}", 1),
    ("check --stdin-filename a.asl.json -", "{\"StartAt\":null,\"States\":{\"A\":null}}", 1),
    ("check --stdin-filename a.asl.json -", "\u{0}", 1),
    ("check nowhere.asl.json", "", 3),
    ("check clean.asl.json nowhere.asl.json", "", 3),
    ("check --colour", "", 2),
    ("check --output-format pretty clean.asl.json", "", 2),
    ("check --select no-such-rule clean.asl.json", "", 2),
    ("check --front cobol clean.asl.json", "", 2),
    ("check --limit max-luck=7 clean.asl.json", "", 2),
    ("check wrong/clean.asl.json", "", 2),
    ("chek clean.asl.json", "", 2),
    ("", "", 2),
    ("--help", "", 0),
    ("--version", "", 0),
    ("check --help", "", 0),
    ("explain --list", "", 0),
    ("explain unreachable", "", 0),
    ("explain unreachabel", "", 2),
    ("fmt --check clean.asl.json", "", 1),
    ("fmt -", CLEAN, 0),
    ("fmt -", "{", 3),
    ("schema", "", 0),
    ("schema config", "", 0),
    ("schema confg", "", 2),
    ("completions bash", "", 0),
    ("man", "", 0),
];

pub(crate) fn trials() -> Vec<Trial> {
    let exit = |&(line, stdin, code): &(&'static str, &'static str, i32)| {
        let shown: String = stdin.chars().take(24).flat_map(char::escape_debug).collect();
        let name = format!("cli/`wfc {line}` of {shown:?} ends with {code}");
        Trial::test(name, move || exits(line, stdin, code))
    };
    let format = |format: Format| Trial::test(format!("cli/format {format}"), move || one_format(format));
    let mut trials: Vec<Trial> = EXITS.iter().map(exit).collect();
    trials.extend(Format::ALL.map(format));
    trials.extend([
        Trial::test("cli/two runs write the same", same_twice),
        Trial::test("cli/colours only when asked for", colours),
        Trial::test("cli/fixes leave nothing to fix", fixes),
        Trial::test("cli/a misspelt rule is corrected", misspelt_rule),
        Trial::test("cli/every rule is explained", explained),
        Trial::test("cli/layout is a fixed point", layout),
        Trial::test("cli/deep nesting", deep),
        Trial::test("cli/schemas are JSON", schemas),
    ]);
    trials.extend(run::trials());
    trials
}

fn wfc() -> Result<Wfc, Failed> {
    Wfc::with(&FILES)
}

fn exits(line: &str, stdin: &str, code: i32) -> Result<(), Failed> {
    let run = wfc()?.run(line, stdin)?;
    if run.code != Some(code) {
        return Err(fail(format!("expected {code}, {run}")));
    }
    // What is no result goes to the other stream, so that a pipe reads results only.
    let misplaced = code >= 2 && !run.stdout.is_empty() && !line.contains("nowhere");
    if misplaced || (code >= 2 && run.stderr.is_empty()) {
        return Err(fail(format!("a failure belongs on standard error: {run}")));
    }
    without_escapes(&run)
}

fn without_escapes(run: &Run) -> Result<(), Failed> {
    if run.stdout.contains('\u{1b}') || run.stderr.contains('\u{1b}') || run.stderr.contains("panicked") {
        return Err(fail(format!("escape sequences or a panic: {run}")));
    }
    Ok(())
}

fn one_format(format: Format) -> Result<(), Failed> {
    let wfc = wfc()?;
    for (file, code) in [("broken.asl.json", 1), ("clean.asl.json", 0)] {
        let run = wfc.run(&format!("check --output-format {format} {file}"), "")?;
        if run.code != Some(code) {
            return Err(fail(format!("expected {code}: {run}")));
        }
        without_escapes(&run)?;
        well_formed(format, &run.stdout)?;
        let says = run.stdout.contains("there is no state");
        if says != (code == 1) {
            return Err(fail(format!("the finding is not there, or there is one too many: {run}")));
        }
    }
    Ok(())
}

fn well_formed(format: Format, text: &str) -> Result<(), Failed> {
    match format {
        Format::Json | Format::Sarif | Format::Gitlab => parse(text),
        Format::Jsonl | Format::Rdjson if text.starts_with('{') && text.lines().count() > 1 => {
            parse(text).or_else(|_| text.lines().try_for_each(parse))
        }
        Format::Junit if !text.starts_with("<?xml") => Err(fail(format!("no XML: {text}"))),
        _ => Ok(()),
    }
}

fn parse(text: &str) -> Result<(), Failed> {
    serde_json::from_str::<Json>(text).map(drop).map_err(|error| fail(format!("{error} in {text}")))
}

/// The same bytes for the same files, whatever the order hash maps like to be walked in.
fn same_twice() -> Result<(), Failed> {
    let wfc = wfc()?;
    let cases = files::workspace().join("tests/cases/diagnostics");
    for format in ["human", "json", "sarif"] {
        let line = format!("check --isolated --output-format {format} {}", cases.display());
        let (first, second) = (wfc.run(&line, "")?, wfc.run(&line, "")?);
        if first.stdout != second.stdout || first.stderr != second.stderr {
            return Err(fail(format!("{format}: two runs differ")));
        }
        if first.code != Some(1) {
            return Err(fail(format!("{format}: expected findings: {first}")));
        }
    }
    Ok(())
}

fn colours() -> Result<(), Failed> {
    let wfc = wfc()?;
    let coloured = |line: &str| wfc.run(line, "").map(|run| run.stdout.contains('\u{1b}'));
    let expected = [
        ("check broken.asl.json", false),
        ("check broken.asl.json --color never", false),
        ("check broken.asl.json --color always", true),
        ("check broken.asl.json --color always --output-format json", false),
    ];
    for (line, wanted) in expected {
        if coloured(line)? != wanted {
            return Err(fail(format!("{line}: colours: expected {wanted}")));
        }
    }
    Ok(())
}

fn fixes() -> Result<(), Failed> {
    let wfc = Wfc::with(&[("a.asl.json", FIXABLE)])?;
    let diff = wfc.run("check --diff a.asl.json", "")?;
    if !diff.stdout.contains("--- a/a.asl.json") || wfc.read("a.asl.json")? != FIXABLE {
        return Err(fail(format!("--diff shows and does not write: {diff}")));
    }
    let fixed = wfc.run("check --fix a.asl.json", "")?;
    if fixed.code != Some(0) || wfc.read("a.asl.json")? == FIXABLE {
        return Err(fail(format!("--fix writes: {fixed}")));
    }
    let piped = wfc.run("check --fix --stdin-filename a.asl.json -", FIXABLE)?;
    if piped.stdout != wfc.read("a.asl.json")? {
        return Err(fail(format!("--fix of standard input prints the text: {piped}")));
    }
    Ok(())
}

fn misspelt_rule() -> Result<(), Failed> {
    let run = wfc()?.run("explain unreachabel", "")?;
    match run.stderr.contains("did you mean `unreachable`?") {
        true => Ok(()),
        false => Err(fail(run)),
    }
}

fn explained() -> Result<(), Failed> {
    let wfc = wfc()?;
    let list = wfc.run("explain --list", "")?.stdout;
    let mut complaints = Vec::new();
    for rule in explain::all_rules() {
        if !list.lines().any(|line| line.split_whitespace().next() == Some(rule.name)) {
            complaints.push(format!("{} is not listed", rule.name));
        }
    }
    let run = wfc.run("explain unreachable", "")?;
    if !run.stdout.starts_with("# unreachable\n") {
        complaints.push(run.to_string());
    }
    none_of(&complaints)
}

fn layout() -> Result<(), Failed> {
    let wfc = wfc()?;
    let once = wfc.run("fmt -", CLEAN)?.stdout;
    let twice = wfc.run("fmt -", &once)?.stdout;
    if once.is_empty() || once != twice {
        return Err(fail(format!("{once}\nbecame\n{twice}")));
    }
    Ok(())
}

/// Nesting beyond the limit is a finding, however deep, in every notation.
fn deep() -> Result<(), Failed> {
    let json = ("a.asl.json", format!("{}{}", "[".repeat(200_000), "]".repeat(200_000)));
    let objects = ("a.asl.json", "{\"States\":".repeat(100_000));
    let yaml = ("a.asl.yaml", "[".repeat(100_000));
    let toml = ("a.workflow.toml", format!("a = {}", "[".repeat(100_000)));
    let wfc = wfc()?;
    for (name, text) in [json, objects, yaml, toml] {
        let run = wfc.run(&format!("check --output-format short --stdin-filename {name} -"), &text)?;
        if run.code != Some(1) {
            return Err(fail(format!("{name}: {run}")));
        }
        without_escapes(&run)?;
    }
    Ok(())
}

fn schemas() -> Result<(), Failed> {
    let wfc = wfc()?;
    for name in wfc.run("schema", "")?.stdout.lines() {
        parse(&wfc.run(&format!("schema {name}"), "")?.stdout)?;
    }
    Ok(())
}
