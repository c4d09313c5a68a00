//! Rows 49 to 62: regexes, and the types of values.

use super::row::{MODELS, Row, case, documents, row};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(49, "EQL anchors a regex and, with `~`, forgets case")
            .case(case(
                "s: {'a|re': 'foo.*bar'}, condition: s",
                r#"[{"a": "xfoo1barx"}, {"a": "foobar"}]"#,
                r#"[{"a": "FOO1BAR"}, {"a": "bar foo"}, {}]"#,
            ))
            .case(case(
                r"s: {'a|re': 'foo.*bar'}, condition: not s",
                r#"[{"a": "FOO1BAR"}, {}]"#,
                r#"[{"a": "foo1bar"}]"#,
            )),
        row(50, "one character more is added to a regex, to loosen its end").case(case(
            "s: {'a|re': 'foo.*bar'}, condition: s",
            r#"[{"a": "foobar, and much behind it"}]"#,
            r#"[{"a": "fooba"}]"#,
        )),
        row(51, "`^`, `$` and `\\d` are literal to Lucene")
            .case(case(
                r"s: {'a|re': '^foo\d+$'}, condition: s",
                r#"[{"a": "foo12"}]"#,
                r#"[{"a": "foox"}, {"a": "xfoo1"}, {"a": "foo1x"}, {"a": "^foo1$"}, {"a": "foodd"}]"#,
            ))
            .case(case(r"s: {'a|re': '^foo\d+$'}, condition: not s", r#"[{"a": "xfoo1"}, {}]"#, r#"[{"a": "foo12"}]"#)),
        row(52, "`(?i)` is literal to Lucene").case(case(
            "s: {'a|re|i': 'fo[a-z]+'}, condition: s",
            r#"[{"a": "xFOO"}, {"a": "fox"}]"#,
            r#"[{"a": "fo"}, {"a": "fo1"}, {}]"#,
        )),
        row(53, "`(?:` is literal to Lucene")
            .case(case(
                "s: {'a|re': '(?:a|b)c'}, condition: s",
                r#"[{"a": "xac"}, {"a": "bc"}]"#,
                r#"[{"a": "c"}, {"a": "?:dc"}, {"a": "AC"}]"#,
            ))
            .case(case(r"s: {'a|re': '(?:a|b)c'}, condition: not s", r#"[{"a": "c"}, {}]"#, r#"[{"a": "xbc"}]"#)),
        row(54, "a lazy repetition accepts nothing at all in Lucene")
            .case(case(
                "s: {'a|re': 'x.+?'}, condition: s",
                r#"[{"a": "xy"}, {"a": "axyz"}]"#,
                r#"[{"a": "x"}, {"a": "ax"}]"#,
            ))
            .case(case(r"s: {'a|re': 'x.+?'}, condition: not s", r#"[{"a": "x"}, {}]"#, r#"[{"a": "xy"}]"#)),
        row(55, "a range of letters is not folded").case(case(
            "s: {'a|re|i': '[a-z]{3}1'}, condition: s",
            r#"[{"a": "ABC1"}, {"a": "xaBc1"}]"#,
            r#"[{"a": "AB1"}, {"a": "1111"}]"#,
        )),
        row(56, "a quote in a regex ends the text of the query").case(case(
            r#"s: {'a|re': 'a"b/c'}, condition: s"#,
            r#"[{"a": "xa\"b/cx"}]"#,
            r#"[{"a": "ab/c"}, {"a": "a\\\"b/c"}]"#,
        )),
        row(57, "a regex that looks ahead is handed to an engine that cannot")
            .case(case("s: {'a|re': 'x(?=y)'}, condition: s", "[]", "[]").on(&[]).diagnosed("invalid-regex")),
        row(58, "a regex gains `(?i)`").case(case(
            "s: {'a|re': 'Foo'}, condition: s",
            r#"[{"a": "xFoox"}]"#,
            r#"[{"a": "foo"}, {"a": "FOO"}]"#,
        )),
        row(59, "the regex of a step of a correlation is lost").case(documents(
            STEPS,
            r#"[[{"h": "1", "a": "xx"}, {"h": "1", "b": "y", "_time": 5}]]"#,
            r#"[[{"h": "1", "a": "n"}, {"h": "1", "b": "y", "_time": 5}]]"#,
        )),
        row(60, "a number is compared as a text")
            .case(case("s: {a: 5}, condition: s", r#"[{"a": 5}]"#, r#"[{"a": 6}, {"a": 55}, {}]"#))
            .case(case("s: {a: 5}, condition: not s", r#"[{"a": 6}, {"a": 55}, {}]"#, r#"[{"a": 5}]"#))
            .case(case("s: {a: '5'}, condition: s", r#"[{"a": "5"}]"#, r#"[{"a": "05"}, {"a": "55"}]"#))
            .case(
                case(
                    "s: {'ProcessId': 5}, condition: s",
                    r#"[{"ProcessId": 5}, {"ProcessId": "5"}]"#,
                    r#"[{"ProcessId": 55}]"#,
                )
                .on(MODELS),
            ),
        row(61, "a list of numbers is compared as texts, or as patterns")
            .case(case("s: {a: [5, 6]}, condition: s", r#"[{"a": 5}, {"a": 6}]"#, r#"[{"a": 56}, {}]"#))
            .case(case("s: {a: [5, 6]}, condition: not s", r#"[{"a": 56}, {}]"#, r#"[{"a": 5}, {"a": 6}]"#)),
        row(62, "a boolean is compared as a text")
            .case(case("s: {a: true}, condition: s", r#"[{"a": true}]"#, r#"[{"a": false}, {}]"#))
            .case(case("s: {a: true}, condition: not s", r#"[{"a": false}, {}]"#, r#"[{"a": true}]"#)),
    ]
}

const STEPS: &str = "
title: one
name: one
logsource: {category: process_creation, product: windows}
detection: {s: {'a|re': 'x{2}'}, condition: s}
---
title: two
name: two
logsource: {category: process_creation, product: windows}
detection: {s: {b: y}, condition: s}
---
title: both
correlation: {type: temporal_ordered, rules: [one, two], group-by: [h], timespan: 10s}
";
