//! What the owner was recorded to accept and refuse, and public definitions that must pass without a false alarm.
#![allow(clippy::print_stdout, clippy::disallowed_methods)] // They say what they counted, and read recorded cases.

use std::path::{Path, PathBuf};

use serde_json::{json, Value};
use wfc_cir::{LowerInput, LowerOptions, MachineType, Module};
use wfc_diag::{Diagnostic, FileId, Severity, Sink};
use wfc_source::{Format, Limits, SourceFile};

use crate::{variable_references, FRONT};

pub(crate) fn lower(text: &str, options: &LowerOptions) -> (Option<Module>, Vec<Diagnostic>) {
    lower_as(text, Format::Json, options)
}

pub(crate) fn lower_as(text: &str, format: Format, options: &LowerOptions) -> (Option<Module>, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let file = SourceFile::new(FileId(0), "machine.asl.json", text);
    let tree = wfc_source::parse(&file, format, &Limits::default(), &mut sink);
    let module = (FRONT.lower)(&LowerInput { path: "machine.asl.json", tree: &tree, options }, &mut sink);
    (module, sink.into_sorted())
}

fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    if !path.exists() {
        println!("skipped: {} absent", path.display());
        return None;
    }
    Some(path)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

struct Case {
    name: String,
    json: Value,
}

impl Case {
    fn kind(&self) -> &str {
        self.json["kind"].as_str().unwrap()
    }

    /// The definition; a single state is put into a machine.
    fn text(&self) -> String {
        let definition = &self.json["definition"];
        if let Some(raw) = self.json["definition_raw"].as_str().filter(|_| definition.is_null()) {
            return raw.to_owned();
        }
        let is_state = self.kind() == "test_state" && definition.get("States").is_none();
        if !is_state {
            return definition.to_string();
        }
        let mut states = json!({ "TestedState": definition });
        for field in ["Next", "Default"] {
            for target in targets(definition, field) {
                states[target] = json!({"Type": "Succeed"});
            }
        }
        json!({"StartAt": "TestedState", "States": states}).to_string()
    }

    fn options(&self) -> LowerOptions {
        let express = self.json["type"] == "EXPRESS";
        let machine_type = if express { MachineType::Express } else { MachineType::Standard };
        LowerOptions { machine_type, ..LowerOptions::default() }
    }

    fn rejected(&self) -> bool {
        matches!(self.json["expected"]["status"].as_str(), Some("REJECTED" | "FAIL"))
    }
}

/// The states a single state leads to; a state that is tested alone has none beside it.
fn targets(state: &Value, field: &str) -> Vec<String> {
    let own = [state.get(field)].into_iter().flatten();
    let listed = ["Catch", "Choices"].into_iter().filter_map(|list| state.get(list)?.as_array()).flatten();
    own.chain(listed.filter_map(|item| item.get(field))).filter_map(|name| Some(name.as_str()?.to_owned())).collect()
}

fn cases() -> Vec<Case> {
    let Some(folder) = shared("cases/asl") else { return Vec::new() };
    let areas = files(&folder).into_iter().filter(|path| path.is_dir());
    let paths = areas.flat_map(|area| files(&area));
    paths
        .map(|path| Case {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            json: serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap(),
        })
        .collect()
}

/// What the owner says as (message, location), from both forms in which it was recorded.
fn owner_words(case: &Case) -> Option<(String, Option<String>)> {
    let expected = &case.json["expected"];
    if let Some(found) = expected["diagnostics"].as_array().and_then(|list| list.first()) {
        return Some((found["message"].as_str()?.to_owned(), found["location"].as_str().map(str::to_owned)));
    }
    let text =
        expected["message"].as_str()?.strip_prefix("Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ")?;
    let (message, location) = text.strip_suffix('\'')?.rsplit_once(" at ")?;
    Some((message.to_owned(), Some(location.to_owned())))
}

/// Whether the case says what the owner thinks of the definition itself.
fn refusal_is_known(case: &Case) -> bool {
    let schema = || case.json["expected"]["message"].as_str().is_some_and(|text| text.contains("SCHEMA_VALIDATION"));
    matches!(case.kind(), "create_error" | "validate") || (case.kind() == "test_state" && schema())
}

