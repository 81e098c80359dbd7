//! `$formatNumber`: decimal formats, as XPath's `format-number` describes them and the reference reads it.

use super::number::{round_half_even, to_fixed};
use super::units::regular;
use super::{check_output, check_picture, Fault};

/// `$formatNumber`: formats `value` as `picture` says; `options` overrides the characters of the picture language.
pub(in crate::jsonata) fn format_number(
    value: f64,
    picture: &str,
    options: &[(String, String)],
) -> Result<String, Fault> {
    check_picture(picture)?;
    let signs = Signs::new(options)?;
    let picture: Vec<char> = picture.chars().collect();
    let subpictures = split(&picture, &signs.pattern);
    if subpictures.len() > 2 {
        return Err(("D3080", "The picture string must only contain a maximum of two sub-pictures".to_owned()));
    }
    let parts: Vec<Parts> = subpictures.iter().map(|subpicture| Parts::new(subpicture, &signs)).collect();
    for part in &parts {
        part.validate(&signs)?;
    }
    let negative = value < 0.0 || value.is_nan();
    let chosen = if negative { parts.last() } else { parts.first() };
    let Some(chosen) = chosen else {
        return Err(("TypeError", "Cannot read properties of undefined (reading 'picture')".to_owned()));
    };
    let minus: &[char] = if negative && parts.len() == 1 { &signs.minus } else { &[] };
    let body = Layout::new(chosen, &signs).format(value, &signs)?;
    let text = [minus, chosen.prefix, &body, chosen.suffix].concat().into_iter().collect::<String>();
    check_output(&text)?;
    Ok(text)
}

/// The characters with a meaning. Each may be any text, though only one of one character does its work.
struct Signs {
    decimal: Vec<char>,
    grouping: Vec<char>,
    exponent: Vec<char>,
    minus: Vec<char>,
    percent: Vec<char>,
    per_mille: Vec<char>,
    zero: Vec<char>,
    digit: Vec<char>,
    pattern: Vec<char>,
    /// The ten characters from `zero` on; empty if `zero` is.
    family: Vec<char>,
}

impl Signs {
    fn new(options: &[(String, String)]) -> Result<Self, Fault> {
        let sign = |name: &str, default: &str| -> Vec<char> {
            let own = options.iter().rev().find(|(key, _)| key == name);
            own.map_or(default, |(_, value)| value).chars().collect()
        };
        let zero = sign("zero-digit", "0");
        let signs = Self {
            decimal: sign("decimal-separator", "."),
            grouping: sign("grouping-separator", ","),
            exponent: sign("exponent-separator", "e"),
            minus: sign("minus-sign", "-"),
            percent: sign("percent", "%"),
            per_mille: sign("per-mille", "\u{2030}"),
            digit: sign("digit", "#"),
            pattern: sign("pattern-separator", ";"),
            family: zero
                .first()
                .map(|first| (0..10).filter_map(|i| char::from_u32(*first as u32 + i)).collect())
                .unwrap_or_default(),
            zero,
        };
        // A sign is repeated in the result as often as the picture has places.
        for (_, value) in options {
            check_sign(value)?;
        }
        Ok(signs)
    }

    fn is_digit(&self, c: char) -> bool {
        self.family.contains(&c)
    }

    fn is_place(&self, c: char) -> bool {
        self.is_digit(c) || self.digit == [c]
    }

    fn is_active(&self, c: char) -> bool {
        let signs = [&self.decimal, &self.exponent, &self.grouping, &self.digit, &self.pattern];
        self.is_digit(c) || signs.iter().any(|sign| **sign == [c])
    }

    /// Active, and no exponent separator: those may stand in a prefix or suffix.
    fn is_edge(&self, c: char) -> bool {
        self.is_active(c) && self.exponent != [c]
    }

    fn places(&self, part: &[char]) -> usize {
        part.iter().filter(|c| self.is_place(**c)).count()
    }

    fn digits(&self, part: &[char]) -> usize {
        part.iter().filter(|c| self.is_digit(**c)).count()
    }

