//! Why a rule does not fire on an event: what stands in its way.

use super::held::collect;
use rulecast_diagnostics::Span;
use rulecast_ir::eval::satisfies;
use rulecast_ir::{Body, Logic, Predicate, Record, Rule, Sigma};

/// A part of a rule that keeps it from firing on an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Where it stands; of the values of a list, from the first to the last.
    pub span: Span,
    /// How it stands in the way.
    pub why: Why,
}

/// How a part of a rule stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It must hold, and does not.
    Fails,
    /// One of several must hold, and none does.
    NoneHolds,
    /// It must not hold, and does.
    Holds,
}

/// What keeps a rule of single events from firing on an event: nothing, if it fires, if it is of another kind, or if it
/// does not read the event.
pub fn missing(rule: &Rule<Sigma>, record: &Record) -> Vec<Missing> {
    let mut found = Vec::new();
    if let Body::Event(event) = &rule.body
        && !event.arms.iter().any(|arm| record.is_of(&arm.source) && satisfies(&arm.predicate, record))
    {
        for arm in event.arms.iter().filter(|arm| record.is_of(&arm.source)) {
            walk(&arm.predicate, record, &mut found);
        }
    }
    found
}

/// Of a predicate that is false.
fn walk(predicate: &Predicate<Sigma>, record: &Record, found: &mut Vec<Missing>) {
    let mut add = |span, why| {
        let one = Missing { span, why };
        if !found.contains(&one) {
            found.push(one);
        }
    };
    match predicate {
        Logic::True | Logic::False => {}
        Logic::Test(atom) => add(atom.span, Why::Fails),
        Logic::Not(inner) => {
            let mut held = Vec::new();
            collect(inner, record, &mut held);
            held.iter().for_each(|one| add(one.span, Why::Holds));
        }
        Logic::And(parts) => {
            parts.iter().filter(|part| !satisfies(part, record)).for_each(|part| walk(part, record, found));
        }
        Logic::Or(parts) => {
            // The values of a list are told together; alternatives that are more than one test, each by what they lack.
            let tests = parts.iter().filter_map(|part| match part {
                Logic::Test(atom) => Some(atom.span),
                _ => None,
            });
            let tests: Vec<Span> = tests.collect();
            if let [first, rest @ ..] = tests.as_slice() {
                let why = if rest.is_empty() { Why::Fails } else { Why::NoneHolds };
                let same_file = rest.iter().filter(|span| span.file == first.file);
                let all = same_file.fold(*first, |all, span| Span {
                    start: all.start.min(span.start),
                    end: all.end.max(span.end),
                    ..all
                });
                add(all, why);
            }
            let others = parts.iter().filter(|part| !matches!(part, Logic::Test(_)));
            others.for_each(|part| walk(part, record, found));
        }
    }
}
