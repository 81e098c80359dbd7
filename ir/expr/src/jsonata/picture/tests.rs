//! Recorded calls with literal arguments, oddities that no recording has, and bounds.

// Reads the recordings, which no user's program can name.
#![allow(clippy::disallowed_methods)]

use serde_json::Value as Json;

use super::*;

const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/jsonata/official-suite.jsonl");

/// A moment in 2018, for components that a text lacks.
const NOW: i64 = 1_521_801_216_617;

type Answer = Result<Json, Fault>;

#[test]
#[allow(clippy::print_stdout)]
fn recorded_calls_with_literal_arguments() {
    let Ok(text) = std::fs::read_to_string(RECORDINGS) else {
        println!("skipped: {RECORDINGS} absent");
        return;
    };
    let mut disagreed = Vec::new();
    let mut checked = 0;
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).expect("a case a line");
        let expression = case["expr"].as_str().expect("an expression");
        let Some(answer) = literal_call(expression).and_then(|(function, arguments)| call(function, &arguments)) else {
            continue;
        };
        checked += 1;
        if !agrees(&case, &answer) {
            disagreed.push(format!("{expression}: {answer:?}"));
        }
    }
    assert!(disagreed.is_empty(), "{}", disagreed.join("\n"));
    assert!(checked > 300, "only {checked} calls with literal arguments");
}

fn agrees(case: &Json, answer: &Answer) -> bool {
    let error = case.get("error").unwrap_or(case);
    match answer {
        Ok(Json::Null) => case["undefinedResult"] == true,
        Ok(value) => match (value.as_f64(), case["result"].as_f64()) {
            (Some(value), Some(expected)) => value == expected,
            _ => *value == case["result"],
        },
        Err((code, message)) => {
            error["code"] == *code && error.get("message").is_none_or(|expected| expected == message)
        }
    }
}

