//! Laws of values.

use proptest::prelude::*;

use super::*;

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, _| Value::from(vec![inner]))
}

fn nested_objects(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, _| [("k", inner)].into_iter().collect())
}

#[test]
fn deep_values_print_compare_and_drop() {
    for make in [nested, nested_objects] {
        let (a, b) = (make(100_000), make(100_000));
        assert!(a == b);
        assert!(a != make(99_999));
        assert_eq!(a.to_json().len(), a.json_len());
        assert_eq!(serde_json::Value::try_from(&a), Err(TooDeep));
    }
}

#[test]
fn sharing_does_not_overflow_lengths() {
    let huge = (0..100).fold(Value::from(1), |inner, _| Value::from(vec![inner.clone(), inner]));
    assert_eq!(huge.json_len(), usize::MAX);
    assert_eq!(huge, huge.clone());
}

#[test]
fn depth_is_limited_with_the_limit_named() {
    let text = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(Value::parse(&text(MAX_DEPTH)).is_ok());
    let error = Value::parse(&text(MAX_DEPTH + 1)).unwrap_err();
    assert_eq!((error.offset, error.message.contains("1000")), (MAX_DEPTH, true));
    assert!(Value::parse(&"[".repeat(1_000_000)).is_err());
}

#[test]
fn serde_holds_up_to_the_limit() {
    let deepest = Value::parse(&("[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH))).unwrap();
    assert_eq!(serde_json::to_string(&deepest).unwrap(), deepest.to_json());
    assert!(serde_json::Value::try_from(&deepest).is_ok());
    assert!(serde_json::to_string(&Value::from(vec![deepest])).is_err());
}

#[test]
fn untouched_numbers_keep_their_text() {
    for text in ["1.10", "1e2", "-0", "0.1000", "123456789012345678901234567890", "1E+2", "-7"] {
        assert_eq!(Value::parse(text).unwrap().to_json(), text);
    }
    for text in ["01", "1.", ".5", "+1", "1e", "-", "0x1", "NaN", "1 2", ""] {
        assert!(Number::from_text(text).is_none(), "{text}");
        assert!(Value::parse(text).is_err(), "{text}");
    }
}

#[test]
fn numbers_compare_by_value() {
    let number = |text| Number::from_text(text).unwrap();
    for (a, b) in [("1", "1.0"), ("100", "1e2"), ("0", "-0.0"), ("0.10", "1e-1"), ("0e5", "0e-9999999999999999999")] {
        assert_eq!(number(a), number(b));
    }
    assert_ne!(number("9007199254740993"), number("9007199254740992"));
    assert_ne!(number("1"), number("-1"));
    assert_eq!(number("0.1"), Number::from_f64(0.1).unwrap());
    assert_eq!(number("1e2").as_i64(), Some(100));
    assert_eq!(number("-9223372036854775808.0").as_i64(), Some(i64::MIN));
    assert_eq!(number("9223372036854775808").as_i64(), None);
    assert_eq!(number("1.5").as_i64(), None);
    assert_eq!(number("0.0").as_i64(), Some(0));
}

#[test]
fn numbers_order_by_value() {
    let sorted =
        ["-1e3", "-2", "-1.5", "-0.01", "0", "1e-5", "0.2", "1", "1.05", "1.5", "9", "10", "11e1", "9007199254740993"];
    let sorted: Vec<_> = sorted.iter().map(|text| Number::from_text(text).unwrap()).collect();
    assert!(sorted.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(Number::from_f64(0.3).unwrap() > Number::from_text("0.1").unwrap());
}

#[test]
fn computed_numbers_print_as_expected() {
    let float = |value| Number::from_f64(value).unwrap().to_string();
    assert_eq!(
        [float(1.0), float(0.5), float(1e21), float(1e-7), float(-0.0)],
        ["1.0", "0.5", "1e+21", "1e-7", "-0.0"]
    );
    let whole = |value| Number::from_f64_whole(value).unwrap().to_string();
    assert_eq!([whole(1.0), whole(0.5), whole(1e20), whole(-0.0)], ["1", "0.5", "100000000000000000000", "0"]);
    assert!(Number::from_f64(f64::NAN).is_none() && Number::from_f64_whole(f64::INFINITY).is_none());
}

#[test]
fn member_order_is_kept_and_does_not_count() {
    let text = r#"{"z":1,"a":[true,null,"é\n\u0001"],"m":{}}"#;
    let value = Value::parse(text).unwrap();
    assert_eq!(value.to_json(), text);
    assert_eq!(value, Value::parse(r#"{"m":{},"a":[true,null,"é\u000a\u0001"],"z":1.0}"#).unwrap());
    assert_eq!(value.to_json_pretty().lines().nth(2), Some("  \"a\": ["));
}

#[test]
fn wide_objects_find_replace_and_remove() {
    let mut value: Value = (0..1000).map(|n| (n.to_string(), Value::from(n))).collect();
    let copy = value.clone();
    let object = value.as_object_mut().unwrap();
    assert_eq!(object.insert("7", Value::Null), Some(Value::from(7)));
    assert_eq!(object.remove("3"), Some(Value::from(3)));
    assert_eq!(object.get("999"), Some(&Value::from(999)));
    assert_eq!(object.keys().nth(3), Some("4"));
    assert_eq!(copy.get("7"), Some(&Value::from(7)));
    assert_eq!(value.json_len(), value.to_json().len());
}

#[test]
fn malformed_texts_are_refused_where_they_break() {
    for (text, offset) in [
        ("", 0),
        ("[1,]", 3),
        ("{\"a\" 1}", 5),
        ("{a:1}", 1),
        ("[1 2]", 3),
        ("\"\\x\"", 1),
        ("tru", 0),
        ("1 1", 2),
        ("\"\\ud800\"", 7),
        ("\"\u{1}\"", 1),
        ("[", 1),
        ("{\"a\":1,}", 7),
        ("]", 0),
        ("\"abc", 4),
    ] {
        assert_eq!(Value::parse(text).unwrap_err().offset, offset, "{text}");
    }
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".*".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            prop::collection::vec((".*", inner), 0..6).prop_map(|m| m.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn doubles_order_as_doubles(a in any::<f64>(), b in any::<f64>()) {
        let (x, y) = (Number::from_f64(a).unwrap(), Number::from_f64(b).unwrap());
        prop_assert_eq!(x.partial_cmp(&y), a.partial_cmp(&b));
        prop_assert_eq!(x.as_f64(), x.to_string().parse::<f64>().unwrap());
    }

    #[test]
    fn agrees_with_serde_json(json in any_json()) {
        let value = Value::from(json.clone());
        prop_assert_eq!(&serde_json::Value::try_from(&value).unwrap(), &json);
        prop_assert_eq!(value.json_len(), value.to_json().len());
        prop_assert_eq!(&Value::parse(&value.to_json()).unwrap(), &value);
        prop_assert_eq!(&Value::parse(&value.to_json_pretty()).unwrap(), &value);
        prop_assert_eq!(&serde_json::from_str::<Value>(&json.to_string()).unwrap(), &value);
    }

    #[test]
    fn accepts_what_serde_json_accepts(text in r#"[\[\]{}:,"\\0-9eE.+\-tfn aue]{0,12}"#) {
        // serde_json refuses numbers beyond the range of a double; text is kept here.
        let ours = Value::parse(&text);
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(theirs) => prop_assert_eq!(ours.unwrap(), Value::from(theirs)),
            Err(error) => prop_assert!(ours.is_err() || error.to_string().contains("out of range"), "{}", text),
        }
    }
}