#[test]
fn refuses_what_the_owner_refuses_in_its_words() {
    let (mut verdicts, mut words, mut wrong) = (0, 0, Vec::new());
    for case in cases().iter().filter(|case| refusal_is_known(case)) {
        let (_, found) = lower(&case.text(), &case.options());
        let refused = found.iter().any(|diagnostic| diagnostic.blocking);
        if refused != case.rejected() {
            wrong.push(format!("{}: {found:?}", case.name));
            continue;
        }
        verdicts += 1;
        if case.json["provenance"] != "aws" || !refused {
            continue;
        }
        let wanted = owner_words(case).unwrap();
        let owners = found.iter().filter_map(|diagnostic| diagnostic.owner.as_ref());
        match owners.clone().any(|owner| (owner.message.clone(), owner.location.clone()) == wanted) {
            true => words += 1,
            false => wrong.push(format!("{}: wanted {wanted:?}, found {:?}", case.name, owners.collect::<Vec<_>>())),
        }
    }
    println!("{verdicts} verdicts, {words} in the owner's words");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn accepts_what_the_owner_ran() {
    let (mut accepted, mut wrong) = (0, Vec::new());
    for case in cases().iter().filter(|case| matches!(case.kind(), "execution" | "test_state" | "variable_references"))
    {
        if case.json["expected"]["error_code"] == "InvalidDefinition" {
            continue;
        }
        let (module, found) = lower(&case.text(), &case.options());
        let blocking: Vec<_> = found.iter().filter(|diagnostic| diagnostic.blocking).collect();
        let violations = module.map(|module| wfc_cir::verify(&module).err());
        if blocking.is_empty() && violations == Some(None) {
            accepted += 1;
        } else {
            wrong.push(format!("{}: {blocking:#?} {violations:?}\n{}", case.name, case.text()));
        }
    }
    println!("{accepted} definitions accepted");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn finds_no_error_in_public_definitions() {
    let Some(folder) = shared("corpus/asl") else { return };
    let broken = ["57f0c335de22", "8f288866452a"];
    let (mut clean, mut wrong) = (0, Vec::new());
    for path in files(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let (_, found) = lower(&text, &LowerOptions::default());
        let errors: Vec<_> = found.iter().filter(|d| d.severity == Severity::Error).collect();
        if errors.is_empty() == broken.iter().any(|prefix| name.starts_with(prefix)) {
            wrong.push(format!("{name}: {errors:#?}"));
        } else {
            clean += usize::from(errors.is_empty());
        }
        for diagnostic in &found {
            println!("{name}: {} {:?} {}", diagnostic.rule.name, diagnostic.primary.span.range(), diagnostic.message);
        }
    }
    println!("{clean} files clean");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lists_the_variables_the_owner_lists() {
    let mut equal = 0;
    for case in cases().iter().filter(|case| case.kind() == "variable_references") {
        let (module, _) = lower(&case.text(), &case.options());
        let found = serde_json::to_value(
            variable_references(&module.unwrap())
                .into_iter()
                .map(|(state, names)| (state, names.iter().map(|name| name.to_string()).collect::<Vec<_>>()))
                .collect::<std::collections::BTreeMap<_, _>>(),
        );
        assert_eq!(found.unwrap(), case.json["expected"]["variableReferences"], "{}", case.name);
        equal += 1;
    }
    println!("{equal} lists of variables equal");
}

fn rules_of(text: &str) -> Vec<&'static str> {
    lower(text, &LowerOptions::default()).1.iter().map(|diagnostic| diagnostic.rule.name).collect()
}

#[test]
fn fixes_remove_what_they_are_for() {
    let state = |body: &str| format!(r#"{{"StartAt": "A", "States": {{"A": {body}, "B": {{"Type": "Succeed"}}}}}}"#);
    let cases = [
        r#"{"Type": "Pass", "Coment": "x", "End": true}"#,
        r#"{"Type": "Pass", "Next": "b"}"#,
        r#"{"Type": "pass", "End": true}"#,
        r#"{"Type": "Wait", "Seconds": "5", "Next": "B"}"#,
        r#"{"Type": "Wait", "Timestamp": "2027-01-01T00:00:00", "Next": "B"}"#,
        r#"{"Type": "Pass", "Next": "B", "End": true}"#,
        r#"{"Type": "Pass", "End": false}"#,
        r#"{"Type": "Succeed", "End": true}"#,
        r#"{"Type": "Fail", "Next": "B", "Error": "x"}"#,
        r#"{"Type": "Pass", "Parameters": {"x.$": "hello"}, "End": true}"#,
        r#"{"Type": "Pass", "Parameters": {"x.$": "$.a[?(@.b == c)]"}, "End": true}"#,
        r#"{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Arguments": {}, "End": true}"#,
        r#"{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Retry": [{"ErrorEquals": "A"}], "End": true}"#,
        r#"{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Retry": [{"ErrorEquals": ["A", "States.ALL"]}], "End": true}"#,
        r#"{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["A"]}], "End": true}"#,
        r#"{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Retry": [{"ErrorEquals": ["A"], "JitterStrategy": "full"}], "End": true}"#,
        r#"{"Type": "Choice", "Choices": [{"Not": {"Variable": "$.x", "IsNull": true, "Next": "B"}, "Next": "B"}], "Default": "B"}"#,
        r#"{"Type": "Map", "Label": "a b", "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "C", "States": {"C": {"Type": "Succeed"}}}, "End": true}"#,
        r#"{"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": " {% 1 %}", "Next": "B"}"#,
    ];
    for body in cases {
        let mut text = state(body);
        let (_, found) = lower(&text, &LowerOptions::default());
        let [diagnostic] = found.as_slice() else { panic!("{body}: {found:?}") };
        let mut edits = diagnostic.fix.clone().unwrap_or_else(|| panic!("{body}: no fix")).edits;
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
        edits.iter().for_each(|edit| text.replace_range(edit.span.range(), &edit.text));
        assert_eq!(rules_of(&text), Vec::<&str>::new(), "{body}\n{text}");
    }
}

#[test]
fn points_into_strings() {
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% \"a\" + %}", "End": true}}}"#;
    let (_, found) = lower(text, &LowerOptions::default());
    let [diagnostic] = found.as_slice() else { panic!("{found:?}") };
    let end = text.find(" %}").unwrap();
    assert_eq!(diagnostic.primary.span.start as usize, end, "{diagnostic:?}");
}

