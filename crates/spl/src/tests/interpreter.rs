//! The commands that we emit, interpreted, as far as the random tests use them.

use crate::ast::{Command, Expr, Function, Query, SearchTerm, SearchValue, SortKey, Start, WherePredicate};
use rulecast_ir::{Comparison, Logic, Name, Number, Scalar};
use std::cell::Cell;
use std::collections::BTreeMap;

/// A value of a field: a number, a text, or several numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Number(i64),
    Text(String),
    Numbers(Vec<i64>),
}

pub(super) type Row = BTreeMap<String, Value>;

fn value(expr: &Expr, row: &Row) -> Option<Value> {
    Some(match expr {
        Expr::Field(name) => row.get(&**name)?.clone(),
        Expr::Number(Number::Integer(number)) => Value::Number(*number),
        Expr::Text(text) => Value::Text(text.clone()),
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
        Expr::Call { function: Function::Tonumber, arguments } => match value(&arguments[0], row)? {
            Value::Number(number) => Value::Number(number),
            other => panic!("{other:?}"),
        },
        Expr::Call { function: Function::Mvfind, arguments } => match (value(&arguments[0], row)?, &arguments[1]) {
            (Value::Text(text), Expr::Regex(regex)) if finds(regex, &text) => Value::Number(0),
            (Value::Text(_), Expr::Regex(_)) => return None,
            other => panic!("{other:?}"),
        },
        other => panic!("{other}"),
    })
}

/// A regex of whole texts: `\Aa\z`, `(?i)\A(?:a|b)\z`.
fn finds(regex: &str, text: &str) -> bool {
    let (folded, body) = regex.strip_prefix("(?i)").map_or((false, regex), |body| (true, body));
    let body = body.strip_prefix("\\A").and_then(|body| body.strip_suffix("\\z")).unwrap();
    let body = body.strip_prefix("(?:").and_then(|body| body.strip_suffix(')')).unwrap_or(body);
    assert!(body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'|'), "{regex}");
    body.split('|').any(|one| if folded { one.eq_ignore_ascii_case(text) } else { one == text })
}

/// `search`, of whole texts and numbers. The fields `` `name` `` say which macros hold an event.
fn found(tree: &Logic<SearchTerm>, row: &Row) -> bool {
    let is = |field: &Name, value: &SearchValue| match (row.get(&**field), value) {
        (None, _) => false,
        (Some(Value::Text(text)), SearchValue::Text(value)) => {
            assert!(!value.contains('*'));
            text.eq_ignore_ascii_case(value)
        }
        (Some(Value::Number(number)), SearchValue::Number(Number::Integer(value))) => number == value,
        other => panic!("{other:?}"),
    };
    match tree {
        Logic::True => true,
        Logic::False => false,
        Logic::Not(inner) => !found(inner, row),
        Logic::And(parts) => parts.iter().all(|part| found(part, row)),
        Logic::Or(parts) => parts.iter().any(|part| found(part, row)),
        Logic::Test(SearchTerm::Macro(name)) => row.contains_key(&format!("`{name}`")),
        Logic::Test(SearchTerm::Present(field)) => row.contains_key(&**field),
        Logic::Test(SearchTerm::Compare { field, comparison: Comparison::Equal, value }) => is(field, value),
        Logic::Test(SearchTerm::In { field, values }) => values.iter().any(|value| is(field, value)),
        Logic::Test(other) => panic!("{other}"),
    }
}

/// One result in so many is compared with the evaluator's, which takes longer.
const COMPARED: u32 = 25;

/// The result of a query over these events, on which this interpreter and the evaluator agree.
pub(super) fn result(query: &Query, events: &[Row]) -> Vec<Row> {
    thread_local! {
        // Each test runs in a thread of its own.
        static CALLS: Cell<u32> = const { Cell::new(0) };
    }
    let rows = interpreted(query, events);
    if !CALLS.replace(CALLS.get() + 1).is_multiple_of(COMPARED) {
        return rows;
    }
    let sorted = |rows: &[Row]| {
        let mut rows: Vec<_> = rows.iter().map(|row| format!("{row:?}")).collect();
        rows.sort_unstable();
        rows
    };
    assert_eq!(sorted(&rows), sorted(&evaluated(query, events)), "{query}");
    rows
}

/// The result by the evaluator, of the query as it is printed.
fn evaluated(query: &Query, events: &[Row]) -> Vec<Row> {
    let macros = events.iter().flat_map(Row::keys).filter_map(|field| {
        let name = field.strip_prefix('`')?.strip_suffix('`')?;
        Some((name.to_owned(), Logic::Test(SearchTerm::Present(field.as_str().into()))))
    });
    let scalar = |value: &Value| match value {
        Value::Number(number) => vec![Scalar::Integer(*number)],
        Value::Text(text) => vec![Scalar::Text(text.clone())],
        Value::Numbers(numbers) => numbers.iter().copied().map(Scalar::Integer).collect(),
    };
    let rows = events.iter().zip(0..).map(|(event, id)| rulecast_ir::Row {
        time: number(event, "_time").unwrap_or_default() * 1000,
        columns: event.iter().map(|(name, value)| (name.clone(), scalar(value))).collect(),
        ..super::evaluate::row(id, &[])
    });
    let query = crate::parse(&query.to_string()).unwrap();
    let found = crate::evaluate(&query, &rows.collect::<Vec<_>>(), &macros.collect()).unwrap();
    let value = |values: Vec<Scalar>| match values.as_slice() {
        [Scalar::Text(text)] => Value::Text(text.clone()),
        [Scalar::Integer(number)] => Value::Number(*number),
        _ => Value::Numbers(values.iter().map(|value| value.text().parse().unwrap()).collect()),
    };
    found.into_iter().map(|row| row.columns.into_iter().map(|(name, values)| (name, value(values))).collect()).collect()
}

fn interpreted(query: &Query, events: &[Row]) -> Vec<Row> {
    let search = |search, commands: &[Command]| {
        let rows = events.iter().filter(|row| found(search, row)).cloned().collect();
        commands.iter().fold(rows, |rows, command| run(command, rows))
    };
    let rows = match &query.start {
        Start::Search(terms) => search(terms, &[]),
        Start::Multisearch(all) => {
            let streaming = |command: &Command| matches!(command, Command::Where(_) | Command::Eval(_));
            assert!(all.len() > 1 && all.iter().flat_map(|one| &one.commands).all(streaming), "{query}");
            all.iter().flat_map(|one| search(&one.search, &one.commands)).collect()
        }
        Start::Tstats(_) => panic!("{query}"),
    };
    query.commands.iter().fold(rows, |rows, command| run(command, rows))
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
                (Value::Text(left), Value::Text(right)) if *comparison == Comparison::Equal => Some(left == right),
                other => panic!("{other:?}"),
            }
        }
        Logic::Test(other) => panic!("{other}"),
    }
}

fn by(row: &Row, names: &[Name]) -> Option<Vec<Value>> {
    names.iter().map(|name| row.get(&**name).cloned()).collect()
}

pub(super) fn number(row: &Row, name: &str) -> Option<i64> {
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
        other => panic!("{other}"),
    }
    rows
}

/// Xorshift.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
