//! `rulecast build`: the queries of a repository, as a tree of files that is committed with its rules.
//!
//! All queries are made before the first file is looked at, and what differs is written whole or not at all
//! ([`rulecast_files`]). The tree depends on the rules and on `rulecast.toml` alone: the directory of the call has no part.

mod header;
mod report;

use crate::args::{BuildArgs, Colour};
use crate::exit::{Exit, Failure};
use crate::output::files::{self, Output};
use crate::output::{Console, count};
use crate::work::of_each_file;
use header::Rules;
use rulecast_compile::{Language, Outcome, Target, comment, compile_with, point_at_fields};
use rulecast_diagnostics::{Diagnostic, Severity};
use rulecast_files::{Owner, Tree, compare};
use rulecast_repository::{Chosen, File, Project, Targets, find, pipelines, placeholders, problems};
use std::path::PathBuf;

/// What became of one file.
#[derive(Debug, Default)]
struct Built {
    files: Vec<Output>,
    /// As text, and how many.
    problems: (String, usize),
}

struct Options<'a> {
    project: &'a Project,
    targets: &'a [Target<'a>],
    chosen: &'a Chosen,
    colour: bool,
}

pub(crate) fn run(
    args: &BuildArgs,
    mut targets: Targets<'_>,
    project: &Project,
    colour: Colour,
) -> Result<Exit, Failure> {
    let config = project.config();
    let paths: Vec<PathBuf> = project.paths(&config.rules).collect();
    if paths.is_empty() {
        return Err(Failure::NoRules);
    }
    let given: Vec<String> = project.pipelines().collect();
    let (chosen, warnings) = pipelines::choose(&given, &mut targets)?;
    if chosen.pipelines.finalizes() {
        return Err(Failure::FinalizedBuild);
    }
    let options = Options { project, targets: &targets.all, chosen: &chosen, colour: colour.on(&std::io::stderr()) };
    let inputs = find(&paths)?;
    let values: Vec<PathBuf> = project.paths(&config.placeholders).collect();
    let built = of_each_file(&inputs, &placeholders(&values)?, &chosen, |file| build(&file, &options))?;

    let mut console = Console::new();
    console.err(&if args.quiet { String::new() } else { warnings.text(options.colour) })?;
    let (mut tree, mut clashes, mut found, mut failed) = (Tree::new(), Vec::new(), 0, 0);
    for (input, file) in inputs.iter().zip(built) {
        let (problems, number) = file.problems;
        console.err(&problems)?;
        found += number;
        failed += usize::from(number > 0);
        for output in file.files {
            clashes.extend(tree.add(output.path, output.text, &input.name).err());
        }
    }
    if found > 0 {
        let (found, failed) = (count(found, "problem"), count(failed, "file"));
        let left = if args.check { "compared" } else { "written" };
        console.err(&format!("error: nothing is {left}: {found} in {failed} of {}\n", inputs.len()))?;
        return Ok(Exit::Invalid);
    }
    if !clashes.is_empty() {
        return Err(Failure::SamePath { clashes, help: "rename one of them" });
    }
    let root = project.output();
    let compared = compare(&tree, &root, Some(&Queries::new()))?;
    let style = report::Style { root: &root, colour: colour.on(&std::io::stdout()) };
    if args.check {
        report::changes(&mut console, &compared, &style, args.diff)?;
    } else {
        if args.diff {
            report::diffs(&mut console, &compared, &style)?;
        }
        compared.write()?;
    }
    if !args.quiet {
        console.out(&report::summary(&compared, tree.len(), &targets.all, &style, args.check))?;
    }
    console.flush()?;
    Ok(if args.check && !compared.changes.is_empty() { Exit::Findings } else { Exit::Clean })
}

fn build(file: &File<'_>, options: &Options<'_>) -> Built {
    let mut built = Built::default();
    // Warnings are for `check`: here nobody would read them twice a day.
    let mut diagnostics: Vec<Diagnostic> = file.diagnostics.iter().filter(|one| one.is_error()).cloned().collect();
    let name = header::name(file.input, options.project);
    let mut stems = Vec::new();
    for rule in &file.rules {
        let trace = file.traces.iter().find(|trace| trace.document() == rule.span);
        let stem = files::rule_stem(&file.input.stem, &rule.metadata, file.rules.len() == 1, &mut stems);
        for target in options.targets.iter().copied() {
            let allow = options.project.config().allow;
            match compile_with(rule, target, allow, &options.chosen.pipelines, trace) {
                Outcome::Queries(queries) => {
                    let header = Rules { rule: &rule.metadata, file: &name, target };
                    built.files.extend(files::queries(&stem, target, &queries, |query| header.above(query)));
                }
                Outcome::Refused(mut refusals) => {
                    point_at_fields(&mut refusals, &file.documents);
                    diagnostics
                        .extend(refusals.iter().map(|refusal| problems::refusal(refusal, target, Severity::Error)));
                }
                Outcome::Declared { .. } => {}
            }
        }
    }
    built.problems = (problems::text(&diagnostics, &file.sources, options.colour), diagnostics.len());
    built
}

/// The files that are ours: below a directory that is named as a target, with the extension of its language, and with the
/// line that every header has.
struct Queries {
    marks: [(Language, String); 3],
}

impl Queries {
    fn new() -> Self {
        Self { marks: Language::ALL.map(|language| (language, comment(language, header::MARK))) }
    }

    /// The language of the target whose directory a path is in.
    fn language(path: &str) -> Option<Language> {
        let (name, _) = path.split('/').next()?.split_once('.')?;
        Language::ALL.into_iter().find(|language| language.name() == name)
    }
}

impl Owner for Queries {
    fn enters(&self, folder: &str) -> bool {
        Self::language(folder).is_some()
    }

    fn claims(&self, path: &str) -> bool {
        let extension = path.rsplit_once('.').map(|(_, extension)| extension);
        path.contains('/') && Self::language(path).is_some_and(|language| extension == Some(language.name()))
    }

    fn made(&self, path: &str, content: &[u8]) -> bool {
        let mark = self.marks.iter().find(|(language, _)| Self::language(path) == Some(*language));
        let mark = mark.map(|(_, mark)| mark.as_bytes());
        content.split(|byte| *byte == b'\n').any(|line| Some(line.strip_suffix(b"\r").unwrap_or(line)) == mark)
    }
}
