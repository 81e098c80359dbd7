//! Files and findings nobody would write: no panic, no raw control character, no time that explodes.

mod common;

use std::time::{Duration, Instant};

use common::{at, Case, MISSING};
use proptest::prelude::*;
use wfc_diag::{Diagnostic, FileId, Span};
use wfc_report::{Format, Style};

const STYLES: [Style; 3] = [
    Style { color: false, unicode: true, width: None },
    Style { color: false, unicode: false, width: Some(0) },
    Style { color: true, unicode: true, width: Some(60) },
];

fn render_all(case: &Case) {
    for format in Format::ALL {
        for style in STYLES {
            let text = case.render(format, style);
            assert!(text.is_empty() || text.ends_with('\n'));
            if !style.color {
                let raw = text.chars().find(|c| c.is_control() && *c != '\n' && format != Format::Junit);
                assert_eq!(raw, None, "{format}");
            }
        }
    }
}

fn location_lines(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.trim_start().strip_prefix("--> ")).collect()
}

#[test]
fn spans_outside_the_file_do_no_harm() {
    for (text, start, end) in [("", 0, 9), ("ä", 1, 1), ("ä", 1, 2), ("abc", 3, 1), ("a\n", 7, 9), ("\r\n\r", 1, 3)] {
        render_all(&at(text, start, end, "label"));
        render_all(&at(text, start, end, ""));
    }
    let mut case = Case::default();
    case.diagnostics.push(Diagnostic::new(&MISSING, Span::new(FileId(7), 1, 2), "no file"));
    render_all(&case);
    assert_eq!(location_lines(&case.human()), ["<unknown>:1:1"]);
}

#[test]
fn the_colours_are_the_only_escapes() {
    let case = at("\"\u{1b}[2J\u{9b}31m\"", 0, 9, "\u{1b}]0;title\u{7}");
    let text = case.render(Format::Human, STYLES[2]);
    let foreign = text.split('\u{1b}').skip(1).find(|escape| {
        let code = escape.strip_prefix('[').and_then(|rest| rest.split_once('m')).map(|(code, _)| code);
        !code.is_some_and(|code| code.chars().all(|c| c.is_ascii_digit() || c == ';'))
    });
    assert_eq!(foreign, None);
    assert!(!text.contains(['\u{7}', '\u{9b}']));
}

#[test]
fn a_thousand_findings_in_one_line_of_three_megabytes_take_seconds() {
    let text = format!("[{}]", vec!["{\"Next\":\"状態\"}"; 180_000].join(","));
    assert!(text.len() > 3_000_000);
    let mut case = Case::default();
    let file = case.sources.add("flow.json", text.as_str()).id();
    for (start, found) in text.match_indices("\"状態\"").step_by(180) {
        let span = Span::new(file, start, start + found.len());
        let whole = Span::new(file, 0, text.len());
        case.diagnostics
            .push(Diagnostic::new(&MISSING, span, "no such state").label("here").also(whole, "in this list"));
    }
    for format in Format::ALL {
        let begin = Instant::now();
        let output = case.render(format, Style::default());
        assert!(begin.elapsed() < Duration::from_secs(5), "{format}: {:?}", begin.elapsed());
        if format == Format::Human {
            assert_eq!(location_lines(&output).len(), 1000);
            assert!(output.lines().all(|line| line.chars().count() < 160));
        }
    }
}

#[test]
fn ten_thousand_findings_over_many_lines_take_seconds() {
    let text = "  \"Next\": \"Nowhere\",\r\n".repeat(100_000);
    let mut case = Case::default();
    let file = case.sources.add("flow.json", text.as_str()).id();
    for line in 0..10_000 {
        let start = line * 230 + 10;
        let label = Span::new(file, text.len() - 20, text.len() - 10);
        case.diagnostics.push(Diagnostic::new(&MISSING, Span::new(file, start, start + 9), "no").also(label, "end"));
    }
    for format in Format::ALL {
        let begin = Instant::now();
        case.render(format, Style::default());
        assert!(begin.elapsed() < Duration::from_secs(10), "{format}: {:?}", begin.elapsed());
    }
}

#[test]
fn thousands_of_labels_are_counted_not_drawn() {
    let mut case = at(&"x ".repeat(5000), 0, 1, "primary");
    let mut diagnostic = case.diagnostics.remove(0);
    for label in 0..5000 {
        diagnostic = diagnostic.also(Span::new(FileId(0), label * 2, label * 2 + 1), "again");
    }
    case.diagnostics.push(diagnostic);
    let text = case.human();
    assert!(text.contains("4992 more places not shown") && text.lines().count() < 60, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_and_spans_are_rendered(
        text in "([a-zä状🚀\u{1b}\u{202e}\t \r\"{}]{0,60}\n){0,6}[a-z\u{301}é]{0,300}",
        spans in proptest::collection::vec((0u32..700, 0u32..700, "[a-z\n\u{1b}]{0,8}"), 1..6),
    ) {
        let mut case = at(&text, 0, 0, "");
        let mut spans = spans.into_iter();
        let (start, end, label) = spans.next().unwrap();
        let primary = Span { file: FileId(0), start, end };
        let mut diagnostic = Diagnostic::new(&MISSING, primary, "message\u{1b}").label(label);
        for (start, end, label) in spans {
            diagnostic = diagnostic.also(Span { file: FileId(start % 2), start, end }, label);
        }
        case.diagnostics = vec![diagnostic];
        render_all(&case);

        let start = text.len().min(start as usize);
        let start = (0..=start).rev().find(|&at| text.is_char_boundary(at)).unwrap();
        let place = case.sources.files()[0].line_column(start);
        let expected = format!("flow.json:{}:{}", place.line, place.column);
        let output = case.human();
        prop_assert_eq!(location_lines(&output), vec![expected.as_str()], "{}", output);
    }
}
