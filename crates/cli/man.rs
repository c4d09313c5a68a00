//! `rulecast man`: the manual pages, made of the same texts as `--help`.

use crate::args::{Cli, ManArgs};
use crate::exit::{Exit, Failure};
use clap::{Command, CommandFactory};
use std::path::Path;

pub(crate) fn run(args: &ManArgs) -> Result<Exit, Failure> {
    let directory = args.output.as_path();
    let unwritable =
        |path: &Path, error: &std::io::Error| Failure::Write { path: path.to_owned(), reason: error.kind() };
    std::fs::create_dir_all(directory).map_err(|error| unwritable(directory, &error))?;
    for (name, page) in pages() {
        let path = directory.join(name);
        std::fs::write(&path, page).map_err(|error| unwritable(&path, &error))?;
    }
    Ok(Exit::Clean)
}

/// The name of each page, and its text.
fn pages() -> Vec<(String, Vec<u8>)> {
    // The version alone: the pages of two builds differ only where their texts do.
    let mut command = Cli::command().version(env!("CARGO_PKG_VERSION")).disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    let subcommands = command.get_subcommands().filter(|command| !command.is_hide_set()).cloned();
    for subcommand in subcommands.collect::<Vec<_>>() {
        let name = format!("rulecast-{}", subcommand.get_name());
        pages.push(page(subcommand.display_name(&name), &name));
    }
    pages.insert(0, page(command, "rulecast"));
    pages
}

fn page(command: Command, name: &str) -> (String, Vec<u8>) {
    let mut page = Vec::new();
    // No date: a page says the same whenever it is made.
    let man = clap_mangen::Man::new(command).title(name.to_uppercase()).date("").manual("Rulecast");
    man.render(&mut page).expect("a buffer takes everything");
    (format!("{name}.1"), page)
}
