//! P10: a query that leaves out tests finds no more than its rule (under) or no less (over), as its verdict says.
//!
//! Of a rule with a query, some tests are turned into tests of fields that no data model has, and the events have those
//! fields too.

use super::{predicate, samples, with};
use rulecast_compile::{Allow, NoSquare, Target, square_allowing};
use rulecast_ir::{Atom, Body, Field, Logic, Predicate, Record, Sigma, Subject, Verdict};

const ALLOWED: [Allow; 4] = [
    Allow { over: false, under: false },
    Allow { over: true, under: false },
    Allow { over: false, under: true },
    Allow { over: true, under: true },
];

fn strange(name: &str) -> String {
    format!("strange{name}")
}

/// The predicate in which some tests, by a number, are of strange fields.
fn estranged(predicate: &Predicate<Sigma>, seed: usize) -> Predicate<Sigma> {
    let mut count = seed;
    predicate.map_ref(&mut |atom: &Atom<Sigma>| {
        count = count.wrapping_mul(31).wrapping_add(7);
        let subject = match &atom.subject {
            Subject::Field(field) if count % 5 < 2 => Subject::Field(Field::Sigma(strange(&field.name()).into())),
            other => other.clone(),
        };
        Logic::Test(Atom { subject, ..atom.clone() })
    })
}

#[test]
fn p10_a_query_that_leaves_tests_out_is_as_its_verdict_says() {
    let (mut over, mut under, mut both, mut refused, mut apart) = (0, 0, 0, 0, 0);
    for target in Target::ALL.into_iter().filter(|target| target.model != "none") {
        for (number, sample) in samples(target, 101, 60).iter().enumerate() {
            let Some(own) = predicate(&sample.rule) else { continue };
            let events: Vec<Record> = sample.events.iter().map(with_strangers).collect();
            let rule = with(&sample.rule, estranged(own, number));
            let Body::Event(_) = &rule.body else { unreachable!("the rule has a predicate") };
            for allow in ALLOWED {
                let square = match square_allowing(&rule, target, allow, &events) {
                    Ok(square) => square,
                    Err(NoSquare::Refused(refusals)) => {
                        assert!(!refusals.is_empty(), "{target}: {}", sample.yaml);
                        refused += 1;
                        continue;
                    }
                    Err(NoSquare::Evaluate { .. }) => continue,
                    Err(other) => panic!("{target}: {other}"),
                };
                let fidelity = square.each.iter().map(|(query, _)| &query.fidelity);
                let verdict = fidelity.clone().fold(Verdict::Exact, |all, one| all.join(one.verdict));
                assert!(allow.allows(verdict), "{target}: {verdict:?}\n{}", sample.yaml);
                let (missed, extra) = (square.missed().count(), square.extra().count());
                let text = &square.each[0].0.text;
                let told =
                    format!("{target}, {verdict:?}: {missed} missed, {extra} extra\n{:?}\n{text}", predicate(&rule));
                match verdict {
                    Verdict::Exact => assert!(missed + extra == 0, "{told}"),
                    Verdict::Over => assert!(missed == 0, "{told}"),
                    Verdict::Under => assert!(extra == 0, "{told}"),
                    Verdict::Both => {}
                }
                if verdict != Verdict::Exact {
                    assert!(fidelity.clone().any(|one| !one.left_out.is_empty()), "{told}");
                    apart += usize::from(missed + extra > 0);
                }
                match verdict {
                    Verdict::Exact => {}
                    Verdict::Over => over += 1,
                    Verdict::Under => under += 1,
                    Verdict::Both => both += 1,
                }
            }
        }
    }
    assert!(over > 20 && under > 20 && both > 2, "{over}, {under}, {both}");
    assert!(refused > 20 && apart > 15, "{refused}, {apart}");
}

/// The event with each of its fields once more under a strange name.
fn with_strangers(record: &Record) -> Record {
    let mut record = record.clone();
    let strangers: Vec<_> = record.fields.iter().map(|(name, values)| (strange(name), values.clone())).collect();
    record.fields.extend(strangers);
    record
}
