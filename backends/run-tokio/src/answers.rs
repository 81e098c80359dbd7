//! Answers from outside the driver: by task token, and from workers that poll for activities.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use wfc_expr::Value;
use wfc_run_core::RunError;

/// Where answers are given. Cheap to clone; may be used from any thread.
#[derive(Clone, Debug)]
pub struct Answers(mpsc::UnboundedSender<Ask>);

/// Where a driver takes answers from.
#[derive(Debug)]
pub struct AnswerQueue(pub(crate) mpsc::UnboundedReceiver<Ask>);

/// Makes a place for answers.
pub fn answers() -> (Answers, AnswerQueue) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (Answers(sender), AnswerQueue(receiver))
}

/// Something said to the driver, and where it says what became of that.
#[derive(Debug)]
pub(crate) enum Ask {
    Finish { token: Arc<str>, reply: Result<Value, RunError>, said: oneshot::Sender<Result<(), AnswerError>> },
    Heartbeat { token: Arc<str>, said: oneshot::Sender<Result<(), AnswerError>> },
    Poll { activity: Arc<str>, worker: Option<Arc<str>>, said: oneshot::Sender<Option<ActivityTask>> },
}

/// Work for a poller.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivityTask {
    /// What the answer refers to.
    pub token: Arc<str>,
    /// What the work is given.
    pub input: Value,
}

/// Why an answer was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerError {
    /// Nothing waits for this token, or does any more.
    NoSuchTask,
    /// The run is over.
    Over,
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AnswerError::NoSuchTask => "no task waits for an answer by this token, or it has timed out",
            AnswerError::Over => "the run is over",
        })
    }
}

impl std::error::Error for AnswerError {}

impl Answers {
    /// Ends a task with a result or an error.
    pub async fn finish(&self, token: Arc<str>, reply: Result<Value, RunError>) -> Result<(), AnswerError> {
        let (said, heard) = oneshot::channel();
        self.0.send(Ask::Finish { token, reply, said }).map_err(|_| AnswerError::Over)?;
        heard.await.unwrap_or(Err(AnswerError::Over))
    }

    /// Says that a task is alive.
    pub async fn heartbeat(&self, token: Arc<str>) -> Result<(), AnswerError> {
        let (said, heard) = oneshot::channel();
        self.0.send(Ask::Heartbeat { token, said }).map_err(|_| AnswerError::Over)?;
        heard.await.unwrap_or(Err(AnswerError::Over))
    }

    /// Asks for work of an activity; nothing if there is none.
    pub async fn poll(
        &self,
        activity: Arc<str>,
        worker: Option<Arc<str>>,
    ) -> Result<Option<ActivityTask>, AnswerError> {
        let (said, heard) = oneshot::channel();
        self.0.send(Ask::Poll { activity, worker, said }).map_err(|_| AnswerError::Over)?;
        heard.await.map_err(|_| AnswerError::Over)
    }
}
