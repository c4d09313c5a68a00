//! What stands in a directory already.

use crate::error::Error;
use crate::parts;
use std::collections::BTreeMap;
use std::fs::FileType;
use std::io;
use std::path::{Path, PathBuf};

/// Tells the files that earlier runs made from those of people.
pub trait Owner: Sync {
    /// Whether earlier runs may have made files in this directory, a relative path with `/`.
    fn enters(&self, folder: &str) -> bool;

    /// Whether earlier runs may have made a file at this path. Only then is it read, and asked about.
    fn claims(&self, path: &str) -> bool;

    /// Whether a file at such a path with this content is one that a run made. Content that no person would write.
    fn made(&self, path: &str, content: &[u8]) -> bool;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    Link,
    Special,
}

impl From<FileType> for Kind {
    fn from(kind: FileType) -> Self {
        match () {
            () if kind.is_symlink() => Kind::Link,
            () if kind.is_dir() => Kind::Folder,
            () if kind.is_file() => Kind::File,
            () => Kind::Special,
        }
    }
}

/// What a directory holds, as far as it was looked into. Links are not followed.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// By relative path, with `/`.
    pub(crate) entries: BTreeMap<String, Kind>,
    /// Unfinished files of other runs.
    pub(crate) parts: Vec<PathBuf>,
}

impl Found {
    /// What stands below `root`, in the directories that `enters` accepts. A root that does not exist holds nothing.
    pub(crate) fn below(root: &Path, enters: &dyn Fn(&str) -> bool) -> Result<Self, Error> {
        let mut found = Self::default();
        match std::fs::metadata(root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(Error::system("read", root, &error)),
            Ok(_) => {}
        }
        let mut todo = vec![String::new()];
        while let Some(folder) = todo.pop() {
            let path = if folder.is_empty() { root.to_owned() } else { root.join(&folder) };
            let failed = |error: io::Error| Error::system("read", &path, &error);
            for entry in path.read_dir().map_err(failed)? {
                let entry = entry.map_err(failed)?;
                // No path of a tree is anything but Unicode.
                let name = entry.file_name();
                let Some(name) = name.to_str() else { continue };
                let below = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
                let kind = Kind::from(entry.file_type().map_err(failed)?);
                if kind == Kind::File && parts::is_part(name) {
                    found.parts.push(entry.path());
                    continue;
                }
                if kind == Kind::Folder && enters(&below) {
                    todo.push(below.clone());
                }
                found.entries.insert(below, kind);
            }
        }
        Ok(found)
    }
}
