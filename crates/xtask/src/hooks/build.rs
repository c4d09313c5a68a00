//! What the hooks are installed from.

use super::place::Place;
use crate::programs::{output, run};
use std::io;
use std::path::PathBuf;

/// The wheel of this repository as it is.
pub(super) fn wheel(place: &Place) -> io::Result<PathBuf> {
    let folder = place.scratch.join("wheel");
    run(place
        .tool("maturin")
        .args(["build", "--release", "--locked", "--quiet", "--compatibility", "linux", "--out"])
        .arg(&folder)
        .current_dir(&place.root))?;
    let mut wheels = std::fs::read_dir(&folder)?.map(|entry| entry.map(|entry| entry.path()));
    wheels.next().unwrap_or_else(|| Err(io::Error::other("maturin made no wheel")))
}

/// A clone of what is committed, and its commit.
pub(super) fn clone(place: &Place) -> io::Result<(PathBuf, String)> {
    let clone = place.scratch.join("rulecast.git");
    run(place.program("git").args(["clone", "--quiet", "--bare"]).arg(&place.root).arg(&clone))?;
    // Also a commit that no branch leads to, as a run of CI may check one out.
    let head = output(place.program("git").args(["rev-parse", "HEAD"]).current_dir(&place.root))?;
    let head = String::from_utf8_lossy(&head).trim().to_owned();
    run(place
        .program("git")
        .args(["fetch", "--quiet"])
        .arg(&place.root)
        .arg("HEAD:refs/heads/under-test")
        .current_dir(&clone))?;
    Ok((clone, head))
}
