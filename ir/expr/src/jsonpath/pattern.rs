//! Regular expressions of filters: written for Java, matched against a whole text, compiled once.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// How many bytes a compiled pattern may take: matching costs no more than this times the length of the text.
const MAX_SIZE: usize = 1 << 20;

/// A regular expression as it is written, and what it was compiled to.
///
/// The engine needs time linear in the text for every pattern. The price: look-around and back references, which
/// Java has, are refused.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: Box<str>,
    flags: Box<str>,
    compiled: OnceLock<Result<Regex, String>>,
}

impl Pattern {
    /// The pattern that stands between the slashes, escapes of slashes included; flags are letters of `dimsuxU`.
    pub fn new(text: impl Into<Box<str>>, flags: impl Into<Box<str>>) -> Self {
        Self { text: text.into(), flags: flags.into(), compiled: OnceLock::new() }
    }

    /// What stands between the slashes.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands behind them.
    pub fn flags(&self) -> &str {
        &self.flags
    }

    /// Whether all of `input` matches; or why the pattern cannot be used.
    pub fn matches(&self, input: &str) -> Result<bool, &str> {
        match self.compiled.get_or_init(|| self.compile()) {
            Ok(regex) => Ok(regex.is_match(input)),
            Err(why) => Err(why),
        }
    }

    fn compile(&self) -> Result<Regex, String> {
        let text = translate(&self.text, self.flags.contains('U'));
        // Alone first: `a)|(b` must not become legal by the parentheses around it.
        self.build(&text)?;
        // The line break ends a comment, which there can be under `x`.
        let end = if self.flags.contains('x') { "\n" } else { "" };
        self.build(&format!(r"\A(?:{text}{end})\z"))
    }

    fn build(&self, text: &str) -> Result<Regex, String> {
        let flag = |flag| self.flags.contains(flag);
        RegexBuilder::new(text)
            .case_insensitive(flag('i'))
            .multi_line(flag('m'))
            .dot_matches_new_line(flag('s'))
            .ignore_whitespace(flag('x'))
            .crlf(!flag('d'))
            .size_limit(MAX_SIZE)
            .build()
            .map_err(|error| format!("the pattern /{}/ cannot be used: {error}", self.text))
    }
}

/// Equality is that of what is written.
impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, &self.flags) == (&other.text, &other.flags)
    }
}

impl Eq for Pattern {}

/// Rewrites what Java means differently: classes of ASCII characters unless `unicode`, quoted parts, `\Z`.
fn translate(pattern: &str, unicode: bool) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(letter) = rest.chars().next() else {
            out.push('\\');
            break;
        };
        rest = &rest[letter.len_utf8()..];
        if letter == 'Q' {
            let (quoted, behind) = rest.split_once("\\E").unwrap_or((rest, ""));
            out.push_str(&regex::escape(quoted));
            rest = behind;
            continue;
        }
        match java_escape(letter).filter(|_| letter == 'Z' || !unicode) {
            Some(class) => out.push_str(class),
            None => out.extend(['\\', letter]),
        }
    }
    out + rest
}

fn java_escape(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        'w' => "[A-Za-z0-9_]",
        'W' => "[^A-Za-z0-9_]",
        's' => r"[ \t\n\x0B\f\r]",
        'S' => r"[^ \t\n\x0B\f\r]",
        'Z' => r"(?:\r?\n)?\z",
        _ => return None,
    })
}
