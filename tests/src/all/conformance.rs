//! Recorded cases of other implementations: what the runner `conform` judges, one trial a case or file.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use wfc_tests::{files, suite_named, Case, How, Outcome, Rules, Suite};

use crate::support::{none_of, over_shared, read};

/// Everything about a case counts.
const HOW: How = How { parse_only: false };

const SUITES: [&str; 4] = ["asl", "jsonata", "jsonpath", "lasso"];

pub(crate) fn trials() -> Vec<Trial> {
    SUITES.into_iter().flat_map(|name| over_shared(name, &format!("cases/{name}"), |root| suite(name, &root))).collect()
}

fn suite(name: &str, root: &Path) -> Vec<Trial> {
    let suite = suite_named(name).expect("the table above names suites that exist");
    let files = files::walk(root).unwrap_or_default();
    let files = files.into_iter().filter(|file| suite.reads(files::file_name(file)));
    let trial = |file: PathBuf| {
        let name = format!("cases/{name}/{}", files::relative(&file, root));
        Trial::test(name, move || judge_file(suite, &file))
    };
    files.map(trial).collect()
}

fn judge_file(suite: &'static Suite, file: &Path) -> Result<(), Failed> {
    let rules = Rules::of(suite.name)?;
    let mut complaints = Vec::new();
    for case in (suite.read)(&read(file)?) {
        match case {
            Ok(case) => complaints.extend(complaint(suite, &rules, &case)),
            Err(malformed) => complaints.push(format!("{malformed:?}")),
        }
    }
    none_of(&complaints)
}

fn complaint(suite: &Suite, rules: &Rules, case: &Case) -> Option<String> {
    match rules.excuse(case, (suite.judge)(case, HOW)) {
        Outcome::Failed(why) => Some(format!("{}: {why}", case.name(""))),
        _ => None,
    }
}
