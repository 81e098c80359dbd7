//! What programs that read the formats rely on.

mod common;

use std::collections::HashSet;

use common::{at, full, Case};
use serde_json::Value;
use wfc_report::{json_schema, Format, Style};

fn json(case: &Case, format: Format) -> Value {
    serde_json::from_str(&case.render(format, Style::default())).expect("the format is JSON")
}

#[test]
fn names_are_read_back() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
    let error = "xml".parse::<Format>().unwrap_err().to_string();
    assert_eq!(
        error,
        "unknown format \"xml\"; known are human, short, json, jsonl, sarif, github, gitlab, rdjson, junit"
    );
}

#[test]
fn json_fits_its_schema() {
    let schema = serde_json::to_value(json_schema()).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for case in [full(), Case::default(), at("", 0, 0, "")] {
        let errors: Vec<String> = validator.iter_errors(&json(&case, Format::Json)).map(|e| e.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let mut broken = json(&full(), Format::Json);
    broken["diagnostics"][0]["start"]["line"] = 0.into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn json_lines_are_the_same_findings() {
    let case = full();
    let whole = json(&case, Format::Json);
    let text = case.render(Format::Jsonl, Style::default());
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    for (mut line, finding) in lines.into_iter().zip(whole["diagnostics"].as_array().unwrap()) {
        assert_eq!(line.as_object_mut().unwrap().shift_remove("version"), Some(1.into()));
        assert_eq!(&line, finding);
    }
}

#[test]
fn sarif_has_what_hosts_require() {
    let log = json(&full(), Format::Sarif);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let driver = &run["tool"]["driver"];
    assert_eq!((&driver["name"], &driver["version"]), (&"wfc".into(), &"1.2.3".into()));
    for rule in driver["rules"].as_array().unwrap() {
        for member in ["/id", "/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
            assert!(rule.pointer(member).is_some_and(Value::is_string), "{member} of {rule}");
        }
    }
    assert_eq!(run["artifacts"].as_array().unwrap().len(), 3);
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.iter().map(|result| &result["level"]).collect::<Vec<_>>(), ["error", "warning", "note"]);
    for result in results {
        assert_eq!(driver["rules"][result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
        assert!(result["message"]["text"].is_string() && result["partialFingerprints"]["finding/v1"].is_string());
        let place = &result["locations"][0]["physicalLocation"];
        let artifact = place["artifactLocation"]["index"].as_u64().unwrap() as usize;
        assert_eq!(run["artifacts"][artifact]["location"]["uri"], place["artifactLocation"]["uri"]);
        for member in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(place["region"][member].as_u64().unwrap() >= 1);
        }
    }
}

/// The official schema is not part of the project; name a copy in `SARIF_SCHEMA` to check against it.
#[test]
#[allow(clippy::print_stdout, reason = "a test that skips says so")]
fn sarif_fits_the_official_schema() {
    let Ok(path) = std::env::var("SARIF_SCHEMA") else {
        println!("skipped: SARIF_SCHEMA names no schema");
        return;
    };
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for case in [full(), Case::default(), at("", 0, 0, "")] {
        let errors: Vec<String> = validator.iter_errors(&json(&case, Format::Sarif)).map(|e| e.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let mut broken = json(&full(), Format::Sarif);
    broken["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn fingerprints_are_unique_and_survive_moves() {
    let mut case = at("{}\n", 0, 1, "");
    case.diagnostics.push(case.diagnostics[0].clone());
    let moved = {
        let mut moved = at("\n\n{}\n", 2, 3, "");
        moved.diagnostics.push(moved.diagnostics[0].clone());
        moved
    };
    let prints = |case: &Case| -> Vec<String> {
        json(case, Format::Gitlab).as_array().unwrap().iter().map(|issue| issue["fingerprint"].to_string()).collect()
    };
    assert_eq!(prints(&case), prints(&moved));
    assert_eq!(prints(&case).into_iter().collect::<HashSet<_>>().len(), 2);
}

#[test]
fn github_commands_are_escaped() {
    let mut case = Case::default();
    let file = case.sources.add("a,b:c%.json", "x\ny").id();
    let span = wfc_diag::Span::new(file, 0, 1);
    case.diagnostics.push(wfc_diag::Diagnostic::new(&common::MISSING, span, "100%\n::error::fake\u{1b}[31m"));
    assert_eq!(
        case.render(Format::Github, Style::default()),
        "::error file=a%2Cb%3Ac%25.json,line=1,endLine=1,col=1,endColumn=2,title=missing-target::\
         100%25%0A::error::fake\\u{1b}[31m\n"
    );
}

#[test]
fn junit_is_escaped() {
    let mut case = Case::default();
    let file = case.sources.add("<a&\"b\">.json", "x").id();
    let span = wfc_diag::Span::new(file, 0, 1);
    case.diagnostics.push(wfc_diag::Diagnostic::new(&common::MISSING, span, "a ]]> b\u{0}\u{b}\n</failure>"));
    let xml = case.render(Format::Junit, Style::default());
    assert!(xml.contains("classname=\"&lt;a&amp;&quot;b&quot;&gt;.json\""), "{xml}");
    assert!(xml.contains("message=\"a ]]&gt; b&#10;&lt;/failure&gt;\""), "{xml}");
    assert!(!xml.contains(['\u{0}', '\u{b}']));
}

#[test]
fn reviewdog_columns_count_bytes() {
    let case = at("ää x", 5, 6, "");
    let place = &json(&case, Format::Rdjson)["diagnostics"][0]["location"]["range"]["start"];
    assert_eq!(place["column"], 6);
    assert_eq!(json(&case, Format::Json)["diagnostics"][0]["start"]["column"], 4);
}
