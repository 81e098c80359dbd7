//! Finishes what ariadne drew: heads that editors can follow, and the line numbers of the file.
//!
//! ariadne numbers the lines of the text it is given, which is an excerpt here, and its display offset reaches
//! heads only. So each head is drawn around a mark that no cleaned text contains, margins are read back up to
//! their bar, and both are written anew.

/// Stands for the name of a file in what ariadne draws.
pub(crate) const HEAD: char = '\u{1}';
/// Stands for the text of a label that has none.
pub(crate) const SILENT: char = '\u{2}';

/// One file's part of a drawing.
pub(crate) struct Section {
    /// `name:line:column`.
    pub(crate) head: String,
    /// The numbers in the file of the excerpt's lines.
    pub(crate) numbers: Vec<Option<usize>>,
}

/// The drawing with the heads and numbers of `sections`, in the order they were drawn.
pub(crate) fn reframe(drawn: &str, sections: &[Section], unicode: bool) -> String {
    let digits = digits(sections);
    let mut sections = sections.iter().enumerate();
    let mut numbers: &[Option<usize>] = &[];
    let mut out: Vec<String> = Vec::new();
    let mut lines = drawn.lines();
    // The first line is ariadne's own heading, the last one closes its box.
    lines.next();
    lines.next_back();
    for line in lines {
        if line.contains(HEAD) {
            if let Some((index, section)) = sections.next() {
                numbers = &section.numbers;
                let arrow = if index == 0 { "-->" } else { ":::" };
                out.push(format!("{:digits$} {arrow} {}", "", section.head));
            }
        } else if line.contains(SILENT) {
            close_underline(out.last_mut(), unicode);
        } else {
            out.push(renumber(line, numbers, digits));
        }
    }
    out.join("\n") + "\n"
}

/// The width of the widest line number.
pub(crate) fn digits(sections: &[Section]) -> usize {
    let largest = sections.iter().flat_map(|section| &section.numbers).flatten().max();
    largest.map_or(1, |number| number.to_string().len())
}

fn renumber(line: &str, numbers: &[Option<usize>], digits: usize) -> String {
    let (escapes, number, rest) = split_margin(line);
    let number = number.and_then(|number| numbers.get(number.checked_sub(1)?).copied().flatten());
    let number = number.map(|number| number.to_string()).unwrap_or_default();
    merge_colors(format!(" {escapes}{number:>digits$} {rest}").trim_end())
}

const RESET: &str = "\u{1b}[0m";

/// The same line with neighbours of one colour in one pair of escape sequences: ariadne paints each character.
fn merge_colors(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let (mut color, mut ended) = ("", false);
    let mut rest = line;
    while !rest.is_empty() {
        let (escape, text, tail) = next_piece(rest);
        rest = tail;
        if escape == RESET {
            ended = true;
        } else if escape != color && !escape.is_empty() {
            out.push_str(if ended { RESET } else { "" });
            out.push_str(escape);
            (color, ended) = (escape, false);
        } else {
            ended = ended && escape.is_empty();
        }
        if ended && !text.is_empty() {
            out.push_str(RESET);
            (color, ended) = ("", false);
        }
        out.push_str(text);
    }
    out + if ended { RESET } else { "" }
}

/// An escape sequence that may be missing, the text up to the next one, and the rest.
fn next_piece(line: &str) -> (&str, &str, &str) {
    let escape = if line.starts_with('\u{1b}') { line.find('m').map_or(line.len(), |at| at + 1) } else { 0 };
    let text = line[escape..].find('\u{1b}').map_or(line.len(), |at| escape + at);
    (&line[..escape], &line[escape..text], &line[text..])
}

/// The colours, the line number and what follows from the bar on.
fn split_margin(line: &str) -> (String, Option<usize>, &str) {
    let (mut escapes, mut number) = (String::new(), String::new());
    let mut rest = line;
    loop {
        let taken = match rest.bytes().next() {
            Some(b'\x1b') => rest.find('m').map_or(rest.len(), |at| at + 1),
            Some(b' ' | b'0'..=b'9') => 1,
            _ => return (escapes, number.parse().ok(), rest),
        };
        let (token, tail) = rest.split_at(taken);
        let target = if taken > 1 { &mut escapes } else { &mut number };
        target.push_str(token.trim());
        rest = tail;
    }
}

/// Takes the leg off an underline below which no text follows.
fn close_underline(line: Option<&mut String>, unicode: bool) {
    let (leg, stroke) = if unicode { ('┬', "─") } else { ('|', "^") };
    let Some(line) = line else { return };
    let Some(at) = line.rfind(leg) else { return };
    let stroke = if line.contains(stroke) { stroke } else { "^" };
    line.replace_range(at..at + leg.len_utf8(), stroke);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_colour_share_their_escapes() {
        let line = "x\u{1b}[31ma\u{1b}[0m\u{1b}[31mb\u{1b}[0m\u{1b}[32mc\u{1b}[0m d\u{1b}[32me\u{1b}[0m";
        let merged = "x\u{1b}[31mab\u{1b}[0m\u{1b}[32mc\u{1b}[0m d\u{1b}[32me\u{1b}[0m";
        assert_eq!(merge_colors(line), merged);
        assert_eq!(merge_colors("plain"), "plain");
    }

    #[test]
    fn margins_are_numbered_as_the_file_is() {
        assert_eq!(renumber(" 2 │ x", &[None, Some(140)], 3), " 140 │ x");
        assert_eq!(renumber("   │ ╰─ 2 │ text", &[Some(7)], 3), "     │ ╰─ 2 │ text");
        assert_eq!(renumber(" \u{1b}[1m1 │\u{1b}[0m", &[Some(7)], 2), " \u{1b}[1m 7 │\u{1b}[0m");
    }
}
