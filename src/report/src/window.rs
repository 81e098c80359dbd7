//! Which parts of a line are shown when it is too long to be shown whole.

use std::ops::Range;

/// Columns in front of a place, so that it is seen in its surroundings.
const BEFORE: usize = 16;
/// Each place gets at least so many columns, even if the line grows over the limit thereby.
const MIN_SHARE: usize = 24;
/// Gaps of fewer bytes are not worth an ellipsis.
const MIN_GAP: usize = 16;

/// The parts of `line` to show, ascending and apart, so that both ends of each of `spans` are in one of them.
///
/// The work does not depend on the length of the line.
pub(crate) fn window(line: &str, spans: &[Range<usize>], columns: usize) -> Vec<Range<usize>> {
    let share = (columns / spans.len().max(1)).max(MIN_SHARE);
    if fits(line, columns) {
        return std::iter::once(0..line.len()).collect();
    }
    let mut parts: Vec<Range<usize>> = spans.iter().flat_map(|span| around(line, span, share)).collect();
    parts.sort_by_key(|part| part.start);
    merge(parts, line.len())
}

/// The columns `c` takes in an excerpt.
pub(crate) fn width(c: char) -> usize {
    match c {
        '\t' => TAB,
        c if crate::clean::is_unprintable(c) => 8,
        '\u{1100}'.. => 2,
        _ => 1,
    }
}

/// The distance of tab stops.
pub(crate) const TAB: usize = 4;

fn fits(line: &str, columns: usize) -> bool {
    // A character has at most four bytes, so a longer line has more characters than columns.
    line.len() <= columns.saturating_mul(4) && line.chars().map(width).sum::<usize>() <= columns
}

/// One part around a short span; one around each end of a long one.
fn around(line: &str, span: &Range<usize>, share: usize) -> Vec<Range<usize>> {
    let before = BEFORE.min(share / 4);
    let start = back(line, span.start, before);
    if fits(&line[span.clone()], share / 2) {
        let used: usize = before + line[span.clone()].chars().map(width).sum::<usize>();
        return std::iter::once(start..forward(line, span.end, share.saturating_sub(used))).collect();
    }
    let head = start..forward(line, span.start, share / 4);
    let tail = back(line, span.end, share / 8)..forward(line, span.end, share / 8);
    vec![head, tail]
}

fn back(line: &str, from: usize, columns: usize) -> usize {
    let walked = line[..from].char_indices().rev().scan(0, |used, (at, c)| {
        *used += width(c);
        (*used <= columns).then_some(at)
    });
    walked.last().unwrap_or(from)
}

fn forward(line: &str, from: usize, columns: usize) -> usize {
    let walked = line[from..].char_indices().scan(0, |used, (at, c)| {
        *used += width(c);
        (*used <= columns).then_some(from + at + c.len_utf8())
    });
    walked.last().unwrap_or(from)
}

fn merge(parts: Vec<Range<usize>>, len: usize) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(parts.len());
    for mut part in parts {
        part.start = if part.start < MIN_GAP { 0 } else { part.start };
        part.end = if len - part.end < MIN_GAP { len } else { part.end };
        match merged.last_mut() {
            Some(last) if part.start < last.end + MIN_GAP => last.end = last.end.max(part.end),
            _ => merged.push(part),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    fn shown(line: &str, spans: &[Range<usize>], columns: usize) -> String {
        let parts = window(line, spans, columns);
        let gap = |at: bool| if at { "…" } else { "" };
        let texts: Vec<&str> = parts.iter().map(|part| &line[part.clone()]).collect();
        let (first, last) = (parts[0].start > 0, parts[parts.len() - 1].end < line.len());
        format!("{}{}{}", gap(first), texts.join("…"), gap(last))
    }

    #[test]
    fn a_short_line_is_whole() {
        assert_eq!(shown("abcdef", from_ref(&(2..3)), 6), "abcdef");
    }

    #[test]
    fn a_long_line_is_cut_around_its_places() {
        let line = format!("{}NEEDLE{}", "a".repeat(500), "b".repeat(500));
        assert_eq!(shown(&line, from_ref(&(500..506)), 40), format!("…{}NEEDLE{}…", "a".repeat(10), "b".repeat(24)));
        let far = shown(&line, &[500..506, 3..4, 1000..1000], 60);
        assert!(far.contains("NEEDLE") && far.starts_with("aaa") && far.chars().count() < 100, "{far}");
    }

    #[test]
    fn a_long_span_shows_both_ends() {
        let line = format!("xx{{\"k\": {}}}yy", "é".repeat(90_000));
        let text = shown(&line, from_ref(&(2..line.len() - 2)), 80);
        assert!(text.starts_with("xx{\"k\": é") && text.ends_with("é}yy"), "{text}");
    }

    #[test]
    fn neighbours_fall_on_character_boundaries() {
        let line = "状".repeat(1000);
        for at in (0..line.len()).step_by(3) {
            for part in window(&line, from_ref(&(at..at + 3)), 40) {
                assert!(line.get(part).is_some());
            }
        }
    }
}
