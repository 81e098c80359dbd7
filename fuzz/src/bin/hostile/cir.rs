//! Cases for the text form of CIR.

use crate::Case;

const fn cir(name: &'static str, bytes: fn() -> Vec<u8>) -> Case {
    Case { name, file: "cir", bytes }
}

pub(crate) const CASES: &[Case] = &[
    cir("cir-empty", Vec::new),
    cir("cir-no-utf8", || vec![0xff; 1 << 20]),
    cir("cir-blocks-deep", || "a {".repeat(100_000).into()),
    cir("cir-terms-deep", || node(&format!("{{ args = {}1{}; }}", "[".repeat(100_000), "]".repeat(100_000)))),
    cir("cir-terms-open", || node(&format!("{{ args = {}", "and(".repeat(100_000)))),
    cir("cir-terms-limit", || node(&format!("{{ args = {}1{}; }}", "[".repeat(240), "]".repeat(240)))),
    cir("cir-of-chain", || node(&format!("{{ args = input{}; }}", " of input".repeat(100_000)))),
    cir("cir-json-deep", || node(&format!("{{ args = json{}1{}; }}", "[".repeat(100_000), "]".repeat(100_000)))),
    cir("cir-scopes-deep", || {
        let inner = |i: usize| format!("node n{i} scope {{ seq {{ ");
        let open: String = (0..10_000).map(inner).collect();
        node(&format!("scope {{ seq {{ {open}{} }} }}", "} } ".repeat(10_000)))
    }),
    cir("cir-nodes", || nodes(100_000, |i| format!("node n{i} assign {{ on done -> n{}; }}", (i + 1) % 100_000))),
    cir("cir-nodes-same", || nodes(100_000, |_| "node n return region;".into())),
    cir("cir-targets-unknown", || nodes(20_000, |i| format!("node n{i} assign {{ on done -> x{i}; }}"))),
    cir("cir-words-unknown", || nodes(20_000, |i| format!("noed n{i} asign {{ dnoe = 1; }}"))),
    cir("cir-array-long", || node(&format!("{{ args = [{}]; }}", vec!["1"; 300_000].join(", ")))),
    cir("cir-string-10mb", || node(&format!("{{ comment \"{}\"; }}", "x".repeat(10 << 20)))),
    cir("cir-string-open", || node(&format!("{{ comment \"{}", "x\n".repeat(1 << 20)))),
    cir("cir-digits", || node(&format!("{{ args = {}; }}", "9".repeat(1_000_000)))),
    cir("cir-brackets", || ")".repeat(1 << 20).into()),
    cir("cir-semicolons", || ";".repeat(1 << 20).into()),
    cir("cir-comments", || "// x\n".repeat(1 << 20).into()),
];

/// A module whose only node is as given.
fn node(rest: &str) -> Vec<u8> {
    nodes(1, |_| format!("node n0 assign {rest}"))
}

fn nodes(count: usize, node: impl Fn(usize) -> String) -> Vec<u8> {
    let nodes: String = (0..count).map(|i| node(i) + "\n").collect();
    format!("cir 1; module m dialect cir entry f; flow f {{ seq entry n0 {{ {nodes} }} }}").into()
}
