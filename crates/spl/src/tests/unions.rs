//! Unions and classes over macros, run on random events: the emitted queries, interpreted, against the rule.

use super::build::{Tree, and, arm, classified, exists, is, is_cased, not, number, or, rule, source};
use super::interpreter::{Random, Row, Value, number as number_of, result};
use crate::{Spl, ast::Start};
use rulecast_backend::{Backend, Emitted};
use rulecast_ir::{Arm, Atom, Case, Logic, Mapped, Reads, Source, Subject, Test, Verdict};
use std::sync::Arc;

/// A condition over the text fields `f` and `g`.
fn tree(random: &mut Random, depth: u64) -> Tree {
    let field = ["f", "g"][usize::try_from(random.below(2)).unwrap()];
    let text = ["a", "b", "A"][usize::try_from(random.below(3)).unwrap()];
    match random.below(if depth == 0 { 4 } else { 8 }) {
        0 | 1 => is(field, text),
        2 => is_cased(field, text),
        3 => exists(field, true),
        4 => not(tree(random, depth - 1)),
        5 => or([tree(random, depth - 1), tree(random, depth - 1)]),
        _ => and([tree(random, depth - 1), tree(random, depth - 1)]),
    }
}

fn holds(tree: &Tree, row: &Row) -> bool {
    match tree {
        Logic::True => true,
        Logic::False => false,
        Logic::Not(inner) => !holds(inner, row),
        Logic::And(parts) => parts.iter().all(|part| holds(part, row)),
        Logic::Or(parts) => parts.iter().any(|part| holds(part, row)),
        Logic::Test(Atom { subject: Subject::Field(column), test, .. }) => match (test, row.get(column.name())) {
            (_, None) => false,
            (Test::Exists(true), Some(_)) => true,
            (Test::Number { number, .. }, Some(Value::Number(value))) => number.to_string() == value.to_string(),
            (Test::Text { pattern, case }, Some(Value::Text(value))) => match case {
                Case::Sensitive => pattern.as_literal().unwrap() == value,
                Case::Insensitive => pattern.as_literal().unwrap().eq_ignore_ascii_case(value),
            },
            other => panic!("{other:?}"),
        },
        Logic::Test(other) => panic!("{other:?}"),
    }
}

fn matches(arms: &[Arm<Mapped>], row: &Row) -> bool {
    arms.iter().any(|arm| {
        let Reads::Macro(name) = &arm.source.reads else { panic!() };
        row.contains_key(&format!("`{name}`")) && holds(&arm.source.scope, row) && holds(&arm.predicate, row)
    })
}

/// The sources: two scopes of one macro that share no events, one of another, and one of a third without a scope.
fn sources() -> [Arc<Source>; 5] {
    let of = |name: &str, scope| source(Reads::Macro(name.into()), scope);
    [
        of("one", number("id", 1)),
        of("one", number("id", 2)),
        of("two", number("id", 1)),
        of("two", exists("f", true)),
        of("three", Logic::True),
    ]
}

fn event(random: &mut Random, time: i64) -> Row {
    let mut row = Row::from([("_time".to_owned(), Value::Number(time))]);
    for field in ["f", "g"] {
        if let Some(text) = [None, Some("a"), Some("b"), Some("A")][usize::try_from(random.below(4)).unwrap()] {
            row.insert(field.to_owned(), Value::Text(text.to_owned()));
        }
    }
    row.insert("id".to_owned(), Value::Number(i64::try_from(random.below(3)).unwrap()));
    let first = random.below(3);
    for (i, name) in (0..).zip(["`one`", "`two`", "`three`"]) {
        if i == first || random.below(6) == 0 {
            row.insert(name.to_owned(), Value::Text(String::new()));
        }
    }
    row
}

#[test]
fn a_union_finds_each_event_with_its_class() {
    let mut random = Random(0x94d0_49bb_1331_11eb);
    let (mut found, mut several, mut seen) = (0, 0, [0; 4]);
    for _ in 0..2000 {
        let sources: Vec<_> = sources().into_iter().filter(|_| random.below(2) == 0).collect();
        let arms: Vec<_> = sources.iter().map(|source| arm(source, tree(&mut random, 2))).collect();
        if arms.is_empty() {
            continue;
        }
        let mut branches: Vec<(&str, Vec<Arm<Mapped>>)> = Vec::new();
        for name in ["A", "B", "C"].into_iter().take(usize::try_from(random.below(4)).unwrap()) {
            let mut narrower: Vec<_> = arms.iter().filter(|_| random.below(3) > 0).cloned().collect();
            for arm in &mut narrower {
                if random.below(3) > 0 {
                    arm.predicate = and([arm.predicate.clone(), tree(&mut random, 1)]);
                }
            }
            if !narrower.is_empty() {
                branches.push((name, narrower));
            }
        }
        let otherwise = (random.below(2) == 0).then_some("D");
        let body = if branches.is_empty() {
            super::build::union(arms.clone())
        } else {
            classified(arms.clone(), branches.clone(), otherwise)
        };
        let Emitted { query, fidelity, .. } = Spl.lower(&rule(body)).unwrap().remove(0);
        assert_eq!(fidelity.verdict, Verdict::Exact);
        several += usize::from(matches!(query.start, Start::Multisearch(_)));
        let events: Vec<Row> = (0..40).map(|time| event(&mut random, time)).collect();
        let rows = result(&query, &events);
        for event in &events {
            let time = number_of(event, "_time");
            let mine: Vec<&Row> = rows.iter().filter(|row| number_of(row, "_time") == time).collect();
            assert_eq!(!mine.is_empty(), matches(&arms, event), "{query}\n{event:?}");
            let Some(first) = mine.first() else { continue };
            found += 1;
            let class = branches.iter().find(|(_, arms)| matches(arms, event)).map(|(name, _)| *name);
            let class = class.or(otherwise.filter(|_| !branches.is_empty()));
            let class = class.map(|name| Value::Text(name.to_owned()));
            if let Some(Value::Text(name)) = &class {
                seen[usize::from(name.as_bytes()[0] - b'A')] += 1;
            }
            if event.keys().filter(|name| name.starts_with('`')).count() == 1 {
                assert_eq!(mine.len(), 1, "{query}\n{event:?}");
                assert_eq!(first.get("class").cloned(), class, "{query}\n{event:?}");
            } else {
                // It stands there once for each macro, each time with its class there.
                assert!(mine.iter().any(|row| row.get("class").cloned() == class), "{query}\n{event:?}");
            }
        }
    }
    assert!(found > 10_000 && several > 500 && seen.iter().all(|class| *class > 500), "{found} {several} {seen:?}");
}
