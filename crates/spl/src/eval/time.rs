//! Times as text: `strftime` and `strptime`.
//!
//! Source: Search Reference, "Date and time format variables". Both are in UTC here, in Splunk in the user's time zone.

use super::EvalError;
use rulecast_ir::calendar::{civil, days_of};
use std::fmt::Write;

/// A time in seconds since 1970, in UTC.
pub(super) fn strftime(time: f64, format: &str) -> Result<String, EvalError> {
    /// The years 0 to 9999, in seconds since 1970.
    const YEARS: std::ops::Range<f64> = -62_167_219_200.0..253_402_300_800.0;
    if !YEARS.contains(&time) {
        return Err(EvalError::Unsupported("strftime of a time beyond the years 0 to 9999".into()));
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    let seconds = time.floor() as i64;
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let written = match chars.next() {
            Some('%') => write!(out, "%"),
            Some('Y') => write!(out, "{year:04}"),
            Some('m') => write!(out, "{month:02}"),
            Some('d') => write!(out, "{day:02}"),
            Some('H') => write!(out, "{:02}", of_day / 3600),
            Some('M') => write!(out, "{:02}", of_day / 60 % 60),
            Some('S') => write!(out, "{:02}", of_day % 60),
            Some('s') => write!(out, "{seconds}"),
            // 1970 began on a Thursday.
            Some('w') => write!(out, "{}", (days + 4).rem_euclid(7)),
            Some('j') => write!(out, "{:03}", days - days_of(year, 1, 1) + 1),
            Some('F') => write!(out, "{year:04}-{month:02}-{day:02}"),
            Some('T') => write!(out, "{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60),
            other => {
                let other = other.map(String::from).unwrap_or_default();
                return Err(EvalError::Unsupported(format!("strftime with `%{other}`")));
            }
        };
        written.expect("a String takes all text");
    }
    Ok(out)
}

/// The time that a text is, in seconds since 1970, in UTC; `None` where it is not as the format says.
///
/// Unchecked: that every part must have all its digits, and that nothing may stand behind them.
pub(super) fn strptime(text: &str, format: &str) -> Result<Option<f64>, EvalError> {
    let (mut year, mut month, mut day, mut of_day) = (1970, 1, 1, 0);
    let mut rest = text;
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            let Some(after) = rest.strip_prefix(c) else { return Ok(None) };
            rest = after;
            continue;
        }
        let wanted = chars.next();
        if !matches!(wanted, Some('Y' | 'm' | 'd' | 'H' | 'M' | 'S')) {
            let other = wanted.map(String::from).unwrap_or_default();
            return Err(EvalError::Unsupported(format!("strptime with `%{other}`")));
        }
        let length = if wanted == Some('Y') { 4 } else { 2 };
        let Some((digits, after)) = rest.split_at_checked(length) else { return Ok(None) };
        let Some(number) =
            digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse::<i64>().ok()).flatten()
        else {
            return Ok(None);
        };
        rest = after;
        let within = match wanted {
            Some('Y') => {
                year = number;
                true
            }
            Some('m') => {
                month = number;
                (1..=12).contains(&number)
            }
            Some('d') => {
                day = number;
                (1..=31).contains(&number)
            }
            Some('H') => {
                of_day += 3600 * number;
                number < 24
            }
            Some('M') => {
                of_day += 60 * number;
                number < 60
            }
            _ => {
                of_day += number;
                number < 60
            }
        };
        if !within {
            return Ok(None);
        }
    }
    let days = days_of(year, month, day);
    if !rest.is_empty() || civil(days) != (year, month, day) {
        return Ok(None);
    }
    #[expect(clippy::cast_precision_loss, reason = "the years 0 to 9999 have few enough seconds")]
    let seconds = (days * 86_400 + of_day) as f64;
    Ok(Some(seconds))
}
