//! The square over the rule library: what each inline test's events make of the rule, and of its queries on every
//! target; and what events make of them that differ from those in one field or two.

use rulecast_compile::random::{Mutated, mutated};
use rulecast_compile::{NoSquare, Square, Target, Unit, square};
use rulecast_diagnostics::SourceMap;
use rulecast_ir::{Body, Record, Resolved};
use std::fmt::Write;
use std::path::PathBuf;

fn rule_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rules")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the library is part of the repository") {
            let path = entry.expect("an entry can be read").path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "yml" => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    files
}

fn resolved(path: &PathBuf) -> Resolved {
    let text = std::fs::read_to_string(path).expect("a rule file can be read");
    let mut map = SourceMap::new();
    let file = map.add(path.to_string_lossy(), text.as_str());
    Unit::new(rulecast_rule::parse(file, &text).documents).resolve()
}

/// What parts, one answer a line.
fn parted(square: &Square) -> String {
    let mut out = String::new();
    for (what, answers) in
        [("missed", square.missed().collect::<Vec<_>>()), ("found in excess", square.extra().collect::<Vec<_>>())]
    {
        for answer in answers {
            let _ = writeln!(out, "  {what}: {answer:?}");
        }
    }
    for (query, _) in &square.each {
        let _ = writeln!(out, "{}", query.text);
    }
    out
}

#[test]
fn every_inline_test_of_the_library_closes_on_every_target() {
    let mut failures = String::new();
    let (mut closed, mut answers) = (0, 0);
    for path in rule_files() {
        for rule in &resolved(&path).rules {
            for test in &rule.metadata.0.tests {
                let events: Vec<Record> =
                    test.events.iter().zip(0..).map(|(event, id)| Record::of_test(event, id)).collect();
                for target in Target::ALL {
                    let place = format!("{}: `{}` on {target}", path.display(), *test.name);
                    match square(rule, target, &events) {
                        Ok(square) if square.closes() => {
                            closed += 1;
                            answers += square.rule.len();
                        }
                        Ok(square) => write!(failures, "{place}\n{}", parted(&square)).expect("memory"),
                        Err(NoSquare::Refused(_) | NoSquare::Declared(_)) => {}
                        Err(none) => writeln!(failures, "{place}\n  {none}").expect("memory"),
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{closed} closed\n{failures}");
    assert!(closed > 0 && answers > 0, "nothing was compared");
}

/// How many changed forms of each event are asked about.
const MUTATIONS: usize = 20;

#[test]
fn changed_events_of_the_library_close_on_every_target() {
    let mut failures = String::new();
    let (mut matching, mut others) = (0, 0);
    for path in rule_files() {
        for rule in &resolved(&path).rules {
            let events = rule.metadata.0.tests.iter().flat_map(|test| &test.events);
            let events: Vec<Record> = events.map(|event| Record::of_test(event, 0)).collect();
            if !matches!(rule.body, Body::Event(_)) || events.is_empty() {
                continue;
            }
            for target in Target::ALL {
                match mutated(rule, target, &events, MUTATIONS, 1) {
                    Ok(Mutated { events, square }) if square.closes() => {
                        matching += square.rule.len();
                        others += events.len() - square.rule.len();
                    }
                    Ok(Mutated { events, square }) => {
                        writeln!(failures, "{} on {target}", path.display()).expect("memory");
                        for answer in square.missed().chain(square.extra()) {
                            let event = events.iter().find(|record| record.id == answer.last);
                            writeln!(failures, "  {answer:?}: {:?}", event.map(|event| &event.fields)).expect("memory");
                        }
                        failures.push_str(&parted(&square));
                    }
                    Err(NoSquare::Refused(_) | NoSquare::Declared(_)) => {}
                    Err(none) => writeln!(failures, "{} on {target}: {none}", path.display()).expect("memory"),
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(matching > 2_000 && others > 2_000, "{matching} and {others} were compared");
}