/// The function and the arguments, if all of them are literals: with double quotes throughout they are JSON.
fn literal_call(expression: &str) -> Option<(&str, Vec<Json>)> {
    let (function, arguments) = expression.trim().strip_prefix('$')?.split_once('(')?;
    let mut json = String::from("[");
    let (mut quote, mut escaped) = (None, false);
    for c in arguments.strip_suffix(')')?.chars() {
        match c {
            '\'' | '"' if !escaped && (quote.is_none() || quote == Some(c)) => {
                quote = if quote.is_none() { Some(c) } else { None };
                json.push('"');
            }
            '"' if !escaped => json.push_str("\\\""),
            _ => json.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    let arguments = serde_json::from_str(&format!("{json}]")).ok()?;
    Some((function, arguments))
}

/// `None` if the function or the types of its arguments are somebody else's.
fn call(function: &str, arguments: &[Json]) -> Option<Answer> {
    let text = |at: usize| arguments.get(at).and_then(Json::as_str);
    let number = |at: usize| arguments.get(at).and_then(Json::as_f64);
    let string = |result: Result<String, Fault>| result.map(Json::from);
    let optional = |result: Result<Option<f64>, Fault>| result.map(Json::from);
    Some(match function {
        "formatNumber" => string(format_number(number(0)?, text(1)?, &options(arguments.get(2)))),
        "formatInteger" => string(format_integer(number(0)?, text(1)?)),
        "formatBase" => string(format_base(number(0)?, number(1).unwrap_or(10.0))),
        "parseInteger" => optional(parse_integer(text(0)?, text(1)?)),
        "fromMillis" => string(from_millis(number(0)?, text(1), text(2))),
        "toMillis" => optional(to_millis(text(0)?, text(1), NOW)),
        "encodeUrl" => Ok(encode_url(text(0)?).into()),
        "encodeUrlComponent" => Ok(encode_url_component(text(0)?).into()),
        "decodeUrl" => string(decode_url(text(0)?)),
        "decodeUrlComponent" => string(decode_url_component(text(0)?)),
        "base64encode" => Ok(base64_encode(text(0)?).into()),
        "base64decode" => Ok(base64_decode(text(0)?).into()),
        "round" => Ok(round_half_even(number(0)?, number(1).unwrap_or(0.0) as i32).into()),
        "number" => match parse_number(text(0)?) {
            Some(value) => Ok(value.into()),
            None => Err(("D3030", format!("Unable to cast value to a number: {}", quoted(text(0)?)))),
        },
        _ => return None,
    })
}

fn options(object: Option<&Json>) -> Vec<(String, String)> {
    let members = object.and_then(Json::as_object).into_iter().flatten();
    members.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// Calls and what the reference answers, an error as its code. `null` and D3030 are NaN there.
const ODDITIES: &[(&str, &str)] = &[
    ("$formatNumber(1234.5, 'x0e0')", "D3093"),
    ("$formatNumber(1e21, '#,##0.0')", "1e,+21.0"),
    ("$formatBase(58571219000000000000, 27)", "ec64hcqpj6md00"),
    ("$formatInteger(12345, '#:###,###,#0')", ",,5"),
    ("$formatInteger(5, '#,#:##0')", ":5"),
    ("$fromMillis(0, '[Z0]', '-0530')", "-6:-30"),
    ("$fromMillis(0, '[q1]')", "undefined"),
    ("$fromMillis(0, '[fN]')", "TypeError"),
    ("$fromMillis(1e300, '[Y]-[MNn]')", "NaN-undefined"),
    ("$toMillis('2018-01-01T00:00 -05:30', '[Y0001]-[M01]-[D01]T[H01]:[m01] [Z01:01]')", "1514781000000"),
    ("$toMillis('0001-15')", "979516800000"),
    ("$toMillis('2018-13')", "null"),
    ("$parseInteger('5', '٠')", "RangeError"),
    ("$parseInteger('hundreieth', 'w')", "0"),
    ("$base64decode('ZZ=Wj_WJ')", "e"),
    ("$number(' 0o17 ')", "15"),
    ("$number(' 0x0b1')", "177"),
    ("$number('0x1Fzz')", "D3030"),
    ("$round(864954986143857.2, 7)", "864954986143857.2"),
];

#[test]
fn oddities() {
    for (expression, expected) in ODDITIES {
        let (function, arguments) = literal_call(expression).expect(expression);
        let found = match call(function, &arguments).expect(expression) {
            Ok(Json::String(text)) => text,
            Ok(value) => value.as_f64().map_or_else(|| value.to_string(), number_to_string),
            Err((code, _)) => code.to_owned(),
        };
        assert_eq!(found, *expected, "{expression}");
    }
}

#[test]
fn numbers_print_as_in_javascript() {
    let cases = [
        (0.0, "0"),
        (-0.0, "0"),
        (1e21, "1e+21"),
        (123_456_789_012_345_680_000.0, "123456789012345680000"),
        (1e-6, "0.000001"),
        (1.5e-7, "1.5e-7"),
        (5e-324, "5e-324"),
        // Two numbers of 17 digits are equally near.
        (213.886_260_986_328_12, "213.88626098632812"),
        (f64::NEG_INFINITY, "-Infinity"),
    ];
    for (value, expected) in cases {
        assert_eq!(number_to_string(value), expected);
    }
    assert_eq!(to_precision_15(0.1 + 0.2), 0.3);
    // Ties go away from zero.
    assert_eq!(to_precision_15(100_000_000_000_000.5), 100_000_000_000_001.0);
}

#[test]
fn outputs_and_times_are_bounded() {
    let many = "#".repeat(1_000_000);
    let text = "seventy,".repeat(100_000);
    let hostile = [
        format_number(1.0, &many, &[]).map(Json::from),
        format_integer(1.0, &format!("{many}0")).map(Json::from),
        format_integer(1e9, "i").map(Json::from),
        from_millis(0.0, Some("[Y,9999999]"), None).map(Json::from),
        from_millis(0.0, Some("[Y,*-9999999]"), None).map(Json::from),
        from_millis(0.0, Some(&"[Y,9999]".repeat(1200)), None).map(Json::from),
        to_millis(&text, Some(&"[Yw]".repeat(2000)), NOW).map(Json::from),
        to_millis(&"1".repeat(100_000), Some(&"[f]".repeat(3000)), NOW).map(Json::from),
    ];
    for (at, answer) in hostile.into_iter().enumerate() {
        assert_eq!(answer.map_err(|(code, _)| code), Err(LIMIT), "case {at}");
    }
    // These end by themselves.
    assert!(format_integer(f64::MAX, "w").is_ok());
    assert!(format_integer(f64::MAX, "a").is_ok());
    assert!(format_number(f64::MAX, "0e0", &[]).is_ok());
    assert_eq!(parse_integer(&text, "w"), Ok(None));
}
