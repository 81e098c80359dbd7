//! Finds the `wfc.toml` of a file: in its folder, or in the nearest folder above.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use wfc_driver::config::{Config, FILE_NAME};
use wfc_driver::UnknownRule;

use super::Failure;

/// Configurations by folder, each read once.
#[derive(Debug, Default)]
pub(crate) struct Configs {
    forced: Option<Rc<Found>>,
    none: bool,
    by_folder: HashMap<PathBuf, Rc<Found>>,
}

/// A configuration and where it stands.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The settings.
    pub(crate) config: Config,
    /// The file; absent for the defaults.
    pub(crate) path: Option<PathBuf>,
}

impl Configs {
    /// All files use `path`; without one each file its own, or none if `isolated`.
    pub(crate) fn new(path: Option<&str>, isolated: bool) -> Result<Self, Failure> {
        let forced = path.map(|path| read(Path::new(path)).map(Rc::new)).transpose()?;
        Ok(Self { forced, none: isolated, by_folder: HashMap::new() })
    }

    /// The configuration for a file.
    pub(crate) fn for_file(&mut self, file: &str) -> Result<Rc<Found>, Failure> {
        if let Some(forced) = &self.forced {
            return Ok(Rc::clone(forced));
        }
        if self.none {
            return Ok(Rc::default());
        }
        let folder = std::path::absolute(file).ok().and_then(|p| p.parent().map(Path::to_path_buf)).unwrap_or_default();
        if let Some(found) = self.by_folder.get(&folder) {
            return Ok(Rc::clone(found));
        }
        let found = Rc::new(search(&folder)?);
        self.by_folder.insert(folder, Rc::clone(&found));
        Ok(found)
    }
}

fn search(folder: &Path) -> Result<Found, Failure> {
    let candidates = folder.ancestors().map(|dir| dir.join(FILE_NAME));
    match candidates.into_iter().find(|path| path.is_file()) {
        Some(path) => read(&path),
        None => Ok(Found::default()),
    }
}

fn read(path: &Path) -> Result<Found, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    match Config::parse(&text) {
        Ok(config) => Ok(Found { config, path: Some(path.to_path_buf()) }),
        Err(error) => {
            let failure = Failure::usage(format!("{name}: {error}"));
            Err(match error.span {
                Some(span) => failure.at(&name, &text, span, "here"),
                None => failure,
            })
        }
    }
}

impl From<UnknownRule> for Failure {
    fn from(unknown: UnknownRule) -> Self {
        Failure::usage(unknown.to_string())
    }
}
