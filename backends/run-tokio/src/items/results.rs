//! What came of the items, written while they settle.
//!
//! Under `<prefix>/<run>/` there is one file per status, further ones once it is full, and at last `manifest.json`,
//! whose presence says that all others are complete.

use std::io::{self, Write};
use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_core::{RunError, RunStatus};

use super::{action, writer_failed, Args, Sink, Store};

/// The longest file of results in bytes; a single result that is longer has a file of its own.
pub const MAX_FILE: u64 = 5_000_000_000;

/// The names of files by what the results in them are, in the order of the manifest.
const KINDS: [&str; 3] = ["FAILED", "PENDING", "SUCCEEDED"];

/// Where results are written: the `ResultWriter` of a state, evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct WriterSpec {
    /// The service that writes: `s3:putObject`, as the file names it.
    pub resource: Arc<str>,
    /// Its arguments: `Bucket` and `Prefix`.
    pub args: Value,
    /// How the data are written.
    pub config: WriterConfig,
}

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriterConfig {
    /// The format of the files.
    pub output_type: OutputType,
    /// What is written of each result. Absent: all of it where results are exported, the output alone where not.
    pub transformation: Option<WriterTransformation>,
}

/// The format of files of results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputType {
    /// An array.
    #[default]
    Json,
    /// A value per line.
    Jsonl,
}

/// What is written of a result. One that is no success is always written with all that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriterTransformation {
    /// All that is known.
    None,
    /// The output.
    Compact,
    /// The output; of an array its items.
    Flatten,
}

impl WriterConfig {
    /// Reads evaluated members. What is not supported is refused by name.
    pub fn from_members(members: &[(Arc<str>, Value)]) -> Result<Self, RunError> {
        let mut config = Self::default();
        for (name, value) in members {
            match (&**name, value.as_str()) {
                ("OutputType", Some("JSON")) => config.output_type = OutputType::Json,
                ("OutputType", Some("JSONL")) => config.output_type = OutputType::Jsonl,
                ("Transformation", Some("NONE")) => config.transformation = Some(WriterTransformation::None),
                ("Transformation", Some("COMPACT")) => config.transformation = Some(WriterTransformation::Compact),
                ("Transformation", Some("FLATTEN")) => config.transformation = Some(WriterTransformation::Flatten),
                ("Comment", _) => {}
                _ => {
                    return Err(writer_failed(format_args!("WriterConfig.{name} {} is not supported", value.to_json())))
                }
            }
        }
        Ok(config)
    }
}

/// What came of the run of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// The ARN of the run.
    pub execution_arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The ARN of its machine.
    pub state_machine_arn: Arc<str>,
    /// What it was given.
    pub input: Value,
    /// How it ended; absent: it was never begun.
    pub status: Option<RunStatus>,
    /// Its result; looked at if it succeeded.
    pub output: Value,
    /// The name of its error.
    pub error: Option<Arc<str>>,
    /// The cause of its error.
    pub cause: Option<Arc<str>>,
    /// When it began, as text.
    pub start_date: Option<Arc<str>>,
    /// When it ended, as text.
    pub stop_date: Option<Arc<str>>,
}

impl Child {
    /// What is written of it.
    pub fn shaped(&self, transformation: WriterTransformation) -> Vec<Value> {
        match (transformation, &self.output) {
            _ if self.status != Some(RunStatus::Succeeded) => vec![self.document()],
            (WriterTransformation::None, _) => vec![self.document()],
            (WriterTransformation::Flatten, Value::Array(items)) => items.to_vec(),
            (_, output) => vec![output.clone()],
        }
    }

    fn document(&self) -> Value {
        let details = || Some([("Included", true.into())].into_iter().collect());
        let text = |text: &Option<Arc<str>>| text.clone().map(Value::from);
        let output = (self.status == Some(RunStatus::Succeeded)).then(|| self.output.to_json().into());
        let members: [(&str, Option<Value>); 12] = [
            ("Cause", text(&self.cause)),
            ("Error", text(&self.error)),
            ("ExecutionArn", text(&Some(self.execution_arn.clone()))),
            ("Input", Some(self.input.to_json().into())),
            ("InputDetails", details()),
            ("Name", text(&Some(self.name.clone()))),
            ("Output", output),
            ("OutputDetails", details()),
            ("StartDate", text(&self.start_date)),
            ("StateMachineArn", text(&Some(self.state_machine_arn.clone()))),
            ("Status", Some(self.status_name().into())),
            ("StopDate", text(&self.stop_date)),
        ];
        members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    fn status_name(&self) -> &'static str {
        match self.status {
            None => "PENDING",
            Some(RunStatus::Succeeded) => "SUCCEEDED",
            Some(RunStatus::Failed) => "FAILED",
            Some(RunStatus::TimedOut) => "TIMED_OUT",
            Some(RunStatus::Aborted) => "ABORTED",
        }
    }
}

/// The results of the items of a Map run. Dropped unfinished, it leaves neither a manifest nor files half written.
pub struct Results {
    store: Arc<dyn Store>,
    bucket: String,
    /// What all keys begin with.
    folder: String,
    map_run_arn: Arc<str>,
    output_type: OutputType,
    transformation: WriterTransformation,
    max_file: u64,
    files: [Files; KINDS.len()],
}

/// The files of results of one kind.
#[derive(Default)]
struct Files {
    open: Option<OpenFile>,
    done: Vec<(String, u64)>,
}

