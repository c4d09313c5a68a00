//! Where the files of a repository are read from.

use std::io;
use std::path::{Path, PathBuf};

/// A tree of files: the disk, or what it was at another time.
///
/// Paths are those that the disk has, relative to the directory of the call.
pub trait Tree: Sync {
    /// The bytes of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Whether a file is there.
    fn is_file(&self, path: &Path) -> bool;
    /// Whether a directory is there.
    fn is_dir(&self, path: &Path) -> bool;
    /// What stands in a directory, in any order.
    fn list(&self, directory: &Path) -> io::Result<Vec<PathBuf>>;
}

/// The disk as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Tree for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(std::fs::read_dir(directory)?.filter_map(|entry| Some(entry.ok()?.path())).collect())
    }
}

/// The text of a file.
pub(crate) fn text(tree: &dyn Tree, path: &Path) -> Result<String, String> {
    let bytes = tree.read(path).map_err(|error| error.kind().to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}
