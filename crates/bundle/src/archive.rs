//! A tree as a zip archive that depends on its files alone.
//!
//! Promises: entries by path, all of 1980-01-01 (the first day that the format knows) and mode 0644, without extra fields:
//! the same files give the same bytes, as long as the version of the compressor is the same, which the workspace fixes.

use rulecast_files::Tree;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// An archive could not be made: a tree beyond what the format holds.
#[derive(Debug, thiserror::Error)]
#[error("cannot make the archive: {0}")]
pub struct ArchiveError(String);

/// The archive of a tree, whose files stand below `root`.
pub fn zip(root: &str, tree: &Tree) -> Result<Vec<u8>, ArchiveError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in tree.files() {
        archive.start_file(format!("{root}/{path}"), options).map_err(|error| ArchiveError(error.to_string()))?;
        archive.write_all(bytes).map_err(|error| ArchiveError(error.to_string()))?;
    }
    Ok(archive.finish().map_err(|error| ArchiveError(error.to_string()))?.into_inner())
}
