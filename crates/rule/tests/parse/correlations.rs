//! Correlations and filters.

use crate::{dump_condition, problems, sound};
use insta::assert_snapshot;
use rulecast_rule::ast::{Body, Correlation, CorrelationCondition, CorrelationKind, Operator};
use std::fmt::Write;

fn document(body: &str) -> String {
    let mut text = String::from("title: T\ncorrelation:\n");
    for line in body.lines() {
        writeln!(text, "    {line}").unwrap();
    }
    text
}

fn correlation(body: &str) -> Correlation {
    match sound(&document(body)).body {
        Body::Correlation(correlation) => correlation,
        other => panic!("not a correlation: {other:?}"),
    }
}

fn names(names: &[rulecast_diagnostics::Spanned<String>]) -> Vec<&str> {
    names.iter().map(|name| &*name.node).collect()
}

#[test]
fn a_threshold_with_a_range() {
    let correlation = correlation(
        "type: value_sum
rules: [a, 0d9c1dbb-2d95-4d1f-8e9c-7f4f4f9d2c11]
group-by: [User, Host]
timespan: 90m
condition:
    gt: 100
    lte: 200.5
    field: BytesOut
aliases:
    src:
        a: SourceIp
        b: IpAddress
generate: true",
    );
    assert_eq!(correlation.kind.node, CorrelationKind::ValueSum);
    assert_eq!(names(&correlation.rules), ["a", "0d9c1dbb-2d95-4d1f-8e9c-7f4f4f9d2c11"]);
    assert_eq!(names(&correlation.group_by), ["User", "Host"]);
    assert_eq!(correlation.timespan.unwrap().seconds, 5400);
    assert!(correlation.generate);
    let Some(CorrelationCondition::Threshold(threshold)) = correlation.condition.map(|condition| condition.node) else {
        panic!("a threshold")
    };
    let bounds: Vec<(Operator, f64)> = threshold.bounds.iter().map(|bound| bound.node).collect();
    assert_eq!(bounds, [(Operator::Gt, 100.0), (Operator::Lte, 200.5)]);
    assert_eq!(names(&threshold.fields), ["BytesOut"]);
    assert_eq!(correlation.aliases[0].name.node, "src");
    assert_eq!(correlation.aliases[0].fields[1].0.node, "b");
    assert_eq!(correlation.aliases[0].fields[1].1.node, "IpAddress");
}

#[test]
fn short_forms() {
    let correlation = correlation("type: temporal_ordered\nrules: a\ngroup-by: User\ntimespan: 1d");
    assert_eq!(names(&correlation.rules), ["a"]);
    assert_eq!(names(&correlation.group_by), ["User"]);
    assert_eq!(correlation.timespan.unwrap().seconds, 86_400);
    assert!(correlation.condition.is_none() && !correlation.generate);
}

#[test]
fn conditions_over_rules_in_either_case() {
    for condition in ["rule_a AND rule_b AND NOT rule_c", "rule_a and rule_b and not rule_c"] {
        let correlation = correlation(&format!("type: temporal\ntimespan: 5m\ncondition: {condition}"));
        assert_eq!(names(&correlation.rules), ["rule_a", "rule_b", "rule_c"]);
        let Some(CorrelationCondition::Rules(condition)) = correlation.condition.map(|condition| condition.node) else {
            panic!("a condition over rules")
        };
        assert_eq!(dump_condition(&condition), "(rule_a and rule_b and (not rule_c))");
    }
    let by_id = correlation(
        "type: temporal\ntimespan: 5m\ncondition: 0d9c1dbb-2d95-4d1f-8e9c-7f4f4f9d2c11 and not e0cfaecd-602d-41af-988d-f6ccebb2af26",
    );
    assert_eq!(by_id.rules.len(), 2);
}

#[test]
fn generate_is_read_at_both_levels() {
    let text = format!("generate: true\n{}", document("type: temporal\nrules: [a, b]\ntimespan: 5m"));
    let Body::Correlation(correlation) = sound(&text).body else { panic!("a correlation") };
    assert!(correlation.generate);
}

fn bad(body: &str) -> String {
    problems(&document(body))
}