    /// The printed number in the digits of the family.
    fn translate(&self, text: &str) -> Vec<char> {
        if self.zero == ['0'] {
            return text.chars().collect();
        }
        let own = |c: char| match c.to_digit(10) {
            Some(digit) => self.family.get(digit as usize).copied(),
            None => Some(c),
        };
        text.chars().filter_map(own).collect()
    }

    fn zeros(&self, count: usize) -> Vec<char> {
        self.zero.repeat(count)
    }
}

fn check_sign(sign: &str) -> Result<(), Fault> {
    const MAX_SIGN: usize = 64;
    if sign.len() > MAX_SIGN {
        return Err((super::LIMIT, format!("An option of $formatNumber is longer than {MAX_SIGN} bytes")));
    }
    Ok(())
}

/// A sub-picture, taken apart.
struct Parts<'a> {
    picture: &'a [char],
    prefix: &'a [char],
    suffix: &'a [char],
    active: &'a [char],
    mantissa: &'a [char],
    exponent: Option<&'a [char]>,
    integer: &'a [char],
    fraction: &'a [char],
}

impl<'a> Parts<'a> {
    fn new(picture: &'a [char], signs: &Signs) -> Self {
        let first = picture.iter().position(|c| signs.is_edge(*c)).unwrap_or(0);
        let last = picture.iter().rposition(|c| signs.is_edge(*c)).map_or(picture.len(), |at| at + 1);
        let (prefix, suffix, active) = (&picture[..first], &picture[last..], &picture[first..last]);
        // The place of the exponent is counted from the start of the sub-picture, and used from the end of its
        // prefix: a prefix and an exponent do not go together in the reference.
        let (mantissa, exponent) = match find(picture, &signs.exponent, first) {
            Some(at) if at <= last => (&active[..at.min(active.len())], Some(&active[(at + 1).min(active.len())..])),
            _ => (active, None),
        };
        let (integer, fraction) = match find(mantissa, &signs.decimal, 0) {
            Some(at) => (&mantissa[..at], &mantissa[(at + 1).min(mantissa.len())..]),
            None => (mantissa, suffix),
        };
        Self { picture, prefix, suffix, active, mantissa, exponent, integer, fraction }
    }

    /// Of several mistakes the one checked last is reported.
    fn validate(&self, signs: &Signs) -> Result<(), Fault> {
        let mistake = self.exponent_mistake(signs).or_else(|| self.digit_mistake(signs));
        match mistake.or_else(|| self.grouping_mistake(signs)).or_else(|| self.sign_mistake(signs)) {
            Some((code, message)) => Err((code, message.to_owned())),
            None => Ok(()),
        }
    }

    fn exponent_mistake(&self, signs: &Signs) -> Option<Mistake> {
        let exponent = self.exponent?;
        if exponent.is_empty() || signs.digits(exponent) < exponent.len() {
            return Some(("D3093", "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'"));
        }
        if self.has(&signs.percent) || self.has(&signs.per_mille) {
            return Some(("D3092", "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'"));
        }
        None
    }

    fn digit_mistake(&self, signs: &Signs) -> Option<Mistake> {
        if rfind(self.fraction, &signs.digit).is_some_and(|at| signs.digits(&self.fraction[at..]) > 0) {
            return Some(("D3091", "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'"));
        }
        if find(self.integer, &signs.digit, 0).is_some_and(|at| signs.digits(&self.integer[..at]) > 0) {
            return Some(("D3090", "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'"));
        }
        None
    }

    fn grouping_mistake(&self, signs: &Signs) -> Option<Mistake> {
        if self.has(&signs.grouping.repeat(2)) {
            return Some((
                "D3089",
                "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character",
            ));
        }
        let is_grouping = |c: Option<&char>| c.map_or(signs.grouping.is_empty(), |c| signs.grouping == [*c]);
        let Some(point) = find(self.picture, &signs.decimal, 0) else {
            return is_grouping(self.integer.last()).then_some((
                "D3088",
                "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
            ));
        };
        let before = point.checked_sub(1).and_then(|at| self.picture.get(at));
        (is_grouping(before) || is_grouping(self.picture.get(point + 1))).then_some(("D3087", "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character"))
    }

