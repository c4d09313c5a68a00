//! A directory brought to hold a tree.

use crate::compare::{Change, Comparison, Drift, above};
use crate::error::{Error, Obstacle};
use crate::parts;
use crate::steps::{Disk, Steps, sync_folder};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were not there.
    pub added: usize,
    /// Files that held something else.
    pub changed: usize,
    /// Files that are gone.
    pub removed: usize,
}

impl Comparison<'_> {
    /// Writes what differs, and removes what is stale; nothing, if anything stands in the way.
    pub fn write(&self) -> Result<Written, Error> {
        self.write_by(&Disk)
    }

    pub(crate) fn write_by(&self, steps: &dyn Steps) -> Result<Written, Error> {
        let obstacles: Vec<(PathBuf, Obstacle)> = self
            .changes
            .iter()
            .filter_map(|change| change.obstacle.map(|obstacle| (self.root.join(&change.path), obstacle)))
            .collect();
        if !obstacles.is_empty() {
            return Err(Error::Obstacles { obstacles });
        }
        let mut written = Written::default();
        if self.changes.is_empty() && self.parts.is_empty() {
            return Ok(written);
        }
        make_root(&self.root, steps)?;
        let lock = lock(&self.root)?;
        for part in &self.parts {
            steps.remove(part).map_err(|error| Error::system("remove", part, &error))?;
        }
        let fresh: Vec<&Change<'_>> = self.changes.iter().filter(|change| change.drift != Drift::Stale).collect();
        self.make_folders(&fresh, steps)?;
        self.replace(&fresh, steps)?;
        // Last, so that no moment lacks both a renamed file's old name and its new one.
        for change in self.changes.iter().filter(|change| change.drift == Drift::Stale) {
            let path = self.root.join(&change.path);
            steps.remove(&path).map_err(|error| Error::system("remove", &path, &error))?;
        }
        self.remove_empty_folders(steps);
        drop(lock);
        for change in &self.changes {
            match change.drift {
                Drift::Modified => written.changed += 1,
                Drift::Missing => written.added += 1,
                Drift::Stale => written.removed += 1,
            }
        }
        Ok(written)
    }

    fn make_folders(&self, fresh: &[&Change<'_>], steps: &dyn Steps) -> Result<(), Error> {
        let missing = fresh.iter().filter(|change| change.drift == Drift::Missing);
        let folders: BTreeSet<&str> = missing.flat_map(|change| above(&change.path)).collect();
        for folder in folders {
            let path = self.root.join(folder);
            if !path.is_dir() {
                steps.make_folder(&path).map_err(|error| Error::system("make the directory", &path, &error))?;
            }
        }
        Ok(())
    }

    /// Stages every file, and only then puts them in their places.
    fn replace(&self, fresh: &[&Change<'_>], steps: &dyn Steps) -> Result<(), Error> {
        let staged: Vec<Result<Staged, Error>> =
            fresh.par_iter().map(|change| Staged::new(&self.root, change, steps)).collect();
        let (mut whole, mut failed) = (Vec::with_capacity(staged.len()), None);
        for staged in staged {
            match staged {
                Ok(staged) => whole.push(staged),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if failed.is_none() {
            // After all are written: the disk then takes them together.
            failed = first_error(whole.par_iter().map(|staged| staged.sync(steps)).collect());
        }
        if let Some(error) = failed {
            whole.iter().for_each(|staged| staged.discard(steps));
            return Err(error);
        }
        let failed = first_error(whole.par_iter().map(|staged| staged.take_place(steps)).collect());
        let folders: BTreeSet<&Path> = whole.iter().filter_map(|staged| staged.place.parent()).collect();
        folders.into_iter().for_each(sync_folder);
        failed.map_or(Ok(()), Err)
    }

    /// Directories that held stale files alone.
    fn remove_empty_folders(&self, steps: &dyn Steps) {
        let stale = self.changes.iter().filter(|change| change.drift == Drift::Stale);
        let folders: BTreeSet<&str> = stale.flat_map(|change| above(&change.path)).collect();
        // The deeper ones first.
        for folder in folders.into_iter().rev() {
            steps.remove_folder(&self.root.join(folder));
        }
    }
}

/// A file that is whole, and not yet in its place.
struct Staged {
    part: PathBuf,
    place: PathBuf,
}

impl Staged {
    fn new(root: &Path, change: &Change<'_>, steps: &dyn Steps) -> Result<Self, Error> {
        let place = root.join(&change.path);
        let failed = |error: io::Error| Error::system("write", &place, &error);
        let folder = place.parent().unwrap_or(root);
        let (mut file, part) = parts::create(folder, "", steps).map_err(failed)?;
        if let Err(error) = steps.write(&mut file, &part, change.new, change.permissions.clone()) {
            let _ = steps.remove(&part);
            return Err(failed(error));
        }
        Ok(Self { part, place })
    }

    fn failed(&self, error: &io::Error) -> Error {
        Error::system("write", &self.place, error)
    }

    fn sync(&self, steps: &dyn Steps) -> Result<(), Error> {
        let file = OpenOptions::new().write(true).open(&self.part).map_err(|error| self.failed(&error))?;
        steps.sync(&file).map_err(|error| self.failed(&error))
    }

    fn take_place(&self, steps: &dyn Steps) -> Result<(), Error> {
        steps.rename(&self.part, &self.place).map_err(|error| {
            self.discard(steps);
            self.failed(&error)
        })
    }

    /// What could not be used need not be left behind; if it is, the next run removes it.
    fn discard(&self, steps: &dyn Steps) {
        let _ = steps.remove(&self.part);
    }
}

fn first_error(results: Vec<Result<(), Error>>) -> Option<Error> {
    results.into_iter().find_map(Result::err)
}

/// The directory itself, and those above it.
fn make_root(root: &Path, steps: &dyn Steps) -> Result<(), Error> {
    let missing: Vec<&Path> =
        root.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.is_dir()).collect();
    for path in missing.into_iter().rev() {
        steps.make_folder(path).map_err(|error| Error::system("make the directory", path, &error))?;
    }
    Ok(())
}

/// Keeps other runs from the directory, until it is dropped or the process ends. Where the system knows no such locks on
/// directories, runs at the same time may fail, and still leave whole files.
fn lock(root: &Path) -> Result<Option<File>, Error> {
    let Ok(folder) = File::open(root) else { return Ok(None) };
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(TryLockError::WouldBlock) => Err(Error::Busy { path: root.to_owned() }),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}
