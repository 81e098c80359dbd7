//! Recorded cases of other implementations: what the runner `conform` judges, one trial a case or file.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use wfc_tests::{files, suite_named, Case, How, Outcome, Rules, Suite};

use crate::support::{none_of, over_shared, read};

/// Suites whose evaluators are judged as soon as there are any; until then acceptance is.
const SUITES: [(&str, How); 4] = [
    ("asl", How { parse_only: false }),
    ("jsonata", How { parse_only: true }),
    ("jsonpath", How { parse_only: true }),
    ("lasso", How { parse_only: false }),
];

pub(crate) fn trials() -> Vec<Trial> {
    SUITES
        .into_iter()
        .flat_map(|(name, how)| over_shared(name, &format!("cases/{name}"), |root| suite(name, how, &root)))
        .collect()
}

fn suite(name: &str, how: How, root: &Path) -> Vec<Trial> {
    let suite = suite_named(name).expect("the table above names suites that exist");
    let files = files::walk(root).unwrap_or_default();
    let files = files.into_iter().filter(|file| suite.reads(files::file_name(file)));
    let trial = |file: PathBuf| {
        let name = format!("cases/{name}/{}", files::relative(&file, root));
        Trial::test(name, move || judge_file(suite, how, &file))
    };
    files.map(trial).collect()
}

fn judge_file(suite: &'static Suite, how: How, file: &Path) -> Result<(), Failed> {
    let rules = Rules::of(suite.name)?;
    let mut complaints = Vec::new();
    for case in (suite.read)(&read(file)?) {
        match case {
            Ok(case) => complaints.extend(complaint(suite, how, &rules, &case)),
            Err(malformed) => complaints.push(format!("{malformed:?}")),
        }
    }
    none_of(&complaints)
}

fn complaint(suite: &Suite, how: How, rules: &Rules, case: &Case) -> Option<String> {
    // Machines that the service ran are accepted, long before anything here can run them.
    let how = How { parse_only: how.parse_only || ["execution", "test_state"].contains(&case.kind.as_str()) };
    match rules.excuse(case, (suite.judge)(case, how)) {
        Outcome::Failed(why) => Some(format!("{}: {why}", case.name(""))),
        _ => None,
    }
}
