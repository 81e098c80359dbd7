//! Fingerprints of findings: the same after unrelated lines were added, different for every finding of a run.

use std::collections::HashMap;

use wfc_diag::Diagnostic;

use crate::place::Places;

/// Numbers findings that look alike, so that each has a fingerprint of its own.
#[derive(Default)]
pub(crate) struct Fingerprints {
    seen: HashMap<u64, u64>,
}

impl Fingerprints {
    /// The fingerprint of the next finding, as sixteen hexadecimal digits.
    ///
    /// Rule, file and message count, the position does not: hosts compare runs over changing files.
    pub(crate) fn next(&mut self, places: &Places, diagnostic: &Diagnostic) -> String {
        let file = places.place(diagnostic.primary.span).file;
        let alike = hash([diagnostic.rule.name, file, &diagnostic.message].map(str::as_bytes));
        let count = self.seen.entry(alike).or_insert(0);
        let fingerprint = hash([alike.to_le_bytes(), count.to_le_bytes()].each_ref().map(<[u8; 8]>::as_slice));
        *count += 1;
        format!("{fingerprint:016x}")
    }
}

/// FNV-1a with a separator after each part. It must not change between releases: hosts keep the values.
fn hash<const N: usize>(parts: [&[u8]; N]) -> u64 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.iter().chain(&[0xff]) {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    state
}
