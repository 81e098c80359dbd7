//! What TOML becomes, where its parts stand, and that mistakes do not stop reading.

use proptest::prelude::*;
use serde_json::json;

use crate::testing::{check_spans, clean, findings, located, read, value};
use crate::Format::Toml;

#[test]
fn tables_arrays_and_keys() {
    for (text, expected) in [
        ("", json!({})),
        ("a = 1\n[b]\nc = 'x'\n[b.d]\ne = true\n", json!({"a": 1, "b": {"c": "x", "d": {"e": true}}})),
        ("[[s]]\nid = 1\n[s.x]\ny = 2\n[[s]]\nid = 3\n", json!({"s": [{"id": 1, "x": {"y": 2}}, {"id": 3}]})),
        ("[a.b]\nc = 1\n[a]\nd = 2\n", json!({"a": {"b": {"c": 1}, "d": 2}})),
        ("a.b.c = 1\na.d = 2\n\"x y\".'z' = 3\n", json!({"a": {"b": {"c": 1}, "d": 2}, "x y": {"z": 3}})),
        ("a = { b = [1, 2,\n 3], c.d = \"q\" }\n", json!({"a": {"b": [1, 2, 3], "c": {"d": "q"}}})),
        ("[f]\na.b = 1\n[f.a.c]\nd = 2\n", json!({"f": {"a": {"b": 1, "c": {"d": 2}}}})),
    ] {
        assert_eq!(clean(text, Toml), expected, "{text:?}");
    }
}

#[test]
fn scalars() {
    for (text, expected) in [
        ("a = [1_000, +7, -3, 0xff, 0o17, 0b101]", json!({"a": [1000, 7, -3, 255, 15, 5]})),
        ("a = [1.5, +1e3, 6.02_2E-23, -0.0]", json!({"a": [1.5, 1e3, 6.022e-23, -0.0]})),
        ("a = \"x\\ty\\u00e9\\\\\"", json!({"a": "x\ty\u{e9}\\"})),
        ("a = \"\"\"\nx\n  y \\\n   z\"\"\"", json!({"a": "x\n  y z"})),
        ("a = '''\nx\\n'y'\n'''", json!({"a": "x\\n'y'\n"})),
        (
            "a = 1979-05-27T07:32:00Z\nb = 07:32:00.5\nc = 2000-02-29 00:00:00+01:30",
            json!({
                "a": "1979-05-27T07:32:00Z", "b": "07:32:00.5", "c": "2000-02-29 00:00:00+01:30"
            }),
        ),
    ] {
        assert_eq!(clean(text, Toml), expected, "{text:?}");
    }
}

#[test]
fn order_is_that_of_the_file() {
    let (tree, _) = read("z = 1\na.y = 2\nb = 3\na.x = 4\n[[m]]\n[c]\n[[m]]\n", Toml);
    let names: Vec<&str> = tree.root().members().map(|member| member.name()).collect();
    assert_eq!(names, ["z", "a", "b", "m", "c"]);
}

#[test]
fn positions_survive_escapes_and_many_lines() {
    for text in [
        "é = \"é MARK\"\n",
        "\"MARK\" = 1\n",
        "\"é\\u00e9\\n\\n MARK\" = 1\n",
        "a = \"\\n\\n\\u00e9\\U0001F600 MARK\"\n",
        "a = 'MARK'\n",
        "a = \"\"\"\r\né\\n \\\n\n   \\t\\x41MARK\"\"\"\n",
        "\u{feff}a = '''é\nMARK'''\n",
    ] {
        let (tree, _) = read(text, Toml);
        assert_eq!(located(&tree, "MARK"), ["MARK"], "{text:?}");
        check_spans(&tree);
    }
}

