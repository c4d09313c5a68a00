//! Whether our evaluators agree with engines that we did not write: of EQL, of KQL, and of Sigma itself.
//!
//! Each engine runs as one process that is given every query or rule with its events. What it finds must be what we find,
//! or `known.yml` must say why it is not; and what that file says must show.

mod derive;
mod fault;
mod question;
mod subject;

use super::judge::converse;
use super::tools::Tools;
pub(super) use fault::Fault;
use fault::{Faults, Finds};
use question::Question;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rulecast_compile::{Language, Target};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use subject::{Recorded, Subject};

/// How many rules are generated for each target.
const GENERATED: usize = 500;

/// The engines, in the order of the report, with what is installed.
const ENGINES: [(&str, &str); 5] = [
    ("eql", "eql 1.0.1, with the comparisons of Elasticsearch"),
    ("duckdb-kql", "duckdb-kql 1.1.2 on DuckDB 2.0.0"),
    ("chdb", "the Kusto dialect of ClickHouse, chdb-core 26.9.0"),
    ("rsigma-eval", "rsigma-eval 0.23.0"),
    ("sigma-rust", "sigma-rust 0.7.0"),
];

#[derive(Serialize)]
struct Asked<'a> {
    id: usize,
    #[serde(flatten)]
    body: &'a Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Answered { id: usize, engine: Option<String>, found: Option<Vec<Vec<String>>>, error: Option<String> },
    End { answered: usize },
}

/// What became of the questions to one engine.
struct Report {
    engine: &'static str,
    asked: usize,
    events: usize,
    agreed: usize,
    /// How many pairs of a query and an event each known fault explains.
    excused: Vec<usize>,
    failures: Vec<String>,
}

