//! How often a rule runs on a platform, and how far each run looks back.
//!
//! A rule says it in `schedule`; else it runs every five minutes, or every half of its time span where that is longer.
//! Events are indexed late: without a word of the rule, a run looks back four minutes more than it must.

use crate::package::LeftOut;
use crate::{BundledRule, Content};

/// Seconds.
const MINUTE: u64 = 60;
/// Between runs, unless the rule says so.
const EVERY: u64 = 5 * MINUTE;
/// For events that are indexed late.
const LATE: u64 = 4 * MINUTE;
/// What both Kibana and detection-rules take where nothing is said.
const ALERTS: u32 = 100;

/// When a rule runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timing {
    /// Seconds between runs.
    pub(crate) every: u64,
    /// Seconds that a run looks back.
    pub(crate) lookback: u64,
    /// Seconds that lie between the first and the last event of a match; none for one event.
    pub(crate) timespan: u64,
    /// What a run may raise.
    pub(crate) max_alerts: u32,
}

impl Timing {
    /// That of a rule.
    pub(crate) fn of(rule: &BundledRule) -> Self {
        let timespan = rule.kind.timespan().unwrap_or(0);
        let Some(schedule) = &rule.metadata.0.schedule else {
            let every = EVERY.max(timespan.div_ceil(2).next_multiple_of(MINUTE));
            let lookback = every + timespan.next_multiple_of(MINUTE) + LATE;
            return Self { every, lookback, timespan, max_alerts: ALERTS };
        };
        Self {
            every: schedule.every.node,
            lookback: schedule.lookback.node,
            timespan,
            max_alerts: schedule.max_alerts.as_ref().map_or(ALERTS, |alerts| alerts.node),
        }
    }

    /// How far a run must look back, lest a match that began before one run and ended behind it be seen by none.
    pub(crate) fn needed(self) -> u64 {
        self.every + self.timespan
    }

    /// What a platform would lose where a rule says too little.
    pub(crate) fn too_short(self, rule: (usize, &BundledRule), target: &str) -> Option<LeftOut> {
        let schedule = rule.1.metadata.0.schedule.as_ref().filter(|_| self.lookback < self.needed())?;
        let (every, timespan, needed) = (span(self.every), span(self.timespan), span(self.needed()));
        let message = if self.timespan == 0 {
            format!("a run each {every} looks back {}, and misses what happens in between", span(self.lookback))
        } else {
            let lookback = span(self.lookback);
            format!("a run each {every} looks back {lookback}, and misses matches of up to {timespan} across two runs")
        };
        let left_out = LeftOut::platform(rule, target, message).at(schedule.lookback.span);
        Some(left_out.help(format!("`lookback: {needed}` would do, and more for events that are indexed late")))
    }
}

/// A number of seconds in the largest unit of which it is a whole number: `9m`, `90s`, `1d`.
pub(crate) fn span(seconds: u64) -> String {
    let units = [(86_400, 'd'), (3600, 'h'), (MINUTE, 'm')];
    let unit = units.into_iter().find(|(length, _)| seconds != 0 && seconds.is_multiple_of(*length));
    let (length, letter) = unit.unwrap_or((1, 's'));
    format!("{}{letter}", seconds / length)
}

/// The people that a rule names, or the publisher.
pub(crate) fn authors<'c>(content: &'c Content, rule: &'c BundledRule) -> Vec<&'c str> {
    let named = rule.metadata.0.author.iter().flat_map(|author| author.node.split(','));
    let named: Vec<&str> = named.map(str::trim).filter(|author| !author.is_empty()).collect();
    if named.is_empty() { vec![&content.identity.author] } else { named }
}

/// A text in one line: white space and control characters are single spaces.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{one_line, span};

    #[test]
    fn seconds_are_told_in_whole_units() {
        let all = [0, 59, 60, 90, 540, 3600, 86_400, 90_000].map(span);
        assert_eq!(all.join(" "), "0s 59s 1m 90s 9m 1h 1d 25h");
        assert_eq!(one_line(" a\n\tb\u{1b}[31m  c\\ "), "a b [31m c\\");
    }
}
