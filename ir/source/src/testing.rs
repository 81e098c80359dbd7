//! What the tests of the three parsers share.

use proptest::prelude::*;
use serde_json::Value;
use wfc_diag::{Diagnostic, Sink, TextRange};

use crate::{Format, Kind, Limits, Node, NodeId, SourceMap, Tree};

/// Reads `text` and gives the findings in reading order; every one of them is at whole characters of the text.
pub(crate) fn read(text: &str, format: Format) -> (Tree, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let file = SourceMap::new().add("test", text);
    let tree = crate::parse(&file, format, &Limits::default(), &mut sink);
    let found = sink.into_sorted();
    found.iter().for_each(|d| assert!(text.get(d.primary.span.range()).is_some(), "{text:?}: {d:?}"));
    (tree, found)
}

/// The findings of `text` as `rule@offset: message`.
pub(crate) fn findings(text: &str, format: Format) -> Vec<String> {
    let (_, found) = read(text, format);
    found.iter().map(|d| format!("{}@{}: {}", d.rule.name, d.primary.span.start, d.message)).collect()
}

/// The value of a tree as `serde_json` knows it; the last of equal keys wins.
pub(crate) fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null | Kind::Error => Value::Null,
        Kind::Bool(value) => Value::Bool(value),
        Kind::Number => serde_json::from_str(node.text()).unwrap_or_else(|_| Value::String(node.text().to_owned())),
        Kind::String => Value::String(node.text().to_owned()),
        Kind::Array => node.items().map(value).collect(),
        Kind::Object => Value::Object(node.members().map(|m| (m.name().to_owned(), value(m.value))).collect()),
    }
}

/// Reads `text`, which must have no finding, and gives its value.
pub(crate) fn clean(text: &str, format: Format) -> Value {
    let (tree, found) = read(text, format);
    assert!(found.is_empty(), "{text:?}: {found:#?}");
    check_spans(&tree);
    value(tree.root())
}

/// Checks what holds of every tree: spans are in the file, in character boundaries and nested; texts can be located.
pub(crate) fn check_spans(tree: &Tree) {
    for index in 0..tree.len() {
        let node = tree.node(NodeId(index as u32));
        let range = node.span().range();
        assert!(range.start <= range.end, "{range:?}");
        assert!(tree.source().get(range.clone()).is_some(), "{range:?} in {:?}", tree.source());
        for (at, ch) in node.text().char_indices() {
            let span = node.locate(TextRange::new(at, at + ch.len_utf8()));
            assert!(tree.source().get(span.range()).is_some(), "{span:?} of {:?} in {:?}", node.text(), tree.source());
        }
    }
}

/// The raw text at which each occurrence of `part` in a string of the tree is located.
pub(crate) fn located<'t>(tree: &'t Tree, part: &str) -> Vec<&'t str> {
    let strings = (0..tree.len()).map(|index| tree.node(NodeId(index as u32)));
    strings
        .flat_map(|node| {
            node.text().match_indices(part).map(move |(at, _)| {
                let span = node.locate(TextRange::new(at, at + part.len()));
                &tree.source()[span.range()]
            })
        })
        .collect()
}

/// Checks that each character of each string is located where it is written, as JSON writes it.
pub(crate) fn check_locations(tree: &Tree) {
    for node in (0..tree.len()).map(|index| tree.node(NodeId(index as u32))).filter(|n| n.kind() == Kind::String) {
        for (at, ch) in node.text().char_indices() {
            let span = node.locate(TextRange::new(at, at + ch.len_utf8()));
            let raw = &tree.source()[span.range()];
            let written: Option<String> = serde_json::from_str(&format!("\"{raw}\"")).ok();
            assert_eq!(written, Some(ch.to_string()), "{raw:?} in {:?}", tree.source());
        }
    }
}

/// Any JSON value that `serde_json` reads back unchanged.
pub(crate) fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300_f64).prop_map(Value::from),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((any::<String>(), inner), 0..16).prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}
