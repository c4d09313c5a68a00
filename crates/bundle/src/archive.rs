//! Files as a zip archive that depends on them alone.
//!
//! Promises: entries by path, all of 1980-01-01 (the first day that the format knows) and mode 0644, without extra fields:
//! the same files give the same bytes, as long as the version of the compressor is the same, which the workspace fixes.

use std::io::{self, Read, Seek, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Writes the archive of files, which it reads one by one.
pub(crate) fn zip<F: Read>(
    to: impl Write + Seek,
    files: impl IntoIterator<Item = io::Result<(String, F)>>,
) -> io::Result<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(to);
    for file in files {
        let (path, mut file) = file?;
        archive.start_file(path, options)?;
        io::copy(&mut file, &mut archive)?;
    }
    archive.finish()?.flush()
}
