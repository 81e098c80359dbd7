//! Tests of scopes, uses of `$states` and calls.

use crate::jsonata::{analyze, parse, Profile};

/// Free variables (called ones with `()`), uses of `$states`, assigned variables.
fn facts(source: &str) -> String {
    let ast = parse(source).expect(source);
    let facts = analyze(&ast, Profile::StepFunctions);
    let free = facts.free.iter().map(|used| format!("{}{}", used.name, if used.called { "()" } else { "" }));
    let states = facts.states.iter().map(|used| format!("states/{}", used.path().collect::<Vec<_>>().join("/")));
    let assigned = facts.assigned.iter().map(|assigned| format!("{}:=", assigned.name));
    free.chain(states).chain(assigned).collect::<Vec<_>>().join(" ")
}

fn problems(source: &str, profile: Profile) -> Vec<String> {
    let ast = parse(source).expect(source);
    let problems = analyze(&ast, profile).problems;
    problems.into_iter().map(|p| format!("{} | {}", p.message, p.help.unwrap_or_default())).collect()
}

#[test]
fn scopes() {
    for (source, expected) in [
        ("$x + $y.z & $sum(a)", "x y"),
        ("$ + $$.a", ""),
        ("($x := 1; $x) + $x", "x x:="),
        ("($x := $x; $x)", "x x:="),
        ("$x := 1", "x:="),
        ("function($x){$x + $y}($z)", "y z"),
        ("($f := function($n){$f($n - 1)}; $f(3))", "f:="),
        ("($f := function(){$g()}; $g := function(){1}; $f())", "f:= g:="),
        ("($f := function(){$g()}; $g(); $g := $f)", "g() f:= g:="),
        ("a@$v.b[$v = 1].{'c': $v} & $v", "v"),
        ("a.b@$v#$i.c[$i]^(d = $v){e: $v}", ""),
        ("(a@$v).$v", "v"),
        ("[a@$v.b, $v]", "v"),
        ("a ~> $f", "f()"),
        ("a ~> $f(1)", "f()"),
        ("$map(a, $f)", "f"),
        ("$f(?, 1)", "f()"),
        ("(($y := 2); $y)", "y y:="),
    ] {
        assert_eq!(facts(source), expected, "{source}");
    }
}

#[test]
fn states_uses() {
    for (source, expected) in [
        ("$states.input.order.id & $states.context", "states/input/order/id states/context"),
        ("$states.input.a[0].b", "states/input/a"),
        ("$states.input.(a)", "states/input"),
        ("$states.result.'b c'.$f()", "f() states/result/b c"),
        ("$states.input.*.a", "states/input"),
        ("$states", "states/"),
        ("$states[0]", "states/"),
        ("function($states){$states.a}", ""),
        ("$exists($states.input.a) ? $states.input.a : 0", "states/input/a states/input/a"),
    ] {
        assert_eq!(facts(source), expected, "{source}");
    }
    let ast = parse("1 + $states.input.a[0]").expect("valid");
    assert_eq!(analyze(&ast, Profile::Jsonata).states[0].range.range(), 4..19);
}

#[test]
fn impossible_calls() {
    for (source, expected) in [
        ("$uppercas(a)", vec!["Step Functions has no function `$uppercas` | did you mean `$uppercase`?"]),
        (
            "$eval('1')",
            vec![
                "Step Functions has no function `$eval` | Step Functions leaves out `$eval`; `$parse` reads JSON text",
            ],
        ),
        ("$sum(1, 2)", vec!["`$sum` takes 1 argument, not 2 | "]),
        ("$range(1, 2)", vec!["`$range` takes 3 arguments, not 2 | "]),
        ("$now() & $uuid(1)", vec!["`$uuid` takes no arguments, not 1 | "]),
        ("a ~> $sum()", vec![]),
        ("a ~> $sum(b)", vec!["`$sum` takes 1 argument, not 2 | "]),
        ("$sum(?, 1)", vec![]),
        ("($sum := function($a, $b){$a}; $sum(1, 2))", vec![]),
        ("$zip()", vec!["`$zip` takes at least 1 argument, not 0 | "]),
        ("$trim(a, b)", vec!["`$trim` takes at most 1 argument, not 2 | "]),
        ("$split()", vec!["`$split` takes 1 to 3 arguments, not 0 | "]),
    ] {
        assert_eq!(problems(source, Profile::StepFunctions), expected, "{source}");
    }
    assert_eq!(problems("$eval('1')", Profile::Jsonata), Vec::<String>::new());
}

#[test]
fn reads_of_the_outermost_context() {
    for (source, expected) in [
        ("phone", vec!["phone"]),
        ("$$.x & $.y & *", vec!["$$", "$", "*"]),
        ("($x := {'a': 1}; $x.a + b)", vec!["b"]),
        ("$states.input.a[b = 1].(c & $)^(d){e: f}", vec![]),
        ("a.b[c].d", vec!["a"]),
        ("$map($states.input, function($v){$v.a & b})", vec![]),
        ("$states.input ~> |a|{'b': c}|", vec![]),
        ("[a, {'b': c}, $sum(d.e)] ~> $f", vec!["a", "c", "d"]),
        ("'a'.b", vec![]),
    ] {
        let ast = parse(source).expect(source);
        let found = analyze(&ast, Profile::StepFunctions).context;
        let shown: Vec<&str> = found.iter().map(|range| &source[range.range()]).collect();
        assert_eq!(shown, expected, "{source}");
    }
}
