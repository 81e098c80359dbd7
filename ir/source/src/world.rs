//! The only way in for files: compiler crates read through [`World`], never through the operating system.

use std::collections::BTreeMap;
use std::fmt;

/// Where files come from: a disk, an editor's buffers, a test's table.
pub trait World {
    /// The bytes of the file at `path`, at most `max_bytes` of them.
    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, WorldError>;
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorldError {
    /// There is nothing at that path.
    NotFound,
    /// There is a directory at that path.
    IsDirectory,
    /// The file is larger than allowed.
    TooLarge {
        /// The limit that was in force.
        limit: u64,
    },
    /// Anything else, in the words of the system.
    Other(String),
}

impl fmt::Display for WorldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorldError::NotFound => write!(f, "no such file"),
            WorldError::IsDirectory => write!(f, "it is a directory"),
            WorldError::TooLarge { limit } => write!(f, "it is larger than {limit} bytes (limit max-bytes)"),
            WorldError::Other(why) => write!(f, "{why}"),
        }
    }
}

impl std::error::Error for WorldError {}

/// Files held in memory, for embedding and for tests.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryWorld {
    /// A world without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    pub fn with(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), bytes.into());
        self
    }
}

impl World for MemoryWorld {
    fn read(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, WorldError> {
        let bytes = self.files.get(path).ok_or(WorldError::NotFound)?;
        if bytes.len() as u64 > max_bytes {
            return Err(WorldError::TooLarge { limit: max_bytes });
        }
        Ok(bytes.clone())
    }
}
