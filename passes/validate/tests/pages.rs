//! The examples on the pages: the bad one has exactly the finding the page is about, the good one has none.

use wfc_analyze::analyze;
use wfc_cir::{LowerInput, LowerOptions};
use wfc_diag::Sink;
use wfc_from_asl::FRONT;
use wfc_source::{FileId, Limits, SourceFile};

fn findings(text: &str) -> Vec<String> {
    let file = SourceFile::new(FileId(0), "example.asl.json", text);
    let mut sink = Sink::default();
    let tree = wfc_source::json::parse(&file, &Limits::default(), &mut sink);
    let input = LowerInput { path: file.name(), tree: &tree, options: &LowerOptions::default() };
    let module = (FRONT.lower)(&input, &mut sink).expect("a machine");
    wfc_validate::validate(&module, FRONT.vocab, &analyze(&module), &mut sink);
    sink.into_sorted().into_iter().map(|found| found.rule.name.to_string()).collect()
}

fn examples(page: &str) -> Vec<&str> {
    page.split("```json\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(text, _)| text).collect()
}

#[test]
fn examples_show_what_they_say() {
    for rule in wfc_validate::RULES {
        assert!(rule.page.starts_with(&format!("# {}\n", rule.name)));
        let sections: Vec<&str> = rule.page.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(sections, ["## What it means", "## Why it matters", "## Example", "## Instead"], "{}", rule.name);
        if let [bad, good] = examples(rule.page)[..] {
            assert_eq!(findings(bad), [rule.name], "{}", rule.name);
            assert_eq!(findings(good), [""; 0], "{}", rule.name);
        }
    }
}

#[test]
fn data_over_the_limit_is_found() {
    let of = |length: usize| {
        let text = "x".repeat(length);
        findings(&format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Pass", "Result": "{text}", "End": true}}}}}}"#
        ))
    };
    assert_eq!(of(262_142), [""; 0]);
    assert_eq!(of(262_143), ["payload-too-large"]);
}
