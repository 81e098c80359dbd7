//! The grammar of regular expressions, with the leniencies that browsers agree on.

/// A part of a regular expression.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Char(char),
    Set(Set),
    Start,
    End,
    /// `\b`, or `\B`.
    Boundary(bool),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    /// A group that is remembered under its number.
    Group(usize, Box<Node>),
    Repeat {
        node: Box<Node>,
        least: u32,
        most: Option<u32>,
        greedy: bool,
        /// The numbers of the groups in it.
        groups: std::ops::Range<usize>,
    },
    BackReference(usize),
    NamedReference(String),
    Look {
        node: Box<Node>,
        behind: bool,
        negative: bool,
    },
}

/// A set of characters.
#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    pub(super) ranges: Vec<(char, char)>,
    pub(super) negative: bool,
}

impl Set {
    pub(super) fn contains(&self, c: char) -> bool {
        self.lists(c) != self.negative
    }

    /// Whether it stands between the brackets.
    pub(super) fn lists(&self, c: char) -> bool {
        self.ranges.iter().any(|&(from, to)| (from..=to).contains(&c))
    }

    fn of(ranges: &[(char, char)], negative: bool) -> Set {
        Set { ranges: ranges.to_vec(), negative }
    }

    /// Adds what another set contains.
    fn add(&mut self, other: &Set) {
        match other.negative {
            false => self.ranges.extend_from_slice(&other.ranges),
            true => {
                let mut ranges = other.ranges.clone();
                ranges.sort_unstable();
                let mut next = Some('\0');
                for (from, to) in ranges {
                    if let Some(before) = before(from) {
                        self.ranges.extend(next.filter(|&start| start <= before).map(|start| (start, before)));
                    }
                    next = after(to);
                }
                self.ranges.extend(next.map(|start| (start, char::MAX)));
            }
        }
    }
}

fn before(c: char) -> Option<char> {
    (0..u32::from(c)).next_back().map(|code| char::from_u32(code).unwrap_or('\u{d7ff}'))
}

fn after(c: char) -> Option<char> {
    let code = u32::from(c) + 1;
    (code <= u32::from(char::MAX)).then(|| char::from_u32(code).unwrap_or('\u{e000}'))
}

const DIGITS: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const SPACE: &[(char, char)] = &[
    ('\t', '\r'),
    (' ', ' '),
    ('\u{a0}', '\u{a0}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{2000}', '\u{200a}'),
    ('\u{2028}', '\u{2029}'),
    ('\u{202f}', '\u{202f}'),
    ('\u{205f}', '\u{205f}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{feff}', '\u{feff}'),
];
pub(super) const LINE_ENDS: &[(char, char)] = &[('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')];

/// How deep groups may nest.
const DEEPEST: u32 = 200;

type Parsed<T> = Result<T, &'static str>;

/// The pattern and how many groups it remembers.
pub(super) fn parse(source: &str) -> Parsed<(Node, usize)> {
    let chars: Vec<char> = source.chars().collect();
    let has_names = source.contains("(?<") && source.replace("(?<=", "").replace("(?<!", "").contains("(?<");
    let total = count_groups(&chars);
    let mut parser = Parser { chars, at: 0, groups: 0, total, names: Vec::new(), has_names, depth: 0 };
    let mut node = parser.choice()?;
    if parser.at < parser.chars.len() {
        return Err("Unmatched ')'");
    }
    resolve(&mut node, &parser.names)?;
    Ok((node, parser.groups))
}

/// How many groups are remembered: a number behind a backslash up to it is a reference.
fn count_groups(chars: &[char]) -> usize {
    let (mut count, mut at, mut in_set) = (0, 0, false);
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 1,
            '[' => in_set = true,
            ']' => in_set = false,
            '(' if !in_set => {
                let named = chars.get(at + 2) == Some(&'<') && !matches!(chars.get(at + 3), Some('=' | '!'));
                count += usize::from(chars.get(at + 1) != Some(&'?') || named);
            }
            _ => {}
        }
        at += 1;
    }
    count
}

