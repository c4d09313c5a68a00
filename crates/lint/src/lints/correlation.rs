//! Correlations and filters.

use crate::lint::{Fixes, Lint};
use rulecast_diagnostics::{Diagnostic, Severity, Spanned};
use rulecast_rule::ast::{Body, Correlation, CorrelationCondition, CorrelationKind, Document, Operator, Threshold};

pub(crate) static LINTS: &[&Lint] =
    &[&NO_GROUP_BY, &REPEATED_RULE, &IDLE_THRESHOLD, &EMPTY_RANGE, &UNUSED_ALIAS, &FILTER_OF_ANY];

static NO_GROUP_BY: Lint = Lint {
    name: "no-group-by",
    severity: Severity::Note,
    summary: "a correlation over events of all hosts and users together",
    reason: "Events that have nothing to do with each other add up, the more the larger the network is.",
    bad: "correlation:\n    type: event_count\n    rules: [base_rule]\n    timespan: 1h\n    condition: {gte: 5}",
    good: "correlation:\n    type: event_count\n    rules: [base_rule]\n    group-by: [User]\n    timespan: 1h\n    condition: {gte: 5}",
    fix: Fixes::None,
};

static REPEATED_RULE: Lint = Lint {
    name: "repeated-rule",
    severity: Severity::Warning,
    summary: "a correlation that names a rule twice",
    reason: "Counted events would count once all the same; another rule was likely meant.",
    bad: "correlation:\n    type: event_count\n    rules: [base_rule, base_rule]\n    group-by: [User]\n    timespan: 1h\n    condition: {gte: 5}",
    good: "correlation:\n    type: event_count\n    rules: [base_rule]\n    group-by: [User]\n    timespan: 1h\n    condition: {gte: 5}",
    fix: Fixes::None,
};

static IDLE_THRESHOLD: Lint = Lint {
    name: "idle-threshold",
    severity: Severity::Warning,
    summary: "a threshold that every count passes",
    reason: "There is no count below zero, and none is made without an event.",
    bad: "correlation:\n    type: event_count\n    rules: [base_rule]\n    group-by: [User]\n    timespan: 1h\n    condition: {gte: 0}",
    good: "correlation:\n    type: event_count\n    rules: [base_rule]\n    group-by: [User]\n    timespan: 1h\n    condition: {gte: 5}",
    fix: Fixes::None,
};

static EMPTY_RANGE: Lint = Lint {
    name: "empty-range",
    severity: Severity::Warning,
    summary: "bounds of a threshold that no number is between",
    reason: "The correlation never fires.",
    bad: "correlation:\n    type: event_count\n    rules: [base_rule]\n    group-by: [User]\n    timespan: 1h\n    condition: {gt: 10, lt: 5}",
    good: "correlation:\n    type: event_count\n    rules: [base_rule]\n    group-by: [User]\n    timespan: 1h\n    condition: {gt: 5, lt: 10}",
    fix: Fixes::None,
};

static UNUSED_ALIAS: Lint = Lint {
    name: "unused-alias",
    severity: Severity::Warning,
    summary: "an alias that `group-by` does not use",
    reason: "It has no effect: the events are grouped by something else, or by nothing.",
    bad: "correlation:\n    type: event_count\n    rules: [base_rule]\n    group-by: [User]\n    aliases: {account: {base_rule: User}}\n    timespan: 1h\n    condition: {gte: 5}",
    good: "correlation:\n    type: event_count\n    rules: [base_rule]\n    group-by: [account]\n    aliases: {account: {base_rule: User}}\n    timespan: 1h\n    condition: {gte: 5}",
    fix: Fixes::None,
};

static FILTER_OF_ANY: Lint = Lint {
    name: "filter-of-any",
    severity: Severity::Note,
    summary: "a filter on every rule of its log source",
    reason: "It silences rules that are not written yet, and that nobody has asked about it.",
    bad: "filter:\n    rules: any\n    selection:\n        User|startswith: 'adm_'\n    condition: not selection",
    good: "filter:\n    rules: [base_rule]\n    selection:\n        User|startswith: 'adm_'\n    condition: not selection",
    fix: Fixes::None,
};

