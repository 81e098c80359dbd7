//! What paths select: agreement with Jayway, laws, hostile documents.

use super::*;
use crate::{Budget, Roots};

fn select(path: &str, doc: &Value) -> Result<Value, PathError> {
    select_within(path, doc, &mut Budget::standard())
}

fn select_within(path: &str, doc: &Value, budget: &mut Budget) -> Result<Value, PathError> {
    let path = parse_as(path, Flavor::Jayway).unwrap();
    path.eval(&Roots { doc, context: &Value::Null, vars: &() }, budget)
}

fn json(text: &str) -> Value {
    Value::parse(text).unwrap()
}

#[test]
fn agrees_with_jayway_on_what_is_selected() {
    let Ok(text) = std::fs::read_to_string(JAYWAY) else {
        eprintln!("skipped: the recorded cases are absent");
        return;
    };
    let file = json(&text);
    let doc = file.get("document").unwrap();
    let cases = file.get("cases").and_then(Value::as_array).unwrap();
    let wrong: Vec<_> = cases.iter().filter_map(|case| difference(case, doc)).collect();
    eprintln!("{} of {} cases agree", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn difference(case: &Value, doc: &Value) -> Option<String> {
    let text = case.get("path").and_then(Value::as_str).unwrap();
    let refused = case.get("e").and_then(Value::as_str);
    if refused.is_some_and(|e| e.starts_with("InvalidPath")) {
        return None;
    }
    let expected = refused.map(|e| e.split_once(": ").unwrap().1.to_owned());
    match (select(text, doc), expected) {
        (Ok(found), None) if Some(&found) == case.get("v") => None,
        (Err(error), Some(message)) if error.message == message => None,
        (found, _) => Some(format!("{text}: {found:?}, recorded {case}")),
    }
}

#[test]
fn only_definite_paths_can_be_missing() {
    let doc = json(r#"{"a":{"b":[1]},"n":null}"#);
    for path in ["$.x[*]", "$.x.y[1:]", "$.x[?(@.y)].z", "$.x..y", "$.a.b[0].c[*]", "$.n[0,1]", "$.a.b[5][*]"] {
        assert_eq!(select(path, &doc), Ok(json("[]")), "{path}");
    }
    for (path, message, start, end) in [
        ("$.x", "No results for path: $['x']", 2, 3),
        ("$.a.x", "No results for path: $['a']['x']", 4, 5),
        ("$.a.x.y", "Missing property in path $['a']['x']", 4, 5),
        ("$.a.b[3]", "No results for path: $['a']['b'][3]", 5, 8),
        ("$.a.b[3].c", "No results for path: $['a']['b'][3]['c']", 5, 8),
        ("$.n[0]", "The path $['n'] is null", 3, 6),
        ("$.a[0].c", "Filter: [0]['c'] can only be applied to arrays. Current context is: {b=[1]}", 3, 6),
        ("$.x.length()", "Missing property in path $['x']", 2, 3),
        ("$.a.b.first(1)", "", 0, 0),
    ] {
        match select(path, &doc) {
            Ok(_) => assert!(message.is_empty(), "{path}"),
            Err(error) => assert_eq!(
                (error.kind, error.message.as_str(), error.range),
                (PathErrorKind::NotFound, message, TextRange::new(start, end)),
                "{path}"
            ),
        }
    }
}

#[test]
fn paths_start_from_every_root() {
    let (doc, context) = (json(r#"{"want":2}"#), json(r#"{"Map":{"Item":{"Index":3}}}"#));
    let vars = std::collections::HashMap::from([("v", json(r#"[{"id":1},{"id":2}]"#))]);
    let roots = Roots { doc: &doc, context: &context, vars: &vars };
    let eval = |path: &str| parse(path).unwrap().eval(&roots, &mut Budget::standard());
    assert_eq!(eval("$$.Map.Item.Index"), Ok(json("3")));
    assert_eq!(eval("$v[?(@.id == $.want)].id"), Ok(json("[2]")));
    assert_eq!(parse("$v[1].id").unwrap().get(&roots), Some(&json("2")));
    let error = eval("$w.x").unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (PathErrorKind::UnknownVariable, "the variable `$w` is not set"));
    assert_eq!(eval("$$.No").unwrap_err().message, "No results for path: $$['No']");
}

#[test]
fn a_reference_path_shares_the_value_it_names() {
    let doc = json(r#"{"a":{"b":[{"c":[1]}]}}"#);
    let roots = Roots { doc: &doc, context: &Value::Null, vars: &() };
    let path = parse("$.a.b[-1].c").unwrap();
    let mut budget = Budget::new(4, 0);
    let (Some(Value::Array(borrowed)), Ok(Value::Array(shared))) = (path.get(&roots), path.eval(&roots, &mut budget))
    else {
        panic!("both are arrays");
    };
    assert!(std::sync::Arc::ptr_eq(borrowed, &shared));
}

#[test]
fn filters_know_every_operator() {
    let doc = json(
        r#"[{"i":0,"s":"abc","l":[1,2],"n":5,"o":{"p":null}},{"i":1,"s":"","l":[],"n":"5","b":true},{"i":2,"s":"Z\né"}]"#,
    );
    for (condition, expected) in [
        ("@.s =~ /ab./", "[0]"),
        ("@.s =~ /b/", "[]"),
        ("@.s =~ /z\\n./i", "[2]"),
        ("@.s =~ /.*/s", "[0,1,2]"),
        ("@.s =~ /\\w+/", "[0]"),
        ("/\\d/ =~ @.l", "[0]"),
        ("@.s =~ /\\Qabc\\E/x", "[0]"),
        ("@.l contains 2", "[0]"),
        ("@.s contains 'b'", "[0]"),
        ("@.l all [1]", "[0]"),
        ("@.l size 2", "[0]"),
        ("@.l empty true", "[1]"),
        ("@.o empty false", "[0]"),
        ("@.l subsetof [1,2,3]", "[0,1]"),
        ("@.l anyof [2,9]", "[0]"),
        ("@.l noneof [2,9]", "[1]"),
        ("@.n == 5", "[0,1]"),
        ("@.n === 5", "[0]"),
        ("@.n !== 5", "[1,2]"),
        ("@.n in ['5']", "[0,1]"),
        ("@.b exists true", "[1]"),
        ("@.o.p", "[0]"),
        ("@.o.p == null", "[0]"),
        ("@.o == {'p':null}", "[0]"),
        ("@.l[*].x", "[0,1]"),
        ("@.s > 'Z'", "[0,2]"),
        ("$[0].n == @.i || @.i > 1", "[2]"),
        ("@.l[?(@ > 1)] == [2]", "[0]"),
        ("!(@.n nin @.n)", "[]"),
        ("@.n type 'x'", "[]"),
    ] {
        assert_eq!(select(&format!("$[?({condition})].i"), &doc), Ok(json(expected)), "{condition}");
    }
    for condition in ["@.s =~ /(/", "@.s =~ /a)|(b/", "@.s =~ /(?=a)/", "@.s =~ /(a{999}){999}/"] {
        let error = select(&format!("$[?({condition})]"), &doc).unwrap_err();
        assert_eq!((error.kind, error.range.start), (PathErrorKind::Pattern, 11), "{error}");
    }
}

#[test]
fn functions_give_values() {
    let doc = json(r#"{"n":[3,-1.5,"x"],"e":[],"s":["a","b"],"neg":[-2,-1],"d":{"n":[1]},"one":[7]}"#);
    for (path, expected) in [
        ("$.n.sum()", "1.5"),
        ("$.n.sum(1.5, $.s, $.neg)", "0"),
        ("$.neg.max()", "-1"),
        ("$.one.last()", "7"),
        ("$.s.concat('-', 1, null)", r#""ab-1""#),
        ("$.s.append($.n[0])", r#"["a","b",3]"#),
        ("$.s.index(-2)", r#""a""#),
        ("$.one.stddev()", "0"),
        ("$.e.length()", "0"),
        ("$.length($.n)", "3"),
        ("$..n.length()", "4"),
        ("$..n[0].sum()", "4"),
        ("$.d..n.sum()", "[1]"),
        ("$['n','s'].length()", "[3,2]"),
    ] {
        assert_eq!(select(path, &doc).map(|value| value.to_json()), Ok(expected.to_owned()), "{path}");
    }
    for path in ["$.e.max()", "$.e.first()", "$.s.index(2)", "$.s.index()", "$.d.last()", "$.s.avg()"] {
        assert_eq!(select(path, &doc).unwrap_err().kind, PathErrorKind::Function, "{path}");
    }
}

#[test]
fn budgets_end_hostile_paths() {
    let wide: Value = (0..1_000_000).map(Value::from).collect();
    assert_eq!(select("$[*].length()", &wide).unwrap().as_array().unwrap().len(), 1_000_000);
    assert_eq!(select("$[*][*][*]", &wide), Ok(json("[]")));
    let flat: Value = (0..3_000).map(Value::from).collect();
    let shared: Value = (0..3_000).map(|_| flat.clone()).collect();
    let deep = (0..200_000).fold(Value::Null, |value, _| Value::from(vec![value]));
    for (path, doc) in [
        ("$..*..*..*", &shared),
        ("$..[*][*]", &Value::from(vec![shared.clone(), shared.clone()])),
        ("$..*", &deep),
        ("$[?(@ in $[*])]", &wide),
        ("$[?(@.x in $..y || @ == @)]..[?(@..x)]", &shared),
    ] {
        let error = select(path, doc).unwrap_err();
        assert!(matches!(error.kind, PathErrorKind::Exceeded(_)), "{path}: {error}");
        assert!(error.message.contains("limit of"), "{path}: {error}");
    }
    let deepest = select(&format!("${}", "[0]".repeat(200_000)), &deep);
    assert_eq!(deepest, Ok(Value::Null));
    assert!(select_within("$.a.b", &json(r#"{"a":{"b":1}}"#), &mut Budget::new(1, 0)).is_err());
}

fn any_document() -> impl Strategy<Value = Value> {
    any_literal().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any_name(), inner), 0..4).prop_map(Value::from_iter),
        ]
    })
}

/// Every place of a document, as the steps to it.
fn places(doc: &Value) -> Vec<(Vec<SegmentKind>, &Value)> {
    let mut found = vec![(Vec::new(), doc)];
    let mut at = 0;
    while let Some((steps, value)) = found.get(at).cloned() {
        let below = |kind| steps.iter().cloned().chain([kind]).collect::<Vec<_>>();
        match value {
            Value::Array(items) => {
                found.extend((0i32..).zip(items.iter()).map(|(index, item)| (below(SegmentKind::Index(index)), item)));
            }
            Value::Object(members) => {
                found.extend(members.iter().map(|(name, item)| (below(SegmentKind::Member(name.into())), item)));
            }
            _ => {}
        }
        at += 1;
    }
    found
}

proptest! {
    #[test]
    fn a_path_to_a_place_yields_the_value_there(doc in any_document()) {
        let roots = Roots { doc: &doc, context: &Value::Null, vars: &() };
        for (steps, value) in places(&doc) {
            let path = path_of(Root::Doc, steps.into_iter().map(|kind| (false, kind)).collect(), None);
            prop_assert_eq!(path.get(&roots), Some(value));
            let path = parse(&path.to_string()).unwrap();
            prop_assert_eq!(&path.eval(&roots, &mut Budget::standard()).unwrap(), value, "{}", path);
        }
    }

    #[test]
    fn a_scan_finds_every_place_but_the_root(doc in any_document()) {
        let found = select("$..*", &doc).unwrap();
        prop_assert_eq!(found.as_array().unwrap().len(), places(&doc).len() - 1);
    }

    #[test]
    fn any_path_ends_with_a_value_or_an_error(path in any_path(), doc in any_document()) {
        let vars: std::collections::BTreeMap<String, Value> = [("a".to_owned(), doc.clone())].into();
        let roots = Roots { doc: &doc, context: &doc, vars: &vars };
        let found = path.eval(&roots, &mut Budget::standard());
        if let (Ok(found), false) = (&found, path.definite()) {
            prop_assert!(found.as_array().is_some());
        }
    }
}
