//! `stats` and `streamstats`.
//!
//! Sources: Search Reference, `stats`, `streamstats` and "Aggregate functions": `count(x)` counts values; `max` and `min`
//! take values for numbers if all are, else for texts; `sum` and `avg` are of numbers; `list` gives at most 100 values;
//! with `global=f` a window is of the rows with the same keys; `current=f` leaves the row itself out; `time_window` needs
//! rows in the order of `_time`, in either direction, and counts at most 10,000 of them.
//!
//! `stats` discards rows that lack a key. What `streamstats` does with them no page says, and reports differ: it is an
//! error. So is a row that is exactly as old as a `time_window`; by one report of measurements it does not count.
//!
//! Unchecked: without a window all rows so far count, however many (the page on `streamstats` can be read to mean 10,000
//! at most, but gives all rows as the meaning of `window=0`). A `time_window` is of the rows of the same keys.

use super::event::Event;
use super::expression::Scope;
use super::pcre::Patterns;
use super::{EvalError, text};
use crate::ast::{Aggregate, AggregateFunction, Streamstats};
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

/// The time of a row, and the values that it brought to each aggregate.
type Timed = (f64, Vec<Vec<Scalar>>);

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
            row.set(&aggregate.output(), accumulator.result(aggregate));
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
    let Streamstats { current, window, time_window, global, aggregates, by } = command;
    if let Some(seconds) = time_window {
        let limit = window.filter(|window| *window > 0);
        if limit.is_some() || !current {
            return Err(EvalError::Unsupported("`time_window` together with `window` or `current=f`".into()));
        }
        return timed(events, *seconds, aggregates, by, patterns);
    }
    let window = usize::try_from(window.unwrap_or(0)).unwrap_or(usize::MAX);
    let names: Vec<String> = aggregates.iter().map(Aggregate::output).collect();
    let mut running: BTreeMap<Vec<String>, Vec<Accumulator>> = BTreeMap::new();
    // The latest rows, all together or by their keys.
    let mut latest: BTreeMap<Vec<String>, VecDeque<Brought>> = BTreeMap::new();
    let mut out = Vec::with_capacity(events.len());
    for mut event in events {
        let key = key(&event, by)?.ok_or(EvalError::NoKey)?;
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

/// `streamstats time_window=…`: of the rows of the same keys that are less than so many seconds away.
fn timed(
    events: Vec<Event>,
    seconds: u64,
    aggregates: &[Aggregate],
    by: &[Name],
    patterns: &Patterns,
) -> Result<Vec<Event>, EvalError> {
    /// `max_stream_window` of `limits.conf`.
    const LIMIT: usize = 10_000;
    #[expect(clippy::cast_precision_loss, reason = "a window is far below")]
    let span = seconds as f64;
    let names: Vec<String> = aggregates.iter().map(Aggregate::output).collect();
    let time = |event: &Event| match event.values("_time") {
        [one] => one.number().ok_or_else(|| EvalError::Unsupported("`time_window` where `_time` is no number".into())),
        _ => Err(EvalError::Unsupported("`time_window` where `_time` is missing".into())),
    };
    let times = events.iter().map(time).collect::<Result<Vec<_>, _>>()?;
    if !times.is_sorted() && !times.iter().rev().is_sorted() {
        return Err(EvalError::Unsupported("`time_window` over rows that are not in the order of time".into()));
    }
    let mut latest: BTreeMap<Vec<String>, VecDeque<Timed>> = BTreeMap::new();
    let mut out = Vec::with_capacity(events.len());
    for (mut event, now) in events.into_iter().zip(times) {
        let key = key(&event, by)?.ok_or(EvalError::NoKey)?;
        let rows = latest.entry(key).or_default();
        rows.push_back((now, brought(&event, aggregates, patterns)?));
        // Times are exact to the microsecond at least.
        let age = |then: f64| (now - then).abs() - span;
        while rows.front().is_some_and(|(then, _)| age(*then) > 5e-7) {
            rows.pop_front();
        }
        if rows.front().is_some_and(|(then, _)| age(*then) > -5e-7) {
            return Err(EvalError::WindowBound);
        }
        if rows.len() > LIMIT {
            return Err(EvalError::Unsupported("`time_window` over more than 10,000 rows".into()));
        }
        let mut accumulators = vec![Accumulator::default(); aggregates.len()];
        for (_, row) in &*rows {
            for ((accumulator, aggregate), values) in accumulators.iter_mut().zip(aggregates).zip(row) {
                accumulator.add(aggregate.function, values);
            }
        }
        for (name, values) in names.iter().zip(finished(&accumulators, aggregates)) {
            event.set(name, values);
        }
        out.push(event);
    }
    Ok(out)
}

fn finished(accumulators: &[Accumulator], aggregates: &[Aggregate]) -> Vec<Vec<Scalar>> {
    accumulators.iter().zip(aggregates).map(|(accumulator, aggregate)| accumulator.result(aggregate)).collect()
}
