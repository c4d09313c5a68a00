//! How often a rule runs, and how loud it is.

use crate::lint::{Fixes, Lint};
use rulecast_diagnostics::{Diagnostic, Severity};
use rulecast_rule::ast::{Body, Document, Level};

pub(crate) static LINTS: &[&Lint] = &[&SHORT_LOOKBACK, &LOOKBACK_BELOW_TIMESPAN, &RISK_AGAINST_LEVEL];

static SHORT_LOOKBACK: Lint = Lint {
    name: "short-lookback",
    severity: Severity::Warning,
    summary: "a schedule that looks back for less time than lies between two runs",
    reason: "Events between the runs are never looked at.",
    bad: "schedule:\n    every: 10m\n    lookback: 5m",
    good: "schedule:\n    every: 5m\n    lookback: 9m",
    fix: Fixes::None,
};

static LOOKBACK_BELOW_TIMESPAN: Lint = Lint {
    name: "lookback-below-timespan",
    severity: Severity::Warning,
    summary: "a schedule that looks back for less time than the correlation spans",
    reason: "No run sees both ends of what the correlation looks for, so slow cases are missed.",
    bad: "correlation:\n    type: event_count\n    rules: [base_rule]\n    group-by: [User]\n    timespan: 1h\n    condition: {gte: 5}\n\
          schedule:\n    every: 5m\n    lookback: 9m",
    good: "correlation:\n    type: event_count\n    rules: [base_rule]\n    group-by: [User]\n    timespan: 1h\n    condition: {gte: 5}\n\
           schedule:\n    every: 5m\n    lookback: 65m",
    fix: Fixes::None,
};

static RISK_AGAINST_LEVEL: Lint = Lint {
    name: "risk-against-level",
    severity: Severity::Warning,
    summary: "a risk score that contradicts the level",
    reason: "One platform sorts alerts by the score, the other by the level: the same rule would be urgent on one and not \
             on the other. Expected are 0 to 37 for informational and low, 22 to 72 for medium, 48 to 98 for high, and 74 \
             to 100 for critical.",
    bad: "level: low\nrisk_score: 90",
    good: "level: low\nrisk_score: 21",
    fix: Fixes::None,
};

pub(crate) fn check(document: &Document, to: &mut Vec<Diagnostic>) {
    let metadata = &document.metadata;
    if let Some(schedule) = &metadata.schedule {
        if schedule.lookback.node < schedule.every.node {
            to.push(
                SHORT_LOOKBACK
                    .at(schedule.lookback.span, "each run looks back for less time than lies between two runs")
                    .also(schedule.every.span, "time between two runs")
                    .help("look back for at least as long, and a little longer for events that come late"),
            );
        }
        if let Body::Correlation(correlation) = &document.body
            && let Some(timespan) = &correlation.timespan
            && schedule.lookback.node < timespan.seconds
        {
            to.push(
                LOOKBACK_BELOW_TIMESPAN
                    .at(schedule.lookback.span, "a run looks back for less time than the correlation spans")
                    .also(timespan.span, "the correlation's time")
                    .help("look back for at least `timespan` and `every` together"),
            );
        }
    }
    if let (Some(score), Some(level)) = (&metadata.risk_score, &metadata.level) {
        let usual = match level.node {
            Level::Informational | Level::Low => 0..=37,
            Level::Medium => 22..=72,
            Level::High => 48..=98,
            Level::Critical => 74..=100,
        };
        if !usual.contains(&score.node) {
            let message = format!("risk score {} does not fit the level `{}`", score.node, level.node.name());
            to.push(RISK_AGAINST_LEVEL.at(score.span, message).also(level.span, "the level").help(format!(
                "use {} to {}, or another level",
                usual.start(),
                usual.end()
            )));
        }
    }
}
