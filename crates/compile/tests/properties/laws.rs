//! P6 and P7: laws of logic, asked of queries alone.

use super::{found, free, predicate, samples, with};
use rulecast_compile::Target;
use rulecast_ir::{Atom, Body, Field, Logic, Predicate, Record, Scalar, Sigma, Step, Subject, Test};
use std::fmt::Debug;

fn not(predicate: Predicate<Sigma>) -> Predicate<Sigma> {
    Logic::Not(Box::new(predicate))
}

/// Every query of a changed rule must find what `expected` says of what the rule's own find.
fn check(
    seed: u64,
    change: impl Fn(&Predicate<Sigma>, &Predicate<Sigma>) -> Predicate<Sigma>,
    holds: impl Fn(&[u64], &[u64]) -> bool,
) {
    for target in free() {
        let samples = samples(target, seed, 120);
        let mut asked = 0;
        for pair in samples.windows(2) {
            let (Some(one), Some(other)) = (predicate(&pair[0].rule), predicate(&pair[1].rule)) else { continue };
            let changed = with(&pair[0].rule, change(one, other));
            // What the other rule assumes of these events does not matter, as long as both queries read the same rows.
            let (Some(before), Some(after)) =
                (found(&pair[0].rule, target, &pair[0].events), found(&changed, target, &pair[0].events))
            else {
                continue;
            };
            asked += 1;
            assert!(holds(&before, &after), "{target}: {before:?} became {after:?}\n{}", pair[0].yaml);
        }
        assert!(asked > 30, "{target}: {asked}");
    }
}

fn same<T: PartialEq + Debug>(one: &[T], other: &[T]) -> bool {
    one == other
}

#[test]
fn p6_a_further_disjunct_loses_nothing() {
    let among = |before: &[u64], after: &[u64]| before.iter().all(|id| after.contains(id));
    // The further test is of a column of its own, so that it changes the type of no other.
    let further = |predicate: &Predicate<Sigma>| {
        predicate.clone().map(&mut |atom: Atom<Sigma>| {
            let subject = match atom.subject {
                Subject::Field(field) => Subject::Field(Field::Sigma(format!("x{}", field.name()).into())),
                Subject::Keyword => Subject::Keyword,
            };
            Logic::Test(Atom { subject, ..atom })
        })
    };
    check(61, |one, other| Logic::any([one.clone(), further(other)]), among);
}

#[test]
fn p6_two_negations_are_none() {
    check(62, |one, _| not(not(one.clone())), same);
}

#[test]
fn p7_the_order_of_operands_changes_nothing() {
    fn reversed(predicate: &Predicate<Sigma>) -> Predicate<Sigma> {
        match predicate {
            Logic::And(parts) => Logic::And(parts.iter().rev().map(reversed).collect()),
            Logic::Or(parts) => Logic::Or(parts.iter().rev().map(reversed).collect()),
            Logic::Not(inner) => not(reversed(inner)),
            other => other.clone(),
        }
    }
    check(71, |one, _| reversed(one), same);
}

#[test]
fn p7_de_morgan_changes_nothing() {
    fn turned(predicate: &Predicate<Sigma>) -> Predicate<Sigma> {
        match predicate {
            Logic::And(parts) => not(Logic::Or(parts.iter().map(|part| not(turned(part))).collect())),
            Logic::Or(parts) => not(Logic::And(parts.iter().map(|part| not(turned(part))).collect())),
            Logic::Not(inner) => not(turned(inner)),
            other => other.clone(),
        }
    }
    check(72, |one, _| turned(one), same);
}

#[test]
fn p7_names_of_fields_change_nothing() {
    let renamed = |name: &str| format!("renamed.{name}_");
    let field = |of: &Field| Field::Sigma(renamed(&of.name()).into());
    for target in free() {
        let mut asked = 0;
        for sample in samples(target, 73, 120) {
            let Some(own) = predicate(&sample.rule) else { continue };
            let other = own.clone().map(&mut |atom: Atom<Sigma>| {
                let subject = match &atom.subject {
                    Subject::Field(of) => Subject::Field(field(of)),
                    Subject::Keyword => Subject::Keyword,
                };
                let test = match atom.test {
                    Test::Field { operator, other, case } => Test::Field { operator, other: field(&other), case },
                    test => test,
                };
                Logic::Test(Atom { subject, test, ..atom })
            });
            let rename = |record: &Record| {
                let fields = record.fields.iter().map(|(name, values)| (renamed(name), values.clone()));
                Record { fields: fields.collect(), ..record.clone() }
            };
            let events: Vec<Record> = sample.events.iter().map(rename).collect();
            let after = found(&with(&sample.rule, other), target, &events);
            assert_eq!(found(&sample.rule, target, &sample.events), after, "{target}\n{}", sample.yaml);
            asked += usize::from(after.is_some());
        }
        assert!(asked > 60, "{target}: {asked}");
    }
}

#[test]
fn p7_events_of_another_key_change_no_sequence() {
    let (mut asked, mut matched) = (0, 0);
    for target in Target::ALL {
        for sample in samples(target, 74, 250) {
            let Body::Sequence(sequence) = &sample.rule.body else { continue };
            // Of events alone, grouped by one field.
            let is_of_key = |step: &Step<Sigma>| matches!((&step.body, &*step.keys), (Body::Event(_), [key]) if key.fields == sequence.steps[0].keys[0].fields);
            if !sequence.steps.iter().chain(sequence.until.as_deref()).all(is_of_key) {
                continue;
            }
            let (Field::Sigma(key) | Field::Target(key)) = &sequence.steps[0].keys[0].fields[0];
            // Each event once more, of a key that no other has.
            let strangers = sample.events.iter().map(|event| {
                let mut event = Record { id: event.id + 1000, time: event.time + 1, ..event.clone() };
                event.fields.insert(key.to_string(), vec![Scalar::Text(format!("stranger {}", event.id))]);
                event
            });
            let together: Vec<Record> = sample.events.iter().cloned().chain(strangers).collect();
            let after = found(&sample.rule, target, &together);
            assert_eq!(found(&sample.rule, target, &sample.events), after, "{target}\n{}", sample.yaml);
            asked += usize::from(after.is_some());
            matched += usize::from(after.is_some_and(|found| !found.is_empty()));
        }
    }
    assert!(asked > 50 && matched > 5, "{asked}, {matched}");
}
