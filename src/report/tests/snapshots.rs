//! What each format looks like, the files first.

mod common;

use common::{at, full, pointing_at, Case, MACHINE};
use wfc_report::{json_schema, statistics, Format, Style};

fn check(name: &str, case: &Case, output: &str) {
    snapshot(name, &case.transcript(output));
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/report");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn formats() {
    let case = full();
    for format in Format::ALL {
        check(format.name(), &case, &case.render(format, Style::default()));
    }
}

#[test]
fn human_styles() {
    let case = full();
    check("human-ascii", &case, &case.render(Format::Human, Style { unicode: false, ..Style::default() }));
    check("human-narrow", &case, &case.render(Format::Human, Style { width: Some(50), ..Style::default() }));
    let color = case.render(Format::Human, Style { color: true, ..Style::default() });
    check("human-color", &case, &color.replace('\u{1b}', "␛"));
}

#[test]
fn human_places() {
    let minified = format!("[{}{{\"Next\":\"Nowhere\"}}{}]", "{\"a\":1},".repeat(100), ",{\"b\":2}".repeat(100));
    let cases = [
        ("bare-label", pointing_at(MACHINE, "\"Shipp\"", "")),
        ("bare-character", pointing_at(MACHINE, "{", "")),
        ("insertion-point", at(MACHINE, 19, 19, "a comma is missing")),
        ("end-of-file", at("{\"a\": [1, 2", 11, 11, "`]` expected")),
        ("behind-last-line", at("{\"a\": 1\n", 8, 8, "`}` expected")),
        ("empty-file", at("", 0, 0, "a value is expected")),
        ("empty-file-bare", at("", 0, 0, "")),
        ("long-line", pointing_at(&minified, "\"Nowhere\"", "not a state")),
        ("long-span", at(&minified, 0, minified.len(), "this list")),
        ("many-lines", at(MACHINE, 0, MACHINE.len(), "the whole machine")),
        (
            "tabs-and-wide-characters",
            pointing_at("{\n\t\"状態\":\t\"名前\",\r\n\t\"b\": 1\r\n}", "\"名前\"", "not a name"),
        ),
        (
            "control-characters",
            pointing_at("{\"\u{1b}]0;pwned\u{7}\": \"\u{202e}gnp\"}", "\"\u{202e}gnp\"", "odd \u{1b}[31mtext"),
        ),
    ];
    for (name, case) in cases {
        check(&format!("place-{name}"), &case, &case.human());
    }
}

#[test]
fn labels_far_apart_are_in_one_drawing() {
    let text: String = (1..=1200).map(|line| format!("line {line}\n")).collect();
    let mut case = pointing_at(&text, "line 1100\n", "used here");
    let first = pointing_at(&text, "line 9\n", "").diagnostics.remove(0).primary.span;
    case.diagnostics[0] = case.diagnostics[0].clone().also(first, "defined here");
    check("place-far-apart", &case, &case.human());
}

#[test]
fn nested_and_crossing_labels() {
    let mut case = pointing_at(MACHINE, "{\"Type\": \"Succeed\"}", "a state that ends");
    let span = |needle: &str| pointing_at(MACHINE, needle, "").diagnostics.remove(0).primary.span;
    let (kind, name) = (span("\"Succeed\""), span("\"Ship\""));
    let both = span("{\n      \"Type\"").to(name);
    case.diagnostics[0] =
        case.diagnostics[0].clone().also(kind, "").also(name, "its name").also(both, "from here to there");
    check("place-nested", &case, &case.human());
}

#[test]
fn nothing_found() {
    let mut case = Case::default();
    case.sources.add("a.json", "{}");
    case.sources.add("b.json", "{}");
    for format in Format::ALL {
        check(&format!("clean-{}", format.name()), &case, &case.render(format, Style::default()));
    }
}

#[test]
fn statistics_are_sorted_by_count_then_name() {
    let mut case = full();
    case.diagnostics.push(case.diagnostics[1].clone());
    check("statistics", &case, &statistics(&case.report(&[])));
}

#[test]
fn schema() {
    let schema = serde_json::to_string_pretty(&json_schema()).unwrap();
    snapshot("json-schema", &schema);
}
