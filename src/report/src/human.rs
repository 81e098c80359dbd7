//! The format people read: excerpts drawn by ariadne, then help, notes, fix and the owner's words.

use std::fmt;

use ariadne::{Cache, CharSet, Color, Config, IndexType, ReportKind, Source};
use wfc_diag::{Diagnostic, FileId, Fix, Label, OwnerMessage, Safety, Severity};

use crate::excerpt::{excerpt, Excerpt, Look};
use crate::frame::{self, reframe, Section};
use crate::place::Places;
use crate::summary::{plural, Counts};
use crate::{clean, Report, Style};

/// The width of a page if there is no terminal to ask.
const PAGE: usize = 120;
/// Excerpts get at least so many columns, however narrow the terminal is.
const MIN_COLUMNS: usize = 40;
/// More places than these are counted, not drawn.
const MAX_LABELS: usize = 8;
/// Only this owner's messages are on record.
const OWNER: &str = "AWS";

pub(crate) fn render(report: &Report, style: Style) -> String {
    let writer = Writer { places: Places::of(report), style };
    let mut out = String::new();
    for diagnostic in report.diagnostics {
        out += &writer.finding(diagnostic);
        out.push('\n');
    }
    out + &Counts::of(report).sentence() + "\n"
}

struct Writer<'a> {
    places: Places<'a>,
    style: Style,
}

/// The labels of one file, sorted as ariadne must see them to draw the file once: by their ends.
struct Group<'a> {
    file: FileId,
    labels: Vec<&'a Label>,
}

impl Writer<'_> {
    fn finding(&self, diagnostic: &Diagnostic) -> String {
        let groups = self.groups(diagnostic);
        let excerpts: Vec<Excerpt> = groups.iter().map(|group| self.excerpt(group)).collect();
        let drawn = self.draw(diagnostic, &groups, &excerpts);
        let sections: Vec<Section> =
            groups.iter().zip(excerpts).map(|(group, excerpt)| self.section(diagnostic, group, excerpt)).collect();
        let mut out = self.heading(diagnostic);
        out += &reframe(&drawn, &sections, self.style.unicode);
        out + &self.trailer(diagnostic, frame::digits(&sections))
    }

    fn heading(&self, diagnostic: &Diagnostic) -> String {
        let kind = format!("{}[{}]", diagnostic.severity.word(), diagnostic.rule.name);
        let kind = self.paint(&kind, bold(diagnostic.severity));
        format!("{kind}: {}\n", self.paint(&clean::line(&diagnostic.message), "1"))
    }

    /// The primary label's file comes first, others in the order they are mentioned.
    fn groups<'d>(&self, diagnostic: &'d Diagnostic) -> Vec<Group<'d>> {
        let mut groups: Vec<Group<'d>> = Vec::new();
        for label in std::iter::once(&diagnostic.primary).chain(diagnostic.labels.iter().take(MAX_LABELS)) {
            match groups.iter_mut().find(|group| group.file == label.span.file) {
                Some(group) => group.labels.push(label),
                None => groups.push(Group { file: label.span.file, labels: vec![label] }),
            }
        }
        for group in &mut groups {
            group.labels.sort_by_key(|label| (label.span.end, label.span.start));
        }
        groups
    }

    fn excerpt(&self, group: &Group) -> Excerpt {
        let file = self.places.file(group.file);
        let spans: Vec<_> = group.labels.iter().map(|label| file.clamp(label.span.range())).collect();
        let columns = self.style.width.unwrap_or(PAGE).saturating_sub(8).max(MIN_COLUMNS);
        let ellipsis = if self.style.unicode { "…" } else { "..." };
        excerpt(file, &spans, Look { columns, ellipsis })
    }

    fn section(&self, diagnostic: &Diagnostic, group: &Group, excerpt: Excerpt) -> Section {
        let primary = &diagnostic.primary;
        let first = if group.file == primary.span.file { primary } else { group.labels[0] };
        let place = self.places.place(first.span);
        let head = format!("{}:{}:{}", clean::line(place.file), place.start.line, place.start.column);
        Section { head, numbers: excerpt.numbers }
    }

    fn draw(&self, diagnostic: &Diagnostic, groups: &[Group], excerpts: &[Excerpt]) -> String {
        let mut builder = ariadne::Report::build(ReportKind::Error, (0, 0..0)).with_config(self.config());
        for (id, (group, excerpt)) in groups.iter().zip(excerpts).enumerate() {
            for (index, label) in group.labels.iter().enumerate() {
                let primary = std::ptr::eq(*label, &diagnostic.primary);
                let color = if primary { color(diagnostic.severity) } else { Color::Cyan };
                builder.add_label(
                    ariadne::Label::new((id, excerpt.spans[index].clone()))
                        .with_message(text(label, index, excerpt))
                        .with_color(color),
                );
            }
        }
        let mut drawn = Vec::new();
        // Writing into a Vec cannot fail.
        let _ = builder.finish().write(Excerpts::of(excerpts), &mut drawn);
        String::from_utf8_lossy(&drawn).into_owned()
    }

    fn config(&self) -> Config {
        let charset = if self.style.unicode { CharSet::Unicode } else { CharSet::Ascii };
        Config::new().with_color(self.style.color).with_char_set(charset).with_index_type(IndexType::Byte)
    }

    fn trailer(&self, diagnostic: &Diagnostic, digits: usize) -> String {
        let hidden = diagnostic.labels.len().saturating_sub(MAX_LABELS);
        let hidden = (hidden > 0).then(|| ("note", format!("{} not shown", plural(hidden, "more place"))));
        let help = diagnostic.help.iter().map(|help| ("help", help.clone()));
        let notes = diagnostic.notes.iter().map(|note| ("note", note.clone()));
        let fix = diagnostic.fix.iter().map(|fix| ("fix", describe(fix)));
        let owner = diagnostic.owner.iter().map(|owner| (OWNER, quote(owner)));
        let items = hidden.into_iter().chain(help).chain(notes).chain(fix).chain(owner);
        let text: String = items.map(|(word, text)| self.item(digits, word, &text)).collect();
        if text.is_empty() {
            return text;
        }
        let bar = if self.style.unicode { "│" } else { "|" };
        format!("{:digits$}  {}\n{text}", "", self.paint(bar, MARGIN))
    }

    /// `= word: text`, further lines aligned with the first.
    fn item(&self, digits: usize, word: &str, text: &str) -> String {
        let title = if word == OWNER { format!("{OWNER} says") } else { word.to_owned() };
        let indent = digits + title.len() + 6;
        let width = self.style.width.map(|width| width.saturating_sub(indent).max(MIN_COLUMNS));
        let lines: Vec<String> = clean::lines(text).lines().flat_map(|line| wrap(line, width)).collect();
        let text = lines.join(&format!("\n{:indent$}", ""));
        format!("{:digits$}  {} {}: {text}\n", "", self.paint("=", MARGIN), self.paint(&title, "1"))
    }

    fn paint(&self, text: &str, code: &str) -> String {
        if self.style.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// The colour ariadne gives to margins.
const MARGIN: &str = "38;5;246";

fn bold(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Info => "1;34",
    }
}

