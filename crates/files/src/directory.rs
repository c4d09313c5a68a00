//! A directory that appears whole.

use crate::Tree;
use crate::error::{Error, Obstacle};
use crate::parts;
use crate::steps::{Disk, Step, Steps, sync_folder};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A directory in the making: it is there with all its files or not at all, since it appears by one rename.
///
/// An old directory is replaced if `is_ours` says of it that an earlier run made it, and is otherwise in the way. Since a
/// directory that is not empty cannot be renamed over, the old one steps aside first: a run that ends between the two
/// renames leaves none. What it leaves is removed by the next run. Files go to the disk as they are added, and are not
/// held in memory; a directory that is dropped unfinished leaves nothing.
///
/// Lacks: the files are not forced to the disk one by one. A loss of power, unlike the end of the process, may leave the
/// directory with files that are not whole: what is made of rules can be made again.
pub struct NewDirectory<'s> {
    path: PathBuf,
    folder: PathBuf,
    label: String,
    /// Whether there is an old one.
    replaces: bool,
    /// Under the name that it has until it is whole.
    part: PathBuf,
    /// Tells other runs that this one goes on.
    held: Option<File>,
    /// The files without their bytes.
    names: Tree,
    folders: BTreeSet<PathBuf>,
    steps: &'s dyn Steps,
    is_finished: bool,
}

impl NewDirectory<'_> {
    /// Begins to make the directory at `path`.
    pub fn begin(path: &Path, is_ours: impl Fn(&Path) -> bool) -> Result<Self, Error> {
        Self::begin_by(path, is_ours, &Disk)
    }
}

impl<'s> NewDirectory<'s> {
    pub(crate) fn begin_by(
        path: &Path,
        is_ours: impl Fn(&Path) -> bool,
        steps: &'s dyn Steps,
    ) -> Result<NewDirectory<'s>, Error> {
        let replaces = is_there(path, is_ours)?;
        let Some(name) = path.file_name() else {
            return Err(Error::Obstacles { obstacles: vec![(path.to_owned(), Obstacle::Folder)] });
        };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        make_folders(folder, steps)?;
        let label = format!("{}.", name.to_string_lossy().chars().take(40).collect::<String>());
        parts::clean(folder, &label, steps);
        let (held, part) =
            parts::create_folder(folder, &label, steps).map_err(|error| Error::system("write", path, &error))?;
        Ok(NewDirectory {
            path: path.to_owned(),
            folder: folder.to_owned(),
            label,
            replaces,
            part,
            held,
            names: Tree::new(),
            folders: BTreeSet::new(),
            steps,
            is_finished: false,
        })
    }

    /// Adds files, at relative paths with `/` between their parts, made of `origin`.
    ///
    /// A part of a path that is empty, `.` or `..` panics, as in [`Tree::add`].
    pub fn add(&mut self, files: Vec<(String, Vec<u8>)>, origin: &str) -> Result<(), Error> {
        for (path, _) in &files {
            self.name(path, origin)?;
        }
        let (part, steps) = (&self.part, self.steps);
        let written = files.into_par_iter().try_for_each(|(path, bytes)| {
            let path = part.join(path);
            let mut file = steps.create(&path)?;
            steps.write(&mut file, &path, &bytes, None)
        });
        written.map_err(|error| self.failed(&error))
    }

    /// Adds a file that `fill` writes piece by piece; it may look at the files that are there.
    pub fn add_by(
        &mut self,
        path: &str,
        origin: &str,
        fill: impl FnOnce(&Self, &mut BufWriter<NewFile<'_>>) -> io::Result<()>,
    ) -> Result<(), Error> {
        self.name(path, origin)?;
        let place = self.part.join(path);
        let file = self.steps.create(&place).map_err(|error| self.failed(&error))?;
        let mut file = BufWriter::new(NewFile { file, path: place, steps: self.steps });
        fill(self, &mut file).and_then(|()| file.flush()).map_err(|error| self.failed(&error))
    }

    /// The files in an order that depends on their paths alone.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.names.files().map(|(path, _)| path)
    }

    /// Opens a file that was added, to read it.
    pub fn open(&self, path: &str) -> io::Result<File> {
        let path = self.part.join(path);
        self.steps.before(Step::Read(&path))?;
        File::open(path)
    }

    /// The error for what went wrong with its files.
    pub fn failed(&self, error: &io::Error) -> Error {
        Error::system("write", &self.path, error)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Lets it appear.
    pub fn finish(mut self) -> Result<(), Error> {
        let (steps, path, part) = (self.steps, &self.path, &self.part);
        let appear = || {
            let Some(aside) = self.replaces.then(|| parts::free(&self.folder, &self.label)) else {
                return steps.rename(part, path);
            };
            steps.rename(path, &aside)?;
            // If the new one cannot take its place, the old one comes back.
            steps.rename(part, path).inspect_err(|_| drop(steps.rename(&aside, path)))?;
            let _ = steps.remove_all(&aside);
            Ok(())
        };
        appear().map_err(|error| self.failed(&error))?;
        self.is_finished = true;
        sync_folder(&self.folder);
        Ok(())
    }

    /// Makes room for a file.
    fn name(&mut self, path: &str, origin: &str) -> Result<(), Error> {
        self.names.add(path, Vec::new(), origin)?;
        for (end, _) in path.match_indices('/') {
            let folder = self.part.join(&path[..end]);
            if !self.folders.contains(&folder) {
                self.steps.make_folder(&folder).map_err(|error| self.failed(&error))?;
                self.folders.insert(folder);
            }
        }
        Ok(())
    }
}

impl Drop for NewDirectory<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            let _ = self.steps.remove_all(&self.part);
        }
        drop(self.held.take());
    }
}

/// A file of a directory in the making.
pub struct NewFile<'s> {
    file: File,
    path: PathBuf,
    steps: &'s dyn Steps,
}

impl Write for NewFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.steps.before(Step::Write(&self.path, bytes))?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for NewFile<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Whether there is a directory to be replaced.
fn is_there(path: &Path, is_ours: impl Fn(&Path) -> bool) -> Result<bool, Error> {
    let in_the_way = |obstacle| Error::Obstacles { obstacles: vec![(path.to_owned(), obstacle)] };
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_symlink() => Err(in_the_way(Obstacle::Link)),
        Ok(there) if !there.is_dir() => Err(in_the_way(Obstacle::File)),
        Ok(_) if is_ours(path) => Ok(true),
        Ok(_) if fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none()) => Ok(true),
        Ok(_) => Err(in_the_way(Obstacle::ForeignFolder)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::system("read", path, &error)),
    }
}

fn make_folders(folder: &Path, steps: &dyn Steps) -> Result<(), Error> {
    let missing: Vec<&Path> =
        folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.is_dir()).collect();
    for path in missing.into_iter().rev() {
        steps.make_folder(path).map_err(|error| Error::system("make the directory", path, &error))?;
    }
    Ok(())
}