#[test]
fn spans_reach_from_the_header_to_the_last_key() {
    let (tree, _) = read("[a]\nb = 1 # c\n\n[[s]]\nid = { x = 1 }\n\n[[s]]\n[s.t]\nu = 2\n", Toml);
    let root = tree.root();
    assert_eq!(root.get("a").unwrap().raw(), "[a]\nb = 1");
    let raws: Vec<&str> = root.get("s").unwrap().items().map(|item| item.raw()).collect();
    assert_eq!(raws, ["[[s]]\nid = { x = 1 }", "[[s]]\n[s.t]\nu = 2"]);
    assert_eq!(root.get("s").unwrap().items().next().unwrap().get("id").unwrap().raw(), "{ x = 1 }");
}

#[test]
fn reports_and_goes_on() {
    for (text, expected) in [
        ("a = 1\na = 2\n", "duplicate-key@6: the key `a` appears twice in one object"),
        ("[a]\n[a]\n", "duplicate-key@5: `a` is defined again"),
        ("[a]\n[[a]]\n", "duplicate-key@6: `a` is defined again"),
        ("a = 1\n[a.b]\n", "toml-syntax@7: `a` is a number: nothing can be added to it here"),
        ("a = {}\n[a.b]\n", "toml-syntax@8: `a` is a table that is complete: nothing can be added to it here"),
        ("a = inf\n", "toml-syntax@4: `inf` is a number JSON cannot write"),
        ("a = 2000-13-01\n", "toml-syntax@4: `2000-13-01` is not a date or time"),
        ("a = x\n", "toml-syntax@4: string values must be quoted"),
        ("a = 'x\nb = 2\n", "toml-syntax@6: invalid literal string"),
        ("a\n", "toml-syntax@1: key with no value"),
        ("a = \n", "toml-syntax@4: string values must be quoted"),
        ("[a\nb = 1\n", "toml-syntax@2: unclosed table"),
        ("a = ['x' 2]\n", "toml-syntax@9: missing comma between array elements"),
        ("a = [1 2]\n", "toml-syntax@5: string values must be quoted"),
        ("a = 01\n", "toml-syntax@4: unexpected leading zero"),
        ("a = \"\\q\"\n", "toml-syntax@6: missing escaped value"),
    ] {
        let found = findings(text, Toml);
        assert!(found.iter().any(|f| f == expected), "{text:?}: {found:?}");
    }
    let (tree, found) = read("a = x\nb = 'y\n[c]\nd = 1 1\ne = 2\n[[s]]\nid = \"q\"\n", Toml);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(value(tree.root()), json!({"a": null, "b": null, "c": {"d": null, "e": 2}, "s": [{"id": "q"}]}));
}

#[test]
fn hostile_files_are_refused() {
    let dotted = |keys: usize| vec!["a"; keys].join(".");
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("a = {}", format!("{{{}=", dotted(50)).repeat(100)),
        format!("{} = 1", dotted(100_000)),
        format!("[{}]\n{} = 1", dotted(990), dotted(20)),
    ] {
        let (_, found) = read(&text, Toml);
        assert!(found.iter().any(|d| d.rule.name == "input-limit"), "{:?}", &text[..text.len().min(80)]);
    }
}

/// Text made of what means something to TOML.
fn tomlish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("a"),
        Just("b"),
        Just("é"),
        Just(" = "),
        Just("."),
        Just("["),
        Just("]"),
        Just("[["),
        Just("]]"),
        Just("{"),
        Just("}"),
        Just(", "),
        Just("\n"),
        Just("\""),
        Just("'"),
        Just("\"\"\""),
        Just("'''"),
        Just("\\n"),
        Just("\\"),
        Just("\\u00e9"),
        Just("1"),
        Just("_"),
        Just("0x"),
        Just("#"),
        Just("\r\n"),
        Just("[a.b]\n"),
        Just("[[a]]\n"),
        Just("a.b = 1\n"),
        Just("1979-05-27"),
        Just("T07:32:00Z"),
        Just("inf"),
        Just("+"),
        Just("true"),
        Just("\0"),
        Just("\u{feff}"),
        Just("\\\n  "),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_spans_are_sound(text in tomlish()) {
        let (tree, _) = read(&text, Toml);
        check_spans(&tree);
    }
}