#[test]
fn timespans() {
    let timespan = |text: &str| bad(&format!("type: temporal\nrules: [a, b]\ntimespan: {text}"));
    assert_eq!(timespan("30s"), "");
    assert_snapshot!(timespan("1M"), @r"
        5:15 `1M` error[bad-duration]: `timespan` `1M` is not a length of time
            expected a number and `s`, `m`, `h` or `d`
            help: write days: `30d`; months differ in length, and `m` is minutes
    ");
    assert_snapshot!(timespan("300"), @r"
        5:15 `300` error[bad-duration]: `timespan` `300` has no unit
            expected a number and `s`, `m`, `h` or `d`
            help: write `300s` for seconds
    ");
    assert_snapshot!(timespan("1h30m"), @r"
        5:15 `1h30m` error[bad-duration]: `timespan` `1h30m` is not a length of time
            expected a number and `s`, `m`, `h` or `d`
            help: write `90m`
    ");
    assert_snapshot!(timespan("2w"), @r"
        5:15 `2w` error[bad-duration]: `timespan` `2w` is not a length of time
            expected a number and `s`, `m`, `h` or `d`
            help: write `14d`
    ");
    assert_snapshot!(timespan("5 min"), @r"
        5:15 `5 min` error[bad-duration]: `timespan` `5 min` is not a length of time
            expected a number and `s`, `m`, `h` or `d`
            help: write `5m`
    ");
    assert_snapshot!(timespan("0s"), @r"
        5:15 `0s` error[bad-duration]: `timespan` `0s` is not a length of time
            expected a number and `s`, `m`, `h` or `d`
            help: write a length of more than zero
    ");
    assert_snapshot!(timespan("1.5h"), @r"
        5:15 `1.5h` error[bad-duration]: `timespan` `1.5h` is not a length of time
            expected a number and `s`, `m`, `h` or `d`
    ");
    assert_snapshot!(timespan("-5m"), @r"
        5:15 `-5m` error[bad-duration]: `timespan` `-5m` is not a length of time
            expected a number and `s`, `m`, `h` or `d`
    ");
    assert_snapshot!(timespan("99999999999999999999d"), @r"
        5:15 `99999999999999999999d` error[bad-duration]: `timespan` `99999999999999999999d` is not a length of time
            expected a number and `s`, `m`, `h` or `d`
    ");
}

#[test]
fn parts_that_are_missing_or_wrong() {
    assert_snapshot!(bad("rules: [a]"), @r"
        2:1 `correlation` error[missing-key]: `correlation` has no `timespan`
            help: add `timespan`
        2:1 `correlation` error[missing-key]: `correlation` has no `type`
            help: add `type`
    ");
    assert_snapshot!(bad("type: event_count\ntimespan: 5m"), @r"
        2:1 `correlation` error[missing-condition]: `event_count` has no `condition`
            in this mapping
            help: add a threshold: `condition: {gte: 10}`
        2:1 `correlation` error[missing-key]: `correlation` has no `rules`
            help: add `rules`
    ");
    assert_snapshot!(bad("type: event_conut\nrules: []\ntimespn: 5m\ntimespan: 5m"), @r"
        3:11 `event_conut` error[bad-correlation-type]: unknown `type` `event_conut`
            expected `event_count`, `value_count`, `temporal`, `temporal_ordered`, `value_sum`, `value_avg`, `value_percentile` or `value_median`
            help: did you mean `event_count`?
        4:12 `[]` error[empty-list]: `rules` is an empty list
            expected names or ids of rules
        5:5 `timespn` error[unknown-key]: unknown key `timespn` in `correlation`
            not a key here
            help: did you mean `timespan`?
    ");
    assert_snapshot!(bad("type: event_count\nrules: [a]\ntimespan: 5m\ncondition: a and b"), @r"
        6:16 `a and b` error[wrong-type]: `event_count` needs a threshold
            expected a mapping such as `{gte: 10}`
            help: a condition over rules is for `temporal` correlations
    ");
    assert_snapshot!(bad("type: value_count\nrules: [a]\ntimespan: 5m\ncondition: {gte: '10', equals: 3}"), @r"
        6:16 `{gte: \'10\', equals: 3}` error[missing-key]: `value_count` has no `field`
            in this mapping
            help: add `field`, whose values count
        6:22 `\'10\'` error[wrong-type]: `gte` is text
            expected a number
            help: remove the quotes
        6:28 `equals` error[unknown-key]: unknown key `equals` in `condition`
            expected `gt`, `gte`, `lt`, `lte`, `eq`, `neq`, `field` or `percentile`
    ");
    assert_snapshot!(bad("type: event_count\nrules: [a]\ntimespan: 5m\ncondition: {gte: 10, field: x, percentile: 5}"), @r"
        6:26 `field` error[misplaced-key]: `event_count` has a `field`
            has no effect here
            help: to count different values, write `type: value_count`
        6:36 `percentile` error[misplaced-key]: `event_count` has a `percentile`
            has no effect here
            help: write `type: value_percentile`
    ");
    assert_snapshot!(bad("type: value_percentile\nrules: [a]\ntimespan: 5m\ncondition: {field: x}"), @r"
        6:16 `{field: x}` error[missing-key]: `condition` has no threshold
            expected `gt`, `gte`, `lt`, `lte`, `eq` or `neq`
        6:16 `{field: x}` error[missing-key]: `value_percentile` has no `percentile`
            in this mapping
            help: add `percentile`, from 0 to 100
    ");
    assert_snapshot!(bad("type: value_percentile\nrules: [a]\ntimespan: 5m\ncondition: {field: x, lt: 1, percentile: 101}"), @r"
        6:46 `101` error[out-of-range]: `percentile` is out of range: `101`
            expected 0 to 100
    ");
    assert_snapshot!(bad("type: temporal\ntimespan: 5m\ncondition: 1 of a*"), @r#"
    2:1 `correlation` error[missing-key]: `correlation` has no `rules`
        help: add `rules`
    "#);
    assert_snapshot!(bad("type: temporal\nrules: [a]\ntimespan: 5m\ngenerate: maybe\naliases: [x]"), @r"
        6:15 `maybe` error[wrong-type]: `generate` is text
            expected `true` or `false`
        7:14 `[x]` error[wrong-type]: `aliases` is a list
            expected a mapping
    ");
    assert_snapshot!(problems(&format!("logsource: {{product: windows}}\n{}", document("type: temporal\nrules: [a]\ntimespan: 5m"))), @r"
        1:1 `logsource` error[misplaced-key]: correlation has a `logsource`
            has no effect here
            help: remove it: the rules under `correlation` have log sources
    ");
    assert_snapshot!(problems("title: T\ncorrelation: x\n"), @r"
        2:14 `x` error[wrong-type]: `correlation` is a single value
            expected a mapping
    ");
}

#[test]
fn filters() {
    let filter = |body: &str| format!("title: F\nlogsource: {{product: windows}}\nfilter:\n{body}");
    let text = filter("    rules: [a, b]\n    selection: {User|startswith: adm_}\n    condition: not selection\n");
    let Body::Filter(named) = sound(&text).body else { panic!("a filter") };
    assert_eq!(names(named.rules.as_deref().unwrap()), ["a", "b"]);
    assert_eq!(named.detection.selections.len(), 1);
    let text = filter("    rules: any\n    selection: {User|startswith: adm_}\n    condition: not selection\n");
    let Body::Filter(any) = sound(&text).body else { panic!("a filter") };
    assert!(any.rules.is_none());

    assert_snapshot!(problems(&filter("    rules: [a]\n    selection: {a: b}\n    condition: selection\n")), @r"
        6:16 `selection` warning[filter-without-not]: filter keeps what its selections match
            rules will match only these events
            help: write `not …` to leave them out: the condition is joined to the rule's with `and`
    ");
    assert_snapshot!(problems(&filter("    selection: {a: b}\n    condition: not selection\n")), @r"
        3:1 `filter` error[missing-key]: `filter` has no `rules`
            in this mapping
            help: add `rules` with names or ids, or `rules: any`
    ");
    assert_snapshot!(problems(&filter("    rules: []\n    selection: {a: b}\n    condition: [not selection]\n")), @r"
        4:12 `[]` error[empty-list]: `rules` is an empty list
            expected names or ids of rules
        6:16 `[not selection]` error[wrong-type]: `condition` of a filter is a list
            expected text
            help: join the conditions with `or`
    ");
    assert_snapshot!(problems("title: F\nfilter: {rules: any, s: {a: b}, condition: not s}\n"), @r"
        1:1 `title` error[missing-logsource]: filter has no `logsource`
            in this document
            help: add `logsource` with `category`, `product` or `service`
    ");
}
