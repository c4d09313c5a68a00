//! What EQL has, what it lacks, and how the difference is met.

use rulecast_backend::{Feature, Support};
use rulecast_rule::ast::CorrelationKind;

pub(crate) fn support(feature: Feature) -> Support {
    match feature {
        Feature::Text | Feature::CasedText | Feature::Number | Feature::Cidr | Feature::Exists => Support::Native,
        Feature::Wildcard => Support::Native,
        Feature::Regex => Support::Emulated("rewritten to a Lucene regex of the whole value"),
        Feature::FieldComparison => Support::Unsupported("a field cannot be compared with another field"),
        Feature::Keyword => Support::Unsupported("a whole event cannot be searched for a keyword"),
        Feature::TimePart => Support::Unsupported("there is no function for a part of a time"),
        Feature::Placeholder => Support::Unsupported("a placeholder needs values"),
        Feature::Union => Support::Emulated("`any where`, each source with its own event category"),
        Feature::Classification => Support::Emulated("a query for the rule, and one, disjoint, for each class"),
        Feature::Output => Support::Emulated("shown by the platform, not by the query"),
        Feature::Sequence | Feature::SequenceUntil => Support::Native,
        Feature::Chain => Support::Unsupported("a sequence cannot be a step of another"),
        Feature::Correlation(kind) => match kind {
            CorrelationKind::EventCount => Support::Emulated("`with runs`, for at least so many events, up to 100"),
            CorrelationKind::ValueCount => Support::Unsupported("distinct values cannot be counted"),
            CorrelationKind::Temporal => Support::Unsupported(
                "events in any order cannot be asked for: a sequence has one order, and `sample` no time span",
            ),
            CorrelationKind::TemporalOrdered => Support::Unsupported(
                "some of its rules, or the absence of one, cannot be asked for: a sequence needs all its steps",
            ),
            CorrelationKind::ValueSum => Support::Unsupported("values cannot be added up"),
            CorrelationKind::ValueAvg => Support::Unsupported("values cannot be averaged"),
            CorrelationKind::ValuePercentile => Support::Unsupported("percentiles cannot be computed"),
            CorrelationKind::ValueMedian => Support::Unsupported("medians cannot be computed"),
        },
    }
}
