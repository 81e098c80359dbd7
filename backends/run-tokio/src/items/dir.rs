//! Directories as buckets.
//!
//! A key is a path inside its directory: one that leads out, by `..` or by a link, is refused. Directories that are
//! links are not listed, so a listing ends. It holds the names of the directories on the way to the present object.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, DirEntry, File, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use wfc_expr::value::quoted;
use wfc_run_core::RunError;

use super::{reader_failed, writer_failed, Listed, Listing, Sink, Store};

/// What the name of an unfinished object ends with; such files are not listed.
const PART: &str = ".wfc-part";

/// Directories as buckets.
#[derive(Clone, Debug, Default)]
pub struct DirStore {
    buckets: BTreeMap<String, PathBuf>,
}

impl DirStore {
    /// A store of buckets by name.
    pub fn new(buckets: BTreeMap<String, PathBuf>) -> Self {
        Self { buckets }
    }

    fn bucket(&self, name: &str) -> Result<Bucket, String> {
        let path = self.buckets.get(name).ok_or_else(|| {
            let line = missing_bucket(name);
            format!("no directory is given for the bucket '{name}'; add to wfc.toml:\n\n{line}")
        })?;
        let root = path.canonicalize().map_err(|error| format!("bucket '{name}': {}: {error}", path.display()))?;
        Ok(Bucket { name: name.to_owned(), root })
    }
}

/// What is to be added to `wfc.toml` for a bucket.
pub(crate) fn missing_bucket(name: &str) -> String {
    format!("[s3]\n{} = \"FOLDER\"", quoted(name))
}

impl Store for DirStore {
    fn open(&self, bucket: &str, key: &str) -> Result<Box<dyn Read + Send>, RunError> {
        let file = self.bucket(bucket).and_then(|bucket| bucket.open(key));
        file.map(|file| Box::new(file) as Box<dyn Read + Send>).map_err(reader_failed)
    }

    fn list(&self, bucket: &str, prefix: &str) -> Result<Listing, RunError> {
        let walk = self.bucket(bucket).and_then(|bucket| Walk::new(bucket, prefix)).map_err(reader_failed)?;
        Ok(Box::new(walk.map(|listed| listed.map_err(reader_failed))))
    }

    fn create(&self, bucket: &str, key: &str) -> Result<Box<dyn Sink>, RunError> {
        let sink = self.bucket(bucket).and_then(|bucket| bucket.create(key));
        sink.map(|sink| Box::new(sink) as Box<dyn Sink>).map_err(writer_failed)
    }
}

/// A directory, without links in its path.
struct Bucket {
    name: String,
    root: PathBuf,
}

impl Bucket {
    fn open(&self, key: &str) -> Result<File, String> {
        File::open(self.file(key)?).map_err(|error| self.fail(key, error))
    }

    /// The file of a key, links followed.
    fn file(&self, key: &str) -> Result<PathBuf, String> {
        let path = self.path(key)?.canonicalize().map_err(|error| self.fail(key, error))?;
        self.check_inside(key, &path)?;
        if !path.is_file() {
            return Err(self.fail(key, "it is not a file"));
        }
        Ok(path)
    }

    fn create(&self, key: &str) -> Result<DirSink, String> {
        let path = self.path(key)?;
        let there = path.ancestors().skip(1).find(|ancestor| ancestor.exists()).unwrap_or(&self.root);
        self.check_inside(key, &there.canonicalize().map_err(|error| self.fail(key, error))?)?;
        let mut part = path.clone().into_os_string();
        part.push(PART);
        DirSink::open(part.into(), path).map_err(|error| self.fail(key, error))
    }

    /// The path of a key, links not followed.
    fn path(&self, key: &str) -> Result<PathBuf, String> {
        let mut path = self.root.clone();
        for part in key.split('/') {
            let mut components = Path::new(part).components();
            let (Some(Component::Normal(name)), None) = (components.next(), components.next()) else {
                return Err(self.fail(key, "a key must be a path inside the directory of its bucket"));
            };
            path.push(name);
        }
        Ok(path)
    }

    fn check_inside(&self, key: &str, path: &Path) -> Result<(), String> {
        if !path.starts_with(&self.root) {
            return Err(self.fail(key, "a link leads out of the directory of its bucket"));
        }
        Ok(())
    }

