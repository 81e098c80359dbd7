//! Tests of readers, writers and groups.

mod cases;
mod csv;
mod dir;
mod json;
mod results;

use std::io::{self, Read};
use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_core::RunError;

use super::*;

/// The items of `body` by a configuration in JSON, or the cause of the failure.
fn items(config: &str, body: impl Into<Arc<[u8]>>) -> Result<Vec<Value>, String> {
    read("s3:getObject", config, MemoryStore::default().with("b", "k", body))
}

fn read(action: &str, config: &str, store: impl Store + 'static) -> Result<Vec<Value>, String> {
    read_in(7, action, config, store).map_err(|error| error.cause.unwrap_or_default().to_string())
}

/// Reads everything in batches of `max`.
fn read_in(max: usize, action: &str, config: &str, store: impl Store + 'static) -> Result<Vec<Value>, RunError> {
    let config = ReaderConfig::from_members(&members(config))?;
    let args = Value::parse(r#"{"Bucket": "b", "Key": "k"}"#).unwrap();
    let spec = ReaderSpec { resource: format!("arn:aws:states:::{action}").into(), args, config };
    drain(&mut *open(&spec, &(Arc::new(store) as Arc<dyn Store>))?, max)
}

fn drain(items: &mut dyn Items, max: usize) -> Result<Vec<Value>, RunError> {
    let mut all = Vec::new();
    loop {
        let batch = items.next_batch(max)?;
        assert!(batch.len() <= max);
        if batch.is_empty() {
            return Ok(all);
        }
        all.extend(batch);
    }
}

fn members(json: &str) -> Vec<(Arc<str>, Value)> {
    Value::parse(json).unwrap().as_object().unwrap().entries().to_vec()
}

/// A value as it is printed; members by name.
fn value(json: &str) -> Value {
    Value::parse(json).unwrap()
}

/// A store of one object that comes a few bytes at a time.
struct Dripping(Vec<u8>, usize);

impl Store for Dripping {
    fn open(&self, _: &str, _: &str) -> Result<Box<dyn Read + Send>, RunError> {
        Ok(Box::new(Drips { bytes: self.0.clone(), at: 0, step: self.1 }))
    }

    fn list(&self, _: &str, _: &str) -> Result<Listing, RunError> {
        Ok(Box::new(std::iter::empty()))
    }

    fn create(&self, _: &str, key: &str) -> Result<Box<dyn Sink>, RunError> {
        Err(writer_failed(key))
    }
}

struct Drips {
    bytes: Vec<u8>,
    at: usize,
    step: usize,
}

impl Read for Drips {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.step.min(buffer.len()).min(self.bytes.len() - self.at);
        buffer[..len].copy_from_slice(&self.bytes[self.at..self.at + len]);
        self.at += len;
        Ok(len)
    }
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    for (config, expected) in [
        (
            r#"{"InputType": "PARQUET"}"#,
            "ReaderConfig.InputType \"PARQUET\" is not supported; it can be CSV, JSON, JSONL, MANIFEST",
        ),
        (r#"{"Compression": 1}"#, "ReaderConfig.Compression is not supported"),
        (r#"{"MaxItems": -1}"#, "field MaxItems must be positive"),
        (r#"{"MaxItems": "1.5"}"#, "The MaxItems field refers to value \"1.5\" which is not a valid integer"),
        (r#"{"CSVHeaders": "a"}"#, "ReaderConfig.CSVHeaders \"a\" is not a list of strings"),
        (
            r#"{"InputType": "CSV", "CSVHeaderLocation": "GIVEN"}"#,
            "ReaderConfig.CSVHeaders is required where they are GIVEN",
        ),
        (r#"{"InputType": "CSV"}"#, "ReaderConfig.CSVHeaderLocation is required to read a CSV"),
        ("{}", "ReaderConfig.InputType is required to read an object"),
    ] {
        assert_eq!(items(config, *b"x").unwrap_err(), expected, "{config}");
    }
    let store = MemoryStore::default();
    let unknown = read("s3:getObjects", "{}", store.clone()).unwrap_err();
    assert_eq!(unknown, "no item reader is called 'arn:aws:states:::s3:getObjects'");
    assert_eq!(read("s3:getObject", r#"{"InputType": "JSON"}"#, store).unwrap_err(), "there is no object s3://b/k");
    let gzip = items(r#"{"InputType": "JSONL"}"#, *b"\x1f\x8b\x08").unwrap_err();
    assert_eq!(gzip, "s3://b/k, line 1, byte 0: it is compressed with gzip, which is not supported: unpack it first");
}
