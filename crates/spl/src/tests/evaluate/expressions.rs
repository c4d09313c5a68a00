//! The expressions of `where` and `eval`.

use super::{check, column, error, ids, row};

/// The value of an expression over a row.
fn value(expr: &str, fields: &[(&str, &str)]) -> String {
    column(&format!("* | eval result={expr}"), &[row(1, fields)], "result")
}

fn values(fields: &[(&str, &str)], cases: &[(&str, &str)]) {
    for (expr, expected) in cases {
        assert_eq!(value(expr, fields), *expected, "{expr}");
    }
}

#[test]
fn null_is_neither_true_nor_false() {
    check(
        &[("a", "1")],
        &[
            ("* | where n=1", false),
            ("* | where n!=1", false),
            ("* | where NOT n=1", false),
            ("* | where n=1 OR a=1", true),
            ("* | where n=1 AND a=1", false),
            ("* | where NOT (n=1 AND a=2)", true),
            ("* | where NOT (n=1 OR a=2)", false),
            ("* | where a=1 XOR n=1", false),
            ("* | where a=1 XOR a=2", true),
            ("* | where isnull(n) AND isnotnull(a)", true),
            (r#"* | where NOT match(n, "x")"#, false),
            (r#"* | where NOT like(n, "x")"#, false),
            (r#"* | where NOT in(n, "x")"#, false),
            (r#"* | where NOT cidrmatch("10.0.0.0/8", n)"#, false),
            // `if` takes NULL for false.
            ("* | where if(n=1, 1, 0)=0", true),
            ("* | where NOT if(n=1, 1, 0)=1", true),
            (r#"* | where NOT isnotnull(mvfind(n, "x"))"#, true),
        ],
    );
}

#[test]
fn and_binds_tighter_than_or() {
    check(
        &[("a", "1")],
        &[
            ("* | where a=1 OR a=2 AND a=3", true),
            ("* | where (a=1 OR a=2) AND a=3", false),
            ("* | where NOT a=2 AND a=1", true),
        ],
    );
}

#[test]
fn comparison_has_case_and_knows_numbers() {
    check(
        &[("t", "Abc"), ("n", "10"), ("d", "10.0"), ("ip", "x.y")],
        &[
            (r#"* | where t="Abc""#, true),
            (r#"* | where t="abc""#, false),
            // No wildcards.
            (r#"* | where t="A*""#, false),
            ("* | where n=10", true),
            ("* | where n=d", true),
            (r#"* | where n="10""#, true),
            (r#"* | where d="10""#, false),
            ("* | where n>9", true),
            (r#"* | where n>"9""#, false),
            ("* | where tostring(n)=tostring(d)", false),
            ("* | where tonumber(n)=tonumber(d)", true),
            ("* | where tonumber(t)=1 OR NOT tonumber(t)=1", false),
            (r#"* | where "a"<"b" AND "B"<"a""#, true),
            // A field in single quotes, a text in double ones.
            ("* | where 'n'=10", true),
            (r#"* | where "n"=10"#, false),
            (r#"* | where n IN (9, 10) AND NOT n IN ("1*")"#, true),
        ],
    );
    let several = [("m", "a"), ("m", "b")];
    assert_eq!(error(r#"* | where m="a""#, &several), "a comparison of several values is not documented");
    assert_eq!(error(r#"* | where match(m, "a")"#, &several), "match of several values is not documented");
}

#[test]
fn patterns_are_unanchored_pcre() {
    check(
        &[("f", "say C:\\Temp\\x.exe\n"), ("k", "aXb"), ("u", "Ä٣"), ("p", "a[b&&c]d-e")],
        &[
            (r#"* | where match(f, "temp")"#, false),
            (r#"* | where match(f, "(?i)temp")"#, true),
            (r#"* | where match(f, "C:\x5cTemp")"#, true),
            (r#"* | where match(f, "C:\\\\Temp")"#, true),
            // The lexer takes the backslash before a pipe: what is left is an alternation.
            (r#"* | where match(k, "b\|zz")"#, true),
            (r#"* | where match(k, "b\x7czz")"#, false),
            (r#"* | where match(f, "\Asay")"#, true),
            (r#"* | where match(f, "\AC:")"#, false),
            (r#"* | where match(f, "exe\z")"#, false),
            // `$` also stands before the last newline.
            (r#"* | where match(f, "exe$")"#, true),
            (r#"* | where match(f, "(?:exe$|x)")"#, true),
            (r#"* | where match(k, "\Aa.b\z")"#, true),
            (r#"* | where match(f, "exe.\z")"#, false),
            (r#"* | where match(f, "(?s)exe.\z")"#, true),
            // Classes are ASCII, characters are not bytes.
            (r#"* | where match(u, "\d|\w")"#, false),
            (r#"* | where match(u, "\A..\z")"#, true),
            (r#"* | where match(u, "\A\W[^\d]\z")"#, true),
            // A class has no sets inside.
            (r#"* | where match(p, "\Aa[[]b[&&]{2}c[]]d[a-]e\z")"#, true),
            (r#"* | where match(k, "a{,2}")"#, false),
            (r#"* | where match(k, "\ba[[:upper:]]b\b")"#, true),
            (r#"* | where match(k, "[\x41-Z]") AND match(k, "[\w-]{3}")"#, true),
            (r#"* | regex k="X""#, true),
            (r#"* | regex k!="X""#, false),
        ],
    );
    let reason = |pattern: &str| error(&format!(r#"* | where match(f, "{pattern}")"#), &[("f", "x")]);
    for (pattern, expected) in [
        ("a(?=b)", "a group that is not known here"),
        ("(?<!a)b", "it looks behind"),
        (r"(a)\1", "a backreference"),
        ("a++", "repeats possessively"),
        ("(?>a)", "a group that is not known here"),
        ("a$b", "`$` is not at the end"),
        (r"\pL", "an escape that is not known here"),
        ("(*UCP)a", "a control verb"),
    ] {
        let message = reason(pattern);
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn several_values_are_searched_by_mvfind() {
    // Search Reference, "Multivalue eval functions".
    let fields = [("m", "one"), ("m", "Two"), ("m", "three"), ("s", "x")];
    values(
        &fields,
        &[
            (r#"mvfind(m, "o")"#, "0"),
            (r#"mvfind(m, "\AT")"#, "1"),
            (r#"mvfind(m, "z")"#, "-"),
            (r#"mvfind(none, "z")"#, "-"),
            ("mvcount(m)", "3"),
            ("mvcount(s)", "1"),
            ("mvcount(none)", "-"),
            (r#"mvappend("a", s, none, m)"#, "a|x|one|Two|three"),
            ("mvappend(none, null())", "-"),
            ("coalesce(none, m)", "one|Two|three"),
        ],
    );
}

#[test]
fn conditionals() {
    // Search Reference, "Comparison and Conditional functions".
    values(
        &[("a", "1"), ("e", "")],
        &[
            (r#"coalesce(none, e, a) . "x""#, "x"),
            ("coalesce(none, none)", "-"),
            (r#"case(a=2, "two", a=1, "one", true(), "other")"#, "one"),
            (r#"case(a=2, "two")"#, "-"),
            (r#"case(none=1, "null", true(), "other")"#, "other"),
            (r#"if(true() AND NOT false(), "y", "n")"#, "y"),
            ("null()", "-"),
            ("max(a, 10, 9)", "10"),
            (r#"max(a, "text", none)"#, "text"),
            (r#"min(a, "text", 0.5)"#, "0.5"),
            ("min(none)", "-"),
        ],
    );
}

#[test]
fn texts() {
    // Search Reference, "Text functions".
    values(
        &[("t", "Grüße"), ("n", "12"), ("p", "2024-01-31")],
        &[
            ("len(t)", "5"),
            ("len(n)", "2"),
            ("len(none)", "-"),
            ("lower(t) . upper(t)", "grüßeGRÜSSE"),
            ("substr(t, 1, 3)", "Grü"),
            ("substr(t, 4)", "ße"),
            ("substr(t, -2)", "ße"),
            ("substr(t, -2, 1)", "ß"),
            ("substr(t, 9)", ""),
            ("substr(t, none)", "-"),
            (r#"replace(p, "^(\d+)-(\d+)-(\d+)$", "\3.\2.\1$")"#, "31.01.2024$"),
            (r#"replace(t, "x", "y")"#, "Grüße"),
            ("tonumber(n) + 1", "13"),
            (r#"tonumber("1f", 16)"#, "31"),
            (r#"tonumber("0x1f")"#, "-"),
            ("tostring(1.50)", "1.5"),
        ],
    );
    check(
        &[("t", "a_b%c")],
        &[
            (r#"* | where like(t, "a%")"#, true),
            (r#"* | where like(t, "A%")"#, false),
            (r#"* | where t LIKE "a_b_c""#, true),
            (r#"* | where like(t, "%b%b%")"#, false),
            (r#"* | where like(t, "%%c")"#, true),
            (r#"* | where like(t, "a")"#, false),
        ],
    );
}

#[test]
fn arithmetic() {
    // Search Reference, `eval`: `+` adds two numbers, or joins two texts.
    values(
        &[("a", "7"), ("b", "2"), ("t", "x")],
        &[
            ("a+b*2", "11"),
            ("(a+b)*2", "18"),
            ("a-b-1", "4"),
            ("a/b", "3.5"),
            ("a%b", "1"),
            ("-a", "-7"),
            ("t+t", "xx"),
            ("a+t", "-"),
            ("a-none", "-"),
            ("a/0", "-"),
            ("a . b . 1", "721"),
            ("0.1+0.2", "0.3"),
            ("30.1-0.1", "30"),
        ],
    );
    let rows = [row(1, &[("@time", "1700000030100")])];
    assert_eq!(ids("* | where _time-1700000000.1<=30 AND _time-1700000000.099>30", &rows), [1]);
}

#[test]
fn networks_and_times() {
    check(
        &[("four", "172.20.1.1"), ("six", "fe80::1"), ("name", "host")],
        &[
            (r#"* | where cidrmatch("172.16.0.0/12", four)"#, true),
            (r#"* | where cidrmatch("10.0.0.0/8", four)"#, false),
            (r#"* | where cidrmatch("fe80::/10", six)"#, true),
            (r#"* | where if(cidrmatch("fe80::/10", name), 1, 0)=0"#, true),
        ],
    );
    assert_eq!(
        error(r#"* | where cidrmatch("x", four)"#, &[("four", "1.2.3.4")]),
        "cidrmatch with `x` for a network is not evaluated"
    );
    values(
        &[],
        &[
            (r#"strftime(1700000000, "%F %T %s %%")"#, "2023-11-14 22:13:20 1700000000 %"),
            (r#"strftime(951782399.5, "%Y/%m/%d %H:%M:%S")"#, "2000/02/28 23:59:59"),
            (r#"strftime(-1, "%F")"#, "1969-12-31"),
            (r#"strftime(1700000000, "%w %j")"#, "2 318"),
            (r#"strftime(0, "%w %j")"#, "4 001"),
            (r#"strptime("2023-11-14 22:13:20", "%Y-%m-%d %H:%M:%S")"#, "1700000000"),
            (r#"strptime("2024-02-29", "%Y-%m-%d")-strptime("2024-02-28", "%Y-%m-%d")"#, "86400"),
            (r#"coalesce(strptime("2023-02-29", "%Y-%m-%d"), "none")"#, "none"),
            (r#"coalesce(strptime("2023-02-28x", "%Y-%m-%d"), "none")"#, "none"),
            ("floor(7.9)", "7"),
            ("floor(-0.5)", "-1"),
        ],
    );
    assert_eq!(error(r#"* | eval t=strftime(1, "%A")"#, &[]), "strftime with `%A` is not evaluated");
    assert_eq!(error(r#"* | eval t=strptime("x", "%A")"#, &[]), "strptime with `%A` is not evaluated");
}
