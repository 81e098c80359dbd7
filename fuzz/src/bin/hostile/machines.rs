//! Cases for state machines: too many, too long, too deep of everything.

use crate::Case;

pub(crate) const fn asl(name: &'static str, bytes: fn() -> Vec<u8>) -> Case {
    Case { name, file: "asl.json", bytes }
}

pub(crate) const CASES: &[Case] = &[
    asl("states-null", || br#"{"StartAt":"A","States":null}"#.to_vec()),
    asl("states-empty", || br#"{"StartAt":"A","States":{}}"#.to_vec()),
    asl("fields-null", || many(1, |_| r#"{"Type":null,"Next":null,"Retry":null,"Choices":null}"#.into())),
    asl("states-million", || many(1_000_000, |i| pass(i + 1 < 1_000_000, i))),
    Case { name: "states-yaml", file: "asl.yaml", bytes: states_yaml },
    asl("states-unreachable", || many(100_000, |_| r#"{"Type":"Pass","End":true}"#.into())),
    asl("states-one-loop", || many(100_000, |i| next("Pass", (i + 1) % 100_000))),
    asl("states-self-loops", || many(100_000, |i| next("Pass", i))),
    asl("states-dense", || many(1_000, |_| choice(1_000, |i| format!(r#""Next":"S{i}""#)))),
    asl("states-ladder-loops", ladder_loops),
    asl("states-duplicate", || machine(&vec![r#""S0":{"Type":"Succeed"}"#.to_owned(); 100_000])),
    asl("state-name-1mb", || {
        let name = "n".repeat(1 << 20);
        format!(r#"{{"StartAt":"{name}x","States":{{"{name}":{{"Type":"Pass","Next":"{name}y"}}}}}}"#).into()
    }),
    asl("state-names-1kb", || {
        let name = "n".repeat(1_000);
        let state = |i| format!(r#""{name}{i}":{{"Type":"Pass","Next":"{name}y{i}"}}"#);
        machine(&(0..10_000).map(state).collect::<Vec<_>>())
    }),
    asl("targets-unknown", || many(100_000, |i| format!(r#"{{"Type":"Pass","Next":"X{i}"}}"#))),
    asl("targets-unknown-choice", || many(1, |_| choice(100_000, |i| format!(r#""Next":"X{i}""#)))),
    asl("fields-unknown", || many(1, |_| state("Pass", &list(100_000, |i| format!(r#""Nxet{i}":1"#))))),
    asl("fields-unknown-machine", || {
        format!(r#"{{"StartAt":"A",{},"States":{{}}}}"#, list(100_000, |i| format!(r#""Comnent{i}":1"#))).into()
    }),
    asl("fields-unknown-states", || many(50_000, |_| state("Pass", r#""Nxt":"A","Ende":true,"Resultt":1"#))),
    asl("fields-duplicate", || many(1, |_| state("Pass", &list(100_000, |_| r#""Comment":"x""#.into())))),
    asl("types-unknown", || many(100_000, |i| state(&format!("Pas{i}"), r#""End":true"#))),
    asl("choice-rules", || {
        many(1, |_| choice(100_000, |i| format!(r#""Variable":"$.a","NumericEquals":{i},"Next":"S0""#)))
    }),
    asl("choice-rules-same", || {
        many(1, |_| choice(100_000, |_| r#""Variable":"$.a","NumericEquals":1,"Next":"S0""#.into()))
    }),
    asl("choice-rules-strings", || {
        many(1, |_| choice(100_000, |i| format!(r#""Variable":"$.a{i}","StringMatches":"*{i}*","Next":"S0""#)))
    }),
    asl("choice-and-wide", || many(1, |_| choice(1, |_| format!(r#""And":[{}],"Next":"S0""#, list(100_000, compare))))),
    asl("choice-and-deep", || many(1, |_| choice(1, |_| nested_rule(r#""And":[{"#, 10_000, "}]")))),
    asl("choice-and-limit", || many(1, |_| choice(1, |_| nested_rule(r#""And":[{"#, 490, "}]")))),
    asl("choice-or-limit", || many(1, |_| choice(1, |_| nested_rule(r#""Or":[{"#, 490, "}]")))),
    asl("choice-not-deep", || many(1, |_| choice(1, |_| nested_rule(r#""Not":{"#, 10_000, "}")))),
    asl("choice-not-limit", || many(1, |_| choice(1, |_| nested_rule(r#""Not":{"#, 980, "}")))),
    asl("choice-not-limit-many", || many(1_000, |_| choice(1, |_| nested_rule(r#""Not":{"#, 980, "}")))),
    asl("retriers", || many(1, |_| task(&format!(r#""Retry":[{}]"#, list(100_000, |i| retrier(&format!("E{i}"))))))),
    asl("retriers-same", || many(1, |_| task(&format!(r#""Retry":[{}]"#, list(100_000, |_| retrier("E")))))),
    asl("retrier-errors", || {
        many(1, |_| task(&format!(r#""Retry":[{{"ErrorEquals":[{}]}}]"#, list(100_000, |i| format!(r#""E{i}""#)))))
    }),
    asl("retrier-names-reserved", || {
        many(1, |_| task(&format!(r#""Retry":[{}]"#, list(100_000, |i| retrier(&format!("States.Tmeout{i}"))))))
    }),
    asl("catchers", || many(1, |_| task(&format!(r#""Catch":[{}]"#, list(100_000, |i| catcher(&format!("E{i}"))))))),
    asl("catchers-same", || many(1, |_| task(&format!(r#""Catch":[{}]"#, list(100_000, |_| catcher("E")))))),
    asl("template-limit", || many(1, |_| state("Pass", &format!(r#""End":true,"Parameters":{}"#, nested_json(990))))),
    asl("template-limit-many", || {
        many(500, |_| state("Pass", &format!(r#""End":true,"Parameters":{}"#, nested_json(990))))
    }),
    asl("template-wide", || {
        let fields = list(200_000, |i| format!(r#""f{i}.$":"$.a.b{i}""#));
        many(1, |_| state("Pass", &format!(r#""End":true,"Parameters":{{{fields}}}"#)))
    }),
    asl("result-limit", || many(1, |_| state("Pass", &format!(r#""End":true,"Result":{}"#, nested_json(990))))),
    asl("result-array-long", || {
        many(1, |_| state("Pass", &format!(r#""End":true,"Result":[{}]"#, list(1_000_000, |i| i.to_string()))))
    }),
    asl("parallel-limit", || nested_machine(240, r#"{"Type":"Parallel","End":true,"Branches":["#, "]}")),
    asl("map-limit", || nested_machine(320, r#"{"Type":"Map","End":true,"ItemProcessor":"#, "}")),
    asl("parallel-deep", || nested_machine(10_000, r#"{"Type":"Parallel","End":true,"Branches":["#, "]}")),
    asl("parallel-branches", || {
        let branch = r#"{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}"#;
        many(1, |_| state("Parallel", &format!(r#""End":true,"Branches":[{}]"#, list(100_000, |_| branch.into()))))
    }),
    asl("timeout-digits", || many(1, |_| task(&format!(r#""TimeoutSeconds":{}"#, "9".repeat(1_000_000))))),
    asl("timeout-exponent", || many(1, |_| task(r#""TimeoutSeconds":1e999999,"HeartbeatSeconds":-1e-999999"#))),
    asl("comment-10mb", || many(1, |_| task(&format!(r#""Comment":"{}""#, "x".repeat(10 << 20))))),
    asl("resource-1mb", || {
        many(1, |_| task(&format!(r#""Credentials":{{}},"Resource":"arn:{}""#, "a:".repeat(1 << 19))))
    }),
    asl("placeholders", || many(1, |_| task(&format!(r#""Comment":"{}""#, "${a}".repeat(1 << 19))))),
    asl("placeholders-open", || many(1, |_| task(&format!(r#""Resource":"{}""#, "${".repeat(1 << 19))))),
    asl("timestamp-1mb", || {
        many(1, |_| state("Wait", &format!(r#""End":true,"Timestamp":"{}""#, "2".repeat(1 << 20))))
    }),
    asl("names-control", || {
        let state = |i| format!(r#""\u0001\u0000{i}\n":{{"Type":"Pass","Next":"\u0001"}}"#);
        machine(&(0..10_000).map(state).collect::<Vec<_>>())
    }),
    asl("in-template", || {
        let resources = list(100_000, |i| format!(r#""R{i}":{{"Type":"X","Properties":{{"a":[{{}}]}}}}"#));
        format!(r#"{{"Resources":{{{resources}}}}}"#).into()
    }),
];

/// A machine of `count` states called `S0`, `S1`, ….
pub(crate) fn many(count: usize, state: impl Fn(usize) -> String) -> Vec<u8> {
    machine(&(0..count).map(|i| format!(r#""S{i}":{}"#, state(i))).collect::<Vec<_>>())
}

fn machine(states: &[String]) -> Vec<u8> {
    format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, states.join(",")).into()
}

pub(crate) fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

/// A state of that type with these fields.
pub(crate) fn state(kind: &str, fields: &str) -> String {
    format!(r#"{{"Type":"{kind}",{fields}}}"#)
}

pub(crate) fn next(kind: &str, to: usize) -> String {
    state(kind, &format!(r#""Next":"S{to}""#))
}

pub(crate) fn pass(more: bool, index: usize) -> String {
    if more {
        next("Pass", index + 1)
    } else {
        state("Pass", r#""End":true"#)
    }
}

pub(crate) fn choice(rules: usize, rule: impl Fn(usize) -> String) -> String {
    let rule = |i| {
        let rule = rule(i);
        let test = if rule.starts_with(r#""Next""#) { r#""Variable":"$.a","IsPresent":true,"# } else { "" };
        format!("{{{test}{rule}}}")
    };
    state("Choice", &format!(r#""Choices":[{}]"#, list(rules, rule)))
}

fn compare(index: usize) -> String {
    format!(r#"{{"Variable":"$.a{index}","NumericEquals":{index}}}"#)
}

fn nested_rule(open: &str, depth: usize, close: &str) -> String {
    format!(r#"{}"Variable":"$.a","IsPresent":true{},"Next":"S0""#, open.repeat(depth), close.repeat(depth))
}

fn task(fields: &str) -> String {
    let resource =
        if fields.contains(r#""Resource""#) { "" } else { r#","Resource":"arn:aws:states:::lambda:invoke""# };
    state("Task", &format!(r#""End":true{resource},{fields}"#))
}

fn retrier(error: &str) -> String {
    format!(r#"{{"ErrorEquals":["{error}"]}}"#)
}

fn catcher(error: &str) -> String {
    format!(r#"{{"ErrorEquals":["{error}"],"Next":"S0"}}"#)
}

/// Objects and arrays in turn.
fn nested_json(depth: usize) -> String {
    [r#"{"a":["#.repeat(depth / 2), "1".into(), "]}".repeat(depth / 2)].concat()
}

fn nested_machine(depth: usize, open: &str, close: &str) -> Vec<u8> {
    let head = r#"{"StartAt":"S0","States":{"S0":"#;
    [&[head, open].concat().repeat(depth), head, r#"{"Type":"Succeed"}}}"#, &[close, "}}"].concat().repeat(depth)]
        .concat()
        .into()
}

fn states_yaml() -> Vec<u8> {
    let state = |i| format!("  S{i}:\n    Type: Pass\n    Next: S{}\n", i + 1);
    let states: String = (0..200_000).map(state).collect();
    format!("StartAt: S0\nStates:\n{states}  S200000:\n    Type: Succeed\n").into()
}

/// Each state goes on and back: as many loops in one another as there are states.
fn ladder_loops() -> Vec<u8> {
    let count = 50_000;
    many(count, |i| {
        let (on, back) = ((i + 1) % count, i.saturating_sub(1));
        choice(2, |way| format!(r#""Next":"S{}""#, if way == 0 { on } else { back }))
    })
}
