//! Streams, and the events at which correlations fire.

use crate::{Record, resolve};
use rulecast_diagnostics::FileId;

/// The rule under test, by what stands in `correlation`, and three rules that match events by their letter.
fn rule(correlation: &str) -> String {
    let base = |name: &str| {
        format!(
            "---\ntitle: {name}\nname: {name}\nlogsource: {{category: x}}\ndetection: {{s: {{e: {name}}}, condition: s}}\n"
        )
    };
    format!("title: t\ncorrelation: {{{correlation}}}\n{}{}{}", base("a"), base("b"), base("c"))
}

/// `a0 ab1=5 c2/other`: events by their letters and second; values of `v` and `w` follow `=`, a key other than `k`
/// follows a slash. `+` stands between several values.
fn records(stream: &str) -> Vec<Record> {
    let event = |(event, id): (&str, u64)| {
        let (event, keys) = event.split_once('/').unwrap_or((event, "k"));
        let (event, values) = event.split_once('=').unwrap_or((event, ""));
        let (v, w) = values.split_once(',').unwrap_or((values, ""));
        let split = event.find(|char: char| char.is_ascii_digit()).unwrap();
        let mut record = Record { id, time: event[split..].parse::<i64>().unwrap() * 1000, ..Record::default() };
        event[..split].chars().for_each(|letter| record.add_json("e", &letter.to_string().into()));
        for (field, values) in [("k", keys), ("v", v), ("w", w)] {
            let values = values.split('+').filter(|value| !value.is_empty());
            values.for_each(|value| record.add_json(field, &value.into()));
        }
        record
    };
    stream.split_whitespace().zip(0..).map(event).collect()
}

#[track_caller]
fn check_text(text: &str, stream: &str, expected: &[u64]) {
    let parsed = rulecast_rule::parse(FileId(0), text);
    let resolved = resolve(&parsed.documents, &[]);
    let problems: Vec<_> = parsed.diagnostics.iter().chain(&resolved.diagnostics).map(|one| &one.message).collect();
    assert_eq!(problems, Vec::<&String>::new(), "{text}");
    let found = crate::eval::evaluate(&resolved.rules[0], &records(stream));
    let found: Vec<_> = found.iter().flat_map(|one| one.events.clone()).collect();
    assert_eq!(found, expected, "{stream}");
}

/// `correlation` fires at the events with these places in the stream.
#[track_caller]
fn check(correlation: &str, stream: &str, expected: &[u64]) {
    check_text(&rule(correlation), stream, expected);
}

#[test]
fn events_are_counted_in_a_window_that_ends_with_each() {
    let three = "type: event_count, rules: [a], group-by: [k], timespan: 10s, condition: {gte: 3}";
    check(three, "a0 a1 a2", &[2]);
    check(three, "a0 a1", &[]);
    check(three, "a0 b1 a2", &[]); // only events of members
    check(three, "a0 a5 a10", &[2]); // the bound is inclusive
    check(three, "a0 a5 a11", &[]); // too late
    check(three, "a0 a5 a11 a12", &[3]); // the window slides
    check(three, "a0 a1 a2 a3 a20", &[2, 3]); // it fires as long as it holds
    check(three, "a0 a1/o a2", &[]); // another key
    check(three, "a0 a1/K a2", &[]); // keys compare with case
    check(three, "a0/ a1/ a2/", &[]); // no key
    check(three, "a0/k+l a1/k+l a2/k+l", &[]); // a key of two values is none
    check(three, "a0 a0 a0", &[2]); // of equal times, the id decides which comes first
    check("type: event_count, rules: [a], timespan: 10s, condition: {gte: 3}", "a0 a1/o a2/", &[2]);
    let either = "type: event_count, rules: [a, b], group-by: [k], timespan: 10s, condition: {gte: 3}";
    check(either, "a0 b1 a2", &[2]);
    check(either, "ab0 ab1", &[]); // an event of both counts once
}

