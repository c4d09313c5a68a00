//! Random rules over text, lowered and run on random events: what is emitted must hold of an event exactly if the rule
//! does, and the classes of a rule must share its matches out among them.

use super::build::{P, arm, branch, cased, classified, exists, source, text};
use crate::Eql;
use crate::ast::{Condition, EventQuery, Query, TextOperator};
use crate::regex::lucene;
use rulecast_backend::{Backend, Role};
use rulecast_ir::{Arm, Case, Logic, Mapped, Part, Reads, Subject, Test};
use std::collections::BTreeMap;

type Values = BTreeMap<String, Vec<String>>;

/// A generator of numbers (Knuth's MMIX), the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }

    fn predicate(&mut self, depth: usize) -> P {
        let field = self.of(&["f", "g"]);
        let pattern = self.of(&["a", "A*", "*b", "*", "", "a?", r"a\*", r"a\**", r"*\*b*", "*A*b", "?"]);
        let parts = |dice: &mut Dice| (0..2 + dice.below(3)).map(|_| dice.predicate(depth - 1)).collect::<Vec<_>>();
        match self.below(if depth == 0 { 6 } else { 12 }) {
            0..=2 => text(field, pattern),
            3 | 4 => cased(field, pattern),
            5 => exists(field, self.below(2) == 0),
            6 | 7 => self.predicate(depth - 1).negate(),
            8 | 9 => Logic::all(parts(self)),
            _ => Logic::any(parts(self)),
        }
    }

    fn arms(&mut self) -> Vec<Arm<Mapped>> {
        let arms = 1 + self.below(2);
        let mut one = || {
            let category = [None, Some("x"), Some("y")][self.below(3)].map(Into::into);
            let scope = if self.below(2) == 0 { Logic::True } else { cased("h", "start") };
            arm(&source(Reads::Category(category), scope), self.predicate(2))
        };
        (0..arms).map(|_| one()).collect()
    }

    fn event(&mut self) -> Values {
        let texts = ["", "a", "A", "ab", "a*", "A*b", "b", "xaB", "é"];
        let mut values = Values::new();
        for field in ["f", "g"] {
            let count = [0, 1, 1, 2][self.below(4)];
            values.insert(field.to_owned(), (0..count).map(|_| self.of(&texts).to_owned()).collect());
        }
        values.insert("h".to_owned(), vec![self.of(&["start", "end"]).to_owned()]);
        values.insert("event.category".to_owned(), vec![self.of(&["x", "y", "z"]).to_owned()]);
        values
    }
}

/// Whether the text is the pattern: literals compared so, wildcards as wildcards.
fn matches(parts: &[Part], text: &[char], case: Case) -> bool {
    let equal = |a: char, b: char| a == b || case == Case::Insensitive && a.eq_ignore_ascii_case(&b);
    match parts {
        [] => text.is_empty(),
        [Part::AnyRun, rest @ ..] => (0..=text.len()).any(|skip| matches(rest, &text[skip..], case)),
        [Part::AnyOne, rest @ ..] => !text.is_empty() && matches(rest, &text[1..], case),
        [Part::Literal(literal), rest @ ..] => {
            let literal: Vec<char> = literal.chars().collect();
            text.len() >= literal.len()
                && literal.iter().zip(text).all(|(a, b)| equal(*a, *b))
                && matches(rest, &text[literal.len()..], case)
        }
        [Part::Placeholder(_), ..] => panic!("none is made"),
    }
}

fn any_value(values: &Values, field: &str, holds: impl Fn(&[char]) -> bool) -> bool {
    values.get(field).is_some_and(|all| all.iter().any(|value| holds(&value.chars().collect::<Vec<_>>())))
}

fn holds<L>(tree: &Logic<L>, leaf: &impl Fn(&L) -> bool) -> bool {
    match tree {
        Logic::True => true,
        Logic::False => false,
        Logic::Test(test) => leaf(test),
        Logic::Not(inner) => !holds(inner, leaf),
        Logic::And(parts) => parts.iter().all(|part| holds(part, leaf)),
        Logic::Or(parts) => parts.iter().any(|part| holds(part, leaf)),
    }
}

