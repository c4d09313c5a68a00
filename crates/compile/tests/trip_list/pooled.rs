//! Every rule of the list over the events of all items: an event that means trouble for one means it for others.

use super::{Case, items, records, resolved, targets};
use rulecast_compile::{NoSquare, square};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Rules longer than this are about length alone.
const LONGEST: usize = 10_000;

#[test]
fn every_rule_closes_on_the_events_of_all_items() {
    let cases: Vec<Case> = items().into_iter().flat_map(|item| item.cases).collect();
    let with_events = cases.iter().filter_map(|case| match case {
        Case::Events { rule, events, .. } => Some((rule, events)),
        Case::Problem { .. } | Case::Refused { .. } | Case::Rules { .. } => None,
    });
    let (rules, events): (Vec<_>, Vec<_>) = with_events.unzip();
    let events: BTreeSet<&String> = events.into_iter().flatten().map(|(event, _)| event).collect();
    let records = records(events.into_iter());
    let mut wrong = String::new();
    let (mut closed, mut assuming) = (0, 0);
    for rule in rules.into_iter().filter(|rule| rule.len() < LONGEST) {
        for target in targets() {
            match square(&resolved(rule).0.rules[0], target, &records) {
                Ok(square) if square.closes() => closed += 1,
                // Some of the events break assumptions: the query must say that it makes one.
                Ok(square) if square.each.iter().any(|(query, _)| !query.fidelity.assumptions.is_empty()) => {
                    assuming += 1;
                }
                Ok(square) => {
                    for answer in square.missed().chain(square.extra()) {
                        let event = records.iter().find(|record| record.id == answer.last);
                        let fields = event.map(|event| &event.fields);
                        writeln!(wrong, "{rule}\n  {target} differs on {fields:?}").expect("memory");
                    }
                }
                Err(NoSquare::Refused(_)) => {}
                Err(other) => writeln!(wrong, "{rule}\n  {target}: {other}").expect("memory"),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(closed > 10 * assuming && assuming > 0, "{closed} close, {assuming} differ under an assumption");
}
