//! Rows 1 to 20: logic, missing fields, precedence.

use super::row::{MODELS, Row, case, row};
use rulecast_ir::RefusalReason::FieldComparison;

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(1, "a regex inside a negated AND is moved out of the negation").case(case(
            "one: {'a|re': x}, two: {b: y}, condition: not (one and two)",
            r#"[{"a": "q", "b": "y"}, {"a": "x", "b": "n"}, {"b": "y"}, {"a": "x"}, {}]"#,
            r#"[{"a": "axe", "b": "y"}]"#,
        )),
        row(2, "a filter that holds a regex becomes a requirement").case(case(
            "s: {c: z}, f: {'a|re': x, b: y}, condition: s and not f",
            r#"[{"c": "z"}, {"c": "z", "a": "x", "b": "n"}, {"c": "z", "a": "n", "b": "y"}]"#,
            r#"[{"c": "z", "a": "x", "b": "y"}, {"a": "n", "b": "n"}]"#,
        )),
        row(3, "an OR with a negated regex becomes an AND").case(case(
            "s: {c: z}, f: {'a|re': x}, condition: s or not f",
            r#"[{"c": "z", "a": "x"}, {"a": "n"}, {}]"#,
            r#"[{"a": "x"}, {"c": "n", "a": "x"}]"#,
        )),
        row(4, "a regex negated twice comes out negated once").case(case(
            "s: {c: z}, f: {'a|re': x}, condition: s and not (not f)",
            r#"[{"c": "z", "a": "x"}]"#,
            r#"[{"c": "z", "a": "n"}, {"c": "z"}, {"a": "x"}]"#,
        )),
        row(5, "a comparison of two fields leaves the negation around it").case(
            case(
                "s: {c: z, 'a|fieldref': b}, condition: not s",
                r#"[{"c": "z", "a": "1", "b": "2"}, {"c": "z"}, {"a": "1", "b": "1"}]"#,
                r#"[{"c": "z", "a": "1", "b": "1"}]"#,
            )
            .on(&["spl.none", "kql.none"])
            .refused(&[("eql.none", FieldComparison)]),
        ),
        row(6, "a rule of regexes alone gives a query that starts with a filter of nothing").case(case(
            "s: {'a|re': [x, y]}, condition: s",
            r#"[{"a": "axe"}, {"a": "y"}]"#,
            r#"[{"a": "n"}, {"b": "x"}, {}]"#,
        )),
        row(7, "a filter of IPv4 and IPv6 networks is null for every address, so that nothing is found")
            .case(case(
                "s: {c: z}, f: {'ip|cidr': [10.0.0.0/8, 'fe80::/10']}, condition: s and not f",
                r#"[{"c": "z", "ip": "8.8.8.8"}, {"c": "z", "ip": "2001:db8::1"}, {"c": "z"},
                    {"c": "z", "ip": "no address"}]"#,
                r#"[{"c": "z", "ip": "10.1.2.3"}, {"c": "z", "ip": "fe80::1"}, {"ip": "8.8.8.8"}]"#,
            ))
            .case(
                case(
                    "s: {c: z}, f: {'ip|cidr': [10.0.0.0/8, 'fe80::/10']}, condition: s and not f",
                    r#"[{"c": "z", "ip": "::ffff:8.8.8.8"}]"#,
                    r#"[{"c": "z", "ip": "::ffff:10.1.2.3"}]"#,
                )
                .on(&["eql.none", "kql.none"]),
            )
            .open(
                "to spl.none an IPv4 address written as an IPv6 one, `::ffff:10.1.2.3`, is not of 10.0.0.0/8 (the query carries `mapping:ip`)",
                case(
                    "s: {'ip|cidr': [10.0.0.0/8, 'fe80::/10']}, condition: s",
                    r#"[{"ip": "::ffff:10.1.2.3"}]"#,
                    r#"[{"ip": "::ffff:11.1.2.3"}]"#,
                )
                .on(&["spl.none"]),
            ),
        row(8, "an IPv6 network is asked of a function that knows IPv4 alone").case(case(
            "s: {'ip|cidr': 'fe80::/10'}, condition: s",
            r#"[{"ip": "fe80::1"}, {"ip": "febf::1"}]"#,
            r#"[{"ip": "2001:db8::1"}, {"ip": "10.0.0.1"}, {}]"#,
        )),
        row(9, "null is asked of a Kusto text, which never is null")
            .case(case("s: {f: null}, condition: s", r#"[{}, {"g": "1"}]"#, r#"[{"f": "v"}]"#))
            .case(case(
                "s: {c: z}, n: {f: null}, condition: s and not n",
                r#"[{"c": "z", "f": "v"}]"#,
                r#"[{"c": "z"}]"#,
            )),
        row(10, "a negated comparison loses the events without the field")
            .case(case("s: {a: x}, condition: not s", r#"[{"a": "y"}, {"b": "x"}, {}]"#, r#"[{"a": "x"}, {"a": "X"}]"#))
            .later("ES|QL, where it was seen"),
        row(11, "null under a data model is printed as an object of the program").case(
            case(
                r"s: {'Image|endswith': '\a.exe', CommandLine: null}, condition: s",
                r#"[{"Image": "C:\\x\\a.exe"}]"#,
                r#"[{"Image": "C:\\x\\a.exe", "CommandLine": "a"}, {"Image": "C:\\x\\b.exe"}]"#,
            )
            .on(MODELS),
        ),
        row(12, "null becomes the text `None`").case(case(
            "s: {c: z, ParentImage: null}, condition: s",
            r#"[{"c": "z"}]"#,
            r#"[{"c": "z", "ParentImage": "None"}, {"ParentImage": "None"}]"#,
        )),
        row(13, "null becomes the text `null`").case(case(
            "s: {c: z}, f: {f: null}, condition: s and not f",
            r#"[{"c": "z", "f": "null"}, {"c": "z", "f": "v"}]"#,
            r#"[{"c": "z"}]"#,
        )),
        row(14, "null in a filter is dropped").case(case(
            "s: {c: z}, f: {X: [null, q]}, condition: s and not f",
            r#"[{"c": "z", "X": "v"}]"#,
            r#"[{"c": "z"}, {"c": "z", "X": "q"}]"#,
        )),
        row(15, "OR binds tighter than AND in Splunk's search, and the rule's OR is written bare").case(case(
            "one: {a: '1'}, two: {b: '1'}, three: {d: '1'}, condition: one or two and not three",
            r#"[{"a": "1"}, {"b": "1"}, {"a": "1", "d": "1"}, {"a": "1", "b": "1", "d": "1"}]"#,
            r#"[{"b": "1", "d": "1"}, {"d": "1"}, {}]"#,
        )),
        row(16, "an arm of an OR escapes the log source").case(
            case(
                r"one: {'Image|endswith': '\a.exe'}, two: {'Image|endswith': '\b.exe'}, three: {CommandLine: q},
                condition: one or two and not three",
                r#"[{"Image": "C:\\x\\a.exe", "CommandLine": "q"}, {"Image": "C:\\x\\b.exe", "CommandLine": "r"}]"#,
                r#"[{"_category": "network_connection", "_product": "windows", "Image": "C:\\x\\b.exe",
                     "Initiated": "true"},
                    {"Image": "C:\\x\\b.exe", "CommandLine": "q"}]"#,
            )
            .on(MODELS),
        ),
        row(17, "an AND of values inside a list of alternatives has no parentheses").case(case(
            "s: [{'U|contains|all': [SERVICE R, SEAU]}, {'U|contains': AUTH}], d: {d: '1'}, condition: s and d",
            r#"[{"U": "SERVICE RESEAU", "d": "1"}, {"U": "NT AUTH", "d": "1"}]"#,
            r#"[{"U": "SERVICE R", "d": "1"}, {"U": "NT AUTH"}, {"U": "SERVICE RESEAU"}, {"d": "1"}]"#,
        )),
        row(18, "`!=` stands for NOT, and loses the events without the field").case(case(
            "s: {c: z}, f: {f: v}, condition: s and not f",
            r#"[{"c": "z", "f": "w"}, {"c": "z"}]"#,
            r#"[{"c": "z", "f": "v"}]"#,
        )),
        row(19, "a negated comparison of a missing number is null")
            .case(case(
                "s: {c: z}, f: {'n|gt': 3}, condition: s and not f",
                r#"[{"c": "z", "n": 2}, {"c": "z", "n": 3}, {"c": "z"}]"#,
                r#"[{"c": "z", "n": 4}]"#,
            ))
            .case(case(
                "s: {c: z}, f: {'n|lte': 3}, condition: not s or not f",
                r#"[{"c": "z", "n": 4}, {"c": "z"}, {"n": 1}]"#,
                r#"[{"c": "z", "n": 3}]"#,
            )),
        row(20, "the second of two fields is never reached, because an empty text counts as the first").case(case(
            "s: [{a: x}, {b: x}], condition: s",
            r#"[{"b": "x"}, {"a": "", "b": "x"}, {"a": "y", "b": "x"}, {"a": "x"}]"#,
            r#"[{"a": "", "b": ""}, {"a": "y", "b": "y"}, {}]"#,
        )),
    ]
}
