//! What a rule can ask of a language, and what a language answers.

use rulecast_diagnostics::Span;
use rulecast_ir::{
    Arm, Body, Case, Event, Mapped, Predicate, Refusal, RefusalReason, Rule, Shape, Step, Subject, Test, placeholder,
};
use rulecast_rule::ast::CorrelationKind;

/// Something that a rule can ask of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// Text equal to, starting with, ending with or containing a literal.
    Text,
    /// The same, where case counts.
    CasedText,
    /// Text with wildcards inside.
    Wildcard,
    /// A regex.
    Regex,
    /// A number that equals, or is less or greater.
    Number,
    /// An address within a network.
    Cidr,
    /// A field that has a value, or none.
    Exists,
    /// One field compared with another.
    FieldComparison,
    /// A keyword anywhere in the event.
    Keyword,
    /// A part of a point in time.
    TimePart,
    /// A placeholder that no pipeline has replaced.
    Placeholder,
    /// Events of several sources in one query.
    Union,
    /// A class computed for each match.
    Classification,
    /// Columns and order of the result.
    Output,
    /// Events in order.
    Sequence,
    /// An event that ends a sequence.
    SequenceUntil,
    /// A correlation or sequence as a step of another.
    Chain,
    /// A correlation of that type.
    Correlation(CorrelationKind),
}

impl Feature {
    /// Every feature, in the order of the support matrix.
    pub const ALL: [Feature; 25] = [
        Feature::Text,
        Feature::CasedText,
        Feature::Wildcard,
        Feature::Regex,
        Feature::Number,
        Feature::Cidr,
        Feature::Exists,
        Feature::FieldComparison,
        Feature::Keyword,
        Feature::TimePart,
        Feature::Placeholder,
        Feature::Union,
        Feature::Classification,
        Feature::Output,
        Feature::Sequence,
        Feature::SequenceUntil,
        Feature::Chain,
        Feature::Correlation(CorrelationKind::EventCount),
        Feature::Correlation(CorrelationKind::ValueCount),
        Feature::Correlation(CorrelationKind::Temporal),
        Feature::Correlation(CorrelationKind::TemporalOrdered),
        Feature::Correlation(CorrelationKind::ValueSum),
        Feature::Correlation(CorrelationKind::ValueAvg),
        Feature::Correlation(CorrelationKind::ValuePercentile),
        Feature::Correlation(CorrelationKind::ValueMedian),
    ];

    /// The name, in kebab case, that lists and the support matrix use.
    pub fn name(self) -> &'static str {
        match self {
            Feature::Text => "text",
            Feature::CasedText => "cased-text",
            Feature::Wildcard => "wildcard",
            Feature::Regex => "regex",
            Feature::Number => "number",
            Feature::Cidr => "cidr",
            Feature::Exists => "exists",
            Feature::FieldComparison => "field-comparison",
            Feature::Keyword => "keyword",
            Feature::TimePart => "time-part",
            Feature::Placeholder => "placeholder",
            Feature::Union => "union",
            Feature::Classification => "classification",
            Feature::Output => "output",
            Feature::Sequence => "sequence",
            Feature::SequenceUntil => "sequence-until",
            Feature::Chain => "chain",
            Feature::Correlation(CorrelationKind::EventCount) => "event-count",
            Feature::Correlation(CorrelationKind::ValueCount) => "value-count",
            Feature::Correlation(CorrelationKind::Temporal) => "temporal",
            Feature::Correlation(CorrelationKind::TemporalOrdered) => "temporal-ordered",
            Feature::Correlation(CorrelationKind::ValueSum) => "value-sum",
            Feature::Correlation(CorrelationKind::ValueAvg) => "value-avg",
            Feature::Correlation(CorrelationKind::ValuePercentile) => "value-percentile",
            Feature::Correlation(CorrelationKind::ValueMedian) => "value-median",
        }
    }

    /// The reason under which its absence is reported.
    pub fn refusal_reason(self) -> RefusalReason {
        match self {
            Feature::Text | Feature::CasedText | Feature::Wildcard => RefusalReason::Value,
            Feature::Regex => RefusalReason::Regex,
            Feature::Number | Feature::Cidr | Feature::Exists => RefusalReason::Type,
            Feature::FieldComparison => RefusalReason::FieldComparison,
            Feature::Keyword => RefusalReason::Keyword,
            Feature::TimePart => RefusalReason::TimePart,
            Feature::Placeholder => RefusalReason::Placeholder,
            Feature::Union | Feature::Classification | Feature::Output => RefusalReason::Correlation,
            Feature::Sequence | Feature::SequenceUntil | Feature::Chain => RefusalReason::Sequence,
            Feature::Correlation(_) => RefusalReason::Correlation,
        }
    }
}

