//! CSV.

use proptest::prelude::*;

use super::*;

const FIRST_ROW: &str = r#"{"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}"#;

fn json(config: &str, body: impl Into<Arc<[u8]>>) -> String {
    items(config, body).map_or_else(|cause| cause, |items| Value::from(items).to_json())
}

#[test]
fn rows_are_objects_of_strings() {
    for (body, expected) in [
        ("", "[]"),
        ("a", "[]"),
        ("a,b\n1,2", r#"[{"a":"1","b":"2"}]"#),
        ("\u{feff}a,b\r\n1,2\r\n", r#"[{"a":"1","b":"2"}]"#),
        ("a,b\r1,2\r3", r#"[{"a":"1","b":"2"},{"a":"3","b":""}]"#),
        ("a,\n1,2,3\n", r#"[{"a":"1","":"2"}]"#),
        ("a\n\n\n1\n", r#"[{"a":"1"}]"#),
        ("a\n \n\"\"\n,,\n", r#"[{"a":" "},{"a":""},{"a":""}]"#),
        ("a,\"b \"\"x\"\"\"\n\"1,\n2\",\"\"\"\"\n", r#"[{"a":"1,\n2","b \"x\"":"\""}]"#),
        ("a,b\n\"1\" ,x\"y\"\n", r#"[{"a":"1","b":"x\"y\""}]"#),
        ("a\n\"1", "s3://b/k, line 2, byte 2: a quoted cell has no end"),
        ("a\n\"1\"2", "s3://b/k, line 2, byte 5: something follows the end of a quoted cell"),
        ("a,b,a\n", "CSV headers cannot contain duplicates."),
    ] {
        assert_eq!(json(FIRST_ROW, body.as_bytes()), expected, "{body:?}");
    }
}

#[test]
fn delimiters_and_headers_are_as_configured() {
    for (delimiter, body) in [("PIPE", "1|2"), ("SEMICOLON", "1;2"), ("SPACE", "1 2"), ("TAB", "1\t2")] {
        let config = format!(
            r#"{{"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x", "y"], "CSVDelimiter": "{delimiter}"}}"#
        );
        assert_eq!(json(&config, body.as_bytes()), r#"[{"x":"1","y":"2"}]"#);
    }
    let twice = r#"{"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x", "x"]}"#;
    assert_eq!(json(twice, *b"1"), "CSV headers cannot contain duplicates.");
    let two = r#"{"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItems": 2}"#;
    assert_eq!(json(two, *b"a\n1\n2\n\"bad"), r#"[{"a":"1"},{"a":"2"}]"#, "what is not wanted is not read");
}

#[test]
fn limits_are_named() {
    let header = format!("{}\n1\n", "h".repeat(MAX_HEADER));
    let cause = "s3://b/k, line 1, byte 0: the header row is longer than the limit of 10240 bytes";
    assert_eq!(json(FIRST_ROW, header.into_bytes()), cause);
    let fits = format!("{}\n1\n", "h".repeat(MAX_HEADER - 1));
    assert_eq!(items(FIRST_ROW, fits.into_bytes()).unwrap().len(), 1);
    for quote in ["", "\""] {
        let cell = format!("a\n1\n{quote}{}{quote}", "x".repeat(MAX_ITEM + 1));
        let cause = "s3://b/k, line 3, byte 4: an item is longer than the limit of 8388608 bytes";
        assert_eq!(json(FIRST_ROW, cell.into_bytes()), cause);
    }
    assert_eq!(json(FIRST_ROW, *b"a\n\xc3\xa4,\xff\n"), "s3://b/k, line 2, byte 5: it is not valid UTF-8");
}

#[test]
fn a_batch_ends_early_when_its_items_are_long() {
    let row = "x".repeat(WINDOW / 4);
    let body = format!("a\n{row}\n{row}\n{row}\n{row}\n{row}\n").into_bytes();
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default().with("b", "k", body));
    let config = ReaderConfig::from_members(&members(FIRST_ROW)).unwrap();
    let args = value(r#"{"Bucket": "b", "Key": "k"}"#);
    let mut items = open(&ReaderSpec { resource: "s3:getObject".into(), args, config }, &store).unwrap();
    let mut batch = || items.next_batch(100).unwrap().len();
    assert_eq!([batch(), batch(), batch()], [4, 1, 0]);
}

/// Rows as a CSV in which every cell is quoted.
fn written(rows: &[Vec<String>]) -> String {
    let row = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        cells.join(",") + "\r\n"
    };
    rows.iter().map(row).collect()
}

fn cells() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = proptest::string::string_regex("[ab,;\"\r\n \u{e4}\u{1f600}]{0,6}").unwrap();
    prop::collection::vec(prop::collection::vec(cell, 3), 0..6)
}

proptest! {
    #[test]
    fn what_is_written_is_read(rows in cells(), step in 1_usize..5, max in 1_usize..4) {
        let config = r#"{"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x", "y", "z"]}"#;
        let read = read_in(max, "s3:getObject", config, Dripping(written(&rows).into_bytes(), step)).unwrap();
        let object = |row: &Vec<String>| -> Value { ["x", "y", "z"].into_iter().zip(row.iter().map(|cell| Value::from(&**cell))).collect() };
        prop_assert_eq!(read, rows.iter().map(object).collect::<Vec<_>>());
    }

    #[test]
    fn any_bytes_are_read_or_refused(body in prop::collection::vec(prop::sample::select(b"a,\"\r\n \t\xff\xc3\xa4".to_vec()), 0..40)) {
        let whole = read_in(100, "s3:getObject", FIRST_ROW, Dripping(body.clone(), 100));
        let drips = read_in(1, "s3:getObject", FIRST_ROW, Dripping(body, 1));
        prop_assert_eq!(whole, drips);
    }
}
