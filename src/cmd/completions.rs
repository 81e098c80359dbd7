//! `wfc completions`: what a shell needs to complete `wfc` commands.

use clap::{Args as ClapArgs, CommandFactory};
use clap_complete::Shell;

use super::{terminal, Cli, Exit, Failure};

/// Print completions for a shell
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "wfc", &mut text);
    terminal::print(&String::from_utf8_lossy(&text));
    Ok(Exit::Ok)
}
