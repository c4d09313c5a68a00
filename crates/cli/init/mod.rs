//! `rulecast init`: a repository of rules that passes all of its checks.
//!
//! Promises: everything is made in memory or in a directory of its own first, and then written, or nothing is; no file that
//! exists is changed.

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
    let (models, _) = rulecast_repository::models(&[])?;
    let targets = Targets::choose(&args.targets, &models, false, &Project::default())?.all;
    let directory = args.directory.as_path();
    let has_rules = holds_anything(&directory.join("rules"));
    let scaffold = Scaffold {
        targets: targets.iter().map(Target::to_string).collect(),
        ci: args.ci.iter().copied().filter(|ci| *ci != Ci::None).collect(),
        repository: args.repository.clone(),
    };
    let mut tree = scaffold.files(!has_rules);
    if args.keep {
        tree = missing(&tree, directory)?;
    }
    refuse_changes(&tree, directory)?;
    let written = compare(&tree, directory, None)?.write()?;

    let mut console = Console::new();
    let made = count(written.added, "file");
    console.out(&format!("wrote {made} to `{}` for {}\n", directory.display(), scaffold.targets.join(", ")))?;
    console.flush()?;
    Ok(Exit::Clean)
}

/// The files that are not there.
fn missing(tree: &Tree, directory: &Path) -> Result<Tree, Failure> {
    let mut left = Tree::new();
    for change in compare(tree, directory, None)?.changes {
        if change.drift == Drift::Missing {
            left.add(change.path, change.new, "a template").expect("a part of a tree is one");
        }
    }
    Ok(left)
}

/// Fails if a file is there and differs.
fn refuse_changes(tree: &Tree, directory: &Path) -> Result<(), Failure> {
    let changes = compare(tree, directory, None)?.changes;
    let modified = changes.into_iter().filter(|change| change.drift == Drift::Modified);
    let paths: Vec<String> = modified.map(|change| change.path).collect();
    if paths.is_empty() { Ok(()) } else { Err(Failure::Exists { paths }) }
}

/// Whether there is anything at this path, an empty directory apart.
fn holds_anything(path: &Path) -> bool {
    std::fs::read_dir(path).map_or(path.exists(), |mut entries| entries.next().is_some())
}
