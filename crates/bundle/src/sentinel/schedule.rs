//! How often a rule runs, and how far it looks back.
//!
//! Every 5 minutes to every 14 days, by the rule's `schedule`, else hourly. A run looks back as far as the rule says, but
//! at least as far as the run before plus the time that a sequence or correlation spans: nothing may fall between two runs.
//! A rule that looks back two days or more runs hourly at most: more often the platform does not allow.

use crate::BundledRule;
use rulecast_diagnostics::Span;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const SHORTEST: u64 = 5 * MINUTE;
const LONGEST: u64 = 14 * DAY;

/// Whole minutes, as seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Schedule {
    pub(super) frequency: Duration,
    pub(super) period: Duration,
}

/// A length of time in whole minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Duration(u64);

impl Duration {
    /// As templates write it: `90m`, `1h`, `14d`.
    pub(super) fn short(self) -> String {
        let (number, unit) = self.parts();
        format!("{number}{}", unit.to_ascii_lowercase())
    }

    /// As ISO 8601 writes it: `PT90M`, `PT1H`, `P14D`.
    pub(super) fn iso(self) -> String {
        let (number, unit) = self.parts();
        format!("P{}{number}{unit}", if unit == 'D' { "" } else { "T" })
    }

    fn parts(self) -> (u64, char) {
        match self.0 {
            seconds if seconds.is_multiple_of(DAY) => (seconds / DAY, 'D'),
            seconds if seconds.is_multiple_of(HOUR) => (seconds / HOUR, 'H'),
            seconds => (seconds / MINUTE, 'M'),
        }
    }
}

/// The schedule of a rule; or why the platform cannot keep it, and where the rule says so.
pub(super) fn of(rule: &BundledRule) -> Result<Schedule, (String, Span)> {
    let written = rule.metadata.0.schedule.as_ref();
    let every = written.map_or(HOUR, |schedule| schedule.every.node);
    let lookback = written.map_or(0, |schedule| schedule.lookback.node);
    let timespan = rule.kind.timespan().unwrap_or_default();
    let mut frequency = every.clamp(SHORTEST, LONGEST) / MINUTE * MINUTE;
    let period =
        |frequency: u64| lookback.max(frequency.saturating_add(timespan)).div_ceil(MINUTE).saturating_mul(MINUTE);
    if period(frequency) >= 2 * DAY {
        frequency = frequency.max(HOUR);
    }
    let period = period(frequency);
    if period <= LONGEST {
        return Ok(Schedule { frequency: Duration(frequency), period: Duration(period) });
    }
    let long = Duration(period).short();
    let span = written.filter(|schedule| schedule.lookback.node > LONGEST).map(|schedule| schedule.lookback.span);
    let message = format!("a run would look back {long}, and 14 days are allowed: a run and what the rule spans");
    Err((message, span.unwrap_or(rule.span)))
}
