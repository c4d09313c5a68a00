//! Conditions on fields. Each test names its source.

use super::{answers, ids, row};
use rulecast_ir::{Row, Schema};

fn rows() -> Vec<Row> {
    vec![
        row(
            1,
            10,
            &[
                ("event.category", "\"process\""),
                ("name", "\"cmd.exe\""),
                ("pid", "100"),
                ("args", "[\"cmd.exe\", \"/c\", \"whoami\"]"),
                ("ip", "\"10.1.2.3\""),
                ("signed", "true"),
            ],
        ),
        row(
            2,
            20,
            &[
                ("event.category", "[\"network\", \"process\"]"),
                ("name", "\"PowerShell.exe\""),
                ("pid", "[4, 200]"),
                ("path", "\"C:\\Win\\x*y?z\""),
                ("ip", "\"::ffff:10.9.9.9\""),
                ("signed", "false"),
            ],
        ),
        row(3, 30, &[("event.category", "\"network\""), ("ratio", "0.5"), ("ip", "\"fe80::1\"")]),
        row(4, 40, &[("name", "\"\""), ("path", "\"Größe\n\""), ("ip", "[\"192.168.0.1\", \"-\"]")]),
    ]
}

fn table(expected: &[(&str, &str)]) {
    answers(&rows(), &Schema::default(), expected);
}