    fn sign_mistake(&self, signs: &Signs) -> Option<Mistake> {
        let twice = |sign: &[char]| find(self.picture, sign, 0) != rfind(self.picture, sign);
        if !self.active.iter().all(|c| signs.is_active(*c)) {
            Some(("D3086", "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character"))
        } else if signs.places(self.mantissa) == 0 {
            Some(("D3085", "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'"))
        } else if self.has(&signs.percent) && self.has(&signs.per_mille) {
            Some(("D3084", "The sub-picture must not contain both a 'percent' and a 'per-mille' character"))
        } else if twice(&signs.per_mille) {
            Some(("D3083", "The sub-picture must not contain more than one instance of the 'per-mille' character"))
        } else if twice(&signs.percent) {
            Some(("D3082", "The sub-picture must not contain more than one instance of the 'percent' character"))
        } else if twice(&signs.decimal) {
            Some((
                "D3081",
                "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
            ))
        } else {
            None
        }
    }

    fn has(&self, sign: &[char]) -> bool {
        find(self.picture, sign, 0).is_some()
    }

    /// For each grouping separator how many places lie between it and the decimal point. The search for the second
    /// one and on is in the integer part, whichever `part` is meant.
    fn groupings<'b>(&'b self, part: &'b [char], signs: &'b Signs, count: impl Fn(usize) -> usize + 'b) -> Vec<usize> {
        let next = |at: &usize| find(self.integer, &signs.grouping, at + 1);
        std::iter::successors(find(part, &signs.grouping, 0), next).map(count).collect()
    }
}

type Mistake = (&'static str, &'static str);

/// What a sub-picture says about the digits of a number.
struct Layout<'a> {
    parts: &'a Parts<'a>,
    min_integer: usize,
    /// How many digits stand before the point when there is an exponent.
    scale: usize,
    min_fraction: usize,
    max_fraction: usize,
    /// 0 without an exponent.
    min_exponent: usize,
    integer_groups: Vec<usize>,
    fraction_groups: Vec<usize>,
}

impl<'a> Layout<'a> {
    fn new(parts: &'a Parts<'a>, signs: &Signs) -> Self {
        let scale = signs.digits(parts.integer);
        let mut min_integer = scale;
        let mut min_fraction = signs.digits(parts.fraction);
        let mut max_fraction = signs.places(parts.fraction);
        if min_integer == 0 && max_fraction == 0 {
            if parts.exponent.is_some() {
                (min_fraction, max_fraction) = (1, 1);
            } else {
                min_integer = 1;
            }
        }
        if parts.exponent.is_some() && min_integer == 0 && find(parts.integer, &signs.digit, 0).is_some() {
            min_integer = 1;
        }
        if min_integer == 0 && min_fraction == 0 {
            min_fraction = 1;
        }
        let to_right = |at: usize| signs.places(&parts.integer[at.min(parts.integer.len())..]);
        let to_left = |at: usize| signs.places(&parts.fraction[..at.min(parts.fraction.len())]);
        Self {
            parts,
            min_integer,
            scale,
            min_fraction,
            max_fraction,
            min_exponent: parts.exponent.map_or(0, |exponent| signs.digits(exponent)),
            integer_groups: parts.groupings(parts.integer, signs, to_right),
            fraction_groups: parts.groupings(parts.fraction, signs, to_left),
        }
    }

    fn format(&self, value: f64, signs: &Signs) -> Result<Vec<char>, Fault> {
        let (mantissa, exponent) = self.scaled(value, signs);
        let rounded = round_half_even(mantissa, i32::try_from(self.max_fraction).unwrap_or(i32::MAX));
        let mut text = signs.translate(&to_fixed(rounded.abs(), self.max_fraction)?);
        self.place_point(&mut text, signs);
        self.pad(&mut text, signs);
        self.group_integer(&mut text, signs);
        self.group_fraction(&mut text, signs);
        if !self.parts.has(&signs.decimal) || find(&text, &signs.decimal, 0).map(|at| at + 1) == Some(text.len()) {
            text.pop();
        }
        if self.min_exponent > 0 {
            text.extend(&signs.exponent);
            text.extend(if exponent < 0 { &*signs.minus } else { &[] });
            let digits = signs.translate(&exponent.unsigned_abs().to_string());
            text.extend(signs.zeros(self.min_exponent.saturating_sub(digits.len())));
            text.extend(digits);
        }
        Ok(text)
    }

