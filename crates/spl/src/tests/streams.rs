//! Sequences run on random streams: the emitted commands, interpreted, against the definition.

use super::build::{Tree, everything, exists, rule, sequence, step, union};
use crate::ast::{Command, Expr, Function, Query, SortKey, WherePredicate};
use crate::{Spl, tests::build::arm};
use rulecast_backend::Backend;
use rulecast_ir::{Comparison, Logic, Name, Number};
use std::collections::BTreeMap;

/// A value of a field: a number, a text, or several numbers.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Number(i64),
    Text(String),
    Numbers(Vec<i64>),
}

type Row = BTreeMap<String, Value>;

fn value(expr: &Expr, row: &Row) -> Option<Value> {
    Some(match expr {
        Expr::Field(name) => row.get(&**name)?.clone(),
        Expr::Number(Number::Integer(number)) => Value::Number(*number),
        Expr::If { condition, then, otherwise } => {
            return if holds(condition, row) == Some(true) { value(then, row) } else { value(otherwise, row) };
        }
        Expr::Case(arms) => {
            return arms.iter().find(|arm| holds(&arm.0, row) == Some(true)).and_then(|arm| value(&arm.1, row));
        }
        Expr::Difference(left, right) => match (value(left, row)?, value(right, row)?) {
            (Value::Number(left), Value::Number(right)) => Value::Number(left - right),
            other => panic!("{other:?}"),
        },
        Expr::Call { function: Function::Null, .. } => return None,
        Expr::Call { function: Function::Mvappend, arguments } => {
            let numbers = arguments.iter().filter_map(|argument| match value(argument, row) {
                Some(Value::Number(number)) => Some(number),
                _ => None,
            });
            Value::Numbers(numbers.collect())
        }
        other => panic!("{other}"),
    })
}

/// SPL's three-valued logic.
fn holds(tree: &Logic<WherePredicate>, row: &Row) -> Option<bool> {
    match tree {
        Logic::True => Some(true),
        Logic::False => Some(false),
        Logic::Not(inner) => holds(inner, row).map(|held| !held),
        Logic::And(parts) => {
            let all: Vec<_> = parts.iter().map(|part| holds(part, row)).collect();
            if all.contains(&Some(false)) {
                Some(false)
            } else {
                all.into_iter().collect::<Option<Vec<_>>>().map(|_| true)
            }
        }
        Logic::Or(parts) => {
            let all: Vec<_> = parts.iter().map(|part| holds(part, row)).collect();
            if all.contains(&Some(true)) {
                Some(true)
            } else {
                all.into_iter().collect::<Option<Vec<_>>>().map(|_| false)
            }
        }
        Logic::Test(WherePredicate::NotNull(expr)) => Some(value(expr, row).is_some()),
        Logic::Test(WherePredicate::Null(expr)) => Some(value(expr, row).is_none()),
        Logic::Test(WherePredicate::Compare { left, comparison, right }) => {
            match (value(left, row)?, value(right, row)?) {
                (Value::Number(left), Value::Number(right)) => Some(match comparison {
                    Comparison::Equal => left == right,
                    Comparison::Less => left < right,
                    Comparison::LessOrEqual => left <= right,
                    Comparison::Greater => left > right,
                    Comparison::GreaterOrEqual => left >= right,
                }),
                other => panic!("{other:?}"),
            }
        }
        Logic::Test(other) => panic!("{other}"),
    }
}

fn by(row: &Row, names: &[Name]) -> Option<Vec<Value>> {
    names.iter().map(|name| row.get(&**name).cloned()).collect()
}

fn number(row: &Row, name: &str) -> Option<i64> {
    match row.get(name)? {
        Value::Number(number) => Some(*number),
        other => panic!("{name} is {other:?}"),
    }
}

fn run(command: &Command, mut rows: Vec<Row>) -> Vec<Row> {
    match command {
        Command::Where(condition) => rows.retain(|row| holds(condition, row) == Some(true)),
        Command::Eval(assignments) => {
            for row in &mut rows {
                for assignment in assignments {
                    match value(&assignment.value, row) {
                        Some(value) => row.insert(assignment.name.to_string(), value),
                        None => row.remove(&*assignment.name),
                    };
                }
            }
        }
        Command::Sort(keys) => {
            let key = |row: &Row, SortKey { field, descending }: &SortKey| {
                number(row, field).map(|number| if *descending { -number } else { number })
            };
            rows.sort_by_key(|row| keys.iter().map(|sort| key(row, sort)).collect::<Vec<_>>());
        }
        Command::LargestBefore { field, name, by: keys } => {
            let mut largest: Vec<(Vec<Value>, i64)> = Vec::new();
            for row in &mut rows {
                let Some(key) = by(row, keys) else { continue };
                let own = number(row, field);
                let seen = largest.iter().position(|(other, _)| *other == key);
                if let Some(at) = seen {
                    row.insert(name.to_string(), Value::Number(largest[at].1));
                }
                match (seen, own) {
                    (Some(at), Some(own)) => largest[at].1 = largest[at].1.max(own),
                    (None, Some(own)) => largest.push((key, own)),
                    (_, None) => {}
                }
            }
        }
        Command::Expand(name) => {
            let expanded = rows.into_iter().flat_map(|row| match row.get(&**name) {
                Some(Value::Numbers(numbers)) => numbers
                    .iter()
                    .map(|one| {
                        row.clone().into_iter().chain([(name.to_string(), Value::Number(*one))]).collect::<Row>()
                    })
                    .collect(),
                _ => vec![row],
            });
            rows = expanded.collect();
        }
        Command::Dedup(names) => {
            let mut seen: Vec<Vec<Value>> = Vec::new();
            rows.retain(|row| {
                by(row, names).is_some_and(|key| {
                    !seen.contains(&key) && {
                        seen.push(key);
                        true
                    }
                })
            });
        }
        Command::Table(_) => panic!("{command}"),
    }
    rows
}

/// The times of first and last events that the query finds.
fn found(query: &Query, steps: usize, events: &[Row]) -> Vec<(i64, i64)> {
    let rows = query.commands.iter().fold(events.to_vec(), |rows, command| run(command, rows));
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

/// Xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
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
