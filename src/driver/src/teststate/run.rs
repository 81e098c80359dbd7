//! The state is entered, its work is answered, and what became of its data is kept.

use std::collections::VecDeque;
use std::time::Duration;

use wfc_expr::Value;
use wfc_plan::{NodeIx, ReplyMode};
use wfc_run_core::{
    step, Body, Command, Dispatch, Event, Probe, Program, Purpose, RunError, RunState, Setting, Single, Stage, Status,
};
use wfc_run_tokio::{Call, Desk, Mode, Reply, Tools};

use super::refuse::Refusal;
use super::{context, Mock, MockError, Request};

/// The name of the invented run.
const RUN: &str = "test-state";

/// Runs the state.
pub(super) fn run(program: &Program, node: NodeIx, request: &Request, tools: &dyn Tools) -> Result<Probe, Refusal> {
    let worker = Worker { program, node, request, tools };
    let mut state = RunState::new();
    let mut due = VecDeque::from([(request.now, worker.start())]);
    let mut commands = Vec::new();
    let mut seq = 0;
    while let Some((at, body)) = due.pop_front() {
        seq += 1;
        let status = step(program, &mut state, Event { seq, at, body }, &mut commands);
        if status == Status::Ended {
            break;
        }
        if status == Status::Again {
            due.push_front((at, Body::Go));
        }
        for command in commands.drain(..) {
            match command {
                Command::Dispatch(work) => due.push_back((at, worker.answer(&work, &state)?)),
                // Nobody has to wait for a state to have waited.
                Command::SetTimer { id, at } if id.purpose == Purpose::Wait => due.push_back((at, Body::Timer { id })),
                _ => {}
            }
        }
    }
    state.probe().cloned().ok_or_else(|| Refusal::definition("The state could not be entered"))
}

struct Worker<'a> {
    program: &'a Program,
    node: NodeIx,
    request: &'a Request,
    tools: &'a dyn Tools,
}

impl Worker<'_> {
    fn start(&self) -> Body {
        let Self { request, node, .. } = *self;
        let single =
            Single { retries: request.configuration.retrier_retry_count, whole_context: request.context.is_some() };
        let setting = Setting {
            region: Some(self.program.plan().nodes[node.at()].region),
            entry: Some(node),
            vars: context::variables(request),
            single: Some(single),
            ..Setting::default()
        };
        let context = request.context.clone().unwrap_or_else(|| context::invented(request));
        Body::Start { run: RUN.to_owned(), seed: 0, input: request.input.clone(), context, setting }
    }

    /// What the work comes to.
    fn answer(&self, work: &Dispatch, state: &RunState) -> Result<Body, Refusal> {
        let reply = match &self.request.mock {
            Some(Mock { error: Some(error), .. }) => Err(mocked_error(error)),
            Some(_) if self.too_many_failed(state) => Err(RunError::new(
                "States.ExceedToleratedFailureThreshold",
                "The specified tolerated failure threshold was exceeded",
            )),
            Some(mock) => Ok(mock.result.clone().unwrap_or_default()),
            None => return self.work(work),
        };
        Ok(body(work, reply))
    }

    /// Whether more items have failed than the state says are tolerated. A state that does not say fails for none.
    fn too_many_failed(&self, state: &RunState) -> bool {
        let configuration = &self.request.configuration;
        let failed = configuration.map_iteration_failure_count.unwrap_or_default() as f64;
        let seen = |wanted: Stage| {
            let mut stages = state.probe().into_iter().flat_map(|probe| &probe.stages);
            stages.find(|(stage, _)| *stage == wanted).map(|(_, value)| value)
        };
        let length = |value: &Value| value.as_array().map(|items| items.len());
        let items = seen(Stage::Items).or(configuration.map_item_reader_data.as_ref()).and_then(length);
        let mocked = || self.request.mock.as_ref()?.result.as_ref().and_then(length);
        let items = items.or_else(mocked).unwrap_or_default() as f64;
        let over = |stage: Stage, reached: f64| {
            seen(stage).and_then(Value::as_f64).is_some_and(|tolerated| reached > tolerated)
        };
        over(Stage::ToleratedCount, failed) || (items > 0.0 && over(Stage::ToleratedPercent, failed / items * 100.0))
    }

    /// Has the work done by whoever does such work here.
    fn work(&self, work: &Dispatch) -> Result<Body, Refusal> {
        if matches!(work.mode, ReplyMode::Token | ReplyMode::Activity) {
            let message = "The work of this state is answered later, by somebody who is not there during a test";
            return Err(Refusal::validation(message).help("mock it"));
        }
        let broken = |error: std::io::Error| Refusal::definition(format!("No work can be done here: {error}"));
        let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(broken)?;
        let limit = work.timeout.and_then(|limit| u64::try_from(limit).ok()).map(Duration::from_millis);
        Ok(tokio.block_on(async {
            let reply = self.tools.call(self.call(work), Desk::quiet());
            match limit {
                Some(limit) => tokio::time::timeout(limit, reply)
                    .await
                    .map_or(Body::TimedOut { act: work.act, silent: false }, |reply| body(work, reply)),
                None => body(work, reply.await),
            }
        }))
    }

    fn call(&self, work: &Dispatch) -> Call {
        Call {
            tool: work.tool.clone(),
            mode: match work.mode {
                ReplyMode::Reply => Mode::Reply,
                ReplyMode::Token => Mode::Token,
                ReplyMode::Sync(version) => Mode::Sync(version),
                ReplyMode::Activity => Mode::Activity,
            },
            key: work.key.clone(),
            name: self.program.plan().nodes[self.node.at()].name.clone(),
            args: work.args.clone(),
            attempt: work.act.attempt,
            visit: work.act.visit,
            token: work.token.clone(),
            timeout: work.timeout,
            heartbeat: work.heartbeat,
            credentials: work.credentials.clone(),
            idempotency: work.idempotency.clone(),
            run: RUN.into(),
        }
    }
}

fn body(work: &Dispatch, reply: Reply) -> Body {
    let act = work.act;
    match reply {
        Ok(value) => Body::Done { act, value },
        Err(error) => Body::Failed { act, error },
    }
}

fn mocked_error(error: &MockError) -> RunError {
    let text = |text: &Option<String>| text.as_deref().map(std::sync::Arc::from);
    RunError { name: text(&error.error), cause: text(&error.cause), ..RunError::new("", "") }
}
