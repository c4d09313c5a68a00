//! How many rules of a corpus become queries that mean what the rule means: `cargo xtask floors CORPUS`.
//!
//! Counts every target, compares `docs/reference/coverage.md` with what was counted (`--write` writes it), and fails where
//! a share is below its floor. Floors are for the public corpus of some 3,140 rules; they rise with what the languages and
//! the data models can say, and never fall.

mod count;
mod page;

use crate::rules;
use count::{Counts, Tally};
use rulecast_compile::{Target, Unit};
use rulecast_diagnostics::{FileId, Severity};
use rulecast_ir::{Rule, Sigma};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/coverage.md");

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A directory of rules.
    corpus: PathBuf,
    /// Write the page instead of comparing it.
    #[arg(long)]
    write: bool,
}

/// Of what the share is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    /// All rules.
    Corpus,
    /// Those about processes, connections, files, the registry, libraries and names looked up on Windows, Linux and
    /// macOS, without those that need a field that the platform does not have.
    Endpoint,
}

/// Targets that a team may use together, and how many in a hundred rules one of them must say exactly, under assumptions
/// or not.
const FLOORS: [(&[&str], Of, f64); 11] = [
    (&["eql.none"], Of::Corpus, 96.7),
    (&["spl.none"], Of::Corpus, 99.6),
    (&["kql.none"], Of::Corpus, 99.6),
    (&["eql.ecs"], Of::Corpus, 95.0),
    (&["spl.sysmon"], Of::Corpus, 98.0),
    (&["spl.sysmon", "spl.winlog", "spl.cim"], Of::Corpus, 95.0),
    (&["kql.xdr", "kql.asim", "kql.securityevent"], Of::Corpus, 93.0),
    (&["eql.ecs"], Of::Endpoint, 97.0),
    (&["spl.sysmon"], Of::Endpoint, 97.0),
    (&["kql.xdr"], Of::Endpoint, 97.0),
    (&["kql.asim"], Of::Endpoint, 85.0),
];

/// 100 of nothing.
#[expect(clippy::cast_precision_loss, reason = "rules are counted in thousands")]
fn percent(part: usize, all: usize) -> f64 {
    if all == 0 { 100.0 } else { part as f64 * 100.0 / all as f64 }
}

/// What was found of one floor.
struct Share {
    targets: &'static [&'static str],
    of: Of,
    floor: f64,
    exact: usize,
    all: usize,
}

impl Share {
    fn percent(&self) -> f64 {
        percent(self.exact, self.all)
    }
}

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let mut problems = Vec::new();
    let rules = read(&args.corpus, &mut problems)?;
    let counts = Counts::of(&rules);
    let shares: Vec<Share> = FLOORS.iter().map(|floor| share(floor, &counts)).collect::<io::Result<_>>()?;
    for share in shares.iter().filter(|share| share.percent() < share.floor) {
        let (names, percent) = (share.targets.join(", "), share.percent());
        problems
            .push(format!("{names}: {percent:.1} % of {} rules are exact, and {} % must be", share.all, share.floor));
    }
    let text = page::page(&counts, &shares);
    write!(to, "{text}")?;
    if args.write {
        std::fs::write(PAGE, &text)?;
    } else if std::fs::read_to_string(PAGE).unwrap_or_default() != text {
        problems.push("docs/reference/coverage.md is stale: run `cargo xtask floors CORPUS --write`".to_owned());
    }
    match problems.len() {
        0 => Ok(()),
        count => Err(io::Error::other(format!("{count} problems\n{}", problems.join("\n")))),
    }
}

fn read(corpus: &Path, problems: &mut Vec<String>) -> io::Result<Vec<Rule<Sigma>>> {
    let mut paths = Vec::new();
    rules::files(corpus, &mut paths)?;
    let mut documents = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        let parsed = rulecast_rule::parse(FileId(index as u32), &std::fs::read_to_string(path)?);
        let errors = parsed.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        problems.extend(errors.map(|error| format!("{}: {}", path.display(), error.message)));
        documents.extend(parsed.documents);
    }
    let resolved = Unit::new(documents).resolve();
    let errors = resolved.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    problems.extend(errors.map(|error| error.message.clone()));
    Ok(resolved.rules)
}

fn share((targets, of, floor): &(&'static [&'static str], Of, f64), counts: &Counts) -> io::Result<Share> {
    let mut tallies: Vec<&Tally> = Vec::new();
    for name in *targets {
        let target = Target::parse(name).map_err(io::Error::other)?;
        tallies.extend(counts.tallies.iter().find(|tally| tally.target == target));
    }
    let (mut exact, mut all) = (0, 0);
    for rule in 0..counts.rules {
        let counted = match of {
            Of::Corpus => true,
            Of::Endpoint => counts.is_endpoint[rule] && tallies.iter().any(|tally| !tally.needs_lacking(rule)),
        };
        all += usize::from(counted);
        exact += usize::from(counted && tallies.iter().any(|tally| tally.is_exact(rule)));
    }
    Ok(Share { targets, of: *of, floor: *floor, exact, all })
}
