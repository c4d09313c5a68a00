//! Lengths of time: `15m`.
//!
//! Source: the `timespan` of the correlation document of the Sigma specification 2.1.0. Ours are written the same way.

use super::Decoder;
use super::expect::kind_of;
use crate::ast::Value;
use crate::yaml::Yaml;
use rulecast_diagnostics::{Diagnostic, Spanned};

impl Decoder<'_> {
    /// Seconds in `5m`; more than zero.
    pub(super) fn duration(&mut self, what: &str, value: Yaml) -> Option<Spanned<u64>> {
        const EXPECTED: &str = "expected a number and `s`, `m`, `h` or `d`";
        let value = self.value(what, "a number and a unit", value)?;
        let text = match &value.node {
            Value::Text(text) => text,
            Value::Integer(number) => {
                let diagnostic =
                    Diagnostic::error("bad-duration", value.span, format!("{what} `{number}` has no unit"));
                return self.refuse(diagnostic.label(EXPECTED).help(format!("write `{number}s` for seconds")));
            }
            other => {
                let message = format!("{what} is {}", kind_of(other));
                return self.refuse(Diagnostic::error("bad-duration", value.span, message).label(EXPECTED));
            }
        };
        if let Some(seconds) = seconds(text) {
            return Some(Spanned::new(seconds, value.span));
        }
        let message = format!("{what} `{text}` is not a length of time");
        let diagnostic = Diagnostic::error("bad-duration", value.span, message).label(EXPECTED);
        self.refuse(match remedy(text) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        })
    }
}

/// Seconds in `15m`: digits and one of `s`, `m`, `h`, `d`; more than zero.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let unit = match text.as_bytes().last()? {
        b's' => 1,
        b'm' => 60,
        b'h' => 60 * 60,
        b'd' => 24 * 60 * 60,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(unit).filter(|seconds| *seconds > 0)
}

/// What to write instead of `text`, where that can be told.
fn remedy(text: &str) -> Option<String> {
    let digits_end = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits_end].parse().ok()?;
    let unit = text[digits_end..].trim();
    if number == 0 {
        return Some("write a length of more than zero".into());
    }
    let fixed = match unit {
        "M" | "mo" | "month" | "months" => {
            return Some(format!(
                "write days: `{}d`; months differ in length, and `m` is minutes",
                number.checked_mul(30)?
            ));
        }
        "y" | "Y" | "year" | "years" => return Some(format!("write days: `{}d`", number.checked_mul(365)?)),
        "w" | "W" | "week" | "weeks" => format!("{}d", number.checked_mul(7)?),
        "S" | "s" | "sec" | "secs" | "second" | "seconds" => format!("{number}s"),
        "m" | "min" | "mins" | "minute" | "minutes" => format!("{number}m"),
        "H" | "h" | "hr" | "hrs" | "hour" | "hours" => format!("{number}h"),
        "D" | "d" | "day" | "days" => format!("{number}d"),
        _ => format!("{}m", mixed_minutes(text)?),
    };
    Some(format!("write `{fixed}`"))
}

/// Minutes in `1h30m` or `1h30`.
fn mixed_minutes(text: &str) -> Option<u64> {
    let (hours, minutes) = text.split_once('h')?;
    let minutes = minutes.strip_suffix('m').unwrap_or(minutes);
    hours.parse::<u64>().ok()?.checked_mul(60)?.checked_add(minutes.parse().ok()?)
}
