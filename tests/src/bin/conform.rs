//! Judges recorded cases: `conform asl|jsonata|jsonpath|lasso PATH [--kind K[,K…]] [--parse-only] [--verbose]`.

// The runner's report is its output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use wfc_tests::{files, suite_named, Case, How, Malformed, Outcome, Rules, Suite, Tally, SUITES};

/// The stack of the thread that judges: cases nest deeply on purpose, and threads start with little.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let request = match Request::parse(std::env::args().skip(1)) {
        Ok(request) => request,
        Err(why) => return usage(&why),
    };
    let judged = std::thread::Builder::new().stack_size(STACK).spawn(move || request.run());
    match judged.map(|thread| thread.join()) {
        Ok(Ok(Ok(tally))) => {
            println!("{tally}");
            ExitCode::from(u8::from(!tally.is_clean()))
        }
        Ok(Ok(Err(why))) => usage(&why),
        _ => usage("the judge did not finish"),
    }
}

fn usage(why: &str) -> ExitCode {
    let suites: Vec<&str> = SUITES.iter().map(|suite| suite.name).collect();
    eprintln!("conform: {why}");
    eprintln!("usage: conform {} PATH [--kind KIND[,KIND…]] [--parse-only] [--verbose]", suites.join("|"));
    ExitCode::from(2)
}

/// What the user asked for.
struct Request {
    suite: &'static Suite,
    path: PathBuf,
    kinds: Option<Vec<String>>,
    how: How,
    verbose: bool,
}

impl Request {
    fn parse(args: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut plain, mut kinds, mut how, mut verbose) = (Vec::new(), None, How::default(), false);
        let mut args = args;
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--parse-only" => how.parse_only = true,
                "--verbose" => verbose = true,
                "--kind" => kinds = Some(args.next().ok_or("--kind needs a value")?),
                option if option.starts_with("--kind=") => kinds = Some(option["--kind=".len()..].to_owned()),
                option if option.starts_with('-') => return Err(format!("unknown option {option}")),
                _ => plain.push(arg),
            }
        }
        let [suite, path] = plain.as_slice() else { return Err("a suite and a path are needed".to_owned()) };
        let suite = suite_named(suite).ok_or_else(|| format!("there is no suite {suite}"))?;
        let kinds = kinds.map(|kinds| known(suite, &kinds)).transpose()?;
        Ok(Request { suite, path: path.into(), kinds, how, verbose })
    }

    fn run(&self) -> Result<Tally, String> {
        let rules = Rules::of(self.suite.name)?;
        let files = files::walk(&self.path).map_err(|error| format!("{}: {error}", self.path.display()))?;
        let one = self.path.is_file();
        let wanted = |path: &&PathBuf| one || self.suite.reads(files::file_name(path));
        let mut tally = Tally::default();
        for file in files.iter().filter(wanted) {
            self.judge_file(file, &rules, &mut tally);
        }
        Ok(tally)
    }

    fn judge_file(&self, file: &Path, rules: &Rules, tally: &mut Tally) {
        let cases = match fs::read_to_string(file) {
            Ok(text) => (self.suite.read)(&text),
            Err(error) => vec![Err(Malformed::file(error))],
        };
        for case in cases {
            match case {
                Ok(case) => self.judge_case(&case, file, rules, tally),
                Err(Malformed { line, why }) => {
                    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
                    println!("malformed {}{line}: {why}", file.display());
                    tally.malformed();
                }
            }
        }
    }

    fn judge_case(&self, case: &Case, file: &Path, rules: &Rules, tally: &mut Tally) {
        if self.kinds.as_ref().is_some_and(|kinds| !kinds.contains(&case.kind)) {
            return;
        }
        let outcome = if self.suite.kinds.contains(&case.kind.as_str()) {
            rules.excuse(case, (self.suite.judge)(case, self.how))
        } else {
            Outcome::NotApplicable(format!("kind {:?}", case.kind))
        };
        let name = case.name(&file.display().to_string());
        match &outcome {
            Outcome::Failed(why) => println!("failed {name}: {why}"),
            Outcome::Passed if self.verbose => println!("passed {name}"),
            Outcome::Different(why) if self.verbose => println!("different {name}: {why}"),
            Outcome::NotApplicable(why) if self.verbose => println!("not applicable {name}: {why}"),
            _ => {}
        }
        tally.count(&outcome);
    }
}

/// The kinds of a list; a misspelt one would silently judge nothing.
fn known(suite: &Suite, list: &str) -> Result<Vec<String>, String> {
    let kinds: Vec<String> = list.split(',').filter(|kind| !kind.is_empty()).map(str::to_owned).collect();
    match kinds.iter().find(|kind| !suite.kinds.contains(&kind.as_str())) {
        Some(kind) => Err(format!("{} has no kind {kind}; it has {}", suite.name, suite.kinds.join(", "))),
        None => Ok(kinds),
    }
}
