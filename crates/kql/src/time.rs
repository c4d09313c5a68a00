//! Points and lengths of time, in units of 100 ns ("ticks"), as text.
//!
//! Source: the reference's pages on `datetime` and `timespan`. Read are ISO 8601 with `T` or a space, a fraction of up to
//! seven digits, and `Z` or an offset; days without a time; and lengths as `number unit` or `[-][d.]hh:mm[:ss[.f]]`. Years
//! 1 to 9999. Not read: month names.

use rulecast_ir::calendar::{civil, days_of};

/// Ticks of a second.
pub(crate) const SECOND: i64 = 10_000_000;
/// Ticks of a day.
pub(crate) const DAY: i64 = 86_400 * SECOND;

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<i64> {
    (digits.contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit())).then(|| text.parse().ok())?
}

/// `hh:mm[:ss[.f]]` in ticks.
fn clock(text: &str, hours: std::ops::Range<i64>) -> Option<i64> {
    let mut parts = text.split(':');
    let hour = number(parts.next()?, 1..=2).filter(|hour| hours.contains(hour))?;
    let minute = number(parts.next()?, 1..=2).filter(|minute| *minute < 60)?;
    let (seconds, fraction) = match parts.next() {
        None => (0, 0),
        Some(text) => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
            let digits = number(fraction, 1..=7)?;
            let scale = 10_i64.pow(7 - u32::try_from(fraction.len()).ok()?);
            (number(whole, 1..=2).filter(|second| *second < 60)?, digits * scale)
        }
    };
    parts.next().is_none().then_some((hour * 3600 + minute * 60 + seconds) * SECOND + fraction)
}

/// A point in time, in ticks since 1970.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let mut parts = date.split('-');
    let year = number(parts.next()?, 4..=4).filter(|year| *year > 0)?;
    let month = number(parts.next()?, 2..=2)?;
    let day = number(parts.next()?, 2..=2)?;
    let days = days_of(year, month, day);
    if !(1..=12).contains(&month) || civil(days) != (year, month, day) {
        return None;
    }
    if rest.is_empty() || rest == "Z" {
        return Some(days * DAY);
    }
    let rest = rest.strip_prefix(['T', ' '])?;
    let (time, offset) = if let Some(time) = rest.strip_suffix('Z') {
        (time, 0)
    } else if let Some(at) = rest.find(['+', '-']) {
        let offset = clock(&rest[at + 1..], 0..15)?;
        (&rest[..at], if rest[at..].starts_with('-') { -offset } else { offset })
    } else {
        (rest, 0)
    };
    Some(days * DAY + clock(time.trim_end(), 0..24)? - offset)
}

/// As the language shows it: `2026-01-31T10:00:00.0000000Z`.
pub(crate) fn show(ticks: i64) -> String {
    let (year, month, day) = civil(ticks.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}T{}Z", show_clock(ticks.rem_euclid(DAY), true))
}

fn show_clock(ticks: i64, fraction: bool) -> String {
    let seconds = ticks / SECOND;
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction || ticks % SECOND != 0 { format!("{clock}.{:07}", ticks % SECOND) } else { clock }
}

/// A length of time as the language shows it: `1.02:03:04`, `-00:00:30`.
pub(crate) fn show_span(ticks: i64) -> String {
    let sign = if ticks < 0 { "-" } else { "" };
    let ticks = ticks.unsigned_abs();
    let day = DAY.unsigned_abs();
    let days = if ticks >= day { format!("{}.", ticks / day) } else { String::new() };
    format!("{sign}{days}{}", show_clock(i64::try_from(ticks % day).unwrap_or_default(), false))
}

/// A length of time, in ticks.
pub(crate) fn parse_span(text: &str) -> Option<i64> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let ticks = if text.contains(':') {
        let (days, rest) = match text.split_once('.') {
            Some((days, rest)) if !days.contains(':') => (number(days, 1..=8)?, rest),
            _ => (0, text),
        };
        days.checked_mul(DAY)?.checked_add(clock(rest, 0..24)?)?
    } else {
        let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let unit = match &text[end..] {
            "" | "d" | "day" | "days" => DAY,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3600 * SECOND,
            "m" | "min" | "minute" | "minutes" => 60 * SECOND,
            "s" | "sec" | "second" | "seconds" => SECOND,
            "ms" | "milli" | "millis" | "millisecond" | "milliseconds" => SECOND / 1000,
            "micro" | "micros" | "microsecond" | "microseconds" => SECOND / 1_000_000,
            "tick" | "ticks" => 1,
            _ => return None,
        };
        let (whole, fraction) = text[..end].split_once('.').unwrap_or((&text[..end], "0"));
        let scale = 10_i64.pow(u32::try_from(fraction.len()).ok()?.min(12));
        let whole = number(whole, 1..=18)?.checked_mul(unit)?;
        whole.checked_add(number(fraction, 1..=12)?.checked_mul(unit)? / scale)?
    };
    Some(if negative { -ticks } else { ticks })
}

#[cfg(test)]
mod tests {
    use super::{DAY, SECOND, parse, parse_span, show, show_span};

    #[test]
    fn points_in_time_are_read_and_shown() {
        for (text, shown) in [
            ("1970-01-01", "1970-01-01T00:00:00.0000000Z"),
            ("2026-02-28T23:59:59.5", "2026-02-28T23:59:59.5000000Z"),
            ("2024-02-29 12:30", "2024-02-29T12:30:00.0000000Z"),
            ("2000-01-01T00:00:00Z", "2000-01-01T00:00:00.0000000Z"),
            ("2000-01-01T00:00:00+02:00", "1999-12-31T22:00:00.0000000Z"),
            ("0001-01-01", "0001-01-01T00:00:00.0000000Z"),
            ("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"),
        ] {
            assert_eq!(parse(text).map(show).as_deref(), Some(shown), "{text}");
        }
        for text in
            ["", "2026", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-01T24:00", "2026-01-01x", "é026-01-0"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn lengths_of_time_are_read_and_shown() {
        for (text, ticks, shown) in [
            ("30s", 30 * SECOND, "00:00:30"),
            ("1.5h", 5400 * SECOND, "01:30:00"),
            ("2d", 2 * DAY, "2.00:00:00"),
            ("100ms", SECOND / 10, "00:00:00.1000000"),
            ("7ticks", 7, "00:00:00.0000007"),
            ("-5m", -300 * SECOND, "-00:05:00"),
            ("1.02:03:04", DAY + 7384 * SECOND, "1.02:03:04"),
        ] {
            assert_eq!(parse_span(text), Some(ticks), "{text}");
            assert_eq!(show_span(ticks), shown);
        }
        for text in ["", "s", "1x", "999999999999999999d", "1.5.5s", "--1s", "1:2:3:4"] {
            assert_eq!(parse_span(text), None, "{text}");
        }
    }
}
