//! Comparisons and tests of kind.

use std::cmp::Ordering;

use wfc_cir::{CompareOp, TypeTest};
use wfc_expr::Value;

/// Whether a comparison holds; operands of other types than the operator wants make it false.
pub(super) fn compare(op: CompareOp, left: &Value, right: &Value) -> bool {
    use CompareOp as Op;
    let booleans = left.as_bool().zip(right.as_bool()).map(|(a, b)| a == b);
    let numbers = left.as_number().zip(right.as_number()).map(|(a, b)| a.cmp(b));
    let texts = left.as_str().zip(right.as_str());
    let strings = texts.map(|(a, b)| a.cmp(b));
    let instants = texts.and_then(|(a, b)| instant(a).zip(instant(b))).map(|(a, b)| a.cmp(&b));
    let holds = |order: Option<Ordering>, wanted: fn(Ordering) -> bool| order.is_some_and(wanted);
    match op {
        Op::BooleanEquals => booleans == Some(true),
        Op::StringMatches => texts.is_some_and(|(text, pattern)| matches(text, pattern)),
        Op::NumericEquals => holds(numbers, Ordering::is_eq),
        Op::NumericLess => holds(numbers, Ordering::is_lt),
        Op::NumericLessEquals => holds(numbers, Ordering::is_le),
        Op::NumericGreater => holds(numbers, Ordering::is_gt),
        Op::NumericGreaterEquals => holds(numbers, Ordering::is_ge),
        Op::StringEquals => holds(strings, Ordering::is_eq),
        Op::StringLess => holds(strings, Ordering::is_lt),
        Op::StringLessEquals => holds(strings, Ordering::is_le),
        Op::StringGreater => holds(strings, Ordering::is_gt),
        Op::StringGreaterEquals => holds(strings, Ordering::is_ge),
        Op::TimestampEquals => holds(instants, Ordering::is_eq),
        Op::TimestampLess => holds(instants, Ordering::is_lt),
        Op::TimestampLessEquals => holds(instants, Ordering::is_le),
        Op::TimestampGreater => holds(instants, Ordering::is_gt),
        Op::TimestampGreaterEquals => holds(instants, Ordering::is_ge),
    }
}

/// Whether a value is of a kind.
pub(super) fn is(test: TypeTest, value: &Value) -> bool {
    match test {
        TypeTest::Present => true,
        TypeTest::Null => value.is_null(),
        TypeTest::Boolean => value.as_bool().is_some(),
        TypeTest::Numeric => value.as_number().is_some(),
        TypeTest::String => value.as_str().is_some(),
        TypeTest::Timestamp => value.as_str().and_then(instant).is_some(),
    }
}

/// Whether a text is like a pattern in which `*` stands for any text and `\` takes the next character as it is.
fn matches(text: &str, pattern: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('*') => (0..=text.len()).any(|at| text.is_char_boundary(at) && matches(&text[at..], rest.as_str())),
        Some(first) => {
            let wanted = if first == '\\' { rest.next().unwrap_or('\\') } else { first };
            text.strip_prefix(wanted).is_some_and(|text| matches(text, rest.as_str()))
        }
    }
}

/// Seconds and nanoseconds of an RFC 3339 instant.
pub(super) fn instant(text: &str) -> Option<(i64, u32)> {
    let (date, time) = text.split_at_checked(10)?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let time = time.strip_prefix('T')?;
    let zone_at = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at(zone_at);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let nanos = format!("{fraction:0<9.9}").parse().ok()?;
    let in_range = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    let in_day = hour < 24 && minute < 60 && second < 60;
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset(zone)?;
    (in_range && in_day).then_some((seconds, nanos))
}

fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.chars().next()? {
        'Z' => return (zone == "Z").then_some(0),
        '-' => -1,
        _ => 1,
    };
    let (hours, minutes) = zone[1..].split_once(':')?;
    Some(sign * (hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60))
}

/// Three numbers of so many digits.
fn numbers(text: &str, separator: char, digits: [usize; 3]) -> Option<[i64; 3]> {
    let parts: Vec<&str> = text.split(separator).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let number = |part: &str, digits: usize| {
        let plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse::<i64>().ok()).flatten()
    };
    Some([number(a, digits[0])?, number(b, digits[1])?, number(c, digits[2])?])
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since the first of January of the year 0.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let before_year: i64 = (0..year).map(|year| if days_in(year, 2) == 29 { 366 } else { 365 }).sum();
    let before_month: i64 = (1..month).map(|month| days_in(year, month)).sum();
    before_year + before_month + day
}