#[test]
fn placeholders_stand_for_anything() {
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Function}", "TimeoutSeconds": "${Limit}",
        "InputPath": "$.${Part}", "Parameters": {"a.$": "${Path}", "b": "x${Text}"}, "Next": "${Next}"}}}"#;
    assert_eq!(rules_of(text), Vec::<&str>::new());
    let values = [("Limit", "0"), ("Part", "a[?("), ("Next", "B")];
    let substitutions = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let (_, found) = lower(text, &LowerOptions { substitutions, ..LowerOptions::default() });
    let places: Vec<_> = found.iter().map(|d| (d.rule.name, &text[d.primary.span.range()])).collect();
    let shown = [("number-out-of-range", "\"${Limit}\""), ("jsonpath-syntax", ""), ("unknown-state", "\"${Next}\"")];
    assert_eq!(places, shown, "{found:?}");
    // The path ends too early: that is behind the placeholder.
    assert_eq!(found[1].primary.span.start as usize, text.find("${Part}").unwrap() + "${Part}".len());
}

#[test]
fn placeholders_without_quotes_stand_for_any_value() {
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
        "Retry": ${Retry}, "TimeoutSeconds": ${Limit}, "Parameters": ${Parameters}, "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$.x", "BooleanEquals": "${Bool}", "Next": "C"},
        {"Variable": "$.x", "IsNull": "${Bool}", "Next": "C"}], "Default": "C"}, "C": {"Type": "Succeed"}}}"#;
    assert_eq!(rules_of(text), ["json-syntax"; 3]);
    let of = |values: &[(&str, &str)]| {
        let substitutions = values.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let (module, found) = lower(text, &LowerOptions { substitutions, ..LowerOptions::default() });
        assert_eq!(module.and_then(|module| wfc_cir::verify(&module).err()), None);
        found.iter().map(|d| d.rule.name).filter(|name| *name != "json-syntax").collect::<Vec<_>>()
    };
    let good = r#"[{"ErrorEquals": ["A"], "MaxAttempts": 2}]"#;
    assert_eq!(of(&[("Retry", good), ("Limit", "5"), ("Parameters", "{}"), ("Bool", "true")]), [""; 0]);
    let bad = r#"[{"ErrorEquals": []}]"#;
    let found = of(&[("Retry", bad), ("Limit", "0"), ("Parameters", "1"), ("Bool", "maybe")]);
    assert_eq!(found, ["nothing-inside", "number-out-of-range", "wrong-type", "wrong-type", "wrong-type"]);
}