/// "Comparison operators", "Differences from Endgame EQL syntax": `==` minds case and expands no wildcard, `:` does
/// neither.
#[test]
fn text_operators() {
    table(&[
        (r#"name == "cmd.exe""#, "1"),
        (r#"name == "CMD.exe""#, ""),
        (r#"name == "cmd*""#, ""),
        (r#"name : "CMD.EXE""#, "1"),
        (r#"name : "*.exe""#, "1 2"),
        (r#"name : "???.exe""#, "1"),
        (r#"name : ("powershell*", "x")"#, "2"),
        (r#"name like "powershell*""#, ""),
        (r#"name like ("Power?hell*", "x")"#, "2"),
        (r#"name in ("PowerShell.exe", "CMD.exe")"#, "2"),
        (r#"name in~ ("POWERSHELL.exe", "CMD.exe")"#, "1 2"),
        // Elasticsearch's own test of `in~ ("test*")`: verbatim.
        (r#"name in~ ("*.exe")"#, ""),
        (r#"path in~ ("c:\\win\\x*Y?z")"#, "2"),
        // ... and of a backslash in a pattern: it is one.
        (r#"path : "c:\\win\\*""#, "2"),
        // ASCII alone is folded.
        (r#"path : "GRÖSSE*" or path : "GRÖßE*""#, ""),
        (r#"path : "grö*""#, "4"),
        (r#"path : "gr?ße?""#, "4"),
        (r#"name == """#, "4"),
        (r#"name < "b""#, "2 4"),
        (r#"name >= "cmd.exe""#, "1"),
    ]);
}

/// "Regular expression syntax": anchored, all operators on; measured: no `(?i)`, no `^`.
#[test]
fn regexes() {
    table(&[
        (r#"name regex "cmd""#, ""),
        (r#"name regex "cmd.*""#, "1"),
        (r#"name regex "^cmd.*$""#, ""),
        (r#"name regex~ "power[a-z]*\\.EXE""#, ""),
        (r#"name regex~ "power[a-zA-Z]*\\.EXE""#, "2"),
        (r#"name regex ("x", ".*\\.exe")"#, "1 2"),
        (r#"path regex "Größe.""#, "4"),
        (r#"name regex """#, "4"),
        (r#"not name regex ".*""#, "3"),
        (r#"name regex "\\bcmd""#, r"Elasticsearch refuses this: the regex `\bcmd`: invalid character class \98"),
        (r#"name regex ("", "x")"#, "not evaluated: an empty regex in a list, which is joined to one regex"),
        (r#"name regex "(a{1000}){1000}" or name : "CMD.EXE""#, "1"),
    ]);
    let long = format!("name regex (\"{}\", \"{}\")", "a".repeat(500), "b".repeat(500));
    table(&[
        (&long, "Elasticsearch refuses this: regexes of more than 1000 characters together"),
        (&long.replacen("(\"a", "(\"", 1), ""),
    ]);
}

/// Elasticsearch's own translations: any value of an array satisfies, `not` is `must_not`, so a missing field is none.
#[test]
fn arrays_and_negation() {
    table(&[
        (r#"args == "whoami""#, "1"),
        (r#"args : ("/C", "x")"#, "1"),
        (r#"not args : "/c""#, "2 3 4"),
        (r#"args != "/c""#, "2 3 4"),
        (r#"args == "/c" and args != "cmd.exe""#, ""),
        (r#"args not in ("/c")"#, "2 3 4"),
        ("pid < 5 and pid > 100", "2"),
        ("not pid > 150", "1 3 4"),
        ("not (pid > 150 or ratio < 1)", "1 4"),
        ("pid in (100, 4)", "1 2"),
        ("pid == 100.0 or pid == 100.5", "1"),
        // Elasticsearch's test of two ranges on one field: different values may satisfy them.
        ("pid > 99.5 and pid < 100.5", "1 2"),
        ("ratio == 0.5", "3"),
        ("ratio >= 0.5 and ratio <= 1", "3"),
        ("signed == true", "1"),
        ("signed", "1"),
        ("not signed", "2 3 4"),
        ("signed == false", "2"),
        ("signed != true", "2 3 4"),
        ("true", "1 2 3 4"),
        ("false or not true", ""),
    ]);
}

/// "Check if a field exists": the empty text is a value.
#[test]
fn existence() {
    table(&[
        ("?name == null", "3"),
        ("name != null", "1 2 4"),
        ("name == null", "3"),
        ("null == ?nothing", "1 2 3 4"),
        ("?nothing != null", ""),
        (r#"?name : "cmd*" or not ?path : "*""#, "1 3"),
    ]);
}

/// "Basic syntax": the category is a value of `event.category`; `any` asks for none.
#[test]
fn categories() {
    let found = |query: &str| ids(query, &rows(), &Schema::default()).map(|matches| matches.concat());
    assert_eq!(found("process where true"), Ok(vec![1, 2]));
    assert_eq!(found("network where true"), Ok(vec![2, 3]));
    assert_eq!(found("\"PROCESS\" where true"), Ok(vec![]));
    assert_eq!(found("any where true"), Ok(vec![1, 2, 3, 4]));
}

/// "`cidrMatch`"; Lucene maps IPv4 into IPv6.
#[test]
fn addresses() {
    table(&[
        (r#"cidrMatch(ip, "10.0.0.0/8")"#, "1 2"),
        (r#"cidrMatch(ip, "10.1.2.99/24", "fe80::/10")"#, "1 3"),
        (r#"cidrMatch(ip, "0.0.0.0/0")"#, "1 2 4"),
        (r#"cidrMatch(ip, "::/0")"#, "1 2 3 4"),
        (r#"cidrMatch(ip, "::ffff:10.0.0.0/104")"#, "1 2"),
        (r#"not cidrMatch(ip, "192.168.0.0/16")"#, "1 2 3"),
        (r#"cidrMatch(name, "10.0.0.0/8")"#, ""),
        (r#"cidrMatch(nothing, "10.0.0.0/8") == false"#, "1 2 3 4"),
        (r#"cidrMatch(ip, "10.0.0.0/99")"#, "Elasticsearch refuses this: `cidrMatch` of `ip` with what is no network"),
    ]);
}

/// Rows are answered in the order of time, whatever their own.
#[test]
fn the_order_is_that_of_time() {
    let rows = vec![row(1, 30, &[]), row(2, 10, &[]), row(4, 20, &[]), row(3, 20, &[])];
    answers(&rows, &Schema::default(), &[("true", "2 3 4 1")]);
}
