//! Tests of the parser, the printer and the facts.

mod facts;
mod hostile;
mod recorded;

use super::*;

fn code(source: &str) -> &'static str {
    parse(source).err().map_or("", |error| error.code)
}

#[test]
fn errors_have_code_and_place() {
    for (source, expected, place) in [
        ("", "S0207", 0..0),
        ("a + ", "S0207", 4..4),
        ("(a; b", "S0203", 5..5),
        ("[a, b)", "S0202", 5..6),
        ("a b", "S0201", 2..3),
        ("a ! b", "S0204", 2..3),
        ("a + !b", "S0204", 4..5),
        ("* a = )", "S0201", 2..3),
        ("a & )", "S0211", 4..5),
        ("'a\\qb'", "S0103", 2..4),
        ("'a\\u12x4'", "S0104", 2..4),
        ("'abc", "S0101", 0..4),
        ("'\\uD834\\uDD", "S0101", 0..11),
        ("`abc", "S0105", 0..4),
        ("a /* b", "S0106", 2..4),
        ("1e999", "S0102", 0..5),
        ("$match(a, //)", "S0301", 10..12),
        ("$match(a, /b)", "S0302", 10..13),
        ("function(a){1}", "S0208", 9..10),
        ("a := 1", "S0212", 0..1),
        ("a.1", "S0213", 2..3),
        ("a@b", "S0214", 2..3),
        ("a[0]@$b", "S0215", 4..7),
        ("a^(b)@$c", "S0216", 5..8),
        ("(a){b: c}[0]", "S0209", 9..12),
        ("a{b: c}{d: e}", "S0210", 7..13),
        ("a.%.%.%", "S0217", 4..5),
        ("$a.%", "S0217", 3..4),
        ("function($a)<s<n>>{1}", "S0401", 14..15),
        ("function($a)<(sa<n>)>{1}", "S0402", 13..14),
    ] {
        let Err(error) = parse(source) else { panic!("{source} is accepted") };
        assert_eq!((error.code, error.error.range.range()), (expected, place), "{source}: {error}");
        assert!(error.error.message.ends_with(&format!("({expected})")), "{error}");
    }
}

#[test]
fn habits_of_other_languages_get_help() {
    for (source, word) in [("a == b", "single `=`"), ("a && b", "a and b"), ("a || b", "a or b"), ("a + !b", "$not")] {
        let help = parse(source).err().and_then(|error| error.error.help);
        assert!(help.as_ref().is_some_and(|help| help.contains(word)), "{source}: {help:?}");
    }
}

#[test]
fn odd_corners_are_kept() {
    for accepted in
        ["name\"str\"", "and", "or and in", "a.and", "`function`($a){$a}", "$x[] := 1", "a ? b", "$", "$$.a"]
    {
        assert_eq!(code(accepted), "", "{accepted}");
    }
    // A regular expression cannot stand right behind a bracket, a division not behind a function or `[]`.
    for (refused, expected) in [("(/a/)", "S0211"), ("a[] / 2", "S0302"), ("a ** b", "S0201")] {
        assert_eq!(code(refused), expected, "{refused}");
    }
}

#[test]
fn prints_in_one_layout() {
    for (source, expected) in [
        ("a&\"-\" &$string( b )", "a & '-' & $string(b)"),
        ("\"it's\"", "\"it's\""),
        ("'say \\\"x\\\"'", "'say \"x\"'"),
        ("a.`b c`[0][].d@$e#$i", "a.`b c`[0][].d@$e#$i"),
        ("a^(>b,<c,d){e:f}", "a^(>b, <c, d){e: f}"),
        ("λ($x)<n:n>{ $x?:1 }", "function($x)<n:n> { $x ?: 1 }"),
        ("|a|{ },'b'|", "|a|{}, 'b'|"),
        ("[1 .. -2,1e30,0.5]", "[1..-2, 1e30, 0.5]"),
        ("a?b:c??d", "a ? b : c ?? d"),
        ("($x:=1;$x)", "($x := 1; $x)"),
        ("'\\ud800'", "'\\ud800'"),
        ("\"\\ud83d\\ude00\"", "'😀'"),
    ] {
        let ast = parse(source).expect(source);
        assert_eq!(ast.to_string(), expected);
        assert_eq!(parse(expected).as_ref(), Ok(&ast));
    }
}

#[test]
fn equality_ignores_places_only() {
    assert_eq!(parse(" a . b"), parse("a.b"));
    for (one, other) in [("a", "b"), ("1", "2"), ("a+b", "a-b"), ("f(a)", "f(a,b)"), ("a?b", "a?b:c"), ("[a]", "(a)")] {
        assert_ne!(parse(one), parse(other));
    }
}

#[test]
fn ranges_cover_the_parts() {
    let ast = parse(" a.b & $f( c ) ").expect("valid");
    let Expr::Binary { left, right, .. } = ast.expr(ast.root()) else { panic!("no binary") };
    let place = |id| ast.range(id).range();
    assert_eq!((place(ast.root()), place(left), place(right)), (1..14, 1..4, 7..14));
}
