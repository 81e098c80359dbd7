//! Laws of places: what points into a text points at whole characters of it.

use wfc_diag::{Diagnostic, Sink, Span, TextRange};
use wfc_expr::ExprError;
use wfc_source::{NodeId, SourceFile, SourceMap, Tree};

/// The file that `data` becomes; for bytes that are no UTF-8, with the finding that says so.
pub(crate) fn file(name: &str, data: &[u8], sink: &mut Sink) -> SourceFile {
    SourceMap::new().add_bytes(name, data.to_vec(), sink)
}

/// Every node of the tree, and every character of every text in it, is somewhere in the file.
pub(crate) fn check_tree(tree: &Tree) {
    assert!(!tree.is_empty());
    for index in 0..tree.len() {
        let node = tree.node(NodeId(index as u32));
        let range = node.span().range();
        assert!(tree.source().get(range.clone()).is_some(), "{range:?} is not in the text");
        for (at, ch) in node.text().char_indices() {
            let range = node.locate(TextRange::new(at, at + ch.len_utf8())).range();
            assert!(tree.source().get(range.clone()).is_some(), "{range:?}, of {ch:?} in {:?}", node.text());
        }
    }
}

/// Every finding points into the file, and has words.
pub(crate) fn check_findings(file: &SourceFile, sink: &Sink) {
    sink.found().iter().for_each(|finding| check_finding(file, finding));
}

fn check_finding(file: &SourceFile, finding: &Diagnostic) {
    assert!(!finding.message.is_empty(), "{finding:?}");
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    let labels = finding.labels.iter().map(|label| label.span);
    for span in std::iter::once(finding.primary.span).chain(labels).chain(edits) {
        check_span(file, span, finding);
    }
}

fn check_span(file: &SourceFile, span: Span, finding: &Diagnostic) {
    assert_eq!(span.file, file.id(), "{finding:?}");
    assert!(file.text().get(span.range()).is_some(), "{:?} is not in the text: {finding:?}", span.range());
}

/// An error in an expression points into it, and has words.
pub(crate) fn check_error(text: &str, error: &ExprError) {
    assert!(!error.message.is_empty(), "{error:?}");
    check_range(text, error.range);
}

/// A range in an expression holds whole characters of it.
pub(crate) fn check_range(text: &str, range: TextRange) {
    assert!(text.get(range.range()).is_some(), "{range:?} is not in the text");
}
