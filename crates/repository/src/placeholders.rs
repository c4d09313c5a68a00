//! The values of placeholders, from files.

use crate::{Disk, Error, Problems, Tree};
use rulecast_diagnostics::{Diagnostic, FileId, SourceMap};
use rulecast_ir::Placeholders;
use std::path::{Path, PathBuf};

/// Why there are no values to begin with.
#[derive(Debug, thiserror::Error)]
pub enum PlaceholdersError {
    /// The file.
    #[error("cannot read the placeholders of `{}`: {reason}", path.display())]
    Read {
        /// As given.
        path: PathBuf,
        /// Why not.
        reason: std::io::ErrorKind,
    },
    /// What it holds.
    #[error("cannot read the placeholders of `{}`", path.display())]
    Invalid {
        /// As given.
        path: PathBuf,
        /// With their places.
        problems: Problems,
    },
}

/// Reads files of placeholders; the last to name one counts.
pub fn placeholders(paths: &[PathBuf]) -> Result<Placeholders, Error> {
    placeholders_in(&Disk, paths)
}

/// The same, of a tree.
pub fn placeholders_in(tree: &dyn Tree, paths: &[PathBuf]) -> Result<Placeholders, Error> {
    let mut all = Placeholders::default();
    for path in paths {
        read_one(tree, path, &mut all)?;
    }
    Ok(all)
}

fn read_one(tree: &dyn Tree, path: &Path, all: &mut Placeholders) -> Result<(), PlaceholdersError> {
    let bytes =
        tree.read(path).map_err(|error| PlaceholdersError::Read { path: path.to_owned(), reason: error.kind() })?;
    let mut sources = SourceMap::new();
    let name = path.to_string_lossy().into_owned();
    let invalid = |diagnostics: Vec<Diagnostic>, sources: SourceMap| PlaceholdersError::Invalid {
        path: path.to_owned(),
        problems: Problems { diagnostics, sources },
    };
    let text = match rulecast_rule::text(FileId(0), &bytes) {
        Ok(text) => text,
        Err(problem) => {
            sources.add(name, String::from_utf8_lossy(&bytes));
            return Err(invalid(vec![*problem], sources));
        }
    };
    let file = sources.add(name, text);
    let parsed = rulecast_rule::placeholders(file, text);
    if parsed.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(invalid(parsed.diagnostics, sources));
    }
    for (name, values) in parsed.values {
        all.insert(name.node, values);
    }
    Ok(())
}
