//! The values of placeholders, from files.

use crate::exit::Failure;
use crate::problems;
use rulecast_diagnostics::{Diagnostic, FileId, SourceMap};
use rulecast_ir::Placeholders;
use std::path::{Path, PathBuf};

/// Why there are no values to begin with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlaceholdersError {
    /// The file.
    #[error("cannot read the placeholders of `{}`: {reason}", path.display())]
    Read {
        /// As given.
        path: PathBuf,
        /// Why not.
        reason: std::io::ErrorKind,
    },
    /// What it holds, as text to be shown.
    #[error("cannot read the placeholders of `{}`\n{problems}", path.display())]
    Invalid {
        /// As given.
        path: PathBuf,
        /// With their places.
        problems: String,
    },
}

/// Reads files of placeholders; the last to name one counts.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Placeholders, Failure> {
    let mut all = Placeholders::default();
    for path in paths {
        read_one(path, &mut all)?;
    }
    Ok(all)
}

fn read_one(path: &Path, all: &mut Placeholders) -> Result<(), PlaceholdersError> {
    let bytes =
        std::fs::read(path).map_err(|error| PlaceholdersError::Read { path: path.to_owned(), reason: error.kind() })?;
    let mut sources = SourceMap::new();
    let name = path.to_string_lossy().into_owned();
    let invalid = |problems: &[Diagnostic], sources: &SourceMap| PlaceholdersError::Invalid {
        path: path.to_owned(),
        problems: problems::text(problems, sources, false).trim_end().to_owned(),
    };
    let text = match rulecast_rule::text(FileId(0), &bytes) {
        Ok(text) => text,
        Err(problem) => {
            sources.add(name, String::from_utf8_lossy(&bytes));
            return Err(invalid(&[*problem], &sources));
        }
    };
    let file = sources.add(name, text);
    let parsed = rulecast_rule::placeholders(file, text);
    if parsed.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(invalid(&parsed.diagnostics, &sources));
    }
    for (name, values) in parsed.values {
        all.insert(name.node, values);
    }
    Ok(())
}
