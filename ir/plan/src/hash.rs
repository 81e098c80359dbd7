//! The identity of a plan: a stable hash over its canonical JSON.
//!
//! FNV-1a with 128 bits, written out here: the hash tells plans apart that were made in good faith (which plan does
//! this journal belong to, did a pass change anything) and defends against nobody, so it needs neither a
//! cryptographic function nor a dependency. Canonical means: the fields in declaration order, no blanks, no hash.

use std::io::{self, Write};

use serde::Serialize;

use crate::Plan;

const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// The hash of everything in the plan but its `hash` field, as 32 hexadecimal digits.
pub fn content_hash(plan: &Plan) -> Result<String, serde_json::Error> {
    let mut fnv = Fnv(OFFSET);
    let Plan { format, semantics, hash: _, name, dialect, entry, flows, regions, nodes, edges, exprs } = plan;
    let content = (format, semantics, name, dialect, entry, (flows, regions, nodes, edges, exprs));
    content.serialize(&mut serde_json::Serializer::new(&mut fnv))?;
    Ok(format!("{:032x}", fnv.0))
}

struct Fnv(u128);

impl Write for Fnv {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for &byte in bytes {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(PRIME);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_published_values() {
        for (text, expected) in
            [("", "6c62272e07bb014262b821756295c58d"), ("foobar", "343e1662793c64bf6f0d3597ba446f18")]
        {
            let mut fnv = Fnv(OFFSET);
            fnv.write_all(text.as_bytes()).unwrap();
            assert_eq!(format!("{:032x}", fnv.0), expected, "{text:?}");
        }
    }
}
