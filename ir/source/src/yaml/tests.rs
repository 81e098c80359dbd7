//! What YAML becomes, where its parts stand, and that hostile files are refused.

use proptest::prelude::*;
use serde_json::json;

use crate::testing::{any_value, check_locations, check_spans, clean, findings, located, read, value};
use crate::Format::{Json, Yaml};

#[test]
fn scalars_follow_the_core_schema() {
    for (text, expected) in [
        ("[~, null, NULL, true, True, FALSE]", json!([null, null, null, true, true, false])),
        ("[yes, no, on, tRUE, nULL]", json!(["yes", "no", "on", "tRUE", "nULL"])),
        ("[1, -2, +3, 012, 0x1F, 0o17]", json!([1, -2, 3, 12, 31, 15])),
        ("[1.5, .5, 1., -1e3, 1_000, 0x]", json!([1.5, 0.5, 1, -1e3, "1_000", "0x"])),
        ("['1', \"true\", !!str 1, !!int 2]", json!(["1", "true", "1", 2])),
        ("a:\nb: ''\n", json!({"a": null, "b": ""})),
        ("- \n- x\n-\n", json!([null, "x", null])),
        ("1: a\ntrue: b\n", json!({"1": "a", "true": "b"})),
        ("2024-01-01", json!("2024-01-01")),
    ] {
        assert_eq!(clean(text, Yaml), expected, "{text:?}");
    }
}

#[test]
fn strings_of_every_style() {
    for (text, expected) in [
        ("a: one\n  two\n\n  three\n", json!({"a": "one two\nthree"})),
        ("a: 'it''s\n  x'\n", json!({"a": "it's x"})),
        ("a: \"\\u00e9\\n\\\n   b \\x41\"\n", json!({"a": "\u{e9}\nb A"})),
        ("a: |\n  x\n   y\n\n  z\n", json!({"a": "x\n y\n\nz\n"})),
        ("a: |-\n\n  x\n", json!({"a": "\nx"})),
        ("a: |+\n  x\n\nb: 1\n", json!({"a": "x\n\n", "b": 1})),
        ("a: >\n  x\n  y\n\n  z\n   w\n", json!({"a": "x y\nz\n w\n"})),
        ("a: |2\n   x\n", json!({"a": " x\n"})),
        ("a: | # why\n  x\n", json!({"a": "x\n"})),
    ] {
        assert_eq!(clean(text, Yaml), expected, "{text:?}");
    }
}

#[test]
fn positions_survive_folding_escapes_and_many_byte_text() {
    for text in [
        "é: MARK\n",
        "é: \"é\\n\\u00e9 MARK\"\n",
        "é: 'it''s MARK'\n",
        "é: one\n   two MARK\n",
        "é: \"one\n\n   two\\\n   x MARK\"\n",
        "é: |\n   é\n\n    two MARK\n",
        "é: >-\n   é\n   two\n\n   MARK\n",
        "\u{feff}é: [é, MARK]\n",
        "# é\n- &é é\n- !!str MARK\n",
        "é: |+2\r\n  é\r\n   MARK\r\n\r\n",
    ] {
        let (tree, found) = read(text, Yaml);
        assert!(found.is_empty(), "{text:?}: {found:?}");
        assert_eq!(located(&tree, "MARK"), ["MARK"], "{text:?}");
        check_spans(&tree);
    }
}

#[test]
fn spans_cover_what_was_written() {
    let (tree, _) = read("a: {b: [1, 'x' ] } # c\nlist:\n- y: 1\n  z: |\n    t\n- q\nlast:\n", Yaml);
    let root = tree.root();
    assert_eq!(root.get("a").unwrap().raw(), "{b: [1, 'x' ] }");
    assert_eq!(root.get("a").unwrap().get("b").unwrap().raw(), "[1, 'x' ]");
    let list = root.get("list").unwrap();
    assert_eq!(list.raw(), "- y: 1\n  z: |\n    t\n- q");
    assert_eq!(list.items().next().unwrap().raw(), "y: 1\n  z: |\n    t");
    assert_eq!(list.items().next().unwrap().get("z").unwrap().raw(), "|\n    t");
    assert_eq!(root.get("last").unwrap().span().start as usize, tree.source().len() - 1);
}