    /// The number to print and, if the picture has one, its exponent.
    fn scaled(&self, value: f64, signs: &Signs) -> (f64, i32) {
        let factor = match () {
            () if self.parts.has(&signs.percent) => 100.0,
            () if self.parts.has(&signs.per_mille) => 1000.0,
            () => 1.0,
        };
        let (mut mantissa, mut exponent) = (value * factor, 0);
        if self.min_exponent == 0 || mantissa == 0.0 || !mantissa.is_finite() {
            return (mantissa, exponent);
        }
        let most = 10f64.powf(self.scale as f64);
        let least = 10f64.powf(self.scale as f64 - 1.0);
        // A double spans some 630 powers of ten: the loops are short.
        while mantissa.abs() < least {
            mantissa *= 10.0;
            exponent -= 1;
        }
        while mantissa.abs() > most && mantissa.is_finite() {
            mantissa /= 10.0;
            exponent += 1;
        }
        (mantissa, exponent)
    }

    /// The decimal separator in place of the point, and no zeros at either end.
    fn place_point(&self, text: &mut Vec<char>, signs: &Signs) {
        match text.iter().position(|c| *c == '.') {
            Some(at) => drop(text.splice(at..=at, signs.decimal.iter().copied())),
            None => text.extend(&signs.decimal),
        }
        let is_zero = |c: &char| signs.zero == [*c];
        let start = text.iter().take_while(|c| is_zero(c)).count();
        text.drain(..start);
        let end = text.iter().rev().take_while(|c| is_zero(c)).count();
        text.truncate(text.len() - end);
    }

    fn pad(&self, text: &mut Vec<char>, signs: &Signs) {
        let point = find(text, &signs.decimal, 0);
        let (before, after) = point.map_or((0, text.len()), |at| (at, text.len() - at - 1));
        // A number without the separator counts as having it one place before the start.
        let before = self.min_integer.saturating_sub(before) + usize::from(point.is_none());
        text.splice(..0, signs.zeros(before));
        text.extend(signs.zeros(self.min_fraction.saturating_sub(after)));
    }

    fn group_integer(&self, text: &mut Vec<char>, signs: &Signs) {
        let mut point = position(text, &signs.decimal);
        if let Some(every) = regular(&self.integer_groups) {
            let every = every as i64;
            for group in 1..=(point - 1).div_euclid(every) {
                insert(text, point - group * every, &signs.grouping);
            }
            return;
        }
        for places in &self.integer_groups {
            insert(text, point - *places as i64, &signs.grouping);
            point += 1;
        }
    }

    fn group_fraction(&self, text: &mut Vec<char>, signs: &Signs) {
        let point = position(text, &signs.decimal);
        for places in &self.fraction_groups {
            insert(text, point + *places as i64 + 1, &signs.grouping);
        }
    }
}

/// Inserts at a position that counts from the end if it is negative, as slices of JavaScript do.
fn insert(text: &mut Vec<char>, at: i64, sign: &[char]) {
    let length = text.len() as i64;
    let at = if at < 0 { length + at } else { at }.clamp(0, length) as usize;
    text.splice(at..at, sign.iter().copied());
}

fn position(text: &[char], sign: &[char]) -> i64 {
    find(text, sign, 0).map_or(-1, |at| at as i64)
}

fn find(text: &[char], sign: &[char], from: usize) -> Option<usize> {
    let from = from.min(text.len());
    if sign.is_empty() {
        return Some(from);
    }
    text[from..].windows(sign.len()).position(|window| window == sign).map(|at| from + at)
}

fn rfind(text: &[char], sign: &[char]) -> Option<usize> {
    if sign.is_empty() {
        return Some(text.len());
    }
    text.windows(sign.len()).rposition(|window| window == sign)
}

fn split<'a>(text: &'a [char], separator: &[char]) -> Vec<&'a [char]> {
    if separator.is_empty() {
        return text.chunks(1).collect();
    }
    let mut pieces = Vec::new();
    let mut start = 0;
    while let Some(at) = find(text, separator, start) {
        pieces.push(&text[start..at]);
        start = at + separator.len();
    }
    pieces.push(&text[start..]);
    pieces
}
