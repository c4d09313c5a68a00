//! Correlations on Kusto: streams written by hand, with what fires on them. `correlations.rs` has those by chance.

use rulecast_compile::{Target, Unit, square};
use rulecast_diagnostics::FileId;
use rulecast_ir::Record;
use std::fmt::Write;

/// `a0 b1=5 c2/other`: events by their letters and second; a value of `n` and `v` follows `=`, a key other than `k`
/// follows a slash.
fn events(stream: &str) -> Vec<Record> {
    let event = |(event, id): (&str, u64)| {
        let (event, key) = event.split_once('/').unwrap_or((event, "k"));
        let (event, value) = event.split_once('=').unwrap_or((event, ""));
        let at = event.find(|char: char| char.is_ascii_digit()).expect("an event has a time");
        let time = event[at..].parse::<i64>().expect("a time is a number of seconds") * 1000;
        let mut record = Record { id, time, ..Record::default() };
        record.add_json("e", &event[..at].into());
        for (field, value) in [("k", key), ("v", value), ("n", value)].iter().filter(|(_, value)| !value.is_empty()) {
            record.add_json(field, &(*value).into());
        }
        record
    };
    stream.split_whitespace().zip(0..).map(event).collect()
}

/// A correlation by `k` within ten seconds fires at these events of a stream, and so does its query.
#[track_caller]
fn check(correlation: &str, stream: &str, expected: &[u64]) {
    check_with("", correlation, stream, expected);
}

/// With other documents.
#[track_caller]
fn check_with(others: &str, correlation: &str, stream: &str, expected: &[u64]) {
    let mut text = format!("title: t\ncorrelation: {{{correlation}, group-by: [k], timespan: 10s}}\n{others}");
    for name in ["a", "b", "c"] {
        writeln!(text, "---\ntitle: {name}\nname: {name}\nlogsource: {{category: x}}").expect("memory");
        writeln!(text, "detection: {{s: {{e: {name}}}, condition: s}}").expect("memory");
    }
    let resolved = Unit::new(rulecast_rule::parse(FileId(0), &text).documents).resolve();
    let target = Target::parse("kql.none").expect("a target");
    let square = square(&resolved.rules[0], target, &events(stream)).expect("the rule has a query");
    let found: Vec<u64> = square.queries.iter().map(|answer| answer.last).collect();
    assert!(square.closes(), "{text}\n{:?}\n{:?}\n{}", square.rule, square.queries, square.each[0].0.text);
    assert_eq!(found, expected, "{text}");
}

#[test]
fn every_operator_of_every_kind_hits_and_misses() {
    let operators = |kind: &str, rest: &str, value: &str, stream: &str, expected: [&[u64]; 6]| {
        for (operator, expected) in ["gte", "gt", "lt", "lte", "eq", "neq"].into_iter().zip(expected) {
            check(&format!("type: {kind}, condition: {{{operator}: {value}{rest}}}"), stream, expected);
        }
    };
    let kind = |kind: &str, rules: &str| format!("{kind}, rules: {rules}");
    let stream = "a0 a1 b2 a3/o a4 a5 a15 a20";
    operators(
        &kind("event_count", "[a]"),
        "",
        "3",
        stream,
        [&[4, 5], &[5], &[0, 1, 3, 6, 7], &[0, 1, 3, 4, 6, 7], &[4], &[0, 1, 3, 5, 6, 7]],
    );
    let stream = "a0=x a1=x a2=y a3=z/o a4 a5=X a13=y";
    operators(
        &kind("value_count", "[a]"),
        ", field: v",
        "2",
        stream,
        [&[2, 4, 5, 6], &[5], &[0, 1, 3], &[0, 1, 2, 3, 4, 6], &[2, 4, 6], &[0, 1, 3, 5]],
    );
    let stream = "a0 b1 a2/o c3 c12 a30";
    operators(
        &kind("temporal", "[a, b, c]"),
        "",
        "2",
        stream,
        [&[1, 3], &[3], &[0, 2, 4, 5], &[0, 1, 2, 4, 5], &[1], &[0, 2, 3, 4, 5]],
    );
    let stream = "b0 a1 b2 c3/o c4 c12 a13";
    operators(
        &kind("temporal_ordered", "[a, b, c]"),
        "",
        "2",
        stream,
        [&[2, 4, 5], &[4], &[0, 1, 3, 6], &[0, 1, 2, 3, 5, 6], &[2, 5], &[0, 1, 3, 4, 6]],
    );
    let stream = "a0=5 a1=-2 a2=none a3=2.5/o a4 a5=4 a11=1 a40";
    operators(
        &kind("value_sum", "[a]"),
        ", field: n",
        "3",
        stream,
        [&[0, 1, 2, 4, 5, 6], &[0, 5], &[3], &[1, 2, 3, 4, 6], &[1, 2, 4, 6], &[0, 3, 5]],
    );
    let stream = "a0=5 a1=1 a2=none a3=2.5/o a4 a5=6 a40";
    operators(
        &kind("value_avg", "[a]"),
        ", field: n",
        "3",
        stream,
        [&[0, 1, 2, 4, 5], &[0, 5], &[3], &[1, 2, 3, 4], &[1, 2, 4], &[0, 3, 5]],
    );
    let stream = "a0=3 a1=1 a2=none a3=2.5/o a4=7 a5 a6=9 a40";
    operators(
        &kind("value_median", "[a]"),
        ", field: n",
        "3",
        stream,
        [&[0, 4, 5, 6], &[], &[1, 2, 3], &[0, 1, 2, 3, 4, 5, 6], &[0, 4, 5, 6], &[1, 2, 3]],
    );
    let stream = "a0=3 a1=1 a2=none a3=2.5/o a4=7 a5 a6=9 a40";
    operators(
        &kind("value_percentile", "[a]"),
        ", field: n, percentile: 75",
        "7",
        stream,
        [&[4, 5, 6], &[], &[0, 1, 2, 3], &[0, 1, 2, 3, 4, 5, 6], &[4, 5, 6], &[0, 1, 2, 3]],
    );
}

