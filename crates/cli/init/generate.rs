//! What is generated from the rules of a new repository: its queries and its lock file, made by the commands that make them
//! ever after, in a directory of its own.

use crate::args::Cli;
use crate::exit::{Exit, Failure};
use clap::Parser;
use rulecast_files::{Tree, compare};
use std::ffi::OsString;
use std::io;
use std::path::Path;

/// The commands, in an order in which each has what it reads.
const COMMANDS: [&str; 2] = ["build", "lock"];

/// The tree, and what is made of it.
pub(super) fn with_generated(tree: &Tree) -> Result<Tree, Failure> {
    let scratch = tempfile::tempdir()?;
    compare(tree, scratch.path(), None)?.write()?;
    for command in COMMANDS {
        let mut arguments: Vec<OsString> = ["rulecast", command, "--quiet", "--config"].map(OsString::from).into();
        arguments.push(scratch.path().join(rulecast_config::FILE_NAME).into());
        let exit = crate::run(Cli::try_parse_from(arguments)?)?;
        assert_eq!(exit, Exit::Clean, "`{command}` takes the rule of the template");
    }
    let mut all = Tree::new();
    collect(scratch.path(), "", &mut all)?;
    Ok(all)
}

fn collect(root: &Path, folder: &str, into: &mut Tree) -> io::Result<()> {
    for entry in root.join(folder).read_dir()? {
        let entry = entry?;
        let name = entry.file_name().into_string().expect("all names are ours");
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if entry.file_type()?.is_dir() {
            collect(root, &path, into)?;
        } else {
            let bytes = std::fs::read(entry.path())?;
            into.add(path.as_str(), bytes, "a new repository").expect("a directory holds each file once");
        }
    }
    Ok(())
}
