//! The reference evaluator: what a rule means, over recorded events.
//!
//! This is the definition that every query is held against, so it is written to be read, not to be fast. Two-valued
//! throughout: a missing field makes a test false; any value of a field may satisfy it.

mod chain;
mod correlation;
mod regex;
mod sequence;
mod step;
mod test;
mod time;

use crate::{Arm, Body, Logic, Name, Predicate, Record, Rule, Sigma};

pub use regex::found;
pub use test::{holds, matches};

/// One time that a rule fires.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// The ids of its events: one, or those of a sequence, from the first to the last. Of a correlation, the one that
    /// completes it.
    pub events: Vec<u64>,
    /// The class, where the rule has classes and one holds.
    pub class: Option<Name>,
}

/// Every time that the rule fires on these events, in the order of the completing event.
pub fn evaluate(rule: &Rule<Sigma>, events: &[Record]) -> Vec<Match> {
    let mut events: Vec<&Record> = events.iter().collect();
    events.sort_by_key(|event| (event.time, event.id));
    body(&rule.body, &events)
}

/// `events` are in order of time, then id.
fn body(body: &Body<Sigma>, events: &[&Record]) -> Vec<Match> {
    match body {
        Body::Event(rule) => events.iter().filter_map(|event| single(rule, event)).collect(),
        Body::Sequence(rule) => sequence::matches(rule, events),
        Body::Correlation(rule) => correlation::matches(rule, events),
    }
}

fn single(rule: &crate::Event<Sigma>, event: &Record) -> Option<Match> {
    any(&rule.arms, event).then(|| {
        let class = rule.classification.as_ref().and_then(|classification| {
            let branch = classification.branches.iter().find(|branch| any(&branch.arms, event));
            branch.map(|branch| branch.name.clone()).or_else(|| classification.otherwise.clone())
        });
        Match { events: vec![event.id], class }
    })
}

fn any(arms: &[Arm<Sigma>], event: &Record) -> bool {
    arms.iter().any(|arm| event.is_of(&arm.source) && satisfies(&arm.predicate, event))
}

/// Whether an event satisfies a predicate, whatever its log source.
pub fn satisfies(predicate: &Predicate<Sigma>, event: &Record) -> bool {
    match predicate {
        Logic::True => true,
        Logic::False => false,
        Logic::Test(atom) => holds(atom, event),
        Logic::Not(inner) => !satisfies(inner, event),
        Logic::And(parts) => parts.iter().all(|part| satisfies(part, event)),
        Logic::Or(parts) => parts.iter().any(|part| satisfies(part, event)),
    }
}