#[test]
fn every_operator_compares_at_each_event() {
    let count = |condition: &str| {
        format!("type: event_count, rules: [a], group-by: [k], timespan: 10s, condition: {{{condition}}}")
    };
    let stream = "a0 a1 a2 a3 a30";
    check(&count("gt: 2"), stream, &[2, 3]);
    check(&count("gte: 2"), stream, &[1, 2, 3]);
    check(&count("lt: 2"), stream, &[0, 4]);
    check(&count("lte: 2"), stream, &[0, 1, 4]);
    check(&count("eq: 2"), stream, &[1]);
    check(&count("neq: 2"), stream, &[0, 2, 3, 4]);
    check(&count("gt: 1, lte: 3"), stream, &[1, 2]);
    check(&count("gte: 2.5"), stream, &[2, 3]);
    check(&count("eq: 0"), stream, &[]); // no event, no answer
}

#[test]
fn different_values_are_counted() {
    let two = "type: value_count, rules: [a], group-by: [k], timespan: 10s, condition: {gte: 2, field: v}";
    check(two, "a0=x a1=y", &[1]);
    check(two, "a0=x a1=x", &[]);
    check(two, "a0=x a1=X", &[1]); // with case
    check(two, "a0=x a1 a2=y", &[2]); // an event without a value adds none
    check(two, "a0=x+y", &[0]); // each of several values counts
    check(two, "a0=x a11=y", &[]);
    check(two, "a0=x a1=y/o", &[]);
    check(two, "a0=x a1=y a2", &[1, 2]);
    let none = "type: value_count, rules: [a], group-by: [k], timespan: 10s, condition: {lt: 1, field: v}";
    check(none, "a0 a1=x", &[0]);
    let pairs = "type: value_count, rules: [a], group-by: [k], timespan: 10s, condition: {gte: 2, field: [v, w]}";
    check(pairs, "a0=x,1 a1=x,2", &[1]);
    check(pairs, "a0=x,1 a1=x,1", &[]);
    check(pairs, "a0=x,1 a1=y", &[]); // a combination needs every field
}

