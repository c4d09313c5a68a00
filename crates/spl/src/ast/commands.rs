//! What commands of many rows are made of.

use super::{Expr, SearchTerm};
use rulecast_ir::{Logic, Name};

/// `tstats … from datamodel=… where … by …`. Its fields are named with the dataset before them: `Processes.dest`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tstats {
    /// Whether events that are not summarised yet are left out. SPL's default is false.
    pub summaries_only: bool,
    /// Whether summaries of an earlier definition of the data model count. SPL's default is false.
    pub old_summaries: bool,
    /// What stands for a missing key. Without it, events that lack a key are left out.
    pub fill: Option<String>,
    /// What it computes; at least one.
    pub aggregates: Vec<Aggregate>,
    /// The dataset, with its data model: `Endpoint.Processes`.
    pub dataset: Name,
    /// Which events; all, where it is true.
    pub search: Logic<SearchTerm>,
    /// The keys; none for one row.
    pub by: Vec<Name>,
}

/// `streamstats`: aggregates of the rows up to each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Streamstats {
    /// Whether a row itself counts. SPL's default is true.
    pub current: bool,
    /// How many rows count; all for 0, and where none is written.
    pub window: Option<u64>,
    /// How long ago rows may be that count, in seconds. Only read.
    pub time_window: Option<u64>,
    /// Whether the window is of all rows, whatever their keys. SPL's default is true.
    pub global: bool,
    /// What it computes.
    pub aggregates: Vec<Aggregate>,
    /// The keys; none for all rows together.
    pub by: Vec<Name>,
}

/// `function(argument) as name`.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Which.
    pub function: AggregateFunction,
    /// Of what: a field, or another expression in `eval(…)`. `count` alone has none.
    pub argument: Option<Expr>,
    /// What the result is called; its own text where there is none.
    pub name: Option<Name>,
}

/// A function of many rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregateFunction {
    /// `avg`, of the numbers.
    Avg,
    /// `count`: the values, or without an argument the rows.
    Count,
    /// `dc`: how many different values.
    DistinctCount,
    /// `first`: of the first row that has one.
    First,
    /// `last`: of the last row that has one.
    Last,
    /// `list`: all, in order.
    List,
    /// `max`: of the numbers if all are, else of the texts.
    Max,
    /// `min`: the same.
    Min,
    /// `sum`, of the numbers.
    Sum,
    /// `values`: the different ones, in lexicographic order.
    Values,
}

impl Streamstats {
    /// Of all rows so far, this one too.
    pub fn running(aggregates: Vec<Aggregate>, by: Vec<Name>) -> Self {
        Self { current: true, window: Some(0), time_window: None, global: true, aggregates, by }
    }

    /// Of the last rows of the same keys, this one too.
    pub fn latest(rows: u64, aggregates: Vec<Aggregate>, by: Vec<Name>) -> Self {
        Self { current: true, window: Some(rows), time_window: None, global: by.is_empty(), aggregates, by }
    }
}

impl Aggregate {
    /// `function(field) as name`.
    pub fn of(function: AggregateFunction, field: impl Into<Name>, name: impl Into<Name>) -> Self {
        Self { function, argument: Some(Expr::Field(field.into())), name: Some(name.into()) }
    }

    /// `count as name`.
    pub fn count(name: impl Into<Name>) -> Self {
        Self { function: AggregateFunction::Count, argument: None, name: Some(name.into()) }
    }

    /// What its result is called.
    pub(crate) fn output(&self) -> String {
        match &self.name {
            Some(name) => name.to_string(),
            None => match &self.argument {
                None => self.function.name().to_owned(),
                Some(Expr::Field(field)) => format!("{}({field})", self.function.name()),
                Some(value) => format!("{}(eval({value}))", self.function.name()),
            },
        }
    }
}

impl AggregateFunction {
    /// All of them, with their names in SPL. `distinct_count` and `mean` are other names of two.
    pub(crate) const ALL: [(&'static str, AggregateFunction); 10] = [
        ("avg", AggregateFunction::Avg),
        ("count", AggregateFunction::Count),
        ("dc", AggregateFunction::DistinctCount),
        ("first", AggregateFunction::First),
        ("last", AggregateFunction::Last),
        ("list", AggregateFunction::List),
        ("max", AggregateFunction::Max),
        ("min", AggregateFunction::Min),
        ("sum", AggregateFunction::Sum),
        ("values", AggregateFunction::Values),
    ];

    /// Its name in SPL.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }
}

/// What `bin` rounds to: a number, or a duration for times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinSpan {
    /// Of the field's own unit.
    Number(u64),
    /// Of time, in seconds.
    Seconds(u64),
}