#[test]
fn aliases_and_merge_keys_are_written_out() {
    for (text, expected) in [
        ("a: &x {p: [1, 2]}\nb: *x\n", json!({"a": {"p": [1, 2]}, "b": {"p": [1, 2]}})),
        ("a: &k key\n*k : 1\n", json!({"a": "key", "key": 1})),
        (
            "base: &b {x: 1, y: 2}\nc:\n  <<: *b\n  y: 3\n  z: 4\n",
            json!({"base": {"x": 1, "y": 2}, "c": {"x": 1, "y": 3, "z": 4}}),
        ),
        (
            "- &a {x: 1}\n- &b {x: 2, y: 2}\n- {<<: [*a, *b], z: 3}\n",
            json!([{"x": 1}, {"x": 2, "y": 2}, {"x": 1, "y": 2, "z": 3}]),
        ),
        (
            "- &a {x: 1}\n- &b {<<: *a, y: 2}\n- {<<: *b}\n- *b\n",
            json!([{"x": 1}, {"x": 1, "y": 2}, {"x": 1, "y": 2}, {"x": 1, "y": 2}]),
        ),
        ("\"<<\": 1\n", json!({"<<": 1})),
    ] {
        assert_eq!(clean(text, Yaml), expected, "{text:?}");
    }
}

#[test]
fn cloudformation_tags_become_functions() {
    let text = "A: !Sub '${X}-y'\nB: !GetAtt\n  - Q\n  - Arn\nC: !Join ['', [!Ref R, x]]\nD: &d !Ref P\nE: *d\n";
    let expected = json!({
        "A": {"Fn::Sub": "${X}-y"},
        "B": {"Fn::GetAtt": ["Q", "Arn"]},
        "C": {"Fn::Join": ["", [{"Ref": "R"}, "x"]]},
        "D": {"Ref": "P"},
        "E": {"Ref": "P"},
    });
    assert_eq!(clean(text, Yaml), expected);
    let (tree, _) = read(text, Yaml);
    let sub = tree.root().get("A").unwrap();
    assert_eq!((sub.raw(), sub.members().next().unwrap().key.raw()), ("!Sub '${X}-y'", "!Sub"));
}

#[test]
fn reports_and_keeps_what_was_read() {
    for (text, expected) in [
        ("", "yaml-syntax@0: the file is empty"),
        ("# only\n", "yaml-syntax@7: the file is empty"),
        ("a: 1\na: 2\n", "duplicate-key@5: the key `a` appears twice in one object"),
        ("a: .inf\n", "yaml-unsupported@3: `.inf` is a number JSON cannot write"),
        ("a: !Foo 1\n", "yaml-unsupported@3: the tag `!Foo` has no meaning here"),
        ("a: 1\n---\nb: 2\n", "yaml-unsupported@5: a second document in one file"),
        ("&a [*a]\n", "yaml-unsupported@4: an alias inside the value it stands for"),
        ("? [a]\n: 1\n", "yaml-unsupported@2: a key that is a list or an object"),
        ("? é: 1\n: 2\n", "yaml-unsupported@2: a key that is a list or an object"),
        ("a: *b\n", "yaml-syntax@3: an alias to an anchor that does not exist"),
        ("é: 1\n\tb: 2\n", "yaml-syntax@6: a tab where YAML wants spaces"),
        ("a: @b\n", "yaml-syntax@3: no value can start with this character"),
        ("a: [1, 2\nb: 3\n", "yaml-syntax@10: a key inside `[` … `]` that is not closed"),
        ("a: 'x\n", "yaml-syntax@3: a quoted string is not closed"),
        ("a: \"\\q\"\n", "yaml-syntax@3: an escape that YAML does not have"),
        ("a: 1\n  é\nfoo\nb: 2\n", "yaml-syntax@10: a key without a colon, or text that belongs to nothing"),
        ("a: [1,,2]\n", "yaml-syntax@6: a value is missing"),
        ("a: - b\n", "yaml-syntax@3: a list element where no list can start"),
        ("- a\nb: 1\n", "yaml-syntax@4: something that is no element, where an element of the list is due"),
        ("{a: 1}\nb: 1\n", "yaml-syntax@7: text behind the end of the value"),
        ("a:\n  b: 1\n c: 2\n", "yaml-syntax@11: something that is no key, where a key of the object is due"),
        ("a: \"x\ny\"\n", "yaml-syntax@3: a line of a quoted string is not indented"),
        ("a: b: c\n", "yaml-syntax@4: a colon where no key can be"),
        ("a: !!int x\n", "yaml-unsupported@9: the tag asks for a number, and this is a string"),
        ("a: 1\0b", "yaml-syntax@4: a NUL character"),
        ("# é\n\n%é x\n---\na: 1\n", "yaml-unsupported@6: a directive with characters beyond ASCII"),
        ("<<: 1\n", "yaml-unsupported@4: `<<` takes over the members of objects, and this is none"),
    ] {
        let found = findings(text, Yaml);
        assert!(found.iter().any(|f| f == expected), "{text:?}: {found:?}");
    }
    let (tree, _) = read("a: 1\nb:\n  c: [2, @\nd: 1\n", Yaml);
    assert_eq!(value(tree.root()), json!({"a": 1, "b": {"c": [2]}}));
}

