//! How a directory differs from a tree.

use crate::error::{Error, Obstacle};
use crate::found::{Found, Kind, Owner};
use crate::steps::{Disk, Steps};
use crate::tree::Tree;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::io;
use std::path::{Path, PathBuf};

/// How a file on disk differs from the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Drift {
    /// It has other content.
    Modified,
    /// It is not there.
    Missing,
    /// It is there, made by an earlier run, and the tree does not have it.
    Stale,
}

impl Drift {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Drift::Modified => "modified",
            Drift::Missing => "missing",
            Drift::Stale => "stale",
        }
    }
}

/// A file that differs.
#[derive(Debug)]
pub struct Change<'t> {
    /// Below the directory, with `/`.
    pub path: String,
    /// How.
    pub drift: Drift,
    /// What the file holds; nothing if it is missing, or no file.
    pub old: Vec<u8>,
    /// What it should hold; nothing if it is stale.
    pub new: &'t [u8],
    /// What keeps it from being written.
    pub obstacle: Option<Obstacle>,
    pub(crate) permissions: Option<Permissions>,
}

/// Where a directory differs from a tree.
#[derive(Debug)]
pub struct Comparison<'t> {
    pub(crate) root: PathBuf,
    /// In the order of their paths.
    pub changes: Vec<Change<'t>>,
    /// How many files are as they should be.
    pub unchanged: usize,
    pub(crate) parts: Vec<PathBuf>,
}

/// Compares a directory with the tree that it should hold. Without an owner, nothing in it is stale, and any file may be
/// replaced.
pub fn compare<'t>(tree: &'t Tree, root: &Path, owner: Option<&dyn Owner>) -> Result<Comparison<'t>, Error> {
    compare_by(tree, root, owner, &Disk)
}

pub(crate) fn compare_by<'t>(
    tree: &'t Tree,
    root: &Path,
    owner: Option<&dyn Owner>,
    steps: &dyn Steps,
) -> Result<Comparison<'t>, Error> {
    let folders: BTreeSet<&str> = tree.files().flat_map(|(path, _)| above(path)).collect();
    let enters = |folder: &str| folders.contains(folder) || owner.is_some_and(|owner| owner.enters(folder));
    let found = Found::below(root, &enters)?;
    let look = Look { root, owner, found: &found, steps };

    let files: Vec<(&str, &[u8])> = tree.files().collect();
    let kept: Vec<Option<Change<'t>>> =
        files.into_par_iter().map(|(path, bytes)| look.at(path, bytes)).collect::<Result<_, _>>()?;
    let mut changes: Vec<Change<'t>> = kept.into_iter().flatten().collect();
    let unchanged = tree.len() - changes.len();

    let others: Vec<&str> = found
        .entries
        .iter()
        .filter(|(path, kind)| **kind == Kind::File && tree.get(path).is_none())
        .map(|(path, _)| path.as_str())
        .collect();
    let stale: Vec<Option<Change<'t>>> =
        others.into_par_iter().map(|path| look.stale(path, tree)).collect::<Result<_, _>>()?;
    changes.extend(stale.into_iter().flatten());
    changes.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(Comparison { root: root.to_owned(), changes, unchanged, parts: found.parts })
}

/// The directories above a path.
pub(crate) fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

struct Look<'a> {
    root: &'a Path,
    owner: Option<&'a dyn Owner>,
    found: &'a Found,
    steps: &'a dyn Steps,
}

impl Look<'_> {
    /// How the file at `path` differs from these bytes.
    fn at<'t>(&self, path: &str, new: &'t [u8]) -> Result<Option<Change<'t>>, Error> {
        let full = self.root.join(path);
        let change = |drift, obstacle| Change {
            path: path.to_owned(),
            drift,
            old: Vec::new(),
            new,
            obstacle,
            permissions: None,
        };
        let barred = above(path).find_map(|folder| match self.found.entries.get(folder)? {
            Kind::Folder => None,
            Kind::Link => Some(Obstacle::Link),
            Kind::File | Kind::Special => Some(Obstacle::NoFolder),
        });
        if barred.is_some() {
            return Ok(Some(change(Drift::Missing, barred)));
        }
        let kind = match self.found.entries.get(path) {
            Some(kind) => *kind,
            // Where the case of letters does not count, it may be there under another name.
            None => match fs::symlink_metadata(&full) {
                Ok(metadata) => Kind::from(metadata.file_type()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Ok(Some(change(Drift::Missing, None)));
                }
                Err(error) => return Err(Error::system("read", &full, &error)),
            },
        };
        match kind {
            Kind::File => {}
            Kind::Folder => return Ok(Some(change(Drift::Modified, Some(Obstacle::Folder)))),
            Kind::Link => return Ok(Some(change(Drift::Modified, Some(Obstacle::Link)))),
            Kind::Special => return Ok(Some(change(Drift::Modified, Some(Obstacle::Special)))),
        }
        let old = self.steps.read(&full).map_err(|error| Error::system("read", &full, &error))?;
        if old == new {
            return Ok(None);
        }
        let permissions = permissions(&full)?;
        let foreign = self.owner.is_some_and(|owner| !(old.is_empty() || owner.claims(path) && owner.made(path, &old)));
        let obstacle = match () {
            () if foreign => Some(Obstacle::Foreign),
            () if permissions.readonly() => Some(Obstacle::ReadOnly),
            () => None,
        };
        Ok(Some(Change { old, permissions: Some(permissions), ..change(Drift::Modified, obstacle) }))
    }

    /// The file at `path`, which the tree does not have, if an earlier run made it.
    fn stale<'t>(&self, path: &str, tree: &Tree) -> Result<Option<Change<'t>>, Error> {
        let Some(owner) = self.owner.filter(|owner| owner.claims(path)) else { return Ok(None) };
        let full = self.root.join(path);
        let failed = |error: io::Error| Error::system("read", &full, &error);
        if self.is_in_tree_but_for_case(&full, path, tree).map_err(failed)? {
            return Ok(None);
        }
        let old = self.steps.read(&full).map_err(failed)?;
        if !owner.made(path, &old) {
            return Ok(None);
        }
        let permissions = permissions(&full)?;
        let obstacle = permissions.readonly().then_some(Obstacle::ReadOnly);
        let path = path.to_owned();
        Ok(Some(Change { path, drift: Drift::Stale, old, new: &[], obstacle, permissions: Some(permissions) }))
    }

    /// Whether the case of letters does not count here, and the tree has this very file under another name.
    fn is_in_tree_but_for_case(&self, full: &Path, path: &str, tree: &Tree) -> io::Result<bool> {
        let Some(named) = tree.named_but_for_case(path) else { return Ok(false) };
        if self.found.entries.contains_key(named) {
            return Ok(false);
        }
        match fs::canonicalize(self.root.join(named)) {
            Ok(other) => Ok(fs::canonicalize(full)? == other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn permissions(path: &Path) -> Result<Permissions, Error> {
    fs::metadata(path).map(|metadata| metadata.permissions()).map_err(|error| Error::system("read", path, &error))
}
