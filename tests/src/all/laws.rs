//! The laws, each a trial.

use libtest_mimic::{Failed, Trial};

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |(name, law): wfc_tests::laws::Law| Trial::test(format!("law: {name}"), move || law().map_err(Failed::from));
    wfc_tests::laws::laws().into_iter().map(trial).collect()
}