#[test]
fn windows_slide_and_conditions_are_of_the_window() {
    check("type: event_count, rules: [a], condition: {gte: 3}", "a0 a5 a10 a11/o", &[2]);
    check("type: event_count, rules: [a], condition: {gte: 3}", "a0 a5 a11 a12", &[3]);
    check("type: event_count, rules: [a], condition: {gt: 1, lte: 2}", "a0 a1 a2", &[1]);
    check("type: temporal, rules: [a, b]", "b9 a19 b30", &[1]);
    check("type: temporal, rules: [a, b], condition: a and not b", "a0 b1 a2 a12", &[0, 3]);
    check("type: temporal_ordered, rules: [a, b, c], condition: a and b and not c", "a0 c1 b2 a12 b13", &[4]);
    check("type: temporal_ordered, rules: [a, b, c], condition: (a or b) and c", "c0 b1 c2 c12", &[2]);
    check("type: temporal_ordered, rules: [a, b, c], condition: not a and (b or c)", "a0 b1 b11 c12", &[2, 3]);
    // A chain may go on behind what is asked for.
    check("type: temporal_ordered, rules: [a, b, c], condition: a or (b and c)", "a0 b1 b20 c21", &[0, 1, 3]);
}

/// An event that completes a correlation by two keys is one event of the outer one.
#[test]
fn an_event_of_two_groups_is_one_member() {
    let inner = "---\ntitle: i\nname: i\ncorrelation: {type: event_count, rules: [a, b], group-by: [x], timespan: 10s, \
                 condition: {gte: 1}, aliases: {x: {a: k, b: v}}}\n---\ntitle: d\nname: d\nlogsource: {category: x}\n\
                 detection: {s: {e: a}, condition: s}\n";
    let twice = inner.replace("[a, b]", "[a, d]").replace("b: v", "d: v");
    check_with(&twice, "type: event_count, rules: [i], condition: {gte: 2}", "a0=x a1=x a20=x", &[1]);
    check_with(inner, "type: event_count, rules: [i], condition: {gte: 2}", "a0=x b1=x b20=x", &[1]);
}

#[test]
fn a_sequence_is_a_step_of_another() {
    let inner =
        "---\ntitle: i\nname: i\ncorrelation: {type: temporal_ordered, rules: [a, b], group-by: [k], timespan: 10s}\n";
    let then = "type: temporal_ordered, rules: [i, c]";
    check_with(inner, then, "a0 b1 c2 c3", &[2]);
    check_with(inner, then, "a0 c1 b2", &[]);
    check_with(inner, then, "a0 b9 c19 c20", &[2]); // the inner one happens when it is complete
    check_with(inner, "type: temporal_ordered, rules: [c, i]", "c0 a1 b2 c3 a4 b5/o b6", &[2, 6]);
}
