//! Rows 86 to 97: correlations, and fields of several values.

use super::row::{Case, Row, case, documents, row};
use rulecast_ir::RefusalReason::{self, Correlation};

/// Where the number of events is compared with a lower bound, and where it is not.
const COUNTING: (&[&str], &[(&str, RefusalReason)]) = (&["eql.none", "spl.none", "kql.none"], &[]);
/// Where every other measure is, and where it is not.
const MEASURING: (&[&str], &[(&str, RefusalReason)]) = (&["spl.none", "kql.none"], &[("eql.none", Correlation)]);

/// A correlation of `one` (`a: x`), `two` (`b: y`) and `three` (`c: z`).
fn correlation(body: &str, hits: &'static str, misses: &'static str) -> Case {
    let base = |name: &str, test: &str| {
        format!(
            "title: {name}\nname: {name}\nlogsource: {{category: process_creation, product: windows}}\n\
             detection: {{s: {{{test}}}, condition: s}}\n---\n"
        )
    };
    let all = [base("one", "a: x"), base("two", "b: y"), base("three", "c: z")].concat();
    documents(&format!("{all}title: all\ncorrelation: {{{body}}}\n"), hits, misses)
}

impl Case {
    /// On the first targets, and refused by the second.
    fn by(self, (on, refused): (&'static [&'static str], &'static [(&'static str, RefusalReason)])) -> Self {
        self.on(on).refused(refused)
    }
}

/// Streams of events of `one`, a tenth of a second apart, with as many different values, each of them twice.
fn different(values: &[usize]) -> &'static str {
    let stream = |count: &usize| {
        let event = |i: usize| format!(r#"{{"h": "1", "a": "x", "x": "v{}", "_time": {}}}"#, i % count, i / 10);
        format!("[{}]", (0..2 * count).map(event).collect::<Vec<_>>().join(", "))
    };
    format!("[{}]", values.iter().map(stream).collect::<Vec<_>>().join(", ")).leak()
}

