//! Where a distributed Map gets its items and where it leaves its results: streams that hold a bounded part of either.
//!
//! Limits, all of them named in the error that reports them:
//! - an item as text (a CSV row, an element, a line): [`MAX_ITEM`];
//! - the header row of a CSV: [`MAX_HEADER`];
//! - a batch of read items: it ends early at [`WINDOW`] bytes of JSON text, whatever number was asked for;
//! - nesting of JSON: [`wfc_expr::value::MAX_DEPTH`].

mod config;
mod csv;
mod dir;
mod json;
mod manifest;
mod results;
mod store;
#[cfg(test)]
mod tests;
mod window;

use std::fmt;
use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_core::RunError;

pub use config::{Delimiter, HeaderLocation, InputType, ManifestType, ReaderConfig, ReaderTransformation};
pub(crate) use dir::missing_bucket;
pub use dir::DirStore;
pub use results::{Child, OutputType, Results, WriterConfig, WriterSpec, WriterTransformation, MAX_FILE};
pub use store::{Listed, Listing, MemoryStore, Sink, Store};

use window::Window;

/// The longest text of one item in bytes.
pub const MAX_ITEM: usize = 8 << 20;
/// The longest header row of a CSV in bytes.
pub const MAX_HEADER: usize = 10 << 10;
/// The JSON text in bytes at which a batch of items ends, however many were asked for.
pub const WINDOW: usize = 16 << 20;

/// What items are read from: the `ItemReader` of a state, evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct ReaderSpec {
    /// The service that reads: `s3:getObject` or `s3:listObjectsV2`, as the file names it.
    pub resource: Arc<str>,
    /// Its arguments: `Bucket` and `Key` or `Prefix`.
    pub args: Value,
    /// How the data are read.
    pub config: ReaderConfig,
}

/// Items, some at a time.
pub trait Items: Send {
    /// At most `max` further items and at least one, unless none are left.
    fn next_batch(&mut self, max: usize) -> Result<Vec<Value>, RunError>;
}

/// Begins to read the items `spec` is about.
pub fn open(spec: &ReaderSpec, store: &Arc<dyn Store>) -> Result<Box<dyn Items>, RunError> {
    let args = Args::new(&spec.args, |cause| reader_failed(cause))?;
    let items = match action(&spec.resource) {
        "s3:getObject" => get_object(&args, &spec.config, store)?,
        "s3:listObjectsV2" => list_objects(&args, &spec.config, store)?,
        _ => return Err(reader_failed(format_args!("no item reader is called '{}'", spec.resource))),
    };
    Ok(match spec.config.max_items {
        Some(left) => Box::new(Limited { items, left }),
        None => items,
    })
}

fn get_object(args: &Args<'_>, config: &ReaderConfig, store: &Arc<dyn Store>) -> Result<Box<dyn Items>, RunError> {
    if args.text("VersionId")?.is_some() {
        return Err(reader_failed("VersionId is not supported: only the present version of an object can be read"));
    }
    let object = Object { bucket: args.need("Bucket")?.into(), key: args.need("Key")?.into() };
    match config.manifest_type() {
        Some(ManifestType::AthenaData) => manifest::athena(&object, config, store),
        Some(ManifestType::S3Inventory) => manifest::inventory(&object, config, store),
        None => read_object(&object, config, &**store),
    }
}

fn list_objects(args: &Args<'_>, config: &ReaderConfig, store: &Arc<dyn Store>) -> Result<Box<dyn Items>, RunError> {
    let bucket = args.need("Bucket")?.to_owned();
    let listing = store.list(&bucket, args.text("Prefix")?.unwrap_or(""))?;
    if config.transformation == ReaderTransformation::None {
        return Ok(Box::new(Stream(listing)));
    }
    let objects = listing.map(move |listed| Ok(Object { bucket: bucket.clone(), key: listed?.key }));
    Ok(Chain::over(objects, config, store))
}

/// An object of a store.
struct Object {
    bucket: String,
    key: String,
}

impl Object {
    fn window(&self, store: &dyn Store) -> Result<Window, RunError> {
        Window::open(store.open(&self.bucket, &self.key)?, format!("s3://{}/{}", self.bucket, self.key))
    }
}

