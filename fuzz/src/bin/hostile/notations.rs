//! Cases for the three notations.

use crate::Case;

const fn json(name: &'static str, bytes: fn() -> Vec<u8>) -> Case {
    Case { name, file: "json", bytes }
}

const fn yaml(name: &'static str, bytes: fn() -> Vec<u8>) -> Case {
    Case { name, file: "yaml", bytes }
}

const fn toml(name: &'static str, bytes: fn() -> Vec<u8>) -> Case {
    Case { name, file: "toml", bytes }
}

const MB: usize = 1 << 20;

pub(crate) const CASES: &[Case] = &[
    json("empty", Vec::new),
    json("null", || b"null".to_vec()),
    json("empty-array", || b"[]".to_vec()),
    json("nul-bytes", || vec![0; MB]),
    json("byte-order-mark", || b"\xef\xbb\xbf{\"StartAt\":\"A\",\"States\":{}}".to_vec()),
    json("no-utf8", || vec![0xff; 10 * MB]),
    json("no-utf8-strings", || [b"[\"".repeat(MB), vec![0xc3; MB]].concat()),
    json("arrays-deep", || around("[", 100_000, "1", "]")),
    json("arrays-deep-open", || "[".repeat(10 * MB).into()),
    json("objects-deep", || around(r#"{"a":"#, 100_000, "1", "}")),
    json("arrays-at-the-limit", || around("[", 999, "1", "]")),
    json("brackets-closing", || "]".repeat(MB).into()),
    json("brackets-wrong", || around("[", 900, &"}".repeat(MB), "]")),
    json("array-long", || around("[", 1, &"1,".repeat(1_000_000), "1]")),
    json("array-of-commas", || around("[", 1, &",".repeat(MB), "]")),
    json("string-10mb", || format!("\"{}\"", "x".repeat(10 * MB)).into()),
    json("string-10mb-escapes", || format!("\"{}\"", r"\n".repeat(5 * MB)).into()),
    json("string-10mb-open", || format!("\"{}", "x".repeat(10 * MB)).into()),
    json("string-bad-escapes", || format!("\"{}\"", r"\x".repeat(5 * MB)).into()),
    json("string-control", || format!("\"{}\"", "\u{1}".repeat(MB)).into()),
    json("strings-open", || "\"\n".repeat(MB).into()),
    json("digits-million", || "9".repeat(1_000_000).into()),
    json("digits-bad", || "1-".repeat(MB).into()),
    json("comments", || "//\n".repeat(MB).into()),
    json("comments-open", || "/*".repeat(5 * MB).into()),
    json("blank-10mb", || " ".repeat(10 * MB).into()),
    json("keys-duplicate", || object(100_000, |_| r#""a":1"#.into())),
    json("keys-many", || object(500_000, |i| format!(r#""k{i}":1"#))),
    json("keys-escaped", || object(100_000, |i| format!(r#""\u0001\u0000{i}\t":1"#))),
    json("keys-control", || object(10_000, |i| format!("\"\u{1}{i}\":1"))),
    json("keys-bare", || object(100_000, |i| format!("k{i}:1"))),
    json("yaml-named-json", || "a: b\n".repeat(MB).into()),
    yaml("yaml-empty", Vec::new),
    yaml("yaml-bomb", || bomb(9)),
    yaml("yaml-bomb-deep", || bomb(2_000)),
    yaml("yaml-merge-bomb", merge_bomb),
    yaml("yaml-merge-many", merge_many),
    yaml("yaml-aliases-wide", aliases_wide),
    yaml("yaml-anchors", || lines(100_000, |i| format!("k{i}: &a{i} [*a{}]", i.max(1) - 1))),
    yaml("yaml-cycle", || b"&a [*a, {<<: *a}]".to_vec()),
    yaml("yaml-lists-deep", || "- ".repeat(100_000).into()),
    yaml("yaml-lists-at-the-limit", || format!("{}x", "- ".repeat(999)).into()),
    yaml("yaml-flow-deep", || around("[", 100_000, "1", "]")),
    yaml("yaml-flow-open", || "[".repeat(MB).into()),
    yaml("yaml-braces-deep", || "{a: ".repeat(100_000).into()),
    yaml("yaml-keys-deep", || "? ".repeat(100_000).into()),
    yaml("yaml-indented-deep", || lines(3_000, |i| format!("{}a:", " ".repeat(i)))),
    yaml("yaml-lines", || lines(500_000, |i| format!("k{i}: v"))),
    yaml("yaml-plain-10mb", || format!("a: {}", "x".repeat(10 * MB)).into()),
    yaml("yaml-plain-lines", || format!("a:\n{}", "  word\n".repeat(MB)).into()),
    yaml("yaml-quoted-10mb", || format!("a: \"{}\"", r"\x41".repeat(2 * MB)).into()),
    yaml("yaml-single-10mb", || format!("a: '{}'", "''".repeat(5 * MB)).into()),
    yaml("yaml-block-10mb", || format!("a: |\n{}", "  line\n".repeat(MB)).into()),
    yaml("yaml-folded-10mb", || format!("a: >\n{}", "  line\n\n".repeat(MB)).into()),
    yaml("yaml-block-many", || lines(100_000, |i| format!("k{i}: |\n  a\n  b"))),
    yaml("yaml-block-one-line", || format!("[{}]", "\"a\\n\", ".repeat(MB)).into()),
    yaml("yaml-comments", || "# x\n".repeat(2 * MB).into()),
    yaml("yaml-documents", || "---\n".repeat(MB).into()),
    yaml("yaml-directives", || format!("{}---\na", "%TAG !a! b\n".repeat(100_000)).into()),
    yaml("yaml-tags", || lines(100_000, |i| format!("k{i}: !Sub 'x'"))),
    yaml("yaml-tags-unknown", || lines(100_000, |i| format!("k{i}: !x{i} 'x'"))),
    yaml("yaml-duplicates", || "a: 1\n".repeat(100_000).into()),
    yaml("yaml-complex-keys", || "[a]: 1\n".repeat(100_000).into()),
    yaml("yaml-tabs", || "\t".repeat(MB).into()),
    yaml("yaml-colons", || ":".repeat(MB).into()),
    yaml("yaml-colons-spaced", || ": ".repeat(MB).into()),
    yaml("yaml-blanks", || " ".repeat(10 * MB).into()),
    yaml("yaml-wide-chars", || lines(300_000, |i| format!("é{i}: ü"))),
    toml("toml-empty", Vec::new),
    toml("toml-arrays-deep", || format!("a = {}", "[".repeat(100_000)).into()),
    toml("toml-arrays-closed", || [b"a = ".to_vec(), around("[", 100_000, "1", "]")].concat()),
    toml("toml-tables-deep", || format!("a = {}", "{a = ".repeat(100_000)).into()),
    toml("toml-keys-deep", || format!("{}a = 1", "a.".repeat(100_000)).into()),
    toml("toml-header-deep", || format!("[{}a]", "a.".repeat(100_000)).into()),
    toml("toml-headers", || lines(100_000, |i| format!("[t{i}]\nk = 1"))),
    toml("toml-headers-same", || "[a.b.c]\n".repeat(100_000).into()),
    toml("toml-array-tables", || "[[x]]\nk = 1\n".repeat(200_000).into()),
    toml("toml-array-tables-inner", || "[[x]]\n[[x.y]]\n[x.y.z]\nk = 1\n".repeat(100_000).into()),
    toml("toml-keys", || lines(300_000, |i| format!("k{i} = 1"))),
    toml("toml-keys-dotted", || lines(200_000, |i| format!("a.b.c.k{i} = 1"))),
    toml("toml-keys-duplicate", || "a = 1\n".repeat(100_000).into()),
    toml("toml-inline-wide", || {
        format!("a = {{{} z = 1}}", (0..100_000).map(|i| format!("k{i} = 1, ")).collect::<String>()).into()
    }),
    toml("toml-string-10mb", || format!("a = \"{}\"", r"\n".repeat(5 * MB)).into()),
    toml("toml-string-open", || format!("a = \"\"\"{}", "x\n".repeat(5 * MB)).into()),
    toml("toml-digits", || format!("a = {}", "9".repeat(1_000_000)).into()),
    toml("toml-array-long", || format!("a = [{}]", "1,".repeat(1_000_000)).into()),
    toml("toml-garbage", || "=".repeat(5 * MB).into()),
    toml("toml-garbage-lines", || "= =\n".repeat(MB).into()),
    toml("toml-wide-chars", || format!("a = {}", "ü".repeat(MB)).into()),
];

fn around(open: &str, count: usize, inner: &str, close: &str) -> Vec<u8> {
    [&open.repeat(count), inner, &close.repeat(count)].concat().into()
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> Vec<u8> {
    (0..count).flat_map(|index| [line(index), "\n".into()]).collect::<String>().into()
}

fn object(count: usize, member: impl Fn(usize) -> String) -> Vec<u8> {
    let members: Vec<String> = (0..count).map(member).collect();
    format!("{{{}}}", members.join(",")).into()
}

/// Each level stands for nine of the one before.
fn bomb(levels: usize) -> Vec<u8> {
    let level = |i: usize| format!("a{i}: &a{i} [{}]", vec![format!("*a{}", i - 1); 9].join(", "));
    let more: Vec<String> = (1..=levels).map(level).collect();
    format!("a0: &a0 lol\n{}\n", more.join("\n")).into()
}

fn merge_bomb() -> Vec<u8> {
    let level = |i: usize| format!("a{i}: &a{i} {{<<: [*a{}, *a{}], k{i}: 1, l: *a{}}}", i - 1, i - 1, i - 1);
    let more: Vec<String> = (1..=100).map(level).collect();
    format!("a0: &a0 {{x: 1}}\n{}\n", more.join("\n")).into()
}

/// Every object takes over a large one.
fn merge_many() -> Vec<u8> {
    let members: Vec<String> = (0..10_000).map(|i| format!("k{i}: 1")).collect();
    let base = format!("base: &b {{{}}}\n", members.join(", "));
    [base.into(), lines(10_000, |i| format!("m{i}: {{<<: *b}}"))].concat()
}

fn aliases_wide() -> Vec<u8> {
    let base = format!("base: &b [{}]\n", "1, ".repeat(10_000));
    [base.into(), lines(10_000, |i| format!("m{i}: *b"))].concat()
}