/// What is asked of one process.
struct Talk {
    engines: Vec<&'static str>,
    command: Command,
    questions: Vec<Question>,
}

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
    let mut subjects = subject::of_directory(rules, &recorded)?;
    for corpus in corpora {
        subjects.extend(subject::of_directory(corpus, &recorded)?);
    }
    let targets: Vec<Target> = Target::ALL.into_iter().filter(|target| target.language != Language::Spl).collect();
    let generated: Vec<Vec<Subject>> =
        targets.par_iter().map(|target| subject::generated(*target, GENERATED)).collect();
    subjects.extend(generated.into_iter().flatten());
    let (talks, refused) = talks(tools, &subjects, &targets);
    writeln!(to, "\n{} rules with events; our evaluators refuse {refused} of their queries", subjects.len())?;
    writeln!(to, "questions and our own answers: {:.1} s\n", start.elapsed().as_secs_f64())?;

    writeln!(
        to,
        "{:12}{:>9}{:>9}{:>9}{:>9}{:>10}{:>8}  engine",
        "", "asked", "events", "agreed", "excused", "failures", ""
    )?;
    let reports = std::thread::scope(|scope| {
        let talks: Vec<_> = talks.into_iter().map(|talk| scope.spawn(move || talk.hold(faults))).collect();
        talks.into_iter().map(|talk| talk.join().expect("a talk does not panic")).collect::<io::Result<Vec<_>>>()
    })?;
    let mut failures = Vec::new();
    let mut excused = vec![0; faults.len()];
    for (name, described) in ENGINES {
        for (report, seconds) in reports.iter().flatten().filter(|(report, _)| report.engine == name) {
            let sum: usize = report.excused.iter().sum();
            writeln!(
                to,
                "{name:12}{:>9}{:>9}{:>9}{sum:>9}{:>10}{seconds:>6.1} s  {described}",
                report.asked,
                report.events,
                report.agreed,
                report.failures.len(),
            )?;
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

fn talks(tools: &Tools, subjects: &[Subject], targets: &[Target]) -> (Vec<Talk>, usize) {
    let mut refused = 0;
    let mut of = |language: Language| {
        let asked: Vec<(Vec<Question>, usize)> = subjects
            .par_iter()
            .map(|subject| {
                let of_subject = |target: &&Target| subject.target.is_none_or(|own| own == **target);
                let wanted = targets.iter().filter(|target| target.language == language).filter(of_subject);
                let each: Vec<_> = wanted.map(|target| question::of_queries(subject, *target)).collect();
                let refused = each.iter().map(|(_, refused)| refused).sum();
                (each.into_iter().flat_map(|(questions, _)| questions).collect(), refused)
            })
            .collect();
        refused += asked.iter().map(|(_, refused)| refused).sum::<usize>();
        asked.into_iter().flat_map(|(questions, _)| questions).collect::<Vec<_>>()
    };
    let eql = of(Language::Eql);
    let (duckdb, chdb) = (of(Language::Kql), of(Language::Kql));
    let sigma = subjects.par_iter().filter_map(question::of_rule).collect();
    let script = |name: &str| {
        let mut command = Command::new(&tools.python);
        command.arg(tools.scripts.join(name));
        command
    };
    let talk = |engines: &[&'static str], command, questions| Talk { engines: engines.to_vec(), command, questions };
    let talks = vec![
        talk(&["eql"], script("engine_eql.py"), eql),
        talk(&["duckdb-kql"], script("engine_duckdb.py"), duckdb),
        talk(&["chdb"], script("engine_chdb.py"), chdb),
        talk(&["rsigma-eval", "sigma-rust"], Command::new(&tools.sigma), sigma),
    ];
    (talks, refused)
}

impl Talk {
    fn hold(mut self, faults: &[Fault]) -> io::Result<Vec<(Report, f64)>> {
        let start = Instant::now();
        let questions = self.questions.iter().enumerate().map(|(id, question)| Asked { id, body: &question.body });
        let answers: Vec<Answer> = converse(&mut self.command, questions)?;
        let seconds = start.elapsed().as_secs_f64();
        let new = |engine| Report {
            engine,
            asked: 0,
            events: 0,
            agreed: 0,
            excused: vec![0; faults.len()],
            failures: Vec::new(),
        };
        let mut reports: Vec<Report> = self.engines.iter().map(|engine| new(*engine)).collect();
        let own: Vec<Faults<'_>> = self.engines.iter().map(|engine| Faults::of(engine, faults)).collect();
        let mut end = None;
        for answer in answers {
            let (id, engine, found, error) = match answer {
                Answer::End { answered } => {
                    end = Some(answered);
                    continue;
                }
                Answer::Answered { id, engine, found, error } => (id, engine, found, error),
            };
            let place = self.engines.iter().position(|name| engine.as_deref().is_none_or(|own| own == *name));
            let place = place.ok_or_else(|| io::Error::other(format!("an answer of {engine:?}")))?;
            let question = &self.questions[id];
            reports[place].judge(question, found.ok_or(error.unwrap_or_default()), &own[place]);
        }
        let expected = self.questions.len() * self.engines.len();
        if end != Some(expected) || reports.iter().any(|report| report.asked != self.questions.len()) {
            return Err(io::Error::other(format!("{:?} answered {end:?} of {expected} questions", self.engines)));
        }
        Ok(reports.into_iter().map(|report| (report, seconds)).collect())
    }
}

impl Report {
    fn judge(&mut self, question: &Question, said: Result<Vec<Vec<String>>, String>, faults: &Faults<'_>) {
        self.asked += 1;
        self.events += question.events;
        let engine = self.engine;
        let Question { origin, asked, .. } = question;
        let found = match said {
            Ok(found) => question::sorted(found),
            Err(message) => match faults.of_error(asked, &message) {
                Some(fault) => return self.excused[fault] += question.events,
                None => return self.failures.push(format!("{engine}: {origin}\n{asked}\n{message}")),
            },
        };
        let (more, less) = differences(&found, &question.ours);
        self.agreed += question.events.saturating_sub(more.len() + less.len());
        let more = more.into_iter().map(|result| (result, Finds::More));
        for (result, finds) in more.chain(less.into_iter().map(|result| (result, Finds::Less))) {
            let event = question.event(result);
            match faults.of_answer(asked, &event, finds) {
                Some(fault) => self.excused[fault] += 1,
                None => self.failures.push(format!("{engine}: {origin}\n{asked}\nfinds {finds:?}: {result:?} {event}")),
            }
        }
    }
}

/// What the one has more of, and what the other; both are sorted.
fn differences<'a>(
    found: &'a [Vec<String>],
    ours: &'a [Vec<String>],
) -> (Vec<&'a [String]>, Vec<&'a [String]>) {
    let (mut more, mut less) = (Vec::new(), Vec::new());
    let (mut found, mut ours) = (found.iter().peekable(), ours.iter().peekable());
    loop {
        match (found.peek(), ours.peek()) {
            (Some(one), Some(other)) if one == other => {
                found.next();
                ours.next();
            }
            (Some(one), other) if other.is_none_or(|other| one < other) => {
                more.push(one.as_slice());
                found.next();
            }
            (_, Some(other)) => {
                less.push(other.as_slice());
                ours.next();
            }
            _ => return (more, less),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::differences;

    #[test]
    fn results_are_compared_one_by_one() {
        let rows = |text: &str| text.chars().map(|c| vec![c.to_string()]).collect::<Vec<_>>();
        let check = |found: &str, ours: &str, more: &str, less: &str| {
            let (found, ours) = (rows(found), rows(ours));
            let (a, b) = differences(&found, &ours);
            assert_eq!((a.concat().concat(), b.concat().concat()), (more.to_owned(), less.to_owned()));
        };
        check("abc", "abc", "", "");
        check("abd", "bcd", "a", "c");
        check("aab", "abb", "a", "b");
        check("", "ab", "", "ab");
        check("ab", "", "ab", "");
    }
}
