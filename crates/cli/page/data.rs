//! Which data a rule needs, derived from what it tests.

use rulecast_ir::{Arm, Body, Event, Rule, Sigma, Step, Subject, Test};
use std::collections::{BTreeMap, BTreeSet};

/// A log source, and the fields that the rule tests in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DataSource {
    pub(crate) name: String,
    /// Separated by commas.
    pub(crate) fields: String,
}

/// By name, each once.
pub(crate) fn sources(rule: &Rule<Sigma>) -> Vec<DataSource> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    body(&rule.body, &mut found);
    found
        .into_iter()
        .map(|(name, fields)| DataSource { name, fields: fields.into_iter().collect::<Vec<_>>().join(", ") })
        .collect()
}

type Found = BTreeMap<String, BTreeSet<String>>;

fn body(body: &Body<Sigma>, found: &mut Found) {
    match body {
        Body::Event(one) => event(one, found),
        Body::Sequence(sequence) => {
            sequence.steps.iter().chain(sequence.until.as_deref()).for_each(|one| step(one, found));
        }
        Body::Correlation(correlation) => correlation.members.iter().for_each(|one| step(one, found)),
    }
}

/// The keys of a step are read from each of its sources.
fn step(step: &Step<Sigma>, found: &mut Found) {
    let mut own = Found::new();
    body(&step.body, &mut own);
    let keys = || step.keys.iter().flat_map(|key| &key.fields).map(|field| field.name().to_string());
    for (source, fields) in own {
        let known = found.entry(source).or_default();
        known.extend(fields);
        known.extend(keys());
    }
}

fn event(event: &Event<Sigma>, found: &mut Found) {
    event.arms.iter().for_each(|one| arm(one, found));
    if let Some(classification) = &event.classification {
        classification.branches.iter().flat_map(|branch| &branch.arms).for_each(|one| arm(one, found));
    }
}

fn arm(arm: &Arm<Sigma>, found: &mut Found) {
    let fields = found.entry(arm.source.to_string()).or_default();
    arm.predicate.for_each(&mut |atom| {
        if let Subject::Field(field) = &atom.subject {
            fields.insert(field.name().to_string());
        }
        if let Test::Field { other: field, .. } = &atom.test {
            fields.insert(field.name().to_string());
        }
    });
}