fn read_object(object: &Object, config: &ReaderConfig, store: &dyn Store) -> Result<Box<dyn Items>, RunError> {
    let Some(input_type) = config.input_type else {
        return Err(reader_failed("ReaderConfig.InputType is required to read an object"));
    };
    let window = object.window(store)?;
    Ok(match input_type {
        InputType::Csv => Box::new(Stream(csv::Rows::open(window, config)?)),
        InputType::Json => Box::new(Stream(json::Elements::open(window, config.items_pointer.as_deref())?)),
        InputType::Jsonl => Box::new(Stream(json::Lines(window))),
        InputType::Manifest => return Err(window.fail(0, "a manifest cannot list manifests")),
    })
}

/// Items one by one.
trait Source: Send {
    fn next(&mut self) -> Result<Option<Value>, RunError>;
}

impl Source for Listing {
    fn next(&mut self) -> Result<Option<Value>, RunError> {
        Iterator::next(self).map(|listed| Ok(listed?.into_item())).transpose()
    }
}

/// A source read in batches.
struct Stream<S>(S);

impl<S: Source> Items for Stream<S> {
    fn next_batch(&mut self, max: usize) -> Result<Vec<Value>, RunError> {
        let (mut items, mut bytes) = (Vec::new(), 0);
        while items.len() < max && bytes < WINDOW {
            let Some(item) = self.0.next()? else { break };
            bytes = item.json_len().saturating_add(bytes);
            items.push(item);
        }
        Ok(items)
    }
}

/// The items of one object after the other.
struct Chain<I> {
    objects: I,
    config: ReaderConfig,
    store: Arc<dyn Store>,
    current: Option<Box<dyn Items>>,
}

impl<I: Iterator<Item = Result<Object, RunError>> + Send + 'static> Chain<I> {
    fn over(objects: I, config: &ReaderConfig, store: &Arc<dyn Store>) -> Box<dyn Items> {
        Box::new(Self { objects, config: config.clone(), store: Arc::clone(store), current: None })
    }
}

impl<I: Iterator<Item = Result<Object, RunError>> + Send> Items for Chain<I> {
    fn next_batch(&mut self, max: usize) -> Result<Vec<Value>, RunError> {
        loop {
            if let Some(current) = &mut self.current {
                let items = current.next_batch(max)?;
                if !items.is_empty() {
                    return Ok(items);
                }
            }
            match self.objects.next() {
                Some(object) => self.current = Some(read_object(&object?, &self.config, &*self.store)?),
                None => return Ok(Vec::new()),
            }
        }
    }
}

/// The first so many items.
struct Limited {
    items: Box<dyn Items>,
    left: u64,
}

impl Items for Limited {
    fn next_batch(&mut self, max: usize) -> Result<Vec<Value>, RunError> {
        let max = max.min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if max == 0 {
            return Ok(Vec::new());
        }
        let items = self.items.next_batch(max)?;
        self.left = self.left.saturating_sub(items.len() as u64);
        Ok(items)
    }
}

/// The service and action at the end of an ARN.
fn action(resource: &str) -> &str {
    resource.split_once(":::").map_or(resource, |(_, action)| action)
}

/// Evaluated arguments of a service.
struct Args<'v> {
    args: &'v Value,
    fail: fn(&dyn fmt::Display) -> RunError,
}

impl<'v> Args<'v> {
    fn new(args: &'v Value, fail: fn(&dyn fmt::Display) -> RunError) -> Result<Self, RunError> {
        match args {
            Value::Object(_) => Ok(Self { args, fail }),
            _ => Err(fail(&format_args!("its arguments must be an object but are of type {}", args.type_name()))),
        }
    }

    fn text(&self, name: &str) -> Result<Option<&'v str>, RunError> {
        match self.args.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err((self.fail)(&format_args!("{name} must be a string but was: {}", other.to_json()))),
        }
    }

    fn need(&self, name: &str) -> Result<&'v str, RunError> {
        self.text(name)?.ok_or_else(|| (self.fail)(&format_args!("the argument {name} is required")))
    }
}

fn reader_failed(cause: impl fmt::Display) -> RunError {
    RunError::new("States.ItemReaderFailed", cause.to_string())
}

fn writer_failed(cause: impl fmt::Display) -> RunError {
    RunError::new("States.ResultWriterFailed", cause.to_string())
}
