//! Passes on hand-written modules.

use wfc_cir::{text, Module};
use wfc_diag::Sink;
use wfc_source::{FileId, SourceFile};

use crate::{run, Pass};

/// Asserts that a pass makes one flow body of another.
pub(crate) fn assert_pass(pass: &str, before: &str, after: &str) {
    assert_pass_in("plain", pass, before, after);
}

/// Asserts that a pass finds nothing to do in a flow body.
pub(crate) fn assert_unchanged(pass: &str, body: &str) {
    assert_unchanged_in("plain", pass, body);
}

/// The same in a flow with that trace table.
pub(crate) fn assert_unchanged_in(trace: &str, pass: &str, body: &str) {
    assert_pass_in(trace, pass, body, body);
}

fn assert_pass_in(trace: &str, name: &str, before: &str, after: &str) {
    let (mut module, expected) = (module(trace, before), module(trace, after));
    let original = module.clone();
    let pass = Pass::named(name).unwrap();
    let ran = run(&mut module, &[pass], false, &mut |_, _| {}).unwrap();
    assert_eq!(text::print(&module), text::print(&expected));
    ran.into_iter().rev().for_each(|ran| wfc_cir::undo(&mut module, ran.log));
    assert_eq!(module, original);
}

fn module(trace: &str, body: &str) -> Module {
    let text =
        format!("cir 1; module \"m\" dialect cir entry main; flow main {{ trace {trace}; abort await; {body} }}");
    let mut sink = Sink::default();
    let module = text::parse(&SourceFile::new(FileId(0), "test.cir", text), &mut sink);
    assert!(!sink.has_errors(), "{:?}", sink.into_sorted());
    module.unwrap()
}
