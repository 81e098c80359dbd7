//! Buckets and objects: what items are read from and results are written to.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use wfc_expr::Value;
use wfc_run_core::RunError;

use super::reader_failed;

/// The objects of a bucket in the order of their keys.
pub type Listing = Box<dyn Iterator<Item = Result<Listed, RunError>> + Send>;

/// Buckets of objects.
pub trait Store: Send + Sync {
    /// Reads an object.
    fn open(&self, bucket: &str, key: &str) -> Result<Box<dyn Read + Send>, RunError>;
    /// Lists the objects whose keys begin with `prefix`.
    fn list(&self, bucket: &str, prefix: &str) -> Result<Listing, RunError>;
    /// Writes an object. It is there once the sink was finished and not before.
    fn create(&self, bucket: &str, key: &str) -> Result<Box<dyn Sink>, RunError>;
}

/// An object that is being written. Dropped unfinished, it leaves nothing.
pub trait Sink: Write + Send {
    /// Puts the object in its place.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// An object in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// Its length in bytes.
    pub size: u64,
    /// When it was written, in seconds since 1970.
    pub modified: i64,
    /// Something that changes when the object does.
    pub etag: String,
}

impl Listed {
    /// The object as an item.
    pub(super) fn into_item(self) -> Value {
        let size = i64::try_from(self.size).unwrap_or(i64::MAX);
        let members: [(&str, Value); 5] = [
            ("Etag", format!("\"{}\"", self.etag).into()),
            ("Key", self.key.into()),
            ("LastModified", self.modified.into()),
            ("Size", size.into()),
            ("StorageClass", "STANDARD".into()),
        ];
        members.into_iter().collect()
    }
}

/// A bucket and a key.
type Place = (String, String);

/// Buckets in memory. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    objects: Arc<Mutex<BTreeMap<Place, Arc<[u8]>>>>,
}

impl MemoryStore {
    /// A store with one more object.
    pub fn with(self, bucket: &str, key: &str, body: impl Into<Arc<[u8]>>) -> Self {
        self.put((bucket.to_owned(), key.to_owned()), body.into());
        self
    }

    /// The body of an object.
    pub fn get(&self, bucket: &str, key: &str) -> Option<Arc<[u8]>> {
        let objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.get(&(bucket.to_owned(), key.to_owned())).cloned()
    }

    fn put(&self, place: Place, body: Arc<[u8]>) {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner).insert(place, body);
    }
}

impl Store for MemoryStore {
    fn open(&self, bucket: &str, key: &str) -> Result<Box<dyn Read + Send>, RunError> {
        match self.get(bucket, key) {
            Some(body) => Ok(Box::new(Cursor::new(body))),
            None => Err(reader_failed(format_args!("there is no object s3://{bucket}/{key}"))),
        }
    }

    fn list(&self, bucket: &str, prefix: &str) -> Result<Listing, RunError> {
        let objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let from = (bucket.to_owned(), prefix.to_owned());
        let found = objects.range(from..).take_while(|((of, key), _)| of == bucket && key.starts_with(prefix));
        let listed = found.map(|((_, key), body)| {
            let etag = format!("{:032x}", body.len());
            Ok(Listed { key: key.clone(), size: body.len() as u64, modified: 0, etag })
        });
        Ok(Box::new(listed.collect::<Vec<_>>().into_iter()))
    }

    fn create(&self, bucket: &str, key: &str) -> Result<Box<dyn Sink>, RunError> {
        let place = (bucket.to_owned(), key.to_owned());
        Ok(Box::new(MemorySink { store: self.clone(), place, body: Vec::new() }))
    }
}

struct MemorySink {
    store: MemoryStore,
    place: Place,
    body: Vec<u8>,
}

impl Write for MemorySink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.body.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Sink for MemorySink {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.store.put(self.place, self.body.into());
        Ok(())
    }
}
