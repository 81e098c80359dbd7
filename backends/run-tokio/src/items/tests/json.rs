//! JSON arrays, lines and manifests.

use proptest::prelude::*;

use super::*;

const ARRAY: &str = r#"{"InputType": "JSON"}"#;
const LINES: &str = r#"{"InputType": "JSONL"}"#;

fn json(config: &str, body: impl Into<Arc<[u8]>>) -> String {
    items(config, body).map_or_else(|cause| cause, |items| Value::from(items).to_json())
}

#[test]
fn elements_are_items() {
    for (body, expected) in [
        (" [ ] ", "[]"),
        ("\u{feff}[1, [2, \"],[\"], {\"a\\\"\": [{}]}, \"x\\\\\", null]\n", r#"[1,[2,"],["],{"a\"":[{}]},"x\\",null]"#),
        ("{\"a\": 1}", "Attempting to map over non-iterable node."),
        ("\"text\"", "Attempting to map over non-iterable node."),
        ("", "s3://b/k, line 1, byte 0: the text ends where a value is expected"),
        ("x", "s3://b/k, line 1, byte 0: expected a value"),
        ("[1,\n]", "s3://b/k, line 2, byte 4: the text ends where a value is expected"),
        ("[,1]", "s3://b/k, line 1, byte 1: the text ends where a value is expected"),
        ("[1 2]", "s3://b/k, line 1, byte 3: expected ',' or ']'"),
        ("[1, {\"a\":1]", "s3://b/k, line 1, byte 10: expected ',' or '}'"),
        ("[1", "s3://b/k, line 1, byte 2: expected ',' or ']'"),
        ("[1] 2", "s3://b/k, line 1, byte 4: something follows the array"),
        ("[[1]", "s3://b/k, line 1, byte 4: expected ',' or ']'"),
    ] {
        assert_eq!(json(ARRAY, body.as_bytes()), expected, "{body:?}");
    }
}

#[test]
fn lines_are_items() {
    assert_eq!(json(LINES, *b"{\"a\":1}\n\n  \r\n[2]\r\n3"), r#"[{"a":1},[2],3]"#);
    assert_eq!(json(LINES, *b"1\n{\n}\n"), "s3://b/k, line 3, byte 4: expected a member name in double quotes");
    assert_eq!(json(LINES, *b""), "[]");
}

#[test]
fn a_pointer_leads_into_the_file() {
    let body = r#"{"skip": [[{"]": "}"}], "\""], "a/b": [0, {"~": [1, 2], "scalar": 3}], "x": nonsense"#;
    for (pointer, expected) in [
        ("/a~1b/1/~0", "[1,2]"),
        ("/a~1b/1/scalar", "Attempting to map over non-iterable node."),
        ("/a~1b/2", "ItemsPointer '/a~1b/2' refers to nothing in the file"),
        ("/a~1b/z", "ItemsPointer '/a~1b/z' refers to nothing in the file"),
        ("/skip/0/0/]/no", "ItemsPointer '/skip/0/0/]/no' refers to nothing in the file"),
        ("/y", "s3://b/k, line 1, byte 84: expected ',' or '}'"),
        ("y", "ItemsPointer 'y' must begin with '/'"),
        ("", "Attempting to map over non-iterable node."),
    ] {
        let config = format!(r#"{{"InputType": "JSON", "ItemsPointer": "{pointer}"}}"#);
        assert_eq!(json(&config, body.as_bytes()), expected, "{pointer}");
    }
}

#[test]
fn depth_and_length_have_limits() {
    let deep = |depth: usize| format!("[{}{}]", "[".repeat(depth), "]".repeat(depth)).into_bytes();
    assert_eq!(items(ARRAY, deep(1_000)).unwrap().len(), 1);
    let cause = items(ARRAY, deep(100_000)).unwrap_err();
    assert_eq!(cause, "s3://b/k, line 1, byte 1001: nested deeper than the limit of 1000 levels");
    let long = format!("[1,\"{}\"]", "x".repeat(MAX_ITEM)).into_bytes();
    assert!(items(ARRAY, long.clone()).unwrap_err().ends_with("an item is longer than the limit of 8388608 bytes"));
    assert!(items(LINES, long).unwrap_err().ends_with("an item is longer than the limit of 8388608 bytes"));
    let skipped = format!("{{\"a\": \"{}\", \"b\": [1]}}", "x".repeat(2 * MAX_ITEM)).into_bytes();
    assert_eq!(json(r#"{"InputType": "JSON", "ItemsPointer": "/b"}"#, skipped), "[1]");
}

#[test]
fn an_inventory_names_csv_files() {
    let manifest = r#"{"destinationBucket": "arn:aws:s3:::inv", "fileFormat": "CSV", "fileSchema": "Bucket, Key, Size",
        "files": [{"key": "d/1.csv"}, {"key": "d/2.csv"}]}"#;
    let store = MemoryStore::default()
        .with("b", "k", manifest.as_bytes())
        .with("inv", "d/1.csv", *b"\"s\",\"x%20y\",\"1\"\n")
        .with("inv", "d/2.csv", *b"\"s\",\"z\",\"2\"\n");
    let read = read("s3:getObject", r#"{"InputType": "MANIFEST"}"#, store).unwrap();
    let expected = r#"[{"Bucket":"s","Key":"x%20y","Size":"1"},{"Bucket":"s","Key":"z","Size":"2"}]"#;
    assert_eq!(Value::from(read).to_json(), expected);
    let orc = items(r#"{"InputType": "MANIFEST"}"#, *br#"{"fileFormat": "ORC"}"#).unwrap_err();
    assert_eq!(orc, "s3://b/k: an inventory in the format ORC is not supported; it can be CSV");
}

#[test]
fn a_manifest_names_uris() {
    let store = MemoryStore::default().with("b", "k", *b"s3://b/1\n\ns3://c/x/2\n").with("b", "1", *b"[1,2]");
    let config = r#"{"InputType": "JSON", "ManifestType": "ATHENA_DATA"}"#;
    assert_eq!(read("s3:getObject", config, store.clone()).unwrap_err(), "there is no object s3://c/x/2");
    let both = store.with("c", "x/2", *b"[3]");
    assert_eq!(Value::from(read("s3:getObject", config, both).unwrap()).to_json(), "[1,2,3]");
    let wrong = items(config, *b"\nhttp://x").unwrap_err();
    assert_eq!(wrong, "s3://b/k, line 2, byte 1: a line of a manifest must be a URI such as s3://bucket/key");
}

fn element() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("-1.5e3".to_owned()),
        proptest::string::string_regex(r#""([a,\[\]{}:ä ]|\\"|\\\\){0,6}""#).unwrap(),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let parts = prop::collection::vec(inner, 0..3);
        prop_oneof![
            parts.clone().prop_map(|parts| format!("[ {}]", parts.join(" ,"))),
            parts.prop_map(|parts| {
                let member = |(at, part): (usize, &String)| format!("\"{at}\" : {part}");
                format!("{{{} }}", parts.iter().enumerate().map(member).collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn elements_are_what_the_whole_has(elements in prop::collection::vec(element(), 0..5), step in 1_usize..5) {
        let text = format!("[{}]", elements.join(",\n"));
        let read = read_in(2, "s3:getObject", ARRAY, Dripping(text.clone().into_bytes(), step)).unwrap();
        prop_assert_eq!(Value::from(read), value(&text));
    }

    #[test]
    fn what_is_read_is_json(body in proptest::string::string_regex(r#"\[[\[\]{},:" 1a\\]{0,12}\]?"#).unwrap()) {
        let whole = Value::parse(&body).ok().map(|value| value.as_array().unwrap().to_vec());
        prop_assert_eq!(items(ARRAY, body.into_bytes()).ok(), whole);
    }
}