/// Replaces names of groups by their numbers.
fn resolve(node: &mut Node, names: &[(String, usize)]) -> Parsed<()> {
    match node {
        Node::NamedReference(name) => {
            let found = names.iter().find(|(known, _)| known == name);
            *node = Node::BackReference(found.ok_or("Invalid named capture referenced")?.1);
            Ok(())
        }
        Node::Sequence(parts) | Node::Choice(parts) => parts.iter_mut().try_for_each(|part| resolve(part, names)),
        Node::Group(_, inner) | Node::Repeat { node: inner, .. } | Node::Look { node: inner, .. } => {
            resolve(inner, names)
        }
        _ => Ok(()),
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    groups: usize,
    total: usize,
    names: Vec<(String, usize)>,
    has_names: bool,
    depth: u32,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn accept(&mut self, text: &str) -> bool {
        let fits = text.chars().enumerate().all(|(offset, c)| self.chars.get(self.at + offset) == Some(&c));
        if fits {
            self.at += text.chars().count();
        }
        fits
    }

    fn choice(&mut self) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("Groups nest too deep");
        }
        let mut choices = vec![self.sequence()?];
        while self.accept("|") {
            choices.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(match choices.len() {
            1 => choices.swap_remove(0),
            _ => Node::Choice(choices),
        })
    }

    fn sequence(&mut self) -> Parsed<Node> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek().filter(|c| !matches!(c, '|' | ')')) {
            let before = self.groups;
            let atom = self.term(c)?;
            parts.push(self.quantified(atom, before)?);
        }
        Ok(match parts.len() {
            1 => parts.swap_remove(0),
            _ => Node::Sequence(parts),
        })
    }

    fn term(&mut self, c: char) -> Parsed<Node> {
        self.at += 1;
        match c {
            '^' => Ok(Node::Start),
            '$' => Ok(Node::End),
            '.' => Ok(Node::Set(Set::of(LINE_ENDS, true))),
            '(' => self.group(),
            '[' => self.set().map(Node::Set),
            '\\' => self.escape(),
            '*' | '+' | '?' => Err("Nothing to repeat"),
            '{' => {
                self.at -= 1;
                let repeats = self.braces()?.is_some();
                if repeats {
                    return Err("Nothing to repeat");
                }
                self.at += 1;
                Ok(Node::Char('{'))
            }
            other => Ok(Node::Char(other)),
        }
    }

    fn group(&mut self) -> Parsed<Node> {
        let node = if self.accept("?:") {
            self.choice()?
        } else if self.accept("?=") {
            self.look(false, false)?
        } else if self.accept("?!") {
            self.look(false, true)?
        } else if self.accept("?<=") {
            self.look(true, false)?
        } else if self.accept("?<!") {
            self.look(true, true)?
        } else {
            let name = if self.accept("?<") { Some(self.group_name()?) } else { None };
            if self.peek() == Some('?') {
                return Err("Invalid group");
            }
            self.groups += 1;
            let number = self.groups;
            if let Some(name) = name {
                if self.names.iter().any(|(known, _)| *known == name) {
                    return Err("Duplicate capture group name");
                }
                self.names.push((name, number));
            }
            Node::Group(number, Box::new(self.choice()?))
        };
        match self.accept(")") {
            true => Ok(node),
            false => Err("Unterminated group"),
        }
    }

    fn look(&mut self, behind: bool, negative: bool) -> Parsed<Node> {
        Ok(Node::Look { node: Box::new(self.choice()?), behind, negative })
    }

    fn group_name(&mut self) -> Parsed<String> {
        let mut name = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '>' if !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit()) => return Ok(name),
                c if c.is_alphanumeric() || matches!(c, '_' | '$') => name.push(c),
                _ => break,
            }
        }
        Err("Invalid capture group name")
    }

    fn quantified(&mut self, node: Node, groups_before: usize) -> Parsed<Node> {
        let Some((least, most)) = self.bounds()? else { return Ok(node) };
        if matches!(node, Node::Start | Node::End | Node::Boundary(_) | Node::Look { behind: true, .. }) {
            return Err("Nothing to repeat");
        }
        let greedy = !self.accept("?");
        let groups = groups_before + 1..self.groups + 1;
        Ok(Node::Repeat { node: Box::new(node), least, most, greedy, groups })
    }

    /// The quantifier that stands here, if one does.
    fn bounds(&mut self) -> Parsed<Option<(u32, Option<u32>)>> {
        let bounds = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.braces(),
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(bounds))
    }

    /// `{2}`, `{2,}` or `{2,3}`; anything else in braces is text.
    fn braces(&mut self) -> Parsed<Option<(u32, Option<u32>)>> {
        let start = self.at;
        self.at += 1;
        let least = self.decimal();
        let most = match self.accept(",") {
            true => self.decimal(),
            false => least,
        };
        let open = self.chars[..self.at].ends_with(&[',']);
        if least.is_none() || !self.accept("}") {
            self.at = start;
            return Ok(None);
        }
        let most = if open { None } else { most };
        match (least, most) {
            (Some(least), Some(most)) if most < least => Err("numbers out of order in {} quantifier"),
            (Some(least), most) => Ok(Some((least, most))),
            _ => Ok(None),
        }
    }

    fn decimal(&mut self) -> Option<u32> {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.chars[from..self.at].iter().collect();
        (!digits.is_empty()).then(|| digits.parse().unwrap_or(u32::MAX))
    }

    fn escape(&mut self) -> Parsed<Node> {
        let Some(c) = self.peek() else { return Err("\\ at end of pattern") };
        match c {
            'b' | 'B' => {
                self.at += 1;
                Ok(Node::Boundary(c == 'b'))
            }
            'k' if self.has_names => {
                self.at += 1;
                match self.accept("<") {
                    true => self.group_name().map(Node::NamedReference),
                    false => Err("Invalid named reference"),
                }
            }
            '1'..='9' => {
                let start = self.at;
                match self.decimal() {
                    Some(number) if number as usize <= self.total => Ok(Node::BackReference(number as usize)),
                    _ => {
                        self.at = start;
                        self.character().map(Node::Char)
                    }
                }
            }
            _ => self.set_atom().map(|atom| match atom {
                Ok(set) => Node::Set(set),
                Err(c) => Node::Char(c),
            }),
        }
    }

    /// What a backslash means inside and outside of a set: a set, or a character.
    fn set_atom(&mut self) -> Parsed<Result<Set, char>> {
        let Some(c) = self.peek() else { return Err("\\ at end of pattern") };
        let ranges = match c {
            'd' | 'D' => DIGITS,
            'w' | 'W' => WORD,
            's' | 'S' => SPACE,
            _ => return self.character().map(Err),
        };
        self.at += 1;
        Ok(Ok(Set::of(ranges, c.is_ascii_uppercase())))
    }

    /// An escaped character.
    fn character(&mut self) -> Parsed<char> {
        let Some(c) = self.peek() else { return Err("\\ at end of pattern") };
        self.at += 1;
        Ok(match c {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'x' => self.hexadecimal(2).unwrap_or('x'),
            'u' => self.hexadecimal(4).unwrap_or('u'),
            'c' => match self.peek().filter(char::is_ascii_alphabetic) {
                Some(letter) => {
                    self.at += 1;
                    char::from(letter as u8 % 32)
                }
                None => {
                    self.at -= 1;
                    '\\'
                }
            },
            '0'..='7' => self.octal(c),
            other => other,
        })
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<char> {
        let unit = self.hexadecimal_unit(digits)?;
        if (0xd800..0xdc00).contains(&unit) && self.accept("\\u") {
            if let Some(low) = self.hexadecimal_unit(4) {
                let pair = char::decode_utf16([unit as u16, low as u16]).next();
                return Some(pair.and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at -= 2;
        }
        Some(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hexadecimal_unit(&mut self, digits: usize) -> Option<u32> {
        let text: String = self.chars.get(self.at..self.at + digits)?.iter().collect();
        let unit = text.chars().all(|c| c.is_ascii_hexdigit()).then(|| u32::from_str_radix(&text, 16).ok())??;
        self.at += digits;
        Some(unit)
    }

    fn octal(&mut self, first: char) -> char {
        let mut value = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            match self.peek().and_then(|c| c.to_digit(8)) {
                Some(digit) if value * 8 + digit <= 0o377 => {
                    value = value * 8 + digit;
                    self.at += 1;
                }
                _ => break,
            }
        }
        char::from_u32(value).unwrap_or('\0')
    }

    /// `[…]`, behind the bracket.
    fn set(&mut self) -> Parsed<Set> {
        let mut set = Set { ranges: Vec::new(), negative: self.accept("^") };
        loop {
            let Some(c) = self.peek() else { return Err("Unterminated character class") };
            if c == ']' {
                self.at += 1;
                return Ok(set);
            }
            let first = self.member()?;
            let ranges = self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|&next| next != ']');
            if !ranges {
                set.insert(first);
                continue;
            }
            self.at += 1;
            match (first, self.member()?) {
                (Err(from), Err(to)) if from > to => return Err("Range out of order in character class"),
                (Err(from), Err(to)) => set.ranges.push((from, to)),
                (first, last) => {
                    set.insert(first);
                    set.insert(Err('-'));
                    set.insert(last);
                }
            }
        }
    }

    fn member(&mut self) -> Parsed<Result<Set, char>> {
        let Some(c) = self.peek() else { return Err("Unterminated character class") };
        self.at += 1;
        match c {
            '\\' if self.accept("b") => Ok(Err('\u{8}')),
            '\\' => self.set_atom(),
            other => Ok(Err(other)),
        }
    }
}

impl Set {
    fn insert(&mut self, member: Result<Set, char>) {
        match member {
            Ok(set) => self.add(&set),
            Err(c) => self.ranges.push((c, c)),
        }
    }
}
