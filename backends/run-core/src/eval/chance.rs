//! Chance that is none: numbers derived from the run's seed and the place they are asked for at.

use wfc_expr::intrinsic;
use wfc_plan::ExprIx;

use super::Env;

impl Env<'_> {
    /// What the numbers of an expression are derived from: the same for the same attempt of the same run.
    pub(super) fn seed(&self, expr: ExprIx) -> u64 {
        let visit = self.node.and_then(|node| self.state.visit(self.frame, node));
        let times = visit.map_or((0, 0), |visit| (visit.act.visit, visit.act.attempt));
        let node = self.node.map_or(u32::MAX, |node| node.0);
        let item = self.docs.item.map_or(0, |(index, _)| index.wrapping_add(1));
        let parts = [u64::from(self.frame), node.into(), times.0.into(), times.1.into(), expr.0.into(), item];
        parts.into_iter().fold(mix(self.state.seed), |sum, part| mix(sum ^ part))
    }
}

/// A stream of numbers.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }
}

impl intrinsic::Chance for Chance {
    fn uuid(&mut self) -> [u8; 16] {
        let (high, low) = (self.next(), self.next());
        (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
    }

    fn random_f64(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The finalizer of SplitMix64.
pub(crate) fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
