//! Round trips of hand-written text, mistakes with their places, and limits.

use wfc_diag::{FileId, Sink};
use wfc_source::SourceFile;

use super::{parse, print};
use crate::{equivalent, verify, Module};

const ORDER: &str = include_str!("order.cir");

fn read(text: &str) -> Result<Module, Vec<String>> {
    let file = SourceFile::new(FileId(0), "test.cir", text);
    let mut sink = Sink::default();
    parse(&file, &mut sink).ok_or_else(|| {
        let place = |d: &wfc_diag::Diagnostic| text[d.primary.span.range()].to_owned();
        sink.into_sorted().iter().map(|d| format!("{} @ {}", d.message, place(d))).collect()
    })
}

/// A module whose only node is as given.
fn node(text: &str) -> String {
    format!("cir 1; module m dialect d entry f; flow f {{ seq {{ node n {text} }} }}")
}

#[test]
fn every_construct_prints_as_it_was_read() {
    let module = read(ORDER).unwrap();
    assert_eq!(verify(&module), Ok(()));
    let printed = print(&module);
    assert_eq!(printed, ORDER, "{printed}");
    assert_eq!(equivalent(&module, &read(&printed).unwrap()), Ok(()));
}

#[test]
fn differences_are_named() {
    let other = ORDER.replace("interval 1.50;", "interval 2;");
    let difference = equivalent(&read(ORDER).unwrap(), &read(&other).unwrap()).unwrap_err();
    assert_eq!(difference.to_string(), "Pay: `interval 1.50;` against `interval 2;`");
}

#[test]
fn mistakes_are_all_reported_where_they_are() {
    let cases: &[(String, &[&str])] = &[
        ("flow".into(), &["the end of the text cannot stand here: expected `;`, `=` and a value, `{` or"]),
        ("cir 2; module m dialect d entry f;".into(), &["version 2 is unknown", "there is no flow \"f\" @ f"]),
        (
            node("assign { on done -> x; when = y; }"),
            &["no node \"x\" @ x", "`y` is no document; strings stand in quotes @ y"],
        ),
        (node("wait seconds;"), &["such a node needs `time = …;` @ node n wait seconds"]),
        (node("assign { seq {} }"), &["such a node has no region"]),
        (node("scope;"), &["such a node has one `seq` or `dag`"]),
        (node("loop until cap x;"), &["such a node has one `seq` or `dag`"]),
        (node("tool t reply { colour red; }"), &["such a node has no `colour` @ colour red"]),
        (node("assign { args = path\"$.\\u0061[\\\"x\" of input; }"), &[" @ "]),
        (node("assign { args = path\"$.a\"; }"), &["`path\"…\"` needs `of` and a document"]),
        (node("assign { args = jsonata\"1 +\"; }"), &[" @ "]),
        (node("assign { args = StringEquals(1); }"), &["a comparison has two sides"]),
        (node("assign { args = \"a; }"), &["the string has no end"]),
        (node("assign { args = json{]; }"), &[""]),
        (node("assign { args = 01; }"), &["`01` is not a number @ 01"]),
        (node("assign { args = [1, ; }"), &["`;` cannot stand here"]),
    ];
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let found = read(text).unwrap_err();
        let named = expected.iter().all(|part| found.iter().any(|line| line.contains(part)));
        if !named || found.len() != expected.len() {
            wrong.push((text, expected, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn deep_and_long_texts_are_no_danger() {
    let deep = node(&format!("assign {{ args = {}1{}; }}", "[".repeat(100_000), "]".repeat(100_000)));
    assert!(read(&deep).unwrap_err()[0].contains("256 levels (max-nesting)"));
    let within = node(&format!("assign {{ args = {}1{}; }}", "[".repeat(250), "]".repeat(250)));
    assert!(read(&within).is_ok());
    let blocks = format!("cir 1; {}", "a {".repeat(250));
    assert!(read(&blocks).is_err());
    let chain = node(&format!("assign {{ args = {}input; }}", "path\"$.a\" of ".repeat(100_000)));
    assert!(read(&chain).unwrap_err()[0].contains("(max-chain)"));
    let literal = node(&format!("assign {{ args = json{}1{}; }}", "[".repeat(900), "]".repeat(900)));
    assert!(read(&literal).is_ok());
}

#[test]
fn escapes_in_embedded_text_are_located() {
    let text = node("assign { args = jsonata\"\\u0022é\\u0022 & * +\"; }");
    assert_eq!(read(&text).unwrap_err().len(), 1);
}
