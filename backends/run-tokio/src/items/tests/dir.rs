//! Directories as buckets.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process;

use super::*;

/// A directory that is gone with its owner.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wfc-items-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("bucket")).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, body: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, body).unwrap();
    }

    fn store(&self) -> DirStore {
        DirStore::new(BTreeMap::from([("b".to_owned(), self.0.join("bucket"))]))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn text(store: &DirStore, key: &str) -> Result<String, String> {
    let mut text = String::new();
    match store.open("b", key) {
        Ok(mut file) => file.read_to_string(&mut text).map(|_| text).map_err(|error| error.to_string()),
        Err(error) => Err(error.cause.unwrap().to_string()),
    }
}

fn keys(store: &DirStore, prefix: &str) -> String {
    let keys = store.list("b", prefix).map(|listing| listing.map(|listed| listed.unwrap().key).collect::<Vec<_>>());
    keys.map_or_else(|error| error.cause.unwrap().to_string(), |keys| keys.join(" "))
}

#[test]
fn keys_stay_inside_their_directory() {
    let scratch = Scratch::new("inside");
    scratch.file("bucket/a/b.txt", "inside");
    scratch.file("outside.txt", "outside");
    let store = scratch.store();
    assert_eq!(text(&store, "a/b.txt").unwrap(), "inside");
    for key in ["../outside.txt", "/etc/passwd", "a/../../outside.txt", "a//b.txt", "./a/b.txt", "", "a/"] {
        let cause = format!("s3://b/{key}: a key must be a path inside the directory of its bucket");
        assert_eq!(text(&store, key).unwrap_err(), cause);
        assert!(store.create("b", key).is_err_and(|error| error.cause.as_deref() == Some(&*cause)));
    }
    assert_eq!(text(&store, "a").unwrap_err(), "s3://b/a: it is not a file");
    assert!(text(&store, "c").is_err());
    let unknown = "no directory is given for the bucket 'x'; add to wfc.toml:\n\n[s3]\n\"x\" = \"FOLDER\"";
    assert!(store.open("x", "c").is_err_and(|error| error.cause.as_deref() == Some(unknown)));
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_else() {
    use std::os::unix::fs::symlink;
    let scratch = Scratch::new("links");
    scratch.file("bucket/real.txt", "real");
    scratch.file("out/secret.txt", "secret");
    let bucket = scratch.0.join("bucket");
    symlink(scratch.0.join("out"), bucket.join("door")).unwrap();
    symlink(&bucket, bucket.join("loop")).unwrap();
    symlink(bucket.join("real.txt"), bucket.join("also.txt")).unwrap();
    let store = scratch.store();
    let cause = "s3://b/door/secret.txt: a link leads out of the directory of its bucket";
    assert_eq!(text(&store, "door/secret.txt").unwrap_err(), cause);
    assert!(store.create("b", "door/secret.txt").is_err_and(|error| error.cause.as_deref() == Some(cause)));
    assert!(store.create("b", "door/new/deep.txt").is_err());
    assert_eq!(text(&store, "also.txt").unwrap(), "real");
    assert_eq!(keys(&store, ""), "also.txt real.txt");
    assert_eq!(keys(&store, "door/"), "s3://b/door/: a link leads out of the directory of its bucket");
    assert_eq!(fs::read_to_string(scratch.0.join("out/secret.txt")).unwrap(), "secret");
}

#[test]
fn objects_are_listed_in_the_order_of_their_keys() {
    let scratch = Scratch::new("order");
    for key in ["a/b", "a-c", "a/b2/c", "a.d", "z", "a/b2.x", "empty/"] {
        if let Some(folder) = key.strip_suffix('/') {
            fs::create_dir(scratch.0.join("bucket").join(folder)).unwrap();
        } else {
            scratch.file(&format!("bucket/{key}"), key);
        }
    }
    scratch.file("bucket/z.wfc-part", "unfinished");
    let store = scratch.store();
    assert_eq!(keys(&store, ""), "a-c a.d a/b a/b2.x a/b2/c z");
    assert_eq!(keys(&store, "a/b2"), "a/b2.x a/b2/c");
    assert_eq!(keys(&store, "a/"), "a/b a/b2.x a/b2/c");
    assert_eq!(keys(&store, "a/b2/"), "a/b2/c");
    assert_eq!(keys(&store, "no/such"), "");
    assert_eq!(keys(&store, "a//"), "s3://b/a/: a key must be a path inside the directory of its bucket");
    assert_eq!(keys(&store, "../"), "s3://b/..: a key must be a path inside the directory of its bucket");
    let listed = read("s3:listObjectsV2", r#"{"MaxItems": 1}"#, store.clone()).unwrap();
    let members: Vec<&str> = listed[0].as_object().unwrap().keys().collect();
    assert_eq!((members.join(" "), listed.len()), ("Etag Key LastModified Size StorageClass".to_owned(), 1));
    assert_eq!(listed[0].get("Size"), Some(&Value::from(3)));
}

#[test]
fn listed_objects_can_be_read() {
    let scratch = Scratch::new("load");
    scratch.file("bucket/1.jsonl", "1\n2\n");
    scratch.file("bucket/2.jsonl", "");
    scratch.file("bucket/3.jsonl", "3\n4\n5");
    let config = r#"{"InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN", "MaxItems": 4}"#;
    let read = read("s3:listObjectsV2", config, scratch.store()).unwrap();
    assert_eq!(Value::from(read).to_json(), "[1,2,3,4]");
}

#[test]
fn an_object_is_there_once_it_is_finished() {
    let scratch = Scratch::new("finish");
    let store = scratch.store();
    let mut sink = store.create("b", "x/y.json").unwrap();
    sink.write_all(b"[]").unwrap();
    assert!(text(&store, "x/y.json").is_err());
    assert_eq!(keys(&store, ""), "");
    sink.finish().unwrap();
    assert_eq!(text(&store, "x/y.json").unwrap(), "[]");
    drop(store.create("b", "x/z.json").unwrap());
    assert_eq!(fs::read_dir(scratch.0.join("bucket/x")).unwrap().count(), 1);
}
