//! The square over the rule library: what each inline test's events make of the rule, and of its queries on every
//! target; and what events make of them that differ from those by one field.

use rulecast_compile::{NoSquare, Square, Target, Unit, square};
use rulecast_diagnostics::SourceMap;
use rulecast_ir::{Body, Record, Resolved, Scalar};
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

/// What a value may be instead. Fields of few values have no others.
fn others(field: &str, value: &str) -> Vec<Option<String>> {
    match field {
        // Every connection has one: a data model that tells it by something else always knows it.
        "Initiated" => return Vec::new(),
        "EventType" | "Signed" | "IntegrityLevel" | "Details" => return vec![None],
        _ => {}
    }
    let changed = [value.to_ascii_uppercase(), value.to_ascii_lowercase(), format!("{value}x"), format!("x{value}")];
    changed.into_iter().filter(|other| other != value).map(Some).chain([None]).collect()
}

/// The event, and all that differ from it in one field.
fn variants(event: &Record) -> Vec<Record> {
    let mut all = vec![event.clone()];
    for (field, values) in &event.fields {
        let [value] = values.as_slice() else { continue };
        for other in others(field, &value.text()) {
            let mut variant = event.clone();
            match other {
                Some(text) => variant.fields.insert(field.clone(), vec![Scalar::Text(text)]),
                None => variant.fields.remove(field),
            };
            all.push(variant);
        }
    }
    all
}

#[test]
fn events_that_differ_by_one_field_close_on_every_target() {
    let mut failures = String::new();
    let (mut matching, mut others) = (0, 0);
    for path in rule_files() {
        for rule in &resolved(&path).rules {
            if !matches!(rule.body, Body::Event(_)) {
                continue;
            }
            let events = rule.metadata.0.tests.iter().flat_map(|test| &test.events);
            let mut records: Vec<Record> = events.flat_map(|event| variants(&Record::of_test(event, 0))).collect();
            for (record, id) in records.iter_mut().zip(0_u32..) {
                (record.id, record.time) = (id.into(), i64::from(id) * 1000);
            }
            for target in Target::ALL {
                match square(rule, target, &records) {
                    Ok(square) if square.closes() => {
                        matching += square.rule.len();
                        others += records.len() - square.rule.len();
                    }
                    Ok(square) => {
                        writeln!(failures, "{} on {target}", path.display()).expect("memory");
                        for answer in square.missed().chain(square.extra()) {
                            let event = records.iter().find(|record| record.id == answer.last);
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
    assert!(matching > 0 && others > 0, "nothing was compared");
}
