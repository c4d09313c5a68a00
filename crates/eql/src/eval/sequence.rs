//! Sequences: Elasticsearch's machine, stage by stage.
//!
//! Of each key and stage it keeps the partial sequences in the order of their last event. An event of a stage takes the
//! latest that ended before it, and with it all older ones go. It goes on unless its span is too long, or an `until` of
//! its key fell between its last event and this one. So the newest start wins, each start is used once at most, and of
//! several events that could follow the first does.
//!
//! A key part must have a value; an optional one may be missing, and missing equals missing. Values compare exactly.
//! `with runs=N` is N stages, so a burst completes one sequence at its Nth event and one at each that follows. Events are
//! ordered by time, and at one time by id: Elasticsearch orders those by its tiebreaker field or by their place in the
//! index, which the rows do not tell.
//!
//! Sources: "How sequence queries handle matches", "Optional `by` fields", "`until`", "`with runs`"; Elasticsearch's
//! sequence matcher. Not evaluated: missing events, whose bounds the reference does not tell, and keys of several values.

use super::EvalError;
use super::address;
use super::mapping::{Mapping, number};
use super::predicate::Event;
use crate::ast::{EventQuery, Key, Sequence, Series, SeriesStep, Step};
use rulecast_ir::{ColumnType, Name, Number, ResultRow, Row};
use std::collections::BTreeMap;

/// A sequence of either form.
pub(super) struct Plan<'a> {
    by: Vec<Key>,
    /// Milliseconds.
    maxspan: Option<u64>,
    stages: Vec<Stage<'a>>,
    until: Option<Stage<'a>>,
}

struct Stage<'a> {
    query: &'a EventQuery,
    by: Vec<Key>,
    runs: usize,
}

fn plain(names: &[Name]) -> Vec<Key> {
    names.iter().map(|field| Key { field: field.clone(), optional: false }).collect()
}

impl<'a> Plan<'a> {
    pub(super) fn of(sequence: &'a Sequence) -> Self {
        let stage = |step: &'a Step| Stage { query: &step.query, by: plain(&step.by), runs: usize::from(step.runs) };
        Plan {
            by: plain(&sequence.by),
            maxspan: Some(sequence.maxspan.saturating_mul(1_000)),
            stages: sequence.steps.iter().map(stage).collect(),
            until: sequence.until.as_ref().map(stage),
        }
    }

    pub(super) fn of_series(series: &'a Series) -> Result<Self, EvalError> {
        if series.steps.iter().any(|step| step.missing) {
            return EvalError::unsupported("missing events (`![…]`)");
        }
        let stage =
            |step: &'a SeriesStep| Stage { query: &step.query, by: step.by.clone(), runs: usize::from(step.runs) };
        Ok(Plan {
            by: series.by.clone(),
            maxspan: series.maxspan,
            stages: series.steps.iter().map(stage).collect(),
            until: series.until.as_ref().map(stage),
        })
    }
}

/// The values that the events of a sequence share, one for each field after `by`; `None` is a missing one.
type Values = Vec<Option<String>>;

/// The events of one stage: their keys and their places among the rows, in order.
type Hits = Vec<(Values, usize)>;

/// Runs a sequence over rows in the order of time.
pub(super) fn run(plan: &Plan<'_>, rows: &[&Row], mapping: &mut Mapping<'_>) -> Result<Vec<ResultRow>, EvalError> {
    let keys = |stage: &Stage<'_>| plan.by.iter().chain(&stage.by).cloned().collect::<Vec<_>>();
    let all: Vec<Vec<Key>> = plan.stages.iter().chain(&plan.until).map(keys).collect();
    let types = types(&all, mapping)?;
    let mut find = |stage: &Stage<'_>, keys: &[Key]| hits(stage, keys, &types, rows, mapping);
    let mut stages = Vec::new();
    for (stage, keys) in plan.stages.iter().zip(&all) {
        let hits = find(stage, keys)?;
        stages.extend(std::iter::repeat_n(hits, stage.runs));
    }
    let until = match (&plan.until, all.last()) {
        (Some(until), Some(keys)) => find(until, keys)?,
        _ => Vec::new(),
    };
    let times: Vec<i64> = rows.iter().map(|row| row.time).collect();
    let result = |events: Vec<usize>| ResultRow {
        ids: events.iter().map(|at| rows[*at].id).collect(),
        columns: events.last().map(|at| rows[*at].columns.clone()).unwrap_or_default(),
    };
    Ok(machine(&stages, &until, plan.maxspan, &times).into_iter().map(result).collect())
}

