//! The leaves of a predicate: one question about one field.

use crate::{Logic, Name, Notes, Pattern, Stage, regex::Regex};
use ipnet::IpNet;
use rulecast_diagnostics::Span;
use std::sync::Arc;

/// What an event must satisfy.
pub type Predicate<S> = Logic<Atom<S>>;

/// One test of one subject, with its place and what is known of its fidelity.
#[derive(Clone, Debug)]
pub struct Atom<S: Stage> {
    /// What is tested.
    pub subject: Subject<S::Field>,
    /// What must hold of it.
    pub test: Test<S>,
    /// Where the rule says so.
    pub span: Span,
    /// What a mapping gave up; empty before one.
    pub notes: Notes,
}

impl<S: Stage> PartialEq for Atom<S> {
    /// Two atoms are the same if they ask the same, wherever the rule says so.
    fn eq(&self, other: &Self) -> bool {
        self.subject == other.subject && self.test == other.test && self.notes == other.notes
    }
}

/// What a test is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject<F> {
    /// A field: the test holds if any of its values satisfies it, so never where the field is missing.
    Field(F),
    /// The whole event: the test holds if any value of any field satisfies it, or the raw message.
    /// Text tests look for the pattern anywhere in the value.
    Keyword,
}

/// A field of an unmapped rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// In Sigma's taxonomy: to be mapped.
    Sigma(Name),
    /// A pipeline named the column itself: the data model leaves it alone.
    Target(Name),
}

impl Field {
    /// The name, as a person wrote it.
    pub fn name(&self) -> Name {
        match self {
            Field::Sigma(name) | Field::Target(name) => name.clone(),
        }
    }
}

/// A question about one value. Each is true or false, and false where the value is not of the kind asked about.
#[derive(Clone, Debug, PartialEq)]
pub enum Test<S: Stage> {
    /// The whole text matches. Numbers and booleans have the text that JSON gives them.
    Text {
        /// The text, with wildcards.
        pattern: Pattern,
        /// Whether case counts.
        case: Case,
    },
    /// Some part of the text matches.
    Regex(Arc<Regex>),
    /// The value is a number, or the decimal text of one, and compares so.
    Number {
        /// How.
        comparison: Comparison,
        /// To what.
        number: Number,
    },
    /// A part of the value, a point in time, compares so. The part is that of UTC, a week one of ISO 8601; see
    /// [`crate::eval`] for what text is a point in time.
    Time {
        /// Which part.
        part: TimePart,
        /// How.
        comparison: Comparison,
        /// To what.
        number: Number,
    },
    /// The value is an IP address in this network. IPv4-mapped IPv6 addresses count as IPv4.
    Cidr(IpNet),
    /// The value relates so to some value of another field, both present.
    Field {
        /// How.
        operator: FieldOperator,
        /// To which field.
        other: S::Field,
        /// Whether case counts.
        case: Case,
    },
    /// The field has a value (`true`), or has none (`false`). The empty text is a value; an explicit null is none.
    Exists(bool),
}

/// Whether case counts. Folding is of ASCII letters only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Case {
    Sensitive,
    Insensitive,
}

/// How a number compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A number that a rule wrote.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole one.
    Integer(i64),
    /// A finite decimal one.
    Decimal(f64),
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Number::Integer(number) => write!(f, "{number}"),
            Number::Decimal(number) => write!(f, "{number}"),
        }
    }
}

/// How two fields relate, as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FieldOperator {
    Equals,
    StartsWith,
    EndsWith,
    Contains,
}

/// A part of a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum TimePart {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl TimePart {
    /// `minute`, `hour`, …: as the modifier is called.
    pub fn name(self) -> &'static str {
        match self {
            TimePart::Minute => "minute",
            TimePart::Hour => "hour",
            TimePart::Day => "day",
            TimePart::Week => "week",
            TimePart::Month => "month",
            TimePart::Year => "year",
        }
    }

    /// The numbers that it can be. The specification ends weeks at 52, but some years have one more.
    pub fn range(self) -> std::ops::RangeInclusive<i64> {
        match self {
            TimePart::Minute => 0..=59,
            TimePart::Hour => 0..=23,
            TimePart::Day => 1..=31,
            TimePart::Week => 1..=53,
            TimePart::Month => 1..=12,
            TimePart::Year => 1..=9999,
        }
    }
}
