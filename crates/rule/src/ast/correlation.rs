//! Correlation documents, as written.

use super::Condition;
use super::named::named;
use rulecast_diagnostics::{Span, Spanned};

/// `correlation`: how the events of other rules belong together.
#[derive(Clone, Debug)]
pub struct Correlation {
    /// What is looked for in them.
    pub kind: Spanned<CorrelationKind>,
    /// The rules, by id or name, in order.
    pub rules: Vec<Spanned<String>>,
    /// Fields whose values must agree; empty means one global group.
    pub group_by: Vec<Spanned<String>>,
    /// The time within which the events must lie.
    pub timespan: Option<Spanned<Timespan>>,
    /// Names for fields that differ from rule to rule.
    pub aliases: Vec<Alias>,
    /// The threshold, or a condition over the rules.
    pub condition: Option<Spanned<CorrelationCondition>>,
    /// Whether the referenced rules are emitted on their own too.
    pub generate: bool,
    /// The whole mapping.
    pub span: Span,
}

/// `correlation.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the Sigma correlation type of that name")]
pub enum CorrelationKind {
    EventCount,
    ValueCount,
    Temporal,
    TemporalOrdered,
    ValueSum,
    ValueAvg,
    ValuePercentile,
    ValueMedian,
}

named!(CorrelationKind {
    EventCount = "event_count",
    ValueCount = "value_count",
    Temporal = "temporal",
    TemporalOrdered = "temporal_ordered",
    ValueSum = "value_sum",
    ValueAvg = "value_avg",
    ValuePercentile = "value_percentile",
    ValueMedian = "value_median",
});

impl CorrelationKind {
    /// Whether it computes with the numbers in a field.
    pub fn is_numeric(self) -> bool {
        match self {
            Self::ValueSum | Self::ValueAvg | Self::ValuePercentile | Self::ValueMedian => true,
            Self::EventCount | Self::ValueCount | Self::Temporal | Self::TemporalOrdered => false,
        }
    }

    /// Whether it looks at how matches of several rules lie in time.
    pub fn is_temporal(self) -> bool {
        matches!(self, Self::Temporal | Self::TemporalOrdered)
    }
}

/// `15m`: a number and one of the units `s`, `m`, `h`, `d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timespan {
    /// The length in seconds; more than zero.
    pub seconds: u64,
}

/// `aliases: {name: {rule: field}}`.
#[derive(Clone, Debug)]
pub struct Alias {
    /// The name that `group-by` uses.
    pub name: Spanned<String>,
    /// The rule and its field, in the order written.
    pub fields: Vec<(Spanned<String>, Spanned<String>)>,
}

/// `correlation.condition`.
#[derive(Clone, Debug)]
pub enum CorrelationCondition {
    /// `{gte: 10, field: x}`.
    Threshold(Threshold),
    /// `rule_a and not rule_b`.
    Rules(Condition),
}

/// `{gt: 100, lte: 200, field: BytesOut}`.
#[derive(Clone, Debug)]
pub struct Threshold {
    /// All must hold; at least one.
    pub bounds: Vec<Spanned<(Operator, f64)>>,
    /// The field whose values count; several are a tuple.
    pub fields: Vec<Spanned<String>>,
    /// The percentile of `value_percentile`, 0 to 100.
    pub percentile: Option<Spanned<f64>>,
}

/// A comparison of a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the Sigma operator of that name")]
pub enum Operator {
    Gt,
    Gte,
    Lt,
    Lte,
    Eq,
    Neq,
}

named!(Operator { Gt = "gt", Gte = "gte", Lt = "lt", Lte = "lte", Eq = "eq", Neq = "neq" });
