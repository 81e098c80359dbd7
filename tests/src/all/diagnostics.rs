//! What users see: every case of these folders with its report, snapshots at mirrored paths.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use wfc_driver::config::Config;
use wfc_driver::{explain, Session};
use wfc_report::{render, Format, Report, Style};
use wfc_tests::files;

use crate::support::{fail, files_below, none_of, read};

/// Folders of `tests/cases` and of `snapshots`.
const FOLDERS: [&str; 2] = ["diagnostics", "skeleton"];

/// A file of that ending beside a case holds its settings.
const SIDE: &str = ".wfc.toml";

/// Source text beyond this is cut: some cases are about size.
const SHOWN: usize = 4000;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = cases().into_iter().map(trial).collect();
    trials.push(Trial::test("snapshots: none without a case", no_orphans));
    trials
}

fn cases() -> Vec<PathBuf> {
    let files = FOLDERS.into_iter().flat_map(|folder| files_below(&format!("tests/cases/{folder}")));
    files.filter(|path| !files::file_name(path).ends_with(SIDE)).collect()
}

fn trial(path: PathBuf) -> Trial {
    Trial::test(case_name(&path), move || check(&path))
}

/// The path below `tests/cases`, which is also the path below `snapshots`.
fn case_name(path: &Path) -> String {
    files::relative(path, &files::workspace().join("tests/cases"))
}

fn check(path: &Path) -> Result<(), Failed> {
    let name = case_name(path);
    let text = transcript(&name, path)?;
    let mut settings = insta::Settings::clone_current();
    let (folder, file) = name.rsplit_once('/').unwrap_or((".", &name));
    settings.set_snapshot_path(files::workspace().join("snapshots").join(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(file, text));
    Ok(())
}

/// The source, then the report as a person sees it without colours.
fn transcript(name: &str, path: &Path) -> Result<String, Failed> {
    let bytes = std::fs::read(path)?;
    let source = shown(&String::from_utf8_lossy(&bytes));
    let file = files::file_name(path);
    let mut session = session(path)?;
    let analysis = session.check_bytes(file, bytes);
    let rules = explain::all_rules();
    let report = Report {
        sources: session.sources(),
        diagnostics: &analysis.diagnostics,
        rules: &rules,
        checked: &[analysis.file],
        tool_version: "0",
    };
    let output = render(&report, Format::Human, Style { width: Some(100), ..Style::default() });
    Ok(format!("==== {name} ====\n{source}\n==== output ====\n{output}"))
}

/// A session with the settings that stand beside the case.
fn session(path: &Path) -> Result<Session, Failed> {
    let mut session = Session::new();
    let stem = files::file_name(path).split('.').next().unwrap_or_default();
    let side = path.with_file_name(format!("{stem}{SIDE}"));
    if side.exists() {
        let config = Config::parse(&read(&side)?).map_err(fail)?;
        session.settings = config.settings();
        session.limits = config.limits.over(session.limits);
        session.options.substitutions = config.substitutions;
        session.options.machine_type = config.check.machine_type.map(Into::into).unwrap_or_default();
    }
    Ok(session)
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn no_orphans() -> Result<(), Failed> {
    let cases: Vec<String> = cases().iter().map(|path| case_name(path)).collect();
    let root = files::workspace().join("snapshots");
    let snapshots = FOLDERS.into_iter().flat_map(|folder| files_below(&format!("snapshots/{folder}")));
    let snapshots = snapshots.map(|path| files::relative(&path, &root));
    let orphan = |name: &String| !name.strip_suffix(".snap").is_some_and(|case| cases.iter().any(|c| c == case));
    none_of(&snapshots.filter(orphan).collect::<Vec<_>>())
}
