//! Cases for expressions inside states, and for the variables and documents they read.

use crate::machines::{asl, choice, list, many, next, pass, state};
use crate::Case;

pub(crate) const CASES: &[Case] = &[
    asl("jsonata-chain", || jsonata(&vec!["$states.input.a"; 10_000].join(" & "))),
    asl("jsonata-chain-long", || jsonata(&vec!["$states.input.a"; 300_000].join(" & "))),
    asl("jsonata-deep", || jsonata(&["(".repeat(100_000), "1".into(), ")".repeat(100_000)].concat())),
    asl("jsonata-limit", || jsonata(&["[".repeat(490), "1".into(), "]".repeat(490)].concat())),
    asl("jsonata-path", || jsonata(&format!("$states.input{}", ".a".repeat(300_000)))),
    asl("jsonata-functions-unknown", || jsonata(&list(100_000, |i| format!("$unknown{i}()")).replace(',', " & "))),
    asl("jsonata-variables", || jsonata(&list(100_000, |i| format!("$v{i}")).replace(',', " & "))),
    asl("jsonata-locals", || {
        jsonata(&format!("({})", list(50_000, |i| format!("$v{i} := $v{}", i.max(1) - 1)).replace(',', ";")))
    }),
    asl("jsonata-regex", || jsonata(&format!("/{}/", "(a*)*".repeat(100_000)))),
    asl("jsonata-states", || many(50_000, |i| in_jsonata(&pass(i < 49_999, i), r#""Output":"{% $states.input.a %}""#))),
    asl("jsonata-template", || {
        let fields = list(100_000, |i| format!(r#""f{i}":"{{% $states.input.a{i} %}}""#));
        many(1, |_| in_jsonata(&pass(false, 0), &format!(r#""Output":{{{fields}}}"#)))
    }),
    asl("jsonata-template-limit", || {
        let deep = [r#"{"a":["#.repeat(490), r#""{% 1 %}""#.into(), "]}".repeat(490)].concat();
        many(1, |_| in_jsonata(&pass(false, 0), &format!(r#""Output":{deep}"#)))
    }),
    asl("path-long", || input_path(&format!("${}", ".a".repeat(300_000)))),
    asl("path-scans", || input_path(&format!("${}.b", "..a".repeat(100_000)))),
    asl("path-filter-wide", || input_path(&format!("$[?({})]", vec!["@.a == 1"; 50_000].join(" || ")))),
    asl("path-filter-deep", || input_path(&"$[?(@".repeat(100_000))),
    asl("path-names", || input_path(&format!("$[{}]", list(100_000, |i| format!("'k{i}'"))))),
    asl("path-indices", || input_path(&format!("$[{}]", list(100_000, |i| i.to_string())))),
    asl("path-1mb-name", || input_path(&format!("$.{}", "n".repeat(1 << 20)))),
    asl("call-wide", || payload(&format!("States.Array({})", list(100_000, |i| format!("$.a{i}"))))),
    asl("call-deep", || payload(&["States.Array(".repeat(100_000), ")".repeat(100_000)].concat())),
    asl("call-holes", || payload(&format!("States.Format('{}'{})", "{}".repeat(20_000), ",$.a".repeat(20_000)))),
    asl("calls-unknown", || {
        let fields = list(100_000, |i| format!(r#""f{i}.$":"States.Fromat{i}()""#));
        many(1, |_| state("Pass", &format!(r#""End":true,"Parameters":{{{fields}}}"#)))
    }),
    asl("variables-one-state", || {
        let fields = list(100_000, |i| format!(r#""v{i}":{i}"#));
        many(1, |_| state("Pass", &format!(r#""End":true,"Assign":{{{fields}}}"#)))
    }),
    asl("variables-10k", || variables(10_000, |i| i)),
    asl("variables-100k", || variables(100_000, |i| i)),
    asl("variables-unknown", || variables(50_000, |i| i + 1_000_000)),
    asl("variables-unknown-many", || {
        let fields = list(100_000, |i| format!(r#""f{i}.$":"$unknown{i}""#));
        let set = list(10_000, |i| format!(r#""unknwon{i}":{i}"#));
        many(2, |i| match i {
            0 => state("Pass", &format!(r#""Next":"S1","Assign":{{{set}}}"#)),
            _ => state("Pass", &format!(r#""End":true,"Parameters":{{{fields}}}"#)),
        })
    }),
    asl("variables-loops", || {
        many(3_000, |i| {
            let to =
                choice(2, |way| format!(r#""Next":"S{}","Assign":{{"v{i}":1}}"#, if way == 0 { i + 1 } else { i / 2 }));
            if i < 2_999 {
                to
            } else {
                pass(false, i)
            }
        })
    }),
    asl("document-grows", || document(20_000, |i| format!("$.f{i}"))),
    asl("document-grows-100k", || document(100_000, |i| format!("$.f{i}"))),
    asl("document-deepens", || document(2_000, |i| format!("${}", ".a".repeat(i + 1)))),
    asl("document-same-deep", || document(2_000, |_| format!("${}", ".a".repeat(2_000)))),
    asl("document-joins", || {
        let count = 20_000;
        many(count + 2, |i| match i {
            0 => choice(count, |to| format!(r#""Variable":"$.x","NumericEquals":{to},"Next":"S{}""#, to + 1)),
            i if i <= count => writes(&format!("$.f{i}"), count + 1),
            _ => state("Pass", r#""End":true,"InputPath":"$.f1""#),
        })
    }),
    asl("document-joins-deep", || {
        // Every second state chooses whether to write: the values a field can have double at each of them.
        many(4_001, |i| match i {
            4_000 => pass(false, i),
            i if i % 2 == 0 => {
                choice(2, |way| format!(r#""Variable":"$.x","NumericEquals":{way},"Next":"S{}""#, i + 1 + way))
            }
            i => writes(&format!("$.f{}.g{i}", i % 7), i + 1),
        })
    }),
    asl("document-loop", || many(5_000, |i| writes(&format!("$.f{i}"), (i + 1) % 5_000))),
    asl("document-doubles", || {
        let twice = |i: usize| format!(r#""Parameters":{{"a.$":"$","b.$":"$"}},"Next":"S{}""#, i + 1);
        many(500, |i| if i < 499 { state("Pass", &twice(i)) } else { pass(false, i) })
    }),
    asl("document-result-large", || {
        let result = list(100_000, |i| format!(r#""k{i}":{i}"#));
        many(2_001, |i| match i {
            0 => state("Pass", &format!(r#""Result":{{{result}}},"Next":"S1""#)),
            2_000 => pass(false, i),
            i => writes(&format!("$.k{i}"), i + 1),
        })
    }),
];

fn jsonata(source: &str) -> Vec<u8> {
    many(1, |_| in_jsonata(&pass(false, 0), &format!(r#""Output":"{{% {source} %}}""#)))
}

/// The state with one more field, in the other language.
fn in_jsonata(state: &str, field: &str) -> String {
    format!(r#"{},"QueryLanguage":"JSONata",{field}}}"#, state.trim_end_matches('}'))
}

fn input_path(path: &str) -> Vec<u8> {
    many(1, |_| state("Pass", &format!(r#""End":true,"InputPath":"{path}""#)))
}

fn payload(call: &str) -> Vec<u8> {
    many(1, |_| state("Pass", &format!(r#""End":true,"Parameters":{{"a.$":"{call}"}}"#)))
}

/// A chain of states that each set a variable of their own and read another.
fn variables(count: usize, read: impl Fn(usize) -> usize) -> Vec<u8> {
    many(count, |i| {
        let way = if i + 1 < count { format!(r#""Next":"S{}""#, i + 1) } else { r#""End":true"#.into() };
        state("Pass", &format!(r#"{way},"Assign":{{"v{}":1,"w.$":"$v{}"}}"#, i + 1, read(i)))
    })
}

/// A chain of states that each write somewhere.
fn document(count: usize, path: impl Fn(usize) -> String) -> Vec<u8> {
    many(count, |i| if i + 1 < count { writes(&path(i), i + 1) } else { pass(false, i) })
}

fn writes(path: &str, to: usize) -> String {
    next("Pass", to).replace(r#""Next""#, &format!(r#""Result":1,"ResultPath":"{path}","Next""#))
}
