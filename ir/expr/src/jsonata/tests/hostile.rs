//! Tests of texts made to hurt: every one is answered soon and within a small stack.

use crate::jsonata::{analyze, parse, parse_with, Limits, Profile, LIMIT};

/// What is made of `source` on a stack of 2 MiB: the code of the error, or `ok` after printing and analysis.
fn outcome(source: String) -> &'static str {
    let work = move || match parse(&source) {
        Err(error) => error.code,
        Ok(ast) => {
            analyze(&ast, Profile::StepFunctions);
            assert_eq!(parse(&ast.to_string()).as_ref(), Ok(&ast));
            "ok"
        }
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work);
    thread.expect("a thread").join().expect("no panic")
}

#[test]
fn deep_nesting_is_refused() {
    for unit in [
        "(",
        "[",
        "{",
        "-",
        "a[",
        "$f(",
        "a?",
        "a:b?c:",
        "$a:=",
        "a?:",
        "a??",
        "{'a':",
        "{(",
        "function($a){",
        "|a|",
        "a.(",
        "a^(",
        "1..",
        "a ? 1 : ",
        "[1..",
        "a{",
    ] {
        let outcome = outcome(unit.repeat(100_000));
        assert!(outcome == LIMIT || outcome.starts_with("S02"), "{unit}: {outcome}");
    }
    assert_eq!(outcome("(".repeat(499) + "1" + &")".repeat(499)), "ok");
    assert_eq!(outcome("(".repeat(500) + "1" + &")".repeat(500)), LIMIT);
    assert_eq!(outcome("a.(b[".repeat(200) + "c" + &"])".repeat(200)), LIMIT);
    for (open, close) in
        [("[", "]"), ("-", ""), ("{'a':", "}"), ("function($a){", "}"), ("$f(", ")"), ("a?", ":b"), ("|", "|{}|")]
    {
        assert_eq!(outcome(open.repeat(480) + "a" + &close.repeat(480)), "ok", "{open}");
    }
}

#[test]
fn long_chains_are_fine() {
    for unit in [" & a", ".a", "+1", "[0]", "[]", "#$i", "@$v", "(1)", " and b", "^(a)", " in c", " ~> $f", ".'a'"] {
        assert_eq!(outcome("a".to_owned() + &unit.repeat(100_000)), "ok", "{unit}");
    }
    for (open, unit, close) in
        [("(", "$a := 1;", ")"), ("[", "a,", "a]"), ("{", "'a':1,", "'a':1}"), ("$f(", "?,", "?)"), ("(", "$x;", ")")]
    {
        assert_eq!(outcome(open.to_owned() + &unit.repeat(100_000) + close), "ok", "{unit}");
    }
    assert_eq!(outcome("!".repeat(100_000)), "S0204");
    assert_eq!(outcome("a".to_owned() + &".%".repeat(100_000)), LIMIT);
    assert_eq!(outcome("a".to_owned() + &"@$v.a".repeat(50_000) + &".(%)".repeat(50_000)), LIMIT);
}

#[test]
fn long_tokens_are_fine() {
    let megabytes = 10 << 20;
    for (source, expected) in [
        ("a".repeat(megabytes), "ok"),
        (format!("'{}'", "a".repeat(megabytes)), "ok"),
        (format!("'{}'", "\\n".repeat(megabytes / 2)), "ok"),
        ("'".to_owned() + &"\\u0041".repeat(megabytes / 6), "S0101"),
        ("9".repeat(1_000_000), "S0102"),
        ("0.".to_owned() + &"9".repeat(1_000_000), "ok"),
        ("/*".repeat(megabytes / 2), "S0106"),
        ("/**/".repeat(megabytes / 4) + "a", "ok"),
        ("/".to_owned() + &"\\".repeat(megabytes), "S0302"),
        ("/".to_owned() + &"\\/".repeat(megabytes / 2), "S0302"),
        (" ".repeat(megabytes), "S0207"),
        (format!("function($a)<{}>{{1}}", "s".repeat(1_000_000)), "ok"),
        (format!("function($a)<{}", "<".repeat(1_000_000)), "S0203"),
        (format!("function($a)<a{}{}>{{1}}", "<".repeat(100_000), ">".repeat(100_000)), "ok"),
    ] {
        assert_eq!(outcome(source), expected);
    }
}

#[test]
fn unknown_functions_do_not_multiply_the_work() {
    let calls: String = (0..5_000).map(|i| format!("$unknown_function_number_{i}();")).collect();
    assert_eq!(outcome(format!("({calls})")), "ok");
}

#[test]
fn limits_can_be_set() {
    let code = |source: &str, nesting, length| parse_with(source, Limits { nesting, length }).err().map(|e| e.code);
    assert_eq!(code("((1))", 3, 100), None);
    assert_eq!(code("((1))", 2, 100), Some(LIMIT));
    assert_eq!(code("((1))", 3, 4), Some(LIMIT));
}
