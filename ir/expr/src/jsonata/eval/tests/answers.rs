//! Answers and messages that the recorded suites do not hold.

use crate::jsonata::eval::{Answer, Limits, Names, Program, World};
use crate::jsonata::Profile;
use crate::Value;

struct One;

impl Names for One {
    fn value(&self, name: &str) -> Option<Value> {
        (name == "states").then(|| Value::parse("{\"input\": {\"n\": 12345678901234567890, \"t\": 1.50}}").ok())?
    }
}

/// The text of the answer, or of the error.
fn answer(source: &str, profile: Profile) -> String {
    let program = match Program::new(source, profile) {
        Ok(program) => program,
        Err(error) => return error.code.to_owned(),
    };
    match program.eval(None, &One, &mut World { now_millis: 1_510_067_557_121, seed: 3 }, &Limits::standard()) {
        Ok(Answer::Value(value)) => value.to_json(),
        Ok(other) => format!("{other:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn step_functions_has_its_own() {
    for (source, expected) in [
        ("$partition([0, 1, 2, 3], 3)", "[[0,1,2],[3]]"),
        ("$partition([0], 5)", "[[0]]"),
        ("$range(0, 10, 3)", "[0,3,6,9]"),
        ("$range(3, 1, -1)", "[3,2,1]"),
        ("$range(1, 3, 0)", "D3137: The third argument of range function cannot be zero"),
        ("$parse('{\"b\": 1.50, \"a\": [true]}')", "{\"b\":1.50,\"a\":[true]}"),
        ("$parse('-0') = 0", "true"),
        ("$hash('abc', 'MD5')", "\"900150983cd24fb0d6963f7d28e17f72\""),
        ("$hash('abc', 'SHA-1')", "\"a9993e364706816aba3e25717850c26c9cd0d89d\""),
        ("$hash('abc')", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""),
        ("$length($hash('abc', 'SHA-384')) + $length($hash('abc', 'SHA-512'))", "224"),
        ("$random(7) = $random(7) and $random() != $random()", "true"),
        ("$contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)", "true"),
        ("$uuid() = $uuid()", "false"),
        ("$eval('1')", "T1006: Attempted to invoke a non-function"),
        ("$randomSeeded(1)", "T1006: Attempted to invoke a non-function"),
        ("$states.input", "{\"n\":12345678901234567890,\"t\":1.50}"),
        ("$states.input.n & ''", "\"12345678901234567000\""),
        ("$states ~> |input|{'x': 1}|", "{\"input\":{\"n\":12345678901234567890,\"t\":1.5,\"x\":1}}"),
    ] {
        assert_eq!(answer(source, Profile::StepFunctions), expected, "{source}");
    }
    assert_eq!(answer("$partition([1], 1)", Profile::Jsonata), "T1006: Attempted to invoke a non-function");
}

#[test]
fn messages_are_those_of_the_reference() {
    for (source, expected) in [
        ("1 + 'a'", "T2002: The right side of the \"+\" operator must evaluate to a number"),
        ("$sum('a')", "T0412: Argument 1 of function \"sum\" must be an array of \"numbers\""),
        ("$uppercase(1)", "T0410: Argument 1 of function \"uppercase\" does not match function signature"),
        ("sum(1)", "T1005: Attempted to invoke a non-function. Did you mean $sum?"),
        ("$number('x')", "D3030: Unable to cast value to a number: \"x\""),
        ("$error('no')", "D3137: no"),
        ("$assert(false)", "D3141: $assert() statement failed"),
        ("1 < 'a'", "T2009: The values 1 and \"a\" either side of operator \"<\" must be of the same data type"),
        ("{1: 2}", "T1003: Key in object structure must evaluate to a string; got: 1"),
        ("-'a'", "D1002: Cannot negate a non-numeric value: \"a\""),
        ("$power(2, 5000)", "D3061: The power function has resulted in a value that cannot be represented as a JSON number: base=2, exponent=5000"),
        ("[1, 2] ~> 3", "T2006: The right side of the function application operator ~> must be a function"),
        ("$now()", "\"2017-11-07T15:12:37.121Z\""),
        ("$sum", "Function"),
        ("[$sum]", "[null]"),
    ] {
        assert_eq!(answer(source, Profile::Jsonata), expected, "{source}");
    }
}

#[test]
fn errors_say_where() {
    let program = Program::new("  1 + $sum('a')", Profile::Jsonata).expect("parses");
    let failed = program.eval(None, &(), &mut World { now_millis: 0, seed: 0 }, &Limits::standard());
    let error = failed.expect_err("no number");
    assert_eq!((error.range.range(), error.value), (6..15, Some(Value::from("a"))));
}

#[test]
fn programs_are_shared_among_threads() {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Program>();
}
