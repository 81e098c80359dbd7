//! The tool's own JSON: one versioned object, or one a line, with a schema derived from the same structs.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use wfc_diag::{Diagnostic, Edit, Fix, Label, OwnerMessage};

use crate::place::{Places, Position};
use crate::summary::Counts;
use crate::{pretty, Report, TOOL};

/// The version of the shape. It grows when a member is removed or changes its meaning, not when one is added.
pub const JSON_VERSION: u32 = 1;

/// The JSON Schema (draft 2020-12) of what `Format::Json` writes. Each line of `Format::Jsonl` is the
/// definition `FindingJson` with a member `version` in front.
pub fn json_schema() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<ReportJson>()
}

pub(crate) fn render(report: &Report) -> String {
    let places = Places::of(report);
    pretty(&ReportJson {
        version: JSON_VERSION,
        tool: ToolJson { name: TOOL, version: report.tool_version },
        diagnostics: report.diagnostics.iter().map(|d| finding(&places, d)).collect(),
        summary: SummaryJson::from(Counts::of(report)),
    })
}

pub(crate) fn render_lines(report: &Report) -> String {
    let places = Places::of(report);
    let line = |d| LineJson { version: JSON_VERSION, finding: finding(&places, d) };
    // The wire structs have string keys and no fallible serializers, so an error cannot happen.
    let text = |d| serde_json::to_string(&line(d)).unwrap_or_default() + "\n";
    report.diagnostics.iter().map(text).collect()
}

/// The findings of one run of the tool.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Diagnostics of wfc")]
struct ReportJson<'a> {
    /// The version of this shape.
    #[schemars(extend("const" = JSON_VERSION))]
    version: u32,
    /// What wrote the report.
    tool: ToolJson<'a>,
    /// The findings, in reading order.
    diagnostics: Vec<FindingJson<'a>>,
    /// The findings counted.
    summary: SummaryJson,
}

#[derive(Serialize)]
struct LineJson<'a> {
    version: u32,
    #[serde(flatten)]
    finding: FindingJson<'a>,
}

/// The tool that wrote the report.
#[derive(Serialize, JsonSchema)]
struct ToolJson<'a> {
    /// Its name.
    name: &'a str,
    /// Its version.
    version: &'a str,
}

/// How bad a finding is.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum SeverityJson {
    /// Certain: the program is refused, or fails whenever it gets there.
    Error,
    /// Likely a mistake, or certain on some way only.
    Warning,
    /// Worth knowing.
    Info,
}

/// One finding.
#[derive(Serialize, JsonSchema)]
struct FindingJson<'a> {
    /// The name of the rule; `wfc explain` knows its page.
    rule: &'a str,
    /// The severity in force.
    severity: SeverityJson,
    /// Whether the dialect's owner refuses the program for it.
    blocking: bool,
    /// One sentence: what is wrong.
    message: &'a str,
    /// The file, named as it was given.
    file: &'a str,
    /// The first character.
    start: PositionJson,
    /// Behind the last character.
    end: PositionJson,
    /// A word on that place; may be empty.
    label: &'a str,
    /// Other places that matter.
    labels: Vec<LabelJson<'a>>,
    /// Why it matters, one paragraph each.
    notes: &'a [String],
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// The change that removes it, where one is certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixJson<'a>>,
    /// What the dialect's owner says about the same problem, word for word.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<OwnerJson<'a>>,
}

/// A position in a file.
#[derive(Serialize, JsonSchema)]
struct PositionJson {
    /// Line, from 1.
    #[schemars(range(min = 1))]
    line: usize,
    /// Column in Unicode scalar values, from 1.
    #[schemars(range(min = 1))]
    column: usize,
    /// Offset in bytes of UTF-8, from 0.
    offset: usize,
}

/// A place with a word on its part in the problem.
#[derive(Serialize, JsonSchema)]
struct LabelJson<'a> {
    /// The file, named as it was given.
    file: &'a str,
    /// The first character.
    start: PositionJson,
    /// Behind the last character.
    end: PositionJson,
    /// What about it.
    text: &'a str,
}

/// A change that removes the problem.
#[derive(Serialize, JsonSchema)]
struct FixJson<'a> {
    /// What it does, as an imperative sentence.
    title: &'a str,
    /// Whether it may be applied without being looked at.
    safety: SafetyJson,
    /// The replacements; they do not overlap.
    edits: Vec<EditJson<'a>>,
}

