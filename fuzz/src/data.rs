//! Laws of the three notations.

use wfc_diag::{Rule, Sink};
use wfc_source::{parse, rules, Format, Kind, Limits, NodeId, SourceFile, Tree};

use crate::text::{check_findings, check_tree, file};

// The layout alone: depending on the driver would bring every crate of the project into every target.
#[path = "../../src/driver/src/format.rs"]
mod format;

/// JSON is read as `serde_json` reads it, and laying it out changes white space only.
pub fn json(data: &[u8]) {
    let (file, tree, sink) = read("fuzz.json", data, Format::Json);
    agrees(&file, &sink);
    if sink.found().is_empty() {
        keeps_its_value(file.text(), &tree);
    }
}

/// Valid for `serde_json` and without a finding are the same thing; except for what is valid and still suspect, and
/// for limits.
fn agrees(file: &SourceFile, sink: &Sink) {
    let valid = serde_json::from_str::<serde::de::IgnoredAny>(file.text()).is_ok();
    let found = |suspect: &[&Rule]| {
        sink.found().iter().any(|finding| !suspect.iter().any(|rule| rule.name == finding.rule.name))
    };
    if valid {
        // An ignored string may hold half a surrogate pair, which the rule on strings reports.
        let half_a_pair = file.text().contains("\\u").then_some(&rules::JSON_BAD_STRING);
        let suspect = [Some(&rules::DUPLICATE_KEY), Some(&rules::INPUT_LIMIT), half_a_pair];
        let suspect: Vec<&Rule> = suspect.into_iter().flatten().collect();
        assert!(!found(&suspect), "{:?} is valid JSON: {:?}", file.text(), sink.found());
    } else {
        assert!(found(&[&rules::DUPLICATE_KEY]), "{:?} is not JSON", file.text());
    }
}

fn keeps_its_value(text: &str, tree: &Tree) {
    let limits = Limits::default();
    let laid_out = format::json("fuzz.json", text, &limits).expect("JSON without a finding has a layout");
    let (_, again, sink) = read("fuzz.json", laid_out.as_bytes(), Format::Json);
    assert!(sink.found().is_empty(), "{laid_out:?}: {:?}", sink.found());
    assert!(same(tree, &again), "{text:?} became {laid_out:?}");
    assert_eq!(format::json("fuzz.json", &laid_out, &limits).as_deref(), Ok(&*laid_out));
}

/// Whether two trees hold the same values in the same order, spelling included.
fn same(left: &Tree, right: &Tree) -> bool {
    spelled(left).eq(spelled(right))
}

/// Every value in order; scalars as they are written.
fn spelled(tree: &Tree) -> impl Iterator<Item = (Kind, Option<&str>)> {
    let nodes = (0..tree.len()).map(|index| tree.node(NodeId(index as u32)));
    nodes.map(|node| (node.kind(), (!matches!(node.kind(), Kind::Array | Kind::Object)).then(|| node.raw())))
}

/// YAML never grows beyond what the text and the allowance for aliases account for.
pub fn yaml(data: &[u8]) {
    let (file, tree, _) = read("fuzz.yaml", data, Format::Yaml);
    let ceiling = 100_000 + 8 * file.text().len() + 64;
    assert!(tree.len() <= ceiling, "{} nodes from {} bytes", tree.len(), file.text().len());
}

/// What the `toml` crate reads has no finding, and no value comes from nothing.
pub fn toml(data: &[u8]) {
    let (file, tree, sink) = read("fuzz.toml", data, Format::Toml);
    assert!(tree.len() <= 4 * file.text().len() + 8, "{} nodes from {} bytes", tree.len(), file.text().len());
    // JSON has no such numbers, so they are reported.
    let unwritable = ["inf", "nan"].iter().any(|word| file.text().contains(word));
    if !unwritable && toml::from_str::<toml::Table>(file.text()).is_ok() {
        assert!(sink.found().is_empty(), "{:?} is TOML: {:?}", file.text(), sink.found());
    }
}

/// Reads, and checks every place.
fn read(name: &str, data: &[u8], format: Format) -> (SourceFile, Tree, Sink) {
    let file = file(name, data, &mut Sink::default());
    let mut sink = Sink::default();
    let tree = parse(&file, format, &Limits::default(), &mut sink);
    check_tree(&tree);
    check_findings(&file, &sink);
    (file, tree, sink)
}
