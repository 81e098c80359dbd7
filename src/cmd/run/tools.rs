//! Who does the work of a run, as `wfc.toml` and the command line say.

use std::sync::Arc;
use std::time::Duration;

use wfc_driver::expectations::expectations;
use wfc_driver::runtime::work::mock::{AutoMock, Mocks};
use wfc_driver::runtime::work::{Machines, Missing, Router, TaskMapping, Tasks};
use wfc_driver::runtime::{
    self, AnswerQueue, Answers, Call, Clock, Desk, Mode, ProcessTools, Program, ToolFuture, ToolTable, Tools,
};
use wfc_expr::Value;

use super::nested::Nested;
use super::socket::Hub;
use super::watch::Screen;
use super::{load, node, Args, Loaded};
use crate::cmd::progress::Live;
use crate::cmd::{files, terminal, Failure};

/// The names under which a step can ask for a process.
const PROCESS_TOOLS: [&str; 3] = ["shell", "bash", "sh"];

/// The most bytes of a mock file.
const MAX_MOCKS: u64 = 64 << 20;

/// The name that stands for results made up from what a machine reads of them.
const AUTO: &str = "auto";

/// What is around a run.
pub(super) struct Around<'a> {
    pub(super) clock: Clock,
    pub(super) color: terminal::Color,
    pub(super) screen: &'a Screen,
    pub(super) hub: &'a Arc<Hub>,
    pub(super) answers: Option<Answers>,
}

/// The entries of `--task`.
pub(super) fn flags(flags: &[String]) -> Result<Tasks, Failure> {
    let entry = |flag: &String| TaskMapping::parse_flag(flag).map_err(|why| Failure::usage(format!("--task: {why}")));
    flags.iter().map(entry).collect()
}

/// Where answers to tasks of a program come in, if it waits for some. In virtual time only the program's own tasks can
/// give them: nobody outside could be in time.
pub(super) fn answers(
    program: &Program,
    clock: Clock,
    hub: &Hub,
) -> Result<(Option<Answers>, Option<AnswerQueue>), Failure> {
    let from_outside = clock == Clock::Real && node::waits_for_answers(program);
    if !from_outside && !node::answers_tasks(program) {
        return Ok((None, None));
    }
    let (answers, queue) = runtime::answers();
    if from_outside {
        hub.join(answers.clone())?;
    }
    Ok((Some(answers), Some(queue)))
}

/// Who does the work of the run that was asked for.
pub(super) fn of_run(
    args: &Args,
    loaded: &Loaded,
    flags: Tasks,
    around: Around<'_>,
) -> Result<(Box<dyn Tools>, Missing), Failure> {
    if is_auto(args) {
        if args.case.is_some() {
            return Err(Failure::usage("--mock auto has no cases"));
        }
        let results = expectations(loaded.program.plan()).results;
        return Ok((Box::new(AutoMock::new(results)), Missing::default()));
    }
    let nested = Nested {
        read: args.read.clone(),
        flags: flags.clone(),
        clock: around.clock,
        color: around.color,
        screen: around.screen.clone(),
        hub: Arc::clone(around.hub),
    };
    let router = router(loaded, flags, Arc::new(nested), 0, around.answers.clone());
    let missing = router.missing();
    let tools = match &args.mock {
        Some(path) => mocks(path, args, loaded, router)?,
        None => Box::new(router),
    };
    Ok((announced(tools, around.screen, around.answers.filter(|_| around.clock == Clock::Real)), missing))
}

/// The input of a run that was given none.
pub(super) fn input(args: &Args, loaded: &Loaded) -> Value {
    if !is_auto(args) {
        return Value::empty_object();
    }
    let input = expectations(loaded.program.plan()).input.result();
    terminal::error_line(&format!("made-up input: {}", input.to_json()));
    input
}

fn is_auto(args: &Args) -> bool {
    args.mock.as_deref() == Some(AUTO)
}

/// What the project says of tasks; `depth` machines have started each other to get here.
pub(super) fn router(
    loaded: &Loaded,
    flags: Tasks,
    starter: Arc<dyn Machines>,
    depth: u32,
    answers: Option<Answers>,
) -> Router {
    let processes = PROCESS_TOOLS.iter().fold(ToolTable::new(), |table, name| table.with(*name, ProcessTools));
    let router = loaded.found.config.router(&loaded.base());
    let router = router.with_tasks(flags).with_tools(processes).with_starter(starter, depth);
    match answers {
        Some(answers) => router.with_answers(answers),
        None => router,
    }
}

fn mocks(path: &str, args: &Args, loaded: &Loaded, others: Router) -> Result<Box<dyn Tools>, Failure> {
    let text = String::from_utf8(files::read_path(path, MAX_MOCKS)?)
        .map_err(|_| Failure::usage(format!("{path} is not UTF-8")))?;
    let wrong = |error: runtime::work::mock::MockError| Failure::usage(error.to_string());
    let mocks = Mocks::load(&text, path, load::stem(&args.file), args.case.as_deref()).map_err(wrong)?;
    mocks.check_states(&node::steps(loaded.program.plan())).map_err(wrong)?;
    let mocks = if args.is_virtual() { mocks.at_once() } else { mocks };
    Ok(Box::new(mocks.over(Box::new(others))))
}

/// The same tools, and who is to answer from outside is told so.
pub(super) fn announced(tools: Box<dyn Tools>, screen: &Screen, answers: Option<Answers>) -> Box<dyn Tools> {
    match answers {
        Some(answers) => Box::new(Announced { tools, screen: screen.clone(), answers }),
        None => tools,
    }
}

#[derive(Debug)]
struct Announced {
    tools: Box<dyn Tools>,
    screen: Screen,
    answers: Answers,
}

/// Who answers by himself does so in this time: only what still waits then is for somebody outside.
const PATIENCE: Duration = Duration::from_millis(100);

impl Tools for Announced {
    fn call(&self, call: Call, desk: Desk) -> ToolFuture {
        let Some(token) = call.token.clone().filter(|_| call.mode == Mode::Token) else {
            return self.tools.call(call, desk);
        };
        let answer = format!("wfc task success {token}");
        let notice = Notice { state: Arc::clone(&call.name), token, answer };
        let (screen, answers) = (self.screen.clone(), self.answers.clone());
        let work = self.tools.call(call, desk);
        Box::pin(async move {
            let reply = work.await?;
            tokio::spawn(notice.show(screen, answers));
            Ok(reply)
        })
    }

    fn worker(&self, call: &Call, desk: Desk) -> Option<(Option<Arc<str>>, ToolFuture)> {
        let worker = self.tools.worker(call, desk);
        if let (None, Some(token)) = (&worker, call.token.clone()) {
            let answer = format!("wfc task poll {}", call.tool);
            let notice = Notice { state: Arc::clone(&call.name), token, answer };
            tokio::spawn(notice.show(self.screen.clone(), self.answers.clone()));
        }
        worker
    }
}

/// A task that somebody outside is to answer.
struct Notice {
    state: Arc<str>,
    token: Arc<str>,
    answer: String,
}

impl Notice {
    async fn show(self, screen: Screen, answers: Answers) {
        tokio::time::sleep(PATIENCE).await;
        // A sign of life is refused for a task that is over.
        if answers.heartbeat(Arc::clone(&self.token)).await.is_ok() {
            screen.show(Live::Waiting { state: &self.state, answer: &self.answer, token: &self.token });
        }
    }
}
