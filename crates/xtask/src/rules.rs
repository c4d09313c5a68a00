//! Rule files of a directory.

use std::io;
use std::path::{Path, PathBuf};

/// The rule files below a directory, in order.
pub(crate) fn files(directory: &Path, to: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = std::fs::read_dir(directory)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            files(&path, to)?;
        } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
            to.push(path);
        }
    }
    Ok(())
}
