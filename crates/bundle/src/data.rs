//! Which data a rule needs, derived from what it tests.

use rulecast_ir::{Arm, Body, Event, LogSource, Name, Rule, Sigma, Step, Subject, Test};
use std::collections::{BTreeMap, BTreeSet};

/// A log source, and the fields that the rule tests in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSource {
    /// As `windows/process_creation`: product, category and service, as far as given.
    pub log_source: String,
    /// `windows`.
    pub product: Option<String>,
    /// `process_creation`.
    pub category: Option<String>,
    /// `sysmon`.
    pub service: Option<String>,
    /// By their Sigma names, in order.
    pub fields: BTreeSet<String>,
}

/// By name, each once.
pub fn data_sources(rule: &Rule<Sigma>) -> Vec<DataSource> {
    let mut found = Found::new();
    body(&rule.body, &mut found);
    found.into_values().collect()
}

/// By name.
type Found = BTreeMap<String, DataSource>;

fn entry<'f>(found: &'f mut Found, source: &LogSource) -> &'f mut DataSource {
    let log_source = source.to_string();
    found.entry(log_source.clone()).or_insert_with(|| {
        let text = |name: &Option<Name>| name.as_ref().map(ToString::to_string);
        let (product, category, service) = (text(&source.product), text(&source.category), text(&source.service));
        DataSource { log_source, product, category, service, fields: BTreeSet::new() }
    })
}

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
    for (name, source) in own {
        let fields = source.fields.clone();
        let known = found.entry(name).or_insert(source);
        known.fields.extend(fields);
        known.fields.extend(keys());
    }
}

fn event(event: &Event<Sigma>, found: &mut Found) {
    event.arms.iter().for_each(|one| arm(one, found));
    if let Some(classification) = &event.classification {
        classification.branches.iter().flat_map(|branch| &branch.arms).for_each(|one| arm(one, found));
    }
}

fn arm(arm: &Arm<Sigma>, found: &mut Found) {
    let fields = &mut entry(found, &arm.source).fields;
    arm.predicate.for_each(&mut |atom| {
        if let Subject::Field(field) = &atom.subject {
            fields.insert(field.name().to_string());
        }
        if let Test::Field { other: field, .. } = &atom.test {
            fields.insert(field.name().to_string());
        }
    });
}