    fn fail(&self, key: &str, what: impl fmt::Display) -> String {
        format!("s3://{}/{key}: {what}", self.name)
    }
}

/// A walk over the files of a directory in the order of their keys.
struct Walk {
    bucket: Bucket,
    prefix: String,
    /// Keys that are still to be visited, the next one last. One of a directory ends with `/`.
    pending: Vec<String>,
}

impl Walk {
    fn new(bucket: Bucket, prefix: &str) -> Result<Self, String> {
        let base = prefix.rfind('/').map_or("", |at| &prefix[..=at]).to_owned();
        let mut walk = Self { bucket, prefix: prefix.to_owned(), pending: Vec::new() };
        if base.is_empty() || walk.bucket.path(base.strip_suffix('/').unwrap_or(&base))?.is_dir() {
            walk.enter(&base)?;
        }
        Ok(walk)
    }

    /// Adds what is in a directory.
    fn enter(&mut self, directory: &str) -> Result<(), String> {
        let path = self.bucket.root.join(directory);
        let inside = path.canonicalize().map_err(|error| self.bucket.fail(directory, error))?;
        self.bucket.check_inside(directory, &inside)?;
        let from = self.pending.len();
        for entry in fs::read_dir(path).map_err(|error| self.bucket.fail(directory, error))? {
            let key = entry.map_err(|error| self.bucket.fail(directory, error)).and_then(|e| key(directory, &e))?;
            self.pending.extend(key.filter(|key| key.starts_with(&self.prefix) || self.prefix.starts_with(&**key)));
        }
        self.pending[from..].sort_unstable_by(|left, right| right.cmp(left));
        Ok(())
    }

    fn visit(&mut self) -> Result<Option<Listed>, String> {
        while let Some(key) = self.pending.pop() {
            if key.ends_with('/') {
                self.enter(&key)?;
            } else if key.starts_with(&self.prefix) {
                return self.listed(key).map(Some);
            }
        }
        Ok(None)
    }

    fn listed(&self, key: String) -> Result<Listed, String> {
        let metadata = self.bucket.file(&key)?.metadata().map_err(|error| self.bucket.fail(&key, error))?;
        let modified = modified(&metadata);
        let mut hasher = DefaultHasher::new();
        (&key, metadata.len(), modified).hash(&mut hasher);
        let etag = format!("{:032x}", hasher.finish());
        Ok(Listed { key, size: metadata.len(), modified, etag })
    }
}

impl Iterator for Walk {
    type Item = Result<Listed, String>;

    fn next(&mut self) -> Option<Self::Item> {
        self.visit().transpose()
    }
}

/// The key of what an entry of a directory is about, if it is a file or a directory.
fn key(directory: &str, entry: &DirEntry) -> Result<Option<String>, String> {
    let name = entry.file_name();
    let name = name.to_str().ok_or_else(|| format!("a file name is not valid UTF-8: {}", entry.path().display()))?;
    let kind = entry.file_type().map_err(|error| format!("{}: {error}", entry.path().display()))?;
    Ok(match () {
        () if kind.is_dir() => Some(format!("{directory}{name}/")),
        () if name.ends_with(PART) || !entry.path().is_file() => None,
        () => Some(format!("{directory}{name}")),
    })
}

fn modified(metadata: &Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}

/// A file that gets its name when it is finished.
struct DirSink {
    /// Absent once the file is in its place.
    part: Option<PathBuf>,
    path: PathBuf,
    file: BufWriter<File>,
}

impl DirSink {
    fn open(part: PathBuf, path: PathBuf) -> io::Result<Self> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        match fs::remove_file(&part) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // A new file: what lies there is never followed or written into.
        let file = BufWriter::new(File::create_new(&part)?);
        Ok(Self { part: Some(part), path, file })
    }
}

impl Write for DirSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Sink for DirSink {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        if let Some(part) = &self.part {
            fs::rename(part, &self.path)?;
        }
        self.part = None;
        Ok(())
    }
}

impl Drop for DirSink {
    fn drop(&mut self) {
        // Nobody is left to hear of an error.
        self.part.take().map(fs::remove_file);
    }
}
