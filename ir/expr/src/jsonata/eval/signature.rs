//! Signatures of functions at work: checks arguments, wraps single values into arrays, lends the context.
//!
//! A signature is a regular expression over one letter for each argument. The parser has refused what is not
//! well-formed; what is unknown in it means nothing.

use super::error::{Eval, Fault};
use super::item::{Item, View};
use super::limits::Meter;

/// A signature, ready to check.
#[derive(Clone, Debug, Default)]
pub(super) struct Signature {
    parameters: Vec<Parameter>,
}

#[derive(Clone, Debug)]
struct Parameter {
    /// The letters it takes.
    letters: u32,
    least: usize,
    most: usize,
    greedy: bool,
    /// Whether the context stands in for it.
    context: bool,
    array: bool,
    /// The type of the items of an array.
    items: Option<String>,
}

impl Signature {
    /// Reads a signature from between its angle brackets, which may be missing.
    pub(super) fn parse(text: &str) -> Signature {
        let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut at = usize::from(letters.first() == Some(&b'<'));
        while at < letters.len() && letters[at] != b':' {
            let letter = letters[at];
            match letter {
                b's' | b'n' | b'b' | b'l' | b'o' => parameters.push(Parameter::new(&[letter, b'm'])),
                b'a' => parameters.push(Parameter { array: true, ..Parameter::new(b"asnblfom") }),
                b'f' => parameters.push(Parameter::new(b"f")),
                b'j' => parameters.push(Parameter::new(b"asnblom")),
                b'x' => parameters.push(Parameter::new(b"asnblfom")),
                b'(' => {
                    let end = closing(&letters, at, b'(', b')');
                    let choice = [&letters[at + 1..end], b"m"].concat();
                    parameters.push(Parameter::new(&choice));
                    at = end;
                }
                b'<' => {
                    let end = closing(&letters, at, b'<', b'>');
                    if let Some(last) = parameters.last_mut() {
                        last.items = Some(String::from_utf8_lossy(&letters[at + 1..end]).into_owned());
                    }
                    at = end;
                }
                _ => parameters.last_mut().into_iter().for_each(|last| last.quantify(letter)),
            }
            at += 1;
        }
        Signature { parameters }
    }

    /// Checks `arguments` and completes them; `context` stands in for what is missing.
    pub(super) fn validate(&self, arguments: Vec<Item>, context: &Item, meter: &mut Meter) -> Eval<Vec<Item>> {
        let letters: Vec<u32> = arguments.iter().map(|argument| bit(letter(argument))).collect();
        let Some(counts) = self.assign(&letters, self.parameters.len(), true, meter)? else {
            return self.refuse(&letters, arguments, meter);
        };
        let mut validated = Vec::with_capacity(arguments.len().max(self.parameters.len()));
        let mut at = 0;
        let mut arguments = arguments;
        for (parameter, &count) in self.parameters.iter().zip(&counts) {
            if count == 0 && parameter.context {
                if parameter.letters & bit(letter(context)) == 0 {
                    return Err(Fault::new("T0411").index(at + 1).value(context.clone()).boxed());
                }
                validated.push(context.clone());
                continue;
            }
            let matched = &letters[at.min(letters.len())..(at + count).min(letters.len())];
            for _ in 0..count.max(1) {
                let argument = arguments.get_mut(at).map(std::mem::take).unwrap_or_default();
                validated.push(match parameter.array && count > 0 {
                    true => parameter.as_array(argument, matched, at)?,
                    false => argument,
                });
                at += 1;
            }
        }
        Ok(validated)
    }

    fn refuse(&self, letters: &[u32], arguments: Vec<Item>, meter: &mut Meter) -> Eval<Vec<Item>> {
        let mut good = 0;
        for known in 1..=self.parameters.len() {
            match self.assign(letters, known, false, meter)? {
                Some(counts) => good = counts.iter().sum(),
                None => break,
            }
        }
        let value = arguments.get(good).cloned().unwrap_or_default();
        Err(Fault::new("T0410").index(good + 1).value(value).boxed())
    }

