//! The square over recorded events, each also in changed forms.

use crate::{recordings, rules};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rulecast_compile::random::mutated;
use rulecast_compile::{NoSquare, Target, Unit};
use rulecast_diagnostics::FileId;
use std::io::{self, Write};
use std::path::Path;

/// Each recording's rule over its events and `mutations` changed forms of each.
pub(super) fn run(
    corpus: &Path,
    events: &Path,
    mutations: usize,
    seed: u64,
    targets: &[Target<'static>],
    to: &mut impl Write,
) -> io::Result<()> {
    let mut paths = Vec::new();
    rules::files(corpus, &mut paths)?;
    let mut documents = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        documents.extend(rulecast_rule::parse(FileId(index as u32), &std::fs::read_to_string(path)?).documents);
    }
    let rules = Unit::new(documents).resolve().rules;
    let recordings = recordings::below(events)?;
    let mut problems = Vec::new();
    writeln!(to, "{:12}{:>9}{:>9}{:>9}{:>13}", "", "rules", "cases", "fired", "differences")?;
    for target in targets {
        let asked: Vec<(usize, usize, Option<String>)> = recordings
            .par_iter()
            .filter_map(|recording| Some((recording, recording.rule(&rules)?)))
            .filter_map(|(recording, rule)| match mutated(rule, *target, &recording.records, mutations, seed) {
                Ok(both) => {
                    let parted = both.square.missed().chain(both.square.extra()).next();
                    let event = parted.and_then(|answer| both.events.iter().find(|event| event.id == answer.last));
                    let problem = event.map(|event| {
                        let query = &both.square.each[0].0.text;
                        format!("{target}: {}: {:?}\n{query}", rule.metadata.title(), event.fields)
                    });
                    Some((both.events.len(), both.square.rule.len(), problem))
                }
                Err(NoSquare::Refused(_) | NoSquare::Declared(_)) => None,
                Err(none) => Some((0, 0, Some(format!("{target}: {}: {none}", rule.metadata.title())))),
            })
            .collect();
        let sum = |of: fn(&(usize, usize, Option<String>)) -> usize| asked.iter().map(of).sum::<usize>();
        let (cases, fired) = (sum(|one| one.0), sum(|one| one.1));
        let differences = asked.iter().filter(|one| one.2.is_some()).count();
        writeln!(to, "{:12}{:>9}{cases:>9}{fired:>9}{differences:>13}", target.to_string(), asked.len())?;
        problems.extend(asked.into_iter().filter_map(|one| one.2));
    }
    match problems.len() {
        0 => Ok(()),
        count => {
            Err(io::Error::other(format!("{count} differences, the first:\n{}", problems[..count.min(8)].join("\n\n"))))
        }
    }
}
