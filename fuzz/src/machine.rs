//! Laws of whole programs, from bytes to the last finding.

use wfc_analyze::Facts;
use wfc_cir::{equivalent, text, verify, LowerInput, LowerOptions, MachineType, Module, Vocab};
use wfc_diag::Sink;
use wfc_from_asl::{FRONT, VOCAB};
use wfc_source::{parse, Format, Limits, SourceFile, Tree};

use crate::text::{check_findings, file};

/// A file that may hold a state machine: its module is well formed, and every finding points into it.
pub fn asl(data: &[u8]) {
    let mut sink = Sink::default();
    let file = file("fuzz.asl", data, &mut sink);
    let format = if file.text().trim_start().starts_with('{') { Format::Json } else { Format::Yaml };
    let tree = parse(&file, format, &Limits::default(), &mut sink);
    (FRONT.sniff)("fuzz.asl", &tree);
    let found = [MachineType::Standard, MachineType::Express].map(|machine_type| analysed(&file, &tree, machine_type));
    if let [Some(standard), Some(express)] = found {
        assert_eq!(standard, express, "the type of machine decides on findings, not on the module");
    }
}

/// The module as text, after every analysis and check.
fn analysed(file: &SourceFile, tree: &Tree, machine_type: MachineType) -> Option<String> {
    let mut sink = Sink::default();
    let options = LowerOptions { machine_type, ..LowerOptions::default() };
    let module = (FRONT.lower)(&LowerInput { path: file.name(), tree, options: &options }, &mut sink);
    check_findings(file, &sink);
    let module = module?;
    let facts = well_formed(&module);
    wfc_validate::validate(&module, &VOCAB, &facts, &mut sink);
    check_findings(file, &sink);
    Some(printed(&module))
}

fn well_formed(module: &Module) -> Facts {
    assert_eq!(verify(module), Ok(()));
    wfc_analyze::analyze(module)
}

/// The text form of CIR: a module that is well formed reads back as an equivalent one from what is printed, and every
/// check takes it.
pub fn cir(data: &[u8]) {
    let file = file("fuzz.cir", data, &mut Sink::default());
    let mut sink = Sink::default();
    let module = text::parse(&file, &mut sink);
    check_findings(&file, &sink);
    assert_eq!(module.is_none(), sink.has_errors());
    let Some(module) = module else { return };
    // What a person writes may be readable and still malformed, such as a `dag` with a cycle.
    if verify(&module).is_ok() {
        printed(&module);
        let facts = wfc_analyze::analyze(&module);
        wfc_validate::validate(&module, &Vocab::CIR, &facts, &mut sink);
        check_findings(&file, &sink);
    }
}

/// The module as text, which reads back as an equivalent module unless it nests deeper than the text form may.
fn printed(module: &Module) -> String {
    let printed = text::print(module);
    let mut sink = Sink::default();
    let file = file("printed.cir", printed.as_bytes(), &mut sink);
    let again = text::parse(&file, &mut sink);
    if sink.found().iter().any(|finding| finding.message.contains("(max-nesting)")) {
        return printed;
    }
    assert!(again.is_some(), "printed as {printed}\n{:?}", sink.found());
    assert_eq!(again.map(|again| equivalent(module, &again)), Some(Ok(())), "printed as {printed}");
    printed
}
