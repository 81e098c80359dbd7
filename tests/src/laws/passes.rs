//! Every pass keeps what can be seen of a run.

use wfc_rewrite::{Pass, PASSES};

use super::{cases, interpret, programs, Law, Smallest};
use crate::oracle::Order;

pub(super) fn laws() -> Vec<Law> {
    let one = |pass: &'static Pass| Law::new(format!("{}: keeps what can be seen", pass.name), move || keeps(&[pass]));
    let defaults = || keeps(&PASSES.iter().filter(|pass| pass.default).collect::<Vec<_>>());
    let all = Law::new("passes: all in their order keep what can be seen", defaults);
    PASSES.iter().map(one).chain([all]).collect()
}

fn keeps(passes: &[&'static Pass]) -> Result<(), String> {
    let (mut smallest, mut changed) = (Smallest::default(), 0);
    for case in cases() {
        let before = programs::program(case);
        let mut after = before.clone();
        let ran = wfc_rewrite::run(&mut after, passes, true, &mut |_, _| {}).map_err(|broken| broken.to_string())?;
        changed += u64::from(ran.iter().any(|ran| !ran.log.is_empty()));
        for order in [Order::First, Order::Last, Order::Seeded(case)] {
            let (wanted, given) = (interpret(&before, case, order), interpret(&after, case, order));
            if wanted != given {
                smallest.note(&before, || {
                    let (before, after) = (super::show(&before), super::show(&after));
                    format!("program {case} under {order:?}\n{before}\n{wanted:#?}\nand after\n{after}\n{given:#?}")
                });
            }
        }
        for ran in ran.into_iter().rev() {
            wfc_cir::undo(&mut after, ran.log);
        }
        if super::show(&after) != super::show(&before) {
            smallest.note(&before, || format!("program {case} is another one once the passes are undone"));
        }
    }
    smallest.verdict(cases().end)?;
    match changed * 20 >= cases().end {
        true => Ok(()),
        false => Err(format!("only {changed} of {} programs were changed: the law says little", cases().end)),
    }
}
