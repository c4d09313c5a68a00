//! `rulecast diff`: what a change of rules does to their queries.
//!
//! Both sides are read whole, each with the configuration of its own time, and compiled by this Rulecast: what differs, the
//! rules and their settings made differ.

mod change;
pub(crate) mod git;
mod json;
mod markdown;
mod pairs;
pub(crate) mod revision;
pub(crate) mod side;
mod text;
mod words;

use crate::args::{Common, DiffArgs, DiffFormat};
use crate::exit::{Exit, Failure};
use crate::output::Console;
use change::Difference;
use git::{Repository, commit, merge_base};
use revision::Revision;
use side::Origin;
use std::path::PathBuf;

/// What the side that is no revision is called.
const WORKING_DIRECTORY: &str = "working directory";

pub(crate) fn run(args: &DiffArgs, common: &Common) -> Result<Exit, Failure> {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::StandardInput { command: "diff" });
    }
    let repository = Repository::find()?;
    let mut from = commit(&args.from)?;
    let to = args.to.as_deref().map(commit).transpose()?;
    if args.merge_base {
        let head = if to.is_none() { Some(commit("HEAD")?) } else { None };
        let other = to.as_deref().or(head.as_deref()).unwrap_or_default();
        from = merge_base((&from, &args.from), (other, args.to.as_deref().unwrap_or("HEAD")))?;
    }
    let open = |commit: &String| Revision::open(&repository, commit);
    let old = Origin { label: args.from.clone(), revision: Some(open(&from)?), commit: Some(from) };
    let new = Origin {
        label: args.to.clone().unwrap_or_else(|| WORKING_DIRECTORY.to_owned()),
        revision: to.as_ref().map(open).transpose()?,
        commit: to,
    };
    let (before, after) = (old.project(common)?, new.project(common)?);
    // Where one side names no rules, they stood where the other one has them.
    let paths = |own: &rulecast_repository::Project, other: &rulecast_repository::Project| -> Vec<PathBuf> {
        if !args.paths.is_empty() {
            return args.paths.clone();
        }
        let named: Vec<PathBuf> = own.paths(&own.config().rules).collect();
        if named.is_empty() { other.paths(&other.config().rules).collect() } else { named }
    };
    let (old_paths, new_paths) = (paths(&before, &after), paths(&after, &before));
    if new_paths.is_empty() {
        return Err(Failure::NoPaths);
    }
    if let Some(path) = new_paths.iter().find(|path| !new.has(path) && !old.has(path)) {
        return Err(Failure::NoSuchPath { path: path.clone(), old: old.label, new: new.label });
    }
    let (old, new) = (old.read(args, &before, &old_paths)?, new.read(args, &after, &new_paths)?);
    let difference = Difference::of(&old, &new);
    let mut console = Console::new();
    console.out(&match args.format {
        DiffFormat::Text => text::render(&difference, &words::sides(&old, &new), common.colour.on(&std::io::stdout())),
        DiffFormat::Markdown => markdown::render(&difference, (&old.label, &new.label)),
        DiffFormat::Json => json::render(&difference, &old, &new),
    })?;
    console.flush()?;
    Ok(if args.exit_code && !difference.is_none() { Exit::Findings } else { Exit::Clean })
}
