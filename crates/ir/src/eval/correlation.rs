//! Correlations: asked at each event of a member, over the window that ends with it.
//!
//! `docs/decisions/0008-when-a-correlation-fires.md` is the definition in words.

use super::step::{Keys, completions, milliseconds};
use super::{Match, chain};
use crate::{Correlation, Field, Logic, Record, Scalar, Sigma};
use rulecast_rule::ast::CorrelationKind;
use std::collections::{BTreeMap, BTreeSet};

/// An event of a group, and the members that it completes there.
pub(super) struct Hit<'a> {
    pub(super) event: &'a Record,
    pub(super) members: BTreeSet<usize>,
}

pub(super) fn matches(rule: &Correlation<Sigma>, events: &[&Record]) -> Vec<Match> {
    let span = milliseconds(rule.timespan);
    let mut fired = BTreeSet::new();
    for group in groups(rule, events).values() {
        for at in group.keys() {
            let since = events[*at].time.saturating_sub(span);
            let until_now = group.range(..=at).rev().map(|(_, hit)| hit);
            let mut window: Vec<&Hit<'_>> = until_now.take_while(|hit| hit.event.time >= since).collect();
            window.reverse();
            if fires(rule, &window) {
                fired.insert(*at);
            }
        }
    }
    fired.into_iter().map(|at| Match { events: vec![events[at].id], class: None }).collect()
}

/// The events of each key, in order, by their place in the stream.
fn groups<'e>(rule: &Correlation<Sigma>, events: &[&'e Record]) -> BTreeMap<Keys, BTreeMap<usize, Hit<'e>>> {
    let mut groups: BTreeMap<Keys, BTreeMap<usize, Hit<'e>>> = BTreeMap::new();
    for (index, member) in rule.members.iter().enumerate() {
        for (at, keys) in completions(member, events) {
            let hit = Hit { event: events[at], members: BTreeSet::new() };
            groups.entry(keys).or_default().entry(at).or_insert(hit).members.insert(index);
        }
    }
    groups
}

/// Whether the correlation fires at the last event of a window.
fn fires(rule: &Correlation<Sigma>, window: &[&Hit<'_>]) -> bool {
    let ordered = rule.measure.kind == CorrelationKind::TemporalOrdered;
    match &rule.condition {
        Some(condition) if ordered => chain::satisfies(condition, window),
        Some(condition) => holds(condition, &present(window)),
        None => measure(rule, window)
            .is_some_and(|measure| rule.thresholds.iter().all(|threshold| threshold.holds(measure))),
    }
}

fn holds(condition: &Logic<usize>, present: &BTreeSet<usize>) -> bool {
    match condition {
        Logic::True => true,
        Logic::False => false,
        Logic::Test(member) => present.contains(member),
        Logic::Not(inner) => !holds(inner, present),
        Logic::And(parts) => parts.iter().all(|part| holds(part, present)),
        Logic::Or(parts) => parts.iter().any(|part| holds(part, present)),
    }
}

/// The members that have an event in a window.
pub(super) fn present(window: &[&Hit<'_>]) -> BTreeSet<usize> {
    window.iter().flat_map(|hit| hit.members.iter().copied()).collect()
}

/// What is measured over a window; `None` where it has no number to measure.
fn measure(rule: &Correlation<Sigma>, window: &[&Hit<'_>]) -> Option<f64> {
    match rule.measure.kind {
        CorrelationKind::EventCount => Some(count(window.len())),
        CorrelationKind::ValueCount => {
            let values: BTreeSet<_> =
                window.iter().flat_map(|hit| combinations(fields(rule, hit), hit.event)).collect();
            Some(count(values.len()))
        }
        CorrelationKind::Temporal => Some(count(present(window).len())),
        CorrelationKind::TemporalOrdered => Some(count(chain::longest(window))),
        CorrelationKind::ValueSum => {
            let numbers = numbers(rule, window);
            (!numbers.is_empty()).then(|| numbers.iter().sum())
        }
        CorrelationKind::ValueAvg => {
            let numbers = numbers(rule, window);
            (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / count(numbers.len()))
        }
        CorrelationKind::ValuePercentile => percentile(numbers(rule, window), rule.measure.percentile?),
        CorrelationKind::ValueMedian => percentile(numbers(rule, window), 50.0),
    }
}

#[expect(clippy::cast_precision_loss, reason = "no stream has 2^52 events")]
fn count(length: usize) -> f64 {
    length as f64
}

/// The measured fields. Those of all members are the same, as the rule names them once.
fn fields<'r>(rule: &'r Correlation<Sigma>, hit: &Hit<'_>) -> &'r [Field] {
    hit.members.first().and_then(|member| rule.measure.fields.get(*member)).map_or(&[], Vec::as_slice)
}

/// Every combination of one value of each field; none where a field has none.
fn combinations(fields: &[Field], event: &Record) -> Vec<Vec<String>> {
    fields.iter().fold(vec![Vec::new()], |before, field| {
        let values = event.values(&field.name());
        let with = |before: &Vec<String>, value: &Scalar| before.iter().cloned().chain([value.text()]).collect();
        before.iter().flat_map(|before| values.iter().map(move |value| with(before, value))).collect()
    })
}

fn numbers(rule: &Correlation<Sigma>, window: &[&Hit<'_>]) -> Vec<f64> {
    let values = window.iter().flat_map(|hit| {
        fields(rule, hit).iter().flat_map(|field| hit.event.values(&field.name()).iter().filter_map(Scalar::number))
    });
    values.collect()
}

/// The nearest rank.
fn percentile(mut numbers: Vec<f64>, percentile: f64) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let rank = (percentile * count(numbers.len()) / 100.0).ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the number of numbers")]
    let index = (rank as usize).saturating_sub(1);
    numbers.get(index).copied()
}

#[cfg(test)]
mod tests;
