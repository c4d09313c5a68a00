//! Whether emitted queries say what their rules say, over a corpus: `cargo xtask prove CORPUS [--events DIR]`.
//!
//! Every query of every target must be read back by our own parser and print to the same text. With recorded events,
//! each folder's rule (`info.yml` names its id) must fire on them by the reference evaluator, and every rule of the
//! corpus must answer all events alike by the reference and by the query of every target.

use crate::{recordings, rules};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rulecast_compile::{Allow, NoSquare, Outcome, Target, Unit, compile, read_back, square};
use rulecast_diagnostics::FileId;
use rulecast_ir::{Record, Rule, Sigma, eval};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A directory of rules.
    corpus: PathBuf,
    /// A directory of recorded events, `*.json`, each folder with an `info.yml` that names the rule's id.
    #[arg(long)]
    events: Option<PathBuf>,
}

/// What became of one rule on one target.
#[derive(Default)]
struct Tally {
    queries: usize,
    refused: usize,
    fired: usize,
    /// Events on which it should fire, and which are of another log than the one that the target reads.
    elsewhere: usize,
    problems: Vec<String>,
}

/// The models that read new processes from the Security log: the recorded ones are Sysmon's, which it does not have.
const OF_SECURITY_LOG: [&str; 2] = ["winlog", "securityevent"];

pub(crate) fn run(args: &Args, to: &mut impl Write) -> io::Result<()> {
    let mut paths = Vec::new();
    rules::files(&args.corpus, &mut paths)?;
    let mut documents = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        documents.extend(rulecast_rule::parse(FileId(index as u32), &std::fs::read_to_string(path)?).documents);
    }
    let rules = Unit::new(documents).resolve().rules;
    let mut records = Vec::new();
    let mut problems = Vec::new();
    if let Some(folder) = &args.events {
        let fired = recorded(folder, &rules, &mut records, &mut problems)?;
        writeln!(
            to,
            "{} recorded events; {fired} of their rules fire on them by the reference evaluator\n",
            records.len()
        )?;
    }
    writeln!(
        to,
        "{:12}{:>7}{:>9}{:>9}{:>13}{:>11}{:>13}",
        "", "rules", "refused", "queries", "rules fired", "elsewhere", "differences"
    )?;
    for target in Target::ALL {
        let tallies: Vec<Tally> = rules.par_iter().map(|rule| one(rule, target, &records)).collect();
        let sum = |of: fn(&Tally) -> usize| tallies.iter().map(of).sum::<usize>();
        let differences = sum(|tally| tally.problems.len());
        let (refused, queries, fired) = (sum(|one| one.refused), sum(|one| one.queries), sum(|one| one.fired));
        let elsewhere = sum(|one| one.elsewhere);
        let name = target.to_string();
        writeln!(to, "{name:12}{:>7}{refused:>9}{queries:>9}{fired:>13}{elsewhere:>11}{differences:>13}", rules.len())?;
        problems.extend(tallies.into_iter().flat_map(|tally| tally.problems));
    }
    match problems.len() {
        0 => Ok(()),
        count => {
            problems.truncate(50);
            Err(io::Error::other(format!("{count} problems, the first of them:\n{}", problems.join("\n"))))
        }
    }
}

fn one(rule: &Rule<Sigma>, target: Target, records: &[Record]) -> Tally {
    let mut tally = Tally::default();
    let Outcome::Queries(queries) = compile(rule, target, Allow::default()) else {
        tally.refused = 1;
        return tally;
    };
    tally.queries = queries.len();
    let title = rule.metadata.title();
    for query in &queries {
        match read_back(&query.text, target.language) {
            Ok(text) if text == query.text => {}
            Ok(text) => tally.problems.push(format!("{target}: {title}: reads back as another query:\n{text}")),
            Err(error) => tally.problems.push(format!("{target}: {title}: {error}")),
        }
    }
    if records.is_empty() {
        return tally;
    }
    match square(rule, target, records) {
        Ok(square) => {
            tally.fired = usize::from(!square.rule.is_empty());
            for missed in square.missed() {
                let of_security_log = OF_SECURITY_LOG.iter().any(|model| target.model == *model);
                let of_sysmon = |record: &&Record| record.id == missed.last && is_new_process_of_sysmon(record);
                if of_security_log && records.iter().any(|record| of_sysmon(&record)) {
                    tally.elsewhere += 1;
                } else {
                    tally.problems.push(format!("{target}: {title}: misses event {}", missed.last));
                }
            }
            tally
                .problems
                .extend(square.extra().map(|one| format!("{target}: {title}: also finds event {}", one.last)));
        }
        Err(NoSquare::Refused(_) | NoSquare::Declared(_)) => {}
        Err(error) => tally.problems.push(format!("{target}: {title}: {error}")),
    }
    tally
}

fn is_new_process_of_sysmon(record: &Record) -> bool {
    record.values("EventID").iter().any(|id| id.text() == "1")
}

/// Reads the events, and returns for how many folders the rule fires.
fn recorded(
    folder: &Path,
    rules: &[Rule<Sigma>],
    records: &mut Vec<Record>,
    problems: &mut Vec<String>,
) -> io::Result<usize> {
    let mut fired = 0;
    for recording in recordings::below(folder)? {
        let info = recording.info.display();
        match recording.rule(rules).map(|rule| eval::evaluate(rule, &recording.records)) {
            Some(found) if !found.is_empty() => fired += 1,
            Some(_) => problems.push(format!("{info}: the rule does not fire")),
            None => problems.push(format!("{info}: no rule of the corpus has its id")),
        }
        records.extend(recording.records);
    }
    Ok(fired)
}
