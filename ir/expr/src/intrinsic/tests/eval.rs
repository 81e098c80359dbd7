//! What calls give: recorded executions, documented limits, laws.

use std::collections::BTreeMap;

use super::*;
use crate::jsonpath::PathErrorKind;
use crate::{Budget, Roots};

/// Always the same bytes and the same share.
struct Fixed(f64);

impl Chance for Fixed {
    fn uuid(&mut self) -> [u8; 16] {
        [0xff; 16]
    }

    fn random_f64(&mut self) -> f64 {
        self.0
    }
}

fn json(text: &str) -> Value {
    Value::parse(text).unwrap()
}

fn eval(text: &str, doc: &Value) -> Result<Value, IntrinsicError> {
    eval_within(text, doc, &mut Budget::standard())
}

fn eval_within(text: &str, doc: &Value, budget: &mut Budget) -> Result<Value, IntrinsicError> {
    let vars: BTreeMap<String, Value> = [("v".to_owned(), json("[1,2]"))].into();
    let roots = Roots { doc, context: &json(r#"{"Execution":{"Name":"n"}}"#), vars: &vars };
    parse_payload(text).unwrap().eval(&roots, &mut Fixed(0.5), budget)
}

#[test]
fn agrees_with_every_recorded_execution() {
    let Ok(folder) = std::fs::read_dir(format!("{RECORDED}/intrinsic_functions")) else {
        eprintln!("skipped: the recorded cases are absent");
        return;
    };
    let texts = folder.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let differences: Vec<_> = texts.filter_map(|text| difference(&json(&text))).collect();
    let wrong: Vec<_> = differences.iter().flatten().collect();
    eprintln!("{} of {} cases agree", differences.len() - wrong.len(), differences.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Nothing if a case is not about a call with one answer; else how it differs, if it does.
fn difference(case: &Value) -> Option<Option<String>> {
    let state = case.get("definition")?.get("States")?.as_object()?.values().next()?;
    let call = state.get("Parameters")?.get("FunctionResult.$")?.as_str()?;
    if ["States.MathRandom", "States.UUID"].iter().any(|chance| call.starts_with(chance)) {
        return None;
    }
    let (doc, output) = (case.get("input")?, case.get("expected")?.get("output")?);
    let recorded = output.get("FunctionResult").cloned().unwrap_or_default();
    let context = Value::from_iter([
        ("Execution", Value::from_iter([("Name", Value::from("<ExecArnPart_0idx>")), ("Input", doc.clone())])),
        (
            "StateMachine",
            json(
                r#"{"Id":"arn:aws:states:us-east-1:111111111111:stateMachine:<ArnPart_0idx>","Name":"<ArnPart_0idx>"}"#,
            ),
        ),
    ]);
    let roots = Roots { doc, context: &context, vars: &() };
    let found = parse_payload(call).unwrap().eval(&roots, &mut Fixed(0.0), &mut Budget::standard());
    let same = found.as_ref() == Ok(&recorded);
    Some((!same).then(|| format!("{call}: {found:?}, recorded {recorded}")))
}

#[test]
fn calls_give_what_is_documented() {
    let doc = json(r#"{"a":[1,2,2.0,"x",{"k":[1],"l":0},{"l":0,"k":[1.0]},-0.0,0],"o":{"p":1},"n":2.5,"s":"a{}b"}"#);
    for (call, expected) in [
        ("States.Format('{} {} {} {}', $.o, $.a[3], true, $v)", r#""{p=1} x true [1, 2]""#),
        ("States.Format($.s, 1)", r#""a1b""#),
        ("States.Format('\\{}{}', $$.Execution.Name)", r#""{}n""#),
        ("States.ArrayUnique($.a)", r#"[1,2,"x",{"k":[1],"l":0},-0.0]"#),
        ("States.ArrayContains($.a, 2)", "true"),
        ("States.ArrayContains($.a, '2')", "false"),
        ("States.ArrayGetItem($.a, 3)", r#""x""#),
        ("States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]"),
        ("States.ArrayRange(3, 1, -1)", "[3,2,1]"),
        ("States.ArrayRange(3, 1, 1)", "[]"),
        ("States.ArrayRange(3, 3, -1)", "[3]"),
        ("States.ArrayPartition($.a[0,1,3], 1.5)", r#"[[1,2],["x"]]"#),
        ("States.MathAdd($.n, -2.5)", "1"),
        ("States.MathAdd(0.49999999999999994, 0)", "0"),
        ("States.MathRandom(1, 11)", "6"),
        ("States.MathRandom(-9223372036854775808, 9223372036854775807)", "0"),
        ("States.Hash($.o, 'MD5')", r#""eee32217a5193c247756714ea84d4641""#),
        ("States.StringToJson('{\"x\": 1.50}')", r#"{"x":1.50}"#),
        ("States.UUID()", r#""ffffffff-ffff-4fff-bfff-ffffffffffff""#),
        (
            "States.JsonToString(States.JsonMerge($.o, States.StringToJson('{\"p\":2,\"q\":3}'), false))",
            r#""{\"p\":2,\"q\":3}""#,
        ),
        ("$.a[0]", "1"),
    ] {
        let found = eval(call, &doc);
        assert_eq!(found.map(|value| value.to_json()), Ok(expected.to_owned()), "{call}");
    }
}

#[test]
fn seeds_repeat() {
    let random = |seed: i64| eval(&format!("States.MathRandom(0, 1000000, {seed})"), &Value::Null).unwrap();
    assert_eq!(random(7), random(7));
    assert_ne!(random(7), random(8));
}

#[test]
fn refusals_name_the_part_that_failed() {
    let doc = json(r#"{"a":[1,2],"s":"text","long":"","big":1e300}"#);
    let failure = ("States.IntrinsicFailure", IntrinsicErrorKind::Failure);
    let missing = ("States.Runtime", IntrinsicErrorKind::Path(PathErrorKind::NotFound));
    for (call, expected, start, end) in [
        ("States.ArrayLength($.s)", failure, 19, 22),
        ("States.ArrayGetItem($.a, 2)", failure, 25, 26),
        ("States.ArrayGetItem($.a, -1)", failure, 25, 27),
        ("States.ArrayPartition($.a, 0)", failure, 27, 28),
        ("States.ArrayRange(0, 1000, 1)", failure, 21, 25),
        ("States.ArrayRange(0, 1000, 0)", failure, 27, 28),
        ("States.MathAdd(1, $.big)", failure, 18, 23),
        ("States.MathRandom(2, 2)", failure, 21, 22),
        ("States.StringToJson($.s)", failure, 20, 23),
        ("States.Base64Decode($.s[0:1])", failure, 20, 28),
        ("States.Base64Decode('+')", failure, 20, 23),
        ("States.Hash('a', $.s)", failure, 17, 20),
        ("States.Format($.s, 1)", failure, 14, 17),
        ("States.JsonMerge(States.StringToJson('{}'), States.StringToJson('{}'), true)", failure, 71, 75),
        ("States.Array(1, States.ArrayLength($.x.y))", missing, 37, 38),
        ("$.x", missing, 2, 3),
    ] {
        let error = eval(call, &doc).unwrap_err();
        assert_eq!((error.name(), error.kind), expected, "{call}: {error}");
        assert_eq!(error.range, TextRange::new(start, end), "{call}: {error}");
    }
    let unset = eval("States.Array($w.a)", &doc).unwrap_err();
    assert_eq!(unset.kind, IntrinsicErrorKind::Path(PathErrorKind::UnknownVariable));
}

#[test]
fn calls_built_by_hand_need_their_arguments_too() {
    for function in Function::ALL {
        let call = Call { function: *function, args: Vec::new(), range: TextRange::default() };
        let roots = Roots { doc: &Value::Null, context: &Value::Null, vars: &() };
        let found = call.eval(&roots, &mut Fixed(0.0), &mut Budget::standard());
        assert_eq!(found.is_ok(), function.arity().0 == 0, "{function:?}");
    }
}

#[test]
fn budgets_end_what_grows() {
    let doubling = (0..62).fold(Value::Null, |value, _| Value::from(vec![value.clone(), value]));
    for call in ["States.JsonToString($)", "States.Format('{}', $)", "States.ArrayUnique($)", "States.Hash($, 'MD5')"] {
        let error = eval(call, &doubling).unwrap_err();
        assert!(error.message.contains("limit of"), "{call}: {error}");
    }
    let wide: Value = (0..100).map(Value::from).collect();
    assert!(eval_within("States.ArrayUnique($)", &wide, &mut Budget::new(5, 1_000)).is_err());
    assert!(eval_within("States.Array($, $)", &wide, &mut Budget::new(1_000, 500)).is_err());
}

proptest! {
    #[test]
    fn base64_gives_back_what_went_in(text in ".{0,40}") {
        let found = eval("States.Base64Decode(States.Base64Encode($))", &Value::from(&*text));
        prop_assert_eq!(found.unwrap(), Value::from(&*text));
    }

    #[test]
    fn json_text_gives_back_what_went_in(numbers in prop::collection::vec(any::<i64>(), 0..9)) {
        let value: Value = numbers.into_iter().map(Value::from).collect();
        prop_assert_eq!(eval("States.StringToJson(States.JsonToString($))", &value).unwrap(), value);
    }

    #[test]
    fn random_numbers_stay_below_the_end(first in -100i64..100, span in 1i64..100, share in 0.0..1.0) {
        let call = parse(&format!("States.MathRandom({first}, {})", first + span)).unwrap();
        let roots = Roots { doc: &Value::Null, context: &Value::Null, vars: &() };
        let found = call.eval(&roots, &mut Fixed(share), &mut Budget::standard()).unwrap().as_i64().unwrap();
        prop_assert!((first..first + span).contains(&found));
    }

    #[test]
    fn partitions_join_to_the_whole(len in 0i64..30, size in 1i64..9) {
        let items: Value = (0..len).map(Value::from).collect();
        let parts = eval(&format!("States.ArrayPartition($, {size})"), &items).unwrap();
        let joined: Value = parts.as_array().unwrap().iter().flat_map(|part| part.as_array().unwrap().to_vec()).collect();
        prop_assert_eq!(joined, items);
    }
}
