//! Pages, findings and the shape of modules.

use wfc_cir::{LowerInput, LowerOptions, Module, On};
use wfc_diag::{Diagnostic, Sink};
use wfc_source::{Format, Limits, SourceMap};

use crate::{rules, FRONT};

fn lower(text: &str) -> (Option<Module>, Vec<Diagnostic>) {
    let mut sink = Sink::default();
    let file = SourceMap::new().add("workflow.toml", text);
    let tree = wfc_source::parse(&file, Format::Toml, &Limits::default(), &mut sink);
    let options = LowerOptions::default();
    let input = LowerInput { path: "workflow.toml", tree: &tree, options: &options };
    let module = (FRONT.lower)(&input, &mut sink);
    (module, sink.into_sorted())
}

fn names(found: &[Diagnostic]) -> Vec<&str> {
    found.iter().map(|found| found.rule.name).collect()
}

fn example<'p>(page: &'p str, title: &str) -> &'p str {
    let section = page.split(&format!("## {title}\n")).nth(1).unwrap();
    section.split("```toml\n").nth(1).unwrap().split("```").next().unwrap()
}

#[test]
fn pages_show_their_rule() {
    for rule in rules::ALL {
        let (_, bad) = lower(example(rule.page, "Example"));
        assert_eq!(names(&bad), [rule.name], "{bad:#?}");
        let (_, good) = lower(example(rule.page, "Instead"));
        assert_eq!(good, [], "{}", rule.name);
    }
}

#[test]
fn steps_become_a_dag() {
    let (module, found) = lower(
        "[workflow]\nid = 'w'\n[[steps]]\nid = 'a'\nrun = 'x'\n\
         [[steps]]\nid = 'b'\nrun = 'y'\nneeds = ['a']\nwhen = '!outputs.a.ok'\nretry = {max = 2}\ntimeout = 1.5\n",
    );
    assert_eq!(found, []);
    let module = module.unwrap();
    let nodes: Vec<_> = module.nodes.iter().collect();
    let (a, b) = (nodes[0].0, nodes[1].1);
    let edge = module.out(a, On::Done).unwrap();
    assert_eq!(edge.to, nodes[1].0);
    assert!(matches!(b.when.as_ref().unwrap().kind, wfc_cir::ExprKind::Dotted { out: Some(out), .. } if out == a));
    assert_eq!(b.policy.as_ref().unwrap().retry.len(), 1);
}

#[test]
fn every_mistake_is_reported_in_one_run() {
    let (_, found) = lower(
        "[workflow]\nname = 1\n[[steps]]\nid = 'a b'\nrunn = 'x'\n[[steps]]\nid = 'c'\nrun = 'x'\nneeds = ['c', 'd']\n\
         when = 'outputs.cc.ok'\nloop = 1\nenv = {A = 1}\nretry = {max = 0.5}\n",
    );
    let mut found = names(&found);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "needs-cycle",
            "unknown-step",
            "unknown-step",
            "workflow-bad-value",
            "workflow-bad-value",
            "workflow-missing-field",
            "workflow-missing-field",
            "workflow-unknown-field",
            "workflow-unsupported-field",
            "workflow-wrong-type",
            "workflow-wrong-type",
        ]
    );
}

#[test]
fn long_chains_and_circles_are_read_in_time() {
    for (closed, expected) in [(false, 0), (true, 1)] {
        let step = |at: usize| match at {
            0 if !closed => "[[steps]]\nid = 's0'\nrun = 'x'\n".to_owned(),
            0 => "[[steps]]\nid = 's0'\nrun = 'x'\nneeds = ['s1999']\n".to_owned(),
            _ => format!("[[steps]]\nid = 's{at}'\nrun = 'x'\nneeds = ['s{}']\n", at - 1),
        };
        let text = format!("[workflow]\nid = 'w'\n{}", (0..2000).map(step).collect::<String>());
        assert_eq!(lower(&text).1.len(), expected);
    }
}

#[test]
fn no_text_makes_it_panic() {
    for text in ["", "steps = 1", "workflow = []\nsteps = [1, []]", "[workflow]\nid=''\n[[steps]]\n", "[[steps]\n"] {
        lower(text);
    }
}

fn step(id: &str, more: &str) -> String {
    format!("[[steps]]\nid = '{id}'\nrun = 'x'\n{more}\n")
}

fn workflow(steps: &[(&str, &str)]) -> String {
    let steps: String = steps.iter().map(|(id, more)| step(id, more)).collect();
    format!("[workflow]\nid = 'w'\n{steps}")
}

#[test]
fn all_cycles_are_reported_at_once() {
    let text = workflow(&[
        ("a", "needs = ['b']"),
        ("b", "needs = ['a', 'c']"),
        ("c", "needs = ['b', 'c']"),
        ("d", "needs = ['e', 'a']"),
        ("e", "needs = ['d']"),
    ]);
    let (module, found) = lower(&text);
    let messages: Vec<&str> = found.iter().map(|found| &*found.message).collect();
    let circle = "steps need each other in a circle:";
    assert_eq!(
        messages,
        [
            &format!("{circle} a -> b -> a"),
            &format!("{circle} b -> c -> b"),
            "the step 'c' needs itself",
            &format!("{circle} d -> e -> d"),
        ]
    );
    wfc_cir::verify(&module.unwrap()).unwrap();
}

#[test]
fn conditions_read_only_what_comes_first() {
    for (steps, wrong) in [
        (&[("a", ""), ("b", "needs = ['a']"), ("c", "needs = ['b']\nwhen = '!outputs.a.ok'")][..], None),
        (&[("a", ""), ("b", "needs = ['a']"), ("c", "needs = ['a']\nwhen = '!outputs.b.ok'")], Some("b")),
        (&[("a", ""), ("b", "when = 'a.ok'")], Some("a")),
        (&[("a", "when = 'outputs.a'")], Some("a")),
        (&[("a", "when = 'input.b'"), ("b", "when = 'c.d'")], None),
    ] {
        let text = workflow(steps);
        let (_, found) = lower(&text);
        let places: Vec<_> = found.iter().map(|found| (found.rule.name, &text[found.primary.span.range()])).collect();
        assert_eq!(places, wrong.map(|name| ("when-reads-unneeded", name)).into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn what_follows_from_other_mistakes_is_not_reported() {
    let unknown = workflow(&[("a", ""), ("b", "needs = ['x']"), ("c", "needs = ['b']\nwhen = 'outputs.a'")]);
    assert_eq!(names(&lower(&unknown).1), ["unknown-step"]);
    let circle = workflow(&[("a", "needs = ['b']"), ("b", "needs = ['a']\nwhen = 'outputs.a'")]);
    assert_eq!(names(&lower(&circle).1), ["needs-cycle"]);
}

#[test]
fn many_conditions_are_looked_at_in_time() {
    let step = |at: usize| match at {
        0 => step("s0", ""),
        _ => step(&format!("s{at}"), &format!("needs = ['s{}']\nwhen = 'outputs.s{}.ok'", at - 1, at / 2)),
    };
    let text = format!("[workflow]\nid = 'w'\n{}", (0..5000).map(step).collect::<String>());
    assert_eq!(lower(&text).1.len(), 0);
}
