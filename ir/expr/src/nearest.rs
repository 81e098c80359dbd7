//! "Did you mean": the known name closest to a misspelt one.

/// Longer names are not compared: the work grows with the square of the length.
const MAX_LEN: usize = 64;

/// The candidate most like `name`, if one is close enough to be a misspelling of it.
///
/// A slip is an insertion, a deletion, a replacement or a swap of neighbours; a third of the name may be slips.
/// Case does not count, and the earlier of two equally close candidates wins.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = folded(name)?;
    let allowed = (wanted.len() / 3).max(1);
    let scored =
        candidates.into_iter().filter_map(|candidate| Some((distance(&wanted, &folded(candidate)?), candidate)));
    scored.filter(|(slips, _)| *slips <= allowed).min_by_key(|(slips, _)| *slips).map(|(_, candidate)| candidate)
}

/// The characters of a name that is short enough, in lower case.
fn folded(name: &str) -> Option<Vec<char>> {
    (name.len() <= MAX_LEN).then(|| name.chars().flat_map(char::to_lowercase).collect())
}

/// The fewest slips that turn `a` into `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let replaced = above[j] + usize::from(a[i] != b[j]);
            let mut best = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
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
            ("Hash", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
        assert_eq!(nearest(&"x".repeat(1_000_000), known), None);
    }
}
