//! Whole processes: wall and CPU time over interleaved rounds, and peak memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{getrusage, UsageWho};
use nix::sys::time::TimeValLike;

/// A command that is measured.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// What the table calls it.
    pub(crate) label: String,
    /// The command.
    pub(crate) command: Vec<String>,
}

impl Item {
    /// A command under a name.
    pub(crate) fn new(label: &str, command: &[&str]) -> Self {
        Self { label: label.to_owned(), command: command.iter().map(|word| (*word).to_owned()).collect() }
    }
}

/// What was measured of a command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    wall: Vec<Duration>,
    cpu: Vec<Duration>,
    /// Peak memory in bytes.
    pub(crate) peak: u64,
    /// How it ended, for the table.
    pub(crate) exit: String,
}

impl Figures {
    /// The median wall time in milliseconds.
    pub(crate) fn wall(&self) -> f64 {
        median(&self.wall)
    }

    /// The median CPU time in milliseconds.
    pub(crate) fn cpu(&self) -> f64 {
        median(&self.cpu)
    }
}

/// Runs every item once in each round, so that a slow moment of the machine hits all alike; one round more comes
/// first and is not counted.
pub(crate) fn rounds(items: &[Item], rounds: usize) -> Result<Vec<Figures>, String> {
    let mut figures = vec![Figures::default(); items.len()];
    for round in 0..=rounds {
        for (item, figures) in items.iter().zip(&mut figures) {
            let before = children_cpu()?;
            let start = Instant::now();
            let status = quiet(&item.command).status().map_err(|error| format!("{}: {error}", item.label))?;
            let wall = start.elapsed();
            let cpu = children_cpu()?.saturating_sub(before);
            figures.exit = status.code().map_or_else(|| "signal".to_owned(), |code| code.to_string());
            if round > 0 {
                figures.wall.push(wall);
                figures.cpu.push(cpu);
            }
        }
    }
    for (item, figures) in items.iter().zip(&mut figures) {
        figures.peak = peak(&item.command)?;
    }
    Ok(figures)
}

/// Peak memory of a command. The system keeps one maximum for all children, so each command gets a fresh parent.
fn peak(command: &[String]) -> Result<u64, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(own).arg("peak").args(command).output().map_err(|error| error.to_string())?;
    String::from_utf8_lossy(&output.stdout).trim().parse().map_err(|_| "the memory probe printed no number".to_owned())
}

/// Runs a command and prints the peak memory of it in bytes.
pub(crate) fn print_peak(command: &[&str]) -> Result<(), String> {
    let command: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
    quiet(&command).status().map_err(|error| error.to_string())?;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    println!("{}", usage.max_rss() * 1024);
    Ok(())
}

/// What the columns of [`print_line`] are.
pub(crate) fn print_head() {
    println!("{:<34} {:>10} {:>10} {:>9} {:>8}  ratio of wall", "", "wall ms", "cpu ms", "peak MB", "exit");
}

/// A line of a table.
pub(crate) fn print_line(item: &Item, figures: &Figures, ratio: &str) {
    let Item { label, .. } = item;
    let (wall, cpu, peak, exit) = (figures.wall(), figures.cpu(), figures.peak as f64 / 1e6, &figures.exit);
    println!("  {label:<32} {wall:>10.2} {cpu:>10.2} {peak:>9.1} {exit:>8}  {ratio}");
}

fn quiet(command: &[String]) -> Command {
    let mut built = Command::new(command.first().map_or("", String::as_str));
    built.args(command.iter().skip(1)).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    built
}

fn children_cpu() -> Result<Duration, String> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(u64::try_from(micros).unwrap_or(0)))
}

fn median(durations: &[Duration]) -> f64 {
    let mut sorted = durations.to_vec();
    sorted.sort();
    sorted.get(sorted.len() / 2).map_or(0.0, |middle| middle.as_secs_f64() * 1e3)
}
