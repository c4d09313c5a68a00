//! A rule: events, sequences, correlations and classes.

use crate::{Column, Field, LogSource, Logic, Metadata, Name, Predicate, Source};
use rulecast_diagnostics::Span;
use rulecast_rule::ast::{CorrelationKind, Operator};
use std::fmt::Debug;
use std::sync::Arc;

/// How far a rule has come. A backend takes only [`Mapped`] rules: an unmapped one does not type-check.
pub trait Stage: Clone + Debug + PartialEq {
    /// What a test is about.
    type Field: Clone + Debug + PartialEq;
    /// What a rule reads.
    type Source: Clone + Debug + PartialEq;
}

/// Resolved, over Sigma's log sources and fields.
#[derive(Clone, Debug, PartialEq)]
pub enum Sigma {}

/// Mapped, over the sources and columns of one data model.
#[derive(Clone, Debug, PartialEq)]
pub enum Mapped {}

impl Stage for Sigma {
    type Field = Field;
    type Source = LogSource;
}

impl Stage for Mapped {
    type Field = Arc<Column>;
    type Source = Arc<Source>;
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule<S: Stage> {
    /// Title, id, level and the rest of what the rule says of itself.
    pub metadata: Arc<Metadata>,
    /// What makes it fire.
    pub body: Body<S>,
    /// What the analyst sees, if the rule says so.
    pub output: Option<Output<S>>,
    /// The whole document.
    pub span: Span,
}

/// What makes a rule fire.
#[derive(Clone, Debug, PartialEq)]
pub enum Body<S: Stage> {
    /// One event.
    Event(Event<S>),
    /// Events in order.
    Sequence(Sequence<S>),
    /// A number of events, or of values in them.
    Correlation(Correlation<S>),
}

/// Any event that one of the arms matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Event<S: Stage> {
    /// At least one. Several come from a union over log sources, or from a log source that several sources serve.
    pub arms: Vec<Arm<S>>,
    /// The classes of a match.
    pub classification: Option<Classification<S>>,
}

/// Events of one source that satisfy a predicate.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm<S: Stage> {
    /// Where the events come from.
    pub source: S::Source,
    /// What they must satisfy, apart from the source's own scope.
    pub predicate: Predicate<S>,
}

/// Ordered branches; the first that holds names the event.
#[derive(Clone, Debug, PartialEq)]
pub struct Classification<S: Stage> {
    /// In order; at least one.
    pub branches: Vec<Branch<S>>,
    /// The name where no branch holds.
    pub otherwise: Option<Name>,
    /// Where the rule says so.
    pub span: Span,
}

/// One class.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch<S: Stage> {
    /// What a match is called.
    pub name: Name,
    /// The branch holds of an event that one of these matches. Each implies the rule's own predicate, so that a query of
    /// the branch alone needs nothing else.
    pub arms: Vec<Arm<S>>,
    /// Overrides the rule's level.
    pub level: Option<rulecast_rule::ast::Level>,
    /// Where the rule says so.
    pub span: Span,
}

/// Events in order, with equal keys, the last at most `timespan` after the first. Without keys, all events are one group.
///
/// Meaning: the newest start wins, each start is used once, and the bound is inclusive.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence<S: Stage> {
    /// In order; at least two.
    pub steps: Vec<Step<S>>,
    /// What the keys are called, in order; each step has as many.
    pub keys: Vec<Name>,
    /// Seconds from the first event to the last.
    pub timespan: u64,
    /// An event that ends a sequence begun before it.
    pub until: Option<Box<Step<S>>>,
    /// Where the rule says so.
    pub span: Span,
}

/// One step of a sequence, or one member of a correlation.
#[derive(Clone, Debug, PartialEq)]
pub struct Step<S: Stage> {
    /// The name of the rule it comes from.
    pub name: Name,
    /// What fires it.
    pub body: Body<S>,
    /// The fields that hold the keys here, in the order of [`Sequence::keys`].
    pub keys: Vec<Key<S>>,
    /// Where the rule names it.
    pub span: Span,
}

