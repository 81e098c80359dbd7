//! Agreement with Jayway, round trips, positions.
#![allow(clippy::print_stderr, clippy::disallowed_methods)] // Recorded cases are read where present.

mod eval;

use proptest::prelude::*;

use super::*;
use crate::rules::{JSONPATH_SYNTAX, UNKNOWN_FUNCTION};

const JAYWAY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/jsonpath/jayway.json");

#[test]
fn agrees_with_jayway_on_what_parses() {
    let Ok(text) = std::fs::read_to_string(JAYWAY) else {
        eprintln!("skipped: the recorded cases are absent");
        return;
    };
    let cases = Value::parse(&text).unwrap();
    let cases = cases.get("cases").and_then(Value::as_array).unwrap().to_vec();
    let wrong: Vec<_> = cases.iter().filter_map(disagreement).collect();
    eprintln!("{} of {} cases agree", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn disagreement(case: &Value) -> Option<String> {
    let text = case.get("path").and_then(Value::as_str).unwrap();
    let refused = case.get("e").and_then(Value::as_str).is_some_and(|e| e.starts_with("InvalidPath"));
    let definite = case.get("definite").and_then(Value::as_bool);
    match parse_as(text, Flavor::Jayway) {
        Err(error) => (!refused).then(|| format!("{text}: refused: {error:?}")),
        Ok(_) if refused => Some(format!("{text}: accepted")),
        Ok(path) if Some(path.definite()) != definite => Some(format!("{text}: definite {}", path.definite())),
        Ok(path) if parse(&path.to_string()).ok().as_ref() != Some(&path) && path.root == Root::Doc => {
            Some(format!("{text}: prints as {path}"))
        }
        Ok(_) => None,
    }
}

#[test]
fn states_language_roots() {
    for (text, root) in [
        ("$", Root::Doc),
        ("$.a", Root::Doc),
        ("$$", Root::Context),
        ("$$.Execution.Id", Root::Context),
        ("$x", Root::Variable("x".into())),
        ("$été_1[0].b", Root::Variable("été_1".into())),
    ] {
        let path = parse(text).unwrap();
        assert_eq!((path.root.clone(), path.to_string().as_str()), (root, text));
    }
    for text in
        ["", "a", "@.a", " $.a", "$1a", "$a-b", "$$a", "$$$", "$ .a", "$a b", "$.", "$[", "$.a..", "$,", "$)", "$a,"]
    {
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn one_stray_last_character_is_reported_not_refused() {
    assert_eq!(parse("$.a[").unwrap().ignored, Some(TextRange::new(3, 4)));
    assert_eq!(parse("$.a[0]").unwrap().ignored, None);
}

#[test]
fn reference_paths_have_names_and_single_indices() {
    for text in ["$", "$.a.b[0]['c d'][-1]", "$$.Map.Item.Value", "$v.a"] {
        assert!(parse(text).unwrap().is_reference_path(), "{text}");
    }
    for (text, start, end) in [
        ("$.a[*].b", 3, 6),
        ("$.a..b", 3, 5),
        ("$.a[0,1]", 3, 8),
        ("$.a.length()", 4, 12),
        ("$.a[?(@.b)]", 3, 11),
        ("$['a','b']", 1, 10),
        ("$.a[1:]", 3, 7),
    ] {
        let error = parse(text).unwrap().require_reference().unwrap_err();
        assert_eq!((error.rule, error.range), (&NOT_A_REFERENCE_PATH, TextRange::new(start, end)), "{text}");
    }
}

#[test]
fn errors_point_at_the_place() {
    for (text, rule, start, end) in [
        ("$.a[", &JSONPATH_SYNTAX, 0, 0),
        ("$.a[x]", &JSONPATH_SYNTAX, 4, 5),
        ("$.a[1,]", &JSONPATH_SYNTAX, 4, 6),
        ("$.a['b", &JSONPATH_SYNTAX, 4, 6),
        ("$.a[?(@.b = 1)]", &JSONPATH_SYNTAX, 10, 11),
        ("$.a[?(@.b == )]", &JSONPATH_SYNTAX, 13, 14),
        ("$.a[?(@.b inn [1])]", &JSONPATH_SYNTAX, 10, 13),
        ("$.a[?(@.b in[1])]", &JSONPATH_SYNTAX, 10, 12),
        ("$.a[?(!@.b == 1)]", &JSONPATH_SYNTAX, 6, 15),
        ("$.a.lenght()", &UNKNOWN_FUNCTION, 4, 10),
        ("$.a b", &JSONPATH_SYNTAX, 2, 4),
        ("$.a.length().b", &JSONPATH_SYNTAX, 12, 14),
        ("$.a[99999999999]", &JSONPATH_SYNTAX, 4, 15),
    ] {
        match parse(text) {
            Ok(path) => assert!(path.ignored.is_some(), "{text}"),
            Err(error) => {
                assert_eq!((error.rule, error.range), (rule, TextRange::new(start, end)), "{text}: {error:?}")
            }
        }
    }
}

#[test]
fn nesting_is_limited_with_the_limit_named() {
    for text in [
        format!("$[?({}@.a{})]", "(".repeat(100_000), ")".repeat(100_000)),
        format!("$[?({}@.a)]", "!".repeat(100_000)),
        format!("${}", "[?(@".repeat(100_000)),
        format!("$[?(@.a in {})]", "[".repeat(100_000)),
        "$.sum(".repeat(100_000),
    ] {
        let error = parse(&text).unwrap_err();
        assert!(error.message.contains("limit of 64"), "{error:?}");
    }
    assert_eq!(
        parse(&"$".chars().chain(".a".repeat(100_000).chars()).collect::<String>()).unwrap().segments.len(),
        100_000
    );
}

#[test]
fn parts_of_a_path_can_be_asked_for() {
    let path = parse("$v.a[0][?(@.b == $.c[?(@.d)])].e").unwrap();
    assert_eq!(path.static_prefix().collect::<Vec<_>>(), [Step::Member("a"), Step::Index(0)]);
    assert_eq!(path.variable(), Some("v"));
    let nested: Vec<_> = path.nested().iter().map(|path| path.to_string()).collect();
    assert_eq!(nested, ["@.b", "$.c[?(@.d)]", "@.d"]);
}

#[test]
fn backslashes_in_names_count_only_where_they_must() {
    let name = |text: &str| match parse(text).unwrap().segments.remove(0).kind {
        SegmentKind::Member(name) => name.into_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(name(r#"$['Test\""Name"']"#), r#"Test\""Name""#);
    assert_eq!(name(r"$['it\'s \\ \n']"), r"it's \ \n");
}

fn any_name() -> impl Strategy<Value = Box<str>> {
    prop_oneof!["[a-z]{1,4}", "[ -~]{0,6}", ".{0,4}"].prop_map(String::into_boxed_str)
}

fn any_literal() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |n| crate::value::Number::from_f64(n).map(Value::from)),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((".{0,4}", inner), 0..3).prop_map(Value::from_iter),
        ]
    })
}

fn segment(kind: SegmentKind) -> Segment {
    Segment { kind, range: TextRange::default() }
}

fn operand(kind: OperandKind) -> Operand {
    Operand { kind, range: TextRange::default() }
}

fn any_plain_segment() -> impl Strategy<Value = SegmentKind> {
    prop_oneof![
        any_name().prop_map(SegmentKind::Member),
        any_name().prop_map(SegmentKind::Member),
        prop::collection::vec(any_name(), 2..4).prop_map(|names| SegmentKind::Members(names.into())),
        any::<i32>().prop_map(SegmentKind::Index),
        prop::collection::vec(any::<i32>(), 2..4).prop_map(|all| SegmentKind::Indices(all.into())),
        (any::<i32>(), any::<Option<i32>>()).prop_map(|(from, to)| SegmentKind::Slice { from: Some(from), to }),
        any::<i32>().prop_map(|to| SegmentKind::Slice { from: None, to: Some(to) }),
        Just(SegmentKind::Wildcard),
    ]
}

fn path_of(root: Root, parts: Vec<(bool, SegmentKind)>, call: Option<Call>) -> Path {
    let scan = |scan: bool| scan.then(|| segment(SegmentKind::Scan));
    let mut segments: Vec<_> =
        parts.into_iter().flat_map(|(deep, kind)| scan(deep).into_iter().chain([segment(kind)])).collect();
    segments.extend(call.map(|call| segment(SegmentKind::Call(Box::new(call)))));
    Path { root, segments, range: TextRange::default(), ignored: None }
}

fn any_path() -> impl Strategy<Value = Path> {
    let inner_root = prop_oneof![Just(Root::Doc), Just(Root::Item)];
    let parts = || prop::collection::vec((prop::bool::weighted(0.2), any_plain_segment()), 0..3);
    let leaf = (inner_root.clone(), parts()).prop_map(|(root, parts)| path_of(root, parts, None));
    let inner = leaf.prop_recursive(3, 12, 3, move |path| {
        let root = prop_oneof![Just(Root::Doc), Just(Root::Item)];
        let parts = prop::collection::vec((prop::bool::weighted(0.2), any_plain_segment()), 0..3);
        let call = prop::option::of((any_function(), prop::collection::vec(any_operand(path.clone()), 0..3)));
        (root, parts, any_predicate(path), call).prop_map(|(root, mut parts, predicate, call)| {
            parts.push((false, SegmentKind::Filter(Box::new(predicate))));
            path_of(root, parts, call.map(|(function, args)| Call { function, args }))
        })
    });
    let root = prop_oneof![
        Just(Root::Doc),
        Just(Root::Context),
        "[a-z_][a-z0-9_]{0,5}".prop_map(|name| Root::Variable(name.into()))
    ];
    (root, inner).prop_map(|(root, path)| Path { root, ..path })
}

fn any_function() -> impl Strategy<Value = Function> {
    prop::sample::select(Function::ALL)
}

fn any_operand(path: impl Strategy<Value = Path> + 'static) -> impl Strategy<Value = Operand> {
    prop_oneof![path.prop_map(OperandKind::Path), any_literal().prop_map(OperandKind::Literal),].prop_map(operand)
}

fn any_predicate(path: impl Strategy<Value = Path> + Clone + 'static) -> impl Strategy<Value = Predicate> {
    let regex = ("([a-z.*]|\\\\/){1,4}", "[imsx]{0,2}")
        .prop_map(|(pattern, flags)| operand(OperandKind::Regex(Pattern::new(pattern, flags))));
    let compare = (
        any_operand(path.clone()),
        prop::sample::select(Comparison::ALL),
        prop_oneof![any_operand(path.clone()), regex],
    )
        .prop_map(|(left, operator, right)| Predicate::Compare(left, operator, right));
    let leaf = prop_oneof![path.prop_map(Predicate::Exists), compare];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Predicate::Or),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Predicate::And),
            inner.prop_map(|inner| Predicate::Not(Box::new(inner))),
        ]
    })
}

#[test]
fn printing_does_not_nest_deeper_than_the_text() {
    for text in [format!("$[?({}@.a)]", "!".repeat(60)), format!("$[?({}(@.a == 1))]", "!".repeat(60))] {
        assert_eq!(parse(&text).unwrap().to_string(), text);
    }
}

proptest! {
    #[test]
    fn printing_parses_back(path in any_path()) {
        let text = path.to_string();
        prop_assert_eq!(&parse(&text).map_err(|e| TestCaseError::fail(format!("{text}: {e:?}")))?, &path, "{}", text);
    }

    #[test]
    fn any_text_gives_a_path_or_an_error_inside_it(text in r"\$[$.\[\]()?@*'0-9a-b:,!&|=</ -]{0,16}") {
        match parse(&text) {
            Ok(path) => prop_assert_eq!(parse(&path.to_string()).unwrap(), path, "{}", text),
            Err(error) => prop_assert!(error.range.start <= error.range.end && error.range.end as usize <= text.len(), "{} {:?}", text, error),
        }
    }
}
