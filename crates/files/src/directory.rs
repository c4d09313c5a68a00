//! A directory that appears whole.

use crate::Tree;
use crate::error::{Error, Obstacle};
use crate::parts;
use crate::steps::{Disk, Steps, sync_folder};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Writes a tree as a directory that is there with all its files or not at all: it appears by one rename.
///
/// An old directory is replaced if `is_ours` says of it that an earlier run made it, and is otherwise in the way. Since a
/// directory that is not empty cannot be renamed over, the old one steps aside first: a run that ends between the two
/// renames leaves none. What it leaves is removed by the next run.
///
/// Lacks: the files are not forced to the disk one by one. A loss of power, unlike the end of the process, may leave the
/// directory with files that are not whole: what is made of rules can be made again.
pub fn write_directory(path: &Path, tree: &Tree, is_ours: impl Fn(&Path) -> bool) -> Result<(), Error> {
    write_directory_by(path, tree, is_ours, &Disk)
}

pub(crate) fn write_directory_by(
    path: &Path,
    tree: &Tree,
    is_ours: impl Fn(&Path) -> bool,
    steps: &dyn Steps,
) -> Result<(), Error> {
    let old = is_there(path, is_ours)?;
    let Some(name) = path.file_name() else {
        return Err(Error::Obstacles { obstacles: vec![(path.to_owned(), Obstacle::Folder)] });
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let failed = |error: io::Error| Error::system("write", path, &error);
    make_folders(folder, steps)?;
    let label = format!("{}.", name.to_string_lossy().chars().take(40).collect::<String>());
    parts::clean(folder, &label, steps);
    let (held, part) = parts::create_folder(folder, &label, steps).map_err(failed)?;
    let written = fill(&part, tree, steps).and_then(|()| {
        let Some(aside) = old.then(|| parts::free(folder, &label)) else { return steps.rename(&part, path) };
        steps.rename(path, &aside)?;
        // If the new one cannot take its place, the old one comes back.
        steps.rename(&part, path).inspect_err(|_| drop(steps.rename(&aside, path)))?;
        let _ = steps.remove_all(&aside);
        Ok(())
    });
    if let Err(error) = written {
        let _ = steps.remove_all(&part);
        return Err(failed(error));
    }
    drop(held);
    sync_folder(folder);
    Ok(())
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

fn fill(root: &Path, tree: &Tree, steps: &dyn Steps) -> io::Result<()> {
    let folders: BTreeSet<PathBuf> = tree
        .files()
        .flat_map(|(path, _)| path.match_indices('/').map(|(end, _)| root.join(&path[..end])).collect::<Vec<_>>())
        .collect();
    folders.iter().try_for_each(|folder| steps.make_folder(folder))?;
    let files: Vec<(&str, &[u8])> = tree.files().collect();
    files.into_par_iter().try_for_each(|(path, bytes)| {
        let path = root.join(path);
        let mut file: File = steps.create(&path)?;
        steps.write(&mut file, &path, bytes, None)
    })
}
