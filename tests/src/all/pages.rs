//! The page of every rule: it has its sections, its bad example has the problem, its good one has none.

use libtest_mimic::{Failed, Trial};
use wfc_diag::Scope;
use wfc_driver::{explain, Rule};

use crate::support::{findings, none_of, skipped};

/// The sections of a page, in order.
const SECTIONS: [&str; 4] = ["What it means", "Why it matters", "Example", "Instead"];

pub(crate) fn trials() -> Vec<Trial> {
    explain::all_rules().into_iter().flat_map(of_rule).collect()
}

fn of_rule(rule: &'static Rule) -> Vec<Trial> {
    let sections = Trial::test(format!("pages/{}/sections", rule.name), move || sections(rule));
    let example = if fence(rule, "Example").is_none() {
        skipped(format!("pages/{} has no example to check", rule.name))
    } else {
        Trial::test(format!("pages/{}/example", rule.name), move || examples(rule))
    };
    vec![sections, example]
}

fn sections(rule: &Rule) -> Result<(), Failed> {
    let mut expected = vec![format!("# {}", rule.name)];
    expected.extend(SECTIONS.map(|section| format!("## {section}")));
    let mut fenced = false;
    let headings = rule.page.lines().filter(|line| {
        fenced ^= line.starts_with("```");
        !fenced && line.starts_with('#')
    });
    let missing = expected.into_iter().filter({
        let headings: Vec<&str> = headings.collect();
        move |wanted| !headings.contains(&wanted.as_str())
    });
    none_of(&missing.map(|wanted| format!("missing: {wanted}")).collect::<Vec<_>>())
}

/// Fences of other languages hold prose and output.
const LANGUAGES: [&str; 4] = ["json", "yaml", "toml", "cir"];

/// The first fenced workflow of a section, with its language.
fn fence(rule: &Rule, section: &str) -> Option<(&'static str, String)> {
    let heading = format!("## {section}");
    let mut lines =
        rule.page.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.starts_with("## "));
    let language = lines.find_map(|line| LANGUAGES.into_iter().find(|name| line.strip_prefix("```") == Some(name)))?;
    let text: Vec<&str> = lines.take_while(|line| !line.starts_with("```")).collect();
    Some((language, text.join("\n") + "\n"))
}

fn examples(rule: &Rule) -> Result<(), Failed> {
    let mut complaints = Vec::new();
    if let Some(found) = check(rule, "Example") {
        if !found.iter().any(|found| found.rule == rule.name) {
            complaints.push(format!("the example does not have the problem; found {found:?}"));
        }
        let others = found.iter().filter(|found| found.rule != rule.name);
        complaints.extend(others.map(|other| format!("the example has another problem: {other}")));
    }
    if let Some(found) = check(rule, "Instead") {
        complaints.extend(found.iter().map(|found| format!("the good example has a problem: {found}")));
    }
    none_of(&complaints)
}

fn check(rule: &Rule, section: &str) -> Option<Vec<crate::support::Found>> {
    let (language, text) = fence(rule, section)?;
    // What concerns the tool alone must not depend on a name that tells the language.
    let name = if rule.scope == Scope::Tool { "example.json" } else { file_name(language, &text) };
    Some(findings(name, &text))
}

/// The file an example stands for.
fn file_name(language: &str, text: &str) -> &'static str {
    match language {
        "toml" => "example.workflow.toml",
        "yaml" => "example.asl.yaml",
        "cir" => "example.cir",
        _ if text.contains("entryNodeId") => "example.harness.json",
        _ => "example.asl.json",
    }
}
