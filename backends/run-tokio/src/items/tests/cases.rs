//! Recorded cases: what AWS read from the objects that stand in them.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

#[test]
#[allow(clippy::print_stdout, reason = "a test that skips says so")]
fn items_are_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/asl");
    if !folder.exists() {
        println!("skipped: {} is absent", folder.display());
        return;
    }
    let judged = files(&folder).iter().filter(|path| judge(path)).count();
    assert!(judged >= 15, "{judged} cases with a reader");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Reads the items of a case, unless it has no objects or no reader.
fn judge(path: &Path) -> bool {
    let text = fs::read_to_string(path).unwrap();
    if !text.contains("s3_objects") || !text.contains("ItemReader") {
        return false;
    }
    let case = value(&text);
    let states = case.get("definition").and_then(|machine| machine.get("States")).unwrap().as_object().unwrap();
    let state = states.values().find(|state| state.get("ItemReader").is_some()).unwrap();
    let (result, expected) = (outcome(&case, state), case.get("expected").unwrap());
    match result {
        Ok(items) => assert_eq!(Some(&items), expected.get("output"), "{}", path.display()),
        Err(error) => {
            let text = |name| expected.get(name).and_then(Value::as_str);
            assert_eq!(
                (error.name.as_deref(), error.cause.as_deref()),
                (text("error"), text("cause")),
                "{}",
                path.display()
            );
        }
    }
    true
}

/// What comes of a case whose items are passed through.
fn outcome(case: &Value, state: &Value) -> Result<Value, RunError> {
    let input = case.get("input").unwrap();
    let config = state.get("ItemReader").and_then(|reader| reader.get("ReaderConfig")).unwrap().as_object().unwrap();
    let members: Vec<(Arc<str>, Value)> = config.entries().iter().map(|member| at_path(member, input)).collect();
    let args = [("Bucket", input.get("Bucket")), ("Key", input.get("Key"))];
    let spec = ReaderSpec {
        resource: "arn:aws:states:::s3:getObject".into(),
        args: args.into_iter().map(|(name, value)| (name, value.unwrap().clone())).collect(),
        config: ReaderConfig::from_members(&members)?,
    };
    let store: Arc<dyn Store> = Arc::new(objects(case));
    let items = drain(&mut *open(&spec, &store)?, 3)?;
    Ok(match state.get("ItemBatcher") {
        Some(_) => grouped(items),
        None => items.into(),
    })
}

fn at_path((name, value): &(Arc<str>, Value), input: &Value) -> (Arc<str>, Value) {
    match &**name {
        "MaxItemsPath" => ("MaxItems".into(), input.get("MaxItems").unwrap().clone()),
        _ => (Arc::clone(name), value.clone()),
    }
}

/// The one recorded case makes groups of two.
fn grouped(items: Vec<Value>) -> Value {
    items.chunks(2).map(|group| [("Items", Value::from(group.to_vec()))].into_iter().collect::<Value>()).collect()
}

fn objects(case: &Value) -> MemoryStore {
    let text = |object: &Value, name| object.get(name).and_then(Value::as_str).unwrap().to_owned();
    case.get("s3_objects").unwrap().as_array().unwrap().iter().fold(MemoryStore::default(), |store, object| {
        store.with(&text(object, "bucket"), &text(object, "key"), text(object, "body").into_bytes())
    })
}
