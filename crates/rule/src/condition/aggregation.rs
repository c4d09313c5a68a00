//! The pipe of Sigma 1: `selection | count(field) by group > 5`.
//!
//! It is read only to be refused, with the correlation that says the same.
//!
//! Source: the condition section of the Sigma specification 1.0.5.

use crate::yaml::Places;
use rulecast_diagnostics::Diagnostic;

/// The diagnostic for a condition with a pipe at byte `pipe`.
pub(super) fn refuse(text: &str, pipe: usize, places: &Places, window: Option<&str>) -> Diagnostic {
    let end = text.trim_end().len();
    let after = text[pipe + 1..end].trim();
    let diagnostic = Diagnostic::error("aggregation-pipe", places.span(pipe, end), "aggregation in a condition")
        .label("removed in Sigma 2");
    let window = window.unwrap_or("5m");
    let correlation = Aggregation::parse(after).and_then(|aggregation| aggregation.correlation(window));
    let help = if let Some(correlation) = correlation {
        format!("end the condition before `|`, give the rule a `name`, and add a document: {correlation}")
    } else if after.starts_with("near") {
        format!(
            "write one rule for each search, give each a `name`, and add a document: \
             correlation: {{type: temporal, rules: [NAME, OTHER], timespan: {window}}}"
        )
    } else {
        "end the condition before `|`, and count in a correlation document".to_owned()
    };
    diagnostic.help(help)
}

/// `count(field) by group > 5`.
struct Aggregation<'a> {
    function: &'a str,
    field: Option<&'a str>,
    group: Option<&'a str>,
    operator: &'static str,
    threshold: &'a str,
}

impl<'a> Aggregation<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (function, rest) = text.split_once('(')?;
        let (field, rest) = rest.split_once(')')?;
        let at = rest.find(['<', '>', '='])?;
        let group = match rest[..at].trim() {
            "" => None,
            by => Some(by.strip_prefix("by")?.trim()),
        };
        let (operator, threshold) = [(">=", "gte"), ("<=", "lte"), (">", "gt"), ("<", "lt"), ("==", "eq"), ("=", "eq")]
            .into_iter()
            .find_map(|(sign, name)| Some((name, rest[at..].strip_prefix(sign)?.trim())))?;
        threshold.parse::<f64>().ok()?;
        let field = Some(field.trim()).filter(|field| !field.is_empty());
        Some(Self { function: function.trim(), field, group, operator, threshold })
    }

    /// The correlation document that says it; `None` for `min` and `max`, which Sigma 2 lacks.
    fn correlation(&self, window: &str) -> Option<String> {
        let kind = match (self.function, self.field) {
            ("count", None) => "event_count",
            ("count", Some(_)) => "value_count",
            ("sum", Some(_)) => "value_sum",
            ("avg", Some(_)) => "value_avg",
            _ => return None,
        };
        let group = self.group.map(|group| format!("group-by: [{group}], ")).unwrap_or_default();
        let field = self.field.map(|field| format!(", field: {field}")).unwrap_or_default();
        let (operator, threshold) = (self.operator, self.threshold);
        Some(format!(
            "correlation: {{type: {kind}, rules: [NAME], {group}timespan: {window}, \
             condition: {{{operator}: {threshold}{field}}}}}"
        ))
    }
}
