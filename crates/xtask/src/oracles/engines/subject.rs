//! What the engines are asked about: rules with events, the same in every run.

use super::derive::{self, Dice};
use crate::rules;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rulecast_compile::random::Run;
use rulecast_compile::{Target, Unit};
use rulecast_diagnostics::{FileId, Severity};
use rulecast_ir::{Body, Record, Rule, Sigma, ingest};
use std::io;
use std::path::Path;

/// A rule with events.
#[derive(Debug)]
pub(super) struct Subject {
    /// Where it comes from.
    pub(super) origin: String,
    /// Its text, if it is one document that needs no other.
    pub(super) text: Option<String>,
    pub(super) rule: Rule<Sigma>,
    pub(super) records: Vec<Record>,
    pub(super) wanted: Wanted,
}

/// On which targets a rule is compared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted {
    /// On all.
    All,
    /// On those without a data model, as the rule of this place in a corpus: the other models put little into a query
    /// but other names.
    Corpus(usize),
    /// On the one that it was generated for.
    Target(Target<'static>),
}

impl Subject {
    pub(super) fn place(&self) -> Option<usize> {
        if let Wanted::Corpus(place) = self.wanted { Some(place) } else { None }
    }
}

impl Wanted {
    pub(super) fn has(self, target: Target) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Corpus(_) => target.model == "none",
            Wanted::Target(own) => own == target,
        }
    }
}

/// Between the events of two tests: no sequence is that long.
const APART: i64 = 86_400_000;

/// The rules of a directory: those that several documents make, and each document alone, on the events of their tests and
/// on events made from them. A rule that is named by the folder of a recorded event gets all of those too.
pub(super) fn of_directory(directory: &Path, wanted: Wanted, recorded: &Recorded) -> io::Result<Vec<Subject>> {
    let mut paths = Vec::new();
    rules::files(directory, &mut paths)?;
    let read = |path: &std::path::PathBuf| -> io::Result<Vec<Subject>> {
        let text = std::fs::read_to_string(path)?;
        let origin = path.display().to_string();
        let documents: Vec<&str> = text.split("\n---").collect();
        let mut subjects: Vec<Subject> =
            documents.iter().flat_map(|document| of_text(&origin, document, wanted, recorded)).collect();
        if documents.len() > 1 {
            subjects
                .extend(of_text(&origin, &text, wanted, recorded).into_iter().map(|one| Subject { text: None, ..one }));
        }
        Ok(subjects)
    };
    let subjects = paths.par_iter().map(read).collect::<io::Result<Vec<_>>>()?;
    let placed = subjects.into_iter().flatten().enumerate().map(|(place, subject)| match subject.wanted {
        Wanted::Corpus(_) => Subject { wanted: Wanted::Corpus(place), ..subject },
        _ => subject,
    });
    Ok(placed.collect())
}

/// The rules of a text, if it is whole.
fn of_text(origin: &str, text: &str, wanted: Wanted, recorded: &Recorded) -> Vec<Subject> {
    let parsed = rulecast_rule::parse(FileId(0), text);
    let resolved = Unit::new(parsed.documents).resolve();
    if parsed.diagnostics.iter().chain(&resolved.diagnostics).any(|one| one.severity == Severity::Error) {
        return Vec::new();
    }
    let subject = |rule: Rule<Sigma>| {
        let mut records = recorded.of(&rule);
        for test in &rule.metadata.0.tests {
            let start = records.last().map_or(0, |last| last.time + APART);
            let first = records.len() as u64;
            let events = test.events.iter().zip(first..);
            records.extend(events.map(|(event, id)| {
                let record = Record::of_test(event, id);
                Record { time: record.time + start, ..record }
            }));
        }
        if let Body::Event(event) = &rule.body {
            let start = records.last().map_or(0, |last| last.time + APART);
            let mut dice = Dice::new(rule.metadata.title().bytes().map(u64::from).sum());
            let made = derive::events(event, records.len() as u64, &mut dice);
            records.extend(made.into_iter().map(|record| Record { time: record.time + start, ..record }));
        }
        Subject { origin: origin.to_owned(), text: Some(text.to_owned()), rule, records, wanted }
    };
    resolved.rules.into_iter().map(subject).collect()
}

/// Modifiers that the engines of Sigma do not know; of the others, none is handed a time that is no event's own.
const PARTS_OF_TIME: [&str; 6] = ["|minute", "|hour", "|day", "|week", "|month", "|year"];

/// Generated rules with their events, as the queries of the target assume events to be; none that counts or asks for a part
/// of a time.
pub(super) fn generated(target: Target<'static>, rules: usize) -> Vec<Subject> {
    let run = Run { target, cases: 0, seed: 7, fault: None, differences: 1 };
    let is_asked = |case: &rulecast_compile::random::Case| {
        let counts = matches!(case.rule.body, Body::Correlation(_));
        !counts && PARTS_OF_TIME.iter().all(|part| !case.yaml.contains(part))
    };
    let cases = run.cases().filter(is_asked).enumerate().take(rules);
    let subject = |(index, case): (usize, rulecast_compile::random::Case)| {
        // A correlation over rules of the same text is no rule that one document makes.
        let text = matches!(case.rule.body, Body::Event(_)).then(|| case.yaml.clone());
        Subject {
            origin: format!("generated for {target}, rule {index}\n{}", case.yaml),
            text,
            rule: case.rule,
            records: if case.assumed.is_empty() { case.events } else { case.assumed },
            wanted: Wanted::Target(target),
        }
    };
    cases.map(subject).collect()
}

/// Recorded events, and what their folders say of the rules that they are for.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    records: Vec<Record>,
    infos: Vec<String>,
}

impl Recorded {
    pub(super) fn read(directory: &Path) -> io::Result<Self> {
        let mut recorded = Self::default();
        let mut infos = Vec::new();
        rules::files(directory, &mut infos)?;
        for info in infos {
            recorded.infos.push(std::fs::read_to_string(&info)?);
            let mut files = std::fs::read_dir(info.parent().unwrap_or(directory))?.collect::<Result<Vec<_>, _>>()?;
            files.sort_by_key(std::fs::DirEntry::file_name);
            let json = |path: &std::path::PathBuf| path.extension().is_some_and(|extension| extension == "json");
            for file in files.iter().map(std::fs::DirEntry::path).filter(json) {
                let first = recorded.records.len() as u64;
                let read = ingest::records(&std::fs::read_to_string(&file)?, first);
                recorded
                    .records
                    .extend(read.map_err(|error| io::Error::other(format!("{}: {error}", file.display())))?);
            }
        }
        // Of two events at one time, an engine may take either first.
        for (record, place) in recorded.records.iter_mut().zip(0..) {
            record.time = place * 1000;
        }
        Ok(recorded)
    }

    /// Every event.
    pub(super) fn all(&self) -> &[Record] {
        &self.records
    }

    fn of(&self, rule: &Rule<Sigma>) -> Vec<Record> {
        let named = |id: &str| self.infos.iter().any(|info| info.contains(id));
        if rule.metadata.id().is_some_and(named) { self.records.clone() } else { Vec::new() }
    }
}
