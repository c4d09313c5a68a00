//! What `summarize` computes, in general.

use super::Expr;
use rulecast_ir::Name;

/// `name = function(arguments)`.
#[derive(Clone, Debug, PartialEq)]
pub struct AggregateCall {
    /// The column.
    pub name: Name,
    /// What is computed.
    pub function: AggregateFunction,
    /// Of what, for each row.
    pub arguments: Vec<Expr>,
}

/// A function of a group of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`AggregateFunction::name` says how each is written")]
pub enum AggregateFunction {
    Average,
    Count,
    CountDistinct,
    DistinctCount,
    MakeList,
    MakeSet,
    Max,
    Min,
    Percentile,
    Sum,
    TakeAny,
}

impl AggregateFunction {
    /// All functions.
    pub const ALL: [AggregateFunction; 11] = [
        AggregateFunction::Average,
        AggregateFunction::Count,
        AggregateFunction::CountDistinct,
        AggregateFunction::DistinctCount,
        AggregateFunction::MakeList,
        AggregateFunction::MakeSet,
        AggregateFunction::Max,
        AggregateFunction::Min,
        AggregateFunction::Percentile,
        AggregateFunction::Sum,
        AggregateFunction::TakeAny,
    ];

    /// As the language writes it.
    pub fn name(self) -> &'static str {
        match self {
            AggregateFunction::Average => "avg",
            AggregateFunction::Count => "count",
            AggregateFunction::CountDistinct => "count_distinct",
            AggregateFunction::DistinctCount => "dcount",
            AggregateFunction::MakeList => "make_list",
            AggregateFunction::MakeSet => "make_set",
            AggregateFunction::Max => "max",
            AggregateFunction::Min => "min",
            AggregateFunction::Percentile => "percentile",
            AggregateFunction::Sum => "sum",
            AggregateFunction::TakeAny => "take_any",
        }
    }
}
