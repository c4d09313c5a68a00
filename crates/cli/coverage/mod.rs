//! `rulecast coverage`: which techniques of ATT&CK rules name.
//!
//! Nothing is compiled: a rule covers what it names, whatever its queries can say.

mod json;
mod rows;
mod table;

use crate::args::{Common, CoverageArgs, CoverageFormat};
use crate::diff::git::{Repository, commit};
use crate::diff::revision::Revision;
use crate::diff::side::Origin;
use crate::exit::{Exit, Failure};
use crate::output::{Console, count};
use crate::work::of_each_file;
use rows::{ChangeRow, GapRow, Row};
use rulecast_bundle::navigator::{
    ChangeKind, Coverage, Covering, changes, gaps, of_changes, of_coverage, of_gaps, wanted,
};
use rulecast_diagnostics::Diagnostic;
use rulecast_ir::Placeholders;
use rulecast_repository::{Chosen, Input, Project, find, problems};
use std::path::Path;

/// What was read.
struct Read {
    coverage: Coverage,
    /// How many files are invalid.
    invalid: usize,
    /// What is wrong with them.
    errors: String,
}

pub(crate) fn run(args: &CoverageArgs, project: &Project, common: &Common) -> Result<Exit, Failure> {
    if args.since.is_some() && args.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::StandardInput { command: "coverage --since" });
    }
    let wanted = args.gaps.as_deref().map(read_wanted).transpose()?;
    let colour = common.colour.on(&std::io::stderr());
    let now = read(&find(&args.paths)?, args, colour)?;
    let (text, lacks) = if let Some(wanted) = wanted {
        let gaps = gaps(&now.coverage, &wanted);
        let rows: Vec<GapRow> = gaps.iter().map(GapRow::of).collect();
        let text = match args.format {
            CoverageFormat::Table => table::gaps(&rows, wanted.len()),
            CoverageFormat::Csv => table::csv(&GapRow::HEADER, rows.iter().map(GapRow::cells)),
            CoverageFormat::Json => json::gaps(&rows, wanted.len()),
            CoverageFormat::Navigator => of_gaps(&gaps, wanted.len(), &args.name).text(),
        };
        (text, !gaps.is_empty())
    } else if let Some(revision) = &args.since {
        let before = at_revision(revision, args, project, common)?;
        let changes = changes(&before.coverage, &now.coverage);
        let rows: Vec<ChangeRow> = changes.iter().map(ChangeRow::of).collect();
        let text = match args.format {
            CoverageFormat::Table => table::changes(&rows, revision),
            CoverageFormat::Csv => table::csv(&ChangeRow::HEADER, rows.iter().map(ChangeRow::cells)),
            CoverageFormat::Json => json::changes(&rows, revision),
            CoverageFormat::Navigator => of_changes(&changes, &args.name).text(),
        };
        (text, changes.iter().any(|change| change.kind() == ChangeKind::Removed))
    } else {
        let rows = Row::all(&now.coverage);
        let text = match args.format {
            CoverageFormat::Table => table::coverage(&rows, &now.coverage),
            CoverageFormat::Csv => table::csv(&Row::HEADER, rows.iter().map(Row::cells)),
            CoverageFormat::Json => json::coverage(&rows, &now.coverage),
            CoverageFormat::Navigator => of_coverage(&now.coverage, &args.name).text(),
        };
        (text, false)
    };
    let mut console = Console::new();
    console.err(&now.errors)?;
    console.out(&text)?;
    if now.invalid > 0 {
        console.err(&format!("error: {} invalid; what the other rules name is told\n", count(now.invalid, "file")))?;
    }
    console.flush()?;
    Ok(match () {
        () if now.invalid > 0 => Exit::Invalid,
        () if args.exit_code && lacks => Exit::Findings,
        () => Exit::Clean,
    })
}

fn read_wanted(path: &Path) -> Result<std::collections::BTreeSet<String>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::ReadTechniques { path: path.to_owned(), reason: error.kind() })?;
    wanted(&text).map_err(|errors| Failure::Techniques { path: path.to_owned(), errors })
}

/// What the rules of some files name, as far as they are valid and selected.
fn read(inputs: &[Input], args: &CoverageArgs, colour: bool) -> Result<Read, Failure> {
    let selection = args.tier.selection();
    // What a site puts into queries is no matter of what a rule names.
    let files = of_each_file(inputs, &Placeholders::default(), &Chosen::default(), |file| {
        let errors: Vec<Diagnostic> = file.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
        let text = problems::text(&errors, &file.sources, colour);
        let taken = file.rules.iter().filter(|rule| selection.rejects(&rule.metadata).is_none());
        (taken.map(|rule| Covering::of(&rule.metadata)).collect::<Vec<_>>(), !errors.is_empty(), text)
    })?;
    let invalid = files.iter().filter(|(_, is_invalid, _)| *is_invalid).count();
    let errors = files.iter().map(|(_, _, text)| text.as_str()).collect();
    let coverage = Coverage::new(files.into_iter().flat_map(|(rules, ..)| rules));
    Ok(Read { coverage, invalid, errors })
}

/// What the rules of a revision named, under the configuration of their time.
fn at_revision(name: &str, args: &CoverageArgs, project: &Project, common: &Common) -> Result<Read, Failure> {
    let repository = Repository::find()?;
    let commit = commit(name)?;
    let revision = Some(Revision::open(&repository, &commit)?);
    let origin = Origin { label: name.to_owned(), commit: Some(commit), revision };
    let before = origin.project(common)?;
    let configured: Vec<_> = project.paths(&project.config().rules).collect();
    let mut paths: Vec<_> = before.paths(&before.config().rules).collect();
    // Paths that the call gives are the same on both sides.
    if paths.is_empty() || args.paths != configured {
        paths.clone_from(&args.paths);
    }
    read(&origin.inputs(&paths)?, args, false)
}
