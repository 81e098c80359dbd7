//! Expressions made to hurt: every one ends soon, with an error that has a code, within a small stack.

use crate::jsonata::eval::{Answer, Limits, Program, World};
use crate::jsonata::Profile;
use crate::Value;

/// What comes of `source` on a stack of 2 MiB: the code of the error, or the value.
fn outcome(source: &str, input: Option<Value>) -> String {
    let source = source.to_owned();
    let work = move || {
        let program = match Program::new(&source, Profile::Jsonata) {
            Ok(program) => program,
            Err(error) => return error.code.to_owned(),
        };
        let limits = Limits { ops: 3_000_000, bytes: 64 << 20, ..Limits::standard() };
        match program.eval(input.as_ref(), &(), &mut World { now_millis: 0, seed: 1 }, &limits) {
            Ok(Answer::Value(value)) => value.to_json().chars().take(60).collect(),
            Ok(other) => format!("{other:?}"),
            Err(error) => error.code.to_owned(),
        }
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work);
    thread.expect("a thread").join().expect("no panic")
}

#[test]
fn evaluations_without_end_end() {
    for source in [
        "($f := function($n){1 + $f($n)}; $f(1))",
        "($f := function($n){$f($n + 1)}; $f(1))",
        "($f := function($n){$n ? [$f($n)] : 0}; $f(1))",
        "($f := function($n){{'a': $f($n)}}; $f(1))",
        "($f := function($n){$map([1, 2], function($x){$f($x)})}; $f(1))",
        "($f := function($n){[1].($f($n))}; $f(1))",
        "($f := function($n){[1][$f(1)]}; $f(1))",
        "($f := function($n){$n ~> $f ~> $f}; $f(1))",
        "($f := function($n){$reduce([1, 2], function($a, $b){$f($b)})}; $f(1))",
        "($f := function($n){[2, 1]^($f($))}; $f(1))",
        "($f := function($n){[2, 1]{'a': $f($)}}; $f(1))",
        "($f := function($n){$sort([2, 1], function($a, $b){$f($a)})}; $f(1))",
        "($f := function($n){$replace('aa', /a/, function($m){$f($m)})}; $f(1))",
        "($f := function($n){$eval('$f(1)')}; $f(1))",
        "($f := function($n){{'a': 1} ~> |a|$f(1)|}; $f(1))",
        "($f := function($n){{'a': 1} ~> |$|$f(1)|}; $f(1))",
        "($f := function($n){[1]#$i.($f($i))}; $f(1))",
        "($f := function($x){$x}; $g := function($x){($f ~> $g ~> $f)($x) & 'a'}; $g('a'))",
        "($y := function($f){$f($f)}; $y($y))",
        "$eval('$eval(\"1\" & $string($random()))')[0] & ($f := function(){$f() or true}; $f())",
    ] {
        assert_eq!(outcome(source, None), "U1001", "{source}");
    }
}

