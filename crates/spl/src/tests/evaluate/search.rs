//! The `search` command.

use super::{check, error, ids, row};
use crate::{Macros, Start, evaluate, parse};

#[test]
fn values_match_without_case_and_with_wildcards() {
    // Search Manual, "Wildcards", "Field expressions".
    check(
        &[("Image", r"C:\Windows\cmd.exe"), ("empty", "")],
        &[
            (r#"Image="c:\\WINDOWS\\cmd.exe""#, true),
            (r#"Image="*\\CMD.exe""#, true),
            (r#"Image="C:\\*""#, true),
            (r#"Image="*windows*""#, true),
            (r#"Image="c:*d*.exe""#, true),
            (r#"Image="*cmd""#, false),
            (r#"Image="cmd.exe""#, false),
            // `?` is no wildcard.
            (r#"Image="C:\\Windows\\cm?.exe""#, false),
            (r"Image=C:\\Windows\\cmd.exe", true),
            // Field names have case.
            (r#"image="*""#, false),
            (r#"Image IN ("x", "*.EXE")"#, true),
            (r#"Image IN ("x", "y")"#, false),
            // Unchecked: an extracted empty value is a value.
            ("empty=*", true),
            (r#"empty="""#, true),
            (r#"missing="""#, false),
            // Overlapping ends are not one match.
            (r#"Image="C:\\Windows\\cmd.exe*exe""#, false),
        ],
    );
    // "Use CASE() and TERM() to match phrases".
    check(&[("f", "Ab")], &[(r#"f=CASE("Ab")"#, true), (r#"f=CASE("ab")"#, false), ("f=CASE(A*)", true)]);
}

#[test]
fn equality_is_of_texts_and_order_of_numbers() {
    // Search Reference, `search`: "1" does not match "1.0"; `<` and `>` compare two numbers as numbers.
    check(
        &[("n", "10"), ("d", "1.0"), ("t", "abc")],
        &[
            ("n=10", true),
            (r#"n="10""#, true),
            ("n=10.0", false),
            ("d=1", false),
            ("d=1.0", true),
            ("n>9", true),
            (r#"n>"9""#, true),
            ("n<9", false),
            ("n>=10 n<=10", true),
            ("d>=1 d<=1", true),
            ("t>abb", true),
            ("t>abd", false),
            // Texts: "1" comes before "a".
            ("t>9", true),
            ("missing>0 OR missing<0", false),
        ],
    );
}

#[test]
fn not_includes_events_without_the_field() {
    // Search Manual, "Difference between != and NOT".
    check(
        &[("a", "x")],
        &[
            ("a!=x", false),
            ("a!=y", true),
            ("missing!=y", false),
            ("NOT missing=y", true),
            ("NOT a=x", false),
            ("NOT a=y", true),
            ("NOT missing=*", true),
            ("NOT a=*", false),
            ("NOT missing!=y", true),
            (r#"NOT missing IN ("y", "z")"#, true),
        ],
    );
}

#[test]
fn or_binds_tighter_than_and() {
    // Search Manual, "Boolean expressions with logical operators".
    check(
        &[("a", "1"), ("b", "1")],
        &[("a=1 OR b=2 c=3", false), ("c=3 b=2 OR a=1", false), ("NOT a=1 OR b=1", true), ("a=1 OR (b=2 c=3)", true)],
    );
}

#[test]
fn any_value_may_match() {
    check(
        &[("m", "x"), ("m", "10")],
        &[("m=X", true), ("m=10", true), ("m=x m=10", true), ("m=z", false), ("m>9", true), ("NOT m=x", false)],
    );
    // Not said for several values, where the two readings differ.
    check(&[("m", "x"), ("m", "y")], &[("m!=z", true)]);
    check(&[("m", "x"), ("m", "X")], &[("m!=x", false)]);
    assert_eq!(error("m!=x", &[("m", "x"), ("m", "y")]), "`m!=` of several values is not documented");
}

#[test]
fn networks() {
    // Search Reference, `search`: IPv4 and IPv6 addresses and subnets in CIDR notation.
    check(
        &[("ip", "10.1.2.3"), ("six", "FE80::1"), ("text", "10.0.0.0/8"), ("path", "a/b")],
        &[
            (r#"ip="10.0.0.0/8""#, true),
            (r#"ip="10.2.0.0/16""#, false),
            (r#"six="fe80::/10""#, true),
            (r#"ip="fe80::/10""#, false),
            (r#"text="10.0.0.0/8""#, false),
            (r#"path="A/B""#, true),
            (r#"ip IN ("192.168.0.0/16", "10.0.0.0/8")"#, true),
            (r#"ip!="10.0.0.0/8""#, false),
            (r#"NOT six="10.0.0.0/8""#, true),
        ],
    );
}

#[test]
fn terms_are_words_of_the_raw_event() {
    // Search Manual, "Use CASE() and TERM()"; `segmenters.conf`.
    check(
        &[("_raw", r#"User=CORP\Bob ran "net user /add" error_code:5 from 10.0.0.7"#), ("f", "hidden")],
        &[
            ("bob", true),
            ("bo", false),
            ("bo*", true),
            ("*ob", true),
            ("ob", false),
            (r#""*ET us*""#, true),
            (r#""net user""#, true),
            (r#""et user""#, false),
            ("error", true),
            ("code", true),
            (r#""error_code:5""#, true),
            ("10.0.0.7", true),
            ("10.0.0", true),
            ("0.0.0.7", false),
            (r#""n*user""#, true),
            ("hidden", false),
            ("NOT hidden", true),
            ("CASE(Bob)", true),
            ("CASE(bob)", false),
            (r#""corp\\bob""#, true),
            ("bob OR hidden", true),
            ("bob hidden", false),
        ],
    );
    assert_eq!(error("bob", &[("f", "bob")]), "the event has no raw text to search");
    assert!(ids("f=bob OR alice", &[row(1, &[("f", "bob")])]) == [1]);
}

#[test]
fn macros_hold_of_the_rows_of_their_relation() {
    let rows = [row(1, &[("@relation", "sysmon"), ("a", "1")]), row(2, &[("@relation", "other"), ("a", "1")])];
    assert_eq!(ids("`sysmon` a=1", &rows), [1]);
    assert_eq!(ids("NOT `sysmon`", &rows), [2]);
    assert_eq!(ids("`sysmon(x)` OR `other`", &rows), [1, 2]);
    let query = parse("`m`").unwrap();
    let definition = |text: &str| match parse(text).unwrap().start {
        Start::Search(search) => Macros::from([("m".to_owned(), search)]),
        Start::Multisearch(_) | Start::Tstats(_) => unreachable!(),
    };
    let macros = definition("a=1 NOT `sysmon`");
    assert_eq!(evaluate(&query, &rows, &macros).unwrap()[0].ids, [2]);
    let itself = definition("`m`");
    assert_eq!(evaluate(&query, &rows, &itself).unwrap_err().to_string(), "a macro that calls itself is not evaluated");
}

#[test]
fn time_modifiers_are_no_fields() {
    assert_eq!(error("a=1 earliest=-15m", &[("a", "1")]), "the time modifier `earliest` is not evaluated");
}

#[test]
fn the_newest_event_comes_first() {
    let rows = [row(1, &[("@time", "1")]), row(2, &[("@time", "3")]), row(3, &[("@time", "2")])];
    assert_eq!(ids("*", &rows), [2, 3, 1]);
    assert_eq!(ids("_time>0.0015", &rows), [2, 3]);
}
