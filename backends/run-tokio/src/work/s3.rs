//! Buckets that are folders: paths of objects, and the actions of `aws-sdk:s3` on them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use wfc_expr::Value;
use wfc_run_core::RunError;

use super::command::too_much;
use super::stamp::{crc32_base64, iso, md5_hex, uuid};
use super::Work;
use crate::items::{missing_bucket, DirStore, Listed, Listing, Store};
use crate::process::MAX_OUTPUT;
use crate::Reply;

/// `[s3]`: buckets and the folders that stand for them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Buckets {
    folders: BTreeMap<String, PathBuf>,
}

impl Buckets {
    /// Buckets by name; relative folders are in `base`.
    pub fn new(base: &Path, folders: &BTreeMap<String, String>) -> Self {
        Self { folders: folders.iter().map(|(bucket, folder)| (bucket.clone(), base.join(folder))).collect() }
    }

    /// Whether a folder stands for the bucket.
    pub fn has(&self, bucket: &str) -> bool {
        self.folders.contains_key(bucket)
    }

    /// The file of an object, which need not exist. It is inside the bucket's folder, links followed.
    pub fn path(&self, bucket: &str, key: &str) -> Result<PathBuf, RunError> {
        let root = self.root(bucket)?;
        let plain = Path::new(key).components().all(|part| matches!(part, Component::Normal(_)));
        let whole = !key.split('/').any(|part| part.is_empty() || part == ".");
        if !plain || !whole || key.contains(['\0', '\\']) {
            return Err(refused(bucket, key, "such a key cannot be a path in a folder"));
        }
        let path = root.join(key);
        // What exists of the path decides where it leads; the rest is made of plain names.
        let existing = path.ancestors().find(|path| path.symlink_metadata().is_ok());
        let inside = match (existing.map(fs::canonicalize), root.canonicalize()) {
            (Some(Ok(existing)), Ok(root)) => existing.starts_with(root),
            // Without the folder there is nothing in it that could lead out.
            (_, Err(_)) => true,
            _ => false,
        };
        match inside {
            true => Ok(path),
            false => Err(refused(bucket, key, "a link leads out of the bucket's folder")),
        }
    }

    /// The same folders as a store of items.
    pub fn store(&self) -> DirStore {
        DirStore::new(self.folders.clone())
    }

    fn root(&self, bucket: &str) -> Result<&PathBuf, RunError> {
        self.folders.get(bucket).ok_or_else(|| {
            let line = missing_bucket(bucket);
            let cause = format!("no folder stands for the bucket '{bucket}'; add to wfc.toml:\n\n{line}");
            RunError::new("States.TaskFailed", cause)
        })
    }
}

fn refused(bucket: &str, key: &str, why: &str) -> RunError {
    RunError::new("States.TaskFailed", format!("the object '{key}' of bucket '{bucket}': {why}"))
}

/// The bucket of a task that the actions here could answer.
pub(super) fn bucket(work: &Work) -> Option<&str> {
    let known = ["getObject", "headObject", "putObject", "deleteObject", "listObjectsV2", "listObjects"];
    work.resource.sdk_action("s3").filter(|action| known.contains(action))?;
    work.call.args.get("Bucket")?.as_str()
}

/// Does a task on a bucket.
pub(super) fn run(work: &Work, buckets: &Buckets) -> Reply {
    let bucket = text(work, "Bucket")?;
    match work.resource.sdk_action("s3") {
        Some("listObjectsV2" | "listObjects") => list(work, buckets, bucket),
        action => {
            let key = text(work, "Key")?;
            let path = buckets.path(bucket, key)?;
            match action {
                Some("putObject") => put(work, bucket, &path),
                Some("deleteObject") => delete(bucket, &path),
                Some("headObject") => Ok(described(&read(work, &path)?, &path, None)),
                _ => {
                    let bytes = read(work, &path)?;
                    let body = String::from_utf8_lossy(&bytes).into_owned();
                    Ok(described(&bytes, &path, Some(body)))
                }
            }
        }
    }
}

fn text<'a>(work: &'a Work, name: &str) -> Result<&'a str, RunError> {
    let value = work.call.args.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    value.ok_or_else(|| RunError::new("States.Runtime", format!("the argument '{name}' must be a text")))
}

fn read(work: &Work, path: &Path) -> Result<Vec<u8>, RunError> {
    let missing = |error: &io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
    let about = fs::metadata(path).map_err(|error| match missing(&error) {
        true => no_such_key(work),
        false => RunError::new("S3.S3Exception", format!("{}: {error}", path.display())),
    })?;
    if !about.is_file() {
        return Err(no_such_key(work));
    }
    if about.len() > u64::try_from(MAX_OUTPUT).unwrap_or(u64::MAX) {
        return Err(too_much(work, &path.to_string_lossy()));
    }
    fs::read(path).map_err(|error| RunError::new("S3.S3Exception", format!("{}: {error}", path.display())))
}

