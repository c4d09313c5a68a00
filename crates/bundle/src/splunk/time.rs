//! When a saved search runs, and over which events.

use crate::schedule::Timing;
use std::fmt::{self, Display, Formatter};

/// A schedule in the form of cron, which has no step that does not divide the next unit: its runs are never further apart
/// than was asked, and where that does not fit, sometimes closer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cron {
    seconds: u64,
}

impl Cron {
    /// For so many seconds between runs; nothing below a minute.
    pub(super) fn every(seconds: u64) -> Option<Self> {
        (seconds >= 60).then_some(Self { seconds })
    }
}

impl Display for Cron {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (minutes, hours, days) = (self.seconds / 60, self.seconds / 3600, self.seconds / 86_400);
        match (minutes, hours, days) {
            (1, ..) => f.write_str("* * * * *"),
            (2..=59, ..) => write!(f, "*/{minutes} * * * *"),
            (_, 1, _) => f.write_str("0 * * * *"),
            (_, 2..=23, _) => write!(f, "0 */{hours} * * *"),
            (_, _, 1) => f.write_str("0 0 * * *"),
            // Months end: the last run of one and the first of the next are closer.
            (.., days) => write!(f, "0 0 */{} * *", days.min(15)),
        }
    }
}

/// From when to when a run searches: each event is in one run of a search for single events, if runs are as far apart as
/// asked. What was said beyond the interval is time for events to be indexed in.
///
/// A search for several events sees all of what it looks back on, and may find a match twice.
pub(super) fn window(timing: Timing) -> (String, String) {
    let ago = |seconds: u64| if seconds == 0 { "now".to_owned() } else { format!("-{}m@m", seconds.div_ceil(60)) };
    let late = if timing.timespan == 0 { timing.lookback.saturating_sub(timing.every) / 60 * 60 } else { 0 };
    (ago(timing.lookback), ago(late))
}

/// Seconds from 1970 to the start of a day of the Gregorian calendar, in UTC.
pub(super) fn seconds(date: rulecast_rule::ast::Date) -> i64 {
    // Years that begin in March end with the leap day.
    let (year, month) = (i64::from(date.year) - i64::from(date.month < 3), i64::from(date.month));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(date.day) - 1;
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year;
    // From the first of March of the year 0 to 1970.
    (days - 719_468) * 86_400
}

#[cfg(test)]
mod tests {
    use super::{Cron, seconds, window};
    use crate::schedule::Timing;
    use rulecast_rule::ast::Date;

    #[test]
    fn runs_are_never_further_apart_than_asked() {
        let cron = |seconds| Cron::every(seconds).map(|cron| cron.to_string());
        assert_eq!(cron(59), None);
        let all = [60, 90, 300, 420, 3600, 5400, 7200, 86_400, 90_000, 40 * 86_400].map(|one| cron(one).unwrap());
        insta::assert_snapshot!(all.join("\n"), @r"
        * * * * *
        * * * * *
        */5 * * * *
        */7 * * * *
        0 * * * *
        0 * * * *
        0 */2 * * *
        0 0 * * *
        0 0 * * *
        0 0 */15 * *
        ");
    }

    #[test]
    fn single_events_are_searched_once() {
        let timing = |every, lookback, timespan| Timing { every, lookback, timespan, max_alerts: 100 };
        let of = |timing| window(timing);
        assert_eq!(of(timing(300, 540, 0)), ("-9m@m".to_owned(), "-4m@m".to_owned()));
        assert_eq!(of(timing(300, 300, 0)), ("-5m@m".to_owned(), "now".to_owned()));
        assert_eq!(of(timing(300, 540, 60)), ("-9m@m".to_owned(), "now".to_owned()));
        let date = |year, month, day| seconds(Date { year, month, day });
        assert_eq!((date(1970, 1, 1), date(2000, 2, 29), date(2026, 11, 22)), (0, 951_782_400, 1_795_305_600));
    }
}
