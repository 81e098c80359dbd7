//! Laws of the readers of items.

use std::io::{self, Read};
use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_tokio::items::{open, Delimiter, HeaderLocation, InputType, ReaderConfig, ReaderSpec, MAX_HEADER};
use wfc_run_tokio::items::{Listing, Sink, Store};
use wfc_run_tokio::RunError;

const DELIMITERS: [(Delimiter, char); 5] = [
    (Delimiter::Comma, ','),
    (Delimiter::Pipe, '|'),
    (Delimiter::Semicolon, ';'),
    (Delimiter::Space, ' '),
    (Delimiter::Tab, '\t'),
];

/// Bytes are the same rows or the same refusal however they arrive, and rows that are written again are the same rows.
/// The first byte chooses the delimiter and where headers are.
pub fn csv(data: &[u8]) {
    let Some((choice, body)) = data.split_first() else { return };
    let (csv_delimiter, delimiter) = DELIMITERS[usize::from(choice / 2) % DELIMITERS.len()];
    let given = || HeaderLocation::Given(vec!["x".into(), "y".into()]);
    let config = ReaderConfig {
        input_type: Some(InputType::Csv),
        csv_header_location: Some(if choice % 2 == 0 { HeaderLocation::FirstRow } else { given() }),
        csv_delimiter,
        ..ReaderConfig::default()
    };
    let rows = read(&config, body, usize::MAX, 1_000);
    assert_eq!(rows, read(&config, body, 1, 3));
    // Quotes make headers longer, and those have a limit.
    if let Some(rows) = rows.ok().filter(|_| body.len() < MAX_HEADER / 4) {
        let again = written(&rows, &config, delimiter);
        assert_eq!(read(&config, again.as_bytes(), 5, 2).as_deref(), Ok(&*rows), "{again:?}");
    }
}

/// All rows, read in batches of `max` from a source that gives a few bytes at a time.
fn read(config: &ReaderConfig, body: &[u8], step: usize, max: usize) -> Result<Vec<Value>, RunError> {
    let args = [("Bucket", "b"), ("Key", "k")].into_iter().map(|(name, value)| (name, Value::from(value))).collect();
    let spec = ReaderSpec { resource: "arn:aws:states:::s3:getObject".into(), args, config: config.clone() };
    let store: Arc<dyn Store> = Arc::new(Drip { body: body.to_vec(), step });
    let mut items = open(&spec, &store)?;
    let mut all = Vec::new();
    loop {
        let batch = items.next_batch(max)?;
        if batch.is_empty() {
            return Ok(all);
        }
        all.extend(batch);
    }
}

/// Rows as a CSV in which every cell is quoted.
fn written(rows: &[Value], config: &ReaderConfig, delimiter: char) -> String {
    let mut text = String::new();
    let objects = rows.iter().filter_map(Value::as_object);
    if config.csv_header_location == Some(HeaderLocation::FirstRow) {
        rows.first().and_then(Value::as_object).into_iter().for_each(|row| line(&mut text, row.keys(), delimiter));
    }
    objects.for_each(|row| line(&mut text, row.values().filter_map(Value::as_str), delimiter));
    text
}

fn line<'t>(text: &mut String, cells: impl Iterator<Item = &'t str>, delimiter: char) {
    let cells: Vec<String> = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
    text.push_str(&cells.join(&delimiter.to_string()));
    text.push_str("\r\n");
}

/// One object that comes a few bytes at a time.
#[derive(Clone)]
struct Drip {
    body: Vec<u8>,
    step: usize,
}

impl Store for Drip {
    fn open(&self, _: &str, _: &str) -> Result<Box<dyn Read + Send>, RunError> {
        Ok(Box::new(self.clone()))
    }

    fn list(&self, _: &str, _: &str) -> Result<Listing, RunError> {
        Ok(Box::new(std::iter::empty()))
    }

    fn create(&self, _: &str, key: &str) -> Result<Box<dyn Sink>, RunError> {
        Err(RunError::new("States.ResultWriterFailed", key))
    }
}

impl Read for Drip {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.step.min(buffer.len()).min(self.body.len());
        buffer[..len].copy_from_slice(&self.body[..len]);
        self.body.drain(..len);
        Ok(len)
    }
}
