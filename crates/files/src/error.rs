//! Why files could not be read or written.

use crate::Clash;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a run with files ended. What was there before is whole, and so is what was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("cannot {action} `{}`: {reason}", path.display())]
    System {
        /// What was tried: "write", "read", "remove".
        action: &'static str,
        /// The file or directory that is meant.
        path: PathBuf,
        /// Why not.
        reason: Reason,
    },
    /// Another run writes to the same directory.
    #[error("another run is writing to `{}`", path.display())]
    Busy {
        /// The directory.
        path: PathBuf,
    },
    /// Two files of one path.
    #[error(transparent)]
    Clash(#[from] Clash),
    /// What stands where files should be written; nothing was.
    #[error("{}", lines(obstacles))]
    Obstacles {
        /// Each path with what stands there, in order.
        obstacles: Vec<(PathBuf, Obstacle)>,
    },
}

impl Error {
    pub(crate) fn system(action: &'static str, path: &Path, error: &io::Error) -> Self {
        Error::System { action, path: path.to_owned(), reason: Reason::of(error) }
    }
}

fn lines(obstacles: &[(PathBuf, Obstacle)]) -> String {
    let lines: Vec<String> =
        obstacles.iter().map(|(path, obstacle)| format!("cannot write `{}`: {obstacle}", path.display())).collect();
    lines.join("\n")
}

/// What keeps a file from being written, and is for a person to clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A file that no earlier run made.
    Foreign,
    /// A directory that no earlier run made.
    ForeignFolder,
    /// A file whose permissions forbid to write it.
    ReadOnly,
    /// A directory.
    Folder,
    /// A file, where a directory should be.
    File,
    /// A symbolic link, which may lead anywhere.
    Link,
    /// A device, a socket, a pipe.
    Special,
    /// A part of the path that is no directory.
    NoFolder,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Obstacle::Foreign => "the file there was not made by this tool; move or delete it",
            Obstacle::ForeignFolder => "the directory there was not made by this tool; move or delete it",
            Obstacle::ReadOnly => "the file there is read-only",
            Obstacle::Folder => "a directory is in its place",
            Obstacle::File => "a file is in its place",
            Obstacle::Link => "a symbolic link is in its place",
            Obstacle::Special => "what is in its place is no regular file",
            Obstacle::NoFolder => "a part of its path is no directory",
        })
    }
}

/// What the system says, in words that are the same on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// The words for an error.
    pub fn of(error: &io::Error) -> Self {
        use io::ErrorKind as Kind;
        let words = match error.kind() {
            Kind::StorageFull => "the disk is full",
            Kind::QuotaExceeded => "the disk quota is used up",
            Kind::FileTooLarge => "the file would be larger than is allowed here",
            Kind::PermissionDenied => "no permission",
            Kind::ReadOnlyFilesystem => "the file system is read-only",
            Kind::IsADirectory => "it is a directory",
            Kind::NotADirectory => "a part of the path is no directory",
            Kind::NotFound => "it does not exist",
            Kind::InvalidFilename => "the file system does not take such a name",
            _ => {
                let text = error.to_string();
                return Reason(text.split(" (os error").next().unwrap_or_default().to_lowercase());
            }
        };
        Reason(words.to_owned())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
