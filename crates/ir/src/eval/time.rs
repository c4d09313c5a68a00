//! The parts of a point in time.
//!
//! A value is a point in time where its text is one of ISO 8601 in its extended form: `YYYY-MM-DD`, and behind `T` or a
//! space `hh:mm`, seconds and their fraction where they are known, and `Z` or an offset. Without an offset it is in UTC,
//! and its parts are those of UTC. A date alone has no hour and no minute. A number is no point in time: the
//! specification leaves conversions to others.

use crate::TimePart;
use crate::calendar::{civil, days_of};

const MINUTES_OF_A_DAY: i64 = 24 * 60;

/// A part of the point in time that `text` is.
pub(super) fn part(part: TimePart, text: &str) -> Option<u32> {
    let (days, minutes) = read(text)?;
    let minutes = minutes.map(|minutes| minutes.rem_euclid(MINUTES_OF_A_DAY));
    let number = match part {
        TimePart::Minute => minutes? % 60,
        TimePart::Hour => minutes? / 60,
        TimePart::Day => civil(days).2,
        TimePart::Month => civil(days).1,
        TimePart::Year => civil(days).0,
        TimePart::Week => iso_week(days),
    };
    u32::try_from(number).ok()
}

/// The day since 1970 in UTC, and the minutes of it where there is a time.
fn read(text: &str) -> Option<(i64, Option<i64>)> {
    let (date, rest) = text.split_at_checked(10)?;
    let (year, month, day) = (digits(date, 0..4)?, digits(date, 5..7)?, digits(date, 8..10)?);
    let days = days_of(year, month, day);
    let separated = date.as_bytes()[4] == b'-' && date.as_bytes()[7] == b'-';
    if !separated || year == 0 || civil(days) != (year, month, day) {
        return None;
    }
    if rest.is_empty() {
        return Some((days, None));
    }
    let rest = rest.strip_prefix(['T', ' '])?;
    let (clock, offset) = match rest.find(['Z', '+', '-']) {
        None => (rest, 0),
        Some(at) => (&rest[..at], offset(&rest[at..])?),
    };
    let (minute, seconds) = clock.split_at_checked(5)?;
    let minutes = hours_and_minutes(minute)?;
    let whole_seconds = |text: &str| text.len() == 2 && digits(text, 0..2).is_some_and(|seconds| seconds < 60);
    let fraction = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let known = match seconds.strip_prefix(':') {
        None => seconds.is_empty(),
        Some(seconds) => match seconds.split_once('.') {
            None => whole_seconds(seconds),
            Some((seconds, rest)) => whole_seconds(seconds) && fraction(rest),
        },
    };
    let utc = minutes - offset;
    known.then_some((days + utc.div_euclid(MINUTES_OF_A_DAY), Some(utc)))
}

/// `Z`, `+02:00`: minutes ahead of UTC.
fn offset(text: &str) -> Option<i64> {
    match text.strip_prefix('+') {
        _ if text == "Z" => Some(0),
        Some(ahead) => hours_and_minutes(ahead),
        None => text.strip_prefix('-').and_then(hours_and_minutes).map(|behind| -behind),
    }
}

/// `hh:mm`, in minutes.
fn hours_and_minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = (digits(text, 0..2)?, digits(text, 3..5)?);
    (text.len() == 5 && text.as_bytes()[2] == b':' && hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn digits(text: &str, range: std::ops::Range<usize>) -> Option<i64> {
    let piece = text.get(range)?;
    piece.bytes().all(|byte| byte.is_ascii_digit()).then(|| piece.parse().ok())?
}

/// The week of ISO 8601, which begins on a Monday and belongs to the year of its Thursday. The specification gives a range
/// of 1 to 52 and no more; every week of a year that has 53 is reached so.
fn iso_week(days: i64) -> i64 {
    // 1970 began on a Thursday.
    let thursday = days - (days + 3).rem_euclid(7) + 3;
    (thursday - days_of(civil(thursday).0, 1, 1)) / 7 + 1
}

#[cfg(test)]
mod tests {
    use super::part;
    use crate::TimePart::{Day, Hour, Minute, Month, Week, Year};

    #[test]
    fn parts_are_those_of_utc() {
        for (text, of, expected) in [
            ("2026-11-22 17:05:00", Hour, Some(17)),
            ("2026-11-22T17:05", Minute, Some(5)),
            ("2026-11-22T17:05:59.123456Z", Day, Some(22)),
            ("2026-11-22T17:05:59", Month, Some(11)),
            ("2026-11-22", Year, Some(2026)),
            ("2026-12-31T23:30:00-02:00", Hour, Some(1)),
            ("2026-12-31T23:30:00-02:00", Day, Some(1)),
            ("2026-12-31T23:30:00-02:00", Year, Some(2027)),
            ("2026-01-01T00:10:00+05:30", Hour, Some(18)),
            ("2026-01-01T00:10:00+05:30", Minute, Some(40)),
            ("2026-01-01T00:10:00+05:30", Month, Some(12)),
        ] {
            assert_eq!(part(of, text), expected, "{of:?} of {text}");
        }
    }

    #[test]
    fn what_is_no_time_has_no_parts() {
        for text in [
            "",
            "x",
            "1767225600",
            "2026",
            "2026-02-29",
            "2026-13-01",
            "2026/01/01",
            "2026-01-01x",
            "2026-01-01T24:00",
            "2026-01-01T10",
            "2026-01-01T10:60",
            "2026-01-01T10:00:0",
            "2026-01-01T10:00:00.",
            "2026-01-01T10:00X",
            "2026-01-01T10:00+2",
            "0000-01-01",
            "+026-01-01",
            "\u{e9}026-01-0",
        ] {
            assert_eq!(part(Year, text), None, "{text}");
        }
        assert_eq!(part(Hour, "2026-11-22"), None);
        assert_eq!(part(Minute, "2026-11-22"), None);
    }

    #[test]
    fn weeks_follow_iso_8601() {
        for (text, week) in [
            ("2021-01-03", 53),
            ("2021-01-04", 1),
            ("2024-12-30T10:00:00Z", 1),
            ("2026-11-22", 47),
            ("2026-12-31", 53),
            ("2027-01-03", 53),
            ("2016-01-03", 53),
            ("2018-01-01", 1),
            ("1970-01-01", 1),
        ] {
            assert_eq!(part(Week, text), Some(week), "{text}");
        }
    }
}
