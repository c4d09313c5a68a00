//! The command, built with this program or by it.

use serde::Deserialize;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The command that was built with this program.
pub(crate) fn beside_this() -> PathBuf {
    let name = format!("rulecast{}", std::env::consts::EXE_SUFFIX);
    std::env::current_exe().map_or_else(|_| PathBuf::from(&name), |this| this.with_file_name(&name))
}

/// Builds the command as it is now.
pub(crate) fn build(root: &Path) -> io::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // Cargo tells a program that it runs which package it is of. A build script that asks to be run again when that
    // changes (of `ring`) would have everything above it built anew, by turns.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    let status = command.args(["build", "--release", "--quiet", "--package", "rulecast"]).current_dir(root).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("the command could not be built")) }
}

/// What became of a rule on a target: the part of `convert -f json` that is of interest here.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    pub(crate) file: String,
    pub(crate) target: String,
    pub(crate) queries: Vec<Query>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Query {
    pub(crate) query: String,
}

/// Every query of the rules below a directory. Refused rules have none, and are no failure here.
pub(crate) fn convert(command: &Path, corpus: &Path, targets: &[&str]) -> io::Result<Vec<Entry>> {
    let output = Command::new(command)
        .args(["convert", "--quiet", "--format", "json", "--target", &targets.join(",")])
        .arg(corpus)
        .stderr(Stdio::null())
        .output()
        .map_err(|error| io::Error::other(format!("{}: {error}", command.display())))?;
    match output.status.code() {
        Some(0..=2) => Ok(serde_json::from_slice(&output.stdout)?),
        _ => Err(io::Error::other(format!("{} ended with {}", command.display(), output.status))),
    }
}