#[test]
fn json_reads_the_same_as_yaml() {
    let text = r#"{"a": ["\ud83d\ude00", 1.50, {"b": null}], "c": "x\/y"}"#;
    assert_eq!(clean(text, Yaml), clean(text, Json));
}

#[test]
fn hostile_files_are_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let before = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![before; 9].join(", ")));
    }
    let merges: String = (1..3_000).map(|n| format!("a{n}: &a{n} {{<<: *a{}, k{n}: 1}}\n", n - 1)).collect();
    let deep: String = (1..1_500).map(|n| format!("- &a{n} [*a{}]\n", n - 1)).collect();
    for (text, expected) in [
        (bomb, "input-limit"),
        (format!("a0: &a0 {{x: 1}}\n{merges}"), "input-limit"),
        (format!("- &a0 x\n{deep}"), "input-limit"),
        ("[".repeat(100_000), "input-limit"),
        ("- ".repeat(100_000), "input-limit"),
        ("{a: ".repeat(100_000), "input-limit"),
        ("]".repeat(100_000), "yaml-syntax"),
        ("a: |".to_owned() + &"|".repeat(100_000), "yaml-syntax"),
    ] {
        let (tree, found) = read(&text, Yaml);
        assert!(found.iter().any(|d| d.rule.name == expected), "{:?}", &text[..text.len().min(80)]);
        assert!(tree.len() < 400_000);
    }
}

/// Text made of what means something to YAML.
fn yamlish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("- "),
        Just(": "),
        Just("\n"),
        Just("\n  "),
        Just("\n    "),
        Just("a"),
        Just("b"),
        Just("é"),
        Just("'"),
        Just("\""),
        Just("\\n"),
        Just("\\"),
        Just("|\n"),
        Just(">-\n"),
        Just("["),
        Just("]"),
        Just("{"),
        Just("}"),
        Just(", "),
        Just("&x "),
        Just("*x"),
        Just("!Sub "),
        Just("!!str "),
        Just("<<"),
        Just("#"),
        Just("? "),
        Just("---\n"),
        Just("...\n"),
        Just("%"),
        Just("\t"),
        Just("\r\n"),
        Just("1"),
        Just("~"),
        Just("''"),
        Just("k: v\n"),
        Just("!<x> "),
        Just("\u{feff}"),
        Just("|2+\n"),
        Just("\\u00e9"),
        Just("\0"),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_spans_are_sound(text in yamlish()) {
        let (tree, _) = read(&text, Yaml);
        check_spans(&tree);
    }

    #[test]
    fn json_values_are_yaml_values(expected in any_value()) {
        let text = format!("é:\n  - {expected}\n");
        prop_assert_eq!(clean(&text, Yaml), json!({"é": [expected]}));
        check_locations(&read(&text, Yaml).0);
    }
}
