//! Lattice laws on random values and types, and the cases that are easy to get wrong.

use proptest::prelude::*;
use wfc_expr::jsonpath::Step;
use wfc_expr::Value;

use super::{Field, Kind, Presence, Type};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..12i64).prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-d]", inner), 0..4).prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

fn ty() -> impl Strategy<Value = Type> {
    let one = prop_oneof![
        value().prop_map(|value| Type::of_value(&value)),
        Just(Type::Any),
        Just(Type::Never),
        Just(Type::STRING),
        Just(Type::NUMBER),
        Just(Type::open_object()),
        value().prop_map(|value| Type::object([("a", Field::may(Type::of_value(&value)))], Type::STRING)),
        value().prop_map(|value| Type::object([("b", Field::ABSENT)], Type::of_value(&value))),
    ];
    prop::collection::vec(one, 1..4).prop_map(Type::union)
}

fn parse(text: &str) -> Type {
    Type::of_value(&Value::parse(text).unwrap())
}

proptest! {
    #[test]
    fn a_value_has_its_type(v in value(), t in ty()) {
        prop_assert!(Type::of_value(&v).admits(&v));
        prop_assert!(Type::of_value(&v).join(&t).admits(&v));
        prop_assert_eq!(t.admits(&v), Type::of_value(&v).is_subtype(&t));
    }

    #[test]
    fn join_is_a_semilattice(a in ty(), b in ty(), c in ty()) {
        prop_assert_eq!(a.join(&a), a.clone());
        prop_assert_eq!(a.join(&b), b.join(&a));
        prop_assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
        prop_assert!(a.is_subtype(&a.join(&b)) && b.is_subtype(&a.join(&b)));
        prop_assert_eq!(a.is_subtype(&b), a.join(&b) == b);
    }

    #[test]
    fn meet_is_what_both_have(a in ty(), b in ty(), v in value()) {
        prop_assert_eq!(a.meet(&b), b.meet(&a));
        prop_assert_eq!(a.meet(&b).admits(&v), a.admits(&v) && b.admits(&v));
        prop_assert!(a.meet(&b).is_subtype(&a));
    }

    #[test]
    fn kinds_divide_a_type(t in ty(), v in value()) {
        let kind = Kind::of(&v);
        prop_assert_eq!(t.narrow_to_kind(kind).admits(&v), t.admits(&v));
        prop_assert!(t.is_any() || !t.without_kind(kind).admits(&v));
    }

    #[test]
    fn widening_is_above_and_comes_to_rest(types in prop::collection::vec(ty(), 1..40)) {
        let mut seen = types[0].clone();
        let mut changes = 0;
        for next in types.iter().cycle().take(200) {
            let wider = seen.widen(next);
            prop_assert!(seen.is_subtype(&wider) && next.is_subtype(&wider));
            changes += usize::from(wider != seen);
            seen = wider;
        }
        prop_assert!(changes < 80, "{changes} changes");
    }

    #[test]
    fn a_write_is_seen(v in value(), w in value()) {
        let path = [Step::Member("a"), Step::Member("b")];
        let written = Type::of_value(&v).put(&path, &Type::of_value(&w));
        prop_assert!(written.is_never() || written.field("a").0.field("b") == (Type::of_value(&w), Presence::Must));
    }
}

#[test]
fn notation() {
    let cases = [
        (parse(r#"{"b": [1, 2], "a": "x"}"#), r#"{a: "x", b: [1 | 2; 2]}"#),
        (parse("[]"), "[never; 0]"),
        (parse("{}").join(&Type::Null), "null | {}"),
        (Type::open_object().with_field("a", Type::STRING, Presence::May), "{a?: string, ...}"),
        (Type::object([("a", Field::ABSENT)], Type::NUMBER), "{a: absent, ...: number}"),
        (Type::union([parse("1"), parse("[true]")]), "1 | [true; 1]"),
    ];
    for (ty, text) in cases {
        assert_eq!(ty.to_string(), text);
    }
}

#[test]
fn limits_hold() {
    let deep = Value::parse(&format!("{}1{}", "[".repeat(900), "]".repeat(900))).unwrap();
    assert!(Type::of_value(&deep).admits(&deep));
    let wide: Value = (0..100).map(|i| (format!("f{i:03}"), Value::from(i))).collect();
    let ty = Type::of_value(&wide);
    assert!(ty.admits(&wide));
    assert_eq!(ty.field("f099").1, Presence::May);
    assert_eq!(Type::union(Kind::ALL.map(Kind::all)), Type::Any);
    assert_eq!(Type::union((0..9i64).map(|i| Type::number(i.into()))), Type::NUMBER);
}

#[test]
fn tests_refine() {
    let path = [Step::Member("a"), Step::Member("b")];
    let present: &dyn Fn(&Type, Presence) -> (Type, Presence) = &|ty, _| (ty.clone(), Presence::Must);
    let known = Type::Any.refine(&path, present);
    assert_eq!(known.to_string(), "{a: {b: any, ...}, ...}");
    let missing: &dyn Fn(&Type, Presence) -> (Type, Presence) = &|_, presence| match presence {
        Presence::Must => (Type::Never, Presence::Must),
        _ => (Type::Never, Presence::Absent),
    };
    assert_eq!(known.refine(&path, missing), Type::Never);
    assert_eq!(parse(r#"{"c": 1}"#).refine(&path, present), Type::Never);
    assert_eq!(parse(r#"{"c": 1}"#).refine(&path, missing), parse(r#"{"c": 1}"#));
}