fn color(severity: Severity) -> Color {
    match severity {
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
        Severity::Info => Color::Blue,
    }
}

/// A label without text is left bare if it is alone on its line; among others it needs a word to be told apart.
fn text(label: &Label, index: usize, excerpt: &Excerpt) -> String {
    if !label.text.is_empty() {
        return clean::line(&label.text);
    }
    let extent = |span: &std::ops::Range<usize>| {
        let line = |at: usize| excerpt.text.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count();
        [line(span.start), line(span.end - 1)]
    };
    let mine = extent(&excerpt.spans[index]);
    let shared = |(other, span)| other != index && extent(span).iter().any(|line| mine.contains(line));
    if mine[0] == mine[1] && !excerpt.spans.iter().enumerate().any(shared) {
        frame::SILENT.to_string()
    } else {
        "here".to_owned()
    }
}

fn describe(fix: &Fix) -> String {
    let option = match fix.safety {
        Safety::Safe => "--fix",
        Safety::Unsafe => "--unsafe-fixes",
    };
    format!("{} (apply with {option})", fix.title)
}

fn quote(owner: &OwnerMessage) -> String {
    let place = owner.location.iter().map(|location| format!(" at {location}"));
    std::iter::once(format!("{}: {}", owner.code, owner.message)).chain(place).collect()
}

/// Breaks at spaces so that lines have at most `width` characters, words longer than that excepted.
fn wrap(text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else { return vec![text.to_owned()] };
    let mut lines: Vec<String> = Vec::new();
    let mut room = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length < room => {
                line.push(' ');
                line.push_str(word);
                room -= length + 1;
            }
            _ => {
                lines.push(word.to_owned());
                room = width.saturating_sub(length);
            }
        }
    }
    lines
}

/// The excerpts of one finding, by number.
struct Excerpts<'a>(Vec<Source<&'a str>>);

impl<'a> Excerpts<'a> {
    fn of(excerpts: &'a [Excerpt]) -> Self {
        Self(excerpts.iter().map(|excerpt| Source::from(excerpt.text.as_str())).collect())
    }
}

impl<'e> Cache<usize> for Excerpts<'e> {
    type Storage = &'e str;

    fn fetch(&mut self, id: &usize) -> Result<&Source<&'e str>, impl fmt::Debug> {
        self.0.get(*id).ok_or("no such excerpt")
    }

    fn display<'a>(&self, _: &'a usize) -> Option<impl fmt::Display + 'a> {
        Some(frame::HEAD)
    }
}
