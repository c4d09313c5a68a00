//! Which test of a rule makes a query and its rule part.

use super::for_each_arm;
use crate::{Target, square};
use rulecast_diagnostics::Span;
use rulecast_ir::{Arm, Body, Event, Logic, Record, Rule, Sigma};

/// A test that means one thing in the rule and another in its query, of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// The event's id.
    pub event: u64,
    /// Where the rule asks.
    pub span: Span,
    /// Whether the test holds of the event by the rule; by the query it is the other way round.
    pub holds: bool,
    /// The query of the test alone.
    pub query: String,
}

/// Every test of the rule that, taken alone, parts from its query on one of these events. None where the tests agree and
/// only their composition does not.
pub fn partings(rule: &Rule<Sigma>, target: Target, events: &[&Record]) -> Vec<Parting> {
    let mut partings: Vec<Parting> = Vec::new();
    for_each_arm(&rule.body, &mut |arm| {
        arm.predicate.for_each(&mut |atom| {
            let lone = Arm { source: arm.source.clone(), predicate: Logic::Test(atom.clone()) };
            let body = Body::Event(Event { arms: vec![lone], classification: None });
            let alone = Rule { metadata: rule.metadata.clone(), body, output: None, span: rule.span };
            for event in events.iter().filter(|event| event.is_of(&arm.source)) {
                if partings.iter().any(|known| known.event == event.id && known.span == atom.span) {
                    continue;
                }
                if let Ok(answers) = square(&alone, target, std::slice::from_ref(event))
                    && !answers.closes()
                {
                    let query = answers.each.first().map_or_else(String::new, |(query, _)| query.text.clone());
                    let holds = !answers.rule.is_empty();
                    partings.push(Parting { event: event.id, span: atom.span, holds, query });
                }
            }
        });
    });
    partings
}
