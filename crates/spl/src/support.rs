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
        Feature::Chain => Support::Unsupported("a correlation inside another is not lowered yet"),
        Feature::Correlation(kind) => Support::Unsupported(correlation(kind)),
    }
}

/// Why a correlation of that type is not lowered.
pub(crate) fn correlation(kind: CorrelationKind) -> &'static str {
    match kind {
        CorrelationKind::EventCount => "an `event_count` correlation is not lowered yet",
        CorrelationKind::ValueCount => "a `value_count` correlation is not lowered yet",
        CorrelationKind::Temporal => "a `temporal` correlation is not lowered yet",
        CorrelationKind::TemporalOrdered => "a `temporal_ordered` correlation is lowered as a sequence of events only",
        CorrelationKind::ValueSum => "a `value_sum` correlation is not lowered yet",
        CorrelationKind::ValueAvg => "a `value_avg` correlation is not lowered yet",
        CorrelationKind::ValuePercentile => "a `value_percentile` correlation is not lowered yet",
        CorrelationKind::ValueMedian => "a `value_median` correlation is not lowered yet",
    }
}