pub(crate) fn rows() -> Vec<Row> {
    let seconds = "timespan: 30s";
    let counted = "group-by: [h], timespan: 30s";
    let both = "type: temporal_ordered, rules: [one, two]";
    vec![
        row(86, "a count of events has the same query whatever its operator")
            .case(
                correlation(
                    &format!("type: event_count, rules: [one], {counted}, condition: {{gt: 3}}"),
                    r#"[[{"h": "1", "a": "x"}, {"h": "1", "a": "x", "_time": 1}, {"h": "1", "a": "x", "_time": 2},
                         {"h": "1", "a": "x", "_time": 30}, {"h": "1", "a": "x", "_time": 31}]]"#,
                    r#"[[{"h": "1", "a": "x"}, {"h": "1", "a": "x", "_time": 1}, {"h": "1", "a": "x", "_time": 2},
                         {"h": "1", "a": "x", "_time": 31}],
                        [{"h": "1", "a": "x"}, {"h": "1", "a": "x", "_time": 1}, {"h": "2", "a": "x", "_time": 2},
                         {"h": "1", "a": "n", "_time": 3}, {"a": "x", "_time": 4}, {"h": "1", "a": "x", "_time": 5}]]"#,
                )
                .by(COUNTING),
            )
            .case(
                correlation(
                    &format!("type: event_count, rules: [one], {counted}, condition: {{lt: 2}}"),
                    r#"[[{"h": "1", "a": "x"}, {"h": "1", "a": "x", "_time": 31}]]"#,
                    r#"[[{"a": "x"}], [{"h": "1", "a": "n"}]]"#,
                )
                .by(MEASURING),
            )
            .case(
                correlation(
                    &format!("type: event_count, rules: [one], {counted}, condition: {{eq: 2}}"),
                    r#"[[{"h": "1", "a": "x"}, {"h": "1", "a": "x", "_time": 30}, {"h": "1", "a": "x", "_time": 45}]]"#,
                    r#"[[{"h": "1", "a": "x"}], [{"h": "1", "a": "x"}, {"h": "1", "a": "x", "_time": 31}]]"#,
                )
                .by(MEASURING),
            ),
        row(87, "no keys make an empty `by`")
            .case(correlation(
                &format!("{both}, {seconds}"),
                r#"[[{"a": "x"}, {"b": "y", "_time": 5}]]"#,
                r#"[[{"a": "x"}, {"b": "n", "_time": 5}], [{"b": "y"}, {"a": "x", "_time": 5}]]"#,
            ))
            .case(
                correlation(
                    &format!("type: event_count, rules: [one], {seconds}, condition: {{gte: 3}}"),
                    r#"[[{"a": "x"}, {"h": "1", "a": "x", "_time": 1}, {"h": "2", "a": "x", "_time": 30}]]"#,
                    r#"[[{"a": "x"}, {"a": "x", "_time": 1}, {"a": "x", "_time": 31}]]"#,
                )
                .by(COUNTING),
            ),
        row(88, "a count of values becomes a run of equal values").case(
            correlation(
                &format!("type: value_count, rules: [one], {counted}, condition: {{gte: 3, field: x}}"),
                r#"[[{"h": "1", "a": "x", "x": "p"}, {"h": "1", "a": "x", "x": "P", "_time": 1},
                         {"h": "1", "a": "x", "x": "q", "_time": 30}]]"#,
                r#"[[{"h": "1", "a": "x", "x": "p"}, {"h": "1", "a": "x", "x": "p", "_time": 1},
                         {"h": "1", "a": "x", "x": "p", "_time": 2}],
                        [{"h": "1", "a": "x", "x": "p"}, {"h": "1", "a": "x", "x": "q", "_time": 1},
                         {"h": "1", "a": "x", "x": "r", "_time": 31}]]"#,
            )
            .by(MEASURING),
        ),
        row(89, "the time span of events in any order is lost").case(
            correlation(
                &format!("type: temporal, rules: [one, two], group-by: [h], {seconds}"),
                r#"[[{"h": "1", "a": "x"}, {"h": "1", "b": "y", "_time": 30}],
                        [{"h": "1", "b": "y"}, {"h": "1", "a": "x", "_time": 30}], [{"h": "1", "a": "x", "b": "y"}]]"#,
                r#"[[{"h": "1", "a": "x"}, {"h": "1", "b": "y", "_time": 31}],
                        [{"h": "1", "a": "x"}, {"h": "2", "b": "y", "_time": 1}]]"#,
            )
            .by(MEASURING),
        ),
        row(90, "the last step of a sequence is asked for twice").case(correlation(
            &format!("{both}, group-by: [h], {seconds}"),
            r#"[[{"h": "1", "a": "x"}, {"h": "1", "b": "y", "_time": 30}]]"#,
            r#"[[{"h": "1", "a": "x"}, {"h": "1", "b": "y", "_time": 31}],
                [{"h": "1", "a": "x"}, {"h": "2", "b": "y", "_time": 5}],
                [{"h": "1", "b": "y"}, {"h": "1", "b": "y", "_time": 5}],
                [{"h": "1", "b": "y"}, {"h": "1", "a": "x", "_time": 5}]]"#,
        )),
        row(91, "an alert rule of a sequence has a query of another kind before it")
            .case(
                correlation(
                    &format!("{both}, group-by: [h], {seconds}"),
                    r#"[[{"h": "1", "a": "x"}, {"h": "1", "b": "y", "_time": 5}]]"#,
                    r#"[[{"h": "1", "a": "x"}]]"#,
                )
                .on(&["eql.none"]),
            )
            .elsewhere(
                "crates/bundle/src/elastic/tests.rs",
                "an_alert_rule_of_a_sequence_has_nothing_before_its_query",
            ),
        row(92, "events are counted in fixed windows, and those on both sides of a boundary are missed").case(
            correlation(
                &format!("type: event_count, rules: [one], {counted}, condition: {{gte: 3}}"),
                r#"[[{"h": "1", "a": "x", "_time": 50}, {"h": "1", "a": "x", "_time": 59},
                         {"h": "1", "a": "x", "_time": 61}]]"#,
                r#"[[{"h": "1", "a": "x", "_time": 30}, {"h": "1", "a": "x", "_time": 59},
                         {"h": "1", "a": "x", "_time": 61}]]"#,
            )
            .by(COUNTING),
        ),
        row(93, "a join of steps keeps one of several starts, whichever it likes").case(
            correlation(
                &format!("{both}, group-by: [h], {seconds}"),
                r#"[[{"h": "1", "a": "x"}, {"h": "1", "a": "x", "_time": 20}, {"h": "1", "b": "y", "_time": 40}]]"#,
                r#"[[{"h": "1", "a": "x"}, {"h": "1", "a": "x", "_time": 2}, {"h": "1", "b": "y", "_time": 40}]]"#,
            )
            .on(&["kql.none", "spl.none", "eql.none"]),
        ),
        row(94, "a threshold is compared with an estimate")
            .case(
                correlation(
                    &format!("type: value_count, rules: [one], {counted}, condition: {{gt: 100, field: x}}"),
                    different(&[101]),
                    different(&[99, 100]),
                )
                .by(MEASURING),
            )
            .elsewhere("crates/kql/src/tests/correlations.rs", "nothing_is_estimated"),
        row(95, "the absence of an event is reported before the time span has passed").case(
            correlation(
                &format!("type: temporal, rules: [one, two], {counted}, condition: one and not two"),
                r#"[[{"h": "1", "a": "x"}], [{"h": "1", "b": "y"}, {"h": "1", "a": "x", "_time": 31}]]"#,
                r#"[[{"h": "1", "b": "y"}, {"h": "1", "a": "x", "_time": 30}], [{"h": "1", "a": "x", "b": "y"}]]"#,
            )
            .by(MEASURING),
        ),
        row(96, "the steps of a sequence may come in any order").case(correlation(
            &format!("type: temporal_ordered, rules: [one, two, three], group-by: [h], {seconds}"),
            r#"[[{"h": "1", "a": "x"}, {"h": "1", "b": "y", "_time": 5}, {"h": "1", "c": "z", "_time": 9}]]"#,
            r#"[[{"h": "1", "a": "x"}, {"h": "1", "c": "z", "_time": 5}, {"h": "1", "b": "y", "_time": 9}],
                [{"h": "1", "c": "z"}, {"h": "1", "b": "y", "_time": 5}, {"h": "1", "a": "x", "_time": 9}],
                [{"h": "1", "a": "x"}, {"h": "1", "b": "y", "_time": 20}, {"h": "1", "c": "z", "_time": 40}]]"#,
        )),
        row(97, "two tests of a field with several values hold of different ones, as the rule means").case(
            case(
                "s: {'a|contains|all': [x, y]}, condition: s",
                r#"[{"a": ["x", "y"]}, {"a": "xy"}]"#,
                r#"[{"a": ["x", "z"]}, {"a": "y"}]"#,
            )
            .on(&["eql.none", "spl.none"]),
        ),
    ]
}
