//! Evaluates a query over rows: what Splunk would answer.
//!
//! It is written from Splunk's documentation and from measured facts, and knows nothing of how queries are made: each
//! module names the pages that it follows, and lists as unchecked what no page says and no engine has confirmed.
//!
//! The rows are all events of all indexes. `index`, `source` and `sourcetype` are columns like others; a macro holds of
//! the rows whose relation has its name, unless a definition is given. `_time` is [`Row::time`] in seconds, `_raw` is
//! [`Row::raw`]. A search gives the newest event first (Search Manual, "Types of searches"), rows of one time in their
//! own order.
//!
//! Promises: the answer is the same each time; nothing panics; what is not evaluated, and what the documentation leaves
//! open where it matters (several values where one is meant), is an [`EvalError`] that names it.
//!
//! Lacks: `transaction`, time modifiers, limits of rows other than those of `sort` and `head`.

mod aggregate;
mod command;
mod event;
mod expression;
mod function;
mod pcre;
mod search;
mod summary;
mod time;

use crate::ast::{Command, Query, SearchTerm, Start, Subsearch};
use event::{Event, View};
use pcre::Patterns;
use rulecast_ir::{Comparison, Logic, ResultRow, Row, Scalar};
use search::Search;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What macros stand for, by their names without arguments.
pub type Macros = BTreeMap<String, Logic<SearchTerm>>;

/// Why a query has no answer here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// A part of SPL that is read and not evaluated.
    #[error("{0} is not evaluated")]
    Unsupported(String),
    /// A pattern that the regex engine here does not have.
    #[error("the pattern `{pattern}` is not evaluated: {reason}")]
    Pattern {
        /// As it is written.
        pattern: String,
        /// What it has.
        reason: String,
    },
    /// A field with several values, where the documentation tells of one.
    #[error("{0} of several values is not documented")]
    SeveralValues(String),
    /// A row without a field that rows are grouped by.
    #[error("`by` of a row that lacks the field is not documented")]
    NoKey,
    /// A window of time at whose far end a row stands.
    #[error("whether a row exactly as old as `time_window` counts is not documented")]
    WindowBound,
    /// A term that is searched in events without their text.
    #[error("the event has no raw text to search")]
    NoRawText,
}

/// The rows that `query` gives over `rows`, in order. A row of `stats` stands for all the rows that it counts.
pub fn evaluate(query: &Query, rows: &[Row], macros: &Macros) -> Result<Vec<ResultRow>, EvalError> {
    let patterns = Patterns::default();
    let mut events = match &query.start {
        Start::Search(search) => base(search, rows, macros)?,
        Start::Tstats(tstats) => summary::tstats(tstats, rows, macros, &patterns)?,
        Start::Multisearch(searches) => multisearch(searches, rows, macros, &patterns)?,
    };
    for command in &query.commands {
        events = command::run(command, events, macros, &patterns)?;
    }
    Ok(events.into_iter().map(|event| ResultRow { ids: event.ids, columns: event.fields }).collect())
}

/// The events that a base search finds, the newest first.
fn base(search: &Logic<SearchTerm>, rows: &[Row], macros: &Macros) -> Result<Vec<Event>, EvalError> {
    let search = Search::new(search, macros)?;
    let mut found = Vec::new();
    for row in rows {
        if search.holds(View::Row(row))? {
            found.push(row);
        }
    }
    found.sort_by_key(|row| std::cmp::Reverse(row.time));
    Ok(found.into_iter().map(Event::of).collect())
}

/// The events of all the searches, the newest first; one that two of them find comes twice (Search Reference,
/// `multisearch`: at least two searches, of streaming commands alone).
fn multisearch(
    searches: &[Subsearch],
    rows: &[Row],
    macros: &Macros,
    patterns: &Patterns,
) -> Result<Vec<Event>, EvalError> {
    if searches.len() < 2 {
        return Err(EvalError::Unsupported("`multisearch` of fewer than two searches".into()));
    }
    let time = |row: &Row| std::cmp::Reverse(row.time);
    let times: BTreeMap<u64, _> = rows.iter().map(|row| (row.id, time(row))).collect();
    let mut all = Vec::new();
    for query in searches {
        let mut events = base(&query.search, rows, macros)?;
        for command in &query.commands {
            if !streams(command) {
                return Err(EvalError::Unsupported("a command in `multisearch` that does not stream".into()));
            }
            events = command::run(command, events, macros, patterns)?;
        }
        all.extend(events);
    }
    all.sort_by_key(|event| event.ids.first().and_then(|id| times.get(id)).copied());
    Ok(all)
}

/// Whether a command looks at one row at a time (Search Reference, "Types of commands": distributable streaming).
fn streams(command: &Command) -> bool {
    matches!(
        command,
        Command::Where(_)
            | Command::Eval(_)
            | Command::Search(_)
            | Command::Regex { .. }
            | Command::Rex { .. }
            | Command::Fields { .. }
            | Command::Rename(_)
            | Command::Expand(_)
            | Command::Bin { .. }
    )
}

fn compares(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

/// The text of a value.
fn text(value: &Scalar) -> Cow<'_, str> {
    match value {
        Scalar::Text(text) => Cow::Borrowed(text),
        value => Cow::Owned(value.text()),
    }
}
