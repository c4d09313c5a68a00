#![allow(clippy::unwrap_used, reason = "the helpers of tests stand outside of the test functions")]

mod directories;
mod faults;
mod obstacles;
mod trees;

use crate::found::Owner;
use crate::tree::Tree;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A directory of its own for each test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("rulecast-files-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn put(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Every file by its path, and each empty directory as one without content.
    pub(crate) fn all(&self) -> BTreeMap<String, Vec<u8>> {
        let mut all = BTreeMap::new();
        let mut todo = vec![self.0.clone()];
        while let Some(folder) = todo.pop() {
            let below = |path: &Path| path.strip_prefix(&self.0).unwrap().to_str().unwrap().replace('\\', "/");
            let entries: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
            if entries.is_empty() && folder != self.0 {
                all.insert(below(&folder) + "/", Vec::new());
            }
            for path in entries {
                if path.is_dir() {
                    todo.push(path);
                } else {
                    all.insert(below(&path), fs::read(&path).unwrap());
                }
            }
        }
        all
    }

    /// The paths alone.
    pub(crate) fn list(&self) -> String {
        self.all().into_keys().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Files `*.q` in the directories `a` and `b` and below, which begin with a mark.
pub(crate) struct Marked;

pub(crate) const MARK: &str = "# made\n";

impl Owner for Marked {
    fn enters(&self, folder: &str) -> bool {
        matches!(folder.split('/').next(), Some("a" | "b"))
    }

    fn claims(&self, path: &str) -> bool {
        self.enters(path) && path.rsplit('.').next() == Some("q")
    }

    fn made(&self, _: &str, content: &[u8]) -> bool {
        content.starts_with(MARK.as_bytes())
    }
}

/// A file that is longer than what a disk takes at once.
pub(crate) fn made(word: &str) -> Vec<u8> {
    format!("{MARK}{}", word.repeat(3000)).into_bytes()
}

pub(crate) fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::new();
    for (path, word) in files {
        tree.add(*path, made(word), path).unwrap();
    }
    tree
}
