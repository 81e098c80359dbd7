//! The disk as a [`World`], and writing files so that a crash leaves the old one or the new one.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use wfc_source::{World, WorldError};

use super::Failure;

/// Files of the machine.
#[derive(Debug)]
pub(crate) struct Disk;

impl World for Disk {
    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, WorldError> {
        let meta = fs::metadata(path).map_err(explain)?;
        if meta.is_dir() {
            return Err(WorldError::IsDirectory);
        }
        if meta.len() > max_bytes {
            return Err(WorldError::TooLarge { limit: max_bytes });
        }
        read_bounded(fs::File::open(path).map_err(explain)?, meta.len(), max_bytes)
    }
}

/// Reads at most `max_bytes`; pipes and devices do not say how long they are.
pub(crate) fn read_bounded(from: impl Read, expected: u64, max_bytes: u64) -> Result<Vec<u8>, WorldError> {
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0) + 1);
    from.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(explain)?;
    if bytes.len() as u64 > max_bytes {
        return Err(WorldError::TooLarge { limit: max_bytes });
    }
    Ok(bytes)
}

fn explain(error: std::io::Error) -> WorldError {
    match error.kind() {
        ErrorKind::NotFound => WorldError::NotFound,
        ErrorKind::PermissionDenied => WorldError::Other("permission denied".to_owned()),
        _ => WorldError::Other(error.to_string()),
    }
}

/// Replaces the content of a file in one step: written beside it, synced, renamed over it.
pub(crate) fn replace(path: &str, text: &str) -> Result<(), Failure> {
    let write = || -> std::io::Result<()> {
        let target = fs::canonicalize(path)?;
        let folder = target.parent().unwrap_or(Path::new("."));
        let temporary = folder.join(format!(".wfc-{}.tmp", std::process::id()));
        let permissions = fs::metadata(&target)?.permissions();
        let written = (|| {
            let mut file = fs::File::create(&temporary)?;
            file.write_all(text.as_bytes())?;
            file.set_permissions(permissions)?;
            file.sync_all()?;
            fs::rename(&temporary, &target)
        })();
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written
    };
    write().map_err(|error| Failure::io(format!("{path} could not be written: {error}")))
}

/// Writes a new file, or standard output for `-` or none.
pub(crate) fn emit(to: Option<&str>, text: &str) -> Result<(), Failure> {
    match to {
        None | Some("-") => {
            super::terminal::print(text);
            Ok(())
        }
        Some(path) => {
            fs::write(path, text).map_err(|error| Failure::io(format!("{path} could not be written: {error}")))
        }
    }
}
