//! Findings for tests, made by hand so that renderers are tested without any checker.

#![allow(dead_code, reason = "each test file uses a part")]

use wfc_diag::{Diagnostic, FileId, Rule, Safety, Scope, Severity, Span};
use wfc_report::{render, Format, Report, Style};
use wfc_source::SourceMap;

pub(crate) const MISSING: Rule = Rule {
    name: "missing-target",
    severity: Severity::Error,
    blocking: true,
    scope: Scope::Any,
    summary: "a transition names a state that does not exist",
    page: "# missing-target\n\nA transition must lead to a state of\nthe same machine.\n\n## Bad\n\n`\"Next\": \"Nowhere\"`\n",
};

pub(crate) const UNREACHABLE: Rule = Rule {
    name: "unreachable-state",
    severity: Severity::Warning,
    blocking: false,
    scope: Scope::Any,
    summary: "no way leads to a state",
    page: "# unreachable-state\n\nNo way leads to the state.\n",
};

pub(crate) const RETRY: Rule = Rule {
    name: "retry-advice",
    severity: Severity::Info,
    blocking: false,
    scope: Scope::Any,
    summary: "a task has no retry",
    page: "",
};

pub(crate) static RULES: [&Rule; 3] = [&MISSING, &UNREACHABLE, &RETRY];

pub(crate) const MACHINE: &str = r#"{
  "StartAt": "Pay",
  "States": {
    "Pay": {
      "Type": "Task",
      "Resource": "arn:pay",
      "Next": "Shipp"
    },
    "Ship": {"Type": "Succeed"},
    "Überweisung": {
      "Type": "Pass",
      "End": true
    }
  }
}
"#;

pub(crate) const CONFIG: &str = "# rules\n[rules]\nunreachable-state = \"warning\"\n";

/// Files with findings in them.
#[derive(Default)]
pub(crate) struct Case {
    pub(crate) sources: SourceMap,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Case {
    pub(crate) fn render(&self, format: Format, style: Style) -> String {
        let checked: Vec<FileId> = self.sources.files().iter().map(|file| file.id()).collect();
        render(&self.report(&checked), format, style)
    }

    pub(crate) fn report<'a>(&'a self, checked: &'a [FileId]) -> Report<'a> {
        let Self { sources, diagnostics } = self;
        Report { sources, diagnostics, rules: &RULES, checked, tool_version: "1.2.3" }
    }

    pub(crate) fn human(&self) -> String {
        self.render(Format::Human, Style::default())
    }

    /// The text of all files, then what was printed.
    pub(crate) fn transcript(&self, output: &str) -> String {
        let file = |file: &wfc_source::SourceFile| {
            let text: String = file.text().chars().take(600).collect();
            let cut = if text.len() < file.text().len() { "…" } else { "" };
            format!(
                "==== {} ====\n{}{cut}\n",
                file.name(),
                text.escape_debug().to_string().replace("\\n", "\n").replace("\\\"", "\"")
            )
        };
        self.sources.files().iter().map(file).collect::<String>() + "==== output ====\n" + output
    }
}

/// A case with one file and one finding at the place where `needle` is first found.
pub(crate) fn pointing_at(text: &str, needle: &str, label: &str) -> Case {
    let start = text.find(needle).expect("the needle is in the text");
    at(text, start, start + needle.len(), label)
}

/// A case with one file and one finding at bytes `start..end`.
pub(crate) fn at(text: &str, start: usize, end: usize, label: &str) -> Case {
    let mut case = Case::default();
    let file = case.sources.add("flow.json", text).id();
    case.diagnostics.push(Diagnostic::new(&MISSING, Span::new(file, start, end), "something is wrong").label(label));
    case
}

/// Every member of a diagnostic, two files, three severities, and a file without findings.
pub(crate) fn full() -> Case {
    let mut case = Case::default();
    let flow = case.sources.add("flows/pay.asl.json", MACHINE).id();
    let config = case.sources.add("wfc.toml", CONFIG).id();
    case.sources.add("flows/clean.asl.json", "{}\n");
    let find = |needle: &str| {
        let start = MACHINE.find(needle).expect("the needle is in the machine");
        Span::new(flow, start, start + needle.len())
    };
    let setting = Span::new(config, 16, 45);
    case.diagnostics.push(
        Diagnostic::new(&MISSING, find("\"Shipp\""), "no state is named \"Shipp\"")
            .label("not a state")
            .also(find("\"Ship\""), "a state with a similar name")
            .note("the execution fails when it gets here")
            .help("name a state of this machine: \"Pay\", \"Ship\" or \"Überweisung\"")
            .fix("replace by \"Ship\"", Safety::Unsafe, vec![(find("\"Shipp\""), "\"Ship\"".into())])
            .owner("SCHEMA_VALIDATION_FAILED", "Missing 'Next' target: Shipp", Some("/States/Pay/Next".into())),
    );
    case.diagnostics.push(
        Diagnostic::new(&UNREACHABLE, find("\"Überweisung\""), "no way leads to \"Überweisung\"")
            .also(setting, "the severity is set here")
            .also(find("\"StartAt\": \"Pay\""), "ways begin here")
            .fix(
                "remove the state",
                Safety::Safe,
                vec![(
                    find(",\n    \"Überweisung\": {\n      \"Type\": \"Pass\",\n      \"End\": true\n    }"),
                    String::new(),
                )],
            ),
    );
    case.diagnostics.push(
        Diagnostic::new(
            &RETRY,
            find("{\n      \"Type\": \"Task\",\n      \"Resource\": \"arn:pay\",\n      \"Next\": \"Shipp\"\n    }"),
            "the task has no retry",
        )
        .label("this task"),
    );
    case
}