/// A key of one step: a field that must have exactly one value, compared with case.
#[derive(Clone, Debug, PartialEq)]
pub struct Key<S: Stage> {
    /// The field; several columns form one key together (name and domain of a user).
    pub fields: Vec<S::Field>,
    /// Where the rule says so.
    pub span: Span,
}

/// A measure over the events of its members within a sliding window.
///
/// It is asked at every event of a member, in order of time, then id. The window is that event and those before it with
/// the same keys, at most `timespan` older, the bound included. Where the measure satisfies all thresholds, or the
/// condition holds, the correlation fires at that event, which alone tells one firing from another.
/// `docs/decisions/0008-when-a-correlation-fires.md` has the reasons.
///
/// The plain `temporal_ordered`, which needs all its members, is a [`Sequence`] and never stands here.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation<S: Stage> {
    /// What is measured.
    pub measure: Measure<S>,
    /// Whose events; a correlation or a sequence as member stands for the events that complete it.
    pub members: Vec<Step<S>>,
    /// What the keys are called; empty means one global group.
    pub keys: Vec<Name>,
    /// The window, in seconds.
    pub timespan: u64,
    /// All must hold of the measure. At least one, unless there is a condition.
    pub thresholds: Vec<Threshold>,
    /// In place of thresholds, for the temporal kinds: over the members, by their place in `members`. A member is true
    /// where an event of it is in the window; for `temporal_ordered`, see [`Measure::kind`].
    pub condition: Option<Logic<usize>>,
    /// Where the rule says so.
    pub span: Span,
}

/// What a correlation measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure<S: Stage> {
    /// Its type, which says what is measured:
    ///
    /// * `event_count`: the events; one that several members match counts once.
    /// * `value_count`: the different values of the field, as texts with case, or the different combinations of several
    ///   fields. An event without a value adds none, so that the measure may be 0.
    /// * `value_sum`, `value_avg`, `value_percentile`, `value_median`: the numbers in the field; other values are
    ///   ignored. A window without any number has no measure, which satisfies nothing, not even `neq`. The percentile is
    ///   the nearest rank: of `n` numbers in order the one at `⌈percentile / 100 · n⌉`, or the first; the median is the
    ///   50th.
    /// * `temporal`: the different members that have an event in the window.
    /// * `temporal_ordered`: the most members of which events of the window follow one another strictly, in the order of
    ///   the members, the last being the event at which it is asked. Of a condition, the members that are not negated
    ///   follow one another so, and those that are have no event in the window.
    pub kind: CorrelationKind,
    /// The fields it is about, per member, in the order of the members; empty where it is about events. Where one field
    /// of the rule is held in several columns, they all stand here.
    pub fields: Vec<Vec<S::Field>>,
    /// For `value_percentile`, 0 to 100.
    pub percentile: Option<f64>,
}

/// A bound of a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// How it compares.
    pub operator: Operator,
    /// To what.
    pub value: f64,
}

impl Threshold {
    /// Whether a measure satisfies it.
    #[expect(clippy::float_cmp, reason = "`eq` means this very number")]
    pub fn holds(&self, measure: f64) -> bool {
        match self.operator {
            Operator::Gt => measure > self.value,
            Operator::Gte => measure >= self.value,
            Operator::Lt => measure < self.value,
            Operator::Lte => measure <= self.value,
            Operator::Eq => measure == self.value,
            Operator::Neq => measure != self.value,
        }
    }

    /// Whether it asks for one event or more: `gte: 1`, `gt: 0`.
    pub fn is_any_event(&self) -> bool {
        let least = match self.operator {
            Operator::Gte => 1.0,
            Operator::Gt => 0.0,
            Operator::Lt | Operator::Lte | Operator::Eq | Operator::Neq => return false,
        };
        (self.value - least).abs() < f64::EPSILON
    }
}

/// What the analyst sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Output<S: Stage> {
    /// In order.
    pub fields: Vec<OutputField<S>>,
    /// In order; `true` for the largest first.
    pub sort: Vec<(OutputField<S>, bool)>,
}

/// One column of the output.
#[derive(Clone, Debug, PartialEq)]
pub enum OutputField<S: Stage> {
    /// When the event happened.
    Time,
    /// Its class.
    Class,
    /// A field.
    Field(S::Field),
}
