//! Whether our evaluators agree with engines that we did not write: of EQL, of KQL, and of Sigma itself.
//!
//! Each engine runs as one process that is given every query or rule with its events. What it finds must be what we find,
//! or `known.yml` must say why it is not; and what that file says must show.

pub(crate) mod cost;
mod derive;
mod fault;
mod question;
mod subject;
mod talk;

use super::tools::Tools;
pub(super) use fault::Fault;
use question::Question;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rulecast_compile::{Language, Target};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use subject::{Recorded, Subject, Wanted};
use talk::{Report, Talk};

/// How many rules are generated for each target.
const GENERATED: usize = 500;

/// DuckDB is asked about one of so many rules of a corpus: translating a query for it takes a twentieth of a second.
const ONE_OF: usize = 5;

/// The engines, in the order of the report, with what is installed.
const ENGINES: [(&str, &str); 5] = [
    ("eql", "eql 1.0.1, with the comparisons of Elasticsearch"),
    ("duckdb-kql", "duckdb-kql 1.1.2 on DuckDB 2.0.0"),
    ("chdb", "the Kusto dialect of ClickHouse, chdb-core 26.9.0"),
    ("rsigma-eval", "rsigma-eval 0.23.0"),
    ("sigma-rust", "sigma-rust 0.7.0"),
];

/// Asks all engines, writes what they said, and returns what nothing explains.
pub(super) fn run(
    tools: &Tools,
    rules: &Path,
    corpora: &[PathBuf],
    events: Option<&Path>,
    faults: &[Fault],
    to: &mut impl Write,
) -> io::Result<Vec<String>> {
    let start = Instant::now();
    let recorded = events.map(Recorded::read).transpose()?.unwrap_or_default();
    let mut subjects = subject::of_directory(rules, Wanted::All, &recorded)?;
    for corpus in corpora {
        subjects.extend(subject::of_directory(corpus, Wanted::Corpus(0), &recorded)?);
    }
    let targets: Vec<Target> = Target::ALL.into_iter().filter(|target| is_run(*target)).collect();
    let generated: Vec<Vec<Subject>> =
        targets.par_iter().map(|target| subject::generated(*target, GENERATED)).collect();
    subjects.extend(generated.into_iter().flatten());
    let ((eql, no_eql), (kql, no_kql)) = (queries(&subjects, Language::Eql), queries(&subjects, Language::Kql));
    let sigma: Vec<Question> = subjects.par_iter().filter_map(question::of_rule).collect();
    let refused = no_eql + no_kql;
    writeln!(to, "\n{} rules with events; our evaluators refuse {refused} of their queries", subjects.len())?;
    writeln!(to, "questions and our own answers: {:.1} s\n", start.elapsed().as_secs_f64())?;

    writeln!(
        to,
        "{:12}{:>9}{:>9}{:>9}{:>9}{:>10}{:>8}  engine",
        "", "asked", "events", "agreed", "excused", "failures", ""
    )?;
    let talks = talks(tools, &eql, &kql, &sigma);
    let reports = std::thread::scope(|scope| {
        let talks: Vec<_> = talks.into_iter().map(|talk| scope.spawn(move || talk.hold(faults))).collect();
        talks.into_iter().map(|talk| talk.join().expect("a talk does not panic")).collect::<io::Result<Vec<_>>>()
    })?;
    let mut failures = Vec::new();
    let mut excused = vec![0; faults.len()];
    for (name, described) in ENGINES {
        let own: Vec<&Report> = reports.iter().flatten().filter(|report| report.engine == name).collect();
        let sum = |of: fn(&Report) -> usize| own.iter().map(|report| of(report)).sum::<usize>();
        writeln!(
            to,
            "{name:12}{:>9}{:>9}{:>9}{:>9}{:>10}{:>6.1} s  {described}",
            sum(|report| report.asked),
            sum(|report| report.events),
            sum(|report| report.agreed),
            sum(|report| report.excused.iter().sum()),
            sum(|report| report.failures.len()),
            own.iter().fold(0.0_f64, |longest, report| longest.max(report.seconds)),
        )?;
        for report in own {
            failures.extend(report.failures.iter().cloned());
            excused.iter_mut().zip(&report.excused).for_each(|(sum, count)| *sum += count);
        }
    }
    writeln!(to)?;
    for (fault, count) in faults.iter().zip(excused) {
        writeln!(to, "{count:>8} excused, `{}`: {}", fault.engine(), fault.reason)?;
        if count == 0 && fault.is_due(!corpora.is_empty()) {
            failures.push(format!("known.yml: excuses nothing any more: `{}`: {}", fault.engine(), fault.reason));
        }
    }
    Ok(failures)
}

/// Whether there is an engine for the queries of a target. None of KQL's knows `scan` and `replace_strings`, which those of
/// Sentinel's data models are full of; SPL has none at all.
fn is_run(target: Target) -> bool {
    let of_sentinel = ["asim", "securityevent"].iter().any(|model| target.model == *model);
    target.language != Language::Spl && !of_sentinel
}

/// The questions on queries of a language, and how many queries our evaluator refuses.
fn queries(subjects: &[Subject], language: Language) -> (Vec<Question>, usize) {
    let of_subject = |subject: &Subject| {
        let is = |target: &Target| is_run(*target) && target.language == language && subject.wanted.has(*target);
        let each = Target::ALL.into_iter().filter(is).map(|target| question::of_queries(subject, target));
        each.fold((Vec::new(), 0), |(mut all, sum), (questions, refused)| {
            all.extend(questions);
            (all, sum + refused)
        })
    };
    let asked: Vec<(Vec<Question>, usize)> = subjects.par_iter().map(of_subject).collect();
    let refused = asked.iter().map(|(_, refused)| refused).sum();
    (asked.into_iter().flat_map(|(questions, _)| questions).collect(), refused)
}

fn talks<'q>(tools: &Tools, eql: &'q [Question], kql: &'q [Question], sigma: &'q [Question]) -> Vec<Talk<'q>> {
    let script = |name: &str| {
        let mut command = Command::new(&tools.python);
        command.arg(tools.scripts.join(name));
        command
    };
    let talk = |engines, command, questions| Talk { engines, command, questions };
    // It takes longest, so it has two processes, and is asked about a part of a corpus.
    let mut some: Vec<&Question> =
        kql.iter().filter(|question| question.place.is_none_or(|place| place.is_multiple_of(ONE_OF))).collect();
    let others = some.split_off(some.len() / 2);
    vec![
        talk(&["duckdb-kql"], script("engine_duckdb.py"), some),
        talk(&["duckdb-kql"], script("engine_duckdb.py"), others),
        talk(&["chdb"], script("engine_chdb.py"), kql.iter().collect()),
        talk(&["eql"], script("engine_eql.py"), eql.iter().collect()),
        talk(&["rsigma-eval", "sigma-rust"], Command::new(&tools.sigma), sigma.iter().collect()),
    ]
}