/// What a newcomer gets wrong is one finding, and its fix is the right one.
#[test]
fn one_slip_is_one_finding() {
    let state = |body: &str| format!(r#"{{"StartAt": "Aa", "States": {{"Aa": {body}, "Bb": {{"Type": "Succeed"}}}}}}"#);
    let rule = |rule: &str| state(&format!(r#"{{"Type": "Choice", "Choices": [{rule}], "Default": "Bb"}}"#));
    let jsonata = |output: &str| {
        state(&format!(r#"{{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{{% {output} %}}", "Next": "Bb"}}"#))
    };
    let queue = "arn:aws:states:::sqs:sendMessage";
    for (text, expected, fixed) in [
        (state(r#"{"Type": "Pass", "next": "Bb"}"#), "no-way-out", true),
        (state(r#"{"type": "Pass", "Next": "Bb"}"#), "missing-field", true),
        (state(&format!(r#"{{"Type": "Task", "Resoruce": "{queue}", "Next": "Bb"}}"#)), "missing-field", true),
        (
            state(&format!(
                r#"{{"Type": "Task", "Resource": "{queue}", "Credentials": {{"Role": "arn:aws:iam::1:role/r"}}, "Next": "Bb"}}"#
            )),
            "missing-field",
            true,
        ),
        (
            state(r#"{"Type": "Choice", "Choice": [{"Variable": "$.x", "IsNull": true, "Next": "Bb"}]}"#),
            "missing-field",
            true,
        ),
        (rule(r#"{"variable": "$.x", "IsNull": true, "Next": "Bb"}"#), "missing-field", true),
        (rule(r#"{"Variable": "$.x", "NumericEqual": 1, "Next": "Bb"}"#), "missing-field", true),
        (rule("{}"), "missing-field", false),
        (rule(r#"{"Variable": "$.x", "TimestampEquals": "soon", "Next": "Bb"}"#), "bad-timestamp", false),
        (state(r#"{"Type": "Pass", "Next": null, "End": true}"#), "wrong-type", true),
        (state(r#"{"Type": "Pass", "Retry": [], "Next": "Bb"}"#), "field-not-here", true),
        (
            state(r#"{"Type": "Pass", "Parameters": {"a.$": "states.array(1)"}, "Next": "Bb"}"#),
            "bad-payload-value",
            true,
        ),
        (state(r#"{"Type": "Pass", "Next": "aa"}"#), "unknown-state", false),
        (state(r#"{"Type": "Task", "Resource": 5, "Next": "Bb"}"#), "wrong-type", false),
        (
            state(r#"{"Type": "Task", "Resource": "arn:aws:states:::SQS:sendMessage", "Next": "Bb"}"#),
            "unknown-integration",
            true,
        ),
        (state(r#"{"Type": "Taks", "Next": "Bb"}"#), "unknown-state-type", true),
        (state(r#"{"Type": "Pass", "OutputPath": "$.a]", "Next": "Bb"}"#), "stray-character", true),
        (state(r#"{"Type": "Pass", "Parameters": {"a.$": "$.a]"}, "Next": "Bb"}"#), "stray-character", true),
        (state(r#"{"Type": "Pass", "Parameters": {"a.$": "$.a["}, "Next": "Bb"}"#), "stray-character", true),
        (jsonata("phone"), "no-context", true),
        (jsonata("$.x"), "no-context", true),
        (jsonata("$states.result"), "states-field-not-here", false),
        (
            rule(r#"{"Variable": "$.x", "NumericEquals": 1, "Next": "Bb"}"#)
                .replace(r#""Choices""#, r#""QueryLanguage": "JSONata", "Choices""#),
            "not-in-this-query-language",
            false,
        ),
    ] {
        let (_, found) = lower(&text, &LowerOptions::default());
        let [diagnostic] = found.as_slice() else { panic!("{text}: {found:#?}") };
        assert_eq!((diagnostic.rule.name, diagnostic.fix.is_some()), (expected, fixed), "{text}");
    }
}

#[test]
fn reads_yaml() {
    let text = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B\n";
    let (module, found) = lower_as(text, Format::Yaml, &LowerOptions::default());
    assert!(module.is_some());
    assert_eq!(found.iter().map(|d| d.rule.name).collect::<Vec<_>>(), ["unknown-state"]);
}

/// However a definition is cut or bent, the answer is a module that holds together, or none.
#[test]
fn bent_definitions_never_break_anything() {
    let seeds: Vec<String> = crate::rules::ALL.iter().map(|rule| rule.page.replace("```", "")).collect();
    let words = ["null", "[]", "{}", "\"A\"", "-1", "\"{% $x %}\"", "\"$.a\"", "true", "\"JSONata\"", "\"States.ALL\""];
    let mut tried = 0;
    for page in &seeds {
        for text in page.split("json\n").skip(1).filter_map(|part| part.split("\n\n").next()) {
            let values = text.match_indices(": ").map(|(at, _)| at + 2);
            for (index, at) in values.enumerate() {
                let end = at + text[at..].find([',', '\n']).unwrap_or(0);
                for word in words.iter().skip(index % 3).step_by(3) {
                    let bent = format!("{}{word}{}", &text[..at], &text[end..]);
                    let (module, found) = lower(&bent, &LowerOptions::default());
                    let broken = module.and_then(|module| wfc_cir::verify(&module).err());
                    assert!(broken.is_none(), "{bent}\n{broken:?}\n{found:?}");
                    tried += 1;
                }
            }
        }
    }
    println!("{tried} bent definitions");
}

#[test]
fn deep_nesting_costs_no_stack() {
    let mut text = String::from(r#"{"Type": "Succeed"}"#);
    for depth in 0..240 {
        text = format!(
            r#"{{"Type": "Parallel", "Branches": [{{"StartAt": "S{depth}", "States": {{"S{depth}": {text}}}}}], "End": true}}"#
        );
    }
    let text = format!(r#"{{"StartAt": "A", "States": {{"A": {text}}}}}"#);
    let (module, found) = lower(&text, &LowerOptions::default());
    assert_eq!((found.len(), module.unwrap().nodes.count()), (0, 241));
}

#[test]
fn deep_values_stay_within_the_stack() {
    let nested = |open: &str, inner: &str, close: &str, depth| open.repeat(depth) + inner + &close.repeat(depth);
    let payload = nested(r#"{"a": "#, r#"{"b.$": "$.c"}"#, "}", 990);
    let text =
        format!(r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Pass", "Parameters": {payload}, "End": true}}}}}}"#);
    assert_eq!(rules_of(&text), Vec::<&str>::new());
    let replaced = text.replace("$.c", "$.${Name}");
    let substitutions = [("Name".to_owned(), "c".to_owned())].into();
    let (_, found) = lower(&replaced, &LowerOptions { substitutions, ..LowerOptions::default() });
    assert_eq!(found, []);
    let condition = nested(r#"{"Not": "#, r#"{"Variable": "$.x", "IsNull": true}"#, "}", 99);
    let too_deep = format!(r#"{{"Not": {condition}, "Next": "B"}}"#);
    let rule = condition.replacen('{', r#"{"Next": "B", "#, 1);
    let text = format!(
        r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Choice", "Choices": [{rule}], "Default": "B"}}, "B": {{"Type": "Succeed"}}}}}}"#
    );
    assert_eq!(rules_of(&text), Vec::<&str>::new());
    assert_eq!(rules_of(&text.replace(&rule, &too_deep)), ["input-limit"]);
}

#[test]
fn what_was_cut_off_has_no_other_finding() {
    let mut state = String::from(r#"{"Type": "Succeed"}"#);
    for _ in 0..1000 {
        state = format!(
            r#"{{"Type": "Parallel", "Branches": [{{"StartAt": "A", "States": {{"A": {state}}}}}], "End": true}}"#
        );
    }
    assert_eq!(rules_of(&format!(r#"{{"StartAt": "A", "States": {{"A": {state}}}}}"#)), ["input-limit"]);
}

#[test]
fn contradicting_states_leave_a_sound_module() {
    const INNER: &str = r#"{"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}"#;
    for state in [
        r#"{"Type": "Task", "Next": "Gone", "Type": "Succeed"}"#.to_owned(),
        format!(r#"{{"Type": "Fial", "Branches": [{INNER}], "Catch": [{{}}], "Retry": [{{}}], "Next": "A"}}"#),
        r#"{"Type": "Suceed", "Catch": [{"ErrorEquals": ["X"], "Next": "A"}], "Choices": [{}], "Default": "A"}"#
            .to_owned(),
        r#"{"Type": "Choic", "Catch": [{"ErrorEquals": ["X"], "Next": "A"}], "Retry": [{}], "End": true}"#.to_owned(),
        r#"{"Type": "Wat", "Catch": [{"ErrorEquals": ["X"], "Next": "A"}], "Retry": [{}], "Next": "A"}"#.to_owned(),
        format!(r#"{{"Type": "Pass", "Branches": [{INNER}], "ItemProcessor": {INNER}, "End": true}}"#),
        format!(r#"{{"Type": "Map", "Iterator": {INNER}, "ItemProcessor": {INNER}, "End": true}}"#),
        format!(r#"{{"Type": "Map", "Type": "Parallel", "Branches": [{INNER}], "Iterator": {INNER}, "End": true}}"#),
    ] {
        let text = format!(r#"{{"StartAt": "A", "States": {{"A": {state}}}}}"#);
        let (module, found) = lower(&text, &LowerOptions::default());
        assert!(!found.is_empty(), "{text}");
        assert_eq!(module.map(|module| wfc_cir::verify::verify(&module)), Some(Ok(())), "{text}");
    }
}
