//! What the parser accepts, what it reports, and that hostile input ends quickly.

use proptest::prelude::*;
use serde_json::{json, Value};
use wfc_diag::TextRange;

use crate::testing::{any_value, check_locations, check_spans, clean, findings, value};
use crate::Format::Json;
use crate::{SourceMap, Tree};

fn read(text: &str) -> (Tree, Vec<String>) {
    (crate::testing::read(text, Json).0, findings(text, Json))
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
        ("[${A}, 1]", "json-syntax@1: a placeholder without quotes is not JSON until it is replaced"),
        ("[$A]", "json-syntax@1: `$A` is not a JSON value"),
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
        ("{\"a\":1,,}", "json-syntax@7: a comma without an element in front of it"),
        ("{\"a\":1,}", "json-trailing-comma@6: a comma behind the last element"),
        ("{\"a\" 1}", "json-syntax@5: a colon is missing behind the key"),
        ("{,}", "json-syntax@1: a comma without an element in front of it"),
        ("[,]", "json-syntax@1: a comma without an element in front of it"),
        ("{\"a\":}", "json-syntax@5: the key has no value"),
        ("{\"a\":1 \"b\":2}", "json-syntax@6: a comma is missing between two elements"),
        ("[1 // c\n 2]", "json-syntax@2: a comma is missing between two elements"),
        ("{\"a\": [1, {\"b\": 2]}", "json-syntax@17: `]` closes what was opened by `{`"),
        ("{:1}", "json-syntax@1: a key is missing"),
        ("[\0]", "json-syntax@1: `\\u{0}` is not a JSON value"),
        ("['é\n]", "json-bad-string@4: the string is not closed before the end of the line"),
        ("\"a\tb\"", "json-bad-string@2: a raw control character in a string"),
        ("[\"\\ud800x\"]", "json-bad-string@2: half of a surrogate pair"),
        ("\u{feff}{}", "json-syntax@0: the file starts with a byte order mark"),
        ("Comment: x\nStartAt: y\n", "json-syntax@0: the text is not JSON: it looks like YAML"),
        ("# c\n---\na: 1\n", "json-syntax@0: the text is not JSON: it looks like YAML"),
        ("[workflow]\nid = \"x\"\n", "json-syntax@0: the text is not JSON: it looks like TOML"),
    ] {
        let (_, found) = read(text);
        assert!(found.iter().any(|f| f == expected), "{text:?}: {found:?}");
    }
}

#[test]
fn what_is_wrong_does_not_hide_what_is_right() {
    for (text, expected) in [
        ("{\"a\":1,,\"b\":2,}", json!({"a": 1, "b": 2})),
        ("{\"a\" 1, b: 'x' \"c\": [1 2,]}", json!({"a": 1, "b": "x", "c": [1, 2]})),
        ("{\"a\": [1, {\"b\": 2], \"c\": 3}", json!({"a": [1, {"b": 2}], "c": 3})),
        ("{\"a\": {\"b\": [1}, \"c\": 3}", json!({"a": {"b": [1]}, "c": 3})),
        ("{\"a\":, \"b\": /* c */ 2 // d\n}", json!({"a": null, "b": 2})),
        ("{\"a\": ${A::b}, \"b\": 2}", json!({"a": "${A::b}", "b": 2})),
        ("{\"a\": \"x\n, \"b\": 2}", json!({"a": "x", "b": 2})),
    ] {
        let (tree, found) = read(text);
        assert!(!found.is_empty());
        assert_eq!(value(tree.root()), expected, "{text:?}: {found:?}");
    }
}

#[test]
fn lines_and_columns_count_characters() {
    let file = SourceMap::new().add("t", "{\n  \"é\": \"é\",\r\n x}");
    let place = |offset| (file.line_column(offset).line, file.line_column(offset).column);
    assert_eq!([place(0), place(4), place(10), place(17), place(99)], [(1, 1), (2, 3), (2, 8), (3, 1), (3, 4)]);
    assert_eq!(file.line_text(2), "  \"é\": \"é\",");
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

/// Text made of what means something to JSON.
fn jsonish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just("\""),
        Just("\"a\""),
        Just("\"b\":"),
        Just("'"),
        Just("\\"),
        Just("\\n"),
        Just("\\u00e9"),
        Just("\\ud83d\\ude00"),
        Just("\\ud800"),
        Just("1"),
        Just("-"),
        Just("0"),
        Just("."),
        Just("e5"),
        Just("true"),
        Just("null"),
        Just(" "),
        Just("\n"),
        Just("//"),
        Just("/*"),
        Just("*/"),
        Just("#"),
        Just("é"),
        Just("\u{1f600}"),
        Just("\t"),
        Just("\0"),
        Just("\u{feff}"),
        Just("x"),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

/// Whether `serde_json` refuses what is valid: a number too large for an `f64`.
fn is_too_large(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("number out of range")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_serde_json_on_any_text(text in prop_oneof![jsonish(), any::<String>()]) {
        let (tree, found) = read(&text);
        check_spans(&tree);
        let duplicates_only = found.iter().all(|f| f.starts_with("duplicate-key"));
        match serde_json::from_str::<Value>(&text) {
            Ok(expected) => {
                prop_assert!(duplicates_only, "{:?}", found);
                prop_assert_eq!(value(tree.root()), expected);
            }
            Err(error) => prop_assert!(!found.is_empty() || is_too_large(&error), "{}", error),
        }
    }

    #[test]
    fn reads_back_what_serde_json_writes(expected in any_value()) {
        prop_assert_eq!(&clean(&expected.to_string(), Json), &expected);
        prop_assert_eq!(&clean(&serde_json::to_string_pretty(&expected).unwrap(), Json), &expected);
    }

    #[test]
    fn every_character_of_a_string_is_located(expected in any_value()) {
        check_locations(&read(&expected.to_string()).0);
    }
}
