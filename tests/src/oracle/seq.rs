//! Seq regions: one token.

use wfc_cir::NodeId;
use wfc_expr::Value;

use super::failure::Stop;
use super::visit::{Move, Settled};
use super::{Ended, Machine};

impl Machine<'_> {
    pub(super) fn seq(&mut self, entry: NodeId, input: Value) -> Result<Ended, Stop> {
        let (mut at, mut raw) = (entry, input);
        loop {
            let way = match self.visit(at, raw.clone())? {
                Settled::Done { way, .. } | Settled::Handled { way, .. } => way,
                Settled::Skipped => self.past_skipped(at, raw),
                Settled::Failed(failure) => return Err(failure.into()),
                Settled::Left(to, result) => return Ok(Ended::Beyond(to, result)),
            };
            way.assign.into_iter().for_each(|(name, value)| self.places.set_var(name, value));
            match (way.edges.into_iter().next(), way.end) {
                (Some((edge, value)), _) => (at, raw) = (self.module.edges[edge].to, value),
                (None, Some(result)) => return Ok(Ended::Region(result)),
                (None, None) => return Err(Stop::unsupported("a way that leads nowhere")),
            }
        }
    }

    /// A skipped node lets the token pass with what it came with.
    fn past_skipped(&self, node: NodeId, raw: Value) -> Move {
        let done = self.module.outs(node).find(|(_, edge)| edge.on == wfc_cir::On::Done);
        match done {
            Some((edge, _)) => Move { edges: vec![(edge, raw)], ..Move::default() },
            None => Move { end: Some(raw), ..Move::default() },
        }
    }
}
