//! Makes the tree of what the grammar read: queries, their steps, and names.

use super::Problem;
use super::condition::logic;
use super::grammar::Rule;
use super::text::unescape;
use crate::Query;
use crate::ast::{EventQuery, Key, Sample, SampleStep, Sequence, Series, SeriesStep, Step};
use pest::iterators::Pair;
use rulecast_ir::Name;

/// What was read, or why it makes no tree.
pub(super) type Read<T> = Result<T, Problem>;

/// Something that the grammar read.
pub(super) type P<'a> = Pair<'a, Rule>;

/// A query.
pub(super) fn query(pair: P<'_>) -> Read<Query> {
    match pair.as_rule() {
        Rule::sequence => sequence(pair),
        Rule::sample => sample(pair),
        _ => Ok(Query::Event(event(pair)?)),
    }
}

fn sequence(pair: P<'_>) -> Read<Query> {
    let at = pair.as_span().start();
    let mut series = Series { by: Vec::new(), maxspan: None, steps: Vec::new(), until: None };
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::by => series.by = keys(part),
            Rule::maxspan => series.maxspan = Some(maxspan(part)?),
            Rule::step => series.steps.push(step(part)?),
            Rule::until => {
                let at = part.as_span().start();
                let until = step(part.into_inner().next_back().expect("`until` ends in a step"))?;
                if until.missing || until.runs != 1 {
                    return Err(Problem::new(at, "`until` takes an event, neither missing nor repeated"));
                }
                series.until = Some(until);
            }
            _ => {}
        }
    }
    let mut keys = series.steps.iter().chain(&series.until).map(|step| step.by.len());
    let first = keys.next();
    if keys.any(|count| Some(count) != first) {
        return Err(Problem::new(at, "each step needs as many fields after `by`"));
    }
    if series.steps.iter().all(|step| step.missing) {
        return Err(Problem::new(at, "a sequence needs an event that is not missing"));
    }
    if series.maxspan.is_none() && series.steps.iter().any(|step| step.missing) {
        return Err(Problem::new(at, "missing events need `with maxspan`"));
    }
    Ok(plain(&series).map_or(Query::Series(series), Query::Sequence))
}

/// The sequence as Rulecast writes one, if it can be.
fn plain(series: &Series) -> Option<Sequence> {
    let names = |keys: &[Key]| -> Option<Vec<Name>> {
        keys.iter().map(|key| (!key.optional).then(|| key.field.clone())).collect()
    };
    let step = |step: &SeriesStep| -> Option<Step> {
        (!step.missing).then_some(())?;
        Some(Step { query: step.query.clone(), by: names(&step.by)?, runs: step.runs })
    };
    let maxspan = series.maxspan.filter(|span| span.is_multiple_of(1_000))? / 1_000;
    if series.steps.iter().map(|step| usize::from(step.runs)).sum::<usize>() < 2 {
        return None;
    }
    Some(Sequence {
        by: names(&series.by)?,
        maxspan,
        steps: series.steps.iter().map(step).collect::<Option<_>>()?,
        until: match &series.until {
            Some(until) => Some(step(until)?),
            None => None,
        },
    })
}

/// Milliseconds. Source: "`with maxspan` statement"; the units are those that Elasticsearch's parser takes.
fn maxspan(pair: P<'_>) -> Read<u64> {
    let span = pair.into_inner().next_back().expect("`maxspan` ends in a span");
    let at = span.as_span().start();
    let mut inner = span.into_inner();
    let amount = inner.next().expect("a span starts with its amount");
    let size = match inner.next().map(|unit| unit.as_str()) {
        Some("ms") => 1,
        Some("s") => 1_000,
        Some("m") => 60_000,
        Some("h") => 3_600_000,
        Some("d") => 86_400_000,
        _ => return Err(Problem::new(at, "a span is a number of ms, s, m, h or d")),
    };
    let amount = amount.as_str().parse::<u64>().ok().filter(|amount| *amount > 0);
    amount
        .and_then(|amount| amount.checked_mul(size))
        .ok_or_else(|| Problem::new(at, "a span is a whole number above 0"))
}

fn step(pair: P<'_>) -> Read<SeriesStep> {
    let at = pair.as_span().start();
    let mut missing = false;
    let (mut query, mut by, mut runs) = (None, Vec::new(), 1);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::missing => missing = true,
            Rule::event => query = Some(event(part)?),
            Rule::by => by = keys(part),
            Rule::runs => {
                let at = part.as_span().start();
                let number = part.into_inner().next_back().expect("`runs` ends in a number").as_str();
                runs = number
                    .parse()
                    .ok()
                    .filter(|runs| (1..=100).contains(runs))
                    .ok_or_else(|| Problem::new(at, "`runs` is a whole number from 1 to 100"))?;
            }
            _ => {}
        }
    }
    let query = query.ok_or_else(|| Problem::new(at, "expected an event"))?;
    Ok(SeriesStep { missing, query, by, runs })
}

fn sample(pair: P<'_>) -> Read<Query> {
    let at = pair.as_span().start();
    let mut sample = Sample { by: Vec::new(), steps: Vec::new() };
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::by => sample.by = keys(part),
            Rule::step => {
                let at = part.as_span().start();
                let SeriesStep { missing, query, by, runs } = step(part)?;
                if missing || runs != 1 {
                    return Err(Problem::new(at, "a sample takes neither missing nor repeated events"));
                }
                sample.steps.push(SampleStep { query, by });
            }
            _ => {}
        }
    }
    let keyed = |step: &SampleStep| step.by.len() + sample.by.len() > 0 && step.by.len() == sample.steps[0].by.len();
    if sample.steps.len() < 2 || !sample.steps.iter().all(keyed) {
        return Err(Problem::new(at, "a sample needs two events at least, and as many fields after `by` for each"));
    }
    Ok(Query::Sample(sample))
}

fn keys(pair: P<'_>) -> Vec<Key> {
    pair.into_inner().filter(|part| part.as_rule() == Rule::field).map(key).collect()
}

pub(super) fn key(pair: P<'_>) -> Key {
    let mut name = String::new();
    let mut optional = false;
    for part in pair.into_inner() {
        if part.as_rule() == Rule::optional {
            optional = true;
            continue;
        }
        if !name.is_empty() {
            name.push('.');
        }
        match part.as_rule() {
            Rule::quoted => name.push_str(&part.as_str()[1..part.as_str().len() - 1].replace("``", "`")),
            _ => name.push_str(part.as_str()),
        }
    }
    Key { field: name.into(), optional }
}

fn event(pair: P<'_>) -> Read<EventQuery> {
    let mut parts = pair.into_inner();
    let category = parts.next().expect("an event starts with its category");
    let category = category.into_inner().next().expect("a category is one of four");
    let category = match category.as_rule() {
        Rule::any_word => None,
        Rule::word => Some(category.as_str().into()),
        _ => Some(string(category)?.into()),
    };
    let condition = parts.next_back().expect("an event ends in its condition");
    Ok(EventQuery { category, condition: logic(condition)? })
}

pub(super) fn string(pair: P<'_>) -> Read<String> {
    let raw = pair.as_rule() == Rule::raw;
    let body = pair.into_inner().next().expect("a string has an inside");
    if raw { Ok(body.as_str().to_owned()) } else { unescape(body.as_str(), body.as_span().start()) }
}