/// How a language meets a [`Feature`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It has it.
    Native,
    /// The same result by another construct; the text says which.
    Emulated(&'static str),
    /// The result may differ; the text says how. The leaf carries the verdict.
    Approximate(&'static str),
    /// Refused; the text says why.
    Unsupported(&'static str),
}

/// Something that a rule asks for.
#[derive(Clone, Debug)]
pub struct Required {
    /// What.
    pub feature: Feature,
    /// Where.
    pub span: Span,
    /// Where it asks for the values of placeholders: what is missing.
    pub unfilled: Option<Refusal>,
}

impl Required {
    fn of(feature: Feature, span: Span) -> Self {
        Self { feature, span, unfilled: None }
    }
}

/// Visits everything that `rule` asks for, with the place that asks.
pub fn for_each_required(rule: &Rule<Mapped>, visit: &mut impl FnMut(Required)) {
    if rule.output.is_some() {
        visit(Required::of(Feature::Output, rule.span));
    }
    body(&rule.body, rule.span, visit);
}

fn body(body: &Body<Mapped>, span: Span, visit: &mut impl FnMut(Required)) {
    match body {
        Body::Event(one) => event(one, span, visit),
        Body::Sequence(sequence) => {
            visit(Required::of(Feature::Sequence, sequence.span));
            steps(&sequence.steps, visit);
            if let Some(until) = &sequence.until {
                visit(Required::of(Feature::SequenceUntil, until.span));
                steps(std::slice::from_ref(until), visit);
            }
        }
        Body::Correlation(correlation) => {
            visit(Required::of(Feature::Correlation(correlation.measure.kind), correlation.span));
            steps(&correlation.members, visit);
        }
    }
}

fn steps(steps: &[Step<Mapped>], visit: &mut impl FnMut(Required)) {
    for step in steps {
        if !matches!(step.body, Body::Event(_)) {
            visit(Required::of(Feature::Chain, step.span));
        }
        body(&step.body, step.span, visit);
    }
}

fn event(event: &Event<Mapped>, span: Span, visit: &mut impl FnMut(Required)) {
    if event.arms.len() > 1 {
        visit(Required::of(Feature::Union, span));
    }
    arms(&event.arms, visit);
    if let Some(classification) = &event.classification {
        visit(Required::of(Feature::Classification, classification.span));
        classification.branches.iter().for_each(|branch| arms(&branch.arms, visit));
    }
}

fn arms(arms: &[Arm<Mapped>], visit: &mut impl FnMut(Required)) {
    arms.iter().for_each(|arm| predicate(&arm.predicate, visit));
}

fn predicate(predicate: &Predicate<Mapped>, visit: &mut impl FnMut(Required)) {
    predicate.for_each(&mut |atom| {
        if atom.subject == Subject::Keyword {
            visit(Required::of(Feature::Keyword, atom.span));
        }
        let unfilled = placeholder::unfilled(&atom.test, atom.span);
        let feature = match &atom.test {
            _ if unfilled.is_some() => Feature::Placeholder,
            Test::Text { case: Case::Sensitive, .. } => Feature::CasedText,
            Test::Text { pattern, .. } if matches!(pattern.shape(), Shape::Glob(_)) => Feature::Wildcard,
            Test::Text { .. } => Feature::Text,
            Test::Regex(_) => Feature::Regex,
            Test::Number { .. } => Feature::Number,
            Test::Time { .. } => Feature::TimePart,
            Test::Cidr(_) => Feature::Cidr,
            Test::Field { .. } => Feature::FieldComparison,
            Test::Exists(_) => Feature::Exists,
        };
        visit(Required { feature, span: atom.span, unfilled });
    });
}
