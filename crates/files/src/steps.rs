//! Each use of the disk, one by one: where tests make the disk fail, or the process end.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::path::Path;

/// A use of the disk that is about to be made.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(test), allow(dead_code, reason = "only tests look at what a step does"))]
pub(crate) enum Step<'a> {
    /// Looking at what is there.
    Read(&'a Path),
    /// A directory.
    MakeFolder,
    /// A new, empty file.
    Create,
    /// Its content.
    Write(&'a Path, &'a [u8]),
    /// From the system's memory to the disk.
    Sync,
    /// From a name to another.
    Rename,
    /// A file.
    Remove,
    /// An empty directory.
    RemoveFolder,
    /// A directory with all that is in it.
    RemoveAll,
}

/// Asked before each step, and may fail it.
pub(crate) trait Steps: Sync {
    /// Before a step.
    fn before(&self, step: Step<'_>) -> io::Result<()>;
}

/// The disk as it is.
pub(crate) struct Disk;

impl Steps for Disk {
    fn before(&self, _: Step<'_>) -> io::Result<()> {
        Ok(())
    }
}

impl dyn Steps + '_ {
    pub(crate) fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.before(Step::Read(path))?;
        fs::read(path)
    }

    pub(crate) fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.before(Step::MakeFolder)?;
        match fs::create_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            made => made,
        }
    }

    pub(crate) fn create(&self, path: &Path) -> io::Result<File> {
        self.before(Step::Create)?;
        fs::OpenOptions::new().write(true).create_new(true).open(path)
    }

    pub(crate) fn write(
        &self,
        file: &mut File,
        path: &Path,
        bytes: &[u8],
        as_in: Option<Permissions>,
    ) -> io::Result<()> {
        self.before(Step::Write(path, bytes))?;
        file.write_all(bytes)?;
        as_in.map_or(Ok(()), |permissions| file.set_permissions(permissions))
    }

    pub(crate) fn sync(&self, file: &File) -> io::Result<()> {
        self.before(Step::Sync)?;
        file.sync_all()
    }

    pub(crate) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.before(Step::Rename)?;
        fs::rename(from, to)
    }

    pub(crate) fn remove(&self, path: &Path) -> io::Result<()> {
        self.before(Step::Remove)?;
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    pub(crate) fn remove_all(&self, path: &Path) -> io::Result<()> {
        self.before(Step::RemoveAll)?;
        fs::remove_dir_all(path)
    }

    /// Removes a directory if it is empty, and tells whether it was.
    pub(crate) fn remove_folder(&self, path: &Path) -> bool {
        self.before(Step::RemoveFolder).is_ok() && fs::remove_dir(path).is_ok()
    }
}

/// Makes renames within a directory outlast a loss of power, where the system can.
pub(crate) fn sync_folder(path: &Path) {
    // Some file systems refuse it; the files are whole all the same.
    if cfg!(unix) {
        let _ = File::open(path).and_then(|folder| folder.sync_all());
    }
}
