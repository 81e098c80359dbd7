//! Checks a state machine held in memory: no files, no terminal, no default features needed.
//!
//! `cargo run --example check_text --no-default-features`

use wfc::{MemoryWorld, Session};

const MACHINE: &str = r#"{
  "StartAt": "Greet",
  "States": {
    "Greet": { "Type": "Pass", "Result": { "hello": "world" }, "Next": "Dnoe" },
    "Done": { "Type": "Succeed" }
  }
}"#;

#[allow(clippy::print_stdout)]
fn main() {
    let world = MemoryWorld::new().with("greet.asl.json", MACHINE);
    let mut session = Session::new();
    let analysis = match session.check(&world, "greet.asl.json") {
        Ok(analysis) => analysis,
        Err(why) => return println!("greet.asl.json could not be read: {why}"),
    };
    for finding in &analysis.diagnostics {
        let file = session.sources().file(finding.primary.span.file);
        let at = file.map(|file| file.line_column(finding.primary.span.start as usize));
        let (line, column) = at.map_or((0, 0), |at| (at.line, at.column));
        println!("{line}:{column}: {}[{}]: {}", finding.severity.word(), finding.rule.name, finding.message);
    }
    println!("{}", if analysis.blocked { "it would be refused" } else { "it can be created" });
}
