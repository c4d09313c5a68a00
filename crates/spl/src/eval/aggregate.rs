//! `stats` and `streamstats`.
//!
//! Sources: Search Reference, `stats`, `streamstats` and "Aggregate functions": `count(x)` counts values; `max` and `min`
//! take values for numbers if all are, else for texts; `sum` and `avg` are of numbers; `list` gives at most 100 values;
//! with `global=f` a window is of the rows with the same keys; `current=f` leaves the row itself out.
//!
//! Unchecked: `by` discards rows that lack a key, in `streamstats` too. The default limit of `streamstats` to 10,000
//! rows is not applied.

use super::event::Event;
use super::expression::Scope;
use super::pcre::Patterns;
use super::{EvalError, text};
use crate::ast::{Aggregate, AggregateFunction, Expr, Streamstats};
use rulecast_ir::{Name, Scalar};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How many values `list` gives.
const LISTED: usize = 100;

/// What is known of the values of some rows.
#[derive(Clone, Debug, Default)]
struct Accumulator {
    rows: i64,
    count: i64,
    numbers: i64,
    sum: f64,
    largest_number: Option<f64>,
    smallest_number: Option<f64>,
    largest_text: Option<String>,
    smallest_text: Option<String>,
    first: Option<Scalar>,
    last: Option<Scalar>,
    list: Vec<Scalar>,
    distinct: BTreeSet<String>,
}

impl Accumulator {
    fn add(&mut self, function: AggregateFunction, values: &[Scalar]) {
        self.rows += 1;
        for value in values {
            self.count += 1;
            let keep = |slot: &mut Option<f64>, better: fn(f64, f64) -> f64, number: f64| {
                *slot = Some(slot.map_or(number, |old| better(old, number)));
            };
            if let Some(number) = value.number() {
                self.numbers += 1;
                self.sum += number;
                keep(&mut self.largest_number, f64::max, number);
                keep(&mut self.smallest_number, f64::min, number);
            }
            match function {
                AggregateFunction::Max | AggregateFunction::Min => {
                    let text = text(value);
                    if self.largest_text.as_deref().is_none_or(|old| *old < *text) {
                        self.largest_text = Some(text.clone().into_owned());
                    }
                    if self.smallest_text.as_deref().is_none_or(|old| *old > *text) {
                        self.smallest_text = Some(text.into_owned());
                    }
                }
                AggregateFunction::First if self.first.is_none() => self.first = Some(value.clone()),
                AggregateFunction::Last => self.last = Some(value.clone()),
                AggregateFunction::List if self.list.len() < LISTED => self.list.push(value.clone()),
                AggregateFunction::Values | AggregateFunction::DistinctCount => {
                    self.distinct.insert(text(value).into_owned());
                }
                _ => {}
            }
        }
    }

    fn result(&self, aggregate: &Aggregate) -> Vec<Scalar> {
        let number = |number: f64| super::expression::Value::number(number).scalars.into_owned();
        let extreme = |best: Option<f64>, text: &Option<String>| match best.filter(|_| self.numbers == self.count) {
            Some(best) => number(best),
            None => text.iter().cloned().map(Scalar::Text).collect(),
        };
        match aggregate.function {
            AggregateFunction::Count if aggregate.argument.is_none() => vec![Scalar::Integer(self.rows)],
            AggregateFunction::Count => vec![Scalar::Integer(self.count)],
            AggregateFunction::DistinctCount => {
                vec![Scalar::Integer(i64::try_from(self.distinct.len()).unwrap_or(i64::MAX))]
            }
            AggregateFunction::Sum | AggregateFunction::Avg if self.numbers == 0 => Vec::new(),
            AggregateFunction::Sum => number(self.sum),
            #[expect(clippy::cast_precision_loss, reason = "there are not so many values")]
            AggregateFunction::Avg => number(self.sum / self.numbers as f64),
            AggregateFunction::Max => extreme(self.largest_number, &self.largest_text),
            AggregateFunction::Min => extreme(self.smallest_number, &self.smallest_text),
            AggregateFunction::First => self.first.iter().cloned().collect(),
            AggregateFunction::Last => self.last.iter().cloned().collect(),
            AggregateFunction::List => self.list.clone(),
            AggregateFunction::Values => self.distinct.iter().cloned().map(Scalar::Text).collect(),
        }
    }
}

/// The keys of a row, and the values that it brought to each aggregate.
type Brought = (Vec<String>, Vec<Vec<Scalar>>);

/// What the result of an aggregate is called.
fn name_of(aggregate: &Aggregate) -> String {
    match &aggregate.name {
        Some(name) => name.to_string(),
        None => match &aggregate.argument {
            None => aggregate.function.name().to_owned(),
            Some(Expr::Field(field)) => format!("{}({field})", aggregate.function.name()),
            Some(value) => format!("{}(eval({value}))", aggregate.function.name()),
        },
    }
}

