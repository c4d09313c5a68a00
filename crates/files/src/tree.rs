//! A tree of files in memory.

use std::collections::BTreeMap;
use std::collections::btree_map::{Entry, Range};

/// Files by their paths below some directory.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// By path in lower case, with `/` sorted before any other character.
    files: BTreeMap<String, File>,
}

#[derive(Clone, Debug)]
struct File {
    path: String,
    bytes: Vec<u8>,
    origin: String,
}

/// Two files that cannot stand in one tree: their paths are the same, but for the case of letters, which some file systems
/// ignore; or one is a directory of the other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{first}` and `{second}` would both be written to `{path}`")]
pub struct Clash {
    /// What the first file was made of.
    pub first: String,
    /// What the second was made of.
    pub second: String,
    /// The path of the second.
    pub path: String,
}

impl Tree {
    /// A tree without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, at a relative path with `/` between its parts, made of `origin`.
    ///
    /// A part of the path that is empty, `.` or `..` is a mistake of the caller, and panics: such a file would stand elsewhere.
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>, origin: &str) -> Result<(), Clash> {
        let path = path.into();
        assert!(path.split('/').all(|part| !matches!(part, "" | "." | "..")), "`{path}` is no path below a directory");
        let key = key(&path);
        if let Some(other) = self.in_the_way(&key) {
            return Err(Clash { first: other.origin.clone(), second: origin.to_owned(), path });
        }
        match self.files.entry(key) {
            Entry::Occupied(known) => Err(Clash { first: known.get().origin.clone(), second: origin.to_owned(), path }),
            Entry::Vacant(free) => {
                free.insert(File { path, bytes: bytes.into(), origin: origin.to_owned() });
                Ok(())
            }
        }
    }

    /// A file that is a directory of the one with this key, or the other way round.
    fn in_the_way(&self, key: &str) -> Option<&File> {
        let above = key.match_indices(SLASH).find_map(|(end, _)| self.files.get(&key[..end]));
        above.or_else(|| {
            let folder = format!("{key}{SLASH}");
            let mut below: Range<'_, String, File> = self.files.range(folder.clone()..);
            below.next().filter(|(next, _)| next.starts_with(&folder)).map(|(_, file)| file)
        })
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Paths and bytes, in an order that depends on the paths alone.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.values().map(|file| (file.path.as_str(), file.bytes.as_slice()))
    }

    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(&key(path)).filter(|file| file.path == path).map(|file| file.bytes.as_slice())
    }

    /// The path of a file that differs from this one by the case of letters alone.
    pub(crate) fn named_but_for_case(&self, path: &str) -> Option<&str> {
        self.files.get(&key(path)).map(|file| file.path.as_str()).filter(|known| *known != path)
    }
}

/// Sorts before every other character, so that what is below a directory stands together.
const SLASH: char = '\0';

fn key(path: &str) -> String {
    path.to_lowercase().replace('/', "\0")
}
