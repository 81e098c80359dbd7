//! "Did you mean": the known name closest to a misspelt one.

/// Longer names are not compared: the work grows with the square of the length.
const MAX_LEN: usize = 64;

/// The candidate most like `name`, if one is close enough to be a misspelling of it.
///
/// A slip is an insertion, a deletion, a replacement or a swap of neighbours; a third of the name may be slips.
/// Case does not count, and the earlier of two equally close candidates wins.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = folded(name)?;
    let mut allowed = (wanted.len() / 3).max(1);
    let mut best = None;
    for candidate in candidates {
        let slips = folded(candidate).and_then(|known| distance(&wanted, &known, allowed));
        let Some(slips) = slips else { continue };
        best = Some(candidate);
        // Only a closer one can still win.
        match slips.checked_sub(1) {
            Some(fewer) => allowed = fewer,
            None => break,
        }
    }
    best
}

/// The characters of a name that is short enough, in lower case.
fn folded(name: &str) -> Option<Vec<char>> {
    (name.len() <= MAX_LEN).then(|| name.chars().flat_map(char::to_lowercase).collect())
}

/// The fewest slips that turn `a` into `b`, if they are not more than `allowed`.
fn distance(a: &[char], b: &[char], allowed: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let (a, b) = differing(a, b);
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut row = before.clone();
    for i in 0..a.len() {
        row[0] = i + 1;
        for j in 0..b.len() {
            let replaced = above[j] + usize::from(a[i] != b[j]);
            row[j + 1] = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        // Every later row builds on these two.
        if row.iter().chain(&above).all(|slips| *slips > allowed) {
            return None;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    Some(above[b.len()]).filter(|slips| *slips <= allowed)
}

/// Both without what they have in common in front and behind, which takes no slips.
fn differing<'n>(a: &'n [char], b: &'n [char]) -> (&'n [char], &'n [char]) {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    (&a[..a.len() - same], &b[..b.len() - same])
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_nothing_else() {
        let known = ["Format", "Array", "ArrayRange", "UUID"];
        for (name, expected) in [
            ("Fromat", Some("Format")),
            ("format", Some("Format")),
            ("ArayRange", Some("ArrayRange")),
            ("UID", Some("UUID")),
            ("ArayRagne", Some("ArrayRange")),
            ("Hash", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
        assert_eq!(nearest(&"x".repeat(1_000_000), known), None);
    }
}
