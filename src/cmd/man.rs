//! `wfc man`: manual pages, made from the same source as `--help`.

use std::path::Path;

use clap::{Args as ClapArgs, Command, CommandFactory};

use super::{terminal, Cli, Exit, Failure};

/// Print the manual page, or write one for each command into a folder
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// Write `wfc.1`, `wfc-check.1`, … into this folder
    #[arg(value_name = "FOLDER")]
    folder: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut command = Cli::command();
    command.build();
    let Some(folder) = &args.folder else {
        terminal::print(&page(&command)?);
        return Ok(Exit::Ok);
    };
    let write = |name: String, command: &Command| {
        let path = Path::new(folder).join(format!("{name}.1"));
        std::fs::write(&path, page(command)?)
            .map_err(|error| Failure::io(format!("{} could not be written: {error}", path.display())))
    };
    write("wfc".to_owned(), &command)?;
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set() && verb.get_name() != "help") {
        write(format!("wfc-{}", verb.get_name()), verb)?;
    }
    Ok(Exit::Ok)
}

fn page(command: &Command) -> Result<String, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut text)
        .map_err(|error| Failure::io(format!("the manual page could not be made: {error}")))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
