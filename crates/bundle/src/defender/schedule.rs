//! How often a detection runs.
//!
//! Every 1, 3, 12 or 24 hours, and each run looks back 4, 12, 48 hours or 30 days: further than the run before, so that a
//! sequence or correlation must fit into what is more. The frequency is the rarest that is no rarer than the rule's own,
//! or the most frequent one, unless the rule spans too much for it.
//!
//! Source: learn.microsoft.com/defender-xdr/custom-detection-rules, "Rule frequency".

use crate::BundledRule;

const HOUR: u64 = 3600;
/// Hours between runs, as the API writes them, and hours that a run looks back.
const FREQUENCIES: [(u64, &str, u64); 4] = [(1, "PT1H", 4), (3, "PT3H", 12), (12, "PT12H", 48), (24, "P1D", 30 * 24)];

/// The frequency of a rule; or why there is none.
pub(super) fn of(rule: &BundledRule) -> Result<&'static str, String> {
    let every = rule.metadata.0.schedule.as_ref().map_or(HOUR, |schedule| schedule.every.node);
    let timespan = rule.kind.timespan().unwrap_or_default();
    let start = FREQUENCIES.iter().rposition(|(hours, ..)| hours * HOUR <= every).unwrap_or(0);
    let fits = |(hours, _, lookback): &&(u64, &str, u64)| timespan <= (lookback - hours) * HOUR;
    let found = FREQUENCIES[start..].iter().find(fits).map(|(_, text, _)| *text);
    found.ok_or_else(|| format!("the rule spans {} hours, and no run looks back 30 days and more", timespan / HOUR))
}
