//! What the parser accepts, what it reports, and that hostile input ends quickly.

use wfc_diag::{Sink, TextRange};

use crate::{Limits, SourceMap, Tree};

fn read(text: &str) -> (Tree, Vec<String>) {
    let mut sink = Sink::default();
    let file = SourceMap::new().add("test.json", text);
    let tree = super::parse(&file, &Limits::default(), &mut sink);
    let found =
        sink.into_sorted().iter().map(|d| format!("{}@{}: {}", d.rule.name, d.primary.span.start, d.message)).collect();
    (tree, found)
}

#[test]
fn reads_every_kind_of_value() {
    let (tree, found) = read(r#" {"a": [1, -2.50e3, true, false, null, "x"], "b": {}} "#);
    assert!(found.is_empty(), "{found:?}");
    let a = tree.root().get("a").unwrap();
    assert_eq!(a.items().map(|n| n.raw()).collect::<Vec<_>>(), ["1", "-2.50e3", "true", "false", "null", "\"x\""]);
    assert!(tree.root().get("b").unwrap().is_object());
}

#[test]
fn maps_positions_through_escapes() {
    let (tree, _) = read(r#"["a\n\u00e9b"]"#);
    let text = tree.root().items().next().unwrap();
    assert_eq!(text.text(), "a\n\u{e9}b");
    let b = TextRange::new(4, 5);
    assert_eq!(&tree.source()[text.locate(b).range()], "b");
}

#[test]
fn reports_and_goes_on() {
    for (text, expected) in [
        ("", "json-syntax@0: the file is empty"),
        ("[1,]", "json-trailing-comma@2: a comma behind the last element"),
        ("[1 2]", "json-syntax@2: a comma is missing between two elements"),
        ("{a: 1}", "json-syntax@1: a key without quotes"),
        ("{'a': 1}", "json-syntax@1: a string in single quotes"),
        ("[01]", "json-bad-number@1: `01` is not a JSON number"),
        ("[1.]", "json-bad-number@1: `1.` is not a JSON number"),
        ("[True]", "json-syntax@1: `True` is not a JSON value"),
        ("[\"\\x\"]", "json-bad-string@2: an escape that JSON does not have"),
        ("// c\n[]", "json-comment@0: JSON has no comments"),
        ("{\"a\":1,\"a\":2}", "duplicate-key@7: the key `a` appears twice in one object"),
        ("[1", "json-syntax@2: the file ends too early"),
        ("[1} ", "json-syntax@2: `}` closes what was opened by `[`"),
        ("{\"a\"}", "json-syntax@4: a colon is missing behind the key"),
        ("[] []", "json-syntax@3: text behind the end of the value"),
    ] {
        let (_, found) = read(text);
        assert!(found.iter().any(|f| f == expected), "{text:?}: {found:?}");
    }
}

#[test]
fn hostile_input_ends_with_a_finding() {
    let (_, found) = read(&"[".repeat(100_000));
    assert!(found.iter().any(|f| f.contains("more than 1000 levels")), "{found:?}");
    let (_, found) = read(&"]".repeat(100_000));
    assert!(!found.is_empty());
    let (_, found) = read(&"{\"".repeat(100_000));
    assert!(!found.is_empty());
    let (tree, found) = read(&"9".repeat(1_000_000));
    assert!(found.is_empty());
    assert_eq!(tree.root().text().len(), 1_000_000);
}