    /// How many letters each of the first `known` parameters takes, as a regular expression would have it;
    /// `None` if they do not match.
    fn assign(&self, letters: &[u32], known: usize, whole: bool, meter: &mut Meter) -> Eval<Option<Vec<usize>>> {
        let mut counts: Vec<usize> = Vec::with_capacity(known);
        let mut at = 0;
        loop {
            meter.work(1)?;
            if counts.len() == known {
                if !whole || at == letters.len() {
                    return Ok(Some(counts));
                }
            } else if let Some(count) = self.parameters[counts.len()].first_count(&letters[at..]) {
                counts.push(count);
                at += count;
                continue;
            }
            // Goes back to the last parameter that could take another number of letters.
            loop {
                let Some(count) = counts.pop() else { return Ok(None) };
                at -= count;
                if let Some(next) = self.parameters[counts.len()].next_count(count, &letters[at..]) {
                    counts.push(next);
                    at += next;
                    break;
                }
            }
        }
    }
}

impl Parameter {
    fn new(letters: &[u8]) -> Parameter {
        let letters = letters.iter().fold(0, |all, &letter| all | bit(letter));
        Parameter { letters, least: 1, most: 1, greedy: true, context: false, array: false, items: None }
    }

    fn quantify(&mut self, sign: u8) {
        if sign == b'-' {
            self.context = true;
        }
        match sign {
            b'-' | b'?' if self.least == 0 || self.most > 1 => self.greedy = false,
            b'-' | b'?' => self.least = 0,
            b'+' => self.most = usize::MAX,
            _ => {}
        }
    }

    fn available(&self, letters: &[u32]) -> usize {
        letters.iter().take(self.most).take_while(|&&letter| self.letters & letter != 0).count()
    }

    fn first_count(&self, letters: &[u32]) -> Option<usize> {
        let available = self.available(letters);
        let count = if self.greedy { available } else { self.least };
        (self.least..=available).contains(&count).then_some(count)
    }

    /// The count to try after `count`.
    fn next_count(&self, count: usize, letters: &[u32]) -> Option<usize> {
        match self.greedy {
            true => (count > self.least).then(|| count - 1),
            false => (count < self.available(letters)).then_some(count + 1),
        }
    }

    /// The argument as the array that is wanted.
    fn as_array(&self, argument: Item, matched: &[u32], at: usize) -> Eval<Item> {
        if argument.is_nothing() {
            return Ok(argument);
        }
        if let Some(items) = &self.items {
            let good = match argument.as_items() {
                Some(found) => {
                    let mut found = found.iter().map(|item| letter(&item));
                    found.next().is_none_or(|first| {
                        items.as_bytes().first() == Some(&first) && found.all(|letter| letter == first)
                    })
                }
                None => matched.len() == 1 && items.len() == 1 && matched[0] == bit(items.as_bytes()[0]),
            };
            if !good {
                return Err(Fault::new("T0412").index(at + 1).value(argument).kind(plural(items)).boxed());
            }
        }
        Ok(match argument.is_array() {
            true => argument,
            false => Item::array(vec![argument]),
        })
    }
}

/// What stands for a letter in a set of letters.
fn bit(letter: u8) -> u32 {
    match letter {
        b'a'..=b'z' => 1 << (letter - b'a'),
        _ => 0,
    }
}

/// The letter of the type of a value; `m` for a missing one.
fn letter(item: &Item) -> u8 {
    match item.view() {
        View::Nothing => b'm',
        View::Null => b'l',
        View::Bool(_) => b'b',
        View::Number(_) => b'n',
        View::Text(_) => b's',
        View::Array(_) => b'a',
        View::Object(_) => b'o',
        View::Function(_) => b'f',
    }
}

fn plural(items: &str) -> Option<&'static str> {
    Some(match items {
        "a" => "arrays",
        "b" => "booleans",
        "f" => "functions",
        "n" => "numbers",
        "o" => "objects",
        "s" => "strings",
        _ => return None,
    })
}

/// The place of the bracket that closes the one at `start`, or the end.
fn closing(letters: &[u8], start: usize, open: u8, close: u8) -> usize {
    let mut depth = 1u32;
    for (at, &letter) in letters.iter().enumerate().skip(start + 1) {
        if letter == close {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        } else if letter == open {
            depth += 1;
        }
    }
    letters.len()
}
