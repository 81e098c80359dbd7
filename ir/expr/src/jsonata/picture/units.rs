//! White space, integers and slices of text as JavaScript reads them.

/// Whether `\s` matches it.
pub(super) fn is_space(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}

/// `parseInt(text)`: the longest integer at the start, NaN if there is none.
pub(super) fn parse_int(text: &str) -> f64 {
    let text = text.trim_start_matches(is_space);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let magnitude = match hex {
        Some(digits) => digits_of(prefix(digits, |c| c.is_ascii_hexdigit()), 4),
        None => prefix(digits, |c| c.is_ascii_digit()).parse().unwrap_or(f64::NAN),
    };
    if negative {
        -magnitude
    } else {
        magnitude
    }
}

/// The nearest number to digits of `bits` bits each; NaN without digits.
pub(super) fn digits_of(digits: &str, bits: u32) -> f64 {
    if digits.is_empty() {
        return f64::NAN;
    }
    let significant = digits.trim_start_matches('0');
    // 120 bits leave room for one below them that says whether anything was cut.
    let (head, tail) = significant.split_at(significant.len().min(120 / bits as usize));
    let head = head.chars().filter_map(|c| c.to_digit(16)).fold(0u128, |sum, digit| (sum << bits) | u128::from(digit));
    let sticky = u128::from(tail.bytes().any(|b| b != b'0'));
    // Past 5000 digits every number is infinite.
    let exponent = bits as i32 * tail.len().min(5000) as i32;
    ((head << 1) | sticky) as f64 * 2f64.powi(exponent - 1)
}

/// The longest start of `text` whose characters all `fit`.
pub(super) fn prefix(text: &str, fit: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !fit(c)).unwrap_or(text.len());
    &text[..end]
}

/// The first `count` UTF-16 units of `text`, without splitting a character.
pub(super) fn first_units(text: &str, count: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > count
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// How many UTF-16 units `text` has.
pub(super) fn unit_count(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The distance of separators, if each multiple of it up to their number has one.
pub(super) fn regular(positions: &[usize]) -> Option<usize> {
    let every = positions.iter().copied().reduce(gcd).filter(|every| *every > 0)?;
    (1..=positions.len()).all(|index| positions.contains(&(index * every))).then_some(every)
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 {
        a
    } else {
        gcd(b, a % b)
    }
}
