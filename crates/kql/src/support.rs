//! What KQL has of what a rule can ask.

use rulecast_backend::{Feature, Support};
use rulecast_rule::ast::CorrelationKind;

/// Total: a new feature does not compile until it is answered here.
pub(crate) fn support(feature: Feature) -> Support {
    match feature {
        Feature::Text | Feature::CasedText | Feature::Regex | Feature::Union | Feature::Classification => {
            Support::Native
        }
        Feature::Number | Feature::Output => Support::Native,
        Feature::Wildcard => Support::Emulated("`startswith` and `endswith` with `strlen`, or a regex"),
        Feature::Cidr => {
            Support::Emulated("`ipv6_is_match`, which takes both families, and false for what is no address")
        }
        Feature::Exists => Support::Emulated("`isnotempty`: a string column cannot tell empty from missing"),
        Feature::FieldComparison => {
            Support::Emulated("an operator between columns, where the column compared with has a value")
        }
        Feature::Keyword => Support::Emulated("a test of every column; the raw message is not among them"),
        Feature::Sequence => Support::Emulated("inner joins in order, then the latest start and the first completion"),
        Feature::SequenceUntil => Support::Emulated("an outer join that counts the ending events in between"),
        Feature::TimePart => Support::Native,
        Feature::Placeholder => Support::Unsupported("a placeholder needs values"),
        Feature::Chain => Support::Unsupported("a correlation as a step of another is not lowered yet"),
        Feature::Correlation(kind) => Support::Unsupported(match kind {
            CorrelationKind::EventCount => "`event_count` correlations are not lowered yet",
            CorrelationKind::ValueCount => "`value_count` correlations are not lowered yet",
            CorrelationKind::Temporal => "`temporal` correlations are not lowered yet",
            CorrelationKind::TemporalOrdered => {
                "`temporal_ordered` correlations without an order of steps are not lowered yet"
            }
            CorrelationKind::ValueSum => "`value_sum` correlations are not lowered yet",
            CorrelationKind::ValueAvg => "`value_avg` correlations are not lowered yet",
            CorrelationKind::ValuePercentile => "`value_percentile` correlations are not lowered yet",
            CorrelationKind::ValueMedian => "`value_median` correlations are not lowered yet",
        }),
    }
}
