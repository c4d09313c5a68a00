//! Sequences run on random streams: the emitted commands, interpreted, against the definition.

use super::build::{arm, everything, exists, is_cased, rule, sequence, source, step, union};
use super::interpreter::{Random, Row, Value, number, result};
use crate::Spl;
use crate::ast::Query;
use rulecast_backend::{Backend, Emitted};
use rulecast_ir::{Body, Logic, Mapped, Reads, Verdict};
use std::collections::BTreeMap;

/// The times of first and last events that the query finds.
fn found(query: &Query, steps: usize, events: &[Row]) -> Vec<(i64, i64)> {
    let rows = result(query, events);
    let start = format!("rc_start{steps}");
    let mut pairs: Vec<_> =
        rows.iter().map(|row| (number(row, &start).unwrap(), number(row, "_time").unwrap())).collect();
    pairs.sort_unstable();
    pairs
}

/// The same by the definition: for each key and step the partial sequences, newest last, as first and last time. An event
/// is of the step after the last if it ends sequences.
fn defined(events: &[Row], keys: &[String], until: Option<&str>, is: impl Fn(&Row, usize) -> bool) -> Vec<(i64, i64)> {
    let mut partial: BTreeMap<(usize, String), Vec<(i64, i64)>> = BTreeMap::new();
    let mut ended: BTreeMap<String, i64> = BTreeMap::new();
    let mut pairs = Vec::new();
    let text = |row: &Row, name: &str| match row.get(name) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    for event in events {
        let time = number(event, "_time").unwrap();
        for (i, key) in keys.iter().enumerate().rev() {
            let (true, Some(key)) = (is(event, i), text(event, key)) else { continue };
            if i == 0 {
                partial.entry((0, key)).or_default().push((time, time));
                continue;
            }
            let Some((first, last)) = partial.remove(&(i - 1, key.clone())).and_then(|all| all.last().copied()) else {
                continue;
            };
            if time - first > 30 || ended.get(&key).is_some_and(|end| last <= *end) {
                continue;
            }
            if i + 1 == keys.len() {
                pairs.push((first, time));
            } else {
                partial.entry((i, key)).or_default().push((first, time));
            }
        }
        if let (true, Some(key)) = (is(event, keys.len()), until.and_then(|key| text(event, key))) {
            ended.insert(key, time);
        }
    }
    pairs.sort_unstable();
    pairs
}

fn stream(random: &mut Random, fields: &[String]) -> Vec<Row> {
    let mut time = 0;
    (0..random.below(15))
        .map(|_| {
            time += 1 + i64::try_from(random.below(12)).unwrap();
            let mut row = Row::from([("_time".to_owned(), Value::Number(time))]);
            for field in fields {
                let text = match (field.starts_with('k'), random.below(8)) {
                    (true, 0) => continue,
                    (true, n) => {
                        if n < 5 {
                            "a"
                        } else {
                            "b"
                        }
                    }
                    (false, n) if field.starts_with('`') && n < 7 => "yes",
                    (false, 0) => "yes",
                    (false, 1..4) if field == "u" => "YES",
                    (false, 1..5) => ["yes", "yes", "yes", "YES"][usize::try_from(random.below(4)).unwrap()],
                    (false, _) => continue,
                };
                row.insert(field.clone(), Value::Text(text.to_owned()));
            }
            row
        })
        .collect()
}

/// Where the steps read: everything, each its own macro, or any two of two macros.
#[derive(Clone, Copy)]
enum Reading {
    Everything,
    Apart,
    Both,
}

impl Reading {
    /// The macros of a step.
    fn macros(self, step: usize) -> &'static [&'static str] {
        match (self, step % 3) {
            (Reading::Everything, _) => &[],
            (Reading::Apart, 0) | (Reading::Both, 1) => &["one"],
            (Reading::Apart, 1) => &["two"],
            (Reading::Apart, _) => &["three"],
            (Reading::Both, _) => &["one", "two"],
        }
    }

    fn union(self, step: usize, field: &str) -> Body<Mapped> {
        let test = if is_plain(step) { exists(field, true) } else { is_cased(field, "yes") };
        let sources = self.macros(step).iter().map(|name| source(Reads::Macro((*name).into()), Logic::True));
        let sources: Vec<_> = if let Reading::Everything = self { vec![everything()] } else { sources.collect() };
        union(sources.iter().map(|source| arm(source, test.clone())).collect())
    }

    fn matches(self, row: &Row, step: usize, field: &str) -> bool {
        let macros = self.macros(step);
        let read = macros.is_empty() || macros.iter().any(|name| row.contains_key(&format!("`{name}`")));
        read && row.get(field).is_some_and(|value| is_plain(step) || *value == Value::Text("yes".to_owned()))
    }
}

/// Whether `search` can say the step; else it needs a `where`.
fn is_plain(step: usize) -> bool {
    step.is_multiple_of(2)
}

fn check(reading: Reading, random: &mut Random) {
    let mut matches = 0;
    for (steps, keyed_apart, with_until) in
        [2, 3, 4].into_iter().flat_map(|n| [(n, false, false), (n, false, true), (n, true, false), (n, true, true)])
    {
        let key = |i: usize| if keyed_apart { format!("k{i}") } else { "k".to_owned() };
        let keys: Vec<String> = (0..steps).map(key).collect();
        let until_key = with_until.then(|| key(steps));
        let field = |i: usize| if i == steps { "u".to_owned() } else { format!("s{i}") };
        let one = |i: usize, key: &String| step("step", reading.union(i, &field(i)), &[&[key]]);
        let body = sequence(
            &["key"],
            keys.iter().enumerate().map(|(i, key)| one(i, key)).collect(),
            until_key.as_ref().map(|key| one(steps, key)),
        );
        let Emitted { query, fidelity, .. } = Spl.lower(&rule(body)).unwrap().remove(0);
        assert_eq!(fidelity.verdict, Verdict::Exact);
        let macros = ["`one`", "`two`", "`three`"].map(str::to_owned);
        let fields: Vec<String> =
            (0..=steps).map(field).chain(keys.clone()).chain(until_key.clone()).chain(macros).collect();
        for _ in 0..400 {
            let events = stream(random, &fields);
            let is = |row: &Row, i: usize| reading.matches(row, i, &field(i));
            let expected = defined(&events, &keys, until_key.as_deref(), is);
            assert_eq!(found(&query, steps, &events), expected, "{query}\n{events:#?}");
            matches += expected.len();
        }
    }
    assert!(matches > 1000, "the streams hold {matches} sequences");
}

#[test]
fn the_commands_find_what_the_definition_does() {
    check(Reading::Everything, &mut Random(0x9e37_79b9_7f4a_7c15));
}

#[test]
fn steps_that_read_macros_with_common_events_are_found_too() {
    check(Reading::Apart, &mut Random(0x2545_f491_4f6c_dd1d));
    check(Reading::Both, &mut Random(0xbf58_476d_1ce4_e5b9));
}
