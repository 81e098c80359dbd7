//! Files as they are while somebody types them, and files where a value is something else: findings, never a panic.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::{json, Value as Json};
use wfc_driver::Session;
use wfc_tests::files;

use crate::support::{fail, files_below, read};

/// How many beginnings of a file are tried.
const BEGINNINGS: usize = 64;

pub(crate) fn trials() -> Vec<Trial> {
    let cases = files_below("tests/cases");
    let beginnings = cases.iter().cloned().map(|path| trial("beginnings of", path, beginnings));
    let valid = cases.iter().filter(|path| is_valid(path));
    let values = valid.cloned().map(|path| trial("values changed in", path, changed_values));
    beginnings.chain(values).collect()
}

fn is_valid(path: &Path) -> bool {
    let name = path.to_string_lossy();
    name.ends_with(".json") && (name.contains("valid") || name.contains("hello"))
}

fn trial(what: &str, path: PathBuf, test: fn(&str, &str) -> Result<(), Failed>) -> Trial {
    let name = files::relative(&path, &files::workspace().join("tests/cases"));
    Trial::test(format!("hostile/{what} {name}"), move || test(files::file_name(&path), &read(&path)?))
}

fn beginnings(name: &str, text: &str) -> Result<(), Failed> {
    let step = (text.len() / BEGINNINGS).max(1);
    let ends = (0..text.len()).step_by(step).filter(|end| text.is_char_boundary(*end));
    ends.map(|end| &text[..end]).try_for_each(|beginning| survives(name, beginning))
}

/// Every value in turn becomes something of every other type, and goes away.
fn changed_values(name: &str, text: &str) -> Result<(), Failed> {
    let whole: Json = serde_json::from_str(text)?;
    for pointer in pointers(&whole) {
        for value in
            [json!(null), json!(true), json!(-1), json!(1e300), json!(""), json!("{% $ %}"), json!([]), json!({})]
        {
            let mut changed = whole.clone();
            *changed.pointer_mut(&pointer).ok_or("the pointer is of this value")? = value;
            survives(name, &changed.to_string())?;
        }
        survives(name, &without(&whole, &pointer).to_string())?;
    }
    Ok(())
}

fn pointers(whole: &Json) -> Vec<String> {
    let mut found = Vec::new();
    let mut work = vec![(String::new(), whole)];
    while let Some((pointer, json)) = work.pop() {
        let name = |name: &str| format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        match json {
            Json::Object(members) => work.extend(members.iter().map(|(key, value)| (name(key), value))),
            Json::Array(items) => work.extend(items.iter().enumerate().map(|(i, item)| (name(&i.to_string()), item))),
            _ => {}
        }
        found.push(pointer);
    }
    found
}

fn without(whole: &Json, pointer: &str) -> Json {
    let mut changed = whole.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
    if let Some(Json::Object(members)) = changed.pointer_mut(parent) {
        members.shift_remove(&name.replace("~1", "/").replace("~0", "~"));
    }
    changed
}

fn survives(name: &str, text: &str) -> Result<(), Failed> {
    let check = || Session::new().check_bytes(name, text.as_bytes().to_vec()).diagnostics.len();
    let shown = || text.chars().take(4000).collect::<String>();
    catch_unwind(AssertUnwindSafe(check)).map(drop).map_err(|_| fail(format!("panicked on {}", shown())))
}