/// What the rule means.
fn meant(arms: &[Arm<Mapped>], event: &Values) -> bool {
    let predicate = |predicate: &P| {
        holds(predicate, &|atom| {
            let Subject::Field(column) = &atom.subject else { panic!("no keywords are made") };
            match &atom.test {
                Test::Text { pattern, case } => {
                    any_value(event, column.name(), |value| matches(pattern.parts(), value, *case))
                }
                Test::Exists(exists) => *exists == any_value(event, column.name(), |_| true),
                _ => panic!("no other tests are made"),
            }
        })
    };
    arms.iter().any(|arm| {
        let category = match &arm.source.reads {
            Reads::Category(Some(name)) => event["event.category"].contains(&name.to_string()),
            _ => true,
        };
        category && predicate(&arm.source.scope) && predicate(&arm.predicate)
    })
}

/// What the query means.
fn found(query: &EventQuery, event: &Values) -> bool {
    let category = query.category.as_ref();
    let wildcards = |value: &str| -> Vec<Part> {
        let part = |c: char| match c {
            '*' => Part::AnyRun,
            '?' => Part::AnyOne,
            c => Part::Literal(c.to_string()),
        };
        value.chars().map(part).collect()
    };
    category.is_none_or(|name| event["event.category"].contains(&name.to_string()))
        && holds(&query.condition, &|condition| match condition {
            Condition::Text { field, operator, values } => values.iter().any(|value| {
                any_value(event, field, |text| match operator {
                    TextOperator::Matches => matches(&wildcards(value), text, Case::Insensitive),
                    TextOperator::Like => matches(&wildcards(value), text, Case::Sensitive),
                    TextOperator::In => matches(&[Part::Literal(value.clone())], text, Case::Sensitive),
                    TextOperator::InCaseless => matches(&[Part::Literal(value.clone())], text, Case::Insensitive),
                    TextOperator::Regex | TextOperator::RegexCaseless => {
                        let regex = lucene::parse(value, *operator == TextOperator::RegexCaseless);
                        regex.expect("a regex").matches(&text.iter().collect::<String>())
                    }
                })
            }),
            Condition::StartsWith { field, prefix, case } => {
                any_value(event, field, |text| matches(&[Part::Literal(prefix.clone()), Part::AnyRun], text, *case))
            }
            Condition::Exists { field, exists } => *exists == any_value(event, field, |_| true),
            _ => panic!("no other conditions are made"),
        })
}

#[test]
fn queries_hold_where_their_rules_do() {
    let mut dice = Dice(1);
    let (mut hits, mut all) = (0, 0);
    for _ in 0..400 {
        let arms = dice.arms();
        let branches: Vec<_> = (0..3).map(|i| branch(&i.to_string(), dice.arms(), None)).collect();
        let rule = classified(arms.clone(), branches.clone(), Some("rest"));
        let emitted = Eql.lower(&rule).expect("nothing here is beyond EQL");
        let queries: Vec<_> = emitted
            .iter()
            .map(|emitted| match (&emitted.role, &emitted.query) {
                (Role::Rule, Query::Event(query)) => ("rule", query),
                (Role::Branch { name, .. }, Query::Event(query)) => (name.as_ref(), query),
                (_, _) => panic!("no sequence is made"),
            })
            .collect();
        for _ in 0..40 {
            let event = dice.event();
            let rule = meant(&arms, &event);
            let class = branches.iter().find(|branch| meant(&branch.arms, &event));
            let class = class.map_or("rest", |branch| branch.name.as_ref());
            for (name, query) in &queries {
                let expected = rule && (*name == "rule" || *name == class);
                let query_text = Query::Event((*query).clone());
                assert_eq!(found(query, &event), expected, "{name}: {query_text}\n{event:?}");
            }
            hits += usize::from(rule);
            all += 1;
        }
    }
    let share = 100 * hits / all;
    assert!((20..=80).contains(&share), "{share} % of the events match");
}
