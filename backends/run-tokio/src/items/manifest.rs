//! Manifests: files that name the files whose data are the items.

use std::sync::Arc;

use wfc_expr::Value;
use wfc_run_core::RunError;

use super::{reader_failed, window::Window, Chain, HeaderLocation, InputType, Items, Object, ReaderConfig, Store};

/// The items of the objects whose URIs a manifest lists, one per line.
pub(super) fn athena(
    manifest: &Object,
    config: &ReaderConfig,
    store: &Arc<dyn Store>,
) -> Result<Box<dyn Items>, RunError> {
    Ok(Chain::over(Uris(manifest.window(&**store)?), config, store))
}

/// The rows of an inventory. Its files lie in the bucket it was written to.
pub(super) fn inventory(
    manifest: &Object,
    config: &ReaderConfig,
    store: &Arc<dyn Store>,
) -> Result<Box<dyn Items>, RunError> {
    let inventory = Inventory::read(manifest.window(&**store)?)?;
    let config = ReaderConfig {
        input_type: Some(InputType::Csv),
        csv_header_location: Some(HeaderLocation::Given(inventory.headers()?)),
        ..config.clone()
    };
    Ok(Chain::over(inventory.objects()?.into_iter().map(Ok), &config, store))
}

struct Uris(Window);

impl Uris {
    fn read(&mut self) -> Result<Option<Object>, RunError> {
        loop {
            let len = self.0.line()?;
            let line = self.0.text(len)?.trim();
            if len > 0 && line.is_empty() {
                self.0.consume(len);
                continue;
            }
            let object = match line.strip_prefix("s3://").and_then(|uri| uri.split_once('/')) {
                Some((bucket, key)) => Object { bucket: bucket.to_owned(), key: key.to_owned() },
                None if len == 0 => return Ok(None),
                None => return Err(self.0.fail(0, "a line of a manifest must be a URI such as s3://bucket/key")),
            };
            self.0.consume(len);
            return Ok(Some(object));
        }
    }
}

impl Iterator for Uris {
    type Item = Result<Object, RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// The `manifest.json` of an inventory. It is held as a whole and therefore as long as an item at most.
struct Inventory {
    document: Value,
    name: String,
}

impl Inventory {
    fn read(mut window: Window) -> Result<Self, RunError> {
        while window.more()? {}
        let document = window.value(window.bytes().len())?;
        let inventory = Self { document, name: window.name().to_owned() };
        match inventory.text("fileFormat")? {
            "CSV" => Ok(inventory),
            other => {
                Err(inventory.fail(format_args!("an inventory in the format {other} is not supported; it can be CSV")))
            }
        }
    }

    fn headers(&self) -> Result<Vec<Arc<str>>, RunError> {
        Ok(self.text("fileSchema")?.split(',').map(|name| name.trim().into()).collect())
    }

    fn objects(&self) -> Result<Vec<Object>, RunError> {
        let target = self.text("destinationBucket")?;
        let bucket = target.rsplit_once(":::").map_or(target, |(_, bucket)| bucket);
        let files = self.document.get("files").and_then(Value::as_array);
        let files = files.ok_or_else(|| self.fail("'files' must be a list"))?;
        let key = |file: &Value| file.get("key").and_then(Value::as_str).map(str::to_owned);
        let object = |file| key(file).map(|key| Object { bucket: bucket.to_owned(), key });
        files.iter().map(|file| object(file).ok_or_else(|| self.fail("a file has no 'key'"))).collect()
    }

    fn text(&self, name: &str) -> Result<&str, RunError> {
        let text = self.document.get(name).and_then(Value::as_str);
        text.ok_or_else(|| self.fail(format_args!("'{name}' must be a string")))
    }

    fn fail(&self, what: impl std::fmt::Display) -> RunError {
        reader_failed(format_args!("{}: {what}", self.name))
    }
}