/// The values that a row brings to each aggregate.
fn brought(event: &Event, aggregates: &[Aggregate], patterns: &Patterns) -> Result<Vec<Vec<Scalar>>, EvalError> {
    let value = |aggregate: &Aggregate| match &aggregate.argument {
        None => Ok(Vec::new()),
        Some(argument) => Ok(Scope { event, patterns }.value(argument)?.scalars.into_owned()),
    };
    aggregates.iter().map(value).collect()
}

/// The keys of a row; `None` if it lacks one.
fn key(event: &Event, by: &[Name]) -> Result<Option<Vec<String>>, EvalError> {
    let mut keys = Vec::with_capacity(by.len());
    for field in by {
        match event.values(field) {
            [] => return Ok(None),
            [value] => keys.push(text(value).into_owned()),
            _ => return Err(EvalError::SeveralValues("by".into())),
        }
    }
    Ok(Some(keys))
}

pub(super) fn stats(
    events: &[Event],
    aggregates: &[Aggregate],
    by: &[Name],
    patterns: &Patterns,
) -> Result<Vec<Event>, EvalError> {
    let empty = || (BTreeSet::new(), vec![Accumulator::default(); aggregates.len()]);
    let mut groups: BTreeMap<Vec<String>, (BTreeSet<u64>, Vec<Accumulator>)> = BTreeMap::new();
    if by.is_empty() {
        groups.insert(Vec::new(), empty());
    }
    for event in events {
        let Some(key) = key(event, by)? else { continue };
        let (ids, accumulators) = groups.entry(key).or_insert_with(empty);
        ids.extend(&event.ids);
        for ((accumulator, aggregate), values) in
            accumulators.iter_mut().zip(aggregates).zip(brought(event, aggregates, patterns)?)
        {
            accumulator.add(aggregate.function, &values);
        }
    }
    let rows = groups.into_iter().map(|(key, (ids, accumulators))| {
        let mut row = Event { ids: ids.into_iter().collect(), ..Event::default() };
        for (field, value) in by.iter().zip(key) {
            row.set(field, vec![Scalar::Text(value)]);
        }
        for (accumulator, aggregate) in accumulators.iter().zip(aggregates) {
            row.set(&name_of(aggregate), accumulator.result(aggregate));
        }
        row
    });
    Ok(rows.collect())
}

pub(super) fn streamstats(
    events: Vec<Event>,
    command: &Streamstats,
    patterns: &Patterns,
) -> Result<Vec<Event>, EvalError> {
    let Streamstats { current, window, global, aggregates, by } = command;
    let window = usize::try_from(window.unwrap_or(0)).unwrap_or(usize::MAX);
    let names: Vec<String> = aggregates.iter().map(name_of).collect();
    let mut running: BTreeMap<Vec<String>, Vec<Accumulator>> = BTreeMap::new();
    // The latest rows, all together or by their keys.
    let mut latest: BTreeMap<Vec<String>, VecDeque<Brought>> = BTreeMap::new();
    let mut out = Vec::with_capacity(events.len());
    for mut event in events {
        let Some(key) = key(&event, by)? else { continue };
        let values = brought(&event, aggregates, patterns)?;
        let results: Vec<Vec<Scalar>> = if window == 0 {
            let accumulators = running.entry(key).or_insert_with(|| vec![Accumulator::default(); aggregates.len()]);
            let mut results = Vec::new();
            if !current {
                results = finished(accumulators, aggregates);
            }
            for ((accumulator, aggregate), values) in accumulators.iter_mut().zip(aggregates).zip(&values) {
                accumulator.add(aggregate.function, values);
            }
            if *current { finished(accumulators, aggregates) } else { results }
        } else {
            let rows = latest.entry(if *global { Vec::new() } else { key.clone() }).or_default();
            if *current {
                rows.push_back((key.clone(), values.clone()));
            }
            while rows.len() > window {
                rows.pop_front();
            }
            let mut accumulators = vec![Accumulator::default(); aggregates.len()];
            for (_, row) in rows.iter().filter(|(other, _)| *other == key) {
                for ((accumulator, aggregate), values) in accumulators.iter_mut().zip(aggregates).zip(row) {
                    accumulator.add(aggregate.function, values);
                }
            }
            if !current {
                rows.push_back((key, values));
            }
            finished(&accumulators, aggregates)
        };
        for (name, values) in names.iter().zip(results) {
            event.set(name, values);
        }
        out.push(event);
    }
    Ok(out)
}

fn finished(accumulators: &[Accumulator], aggregates: &[Aggregate]) -> Vec<Vec<Scalar>> {
    accumulators.iter().zip(aggregates).map(|(accumulator, aggregate)| accumulator.result(aggregate)).collect()
}
