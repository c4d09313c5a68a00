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
        Feature::Sequence => Support::Emulated(
            "inner joins in order, then the latest start and the first completion; `scan` where the engine has it",
        ),
        Feature::SequenceUntil => Support::Emulated(
            "an outer join that counts the ending events in between; with `scan`, the last one so far",
        ),
        Feature::TimePart => Support::Native,
        Feature::Placeholder => Support::Unsupported("a placeholder needs values"),
        Feature::Chain => {
            Support::Emulated("a correlation or a sequence as a step is the rows of the events that complete it")
        }
        Feature::Correlation(kind) => Support::Emulated(match kind {
            CorrelationKind::EventCount => "rows in order of key and time, and `prev` as many rows back as are counted",
            CorrelationKind::ValueCount => {
                "a join of the events with those of their windows, and a count of the different values in each"
            }
            CorrelationKind::Temporal => {
                "a join of the events with those of their windows, and a count of each member in them"
            }
            CorrelationKind::TemporalOrdered => {
                "inner joins in order for each chain of members, and a count of the negated ones in the window"
            }
            CorrelationKind::ValueSum => "a join of the events with those of their windows, and `sum` over each",
            CorrelationKind::ValueAvg => "a join of the events with those of their windows, and `avg` over each",
            CorrelationKind::ValuePercentile | CorrelationKind::ValueMedian => {
                "a join of the events with those of their windows; the numbers on either side of the bound are counted, \
                 as `percentile` is an estimate"
            }
        }),
    }
}
