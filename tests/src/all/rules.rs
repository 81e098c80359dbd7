//! Rules and their pages on disk: one file each, and no page without its rule.

use std::collections::BTreeSet;

use libtest_mimic::{Failed, Trial};
use wfc_driver::explain;
use wfc_tests::files;

use crate::support::{files_below, none_of};

/// Folders of this name hold the pages of rules.
const FOLDERS: [&str; 2] = ["rules", "checks"];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("rules: every rule has a page of its name", rules_have_pages),
        Trial::test("rules: every page belongs to a rule", pages_have_rules),
        Trial::test("rules: names are unique and kebab-case", names),
    ]
}

fn rules_have_pages() -> Result<(), Failed> {
    let pages = pages();
    let without = explain::all_rules().into_iter().filter(|rule| !pages.contains(rule.name));
    none_of(&without.map(|rule| format!("no file {}.md", rule.name)).collect::<Vec<_>>())
}

fn pages_have_rules() -> Result<(), Failed> {
    let without = pages().into_iter().filter(|page| explain::rule(page).is_none());
    none_of(&without.map(|page| format!("{page}.md belongs to no rule")).collect::<Vec<_>>())
}

fn names() -> Result<(), Failed> {
    let names: Vec<&str> = explain::all_rules().into_iter().map(|rule| rule.name).collect();
    let twice = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| format!("{} twice", pair[0]));
    let kebab = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let odd = names.iter().filter(|name| !kebab(name)).map(|name| format!("{name} is not kebab-case"));
    none_of(&twice.chain(odd).collect::<Vec<_>>())
}

/// The names of the pages in the crates that have rules.
fn pages() -> BTreeSet<String> {
    let files = ["ir", "passes", "frontends", "backends", "src"].into_iter().flat_map(files_below);
    let page = |path: std::path::PathBuf| {
        let folder = path.parent().map(files::file_name)?;
        let name = files::file_name(&path).strip_suffix(".md")?;
        FOLDERS.contains(&folder).then(|| name.to_owned())
    };
    files.filter_map(page).collect()
}
