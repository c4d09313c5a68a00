//! The build script of the root package. Tells the command which commit it is built from: `RULECAST_VERSION` is
//! `0.1.0 (abcdef123)`, or the version alone where the sources are no clone, or git is not there. Runs again only when
//! another commit is checked out.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"));
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let version = variable("CARGO_PKG_VERSION");
    println!("cargo::rerun-if-changed=crates/cli/version.rs");
    let version = commit(&root).map_or(version.clone(), |commit| format!("{version} ({commit})"));
    println!("cargo::rustc-env=RULECAST_VERSION={version}");
}

/// The commit that is checked out in `root`, if that is the root of a clone.
fn commit(root: &Path) -> Option<String> {
    // Sources without history may lie in somebody else's clone.
    let top = git(root, &["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    let commit = git(root, &["rev-parse", "--short=9", "HEAD"])?;
    // HEAD names a branch, whose commit stands in a file of its own or among the packed ones; the log is of every move.
    let branch = git(root, &["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "logs/HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
        let path = root.join(git(root, &["rev-parse", "--git-path", name])?);
        // Cargo takes a file that is not there for one that always changes.
        if path.is_file() {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    Some(commit)
}

/// What git prints, if it is there and ends well.
fn git(root: &Path, args: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    // A hook of git runs with these set, for the repository that it is a hook of.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"] {
        command.env_remove(variable);
    }
    let output = command.arg("-C").arg(root).args(args).output().ok()?;
    let printed = String::from_utf8(output.stdout).ok()?;
    let line = printed.trim_end_matches(['\r', '\n']);
    (output.status.success() && !line.is_empty()).then(|| line.to_owned())
}
