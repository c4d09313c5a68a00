//! `rulecast init`: a repository of rules that passes all of its checks.
//!
//! Promises: everything is made elsewhere first, and then written, or nothing is; no file that exists is changed.
//! Lacks: `git init`, and installing the hooks: both are the user's to do, and told at the end.

mod generate;
mod scaffold;

use crate::args::{Ci, InitArgs};
use crate::exit::{Exit, Failure};
use crate::output::{Console, count};
use rulecast_compile::Target;
use rulecast_files::{Drift, Tree, compare};
use rulecast_repository::{Project, Targets};
use scaffold::Scaffold;
use std::path::Path;

pub(crate) fn run(args: &InitArgs) -> Result<Exit, Failure> {
    let (models, _) = rulecast_repository::models(&[], false, &Project::default())?;
    let targets = Targets::choose(&args.targets, &models, false, &Project::default())?.all;
    let directory = args.directory.as_path();
    let scaffold = Scaffold {
        targets: targets.iter().map(Target::to_string).collect(),
        ci: args.ci.iter().copied().filter(|ci| *ci != Ci::None).collect(),
        repository: args.repository.clone(),
    };
    let whole = generate::with_generated(&scaffold.files())?;
    // Rules that are there already are not ours to lock; but our own, of an earlier run, is no reason to do less.
    let adopts = holds_others(&directory.join("rules"), "rules", &whole);
    let mut tree = if adopts { without_rules(&whole) } else { whole };
    if args.keep {
        tree = missing(&tree, directory)?;
    }
    refuse_changes(&tree, directory)?;
    let written = compare(&tree, directory, None)?.write()?;

    let mut console = Console::new();
    let made = count(written.added, "file");
    let names = scaffold.targets.join(", ");
    console.out(&format!("wrote {made} to `{}` for {names}\n", directory.display()))?;
    if adopts {
        console.out("rules are there already: next, `rulecast check`, `rulecast build` and `rulecast lock`\n")?;
    }
    if scaffold.needs_owner() && written.added > 0 {
        console
            .out("OWNER in the files for CI stands for the owner of Rulecast's own repository: put its name there\n")?;
    }
    console.flush()?;
    Ok(Exit::Clean)
}

/// The files that are not there.
fn missing(tree: &Tree, directory: &Path) -> Result<Tree, Failure> {
    let changes = compare(tree, directory, None)?.changes;
    let missing = changes.into_iter().filter(|change| change.drift == Drift::Missing);
    Ok(part(missing.map(|change| (change.path, change.new))))
}

/// The files that do not depend on which rules there are.
fn without_rules(tree: &Tree) -> Tree {
    let of_rules = |path: &str| ["rules/", "queries/", "rules.lock.json"].iter().any(|start| path.starts_with(start));
    part(tree.files().filter(|(path, _)| !of_rules(path)).map(|(path, bytes)| (path.to_owned(), bytes)))
}

fn part<'a>(files: impl Iterator<Item = (String, &'a [u8])>) -> Tree {
    let mut part = Tree::new();
    for (path, bytes) in files {
        part.add(path, bytes, "a new repository").expect("a part of a tree is one");
    }
    part
}

/// Fails if a file is there and differs.
fn refuse_changes(tree: &Tree, directory: &Path) -> Result<(), Failure> {
    let changes = compare(tree, directory, None)?.changes;
    let modified = changes.into_iter().filter(|change| change.drift == Drift::Modified);
    let paths: Vec<String> = modified.map(|change| change.path).collect();
    if paths.is_empty() { Ok(()) } else { Err(Failure::Exists { paths }) }
}

/// Whether a directory has files that the tree has not.
fn holds_others(directory: &Path, below: &str, tree: &Tree) -> bool {
    let Ok(entries) = std::fs::read_dir(directory) else { return false };
    entries.flatten().any(|entry| {
        let below = format!("{below}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() { holds_others(&entry.path(), &below, tree) } else { tree.get(&below).is_none() }
    })
}
