//! `wfc fmt`: one layout for JSON workflow files.

use clap::Args as ClapArgs;
use wfc_driver::{format, Format, Session};

use super::check::unified_diff;
use super::disk;
use super::files::{self, Input};
use super::options::ReadOptions;
use super::{terminal, Exit, Failure};

/// Lay out JSON workflow files the same way everywhere
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// Files, folders, patterns, or `-` for standard input; the current folder if none is given
    paths: Vec<String>,

    #[command(flatten)]
    read: ReadOptions,

    /// Change nothing; end with 1 if a file is laid out differently
    #[arg(long)]
    check: bool,

    /// Change nothing; print the difference
    #[arg(long)]
    diff: bool,
}

pub(super) fn run(args: Args, color: terminal::Color) -> Result<Exit, Failure> {
    let mut reading = args.read.resolve()?;
    let mut session = Session::new();
    let mut exit = Exit::Ok;
    for input in files::collect(&args.paths, None, &[])? {
        reading.prepare(&mut session, input.name())?;
        let outcome = format_one(&args, &input, &session);
        exit = match (outcome, exit) {
            (Err(failure), _) => failure.report(color),
            (Ok(true), Exit::Ok) if args.check || args.diff => Exit::Findings,
            (Ok(_), exit) => exit,
        };
    }
    Ok(exit)
}

/// Formats one input; tells whether it was laid out differently.
fn format_one(args: &Args, input: &Input, session: &Session) -> Result<bool, Failure> {
    let name = input.name();
    if Format::of_path(name) != Format::Json {
        return match input {
            Input::Found(_) => Ok(false),
            _ => Err(Failure::usage(format!("{name}: only JSON files can be laid out"))),
        };
    }
    let bytes = input.read(session.limits.max_bytes)?;
    let before = String::from_utf8(bytes).map_err(|_| Failure::io(format!("{name} is not UTF-8")))?;
    let after = format::json(name, &before, &session.limits).map_err(|at| {
        let failure = Failure::io(format!("{name}:{}:{}: {}", at.line, at.column, at.message));
        failure.help("only files that parse can be laid out; `wfc check` shows all mistakes")
    })?;
    let changed = before != after;
    match input {
        _ if args.diff => terminal::print(&unified_diff(name, &before, &after)),
        _ if args.check && changed => terminal::print(&format!("{name} would be laid out differently\n")),
        _ if args.check => {}
        Input::Stdin(_) => terminal::print(&after),
        Input::Path(path) | Input::Found(path) if changed => disk::replace(path, &after)?,
        Input::Path(_) | Input::Found(_) => {}
    }
    Ok(changed)
}
