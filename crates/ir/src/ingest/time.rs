//! Points in time, as event logs write them.

use serde_json::Value;

/// Milliseconds since 1970: of a text like `2026-11-22T08:15:30.125Z` (`T` or a space, an offset or none for UTC), or of a
/// number of seconds, which one past 10^11 counts in milliseconds instead. None if it is neither, or beyond all calendars.
pub(super) fn millis(value: &Value) -> Option<i64> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        Value::Number(number) => match number.as_f64()? {
            seconds if seconds.abs() < 1e11 => Some((seconds * 1000.0).round() as i64),
            // Two times further apart than this could not be subtracted.
            millis if millis.abs() < 1e16 => Some(millis as i64),
            _ => None,
        },
        Value::String(text) => of_text(text.trim()),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<i64> {
    let digits = |range: std::ops::Range<usize>| -> Option<i64> {
        let piece = text.get(range)?;
        piece.bytes().all(|byte| byte.is_ascii_digit()).then(|| piece.parse().ok())?
    };
    let separated = |at: usize, by: &[u8]| text.as_bytes().get(at).is_some_and(|byte| by.contains(byte));
    if !(separated(4, b"-") && separated(7, b"-") && separated(10, b"T ") && separated(13, b":") && separated(16, b":"))
    {
        return None;
    }
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let (hour, minute, second) = (digits(11..13)?, digits(14..16)?, digits(17..19)?);
    let mut rest = text.get(19..)?;
    let mut fraction = 0;
    if let Some(behind) = rest.strip_prefix('.') {
        let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        let padded = format!("{:0<3}", &behind[..end]);
        fraction = padded[..3].parse().ok()?;
        rest = &behind[end..];
    }
    let seconds = days(year, month, day)? * 86_400 + hour * 3600 + minute * 60 + second - offset(rest.trim())?;
    Some(seconds * 1000 + fraction)
}

/// Seconds east of UTC: `Z`, `UTC`, nothing, `+02:00`, `-0500`.
fn offset(text: &str) -> Option<i64> {
    let (sign, text) = match text.split_at_checked(1) {
        None => return Some(0),
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        Some(_) => return (text == "Z" || text == "UTC").then_some(0),
    };
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    let number: i64 = digits.parse().ok()?;
    (digits.len() == 4).then_some(sign * (number / 100 * 3600 + number % 100 * 60))
}

/// Days from 1 January 1970 in the proleptic Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334].get(usize::try_from(month - 1).ok()?)?;
    let leaps = |year: i64| year / 4 - year / 100 + year / 400;
    // The leap day of this year counts from March on.
    let last = if month > 2 { year } else { year - 1 };
    Some((year - 1970) * 365 + leaps(last) - leaps(1969) + before + day - 1)
}

#[cfg(test)]
mod tests {
    use super::millis;

    #[test]
    fn times_are_read_as_logs_write_them() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29 12:00:00", Some(951_825_600_000)),
            ("2025-10-24T23:41:48.497170Z", Some(1_761_349_308_497)),
            ("2025-10-24 23:41:48.4", Some(1_761_349_308_400)),
            ("2025-10-25T01:41:48.482+02:00", Some(1_761_349_308_482)),
            ("2025-10-24T18:41:48-0500", Some(1_761_349_308_000)),
            ("2024-12-31T23:59:59.9999999Z", Some(1_735_689_599_999)),
            ("2025-13-24T23:41:48Z", None),
            ("24.10.2025 23:41:48", None),
            ("2025-10-24", None),
            ("", None),
        ] {
            assert_eq!(millis(&text.into()), expected, "{text}");
        }
        assert_eq!(millis(&1_761_349_308.5.into()), Some(1_761_349_308_500));
        assert_eq!(millis(&1_761_349_308_497_i64.into()), Some(1_761_349_308_497));
        assert_eq!(millis(&1e300.into()), None);
        assert_eq!(millis(&i64::MIN.into()), None);
        assert_eq!(millis(&true.into()), None);
    }
}
