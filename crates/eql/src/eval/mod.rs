//! Runs EQL over rows, as Elasticsearch would over the documents that they are.
//!
//! Promises: every test holds if any value of its field satisfies it, and is false where the field is missing; `not` of
//! that is true, as `must_not` is. Sequences are Elasticsearch's machine: the newest start wins, each start is used
//! once, `maxspan` is inclusive. What is not known of Elasticsearch is an [`EvalError`], never a guess, and so is what
//! Elasticsearch itself refuses.
//!
//! The rows are what was indexed. A column that the [`Schema`] declares has its type's mapping; where the schema knows
//! none of the rows' relations, each field is taken to be mapped as the query needs it, if one mapping fits all that the
//! query asks of it and all its values.
//!
//! Lacks samples, missing events, dates, and the limits of a cluster (`size`, clauses, states of an automaton).
//!
//! Sources: the EQL syntax and function references of Elasticsearch 8; the queries that its own tests translate to (a
//! keyword list is a `terms` query, `in~` is verbatim, `startsWith` a prefix, negation `must_not`); its sequence matcher;
//! Lucene's regexes, measured. Compared with thirteen answers of Elasticsearch's own tests, and, on the queries of some
//! thousand public rules, with an engine of another make adapted to these rules: all agreed.
//!
//! Unchecked: that an unmapped optional field makes a test, and its negation, unknown ([`predicate`]); that of events at
//! one time the one of the lower id comes first ([`sequence`]).

mod address;
mod expression;
mod function;
mod glob;
mod lucene;
mod mapping;
mod predicate;
mod sequence;
mod test;

use crate::Query;
use rulecast_ir::{ResultRow, Row, Schema};
use std::fmt::{self, Display, Formatter};

/// Why a query was not evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvalError {
    /// Elasticsearch refuses the query, or could not have indexed a row.
    Invalid(String),
    /// What Elasticsearch does is not known here.
    Unsupported(String),
}

impl EvalError {
    fn invalid<T>(message: impl Into<String>) -> Result<T, Self> {
        Err(EvalError::Invalid(message.into()))
    }

    fn unsupported<T>(message: impl Into<String>) -> Result<T, Self> {
        Err(EvalError::Unsupported(message.into()))
    }
}

impl Display for EvalError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            EvalError::Invalid(message) => write!(f, "Elasticsearch refuses this: {message}"),
            EvalError::Unsupported(message) => write!(f, "not evaluated: {message}"),
        }
    }
}

impl std::error::Error for EvalError {}

/// The result of `query` over `rows`: for an event query each event that matches, in the order of time; for a sequence
/// each match, in the order of its last event, with the ids of all its events and the columns of its last.
pub fn evaluate(query: &Query, rows: &[Row], schema: &Schema) -> Result<Vec<ResultRow>, EvalError> {
    let mut order: Vec<&Row> = rows.iter().collect();
    order.sort_by_key(|row| (row.time, row.id));
    let mut mapping = mapping::Mapping::new(&order, schema);
    match query {
        Query::Event(event) => {
            let wanted = predicate::Event::new(event, &mut mapping)?;
            let mut result = Vec::new();
            for row in order {
                if wanted.holds(row)? {
                    result.push(ResultRow { ids: vec![row.id], columns: row.columns.clone() });
                }
            }
            Ok(result)
        }
        Query::Sequence(sequence) => sequence::run(&sequence::Plan::of(sequence), &order, &mut mapping),
        Query::Series(series) => sequence::run(&sequence::Plan::of_series(series)?, &order, &mut mapping),
        Query::Sample(_) => EvalError::unsupported("samples"),
    }
}

#[cfg(test)]
mod tests;
