//! `wfc graph`: draws a file.

use clap::{Args as ClapArgs, ValueEnum};

use super::lower::read_module;
use super::options::ReadOptions;
use super::{disk, terminal, Exit, Failure};

/// Draw a file
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The file, or `-` for standard input
    file: String,

    #[command(flatten)]
    read: ReadOptions,

    /// What to write
    #[arg(long, value_enum, default_value_t)]
    emit: Picture,

    /// Write it to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Picture {
    /// A finished drawing
    #[default]
    Svg,
    /// Graphviz text
    Dot,
    /// Mermaid text
    Mermaid,
}

pub(super) fn run(args: Args, color: terminal::Color) -> Result<Exit, Failure> {
    let read = read_module(&args.file, &args.read)?;
    read.report(color);
    let Some(module) = &read.analysis.module else { return Ok(Exit::Findings) };
    let format = match args.emit {
        Picture::Svg => wfc_driver::graph::Format::Svg,
        Picture::Dot => wfc_driver::graph::Format::Dot,
        Picture::Mermaid => wfc_driver::graph::Format::Mermaid,
    };
    disk::emit(args.output.as_deref(), &wfc_driver::graph::emit(module, format))?;
    Ok(Exit::Ok)
}
