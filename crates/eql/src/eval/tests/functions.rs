//! The examples of the function reference, and what it says of nulls.

use super::{answers, check, row};
use rulecast_ir::Schema;

#[test]
fn examples_of_the_reference() {
    let rows = [row(
        1,
        1,
        &[
            ("process.name", "\"regsvr32.exe\""),
            ("file.path", "\"C:\\Windows\\System32\\cmd.exe\""),
            ("url.domain", "\"subdomain.example.com\""),
            ("process.args_count", "4"),
            ("process.parent.args_count", "2"),
            ("source.address", "\"192.168.152.12\""),
        ],
    )];
    for holds in [
        "add(4, 0.5) == 4.5",
        "add(process.args_count, 5) == 9",
        "process.args_count + 5 == 9",
        "add(process.args_count, process.parent.args_count) == 6",
        "add(null, 4) == null",
        r#"between(file.path, "System32\\", ".exe") == "cmd""#,
        r#"between(file.path, "system32\\", ".exe") == """#,
        r#"between~(file.path, "system32\\", ".exe") == "cmd""#,
        r#"between(file.path, "\\", "\\", false) == "Windows""#,
        r#"between(file.path, "\\", "\\", true) == "Windows\\System32""#,
        r#"between("", "", "") == """#,
        r#"cidrMatch(source.address, "192.168.0.0/16", "10.0.0.0/8")"#,
        r#"concat(process.name, " ", 42.5) == "regsvr32.exe 42.5""#,
        r#"concat(process.name, " ", true) == "regsvr32.exe true""#,
        r#"concat(process.name, " ", process.args_count) == "regsvr32.exe 4""#,
        "concat(process.name, null) == null",
        "divide(4, 3) == 1",
        "divide(4, 0.5) == 8",
        "divide(-4, -2) == 2",
        "( 4 / process.args_count ) == 1",
        "( 7.0 / process.args_count ) == 1.75",
        r#"endsWith(process.name, ".exe")"#,
        r#"endsWith~(process.name, ".EXE")"#,
        r#"endsWith("regsvr32.exe", process.name)"#,
        r#"indexOf(url.domain, "d") == 3"#,
        r#"indexOf(url.domain, "D") == null"#,
        r#"indexOf(url.domain, ".", 10) == 17"#,
        r#"indexOf(url.domain, ".", -6) == 9"#,
        r#"indexOf~(url.domain, "D") == 3"#,
        r#"indexOf(url.domain, "", 9) == 9"#,
        r#"indexOf(url.domain, ".", 30) == null"#,
        "length(process.name) == 12",
        "12 == length(process.name)",
        "length(null) == null",
        "modulo(10, -6) == 4",
        "modulo(-10, -6) == -4",
        "106 % process.args_count == 2",
        "multiply(process.args_count, 0.5) == 2",
        r#"number("1337") == 1337"#,
        r#"number("42.5") == 42.5"#,
        r#"number("deadbeef", 16) == 3735928559"#,
        r#"number("0xdeadbeef", null) == 3735928559"#,
        r#"number("  -1337  ") == -1337"#,
        r#"startsWith~(process.name, "REGSVR")"#,
        r#"string(42.5) == "42.5""#,
        r#"string(process.args_count) : "4""#,
        r#"stringContains(process.name, "svr32")"#,
        r#"stringContains~(process.name, "SVR32")"#,
        r#"substring("start regsvr32.exe", 6, 14) == "regsvr32""#,
        r#"substring("start regsvr32.exe", -4, -1) == ".ex""#,
        r#"substring(process.name, -4) : (".EX?", "x")"#,
        r#"substring(process.name, 5, 2) == """#,
        r#"substring(process.name, 0, 3) in~ ("REG", "x")"#,
        "subtract(process.args_count, 0.5) == 3.5",
        "-process.args_count < -3",
        r#"length(concat(process.name, "x")) in (1, 13)"#,
        r#"substring(process.name, -4) regex "\\.e.e""#,
    ] {
        assert_eq!(check(holds, &rows, &Schema::default()), "1", "{holds}");
    }
    answers(
        &rows,
        &Schema::default(),
        &[
            (r#"endsWith(process.name, ".dll")"#, ""),
            (r#"stringContains("", "")"#, ""),
            (r#"startsWith("explorer.exe", process.name)"#, ""),
            (
                "modulo(10, 0.5) == 0",
                "not evaluated: a quotient, a remainder or an overflow that the reference does not tell",
            ),
            (
                "divide(1, 0) == 0",
                "not evaluated: a quotient, a remainder or an overflow that the reference does not tell",
            ),
            ("-7 / 2 == 0", "not evaluated: a quotient, a remainder or an overflow that the reference does not tell"),
            (r#"number("") == 0"#, "not evaluated: `number` of ``"),
            (r#"endsWith(process.name, "*.exe")"#, "not evaluated: `endsWith` of \"*.exe\""),
            (r#"stringContains~(process.name, "\\")"#, "not evaluated: `stringContains` of \"\\\\\""),
            (r#"stringContains(process.name, "")"#, "not evaluated: `stringContains` of \"\""),
            (r#"startswith(process.name, "a")"#, "not evaluated: the function `startswith`"),
            ("length~(process.name) == 1", "not evaluated: `length~`: case means nothing to it"),
            ("length(process.args_count) == 1", "Elasticsearch refuses this: the arguments of `length`"),
            ("length(process.name) == \"12\"", "Elasticsearch refuses this: values of different types are compared"),
            ("length(process.name)", "Elasticsearch refuses this: a condition that is no boolean"),
            // "Limitations for comparisons".
            (
                "process.name == file.path",
                "Elasticsearch refuses this: `process.name` is compared with `file.path`, another field",
            ),
            (
                "length(process.name) < process.args_count",
                "Elasticsearch refuses this: `process.name` is compared with `process.args_count`, another field",
            ),
        ],
    );
}

/// Elasticsearch's own translations of scripts: any value satisfies, null does not, and `not` stands outside.
#[test]
fn scripts_over_missing_and_many_values() {
    let rows = [
        row(1, 1, &[("f", "[\"a\", \"long\"]"), ("g", "[\"a\", \"b\"]")]),
        row(2, 2, &[("f", "\"ab\"")]),
        row(3, 3, &[]),
    ];
    answers(
        &rows,
        &Schema::default(),
        &[
            ("length(f) > 3", "1"),
            ("length(f) < 3", "1 2"),
            ("not length(f) > 3", "2 3"),
            ("length(f) not in (4)", "2 3"),
            ("length(f) == null", "3"),
            ("length(f) != null", "1 2"),
            ("length(f) != 2", "not evaluated: `!=` of an expression without value, or of several, in 1"),
            (r#"concat(f, g) == "aa""#, "not evaluated: an expression of `g`, which has several values"),
        ],
    );
}
