//! Conditions may read outputs only of steps that come first.

use std::collections::{BTreeMap, BTreeSet};

use wfc_diag::{Diagnostic, Sink, Span};

use crate::needs::Needs;
use crate::rules;
use crate::syntax::Step;

/// A condition reads the output of a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Read {
    /// The step with the condition.
    pub(crate) step: usize,
    /// The step it reads.
    pub(crate) on: usize,
    /// The place of the name.
    pub(crate) span: Span,
}

/// Reports reads of steps that are not needed, at any distance. Where needs could not be read, nothing is known.
pub(crate) fn check(steps: &[Step], needs: &Needs, reads: &[Read], sink: &mut Sink) {
    let incomplete = incomplete(needs);
    let direct = |read: &Read| needs.of[read.step].iter().any(|need| need.on == read.on);
    let open: Vec<Read> = reads.iter().copied().filter(|read| !incomplete[read.step] && !direct(read)).collect();
    let targets: BTreeSet<usize> = open.iter().map(|read| read.on).collect();
    let targets: Vec<usize> = targets.into_iter().collect();
    let mut needed = BTreeSet::new();
    for some in targets.chunks(128) {
        needed.extend(reach(needs, some, &open));
    }
    for read in open.iter().filter(|read| !needed.contains(&(read.step, read.on))) {
        sink.push(unneeded(&steps[read.step].id.value, &steps[read.on].id.value, read.span));
    }
}

/// Which reads of at most 128 steps are of needed ones. One bit for each target goes along the needs, so that many
/// targets cost one pass.
fn reach(needs: &Needs, targets: &[usize], reads: &[Read]) -> Vec<(usize, usize)> {
    let bits: BTreeMap<usize, u128> = targets.iter().enumerate().map(|(at, &target)| (target, 1 << at)).collect();
    let bit = |step: usize| bits.get(&step).copied().unwrap_or(0);
    let mut reached = vec![0_u128; needs.of.len()];
    for &step in &needs.order {
        reached[step] = needs.of[step].iter().fold(0, |all, need| all | reached[need.on] | bit(need.on));
    }
    let holds = |read: &&Read| reached[read.step] & bit(read.on) != 0;
    reads.iter().filter(holds).map(|read| (read.step, read.on)).collect()
}

/// By step: whether it, or one it needs, has needs that could not be kept.
fn incomplete(needs: &Needs) -> Vec<bool> {
    let mut incomplete = vec![false; needs.of.len()];
    for &step in &needs.order {
        let behind = needs.of[step].iter().any(|need| incomplete[need.on]);
        incomplete[step] = behind || needs.dropped.contains(&step);
    }
    incomplete
}

fn unneeded(step: &str, on: &str, span: Span) -> Diagnostic {
    if step == on {
        let message = format!("the condition of '{step}' reads the output of '{step}' itself");
        let found = Diagnostic::new(&rules::UNNEEDED, span, message).label("not there before the step has run");
        return found.help("read the output of a step that comes before");
    }
    let message = format!("the condition of '{step}' reads the output of '{on}', which '{step}' does not need");
    Diagnostic::new(&rules::UNNEEDED, span, message)
        .label("may not have run yet")
        .help(format!("add '{on}' to the needs of '{step}'"))
}