pub(crate) fn check(document: &Document, to: &mut Vec<Diagnostic>) {
    match &document.body {
        Body::Detection(_) => {}
        Body::Correlation(correlation) => {
            check_correlation(correlation, document.metadata.classification.is_some(), to);
        }
        Body::Filter(filter) => {
            if filter.rules.is_none() {
                to.push(
                    FILTER_OF_ANY
                        .at(super::header::head(document), "filter applies to every rule of its log source")
                        .help("name the rules that it is for"),
                );
            }
        }
    }
}

fn check_correlation(correlation: &Correlation, has_classes: bool, to: &mut Vec<Diagnostic>) {
    let threshold = match correlation.condition.as_ref().map(|condition| &condition.node) {
        Some(CorrelationCondition::Threshold(threshold)) => Some(threshold),
        _ => None,
    };
    let is_count = matches!(correlation.kind.node, CorrelationKind::EventCount | CorrelationKind::ValueCount);
    let is_union = correlation.kind.node == CorrelationKind::EventCount && threshold.is_some_and(is_any_event);
    if correlation.group_by.is_empty() && !is_union && !has_classes {
        to.push(
            NO_GROUP_BY
                .at(correlation.kind.span, "events of all hosts and users are taken together")
                .help("add `group-by` with what the events have in common: a host, a user"),
        );
    }
    for (at, rule) in correlation.rules.iter().enumerate() {
        // A sequence may well have two steps of one rule.
        let is_ordered = correlation.kind.node == CorrelationKind::TemporalOrdered;
        if let Some(first) =
            correlation.rules[..at].iter().find(|first| first.node == rule.node).filter(|_| !is_ordered)
        {
            to.push(
                REPEATED_RULE
                    .at(rule.span, format!("`{}` stands here twice", rule.node))
                    .also(first.span, "first here")
                    .help("remove it, or name the rule that is meant"),
            );
        }
    }
    for alias in &correlation.aliases {
        if !correlation.group_by.iter().any(|key| key.node == alias.name.node) {
            to.push(
                UNUSED_ALIAS
                    .at(alias.name.span, format!("`group-by` does not use the alias `{}`", alias.name.node))
                    .help("add it to `group-by`, or remove it"),
            );
        }
    }
    if let Some(threshold) = threshold {
        check_threshold(threshold, is_count, to);
    }
}

fn is_any_event(threshold: &Threshold) -> bool {
    threshold.bounds.iter().all(|bound| match bound.node {
        (Operator::Gte, least) => least <= 1.0,
        (Operator::Gt, least) => least <= 0.0,
        _ => false,
    })
}

fn check_threshold(threshold: &Threshold, is_count: bool, to: &mut Vec<Diagnostic>) {
    let idle = |bound: &&Spanned<(Operator, f64)>| match bound.node {
        (Operator::Gte, least) => least <= 0.0,
        (Operator::Gt, least) => least < 0.0,
        _ => false,
    };
    if let Some(bound) = threshold.bounds.iter().find(idle).filter(|_| is_count) {
        to.push(IDLE_THRESHOLD.at(bound.span, "every count passes this").help("use at least 1"));
    }
    let lower = |operator| matches!(operator, Operator::Gt | Operator::Gte);
    let upper = |operator| matches!(operator, Operator::Lt | Operator::Lte);
    for low in threshold.bounds.iter().filter(|bound| lower(bound.node.0)) {
        for high in threshold.bounds.iter().filter(|bound| upper(bound.node.0)) {
            let strict = low.node.0 == Operator::Gt || high.node.0 == Operator::Lt;
            if low.node.1 > high.node.1 || strict && low.node.1 >= high.node.1 {
                to.push(
                    EMPTY_RANGE
                        .at(low.span, "no number is between the bounds")
                        .also(high.span, "the other bound")
                        .help("exchange them"),
                );
            }
        }
    }
}
