//! Files under other names, until they are whole.

use crate::steps::Steps;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// How such a name ends. It begins with a dot.
const ENDING: &str = ".rulecast-part";

/// Whether a file of this name is one that a run has not finished.
pub(crate) fn is_part(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(ENDING)
}

/// A new file in `folder`, which no other run writes to. `label` is part of its name.
pub(crate) fn create(folder: &Path, label: &str, steps: &dyn Steps) -> io::Result<(File, PathBuf)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".{label}{}-{number}{ENDING}", std::process::id()));
        match steps.create(&path) {
            // Of a process of the same number: one that has ended, or one of another machine.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|file| (file, path)),
        }
    }
}

/// The same as a directory, held until the file is dropped where the system can.
pub(crate) fn create_folder(folder: &Path, label: &str, steps: &dyn Steps) -> io::Result<(Option<File>, PathBuf)> {
    let path = free(folder, label);
    steps.make_folder(&path)?;
    let held = File::open(&path).ok();
    let _ = held.as_ref().map(File::try_lock);
    Ok((held, path))
}

/// A name of a part that nothing has.
pub(crate) fn free(folder: &Path, label: &str) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".{label}{}-{number}{ENDING}", std::process::id()));
        if path.symlink_metadata().is_err() {
            return path;
        }
    }
}

/// Removes what other runs left in `folder` with this label; nothing that is still being written.
pub(crate) fn clean(folder: &Path, label: &str, steps: &dyn Steps) {
    // What cannot be removed does no harm: no run takes it for an output.
    let Ok(entries) = folder.read_dir() else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| is_part(name)) else { continue };
        if name[1..].starts_with(label) && !is_held(&entry.path()) {
            let path = entry.path();
            let _ = if path.is_dir() { steps.remove_all(&path) } else { steps.remove(&path) };
        }
    }
}

fn is_held(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock(), Err(std::fs::TryLockError::WouldBlock)))
}
