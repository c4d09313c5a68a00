//! What is read, what is refused and where, and that what is printed is read back.

pub(crate) mod random;

use super::parse;
use crate::ast::Query;

/// The query as it is printed, which must read back as the same tree; or what is wrong with it.
fn check(text: &str) -> String {
    match parse(text) {
        Ok(query) => {
            let printed = query.to_string();
            assert_eq!(parse(&printed).as_ref(), Ok(&query), "{printed}");
            printed
        }
        Err(error) => format!("error {error}"),
    }
}

#[track_caller]
fn reads(rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        assert_eq!(check(text), *expected, "{text}");
    }
}

/// Two published queries, as written there.
#[test]
fn published_queries_are_read_as_they_stand() {
    let sequence = r#"sequence by host.id, user.id with maxspan=30s
[process where event.type == "start" and event.action == "exec" and process.parent.name : ("installer", "package_script_service") and process.name : ("bash", "sh", "zsh", "python", "osascript", "tclsh*")]
[network where event.type == "start" and process.name : ("curl", "osascript", "wget", "python")]
"#;
    assert!(matches!(parse(sequence), Ok(Query::Sequence(_))));
    insta::assert_snapshot!(check(sequence), @r#"
    sequence by host.id, user.id with maxspan=30s
      [process where event.type == "start"
        and event.action == "exec"
        and process.parent.name : ("installer", "package_script_service")
        and process.name : ("bash", "sh", "zsh", "python", "osascript", "tclsh*")]
      [network where event.type == "start" and process.name : ("curl", "osascript", "wget", "python")]
    "#);
    let event = r#"process where event.type == "start"
  and process.parent.name : ("msiexec.exe", "installer", "pkgutil", "dpkg", "rpm", "yum", "apt-get", "apt", "chocolatey", "winget")
  and (
    process.name : ("powershell.exe", "pwsh.exe", "cmd.exe", "wscript.exe", "cscript.exe", "mshta.exe", "certutil.exe", "bitsadmin.exe", "bash", "sh", "python3", "python")
    or process.command_line : ("*Invoke-WebRequest*", "*DownloadString*", "*Net.WebClient*", "*-EncodedCommand*", "*certutil*urlcache*", "*bitsadmin*transfer*", "*curl*http*", "*wget*http*")
  )
"#;
    insta::assert_snapshot!(check(event), @r#"
    process where event.type == "start"
      and process.parent.name : ("msiexec.exe", "installer", "pkgutil", "dpkg", "rpm", "yum", "apt-get", "apt", "chocolatey", "winget")
      and (
        process.name : ("powershell.exe", "pwsh.exe", "cmd.exe", "wscript.exe", "cscript.exe", "mshta.exe", "certutil.exe", "bitsadmin.exe", "bash", "sh", "python3", "python")
        or process.command_line : ("*Invoke-WebRequest*", "*DownloadString*", "*Net.WebClient*", "*-EncodedCommand*", "*certutil*urlcache*", "*bitsadmin*transfer*", "*curl*http*", "*wget*http*")
      )
    "#);
}

/// "Conditions", "Lookup operators", "Pattern comparison keywords".
#[test]
fn operators() {
    reads(&[
        (r#"process where f == "x""#, r#"process where f == "x""#),
        (r#"process where f != "x""#, r#"process where not f == "x""#),
        (r#"any where "x" == f"#, r#"any where f == "x""#),
        ("any where 5 < f", "any where f > 5"),
        ("any where f >= -5", "any where f >= -5"),
        ("any where f == 5.0 or f == 0.5", "any where f == 5 or f == 0.5"),
        ("any where f == -9223372036854775808", "any where f == -9223372036854775808"),
        (r#"any where f < "b""#, r#"any where f < "b""#),
        (r#"any where f like~ "a*" or f : "a*""#, r#"any where f : "a*" or f : "a*""#),
        (r#"any where f like ("a*", "b?")"#, r#"any where f like ("a*", "b?")"#),
        (r#"any where f regex~ """a\d""""#, r#"any where f regex~ "a\\d""#),
        (r#"any where f regex ("a", "b")"#, r#"any where f regex ("a", "b")"#),
        (r#"any where f in ("a")"#, r#"any where f == "a""#),
        (r#"any where f not in~ ("a","b")"#, r#"any where not f in~ ("a", "b")"#),
        ("any where f in (1, 2)", "any where f in (1, 2)"),
        (r#"any where f in (1, "a")"#, r#"any where f in (1, "a")"#),
        ("any where f == true and g != false", "any where f == true and not g == false"),
        ("any where true or false", "any where true or false"),
        ("any where isSigned", "any where isSigned"),
        ("any where not not (f == 1)", "any where f == 1"),
        (
            r#"any where (not f : "a") and (g == 1 or h == 2 and i == 3)"#,
            r#"any where not f : "a" and (g == 1 or (h == 2 and i == 3))"#,
        ),
        ("any where not (f == 1 or g == 2) and h == 3", "any where not (f == 1 or g == 2) and h == 3"),
        ("any where f == 1 // one\n or /* two */ f == 2", "any where f == 1 or f == 2"),
    ]);
}

/// "Optional fields", "Escape a field name", "Escape an event category".
#[test]
fn names() {
    reads(&[
        ("any where ?a.b == null", "any where ?a.b == null"),
        ("any where null != ?a.b", "any where ?a.b != null"),
        ("any where a.b == null", "any where a.b == null"),
        ("any where a.b != null", "any where not a.b == null"),
        (r#"any where ?a.b : "x""#, r#"any where ?a.b : "x""#),
        (r#"any where not ?a.b in~ ("x", "y")"#, r#"any where not ?a.b in~ ("x", "y")"#),
        ("any where `my-field` == 1 and `my``field` == 1", "any where `my-field` == 1 and `my``field` == 1"),
        ("any where a.`b-c`.d == 1", "any where `a.b-c.d` == 1"),
        ("any where @timestamp == null", "any where @timestamp == null"),
        (r#""my-cat" where true"#, r#""my-cat" where true"#),
        (r#""any" where true"#, r#""any" where true"#),
        (r#""""6cat""" where true"#, r#""6cat" where true"#),
        ("any where anywhere == 1", "any where anywhere == 1"),
    ]);
}

/// "Strings", "Raw strings".
#[test]
fn strings() {
    reads(&[
        (
            r#"any where f : "\\ \" \n \r \t \u{200F} \u{0000200f}""#,
            r#"any where f : "\\ \" \n \r \t \u{200f} \u{200f}""#,
        ),
        (
            r#"any where f : """C:\Windows\"x"""#,
            "error 1:15: a string that ends on its line, with every `\"` and `\\` in it escaped, was expected",
        ),
        (r#"any where f : """C:\Win" dows\""""#, r#"any where f : "C:\\Win\" dows\\""#),
        (r#"any where f : """""""#, "any where f : \"\""),
        (r#"any where f : "\b""#, r#"error 1:16: EQL knows the escapes \n \r \t \\ \" and \u{…} alone"#),
        (
            r#"any where f : "ö\u{d800}""#,
            r"error 1:17: a character code is written \u{200f}: 2 to 8 hexadecimal digits",
        ),
        ("any where f : 'x'", "error 1:15: strings stand in double quotes"),
        (
            "any where f : \"x",
            "error 1:15: a string that ends on its line, with every `\"` and `\\` in it escaped, was expected",
        ),
    ]);
}

/// "Functions", "Math operators".
#[test]
fn functions() {
    reads(&[
        (r#"any where startsWith~(f, "a*")"#, r#"any where startsWith~(f, "a*")"#),
        (r#"any where endsWith(f, ".exe") == false"#, r#"any where not endsWith(f, ".exe")"#),
        (
            r#"any where cidrMatch(f, "10.1.2.3/8", "fe80::/10") == true"#,
            r#"any where cidrMatch(f, "10.0.0.0/8", "fe80::/10")"#,
        ),
        (r#"any where cidrMatch(f, "10.0.0.0/99")"#, r#"any where cidrMatch(f, "10.0.0.0/99")"#),
        ("any where 12 == length(f)", "any where length(f) == 12"),
        ("any where length(f) != 12", "any where length(f) != 12"),
        (r#"any where substring(f, -4) : ("exe", "dll")"#, r#"any where substring(f, -4) : ("exe", "dll")"#),
        ("any where ( 4 / process.args_count ) == 1", "any where (4 / process.args_count) == 1"),
        ("any where 1 + 2 * -f - 3 > 0", "any where ((1 + (2 * -(f))) - 3) > 0"),
        (r#"any where concat(f, " ", (g)) == "x""#, r#"any where concat(f, " ", g) == "x""#),
    ]);
}

/// "Sequences", "Samples".
#[test]
fn sequences() {
    reads(&[
        (
            "sequence by a with maxspan=90s [x where true] [y where true]",
            "sequence by a with maxspan=90s\n  [x where true]\n  [y where true]",
        ),
        (
            "sequence [x where true] by a [y where true] by ?b",
            "sequence\n  [x where true] by a\n  [y where true] by ?b",
        ),
        (
            "sequence with maxspan=500ms [x where true] with runs=3 ![y where true] until [z where true]",
            "sequence with maxspan=500ms\n  [x where true] with runs=3\n  ![y where true]\nuntil [z where true]",
        ),
        (
            "sequence by a with maxspan=1d [x where true] with runs=2",
            "sequence by a with maxspan=1d\n  [x where true] with runs=2",
        ),
        ("sample by host [x where true] [y where true]", "sample by host\n  [x where true]\n  [y where true]"),
        ("sequence [x where true] by a [y where true]", "error 1:1: each step needs as many fields after `by`"),
        ("sequence [x where true] ![y where true]", "error 1:1: missing events need `with maxspan`"),
        ("sequence with maxspan=1s ![x where true]", "error 1:1: a sequence needs an event that is not missing"),
        ("sequence with maxspan=1s [x where true] with runs=101", "error 1:41: `runs` is a whole number from 1 to 100"),
        ("sequence with maxspan=5parsec [x where true]", "error 1:23: a span is a number of ms, s, m, h or d"),
        ("sequence with maxspan=0s [x where true]", "error 1:23: a span is a whole number above 0"),
        (
            "sequence by a with maxspan=5s [x where true] until ![y where true]",
            "error 1:46: `until` takes an event, neither missing nor repeated",
        ),
        ("sequence by [x where true]", "error 1:13: expected a field"),
        (
            "sample [x where true] [y where true]",
            "error 1:1: a sample needs two events at least, and as many fields after `by` for each",
        ),
    ]);
}

/// "Limitations", "Differences from Endgame EQL syntax".
#[test]
fn what_is_no_query_is_refused_at_its_place() {
    reads(&[
        ("", "error 1:1: expected `sample`, `sequence`, an event category"),
        ("process where", "error 1:14: expected a condition"),
        ("process where\n  f = 1", "error 2:5: `=` is no operator: `==` compares exactly, `:` without case"),
        ("process where f == 1 | head 5", "error 1:22: pipes are not supported: `head`"),
        ("process where f == 1 AND g == 2", "error 1:22: keywords are in lower case: `and`"),
        ("process where f == 1 g == 2", "error 1:22: expected `and`, `or`, the end"),
        ("process where a[0] == 1", "error 1:16: positions in an array are not supported"),
        ("process where f < 1 < 2", "error 1:21: expected `and`, `or`, the end"),
        ("process where (f == 1", "error 1:22: expected `and`, `or`"),
        ("process where f == 1)", "error 1:21: expected `and`, `or`, the end"),
        ("process where f in ()", "error 1:21: expected a condition"),
        ("process where f : 5", "error 1:19: expected a string"),
        ("process where 5", "error 1:15: expected a condition, not a value"),
        ("process where length(f == 1)", "error 1:22: expected a value, not a condition"),
        ("process where (f == 1) == 2", "error 1:15: expected a value, not a condition"),
        ("process where f == 99999999999999999999", "error 1:20: no number that 64 bits hold"),
        ("process where f == 1e999", "error 1:20: no number that 64 bits hold"),
        ("join by a [x where true] [y where true]", "error 1:1: `join` is not supported"),
        ("any where a.where == 1", "error 1:13: expected a field"),
        ("any where f == 1 /* open", "error 1:18: a comment that ends, with no other in it, was expected"),
        ("any where f == 1 \u{1}", "error 1:18: expected `and`, `or`, the end"),
    ]);
}

#[test]
fn depth_and_length_have_their_limits() {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("any where {}f == 1{}", open.repeat(depth), close.repeat(depth))
    };
    assert_eq!(check(&nested("(", ")", 64)), "any where f == 1");
    for depth in [65, 10_000] {
        assert_eq!(check(&nested("(", ")", depth)), "error 1:75: brackets nest more than 64 levels deep");
    }
    assert_eq!(check(&nested("not ", "", 10_001)), "any where not f == 1");
    assert!(check(&nested("not (", ")", 10_000)).starts_with("error"));
    assert_eq!(check(&format!("any where f == {}1", "- ".repeat(10_000))), "any where f == 1");
    assert!(
        check(&format!("any where f == {}1", "1 + ".repeat(10_000))).starts_with("error 1:16: more than 64 operators")
    );
    // Operators that are too many together, though not one by one.
    let chain = |length: usize| " - 1".repeat(length);
    let chains = |length: usize| format!("any where f == (1{}) * 2{}", chain(length), chain(length));
    assert!(check(&chains(20)).starts_with("any where f == (("));
    assert_eq!(check(&chains(40)), "error 1:1: operators nest more than 64 levels deep");
    assert_eq!(check(&format!("any where f == \"{}\"", "(".repeat(100))).matches('(').count(), 100);
    let many = format!("any where {}", vec!["f == 1"; 20_000].join(" and "));
    assert_eq!(parse(&many).map(|query| query.to_string().matches("f == 1").count()), Ok(20_000));
}