#[test]
fn numbers_are_measured() {
    let of = |kind: &str, condition: &str| {
        format!("type: {kind}, rules: [a], group-by: [k], timespan: 10s, condition: {{{condition}, field: v}}")
    };
    check(&of("value_sum", "gt: 10"), "a0=5 a1=5 a2=0.5", &[2]);
    check(&of("value_sum", "gt: 10"), "a0=5 a1=n a2=6", &[2]); // what is no number is ignored
    check(&of("value_sum", "gt: 10"), "a0=5 a11=6", &[]);
    check(&of("value_sum", "lte: 0"), "a0=-1 a1=5", &[0]);
    check(&of("value_sum", "lte: 0"), "a0 a1=n", &[]); // no number, no measure
    check(&of("value_sum", "neq: 7"), "a0 a1=n a2=1", &[2]);
    check(&of("value_avg", "gte: 1.5"), "a0=1 a1=2", &[1]);
    check(&of("value_avg", "gte: 1.5"), "a0=1 a1=2 a2 a3=0", &[1, 2]); // an event without a number does not lower it
    check(&of("value_median", "eq: 2"), "a0=3 a1=1 a2=2", &[2]);
    check(&of("value_median", "eq: 1"), "a0=1 a1=9", &[0, 1]); // of two, the lower
    let ranked =
        |percentile: &str, value: &str| of("value_percentile", &format!("percentile: {percentile}, eq: {value}"));
    let ten = "a0=10 a1=9 a2=8 a3=7 a4=6 a5=5 a6=4 a7=3 a8=2 a9=1";
    check(&ranked("100", "10"), ten, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    check(&ranked("0", "1"), ten, &[9]);
    check(&ranked("95", "10"), ten, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    check(&ranked("90", "9"), ten, &[9]);
    check(&ranked("70", "7"), ten, &[9]); // 7 of 10, not what 0.7 · 10 is rounded up to
    check(&ranked("10.5", "2"), ten, &[8, 9]);
}

#[test]
fn temporal_needs_every_member_in_any_order() {
    let all = "type: temporal, rules: [a, b], group-by: [k], timespan: 10s";
    check(all, "a0 b10", &[1]);
    check(all, "b0 a10", &[1]);
    check(all, "a0 b11", &[]);
    check(all, "a0 b1 c2 b3 a4", &[1, 3, 4]);
    check(all, "a0 b1/o", &[]);
    check(all, "ab0", &[0]); // one event may satisfy both
    check(all, "a0 a1", &[]);
    let two = "type: temporal, rules: [a, b, c], group-by: [k], timespan: 10s, condition: {gte: 2}";
    check(two, "c0 a1 b2", &[1, 2]);
    check("type: temporal, rules: [a, b], group-by: [k], timespan: 10s, condition: {eq: 1}", "a0 b1", &[0]);
}

#[test]
fn a_condition_over_rules_reads_the_window() {
    let of = |condition: &str| {
        format!("type: temporal, rules: [a, b, c], group-by: [k], timespan: 10s, condition: {condition}")
    };
    let absent = of("a and b and not c");
    check(&absent, "a0 b1", &[1]);
    check(&absent, "c0 a1 b2", &[]);
    check(&absent, "c0 a11 b12", &[2]); // the window has moved on
    check(&absent, "a0 b1 c2 b3", &[1]); // what comes later does not take back what was found
    check(&absent, "c0/o a1 b2", &[2]);
    check(&of("a AND NOT (b OR c)"), "a0 b1 a2 a20", &[0, 3]);
    check(&of("1 of them"), "a0 b1 c2", &[0, 1, 2]);
    check(&of("all of them"), "a0 b1 c2", &[2]);
    check(&of("(a or b) and c"), "a0 c1 b20 c21", &[1, 3]);
    let named = "type: temporal, group-by: [k], timespan: 10s, condition: a and not b";
    check(named, "a0 b1 a2", &[0]);
    check(named, "ab0", &[]);
}

#[test]
fn a_chain_follows_the_order_of_the_members() {
    let two = "type: temporal_ordered, rules: [a, b, c], group-by: [k], timespan: 10s, condition: {gte: 2}";
    check(two, "a0 c1", &[1]);
    check(two, "c0 a1", &[]);
    check(two, "b0 a1 c2 c3", &[2, 3]); // no start is used up
    check(two, "ab0", &[]); // one event is not after itself
    check(two, "ab0 ab1", &[1]);
    check(two, "a0 b11", &[]);
    let absent = "type: temporal_ordered, rules: [a, b, c], group-by: [k], timespan: 10s, condition: a and b and not c";
    check(absent, "a0 b1", &[1]);
    check(absent, "b0 a1", &[]);
    check(absent, "c0 a1 b2", &[]);
    check(absent, "a0 c1 b2", &[]);
    check(absent, "c0 a11 b12", &[2]);
    let either = "type: temporal_ordered, rules: [a, b, c], group-by: [k], timespan: 10s, condition: (a or b) and c";
    check(either, "b0 c1", &[1]);
    check(either, "c0 b1", &[]);
}

#[test]
fn keys_go_by_aliases() {
    let alias = "type: event_count, rules: [a, b], group-by: [x], timespan: 10s, condition: {gte: 2}, \
                 aliases: {x: {a: v, b: w}}";
    check(alias, "a0=k b1=,k", &[1]);
    check(alias, "a0=k b1=k", &[]);
    check(alias, "ab0=k,l a1=k b2=,l", &[1, 2]); // one event in two groups
}

#[test]
fn a_correlation_is_an_event_of_another() {
    let chain = |outer: &str| {
        let inner = "title: burst\nname: burst\ncorrelation: {type: event_count, rules: [a], group-by: [k], timespan: 10s, \
                     condition: {gte: 2}}\n";
        format!("{}---\n{inner}", rule(outer))
    };
    let then = "type: temporal_ordered, rules: [burst, b], group-by: [k], timespan: 5s";
    // The found events of a sequence are all of it: the completing one of the burst, then `b`.
    check_text(&chain(then), "a0 a9 b14", &[1, 2]);
    check_text(&chain(then), "a0 a9 b15", &[]); // the burst happens when it is complete
    check_text(&chain(then), "a0 b5 a9", &[]);
    check_text(&chain(then), "a0 a9/o b10", &[]);
    let bursts = "type: event_count, rules: [burst], timespan: 20s, condition: {gte: 2}";
    check_text(&chain(bursts), "a0 a1 a2/o a3/o", &[3]); // the outer groups by its own keys alone
    check_text(&chain(bursts), "a0 a1 a2", &[2]);
}
