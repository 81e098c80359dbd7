//! The comparison operators and type tests of choices.

use std::cmp::Ordering;

use wfc_expr::Value;
use wfc_plan::{CompareOp, TypeTest};

use crate::parse_instant;

/// Whether a comparison holds; values of other types than the operator wants make it false.
pub(crate) fn holds(op: CompareOp, left: &Value, right: &Value) -> bool {
    use CompareOp as C;
    match op {
        C::BooleanEquals => left.as_bool().is_some() && left.as_bool() == right.as_bool(),
        C::StringMatches => matches!((left.as_str(), right.as_str()), (Some(l), Some(r)) if like(l, r)),
        C::NumericEquals | C::StringEquals | C::TimestampEquals => is(op, left, right, Ordering::is_eq),
        C::NumericLess | C::StringLess | C::TimestampLess => is(op, left, right, Ordering::is_lt),
        C::NumericLessEquals | C::StringLessEquals | C::TimestampLessEquals => is(op, left, right, Ordering::is_le),
        C::NumericGreater | C::StringGreater | C::TimestampGreater => is(op, left, right, Ordering::is_gt),
        C::NumericGreaterEquals | C::StringGreaterEquals | C::TimestampGreaterEquals => {
            is(op, left, right, Ordering::is_ge)
        }
    }
}

/// Whether a value is of a kind.
pub(crate) fn is_a(test: TypeTest, value: &Value) -> bool {
    match test {
        TypeTest::Present => true,
        TypeTest::Null => value.is_null(),
        TypeTest::Boolean => value.as_bool().is_some(),
        TypeTest::Numeric => value.as_number().is_some(),
        TypeTest::String => value.as_str().is_some(),
        TypeTest::Timestamp => value.as_str().and_then(parse_instant).is_some(),
    }
}

fn is(op: CompareOp, left: &Value, right: &Value, wanted: fn(Ordering) -> bool) -> bool {
    order(op, left, right).is_some_and(wanted)
}

fn order(op: CompareOp, left: &Value, right: &Value) -> Option<Ordering> {
    use CompareOp as C;
    match op {
        C::StringEquals | C::StringLess | C::StringLessEquals | C::StringGreater | C::StringGreaterEquals => {
            Some(left.as_str()?.cmp(right.as_str()?))
        }
        C::NumericEquals | C::NumericLess | C::NumericLessEquals | C::NumericGreater | C::NumericGreaterEquals => {
            let (left, right) = (left.as_number()?, right.as_number()?);
            if left == right {
                return Some(Ordering::Equal);
            }
            // Two different integers may be the same double.
            match (left.as_i64(), right.as_i64()) {
                (Some(left), Some(right)) => Some(left.cmp(&right)),
                _ => left.as_f64().partial_cmp(&right.as_f64()),
            }
        }
        _ => Some(parse_instant(left.as_str()?)?.cmp(&parse_instant(right.as_str()?)?)),
    }
}

/// Whether `text` fits `pattern`, in which `*` stands for any text and `\` takes the next character literally.
fn like(text: &str, pattern: &str) -> bool {
    let pattern = tokens(pattern);
    let text: Vec<char> = text.chars().collect();
    let (mut t, mut p) = (0, 0);
    // Where to go on if the text behind the last star has to be longer.
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(None) => {
                p += 1;
                retry = Some((t, p));
            }
            Some(Some(c)) if *c == text[t] => {
                t += 1;
                p += 1;
            }
            _ => {
                let Some((from, behind_star)) = retry else { return false };
                t = from + 1;
                p = behind_star;
                retry = Some((t, p));
            }
        }
    }
    pattern[p..].iter().all(Option::is_none)
}

/// The characters of a pattern; `None` is a star.
fn tokens(pattern: &str) -> Vec<Option<char>> {
    let mut tokens = Vec::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => None,
            '\\' => Some(chars.next().unwrap_or('\\')),
            _ => Some(c),
        });
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_by_the_type_of_the_operator() {
        for (op, left, right, expected) in [
            (CompareOp::NumericEquals, "1", "1.0", true),
            (CompareOp::NumericLess, "9007199254740993", "9007199254740992", false),
            (CompareOp::NumericGreater, "9007199254740993", "9007199254740992", true),
            (CompareOp::NumericEquals, "1", "\"1\"", false),
            (CompareOp::StringLess, "\"a\"", "\"b\"", true),
            (CompareOp::BooleanEquals, "null", "null", false),
            (CompareOp::BooleanEquals, "false", "false", true),
            (CompareOp::TimestampEquals, "\"2024-01-01T01:00:00+01:00\"", "\"2024-01-01T00:00:00Z\"", true),
            (CompareOp::TimestampLess, "\"x\"", "\"2024-01-01T00:00:00Z\"", false),
            (CompareOp::StringMatches, "\"log-1.txt\"", "\"log-*.txt\"", true),
            (CompareOp::StringMatches, "\"a*b\"", "\"a\\\\*b\"", true),
            (CompareOp::StringMatches, "\"axb\"", "\"a\\\\*b\"", false),
            (CompareOp::StringMatches, "\"aab\"", "\"*ab\"", true),
            (CompareOp::StringMatches, "\"\"", "\"*\"", true),
        ] {
            let (l, r) = (Value::parse(left).unwrap(), Value::parse(right).unwrap());
            assert_eq!(holds(op, &l, &r), expected, "{left} {op:?} {right}");
        }
    }
}
