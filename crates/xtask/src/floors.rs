//! How many rules of a corpus must become queries that mean what the rule means: `cargo xtask floors CORPUS`.
//!
//! The targets are those without a data model, where a refusal is of the language alone. The floors are for the public
//! corpus of some 3,140 rules; they rise with what the languages can say, and never fall.

use crate::rules;
use rulecast_compile::{Allow, Outcome, Target, Unit, compile};
use rulecast_diagnostics::{FileId, Severity};
use rulecast_ir::Verdict;
use std::io::{self, Write};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A directory of rules.
    corpus: PathBuf,
}

/// Targets, and how many rules each must express exactly, under assumptions or not.
const FLOORS: [(&str, usize); 3] = [("eql.none", 3_040), ("spl.none", 3_130), ("kql.none", 3_130)];

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let mut paths = Vec::new();
    rules::files(&args.corpus, &mut paths)?;
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    for (index, path) in paths.iter().enumerate() {
        let parsed = rulecast_rule::parse(FileId(index as u32), &std::fs::read_to_string(path)?);
        let errors = parsed.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        problems.extend(errors.map(|error| format!("{}: {}", path.display(), error.message)));
        documents.extend(parsed.documents);
    }
    let resolved = Unit::new(documents).resolve();
    let errors = resolved.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    problems.extend(errors.map(|error| error.message.clone()));
    writeln!(to, "{} files, {} rules\n", paths.len(), resolved.rules.len())?;
    writeln!(to, "{:10}{:>8}{:>22}{:>9}{:>8}", "", "exact", "under assumptions", "refused", "floor")?;
    for (name, floor) in FLOORS {
        let target = Target::parse(name).map_err(io::Error::other)?;
        let (mut exact, mut assuming, mut refused) = (0, 0, 0);
        for rule in &resolved.rules {
            match compile(rule, target, Allow::default()) {
                Outcome::Queries(queries) if queries.iter().all(|one| one.fidelity.verdict == Verdict::Exact) => {
                    if queries.iter().all(|query| query.fidelity.assumptions.is_empty()) {
                        exact += 1
                    } else {
                        assuming += 1
                    }
                }
                _ => refused += 1,
            }
        }
        writeln!(to, "{name:10}{exact:>8}{assuming:>22}{refused:>9}{floor:>8}")?;
        if exact + assuming < floor {
            problems.push(format!("{name}: {} rules are exact, and {floor} must be", exact + assuming));
        }
    }
    match problems.len() {
        0 => Ok(()),
        count => Err(io::Error::other(format!("{count} problems\n{}", problems.join("\n")))),
    }
}