/// The declared type of each key part, which all its fields must have; `None` where none is declared.
fn types(keys: &[Vec<Key>], mapping: &Mapping<'_>) -> Result<Vec<Option<ColumnType>>, EvalError> {
    let count = keys.first().map_or(0, Vec::len);
    let mut types = vec![None; count];
    for stage in keys {
        if stage.len() != count {
            return EvalError::invalid("the steps of a sequence need as many fields after `by`");
        }
        for (ty, key) in types.iter_mut().zip(stage) {
            mapping.mapped(&key.field, key.optional)?;
            match mapping.declared(&key.field)? {
                None => {}
                Some(ColumnType::DateTime) => return EvalError::unsupported(format!("`{}` holds dates", key.field)),
                Some(declared) if ty.is_none_or(|ty| ty == declared) => *ty = Some(declared),
                Some(_) => {
                    return EvalError::invalid(format!("`{}` has another type than the field it joins", key.field));
                }
            }
        }
    }
    Ok(types)
}

fn hits(
    stage: &Stage<'_>,
    keys: &[Key],
    types: &[Option<ColumnType>],
    rows: &[&Row],
    mapping: &mut Mapping<'_>,
) -> Result<Hits, EvalError> {
    let event = Event::new(stage.query, mapping)?;
    let mut hits = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        // The fields of the key are part of the query: an event without them is not looked at further.
        if keys.iter().any(|key| !key.optional && row.values(&key.field).is_empty()) || !event.holds(row)? {
            continue;
        }
        let values = keys.iter().zip(types).map(|(key, ty)| part(row, key, *ty)).collect::<Result<_, _>>()?;
        hits.push((values, at));
    }
    Ok(hits)
}

fn part(row: &Row, key: &Key, ty: Option<ColumnType>) -> Result<Option<String>, EvalError> {
    let value = match row.values(&key.field) {
        [] => return Ok(None),
        [value] => value,
        _ => return EvalError::unsupported(format!("`{}`, part of a key, has several values", key.field)),
    };
    Ok(Some(match ty {
        Some(ColumnType::Long | ColumnType::Real) => match number(value, &key.field, ty)? {
            Number::Integer(number) => number.to_string(),
            Number::Decimal(number) => number.to_string(),
        },
        Some(ColumnType::Ip) => {
            let text = value.text();
            address::parse(&text).map_or(text, |bits| bits.to_string())
        }
        _ => value.text(),
    }))
}

/// A sequence under way: the places of its events.
type Partial = Vec<usize>;

/// Runs the machine over the hits of each stage. Places are in the order of time; `times` are theirs. Matches come in the
/// order of their last events, as they do from Elasticsearch.
fn machine(stages: &[Hits], until: &Hits, maxspan: Option<u64>, times: &[i64]) -> Vec<Partial> {
    let mut ends: BTreeMap<&Values, Vec<usize>> = BTreeMap::new();
    for (key, at) in until {
        ends.entry(key).or_default().push(*at);
    }
    let mut current: BTreeMap<&Values, Vec<Partial>> = BTreeMap::new();
    let mut complete = Vec::new();
    for (stage, hits) in stages.iter().enumerate() {
        let mut next: BTreeMap<&Values, Vec<Partial>> = BTreeMap::new();
        for (key, at) in hits {
            let events = if stage == 0 {
                vec![*at]
            } else {
                let Some(group) = current.get_mut(key) else { continue };
                let before = group.partition_point(|partial| partial.last() < Some(at));
                let Some(mut events) = group.drain(..before).next_back() else { continue };
                let (Some(first), Some(last)) = (events.first(), events.last()) else { continue };
                if maxspan.is_some_and(|maxspan| times[*at].abs_diff(times[*first]) > maxspan) {
                    continue;
                }
                let untils = ends.get(key).map_or(&[][..], Vec::as_slice);
                let latest = untils[..untils.partition_point(|until| until < at)].last();
                if latest.is_some_and(|until| until >= last) {
                    continue;
                }
                events.push(*at);
                events
            };
            if stage + 1 == stages.len() {
                complete.push(events);
            } else {
                next.entry(key).or_default().push(events);
            }
        }
        current = next;
    }
    complete
}

#[cfg(test)]
mod tests;
