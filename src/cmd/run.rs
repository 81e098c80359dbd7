//! `wfc run`: runs a file on this machine.

mod aws;
mod input;
mod limits;
mod load;
mod name;
mod nested;
mod node;
mod options;
mod redrive;
mod show;
mod socket;
mod stop;
mod tools;
mod watch;

use std::sync::Arc;

use wfc_driver::runtime::{self, history, Clock, Options, RunFailure, RunStatus, Setting};
use wfc_driver::MachineType;
use wfc_expr::Value;

use super::progress::Progress;
use super::{terminal, Exit, Failure};
pub(super) use input::document;
use load::Loaded;
pub(crate) use options::Args;
use options::Output;
use socket::Hub;
pub(super) use socket::{client, Reply, Request};
use watch::{Journal, Screen};

/// When runs in virtual time begin: the first second of 2026, in milliseconds since 1970.
const VIRTUAL_START: i64 = 1_767_225_600_000;

pub(super) fn run(args: &Args, color: terminal::Color) -> Result<Exit, Failure> {
    args.history.as_deref().map_or(Ok(()), watch::check)?;
    let (input, vars) = (input::read(args)?, input::vars(&args.vars)?);
    let flags = tools::flags(&args.tasks)?;
    let machine_type = args.express.then_some(MachineType::Express);
    let Some(mut loaded) = Loaded::read(&args.file, &args.read, machine_type, color)? else {
        return Ok(Exit::Findings);
    };
    let earlier = args.redrive.as_deref().map(|path| redrive::read(path, &loaded)).transpose()?;
    let given = earlier.as_ref().map(|earlier| earlier.input.clone()).or(input);
    let input = given.unwrap_or_else(|| tools::input(args, &loaded));
    let until = args.until.as_deref().map(|name| node::named(loaded.program.plan(), name)).transpose()?;
    let quota = limits::quota(&args.quota, &loaded)?;
    let begun = earlier.as_ref().map_or_else(|| Setting { vars, ..Setting::default() }, |run| run.setting.clone());
    let setting = Setting { max_records: quota.events, max_bytes: quota.payload, until, ..begun };
    let name = args.id.clone().unwrap_or_else(|| name::of_run(args));
    let seed = args.seed.unwrap_or_else(|| name::seed(args));
    let clock = if args.is_virtual() { Clock::Virtual { start: VIRTUAL_START } } else { Clock::Real };
    let screen = Screen::new(progress(args)?);
    let journal = Journal::new(args.history.is_some() || args.output == options::Output::Table);
    let hub = Hub::new(&loaded.folder(), &name);
    let (answers, queue) = tools::answers(&loaded.program, clock, &hub)?;
    let (tools, missing) =
        tools::of_run(args, &loaded, flags, tools::Around { clock, color, screen: &screen, hub: &hub, answers })?;
    let cancel = stop::on_signals()?;
    let context = aws::context(&loaded, &name, seed);
    let context = earlier.as_ref().map_or(context.clone(), |run| redrive::context(context, run));
    let options = Options {
        clock,
        tools,
        seed,
        context,
        run: name,
        setting,
        store: loaded.store(),
        watch: Some(Box::new(journal.watch(screen.clone()))),
        keep_records: false,
        answers: queue,
        cancel: Some(cancel),
        ..Options::default()
    };
    let ended = execute(&loaded, input, options, &hub);
    screen.finish();
    hub.close();
    let earlier = earlier.map(|run| run.history).unwrap_or_default();
    let records = journal.take();
    let lines = || earlier.iter().cloned().chain(records.iter().map(|line| history::event(&loaded.program, line)));
    if let Some(path) = &args.history {
        watch::write(path, lines())?;
    }
    let succeeded = matches!(&ended, Ok(outcome) if outcome.status == RunStatus::Succeeded);
    if succeeded {
        show::unanswered(&missing.take());
    }
    if args.output == Output::Table || !succeeded {
        loaded.events = lines().collect();
    }
    show::ended(args, &loaded, until, ended, color)
}

/// Runs the program while answers are taken in.
fn execute(loaded: &Loaded, input: Value, options: Options, hub: &Arc<Hub>) -> Result<runtime::Outcome, RunFailure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunFailure::Runtime)?;
    runtime.block_on(async {
        hub.serve();
        let ended = runtime::run_program(&loaded.program, input, options).await;
        hub.settle().await;
        ended
    })
}

fn progress(args: &Args) -> Result<Progress, Failure> {
    let (mode, file) = args.events.mode();
    let Some(path) = file else { return Ok(Progress::new(mode)) };
    let file =
        std::fs::File::create(path).map_err(|error| Failure::io(format!("{path} could not be written: {error}")))?;
    Ok(Progress::to(mode, Box::new(file)))
}
