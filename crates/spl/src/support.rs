//! How SPL meets each feature.

use rulecast_backend::{Feature, Support};
use rulecast_rule::ast::CorrelationKind;

/// The answer for `feature`; the support matrix is made of these.
pub(crate) fn support(feature: Feature) -> Support {
    match feature {
        Feature::Text | Feature::Number | Feature::Cidr | Feature::Exists | Feature::Output => Support::Native,
        Feature::CasedText => Support::Emulated("a regex in a `where` behind the search, which ignores case"),
        Feature::Wildcard => Support::Emulated("`?` is a regex in a `where` behind the search, which lacks it"),
        Feature::Regex => Support::Emulated("`mvfind` in a `where`, behind a search for what the regex requires"),
        Feature::FieldComparison => {
            Support::Emulated("a comparison in a `where`; one field containing another with regard to case is refused")
        }
        Feature::Keyword => Support::Emulated("a search of the raw event"),
        Feature::Union => Support::Emulated("one search for the events of any source, or `multisearch`"),
        Feature::Classification => Support::Emulated("`eval` with `case`"),
        Feature::Sequence => Support::Emulated("one `streamstats` for each step, then `dedup`"),
        Feature::SequenceUntil => Support::Emulated("a `streamstats` that carries the last event that ends a sequence"),
        Feature::TimePart => Support::Emulated("the digits of a time that is text in ISO 8601 and in UTC"),
        Feature::Placeholder => Support::Unsupported("a placeholder needs values"),
        Feature::Chain => {
            Support::Emulated("a field computed by `streamstats` that marks what completes the inner one")
        }
        Feature::Correlation(kind) => Support::Emulated(correlation(kind)),
    }
}

/// How a correlation of that type is computed.
fn correlation(kind: CorrelationKind) -> &'static str {
    match kind {
        CorrelationKind::EventCount => {
            "`streamstats window=` of as many events as the threshold, and the age of the first"
        }
        CorrelationKind::ValueCount => "running totals of values that enter and leave the window",
        CorrelationKind::Temporal => "a `streamstats` that carries the last event of each member",
        CorrelationKind::TemporalOrdered => "a `streamstats` for each step that carries the newest start",
        CorrelationKind::ValueSum | CorrelationKind::ValueAvg => {
            "running totals of numbers that enter and leave the window, compared to a millionth"
        }
        CorrelationKind::ValuePercentile | CorrelationKind::ValueMedian => {
            "running totals of how many numbers in the window are below the threshold"
        }
    }
}
