//! `wfc-ignore:` markers inside a file, which silence findings where they stand.
//!
//! JSON has no comments, so a marker stands in a `Comment` field: it holds for the object around it, that is for
//! one state (its name included), one retrier, or the whole machine. In YAML and TOML a `# wfc-ignore:` comment holds for its own line
//! and the next one.

use wfc_diag::{Diagnostic, Severity, Sink, Span};
use wfc_source::{Format, Node, Tree};

use crate::{explain, rules};

const MARKER: &str = "wfc-ignore:";

/// A marker: the rule it names and the text it holds for.
struct Marker {
    rule: String,
    scope: Span,
    place: Span,
    used: bool,
}

/// Removes the findings that a marker of the file silences. Markers that name no rule, or silence nothing, are
/// findings themselves.
pub(crate) fn apply(tree: &Tree, format: Format, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut markers = in_comment_fields(tree);
    if format != Format::Json {
        in_line_comments(tree, &mut markers);
    }
    if markers.is_empty() {
        return diagnostics;
    }
    let had_errors = diagnostics.iter().any(|d| d.severity == Severity::Error);
    let mut sink = Sink::default();
    for diagnostic in diagnostics {
        if !silenced(&mut markers, &diagnostic) {
            sink.push(diagnostic);
        }
    }
    // Some checks do not run on a program with errors, so a marker for them only seems unused there.
    let complete = !had_errors;
    let complaints = markers.into_iter().filter_map(|marker| complaint(marker, complete));
    complaints.for_each(|d| sink.push(d));
    sink.into_sorted()
}

fn silenced(markers: &mut [Marker], diagnostic: &Diagnostic) -> bool {
    let span = diagnostic.primary.span;
    let mut hit = false;
    for marker in markers.iter_mut() {
        let inside = marker.scope.start <= span.start && span.end <= marker.scope.end;
        if inside && marker.rule == diagnostic.rule.name {
            marker.used = true;
            hit = true;
        }
    }
    hit
}

fn complaint(marker: Marker, complete: bool) -> Option<Diagnostic> {
    let Marker { rule, place, used, .. } = marker;
    if explain::rule(&rule).is_none() {
        let found = Diagnostic::new(&rules::UNKNOWN_RULE_NAME, place, format!("there is no rule called `{rule}`"));
        return Some(match explain::nearest_rule(&rule) {
            Some(name) => found.label(format!("did you mean `{name}`?")),
            None => found.help("`wfc explain --list` prints all names"),
        });
    }
    let message = format!("`{rule}` has nothing to say here");
    (!used && complete).then(|| Diagnostic::new(&rules::UNUSED_IGNORE, place, message).help("remove the marker"))
}

fn in_comment_fields(tree: &Tree) -> Vec<Marker> {
    // Looking at the text first keeps the usual file, which has no marker, from being walked.
    if !tree.source().contains(MARKER) {
        return Vec::new();
    }
    let mut markers = Vec::new();
    let root = tree.root();
    let mut work = vec![(root, root.span())];
    while let Some((node, scope)) = work.pop() {
        work.extend(node.items().map(|item| (item, item.span())));
        for member in node.members() {
            work.push((member.value, member.key.span().to(member.value.span())));
            if member.name() == "Comment" {
                add_names(scope, member.value, &mut markers);
            }
        }
    }
    markers
}

fn add_names(scope: Span, comment: Node<'_>, markers: &mut Vec<Marker>) {
    let Some((_, names)) = comment.as_str().and_then(|text| text.split_once(MARKER)) else { return };
    for rule in split_names(names) {
        markers.push(Marker { rule: rule.to_owned(), scope, place: comment.span(), used: false });
    }
}

fn in_line_comments(tree: &Tree, markers: &mut Vec<Marker>) {
    let text = tree.source();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let comment = line.find('#').and_then(|hash| Some((hash, line[hash..].split_once(MARKER)?.1)));
        if let Some((hash, names)) = comment {
            let next_end = text[end..].find('\n').map_or(text.len(), |i| end + i);
            let scope = Span::new(tree.file(), start, next_end);
            let place = Span::new(tree.file(), start + hash, start + line.trim_end().len());
            for rule in split_names(names) {
                markers.push(Marker { rule: rule.to_owned(), scope, place, used: false });
            }
        }
        start = end;
    }
}

/// The names behind a marker: separated by commas or blanks, up to the first word that cannot be one.
fn split_names(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split([',', ' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    words.take_while(|word| word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))
}
