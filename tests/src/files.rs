//! Where cases are: the folder beside the workspace, and walks over folders.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// A file or folder of the recorded cases, which are kept beside the workspace and may be absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = workspace().parent()?.join("shared").join(path);
    path.exists().then_some(path)
}

/// Every file below `root`, or `root` itself if it is a file, in the order of their paths.
pub fn walk(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut work = vec![root.to_owned()];
    while let Some(path) = work.pop() {
        if fs::metadata(&path)?.is_dir() {
            for entry in fs::read_dir(&path)? {
                let entry = entry?;
                // A link may lead back up; only what the folder itself holds is walked.
                if !entry.file_type()?.is_symlink() {
                    work.push(entry.path());
                }
            }
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The name of a file without its folder.
pub fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// `path` below `root` as text with forward slashes; the whole path if it is elsewhere.
pub fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
