//! `SHA256SUMS`: what `sha256sum -c` reads.

use rayon::prelude::*;
use rulecast_files::NewDirectory;
use rulecast_lock::digest_of;
use std::io;

/// A line for each file of a directory below `root`, in its order.
pub(crate) fn sums(directory: &NewDirectory<'_>, root: &str) -> io::Result<String> {
    let paths: Vec<&str> = directory.paths().filter_map(|path| path.strip_prefix(root)).collect();
    let line = |path: &&str| Ok(format!("{}  {path}\n", digest_of(directory.open(&format!("{root}{path}"))?)?));
    let lines: Vec<String> = paths.par_iter().map(line).collect::<io::Result<_>>()?;
    Ok(lines.concat())
}
