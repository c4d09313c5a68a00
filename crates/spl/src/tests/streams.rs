//! Sequences run on random streams: the emitted commands, interpreted, against the definition.

use super::build::{Tree, arm, everything, exists, rule, sequence, step, union};
use super::interpreter::{Random, Row, Value, number, result};
use crate::Spl;
use crate::ast::Query;
use rulecast_backend::Backend;
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

/// The same by the definition: for each key and step the partial sequences, newest last, as first and last time.
fn defined(events: &[Row], keys: &[String], until: Option<&str>, timespan: i64) -> Vec<(i64, i64)> {
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
            let (true, Some(key)) = (event.contains_key(&format!("s{i}")), text(event, key)) else { continue };
            if i == 0 {
                partial.entry((0, key)).or_default().push((time, time));
                continue;
            }
            let Some((first, last)) = partial.remove(&(i - 1, key.clone())).and_then(|all| all.last().copied()) else {
                continue;
            };
            if time - first > timespan || ended.get(&key).is_some_and(|end| last <= *end) {
                continue;
            }
            if i + 1 == keys.len() {
                pairs.push((first, time));
            } else {
                partial.entry((i, key)).or_default().push((first, time));
            }
        }
        if let (true, Some(key)) = (event.contains_key("u"), until.and_then(|key| text(event, key))) {
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
                    (false, n) if n < if field == "u" { 1 } else { 4 } => "yes",
                    (false, _) => continue,
                };
                row.insert(field.clone(), Value::Text(text.to_owned()));
            }
            row
        })
        .collect()
}

#[test]
fn the_commands_find_what_the_definition_does() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut matches = 0;
    for (steps, keyed_apart, with_until) in
        [2, 3, 4].into_iter().flat_map(|n| [(n, false, false), (n, false, true), (n, true, false), (n, true, true)])
    {
        let key = |i: usize| if keyed_apart { format!("k{i}") } else { "k".to_owned() };
        let keys: Vec<String> = (0..steps).map(key).collect();
        let until_key = with_until.then(|| key(steps));
        let one = |name: &str, test: Tree, key: &String| step(name, union(vec![arm(&everything(), test)]), &[&[key]]);
        let body = sequence(
            &["key"],
            keys.iter().enumerate().map(|(i, key)| one("step", exists(&format!("s{i}"), true), key)).collect(),
            until_key.as_ref().map(|key| one("until", exists("u", true), key)),
        );
        let query = Spl.lower(&rule(body)).unwrap().remove(0).query;
        let fields: Vec<String> = (0..steps)
            .map(|i| format!("s{i}"))
            .chain(["u".to_owned()])
            .chain(keys.clone())
            .chain(until_key.clone())
            .collect();
        for _ in 0..400 {
            let events = stream(&mut random, &fields);
            let expected = defined(&events, &keys, until_key.as_deref(), 30);
            assert_eq!(found(&query, steps, &events), expected, "{query}\n{events:#?}");
            matches += expected.len();
        }
    }
    assert!(matches > 1000, "the streams hold {matches} sequences");
}
