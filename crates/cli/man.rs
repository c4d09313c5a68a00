//! `rulecast man`: the manual pages, made of the same texts as `--help`.

use crate::args::{Cli, ManArgs};
use crate::exit::{Exit, Failure};
use clap::{Command, CommandFactory};
use rulecast_files::{Tree, compare};

pub(crate) fn run(args: &ManArgs) -> Result<Exit, Failure> {
    compare(&pages(), &args.output, None)?.write()?;
    Ok(Exit::Clean)
}

/// A page for the command, and one for each of its commands.
fn pages() -> Tree {
    // The version alone: the pages of two builds differ only where their texts do.
    let mut command = Cli::command().version(env!("CARGO_PKG_VERSION")).disable_help_subcommand(true);
    command.build();
    let mut pages = Tree::new();
    for subcommand in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        let name = format!("rulecast-{}", subcommand.get_name());
        add(&mut pages, subcommand.clone().display_name(&name), &name);
    }
    add(&mut pages, command, "rulecast");
    pages
}

fn add(pages: &mut Tree, command: Command, name: &str) {
    let mut page = Vec::new();
    // No date: a page says the same whenever it is made.
    let man = clap_mangen::Man::new(command).title(name.to_uppercase()).date("").manual("Rulecast");
    man.render(&mut page).expect("a buffer takes everything");
    pages.add(format!("{name}.1"), page, name).expect("no two commands have one name");
}
