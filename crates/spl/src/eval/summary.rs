//! `tstats` over a data model.
//!
//! Sources: Search Reference, `tstats`: the dataset stands before the names of its fields; the search after `where` is
//! one of `search`; an event that lacks a field after `by` has no row, unless `fillnull_value` stands for it; and as
//! `stats` does, it counts an event with several values of such a field once for each.
//!
//! The rows of a dataset are those whose relation has its name. What a data model computes of its own (`unknown` for what
//! is missing) stands in the rows or does not: queries must give the same answer.

use super::event::{Event, View};
use super::pcre::Patterns;
use super::search::Search;
use super::{EvalError, Macros, aggregate};
use crate::ast::Tstats;
use rulecast_ir::{Name, Row, Scalar};

pub(super) fn tstats(
    command: &Tstats,
    rows: &[Row],
    macros: &Macros,
    patterns: &Patterns,
) -> Result<Vec<Event>, EvalError> {
    let search = Search::new(&command.search, macros)?;
    let prefix = command.dataset.rsplit('.').next().unwrap_or_default();
    let mut events = Vec::new();
    for row in rows.iter().filter(|row| row.relation == command.dataset) {
        let columns = row.columns.iter().map(|(name, values)| (format!("{prefix}.{name}"), values.clone()));
        let row = Row { columns: columns.collect(), raw: None, ..row.clone() };
        if search.holds(View::Row(&row))? {
            events.extend(keyed(Event::of(&row), &command.by, command.fill.as_deref()));
        }
    }
    aggregate::stats(&events, &command.aggregates, &command.by, patterns)
}

/// The event once for each combination of the values of its keys.
fn keyed(mut event: Event, by: &[Name], fill: Option<&str>) -> Vec<Event> {
    if let Some(fill) = fill {
        for key in by.iter().filter(|key| event.values(key).is_empty()).cloned().collect::<Vec<_>>() {
            event.set(&key, vec![Scalar::Text(fill.to_owned())]);
        }
    }
    let mut events = vec![event];
    for key in by {
        let one_of_each = |event: &Event| {
            let alone = |value: &Scalar| {
                let mut event = event.clone();
                event.set(key, vec![value.clone()]);
                event
            };
            event.values(key).iter().map(alone).collect::<Vec<_>>()
        };
        events = events.iter().flat_map(one_of_each).collect();
    }
    events
}