fn no_such_key(work: &Work) -> RunError {
    service_error(work, "S3.NoSuchKeyException", "The specified key does not exist.")
}

fn service_error(work: &Work, name: &str, message: &str) -> RunError {
    let extended = uuid(&work.call.idempotency, "extended request");
    let cause = format!(
        "{message} (Service: S3, Status Code: 404, Request ID: {}, Extended Request ID: {extended})",
        work.request_id()
    );
    RunError::new(name, cause)
}

fn described(bytes: &[u8], path: &Path, body: Option<String>) -> Value {
    let members = [
        ("AcceptRanges", Value::from("bytes")),
        ("ContentLength", length(bytes.len())),
        ("ContentType", "binary/octet-stream".into()),
        ("ETag", etag(bytes).into()),
        ("LastModified", modified(path).into()),
        ("Metadata", Value::empty_object()),
        ("ServerSideEncryption", "AES256".into()),
    ];
    members.into_iter().chain(body.map(|body| ("Body", body.into()))).collect()
}

fn length(bytes: usize) -> Value {
    i64::try_from(bytes).unwrap_or(i64::MAX).into()
}

fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", md5_hex(bytes))
}

fn modified(path: &Path) -> String {
    let at = fs::metadata(path).and_then(|about| about.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    iso(i64::try_from(since.as_millis()).unwrap_or(i64::MAX) / 1000 * 1000)
}

fn put(work: &Work, bucket: &str, path: &Path) -> Reply {
    let bytes = match work.call.args.get("Body") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(text)) => text.as_bytes().to_vec(),
        Some(value) => value.to_json().into_bytes(),
    };
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, &bytes))
        .map_err(|error| unwritable(bucket, path, &error))?;
    let members = [
        ("ChecksumCRC32", Value::from(crc32_base64(&bytes))),
        ("ChecksumType", "FULL_OBJECT".into()),
        ("ETag", etag(&bytes).into()),
        ("ServerSideEncryption", "AES256".into()),
    ];
    Ok(members.into_iter().collect())
}

/// What does not exist can be deleted, too.
fn delete(bucket: &str, path: &Path) -> Reply {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(bucket, path, &error)),
        _ => Ok(Value::empty_object()),
    }
}

fn unwritable(bucket: &str, path: &Path, error: &io::Error) -> RunError {
    RunError::new("S3.S3Exception", format!("{} in bucket '{bucket}' cannot be written: {error}", path.display()))
}

/// How many keys a list has at most.
const MAX_KEYS: i64 = 1_000;

fn list(work: &Work, buckets: &Buckets, bucket: &str) -> Reply {
    let args = &work.call.args;
    let option = |name: &str| args.get(name).and_then(Value::as_str);
    let prefix = option("Prefix").unwrap_or_default();
    // A list is continued behind its last key, which is its own token here.
    let after = option("ContinuationToken").or(option("StartAfter")).or(option("Marker")).unwrap_or_default();
    let most = args.get("MaxKeys").and_then(Value::as_i64).unwrap_or(MAX_KEYS).clamp(0, MAX_KEYS);
    let count = usize::try_from(most).unwrap_or(usize::MAX);
    let behind = |listed: &Result<Listed, RunError>| listed.as_ref().map_or(true, |listed| listed.key.as_str() > after);
    let listing = listing(buckets, bucket, prefix)?.filter(behind).take(count.saturating_add(1));
    let mut found = listing.collect::<Result<Vec<Listed>, _>>().map_err(unlisted)?;
    let truncated = found.len() > count;
    found.truncate(count);
    let next = found.last().filter(|_| truncated).map(|last| ("NextContinuationToken", Value::from(last.key.as_str())));
    let contents: Vec<Value> = found.iter().map(entry).collect();
    let members = [
        ("Contents", Value::from(contents)),
        ("IsTruncated", truncated.into()),
        ("KeyCount", length(found.len())),
        ("MaxKeys", most.into()),
        ("Name", bucket.into()),
        ("Prefix", prefix.into()),
    ];
    Ok(members.into_iter().chain(next).collect())
}

fn listing(buckets: &Buckets, bucket: &str, prefix: &str) -> Result<Listing, RunError> {
    let folder = buckets.root(bucket)?;
    if !folder.is_dir() {
        let cause = format!("The specified bucket does not exist: there is no folder {}", folder.display());
        return Err(RunError::new("S3.NoSuchBucketException", cause));
    }
    buckets.store().list(bucket, prefix).map_err(unlisted)
}

fn unlisted(error: RunError) -> RunError {
    RunError::new("S3.S3Exception", error.cause.unwrap_or_default())
}

fn entry(listed: &Listed) -> Value {
    let members = [
        ("ETag", Value::from(format!("\"{}\"", listed.etag))),
        ("Key", listed.key.as_str().into()),
        ("LastModified", iso(listed.modified.saturating_mul(1000)).into()),
        ("Size", i64::try_from(listed.size).unwrap_or(i64::MAX).into()),
        ("StorageClass", "STANDARD".into()),
    ];
    members.into_iter().collect()
}
