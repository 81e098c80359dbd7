//! The table of front ends, and which of them a file is for.

use wfc_cir::Front;
use wfc_source::Tree;

/// Every front end that reads trees. Adding one adds a row.
pub const FRONTS: &[&Front] = &[&wfc_from_asl::FRONT, &wfc_from_toml::FRONT, &wfc_from_harness::FRONT];

/// How sure a front end must be to take a file whose name says nothing.
const SURE_ENOUGH: u8 = 30;

/// The front end with that name.
pub fn front_named(name: &str) -> Option<&'static Front> {
    FRONTS.iter().copied().find(|front| front.name == name)
}

/// The front end for a file: the one whose extension is the longest match, else the surest by content.
pub fn pick_front(path: &str, tree: &Tree) -> Option<&'static Front> {
    by_extension(path).or_else(|| by_content(path, tree))
}

/// The front end that a file name alone promises.
pub(crate) fn by_extension(path: &str) -> Option<&'static Front> {
    let lower = path.to_ascii_lowercase();
    let length = |front: &Front| front.extensions.iter().filter(|e| lower.ends_with(*e)).map(|e| e.len()).max();
    FRONTS.iter().copied().filter_map(|f| Some((length(f)?, f))).max_by_key(|(length, _)| *length).map(|(_, f)| f)
}

fn by_content(path: &str, tree: &Tree) -> Option<&'static Front> {
    let scored = FRONTS.iter().copied().map(|front| ((front.sniff)(path, tree), front));
    scored.filter(|(score, _)| *score >= SURE_ENOUGH).max_by_key(|(score, _)| *score).map(|(_, front)| front)
}
