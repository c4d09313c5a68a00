//! One file, written whole.

use crate::error::{Error, Obstacle};
use crate::parts;
use crate::steps::{Disk, Steps, sync_folder};
use std::fs;
use std::io;
use std::path::Path;

/// Writes a file: in the place of an old one, with its permissions, or as a new one, in a directory that exists.
///
/// Whatever happens, the file is the old one or the new one, whole. Behind a symbolic link, the file that it leads to is
/// the one that is meant.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_whole_by(path, bytes, &Disk)
}

pub(crate) fn write_whole_by(path: &Path, bytes: &[u8], steps: &dyn Steps) -> Result<(), Error> {
    let failed = |error: io::Error| Error::system("write", path, &error);
    let permissions = match fs::metadata(path) {
        Ok(old) => {
            let obstacle = match () {
                () if old.is_dir() => Some(Obstacle::Folder),
                () if !old.is_file() => Some(Obstacle::Special),
                () if old.permissions().readonly() => Some(Obstacle::ReadOnly),
                () => None,
            };
            if let Some(obstacle) = obstacle {
                return Err(Error::Obstacles { obstacles: vec![(path.to_owned(), obstacle)] });
            }
            Some(old.permissions())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let place = if permissions.is_some() { fs::canonicalize(path).map_err(failed)? } else { path.to_owned() };
    let folder = match place.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let label = label(&place);
    parts::clean(folder, &label, steps);
    let (mut file, part) = parts::create(folder, &label, steps).map_err(failed)?;
    // Held until it is whole, so that no other run takes it for a leftover. Not every file system can.
    let _ = file.try_lock();
    let written = steps
        .write(&mut file, &part, bytes, permissions)
        .and_then(|()| steps.sync(&file))
        .and_then(|()| steps.rename(&part, &place));
    if let Err(error) = written {
        let _ = steps.remove(&part);
        return Err(failed(error));
    }
    sync_folder(folder);
    Ok(())
}

/// Names the file that a part is of, so that only those of the same file are cleaned away; short enough for any file system.
fn label(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{}.", name.chars().take(40).collect::<String>())
}
