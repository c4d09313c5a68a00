//! Rows 21 to 48: texts, wildcards, escapes.

use super::row::{Row, case, row};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(21, "a cased suffix becomes an equality, in which `*` is a character").case(case(
            r"s: {'a|endswith|cased': '\x.exe'}, condition: s",
            r#"[{"a": "C:\\x.exe"}]"#,
            r#"[{"a": "C:\\X.EXE"}, {"a": "*\\y.exe"}, {"a": "x.exe"}]"#,
        )),
        row(22, "case is lost in a list of values").case(case(
            "s: {'a|cased': [x, y]}, condition: s",
            r#"[{"a": "x"}, {"a": "y"}]"#,
            r#"[{"a": "X"}, {"a": "Y"}, {"a": "xy"}]"#,
        )),
        row(23, "case is lost in a list of substrings").case(case(
            "s: {'a|contains|cased': [x, y]}, condition: s",
            r#"[{"a": "axe"}, {"a": "y"}]"#,
            r#"[{"a": "AXE"}, {"a": "Y"}]"#,
        )),
        row(24, "a star inside a value becomes a regex that counts case and is not anchored")
            .case(case(
                "s: {a: 'p*q'}, condition: s",
                r#"[{"a": "pq"}, {"a": "P12Q"}, {"a": "p\nq"}]"#,
                r#"[{"a": "apq"}, {"a": "pqa"}, {"a": "p"}]"#,
            ))
            .case(case(r"s: {a: 'p*q'}, condition: not s", r#"[{"a": "apq"}, {}]"#, r#"[{"a": "PxQ"}]"#)),
        row(25, "the parts around a star are asked for in any order").case(case(
            "s: {'a|contains': ['p*q', z]}, condition: s",
            r#"[{"a": "1pxq2"}, {"a": "aZ"}]"#,
            r#"[{"a": "qp"}, {"a": "p"}]"#,
        )),
        row(26, "a question mark in a list parts the value into substrings")
            .case(case(
                "s: {a: ['p?q', zz]}, condition: s",
                r#"[{"a": "pxq"}, {"a": "P?Q"}, {"a": "ZZ"}]"#,
                r#"[{"a": "pq"}, {"a": "apxq"}, {"a": "qxp"}, {"a": "pxxq"}]"#,
            ))
            .case(case(r"s: {a: 'p?q'}, condition: not s", r#"[{"a": "pxxq"}, {}]"#, r#"[{"a": "PxQ"}]"#)),
        row(27, "a question mark becomes a star").case(case(
            "s: {a: 'p?q'}, condition: s",
            r#"[{"a": "pxq"}, {"a": "PXQ"}]"#,
            r#"[{"a": "pxxq"}, {"a": "pq"}]"#,
        )),
        row(28, "wildcards go into an equality, which takes them as characters").case(case(
            "s: {a: 'p?q*z'}, condition: s",
            r#"[{"a": "pxqz"}, {"a": "PxQ12Z"}]"#,
            r#"[{"a": "pqz"}, {"a": "pxq"}]"#,
        )),
        row(29, "a star that the rule escapes stays a wildcard in Splunk")
            .case(case(
                r"s: {a: 'p\*q'}, condition: s",
                r#"[{"a": "p*q"}, {"a": "P*Q"}]"#,
                r#"[{"a": "pxq"}, {"a": "p\\*q"}, {"a": "pq"}]"#,
            ))
            .case(case(r"s: {a: 'p\*q'}, condition: not s", r#"[{"a": "pxq"}, {}]"#, r#"[{"a": "P*Q"}]"#)),
        row(30, "a star that the rule escapes becomes an unknown escape in EQL")
            .case(case(r"s: {a: 'p\*q'}, condition: s", r#"[{"a": "p*q"}]"#, r#"[{"a": "pxq"}]"#).on(&["eql.none"])),
        row(31, "a star that the rule escapes becomes an unknown escape in ES|QL").later("ES|QL"),
        row(32, "a star that the rule escapes becomes a wildcard, or gains a backslash, inside a substring").case(
            case(
                r"s: {'a|contains': 'a\*b'}, condition: s",
                r#"[{"a": "xA*Bx"}]"#,
                r#"[{"a": "xa1bx"}, {"a": "xa\\*bx"}, {"a": "ab"}]"#,
            ),
        ),
        row(33, "a backslash in a pattern takes the next character as its escape")
            .case(case(
                r"s: {'a|contains': '\Temp\'}, condition: s",
                r#"[{"a": "C:\\temp\\x"}, {"a": "\\TEMP\\"}]"#,
                r#"[{"a": "C:\\Temp"}, {"a": "C:\\Temp*"}, {"a": "Temp"}]"#,
            ))
            .later("ES|QL, where it was seen"),
        row(34, "the backslash at the end of a substring escapes the star behind it").case(case(
            r"s: {'a|contains': ['\Desktop\', '\Documents\']}, condition: s",
            r#"[{"a": "C:\\desktop\\a"}, {"a": "C:\\Documents\\"}]"#,
            r#"[{"a": "C:\\Desktop"}, {"a": "C:\\Desktop*"}]"#,
        )),
        row(35, "a substring that ends in a backslash becomes a suffix").case(case(
            r"s: {a: '*\AppData\\*'}, condition: s",
            r#"[{"a": "C:\\appdata\\x"}, {"a": "C:\\AppData\\"}]"#,
            r#"[{"a": "C:\\AppData"}, {"a": "C:\\AppData*"}]"#,
        )),
        row(36, "quotes in a value end the text of the query").case(case(
            r#"s: {'a|contains': 'say "hi"'}, condition: s"#,
            r#"[{"a": "I SAY \"HI\" now"}]"#,
            r#"[{"a": "say hi"}, {"a": "say \\\"hi\\\""}]"#,
        )),
        row(37, "a line feed goes into the query as it is").case(case(
            r#"s: {a: "line1\nline2\ttab"}, condition: s"#,
            r#"[{"a": "line1\nline2\ttab"}]"#,
            r#"[{"a": "line1 line2 tab"}, {"a": "line1\\nline2\\ttab"}]"#,
        )),
        row(38, "all of several values becomes a search for terms")
            .case(case(
                "s: {'a|all': [x, y]}, t: {a: z}, condition: s or t",
                r#"[{"a": "z"}]"#,
                r#"[{"a": "x y"}, {"a": "x"}, {"a": "y"}]"#,
            ))
            .case(
                case("s: {'a|all': [x, y]}, condition: s", r#"[{"a": ["x", "y"]}]"#, r#"[{"a": "x y"}, {"a": ["x"]}]"#)
                    .on(&["eql.none", "spl.none"]),
            ),
        row(39, "a substring becomes a term, for speed").case(case(
            "s: {'a|contains': [net user, evil]}, condition: s",
            r#"[{"a": "xnet userx"}, {"a": "devilish"}]"#,
            r#"[{"a": "user net"}, {"a": "ev il"}]"#,
        )),
        row(40, "the `.*` of a regex stands in a value, and its star becomes a character").case(case(
            "s: {'a|contains': '.*kw.*'}, condition: s",
            r#"[{"a": "a.bKW.c"}, {"a": ".kw."}]"#,
            r#"[{"a": "kw"}, {"a": "akwb"}]"#,
        )),
        row(41, "an equality counts case")
            .case(case(
                "s: {a: svchost.exe}, condition: s",
                r#"[{"a": "SvcHost.EXE"}, {"a": "svchost.exe"}]"#,
                r#"[{"a": "svchost"}, {"a": "xsvchost.exe"}]"#,
            ))
            .later("ES|QL, where it was seen"),
        row(42, "a suffix loses its end, and its point takes any character")
            .case(case(
                r"s: {'a|endswith': '\cmd.exe'}, condition: s",
                r#"[{"a": "C:\\CMD.EXE"}]"#,
                r#"[{"a": "C:\\cmd.exe.bak"}, {"a": "C:\\cmdxexe"}]"#,
            ))
            .later("ES|QL, where it was seen"),
        row(43, "a value of several words goes into Splunk's search without quotes").case(case(
            "s: {'CommandLine|contains': 'Invoke-Mimikatz -DumpCreds'}, condition: s",
            r#"[{"CommandLine": "x invoke-mimikatz -dumpcreds"}]"#,
            r#"[{"CommandLine": "-DumpCreds Invoke-Mimikatz"}, {"CommandLine": "Invoke-Mimikatz"}]"#,
        )),
        row(44, "an escaped star at the end takes the wildcard before it along").case(case(
            r"s: {a: '*\*'}, condition: s",
            r#"[{"a": "abc*"}, {"a": "*"}]"#,
            r#"[{"a": "abc"}, {"a": "*c"}]"#,
        )),
        row(45, "`\\*` behind a folder is meant as a wildcard, and is a star by the specification: the lint `escaped-wildcard` asks")
            .case(case(
                r"s: {a: 'C:\*\x'}, t: {a: 'D:\\*\x'}, condition: s or t",
                r#"[{"a": "C:*\\x"}, {"a": "D:\\y\\x"}]"#,
                r#"[{"a": "C:\\y\\x"}, {"a": "C:\\*\\x"}]"#,
            )),
        row(46, "Splunk's search bar removes the dots of `/../`")
            .case(case(
                "s: {'a|contains': '/../'}, condition: s",
                r#"[{"a": "a/../b"}]"#,
                r#"[{"a": "a/b"}, {"a": "a//b"}]"#,
            ))
            .elsewhere("crates/spl/src/tests/catalogue.rs", "n46_dots_that_the_search_bar_would_remove"),
        row(47, "two texts of a Kusto list without a comma are one").case(case(
            "s: {a: [a, b]}, condition: s",
            r#"[{"a": "a"}, {"a": "B"}]"#,
            r#"[{"a": "ab"}]"#,
        )),
        row(48, "escapes are taken out of the finished query by a replacement")
            .case(case(
                r"s: {a: 'C:\\*'}, condition: s",
                r#"[{"a": "C:\\"}, {"a": "c:\\x"}]"#,
                r#"[{"a": "C:*"}, {"a": "C:"}]"#,
            ))
            .case(case(r"s: {a: 'a\\\*'}, condition: s", r#"[{"a": "a\\*"}]"#, r#"[{"a": "a\\x"}, {"a": "a*"}]"#)),
    ]
}