/// Whether a fix keeps the meaning of the program.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum SafetyJson {
    /// Applied by `--fix`.
    Safe,
    /// Applied by `--unsafe-fixes`.
    Unsafe,
}

/// A replacement of one range by text.
#[derive(Serialize, JsonSchema)]
struct EditJson<'a> {
    /// The file, named as it was given.
    file: &'a str,
    /// The first character that is replaced.
    start: PositionJson,
    /// Behind the last one; the same as `start` to insert.
    end: PositionJson,
    /// The new text; empty to delete.
    text: &'a str,
}

/// The owner's own words.
#[derive(Serialize, JsonSchema)]
struct OwnerJson<'a> {
    /// The owner's code.
    code: &'a str,
    /// The owner's message.
    message: &'a str,
    /// The owner's notation of the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
}

/// The findings counted.
#[derive(Serialize, JsonSchema)]
struct SummaryJson {
    /// Findings of severity error.
    errors: usize,
    /// Findings of severity warning.
    warnings: usize,
    /// Findings of severity info.
    infos: usize,
    /// Findings for which the dialect's owner refuses the program.
    blocking: usize,
    /// Findings with a fix that `--fix` applies.
    fixable: usize,
    /// Findings with a fix that `--unsafe-fixes` applies.
    fixable_unsafe: usize,
    /// Files looked at.
    files_checked: usize,
    /// Files with findings.
    files_affected: usize,
}

impl From<Counts> for SummaryJson {
    fn from(counts: Counts) -> Self {
        Self {
            errors: counts.errors,
            warnings: counts.warnings,
            infos: counts.infos,
            blocking: counts.blocking,
            fixable: counts.safe_fixes,
            fixable_unsafe: counts.unsafe_fixes,
            files_checked: counts.checked,
            files_affected: counts.affected,
        }
    }
}

impl From<wfc_diag::Severity> for SeverityJson {
    fn from(severity: wfc_diag::Severity) -> Self {
        match severity {
            wfc_diag::Severity::Error => SeverityJson::Error,
            wfc_diag::Severity::Warning => SeverityJson::Warning,
            wfc_diag::Severity::Info => SeverityJson::Info,
        }
    }
}

impl From<wfc_diag::Safety> for SafetyJson {
    fn from(safety: wfc_diag::Safety) -> Self {
        match safety {
            wfc_diag::Safety::Safe => SafetyJson::Safe,
            wfc_diag::Safety::Unsafe => SafetyJson::Unsafe,
        }
    }
}

impl From<Position> for PositionJson {
    fn from(position: Position) -> Self {
        Self { line: position.line, column: position.column, offset: position.offset }
    }
}

fn finding<'a>(places: &Places<'a>, diagnostic: &'a Diagnostic) -> FindingJson<'a> {
    let place = places.place(diagnostic.primary.span);
    FindingJson {
        rule: diagnostic.rule.name,
        severity: diagnostic.severity.into(),
        blocking: diagnostic.blocking,
        message: &diagnostic.message,
        file: place.file,
        start: place.start.into(),
        end: place.end.into(),
        label: &diagnostic.primary.text,
        labels: diagnostic.labels.iter().map(|l| label(places, l)).collect(),
        notes: &diagnostic.notes,
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref().map(|f| fix(places, f)),
        owner: diagnostic.owner.as_ref().map(owner),
    }
}

fn label<'a>(places: &Places<'a>, label: &'a Label) -> LabelJson<'a> {
    let place = places.place(label.span);
    LabelJson { file: place.file, start: place.start.into(), end: place.end.into(), text: &label.text }
}

fn fix<'a>(places: &Places<'a>, fix: &'a Fix) -> FixJson<'a> {
    let edits = fix.edits.iter().map(|e| edit(places, e)).collect();
    FixJson { title: &fix.title, safety: fix.safety.into(), edits }
}

fn edit<'a>(places: &Places<'a>, edit: &'a Edit) -> EditJson<'a> {
    let place = places.place(edit.span);
    EditJson { file: place.file, start: place.start.into(), end: place.end.into(), text: &edit.text }
}

fn owner(owner: &OwnerMessage) -> OwnerJson<'_> {
    OwnerJson { code: owner.code, message: &owner.message, location: owner.location.as_deref() }
}