#[test]
fn values_do_not_explode() {
    for (source, expected) in [
        ("$pad('a', 1e9)", "U1001"),
        ("$pad('a', -1e300)", "U1001"),
        ("[1..1e9]", "D2014"),
        ("[1..1e7]", "U1001"),
        ("[1..1e6] ~> $count()", "1000000"),
        ("$reduce([1..100], function($a, $x){$a & $a}, 'a')", "U1001"),
        ("$reduce([1..100], function($a, $x){$append($a, $a)}, [1])", "U1001"),
        ("$reduce([1..100], function($a, $x){[$a, $a]}, 1)", "U1001"),
        ("$count($string($reduce([1..60], function($a, $x){[$a, $a]}, 1)))", "U1001"),
        ("$reduce([1..100000], function($a, $x){[[$a]]}, 1)", "U1001"),
        ("$reduce([1..100000], function($a, $x){{'a': $a}}, 1)", "U1001"),
        ("$count($reduce([1..100000], function($f, $x){function(){$f}}, 1))", "1"),
        ("$map([1..1000], function($x){$map([1..1000], function($y){$map([1..1000], function($z){1})})})", "U1001"),
        ("($x := [1..1000]; $x.($x.($x)))", "U1001"),
        ("($x := [1..1000]; $y := $map($x, function(){$x}); $z := $map($x, function(){$y}); $string([$z]))", "U1001"),
        ("($x := [1..100000]; $map([1..1000], function(){[$x]}).$)", "U1001"),
        ("($d := function($v){$reduce([1..40], function($a, $x){{'a': $a, 'b': $a}}, $v)}; $d(0) = $d(0))", "U1001"),
        ("$boolean($reduce([1..40], function($a, $x){[[$a], [$a]]}, 0))", "U1001"),
        ("$reduce([1..40], function($a, $x){{'a': $a, 'b': $a}}, 0)", "U1001"),
        ("$reduce([1..40], function($a, $x){{'a': $a, 'b': $a}}, 0) + 1", "T2001"),
        ("$reduce([1..40], function($a, $x){[[$a], [$a]]}, 0) ~> /a/", "U1001"),
        ("$replace($pad('', 100000, 'a'), /a/, $pad('a', 100000))", "U1001"),
        ("$replace($pad('', 100000, 'a'), 'a', $pad('a', 100000))", "U1001"),
        ("$join($map([1..100000], function(){$pad('', 10000)}))", "U1001"),
        ("$match($pad('', 100, 'a') & 'b', /(a+)+$/)", "U1001"),
        ("$match($pad('', 100000, 'a'), /a*?a*?a*?b/)", "U1001"),
        ("$distinct($map([1..5000], function($x){[$x]}))[0]", "U1001"),
        ("($f := function($x){$x}; {'a': 1} ~> |$|{'a': $, 'b': $}| ~> |$|{'c': $}|)", "U1001"),
        ("$formatNumber(1, $pad('', 100000, '0'))", "U1001"),
        ("$formatBase(1e300, 2) ~> $length()", "997"),
        ("$split($pad('', 100000, 'a'), '') ~> $count()", "100000"),
        ("$string(1e300 * 1e300)", "D3001"),
        ("[1e308 * 10] ~> $sum()", "null"),
        ("$power(10, 400)", "D3061"),
    ] {
        assert_eq!(outcome(source, None), expected, "{source}");
    }
}

#[test]
fn long_chains_are_evaluated() {
    for (unit, expected) in [
        (" & a", "U1001"),
        ("+1", "10001"),
        (" and a", "true"),
        (" or b", "true"),
        ("[0]", "1"),
        ("[]", "[1]"),
        (".$", "1"),
        (" = 1", "false"),
        (" ~> $abs", "1"),
    ] {
        let found = outcome(&("a".to_owned() + &unit.repeat(10_000)), Value::parse("{\"a\": 1}").ok());
        assert!(found == expected || unit == " & a" && found.starts_with("\"111"), "{unit}: {found}");
    }
    let calls = format!("($f := function(){{$f}}; $type($f{}))", "()".repeat(10_000));
    assert_eq!(outcome(&calls, None), "\"function\"");
    let blocks = "(".repeat(400) + "1" + &")".repeat(400);
    assert_eq!(outcome(&blocks, None), "1");
}

#[test]
fn deep_values_are_walked() {
    let text = "[".repeat(900) + "1" + &"]".repeat(900);
    let deep = Value::parse(&text).expect("JSON");
    for (source, expected) in [
        ("$string($) = $string($)", "true"),
        ("$ = $", "true"),
        ("$count(**)", "1"),
        ("$boolean($)", "true"),
        ("$.a", "Nothing"),
        ("$distinct([$, $]) ~> $count()", "1"),
        ("$keys($)", "Nothing"),
        ("$spread($) ~> $count()", "1"),
        ("$clone($) ~> $count()", "U1001"),
    ] {
        assert_eq!(outcome(source, Some(deep.clone())), expected, "{source}");
    }
}
