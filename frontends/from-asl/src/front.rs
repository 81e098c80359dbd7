//! The front end as a value.

use wfc_cir::{Front, LowerInput, Module};
use wfc_diag::{Rule, Sink};
use wfc_source::rules::INPUT_LIMIT;
use wfc_source::{Kind, Tree};

use crate::checks;
use crate::rules::{self, asl_in_template, not_a_state_machine};
use crate::vocab::VOCAB;
use crate::{lower, parse, placeholder, schema};

/// Amazon States Language.
pub const FRONT: Front = Front {
    name: "asl",
    extensions: EXTENSIONS,
    sniff,
    lower: lower_file,
    schema: Some(schema::schema),
    vocab: &VOCAB,
    rules: &RULES,
    refuses: &["unreachable"],
};

const EXTENSIONS: &[&str] = &[".asl.json", ".asl.yaml", ".asl.yml", ".asl"];

const RULES: [&Rule; rules::ALL.len() + checks::RULES] = all_rules();

/// The rules of both lists in one; a `const`, since a front end is one.
const fn all_rules() -> [&'static Rule; rules::ALL.len() + checks::RULES] {
    let mut all = [rules::ALL[0]; rules::ALL.len() + checks::RULES];
    let mut at = 0;
    while at < rules::ALL.len() {
        all[at] = rules::ALL[at];
        at += 1;
    }
    let mut check = 0;
    while check < checks::ALL.len() {
        if let Some(rule) = checks::ALL[check].rule {
            all[at] = rule;
            at += 1;
        }
        check += 1;
    }
    all
}

/// How sure it is that a file holds a state machine, or a template that does.
fn sniff(path: &str, tree: &Tree) -> u8 {
    let root = tree.root();
    let named = EXTENSIONS.iter().any(|extension| path.to_ascii_lowercase().ends_with(extension));
    let has = |name| root.get(name).is_some();
    match (has("States"), has("StartAt")) {
        (true, true) => 95,
        _ if named => 90,
        (true, false) | (false, true) => 40,
        _ if asl_in_template::find(root).is_some() => 70,
        _ => 0,
    }
}

fn lower_file(input: &LowerInput<'_>, sink: &mut Sink) -> Option<Module> {
    let replaced = placeholder::substituted(input.tree, &input.options.substitutions);
    if let Some(replaced) = &replaced {
        sink.retain(|found| !replaced.bare.contains(&found.primary.span));
    }
    let root = replaced.as_ref().map_or(input.tree, |replaced| &replaced.tree).root();
    if !root.is_object() {
        let finding = not_a_state_machine::report(root);
        // Text that could not be read at all has been reported; only the owner's words are missing there.
        match sink.first_error_mut().filter(|_| root.kind() == Kind::Error) {
            Some(reported) => reported.owner = finding.owner,
            None => sink.push(finding),
        }
        return None;
    }
    // Where reading was cut off, everything behind is missing: nothing that follows from that is worth saying.
    if sink.found().iter().any(|found| found.rule.name == INPUT_LIMIT.name) {
        return None;
    }
    if let Some(found) = asl_in_template::find(root) {
        sink.push(asl_in_template::report(found));
        return None;
    }
    let program = parse::program(root, input.options.machine_type, sink);
    let module = lower::module(&program, name_of(input.path), sink);
    checks::run(&module, sink);
    Some(module)
}

/// The name of a file without folders and endings.
fn name_of(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.split('.').find(|part| !part.is_empty()).unwrap_or(file)
}
