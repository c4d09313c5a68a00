//! The part of EQL that Rulecast writes, and, in [`Wide`], [`Series`] and [`Sample`], more of what people write.
//!
//! The tree is canonical: what prints alike is equal. A list of one value and the value alone are the same tree, and
//! [`TextOperator::In`] with one value is what `==` is on text.

pub use crate::written::{Arithmetic, Comparator, Expression, Key, Sample, SampleStep, Series, SeriesStep, Wide};
use ipnet::IpNet;
use rulecast_ir::{Case, Comparison, Logic, Name, Number};

/// A query.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// `process where …`
    Event(EventQuery),
    /// `sequence by … [process where …] [network where …]`
    Sequence(Sequence),
    /// A sequence that a [`Sequence`] cannot hold. Read, never written by the lowering.
    Series(Series),
    /// `sample by … [process where …] [network where …]`. Read, never written by the lowering.
    Sample(Sample),
}

/// Events of a category that satisfy a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct EventQuery {
    /// The event category; `None` for `any`.
    pub category: Option<Name>,
    /// What they must satisfy.
    pub condition: Logic<Condition>,
}

/// Events in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// The fields whose values all steps share.
    pub by: Vec<Name>,
    /// Seconds from the first event to the last.
    pub maxspan: u64,
    /// In order; at least two, or one that is repeated.
    pub steps: Vec<Step>,
    /// What ends a sequence begun before it.
    pub until: Option<Step>,
}

/// One event of a sequence, or several alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Which events.
    pub query: EventQuery,
    /// The fields that hold the rest of the key in this step; each step has as many.
    pub by: Vec<Name>,
    /// How many such events in a row, 1 to 100; one for `until`.
    pub runs: u8,
}

/// One test of one field. It holds if any value of the field satisfies it, so not where the field is missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `f : "v"`, `f in~ ("v", "w")`: text.
    Text {
        /// The field.
        field: Name,
        /// How it compares.
        operator: TextOperator,
        /// At least one; any may match.
        values: Vec<String>,
    },
    /// `startsWith~(f, "v")`: the text starts with exactly these characters, `*` and `?` too.
    StartsWith {
        /// The field.
        field: Name,
        /// What it starts with.
        prefix: String,
        /// Whether case counts.
        case: Case,
    },
    /// `f == 5`, `f in (5, 6)`: a number equal to any of these.
    Numbers {
        /// The field.
        field: Name,
        /// At least one. A decimal is never one that an integer could be.
        numbers: Vec<Number>,
    },
    /// `f < 5`: a number that is less or greater.
    Order {
        /// The field.
        field: Name,
        /// How; never [`Comparison::Equal`].
        comparison: Comparison,
        /// Than what.
        number: Number,
    },
    /// `f == true`
    Bool {
        /// The field.
        field: Name,
        /// The truth value.
        value: bool,
    },
    /// `?f != null`, `?f == null`: has a value, or none. The field need not be mapped.
    Exists {
        /// The field.
        field: Name,
        /// Whether it has a value.
        exists: bool,
    },
    /// `cidrMatch(f, "10.0.0.0/8", "fe80::/10")`: an address in any of these networks.
    Cidr {
        /// The field.
        field: Name,
        /// At least one, without host bits.
        networks: Vec<IpNet>,
    },
    /// A test that none of the above can hold. Read, never written by the lowering.
    Wide(Wide),
}

/// How text compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextOperator {
    /// `:`: with wildcards, case does not count.
    Matches,
    /// `like`: with wildcards, case counts.
    Like,
    /// `==`, and `in` for several: exactly these characters, case counts.
    In,
    /// `in~`: exactly these characters, case does not count.
    InCaseless,
    /// `regex`: the whole text, case counts.
    Regex,
    /// `regex~`: the whole text, case of letters does not count outside a range such as `[a-z]`.
    RegexCaseless,
}