struct OpenFile {
    sink: Box<dyn Sink>,
    key: String,
    size: u64,
}

impl Results {
    /// Begins to write. The run's identifier is the last part of its ARN.
    pub fn create(spec: &WriterSpec, store: &Arc<dyn Store>, map_run_arn: Arc<str>) -> Result<Self, RunError> {
        if action(&spec.resource) != "s3:putObject" {
            return Err(writer_failed(format_args!("no result writer is called '{}'", spec.resource)));
        }
        let args = Args::new(&spec.args, |cause| writer_failed(cause))?;
        let run = map_run_arn.rsplit(':').next().unwrap_or(&map_run_arn);
        let folder = match args.text("Prefix")?.unwrap_or("").trim_end_matches('/') {
            "" => format!("{run}/"),
            prefix => format!("{prefix}/{run}/"),
        };
        Ok(Self {
            store: Arc::clone(store),
            bucket: args.need("Bucket")?.to_owned(),
            folder,
            map_run_arn,
            output_type: spec.config.output_type,
            transformation: spec.config.transformation.unwrap_or(WriterTransformation::None),
            max_file: MAX_FILE,
            files: Default::default(),
        })
    }

    /// The same with other limits.
    #[cfg(test)]
    pub(super) fn with_max_file(self, max_file: u64) -> Self {
        Self { max_file, ..self }
    }

    /// Writes what came of an item.
    pub fn write(&mut self, child: &Child) -> Result<(), RunError> {
        let kind = match child.status {
            Some(RunStatus::Succeeded) => 2,
            None => 1,
            Some(_) => 0,
        };
        child.shaped(self.transformation).iter().try_for_each(|result| self.put(kind, &result.to_json()))
    }

    /// Completes the files, writes the manifest and gives the output of the state.
    pub fn finish(mut self) -> Result<Value, RunError> {
        (0..KINDS.len()).try_for_each(|kind| self.close(kind))?;
        let key = format!("{}manifest.json", self.folder);
        let sink = self.store.create(&self.bucket, &key)?;
        complete(sink, &self.manifest().to_json()).map_err(|error| self.fail(&key, &error))?;
        let details: Value = [("Bucket", self.bucket.into()), ("Key", key.into())].into_iter().collect();
        Ok([("MapRunArn", self.map_run_arn.into()), ("ResultWriterDetails", details)].into_iter().collect())
    }

    fn manifest(&self) -> Value {
        let file = |(key, size): &(String, u64)| -> Value {
            let size = i64::try_from(*size).unwrap_or(i64::MAX);
            [("Key", Value::from(&**key)), ("Size", size.into())].into_iter().collect()
        };
        let list = |files: &Files| files.done.iter().map(file).collect::<Value>();
        let files: Value = KINDS.into_iter().zip(self.files.iter().map(list)).collect();
        let members = [
            ("DestinationBucket", Value::from(&*self.bucket)),
            ("MapRunArn", Arc::clone(&self.map_run_arn).into()),
            ("ResultFiles", files),
        ];
        members.into_iter().collect()
    }

    fn put(&mut self, kind: usize, result: &str) -> Result<(), RunError> {
        // What stands around a result is two bytes at most.
        let full = |open: &OpenFile| open.size.saturating_add(result.len() as u64 + 2) > self.max_file;
        if self.files[kind].open.as_ref().is_some_and(full) {
            self.close(kind)?;
        }
        let (before, after) = match (self.output_type, &self.files[kind].open) {
            (OutputType::Jsonl, _) => ("", "\n"),
            (OutputType::Json, None) => ("[", ""),
            (OutputType::Json, Some(_)) => (",", ""),
        };
        let mut file = match self.files[kind].open.take() {
            Some(file) => file,
            None => self.new_file(kind)?,
        };
        let written = [before, result, after].iter().try_for_each(|text| file.write(text));
        written.map_err(|error| self.fail(&file.key, &error))?;
        self.files[kind].open = Some(file);
        Ok(())
    }

    fn new_file(&self, kind: usize) -> Result<OpenFile, RunError> {
        let extension = match self.output_type {
            OutputType::Json => "json",
            OutputType::Jsonl => "jsonl",
        };
        let key = format!("{}{}_{}.{extension}", self.folder, KINDS[kind], self.files[kind].done.len());
        Ok(OpenFile { sink: self.store.create(&self.bucket, &key)?, key, size: 0 })
    }

    fn close(&mut self, kind: usize) -> Result<(), RunError> {
        let Some(OpenFile { sink, key, size }) = self.files[kind].open.take() else { return Ok(()) };
        let end = if self.output_type == OutputType::Json { "]" } else { "" };
        complete(sink, end).map_err(|error| self.fail(&key, &error))?;
        self.files[kind].done.push((key, size + end.len() as u64));
        Ok(())
    }

    fn fail(&self, key: &str, error: &io::Error) -> RunError {
        writer_failed(format_args!("s3://{}/{key}: {error}", self.bucket))
    }
}

impl OpenFile {
    fn write(&mut self, text: &str) -> io::Result<()> {
        self.size += text.len() as u64;
        self.sink.write_all(text.as_bytes())
    }
}

fn complete(mut sink: Box<dyn Sink>, end: &str) -> io::Result<()> {
    sink.write_all(end.as_bytes())?;
    sink.finish()
}
