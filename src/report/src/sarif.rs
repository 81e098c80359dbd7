//! SARIF 2.1.0: one run, every known rule, results with regions, fixes and fingerprints.

mod log;

use std::collections::HashMap;

use wfc_diag::{Diagnostic, Edit, FileId, Fix, Label, Rule, Severity};

use crate::fingerprint::Fingerprints;
use crate::place::{Place, Places};
use crate::{pretty, Report, TOOL};

use log::*;

pub(crate) fn render(report: &Report) -> String {
    let mut writer = Writer::new(report);
    let results = report.diagnostics.iter().map(|diagnostic| writer.result(diagnostic)).collect();
    let driver = Driver { name: TOOL, version: report.tool_version, rules: writer.rules };
    pretty(&Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run { tool: Tool { driver }, artifacts: writer.artifacts, results, column_kind: "unicodeCodePoints" }],
    })
}

/// Numbers rules and files as results mention them.
struct Writer<'a> {
    places: Places<'a>,
    rules: Vec<Descriptor>,
    rule_index: HashMap<&'static str, usize>,
    artifacts: Vec<Artifact>,
    artifact_index: HashMap<FileId, usize>,
    fingerprints: Fingerprints,
}

impl<'a> Writer<'a> {
    fn new(report: &Report<'a>) -> Self {
        let mut writer = Self {
            places: Places::of(report),
            rules: Vec::new(),
            rule_index: HashMap::new(),
            artifacts: Vec::new(),
            artifact_index: HashMap::new(),
            fingerprints: Fingerprints::default(),
        };
        for rule in report.rules {
            writer.rule(rule);
        }
        for &file in report.checked {
            writer.artifact(file);
        }
        writer
    }

    fn result(&mut self, diagnostic: &'a Diagnostic) -> ResultObject<'a> {
        ResultObject {
            rule_id: diagnostic.rule.name,
            rule_index: self.rule(diagnostic.rule),
            level: level(diagnostic.severity),
            message: Message { text: message(diagnostic) },
            locations: [self.location(&diagnostic.primary, None)],
            related_locations: diagnostic.labels.iter().zip(1..).map(|(l, id)| self.location(l, Some(id))).collect(),
            partial_fingerprints: PartialFingerprints { finding: self.fingerprints.next(&self.places, diagnostic) },
            fixes: diagnostic.fix.iter().map(|fix| self.fix(fix)).collect(),
            properties: properties(diagnostic),
        }
    }

    fn location(&mut self, label: &Label, id: Option<usize>) -> Location {
        let physical_location = PhysicalLocation {
            artifact_location: self.artifact(label.span.file),
            region: region(&self.places.place(label.span)),
        };
        let message = Some(label.text.clone()).filter(|text| !text.is_empty()).map(|text| Message { text });
        Location { id, physical_location, message }
    }

    fn fix(&mut self, fix: &'a Fix) -> FixObject<'a> {
        let mut changes: Vec<ArtifactChange<'a>> = Vec::new();
        for edit in &fix.edits {
            let artifact = self.artifact(edit.span.file);
            let replacement = self.replacement(edit);
            match changes.iter_mut().find(|change| change.artifact_location.index == artifact.index) {
                Some(change) => change.replacements.push(replacement),
                None => changes.push(ArtifactChange { artifact_location: artifact, replacements: vec![replacement] }),
            }
        }
        FixObject { description: Message { text: fix.title.clone() }, artifact_changes: changes }
    }

    fn replacement(&self, edit: &'a Edit) -> Replacement<'a> {
        let deleted_region = region(&self.places.place(edit.span));
        let inserted_content = Some(Content { text: &edit.text }).filter(|content| !content.text.is_empty());
        Replacement { deleted_region, inserted_content }
    }

    fn rule(&mut self, rule: &'static Rule) -> usize {
        *self.rule_index.entry(rule.name).or_insert_with(|| {
            self.rules.push(descriptor(rule));
            self.rules.len() - 1
        })
    }

    fn artifact(&mut self, file: FileId) -> ArtifactLocation {
        let name = self.places.file(file).name();
        let index = *self.artifact_index.entry(file).or_insert_with(|| {
            self.artifacts.push(Artifact { location: PlainLocation { uri: uri(name) } });
            self.artifacts.len() - 1
        });
        ArtifactLocation { uri: self.artifacts[index].location.uri.clone(), index }
    }
}

fn descriptor(rule: &'static Rule) -> Descriptor {
    let first = rule.page.split("\n\n").map(str::trim).find(|text| !text.is_empty() && !text.starts_with('#'));
    Descriptor {
        id: rule.name,
        short_description: Message { text: rule.summary.to_owned() },
        full_description: Message { text: first.unwrap_or(rule.summary).replace('\n', " ") },
        help: Help { text: rule.page, markdown: rule.page },
        default_configuration: Configuration { level: level(rule.severity) },
    }
}

fn properties(diagnostic: &Diagnostic) -> Properties<'_> {
    let owner = diagnostic.owner.as_ref().map(|owner| OwnerProperties {
        code: owner.code,
        message: &owner.message,
        location: owner.location.as_deref(),
    });
    Properties { blocking: diagnostic.blocking, notes: &diagnostic.notes, owner }
}

fn message(diagnostic: &Diagnostic) -> String {
    match &diagnostic.help {
        Some(help) => format!("{}\n{help}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn region(place: &Place) -> Region {
    Region {
        start_line: place.start.line,
        start_column: place.start.column,
        end_line: place.end.line,
        end_column: place.end.column,
    }
}

/// The name as a URI reference: relative stays relative, an absolute path becomes a `file:` URI.
fn uri(name: &str) -> String {
    let path = name.replace('\\', "/");
    let drive = path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path[1..].starts_with(":/");
    let prefix = match path.starts_with('/') {
        true => "file://",
        false if drive => "file:///",
        false => "",
    };
    path.bytes().fold(prefix.to_owned(), |mut uri, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri += &format!("%{byte:02X}"),
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn names_become_uri_references() {
        assert_eq!(uri("flows/größe 1.json"), "flows/gr%C3%B6%C3%9Fe%201.json");
        assert_eq!(uri("/tmp/a.json"), "file:///tmp/a.json");
        assert_eq!(uri("C:\\a\\b.json"), "file:///C%3A/a/b.json");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
        assert_eq!(uri("a:b"), "a%3Ab");
    }
}
