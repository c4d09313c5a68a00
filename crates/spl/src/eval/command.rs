//! The commands, over rows.
//!
//! Sources: Search Reference, on each command: `where` keeps what is true, not what is NULL; `eval` computes from left to
//! right, and a NULL value removes the field; `dedup` keeps the first, and drops rows that lack a field; `sort` puts
//! rows that lack the field last, in either direction; `rename` of a field that is not there removes the new one;
//! `fields` keeps internal fields unless it names them; `head`, `table`, `bin`, `rex` and `regex` as their pages say.
//!
//! Unchecked: `sort` puts numbers before addresses, and those before texts, where a field holds several kinds; `regex`
//! with `!=` keeps rows that lack the field; `mvexpand` keeps them. `bin` in days follows the user's time zone, and is
//! not evaluated.

use super::event::{Event, View};
use super::expression::Scope;
use super::pcre::Patterns;
use super::search::{Search, names};
use super::{EvalError, Macros, aggregate, text};
use crate::ast::{Aggregate, AggregateFunction, BinSpan, Command, Expr, SortKey, Streamstats};
use rulecast_ir::{Name, Scalar};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

type Result<T> = std::result::Result<T, EvalError>;

pub(super) fn run(
    command: &Command,
    mut events: Vec<Event>,
    macros: &Macros,
    patterns: &Patterns,
) -> Result<Vec<Event>> {
    match command {
        Command::Where(condition) => {
            kept(events, |event| Ok(Scope { event, patterns }.holds(condition)? == Some(true)))
        }
        Command::Search(search) => {
            let search = Search::new(search, macros)?;
            kept(events, |event| search.holds(View::Event(event)))
        }
        Command::Regex { field, negated, pattern } => {
            let pattern = patterns.get(pattern)?;
            let field = field.as_deref().unwrap_or("_raw");
            kept(events, |event| match event.values(field) {
                [] => Ok(*negated),
                [value] => Ok(pattern.is_match(text(value).as_bytes()) != *negated),
                _ => Err(EvalError::SeveralValues("regex".into())),
            })
        }
        Command::Eval(assignments) => {
            for event in &mut events {
                for assignment in assignments {
                    let values = Scope { event, patterns }.value(&assignment.value)?.scalars.into_owned();
                    event.set(&assignment.name, values);
                }
            }
            Ok(events)
        }
        Command::Rex { field, pattern } => {
            let pattern = patterns.get(pattern)?;
            for event in &mut events {
                let value = match event.values(field) {
                    [] => continue,
                    [value] => text(value).into_owned(),
                    _ => return Err(EvalError::SeveralValues("rex".into())),
                };
                let Some(found) = pattern.captures(value.as_bytes()) else { continue };
                for name in pattern.capture_names().flatten() {
                    if let Some(group) = found.name(name) {
                        let group = String::from_utf8_lossy(group.as_bytes()).into_owned();
                        event.set(name, vec![Scalar::Text(group)]);
                    }
                }
            }
            Ok(events)
        }
        Command::Sort(keys) => sorted(events, keys),
        Command::SortFirst { limit, keys } => {
            let mut events = sorted(events, keys)?;
            events.truncate(usize::try_from(*limit).unwrap_or(usize::MAX));
            Ok(events)
        }
        Command::LargestBefore { field, name, by } => {
            let largest = Aggregate {
                function: AggregateFunction::Max,
                argument: Some(Expr::Field(field.clone())),
                name: Some(name.clone()),
            };
            let command = Streamstats {
                current: false,
                window: Some(0),
                time_window: None,
                global: true,
                aggregates: vec![largest],
                by: by.clone(),
            };
            aggregate::streamstats(events, &command, patterns)
        }
        Command::Streamstats(command) => aggregate::streamstats(events, command, patterns),
        Command::Stats { aggregates, by } => aggregate::stats(&events, aggregates, by, patterns),
        Command::Expand(field) => Ok(events.into_iter().flat_map(|event| expanded(event, field)).collect()),
        Command::Dedup(fields) => {
            let mut seen = BTreeSet::new();
            events.retain(|event| {
                let values = |field: &Name| -> Vec<String> {
                    event.values(field).iter().map(|value| text(value).into_owned()).collect()
                };
                let key: Vec<_> = fields.iter().map(values).collect();
                !key.iter().any(Vec::is_empty) && seen.insert(key)
            });
            Ok(events)
        }
        Command::Table(columns) => {
            for event in &mut events {
                event.fields.retain(|name, _| columns.iter().any(|column| names(column, name)));
            }
            Ok(events)
        }
        Command::Fields { keep, fields } => {
            // A wildcard at the start does not reach internal fields.
            let named = |name: &str| {
                fields.iter().any(|field| names(field, name) && (field.starts_with('_') || !name.starts_with('_')))
            };
            for event in &mut events {
                event.fields.retain(|name, _| if *keep { name.starts_with('_') || named(name) } else { !named(name) });
            }
            Ok(events)
        }
        Command::Rename(renamed) => {
            if renamed.iter().any(|(old, new)| old.contains('*') || new.contains('*')) {
                return Err(EvalError::Unsupported("rename with a wildcard".into()));
            }
            for event in &mut events {
                for (old, new) in renamed {
                    let values = event.fields.remove(&**old).unwrap_or_default();
                    event.set(new, values);
                }
            }
            Ok(events)
        }
        Command::Bin { field, span, name } => {
            let span = match span {
                BinSpan::Seconds(86_400..) => return Err(EvalError::Unsupported("bin in days".into())),
                BinSpan::Number(span) | BinSpan::Seconds(span) => *span,
            };
            let target = name.as_ref().unwrap_or(field);
            for event in &mut events {
                let values = event.values(field).iter().map(|value| binned(value, span)).collect();
                event.set(target, values);
            }
            Ok(events)
        }
        Command::Head(rows) => {
            events.truncate(usize::try_from(*rows).unwrap_or(usize::MAX));
            Ok(events)
        }
        Command::Macro(name) => Err(EvalError::Unsupported(format!("the macro `{name}` as a command"))),
        Command::Transaction { .. } => Err(EvalError::Unsupported("the command `transaction`".into())),
    }
}

