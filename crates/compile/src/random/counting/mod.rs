//! Correlations that count, to be: their shape, small enough to shrink.
//!
//! Promises: every type, operator and range, groups with and without aliases, conditions over the rules, and correlations
//! in the place of rules.

mod coverage;
mod events;
mod generate;
mod smaller;
mod written;

pub use coverage::{Correlated, Correlations, Facet};
pub(super) use written::written;

use rulecast_rule::ast::{CorrelationKind, Operator};

/// Every type.
pub(super) const KINDS: [CorrelationKind; 8] = [
    CorrelationKind::EventCount,
    CorrelationKind::ValueCount,
    CorrelationKind::Temporal,
    CorrelationKind::TemporalOrdered,
    CorrelationKind::ValueSum,
    CorrelationKind::ValueAvg,
    CorrelationKind::ValuePercentile,
    CorrelationKind::ValueMedian,
];

/// A correlation over rules that stand beside it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Counting {
    pub(super) kind: CorrelationKind,
    /// At least one, of an ordered one at least two.
    pub(super) members: Vec<Member>,
    pub(super) keys: Vec<Key>,
    /// Seconds.
    pub(super) timespan: u64,
    /// None where the type needs none, or has a condition.
    pub(super) bounds: Vec<(Operator, &'static str)>,
    /// In place of bounds, of a temporal one; it names every member.
    pub(super) condition: Option<Asked>,
    /// What is counted or computed with; none where it is events.
    pub(super) fields: Vec<&'static str>,
    pub(super) percentile: Option<&'static str>,
}

/// Whose events count.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Member {
    /// Those of the rule with this number.
    Rule(usize),
    /// Those that complete another correlation.
    Inner(Box<Counting>),
}

/// What groups the events.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Key {
    /// A field, the same of every member.
    Field(&'static str),
    /// A name, with a field for each member.
    Alias(Vec<&'static str>),
}

/// A condition over members, by their number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Asked {
    Member(usize),
    Not(Box<Asked>),
    And(Box<Asked>, Box<Asked>),
    Or(Box<Asked>, Box<Asked>),
}

impl Counting {
    /// This one and those in it, from the outside in.
    pub(super) fn all(&self) -> Vec<&Counting> {
        let inner = self.members.iter().flat_map(|member| match member {
            Member::Rule(_) => Vec::new(),
            Member::Inner(inner) => inner.all(),
        });
        [self].into_iter().chain(inner).collect()
    }

    /// The numbers of the rules that it reads, each once, in order.
    pub(super) fn rules(&self) -> Vec<usize> {
        let members = self.all().into_iter().flat_map(|one| &one.members);
        let rules = members.filter_map(|member| if let Member::Rule(rule) = member { Some(*rule) } else { None });
        let mut rules: Vec<usize> = rules.collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// Whether it, or one in it, groups by a field.
    pub(super) fn groups_by(&self, field: &str) -> bool {
        self.all().into_iter().flat_map(|one| &one.keys).any(|key| key.fields().contains(&field))
    }

    /// Whether it, or one in it, counts a field's values or computes with them.
    pub(super) fn measures(&self, field: &str) -> bool {
        self.all().into_iter().any(|one| one.fields.contains(&field))
    }

    /// The fewest members of the type.
    fn least(kind: CorrelationKind) -> usize {
        if kind == CorrelationKind::TemporalOrdered { 2 } else { 1 }
    }
}

impl Key {
    /// The fields.
    fn fields(&self) -> &[&'static str] {
        match self {
            Key::Field(field) => std::slice::from_ref(field),
            Key::Alias(fields) => fields,
        }
    }
}
