//! `rulecast lock`: the lock file, made and checked.
//!
//! Nothing is written unless all rules are valid and may be locked as they stand. Each file that is written takes the
//! place of the old one whole.

mod bump;
mod path;
mod report;

use crate::args::{Colour, LockArgs};
use crate::compiled::{CompiledFile, CompiledRule, Setting, compile_all};
use crate::exit::{Exit, Failure};
use path::below;
use report::{Report, State};
use rulecast_attack::VERSION;
use rulecast_compile::{Outcome, Target};
use rulecast_files::write_whole;
use rulecast_lock::{Comparison, FILE_NAME, Form, Found, Lock, Output, compare, of_queries};
use rulecast_repository::{Input, Project, Targets, find, pipelines, placeholders};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

pub(crate) fn run(
    args: &LockArgs,
    mut targets: Targets<'_>,
    project: &Project,
    colour: Colour,
) -> Result<Exit, Failure> {
    let (chosen, warnings) = pipelines::choose(&args.setting.pipelines, &mut targets)?;
    let placeholders = placeholders(&args.setting.values.placeholders)?;
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::StandardInput { command: "lock" });
    }
    let setting = Setting { placeholders: &placeholders, chosen: &chosen, targets: &targets.all, allow: args.allow() };
    let path = args.file.clone().unwrap_or_else(|| project.directory().join(FILE_NAME));
    let old = read(&path)?;
    let inputs = find(&args.paths)?;
    let run = Run { inputs: &inputs, setting, path: &path, old: old.as_ref() };
    let (mut files, mut comparison) = run.look()?;
    let mut raised = Vec::new();
    if args.bump {
        raised = bump::bump(&inputs, &files, &comparison)?;
        if !raised.is_empty() {
            (files, comparison) = run.look()?;
        }
    }
    let state = match () {
        () if files.iter().any(|file| !file.is_valid()) => State::Invalid,
        () if !comparison.problems.is_empty() => State::Refused,
        () if old.is_some() && comparison.is_current() => State::Current,
        () if args.check => State::Stale,
        () => {
            write_whole(&path, comparison.lock.text().as_bytes())?;
            State::Written
        }
    };
    let report = Report {
        args,
        path: &path,
        state,
        is_new: old.is_none(),
        files: &files,
        comparison: &comparison,
        raised: &raised,
    };
    report.print(&warnings, colour)?;
    Ok(match state {
        State::Current | State::Written => Exit::Clean,
        State::Stale | State::Refused => Exit::Findings,
        State::Invalid => Exit::Invalid,
    })
}

struct Run<'a> {
    inputs: &'a [Input],
    setting: Setting<'a>,
    path: &'a Path,
    old: Option<&'a Lock>,
}

impl Run<'_> {
    /// The rules as they stand, against the lock.
    fn look(&self) -> Result<(Vec<CompiledFile>, Comparison), Failure> {
        let files = compile_all(self.inputs, self.setting)?;
        let directory = match self.path.parent() {
            Some(directory) if !directory.as_os_str().is_empty() => directory,
            _ => Path::new("."),
        };
        let paths: Vec<String> = files.iter().map(|file| below(directory, Path::new(&file.name))).collect();
        let mut rules = Vec::new();
        for (at, (file, path)) in files.iter().zip(&paths).enumerate() {
            rules.extend(file.rules.iter().map(|rule| self.found((at, path), file, rule)));
        }
        let read: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
        let elsewhere = |path: &str| !read.contains(path) && directory.join(path).is_file();
        let targets = self.setting.targets.iter().map(ToString::to_string).collect();
        let comparison = compare(self.old, &rules, (VERSION, targets), &elsewhere);
        Ok((files, comparison))
    }

    fn found(&self, (at, path): (usize, &str), file: &CompiledFile, rule: &CompiledRule) -> Found {
        let written = (rule.metadata(), rule.span(), file.text());
        let form: Form = rule.form.clone();
        Found::new((at, path.to_owned()), written, form, outputs(self.setting.targets, &rule.outcomes))
    }
}

/// What was made of a rule, as the lock holds it.
fn outputs(targets: &[Target<'_>], outcomes: &[Outcome]) -> BTreeMap<String, Output> {
    let output = |outcome: &Outcome| {
        let sha256 = match outcome {
            Outcome::Queries(queries) => {
                let roles: Vec<String> = queries.iter().map(|query| query.role.key()).collect();
                Some(of_queries(roles.iter().zip(queries).map(|(role, query)| (role.as_str(), query.text.as_str()))))
            }
            Outcome::Refused(_) | Outcome::Declared { .. } => None,
        };
        Output { fidelity: outcome.status().to_owned(), sha256 }
    };
    targets.iter().zip(outcomes).map(|(target, outcome)| (target.to_string(), output(outcome))).collect()
}

fn read(path: &PathBuf) -> Result<Option<Lock>, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::ReadLock { path: path.clone(), reason: error.kind() }),
    };
    Lock::parse(&text).map(Some).map_err(|error| Failure::Lock { path: path.clone(), error })
}