fn kept(events: Vec<Event>, mut keep: impl FnMut(&Event) -> Result<bool>) -> Result<Vec<Event>> {
    let mut out = Vec::new();
    for event in events {
        if keep(&event)? {
            out.push(event);
        }
    }
    Ok(out)
}

/// A row for each value.
fn expanded(event: Event, field: &str) -> Vec<Event> {
    if event.values(field).len() < 2 {
        return vec![event];
    }
    let one = |value: &Scalar| {
        let mut event = event.clone();
        event.set(field, vec![value.clone()]);
        event
    };
    event.values(field).iter().map(one).collect()
}

/// What a value is sorted by.
#[derive(Debug)]
enum Rank {
    Number(f64),
    Address(Ipv4Addr),
    Text(String),
}

impl Rank {
    fn of(value: &Scalar) -> Self {
        if let Some(number) = value.number() {
            return Rank::Number(number);
        }
        let text = text(value);
        text.parse().map_or_else(|_| Rank::Text(text.clone().into_owned()), Rank::Address)
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Rank::Number(one), Rank::Number(other)) => one.total_cmp(other),
            (Rank::Address(one), Rank::Address(other)) => one.cmp(other),
            (Rank::Text(one), Rank::Text(other)) => one.cmp(other),
            (Rank::Number(_), _) | (Rank::Address(_), Rank::Text(_)) => Ordering::Less,
            _ => Ordering::Greater,
        }
    }
}

fn sorted(events: Vec<Event>, keys: &[SortKey]) -> Result<Vec<Event>> {
    let mut ranked = Vec::with_capacity(events.len());
    for event in events {
        let rank = |key: &SortKey| match event.values(&key.field) {
            [] => Ok(None),
            [value] => Ok(Some(Rank::of(value))),
            _ => Err(EvalError::SeveralValues("sort".into())),
        };
        let ranks = keys.iter().map(rank).collect::<Result<Vec<_>>>()?;
        ranked.push((ranks, event));
    }
    ranked.sort_by(|(one, _), (other, _)| {
        let each = keys.iter().zip(one.iter().zip(other)).map(|(key, pair)| match pair {
            (Some(one), Some(other)) if key.descending => other.compare(one),
            (Some(one), Some(other)) => one.compare(other),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        });
        each.fold(Ordering::Equal, Ordering::then)
    });
    Ok(ranked.into_iter().map(|(_, event)| event).collect())
}

/// A number, rounded down; what is no number stays.
fn binned(value: &Scalar, span: u64) -> Scalar {
    #[expect(clippy::cast_precision_loss, reason = "a span is far below")]
    let span = span as f64;
    let number = value.number().map(|number| (number / span).floor() * span);
    let binned = number.and_then(|number| super::expression::Value::number(number).scalars.first().cloned());
    binned.unwrap_or_else(|| value.clone())
}
