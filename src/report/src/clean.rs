//! Makes text from users' files harmless: no control or direction character reaches a terminal raw.

use std::fmt::Write;

/// The text as one line: line ends and tabs become spaces, other unprintable characters `\u{…}`.
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim_end_matches(['\n', '\r']).chars() {
        match c {
            '\r' => {}
            '\n' | '\t' => out.push(' '),
            c => push(&mut out, c),
        }
    }
    out
}

/// The text with its line ends kept, other unprintable characters as `\u{…}`.
pub(crate) fn lines(text: &str) -> String {
    let cleaned: Vec<String> = text.lines().map(line).collect();
    cleaned.join("\n")
}

/// Appends `c`, spelled out if it would not be seen as itself.
pub(crate) fn push(out: &mut String, c: char) {
    if is_unprintable(c) {
        // Writing into a String cannot fail.
        let _ = write!(out, "\\u{{{:x}}}", c as u32);
    } else {
        out.push(c);
    }
}

/// Whether a terminal would act on `c`, reorder text around it or show nothing.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unprintable_characters_are_spelled_out() {
        assert_eq!(line("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(line("a\r\nb\tc\n"), "a b c");
        assert_eq!(line("\u{202e}x\u{9b}"), "\\u{202e}x\\u{9b}");
        assert_eq!(lines("a\nb\u{7}\n"), "a\nb\\u{7}");
    }

    #[test]
    fn ordinary_text_stays() {
        assert_eq!(line("größe → 状態 🚀"), "größe → 状態 🚀");
    }
}
