//! The laws, each a trial.

use libtest_mimic::{Failed, Trial};
use wfc_tests::laws::{laws, Law};

pub(crate) fn trials() -> Vec<Trial> {
    laws().into_iter().map(trial).collect()
}

/// A law that is known not to hold yet is listed as ignored; `--include-ignored` tries it.
fn trial(law: Law) -> Trial {
    let Law { name, check, open } = law;
    Trial::test(format!("law: {name}"), move || check().map_err(Failed::from)).with_ignored_flag(open)
}
