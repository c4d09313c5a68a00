//! `check --changed`: the files that a change bears on, as a check of all files would report them.

use super::{Checked, Judged, Setting, check, judge};
use crate::args::CheckArgs;
use crate::check::policy::Policy;
use crate::exit::Failure;
use crate::output::{Console, count};
use rulecast_diagnostics::Severity;
use rulecast_lint::{Facts, find};
use rulecast_repository::{Change, Changed, Project, find_changed, for_each_concerned, placeholders};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Finds and checks them. Nothing, if all files are concerned: a setting changed, or a filter on any rule.
pub(super) fn check_changed(
    args: &CheckArgs,
    project: &Project,
    setting: Setting<'_>,
) -> Result<Option<Judged>, Failure> {
    if args.paths.iter().any(|path| is_setting(path, args, project)) {
        return Ok(None);
    }
    let Changed { inputs, is_changed, deleted, strangers } = find_changed(&args.among, &args.paths)?;
    let policy = Policy::new(project, &args.deny, &args.allow);
    let lint = find("unknown-relation").expect("a lint of ours");
    let relations = policy.severity(lint.name, lint.severity);
    let change = Change {
        inputs: &inputs,
        is_changed: &is_changed,
        relations: relations.is_some_and(|severity| severity > Severity::Note),
    };
    let placeholders = placeholders(&args.setting.values.placeholders)?;
    let job = |file: rulecast_repository::File<'_>| check(file, setting);
    let Some(concerned) = for_each_concerned(change, &placeholders, setting.chosen, job)? else { return Ok(None) };
    if !args.quiet {
        let relations = if relations.is_some() { concerned.relations } else { 0 };
        Console::new().err(&notes(&deleted, &strangers, relations))?;
    }
    let mut facts: Vec<Facts> = concerned.facts;
    let checked = concerned.results.into_iter().map(|(at, mut file): (usize, Checked)| {
        facts[at] = std::mem::take(&mut file.facts);
        (at, file)
    });
    let checked = checked.collect();
    Ok(Some(judge(checked, &facts, args, project)))
}

/// Whether all rules are read with this file.
fn is_setting(path: &Path, args: &CheckArgs, project: &Project) -> bool {
    let Ok(path) = std::fs::canonicalize(path) else { return false };
    let config = project.sources().files().iter().map(|file| PathBuf::from(&file.name));
    let setting = &args.setting;
    let files = setting.models.iter().chain(&setting.values.placeholders).cloned();
    let pipelines = setting.pipelines.iter().map(PathBuf::from);
    let is_ignore = path.file_name().is_some_and(|name| name == ".ignore");
    is_ignore
        || config
            .chain(files)
            .chain(pipelines)
            .chain(project.paths(&project.config().models))
            .any(|one| std::fs::canonicalize(one).is_ok_and(|one| path.starts_with(one)))
}

/// What was not looked at, and why.
fn notes(deleted: &[PathBuf], strangers: &[PathBuf], relations: usize) -> String {
    let mut text = String::new();
    for path in deleted {
        let _ = writeln!(text, "{}: there is no such file: taken as deleted", path.display());
    }
    for path in strangers {
        let _ = writeln!(text, "{}: not checked: it is not among the rules", path.display());
    }
    if relations > 0 {
        let ids = count(relations, "id");
        let _ = writeln!(text, "other files relate to {ids} that no rule has: `rulecast check` shows where");
    }
    text
}
