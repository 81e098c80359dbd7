//! Runs a machine whose items come from a folder and whose results go to one.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use wfc_driver::runtime::items::DirStore;
use wfc_driver::runtime::{self, Options, RunStatus};
use wfc_driver::{passes, plan, Session};
use wfc_expr::Value;

/// Runs `machine` with each folder inside `buckets` as a bucket.
pub(crate) fn run(machine: &str, buckets: &str) -> Result<(), String> {
    let bytes = std::fs::read(machine).map_err(|error| format!("{machine}: {error}"))?;
    let analysis = Session::new().check_bytes(machine, bytes);
    let checked = analysis.into_checked().map_err(|analysis| format!("{machine}: {:?}", analysis.diagnostics))?;
    let lowered = passes::lower(checked, &passes::defaults(), &mut |_, _| {}).map_err(|error| error.to_string())?;
    let emitted = plan::emit(&lowered.sealed).map_err(|unsupported| format!("{machine}: {unsupported:?}"))?;
    let store = Arc::new(DirStore::new(folders(Path::new(buckets))?));
    let options = Options { store, keep_records: false, ..Options::default() };
    let outcome = runtime::run_blocking(emitted.plan, Value::empty_object(), options).map_err(|e| e.to_string())?;
    match outcome.status {
        RunStatus::Succeeded => {
            println!("{}", outcome.output.to_json());
            Ok(())
        }
        status => Err(format!("{status:?}: {:?}: {:?}", outcome.error, outcome.cause)),
    }
}

fn folders(buckets: &Path) -> Result<BTreeMap<String, std::path::PathBuf>, String> {
    let entries = std::fs::read_dir(buckets).map_err(|error| format!("{}: {error}", buckets.display()))?;
    let named = entries.filter_map(Result::ok).filter(|entry| entry.path().is_dir());
    Ok(named.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect())
}
